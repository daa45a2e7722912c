"""What cron and a person are told of a crawl's end, and when its source is crawled again."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from newscrawl.commands.outcome import FAILED, OK, UNHEALTHY, USAGE, Outcome, error_of, judge
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.plan import Ending
from newscrawl.storage.errors import HeldError, StorageError, UnreachableError


def judged(stats: dict[str, Any], *, reason: str = "finished", **more: Any) -> Outcome:
    """The outcome of a crawl with these stats, their names without "newscrawl/"."""
    given = {f"newscrawl/{name}": count for name, count in stats.items()} | {"finish_reason": reason}
    found = SimpleNamespace(get_stats=lambda: given | more.pop("plain", {}))
    crawler = SimpleNamespace(spider=more.get("spider"), stats=found, settings={"CONTACT": more.get("contact")})
    return judge("paper", crawler, None)  # type: ignore[arg-type]


def test_the_codes_are_those_of_the_readme() -> None:
    assert (OK, FAILED, USAGE, UNHEALTHY) == (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("stats", "code", "ending"),
    [
        ({"listings/read": 1, "stored": 3}, OK, Ending.WELL),
        ({"listings/read": 1}, OK, Ending.WELL),
        ({"listings/read": 1, "stored": 1, "failed/http-500": 1}, OK, Ending.WELL),
        # It answers, but with next to nothing.
        ({"listings/empty": 2}, UNHEALTHY, Ending.WALLED),
        ({"listings/read": 1, "failed/http-403": 3}, UNHEALTHY, Ending.WALLED),
        ({"listings/read": 1, "blocked/captcha": 5, "stored": 1}, UNHEALTHY, Ending.WALLED),
        ({"listings/read": 1, "rejected/no-title": 2}, UNHEALTHY, Ending.WALLED),
        # It does not answer.
        ({"listings/failed/dns": 2}, FAILED, Ending.FAILED),
        ({"listings/failed/timeout": 1, "listings/failed/unreachable": 1}, FAILED, Ending.FAILED),
        ({"listings/failed/connection-refused": 1, "postponed/host-down": 1}, FAILED, Ending.WALLED),
        ({"listings/failed/dns": 1, "listings/failed/http-403": 1}, FAILED, Ending.WALLED),
        ({"postponed/robots-http-503": 4}, FAILED, Ending.WALLED),
        ({"failed/timeout": 4}, FAILED, Ending.FAILED),
    ],
)
def test_a_crawl_that_came_to_its_end(stats: dict[str, int], code: int, ending: Ending) -> None:
    outcome = judged(stats)
    assert (outcome.code, outcome.ending) == (code, ending)
    assert bool(outcome.sentence) is (code != OK)
    assert outcome.sentence.endswith("is there a network?") is (ending is Ending.FAILED)


@pytest.mark.parametrize(
    ("reason", "code", "said", "ending"),
    [
        ("shutdown", FAILED, "paper: stopped before the end; what was stored is safe, and the next run goes on", None),
        ("disk-low", FAILED, "paper: the crawl ended before the disk is full: 1 MB; what was stored is safe", "FAILED"),
        ("closespider_timeout", FAILED, "paper: the crawl ended early (closespider_timeout)", "FAILED"),
        ("memusage_exceeded", FAILED, "paper: the crawl ended early (memusage_exceeded)", "FAILED"),
    ],
)
def test_a_crawl_that_ended_early_is_a_failure_whatever_it_stored(
    reason: str, code: int, said: str, ending: str | None
) -> None:
    outcome = judged({"listings/read": 1, "stored": 3}, reason=reason, plain={"newscrawl_disk_low": "1 MB"})
    assert outcome == Outcome(code, said, Ending[ending] if ending else None)


def test_outside_of_its_hours_all_is_well_and_the_hours_say_when() -> None:
    outcome = judged({}, reason="outside_hours")
    assert (outcome.code, outcome.ending) == (OK, Ending.CLOSED)
    assert "outside the hours" in outcome.sentence


def test_without_a_contact_the_command_is_wrong() -> None:
    outcome = judged({}, reason="contact_missing")
    assert (outcome.code, outcome.ending) == (USAGE, Ending.REFUSED)
    assert outcome.sentence.startswith("CONTACT is not set")
    assert "is an example address" in judged({}, reason="contact_missing", contact="you@example.org").sentence


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (StorageError("the disk is full"), Ending.FAILED),
        (ValueError("hours must look like"), Ending.FAILED),
        # Of the source they say nothing: it is due as it was.
        (HeldError("paper is being written by another run"), None),
        (UnreachableError("cannot reach the state"), None),
    ],
)
def test_a_crawl_that_could_not_begin_is_a_failure(error: Exception, ending: Ending | None) -> None:
    assert judge("paper", SimpleNamespace(), error) == Outcome(FAILED, f"paper: {error}", ending)  # type: ignore[arg-type]


def test_an_error_without_words_is_called_by_its_name() -> None:
    assert judge("paper", SimpleNamespace(), KeyError()).sentence == "paper: KeyError"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "ending"), [(StorageError("the disk is full"), Ending.FAILED), (UnreachableError("gone"), None)]
)
def test_what_could_not_be_stored_is_a_failure_though_the_crawl_ended_in_order(
    error: StorageError, ending: Ending | None
) -> None:
    spider = NewsSpider.__new__(NewsSpider)
    spider.crawl = SimpleNamespace(session=SimpleNamespace(error=error))  # type: ignore[assignment]
    outcome = judged({"listings/read": 1, "stored": 3}, spider=spider)
    assert outcome == Outcome(FAILED, f"paper: {error}; what was stored before is safe", ending)


def test_a_site_that_offers_nothing_is_a_failure_that_names_why() -> None:
    outcome = judged({"discovery/empty": 1, "discovery/failed/http-403": 2})
    assert (outcome.code, outcome.ending) == (FAILED, Ending.WALLED)
    assert outcome.sentence == "paper: nothing was found there: no feed, sitemap, section or story (http-403)"


def test_what_a_task_ended_with() -> None:
    async def ends() -> list[BaseException | None]:
        loop = asyncio.get_running_loop()
        well, badly, cancelled, running = (loop.create_future() for _ in range(4))
        well.set_result(None)
        badly.set_exception(ValueError("badly"))
        cancelled.cancel()
        return [error_of(task) for task in (well, badly, cancelled, running)]

    well, badly, *stopped = asyncio.run(ends())
    assert well is None
    assert str(badly) == "badly"
    assert [str(error) for error in stopped] == ["stopped before the crawl began"] * 2
    assert error_of(SimpleNamespace(result=SimpleNamespace(value=badly))) is badly
    assert error_of(SimpleNamespace(result=None)) is None
