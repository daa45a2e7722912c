"""How a finished crawl is judged: one sentence for a person, one exit code for cron."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrapy.crawler import Crawler

from newscrawl.middlewares.contact import MISSING
from newscrawl.spiders.news import NewsSpider

OK, FAILED, USAGE, UNHEALTHY = 0, 1, 2, 3
_NETWORK = frozenset({"dns", "unreachable", "connection-refused", "timeout"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sentence` is empty when all went well."""

    code: int
    sentence: str = ""


def judge(name: str, crawler: Crawler, error: BaseException | None) -> Outcome:
    """The outcome of one source's crawl; `error` is what kept it from starting."""
    if error is not None:
        return Outcome(FAILED, f"{name}: {error}" if str(error) else f"{name}: {type(error).__name__}")
    spider = crawler.spider
    if isinstance(spider, NewsSpider) and spider.session.error is not None:
        return Outcome(FAILED, f"{name}: {spider.session.error}; what was stored before is safe")
    stats = crawler.stats.get_stats()
    reason = stats.get("finish_reason")
    if reason == "contact_missing":
        return Outcome(USAGE, MISSING)
    if reason == "shutdown":
        return Outcome(FAILED, f"{name}: stopped before the end; what was stored is safe, and the next run goes on")
    if reason != "finished":
        return Outcome(FAILED, f"{name}: the crawl ended early ({reason})")
    return _judge_yield(name, stats)


def _judge_yield(name: str, stats: dict[str, Any]) -> Outcome:
    failed = {key.rsplit("/", 1)[1]: count for key, count in stats.items() if "/listings/failed/" in key}
    pages = {key.rsplit("/", 1)[1]: count for key, count in stats.items() if key.startswith("newscrawl/failed/")}
    read = stats.get("newscrawl/listings/read", 0)
    empty = stats.get("newscrawl/listings/empty", 0)
    articles = sum(_total(stats, f"newscrawl/{what}") for what in ("stored", "unchanged", "duplicates"))
    if failed and not read and not empty:
        question = "; is there a network?" if failed.keys() <= _NETWORK else ""
        count = sum(failed.values())
        return Outcome(FAILED, f"{name}: none of its {count} listings could be had ({_named(failed)}){question}")
    if pages and not articles:
        return Outcome(FAILED, f"{name}: none of {sum(pages.values())} articles could be had ({_named(pages)})")
    if empty and not read:
        return Outcome(UNHEALTHY, f"{name}: its {empty} listings hold no article links; has the site been redesigned?")
    rejected = _total(stats, "newscrawl/rejected")
    if rejected > articles:
        return Outcome(UNHEALTHY, f"{name}: {rejected} of {rejected + articles} pages gave no valid article")
    return Outcome(OK)


def _total(stats: dict[str, Any], prefix: str) -> int:
    return sum(count for key, count in stats.items() if key == prefix or key.startswith(f"{prefix}/"))


def _named(reasons: dict[str, int]) -> str:
    """The reasons, most frequent first."""
    return ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items(), key=lambda item: -item[1]))
