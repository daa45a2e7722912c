"""How a finished crawl is judged: one sentence for a person, one exit code for cron."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrapy.crawler import Crawler

from newscrawl.middlewares.contact import MISSING, complaint
from newscrawl.monitoring.health import health, reasons, total
from newscrawl.spiders.news import NewsSpider

OK, FAILED, USAGE, UNHEALTHY = 0, 1, 2, 3
_SIGNS_OF_LIFE = ("listings/read", "listings/empty", "stored", "unchanged", "duplicates", "rejected")
_NETWORK = frozenset({"dns", "unreachable", "connection-refused", "timeout"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sentence` is empty when all went well."""

    code: int
    sentence: str = ""


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
        return Outcome(FAILED, f"{name}: {error}" if str(error) else f"{name}: {type(error).__name__}")
    spider = crawler.spider
    if isinstance(spider, NewsSpider) and spider.crawl is not None and spider.crawl.session.error is not None:
        return Outcome(FAILED, f"{name}: {spider.crawl.session.error}; what was stored before is safe")
    stats = crawler.stats.get_stats()
    reason = stats.get("finish_reason")
    if reason == "contact_missing":
        return Outcome(USAGE, complaint(crawler.settings.get("CONTACT")) or MISSING)
    if reason == "outside_hours":
        return Outcome(OK, f"{name}: this is outside the hours that its publisher may be visited in")
    if reason == "shutdown":
        return Outcome(FAILED, f"{name}: stopped before the end; what was stored is safe, and the next run goes on")
    if reason != "finished":
        return Outcome(FAILED, f"{name}: the crawl ended early ({reason})")
    if isinstance(spider, NewsSpider) and spider.arguments.urls and not total(stats, "links"):
        return Outcome(
            FAILED, f"{name}: none of the lines of {spider.arguments.urls} is the URL of an article of its own"
        )
    if stats.get("newscrawl/discovery/empty"):
        failed = reasons(stats, "discovery/failed")
        why = f" ({', '.join(failed)})" if failed else ""
        return Outcome(FAILED, f"{name}: nothing was found there: no feed, sitemap, section or story{why}")
    # Revisits of what is stored come from the state.
    if isinstance(spider, NewsSpider) and not spider.has_places and not stats.get("downloader/request_count"):
        return Outcome(
            USAGE,
            f"{name} declares no feed, sitemap, section or archive to look at; name its articles with -a urls=FILE",
        )
    return _judge_yield(name, stats)


def _judge_yield(name: str, stats: dict[str, Any]) -> Outcome:
    complaint = health(stats)
    if complaint is None:
        return Outcome(OK)
    if any(total(stats, what) for what in _SIGNS_OF_LIFE):
        return Outcome(UNHEALTHY, f"{name}: {complaint}")
    causes = {**reasons(stats, "listings/failed"), **reasons(stats, "failed"), **reasons(stats, "postponed")}
    question = "; is there a network?" if causes.keys() <= _NETWORK else ""
    return Outcome(FAILED, f"{name}: {complaint}{question}")
