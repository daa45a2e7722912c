"""What a robots.txt does to a crawl, and for how long (RFC 9309)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response

from newscrawl.middlewares import robots
from newscrawl.middlewares.outcomes import Postponed, Refused
from newscrawl.middlewares.robots import RobotsMiddleware
from tests.middlewares.crawled import Engine, crawler_with

PAGE = "http://paper.test/news/1"
HOUR = 3600.0
Answer = Callable[[Request], Response | Exception]


class Crawl:
    """A robots middleware with a clock of its own, whose robots.txt are what `answer` gives."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: Answer | str, **settings: Any) -> None:
        self.now = 0.0
        monkeypatch.setattr(robots, "monotonic", lambda: self.now)
        given = answer if callable(answer) else lambda request: Response(request.url, body=answer.encode())
        self.engine = Engine(given)
        self.crawler = crawler_with(self.engine, **settings)
        self.robots = RobotsMiddleware(self.crawler)

    def ask(self, url: str = PAGE) -> str | None:
        """Why a page is not asked for; None when it is. What is only put off begins with "later"."""
        try:
            asyncio.run(self.robots.process_request(Request(url)))
        except Postponed as postponed:
            return f"later: {postponed.reason}"
        except Refused as refused:
            return refused.reason
        return None

    @property
    def asked(self) -> list[str]:
        return [request.url for request in self.engine.asked]

    @property
    def delay(self) -> float | None:
        """Seconds between two requests to the paper, where its robots.txt has changed them."""
        found: float | None = self.engine.downloader.per_slot_settings.get("paper.test", {}).get("delay")
        return found


def status(code: int) -> Answer:
    return lambda request: Response(request.url, status=code, body=b"User-agent: *\nDisallow: /")


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 451])
def test_where_there_is_none_all_is_allowed_for_a_day(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    crawl = Crawl(monkeypatch, status(code))
    assert crawl.ask() is None
    crawl.now = 24 * HOUR - 1
    assert crawl.ask() is None
    assert len(crawl.asked) == 1
    crawl.now = 24 * HOUR
    assert crawl.ask() is None
    assert len(crawl.asked) == 2


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_where_the_server_cannot_give_it_nothing_is_asked_for_ten_minutes(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    crawl = Crawl(monkeypatch, status(code))
    assert crawl.ask() == f"later: robots-http-{code}"
    crawl.now = 599
    assert crawl.ask() == f"later: robots-http-{code}"
    assert len(crawl.asked) == 1
    crawl.engine._answer = status(404)
    crawl.now = 600
    assert crawl.ask() is None
    assert crawl.crawler.stats.get_value(f"newscrawl/postponed/robots-http-{code}") == 2


@pytest.mark.parametrize(("error", "name"), [(DownloadTimeoutError(), "timeout"), (CannotResolveHostError(), "dns")])
def test_a_host_that_does_not_answer_has_the_fault_itself(
    monkeypatch: pytest.MonkeyPatch, error: Exception, name: str
) -> None:
    assert Crawl(monkeypatch, lambda request: error).ask() == f"later: {name}"


def test_a_host_that_is_refused_is_refused_for_its_own_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = Refused("forbidden-address", "10.0.0.1 is private")
    assert Crawl(monkeypatch, lambda request: refusal).ask() == "forbidden-address"


def test_after_too_many_redirects_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9309, 2.3.1.2."""
    assert Crawl(monkeypatch, lambda request: IgnoreRequest("max redirections reached")).ask() is None


def test_rules_are_kept_for_a_day_and_read_again_then(monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = Crawl(monkeypatch, "User-agent: *\nDisallow: /news/")
    for crawl.now in (0.0, 24 * HOUR - 1):
        assert crawl.ask() == "robots"
        assert crawl.ask("http://paper.test/sport/1") is None
    crawl.now = 24 * HOUR
    crawl.engine._answer = lambda request: Response(request.url, body=b"User-agent: *\nDisallow: /sport/")
    assert crawl.ask() is None
    assert crawl.ask("http://paper.test/sport/1") == "robots"
    assert len(crawl.asked) == 2


def test_each_scheme_host_and_port_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = Crawl(monkeypatch, "User-agent: *\nDisallow:")
    origins = ["http://paper.test", "https://paper.test", "http://paper.test:8080", "http://www.paper.test"]
    for origin in origins * 2:
        assert crawl.ask(f"{origin}/news/1") is None
    assert crawl.asked == [f"{origin}/robots.txt" for origin in origins]


def test_the_group_of_our_name_is_ours_whatever_stands_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: NewsCrawl\nDisallow: /private/"
    crawl = Crawl(monkeypatch, text, CONTACT="https://desk.university.edu/crawler")
    assert crawl.ask() is None
    assert crawl.ask("http://paper.test/private/1") == "robots"


def test_five_hundred_kibibytes_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    head = "User-agent: *\nDisallow: /before/\n"
    filler = "#" * (500 * 1024 - len(head) - 1) + "\n"
    crawl = Crawl(monkeypatch, f"{head}{filler}Disallow: /news/")
    assert crawl.ask("http://paper.test/before/1") == "robots"
    assert crawl.ask() is None


def test_many_pages_at_once_wait_for_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = Crawl(monkeypatch, "User-agent: *\nDisallow: /news/")
    answer = crawl.engine.download_async

    async def slow(request: Request) -> Response:
        response = await answer(request)
        await asyncio.sleep(0)
        return response

    crawl.engine.download_async = slow  # type: ignore[method-assign]

    async def all_at_once() -> list[object]:
        pages = (Request(f"http://paper.test/{desk}/{n}") for desk in ("news", "sport") for n in range(5))
        return await asyncio.gather(*map(crawl.robots.process_request, pages), return_exceptions=True)

    monkeypatch.setattr(
        robots, "maybe_deferred_to_future", lambda waiting: waiting.asFuture(asyncio.get_running_loop())
    )
    ends = asyncio.run(all_at_once())
    assert [type(end) for end in ends] == [Refused] * 5 + [type(None)] * 5
    assert len(crawl.asked) == 1


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        ("Crawl-delay: 12", 12),
        ("Request-rate: 1/20", 20),
        ("Crawl-delay: 12\nRequest-rate: 1/20", 20),
        ("Crawl-delay: 12\nRequest-rate: 2/3", 12),
        ("Crawl-delay: 30", 30),
        ("Crawl-delay: 31", 30),
        ("Crawl-delay: 86400", 30),
        ("Crawl-delay: 0.5", None),  # sooner than is usual
        ("Disallow:", None),
    ],
)
def test_a_host_is_asked_as_seldom_as_it_wants_up_to_half_a_minute(
    monkeypatch: pytest.MonkeyPatch, rules: str, delay: float | None
) -> None:
    crawl = Crawl(monkeypatch, f"User-agent: *\n{rules}")
    slots = {host: SimpleNamespace(delay=1.0) for host in ("paper.test", "other.test")}
    crawl.engine.downloader.slots.update(slots)
    assert crawl.ask() is None
    # For the slot that is there, and for those that Scrapy makes of the host later.
    assert crawl.delay == delay
    assert (slots["paper.test"].delay, slots["other.test"].delay) == (delay or 1, 1)


def test_a_slot_that_is_slower_for_another_reason_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    crawl = Crawl(monkeypatch, "User-agent: *\nCrawl-delay: 12")
    crawl.engine.downloader.slots["paper.test"] = slot = SimpleNamespace(delay=45.0)
    assert crawl.ask() is None
    assert slot.delay == 45
