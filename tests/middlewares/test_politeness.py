"""How long a host is left alone, and when for the rest of the run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionLost

from newscrawl.middlewares import politeness
from newscrawl.middlewares.outcomes import Postponed, Refused
from newscrawl.middlewares.politeness import PolitenessMiddleware
from tests.middlewares.crawled import Engine, crawler_with

HOST, OTHER = "paper.test", "other.test"


class Crawl:
    """A politeness whose clock stands at 0, and that notes when it would be woken."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
        self.now = 0.0
        self.engine = Engine()
        self.alarms: list[float] = []
        monkeypatch.setattr(politeness, "monotonic", lambda: self.now)
        monkeypatch.setattr(politeness, "call_later", self._call_later)
        self.crawler = crawler_with(self.engine, **settings)
        self.politeness = PolitenessMiddleware(self.crawler)

    def _call_later(self, seconds: float, action: object) -> Any:
        self.alarms.append(seconds)
        return SimpleNamespace(cancel=lambda: None)

    def answer(self, status: int, retry_after: str | None = None, host: str = HOST) -> None:
        headers = {"Retry-After": retry_after} if retry_after is not None else {}
        request = Request(f"http://{host}/")
        self.politeness.response_downloaded(request, Response(request.url, status=status, headers=headers))

    def fail(self, error: Exception, host: str = HOST) -> None:
        self.politeness.process_exception(Request(f"http://{host}/"), error)

    def closed(self, host: str = HOST) -> str | None:
        """Why a host is left alone for the run; None: it is not."""
        try:
            self.politeness.process_request(Request(f"http://{host}/"))
        except Postponed as postponed:
            return postponed.reason
        return None

    def pause(self, host: str = HOST) -> float:
        """Seconds from now on for which a host waits, to the second."""
        began, seconds = self.now, 0
        while self.politeness.paused(host):
            seconds += 1
            self.now = began + seconds
        self.now = began
        return seconds


@pytest.fixture
def crawl(monkeypatch: pytest.MonkeyPatch) -> Crawl:
    return Crawl(monkeypatch)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_names_no_time_waits_twice_as_long_each_time_and_from_the_start_once_it_answers(
    crawl: Crawl, status: int
) -> None:
    pauses = []
    for _ in range(4):
        crawl.answer(status)
        pauses.append(crawl.pause())
        crawl.now += pauses[-1]
        crawl.fail(DownloadTimeoutError())  # which says nothing of how busy it is
    assert pauses == [5, 10, 20, 40]
    crawl.answer(200)
    crawl.answer(status)
    assert crawl.pause() == 5
    assert crawl.pause(OTHER) == 0


def test_a_host_that_names_no_time_is_never_left_alone_for_that(monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = Crawl(monkeypatch, RETRY_AFTER_MAX=30)
    for _ in range(10):
        crawl.answer(429)
        assert crawl.closed() is None
        assert crawl.pause() <= 30


@pytest.mark.parametrize("status", [200, 404, 500, 502])
def test_only_a_busy_host_is_given_the_time_that_it_names(crawl: Crawl, status: int) -> None:
    crawl.answer(status, "60")
    assert crawl.pause() == 0


def test_a_shorter_time_that_comes_later_shortens_no_pause(crawl: Crawl) -> None:
    crawl.answer(429, "60")
    crawl.answer(429, "10")
    assert crawl.pause() == 60
    crawl.answer(429, "90")
    assert crawl.pause() == 90
    # The engine looks a moment after the end, or it would find the host still waiting.
    assert [round(seconds) for seconds in crawl.alarms] == [60, 90]
    assert all(seconds > round(seconds) for seconds in crawl.alarms)


def test_the_slot_of_a_host_sends_nothing_before_the_pause_is_over(crawl: Crawl) -> None:
    slots = crawl.engine.downloader.slots
    slots.update({host: SimpleNamespace(lastseen=0.0, delay=0.0) for host in (HOST, OTHER)})
    crawl.answer(503, "60")
    assert (slots[HOST].lastseen, slots[OTHER].lastseen) == (60, 0)
    assert slots[HOST].delay > 0 == slots[OTHER].delay, "a slot without a delay does not look when it sent the last"


@pytest.mark.parametrize(("seconds", "is_left"), [("600", False), ("601", True), ("86400", True)])
def test_ten_minutes_are_waited_and_no_more(crawl: Crawl, seconds: str, is_left: bool) -> None:
    crawl.answer(429, seconds)
    assert crawl.closed() == ("retry-after" if is_left else None)
    assert crawl.closed(OTHER) is None
    assert crawl.crawler.stats.get_value("newscrawl/postponed/retry-after") == (1 if is_left else None)


def test_a_date_without_a_zone_is_one_in_utc(crawl: Crawl) -> None:
    """RFC 5322, 3.3: "-0000" says that nobody knows the zone."""
    crawl.answer(429, "Sun, 22 Nov 2120 12:00:00 -0000")
    assert crawl.closed() == "retry-after"


FAULTS = {
    "dns": CannotResolveHostError(),
    "connection-refused": DownloadConnectionRefusedError(),
    "timeout": DownloadTimeoutError(),
    "unreachable": ConnectError(),
    "reset": ConnectionLost(),
}


@pytest.mark.parametrize("error", FAULTS.values(), ids=FAULTS)
def test_a_host_that_fails_eight_times_in_a_row_is_left_alone(crawl: Crawl, error: Exception) -> None:
    for _ in range(7):
        crawl.fail(error)
        assert crawl.closed() is None
    crawl.fail(error)
    assert crawl.closed() == "host-down"
    assert crawl.closed(OTHER) is None


@pytest.mark.parametrize("status", [500, 503, 599])
def test_errors_of_the_server_are_failures(crawl: Crawl, status: int) -> None:
    for _ in range(8):
        crawl.answer(status, "0")
    assert crawl.closed() == "host-down"


@pytest.mark.parametrize("status", [200, 304, 404, 429])
def test_one_answer_between_them_begins_the_count_anew(crawl: Crawl, status: int) -> None:
    for _ in range(3):
        for _ in range(7):
            crawl.fail(DownloadTimeoutError())
        crawl.answer(status, "0")
    assert crawl.closed() is None


@pytest.mark.parametrize("error", [Refused("robots", "closed"), IgnoreRequest(), ResponseDataLossError(), ValueError()])
def test_what_is_not_the_hosts_fault_counts_for_nothing(crawl: Crawl, error: Exception) -> None:
    for _ in range(20):
        crawl.fail(error)
    assert crawl.closed() is None
