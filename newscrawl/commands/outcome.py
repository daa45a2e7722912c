"""How a finished crawl is judged: one sentence for a person, one exit code for cron."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrapy.crawler import Crawler

from newscrawl.middlewares.contact import MISSING, complaint
from newscrawl.monitoring.disk import DISK_LOW, DISK_LOW_STAT
from newscrawl.monitoring.health import health, reasons, total
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.plan import Ending
from newscrawl.storage.errors import HeldError, UnreachableError

OK, FAILED, USAGE, UNHEALTHY = 0, 1, 2, 3
_SIGNS_OF_LIFE = ("listings/read", "listings/empty", "stored", "unchanged", "duplicates", "rejected")
_NETWORK = frozenset({"dns", "unreachable", "connection-refused", "timeout"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sentence` is empty when all went well; `ending` is None when the crawl says nothing of when the next is due."""

    code: int
    sentence: str = ""
    ending: Ending | None = None


def error_of(task: Any) -> BaseException | None:
    """What a crawl's task or deferred ended with."""
    if hasattr(task, "exception"):
        if not task.done() or task.cancelled():
            return RuntimeError("stopped before the crawl began")
        error: BaseException | None = task.exception()
        return error
    result = getattr(task, "result", None)
    return getattr(result, "value", None)


def judge(name: str, crawler: Crawler, error: BaseException | None) -> Outcome:
    """The outcome of one source's crawl; `error` is what kept it from starting."""
    if error is not None:
        said = str(error) or type(error).__name__
        return Outcome(FAILED, f"{name}: {said}", None if isinstance(error, HeldError) else _ending_of(error))
    spider = crawler.spider
    if isinstance(spider, NewsSpider) and spider.crawl is not None and spider.crawl.session.error is not None:
        failure = spider.crawl.session.error
        return Outcome(FAILED, f"{name}: {failure}; what was stored before is safe", _ending_of(failure))
    stats = crawler.stats.get_stats()
    reason = stats.get("finish_reason")
    if reason == "contact_missing":
        return Outcome(USAGE, complaint(crawler.settings.get("CONTACT")) or MISSING, Ending.REFUSED)
    if reason == "outside_hours":
        return Outcome(OK, f"{name}: this is outside the hours that its publisher may be visited in", Ending.CLOSED)
    if reason == "shutdown":
        return Outcome(FAILED, f"{name}: stopped before the end; what was stored is safe, and the next run goes on")
    if reason == DISK_LOW:
        sentence = f"{name}: the crawl ended before the disk is full: {stats[DISK_LOW_STAT]}; what was stored is safe"
        return Outcome(FAILED, sentence, Ending.FAILED)
    if reason != "finished":
        return Outcome(FAILED, f"{name}: the crawl ended early ({reason})", Ending.FAILED)
    if isinstance(spider, NewsSpider) and spider.arguments.urls and not total(stats, "links"):
        return Outcome(
            FAILED, f"{name}: none of the lines of {spider.arguments.urls} is the URL of an article of its own"
        )
    if stats.get("newscrawl/discovery/empty"):
        failed = reasons(stats, "discovery/failed")
        why = f" ({', '.join(failed)})" if failed else ""
        sentence = f"{name}: nothing was found there: no feed, sitemap, section or story{why}"
        return Outcome(FAILED, sentence, Ending.WALLED)
    return _judge_yield(name, stats)


def _ending_of(error: BaseException) -> Ending | None:
    """A server that is gone says nothing of the source, which is due as it was."""
    return None if isinstance(error, UnreachableError) else Ending.FAILED


def _judge_yield(name: str, stats: dict[str, Any]) -> Outcome:
    complaint = health(stats)
    if complaint is None:
        return Outcome(OK, ending=Ending.WELL)
    if any(total(stats, what) for what in _SIGNS_OF_LIFE):
        return Outcome(UNHEALTHY, f"{name}: {complaint}", Ending.WALLED)
    causes = {**reasons(stats, "listings/failed"), **reasons(stats, "failed"), **reasons(stats, "postponed")}
    if causes.keys() <= _NETWORK:
        return Outcome(FAILED, f"{name}: {complaint}; is there a network?", Ending.FAILED)
    return Outcome(FAILED, f"{name}: {complaint}", Ending.WALLED)
