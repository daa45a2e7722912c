"""Who is told, and when: ALERTS and PING_URL at the end of a run, a watch's addresses when it has found something."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.threads import deferToThread

from newscrawl.monitoring import alerts
from newscrawl.monitoring.notify import addresses_of, ping, send
from newscrawl.monitoring.report import report
from newscrawl.monitoring.runs import Run, read_runs
from newscrawl.monitoring.watches import Watch
from newscrawl.monitoring.watching import watch_matched
from newscrawl.storage import StorageError
from newscrawl.storage.locations import data_directory

logger = logging.getLogger(__name__)

#: How far back the report looks that says what is wrong.
DAYS = 7
#: Articles that a watch sends one by one; the others of a run come in one message.
MOST_AT_ONCE = 10
_MOST_IN_DIGEST = 50


def tell_of_run(
    settings: BaseSettings, sources: Iterable[str], failures: Mapping[str, str], *, failed: bool, said: Iterable[str]
) -> list[str]:
    """Tells ALERTS what is new about the sources of a run, and PING_URL how it went; sentences on what was not told.

    `failures` are sentences on sources whose crawl failed, `failed` says whether the run counts as failed, `said` is
    all that there was to say of it.
    """
    untold = tell_of_sources(settings, sources=set(sources), failures=failures)
    if url := settings.get("PING_URL"):
        untold += filter(None, [ping(str(url), failed=failed, text="\n".join(said))])
    return untold


def tell_of_sources(
    settings: BaseSettings, *, sources: set[str] | None = None, failures: Mapping[str, str] | None = None
) -> list[str]:
    """Tells ALERTS what is new about sources, None being all that ever ran; sentences on what was not told."""
    data_dir = data_directory(settings)
    return tell_of(
        settings,
        memory=alerts.FileMemory(data_dir),
        runs=lambda: read_runs(data_dir),
        sources=sources,
        failures=failures or {},
    )


def tell_of(
    settings: BaseSettings,
    *,
    memory: alerts.Memory,
    runs: Callable[[], Iterable[Run]],
    sources: set[str] | None = None,
    failures: Mapping[str, str],
) -> list[str]:
    """As tell_of_sources, of runs wherever they are known and as far as a memory does not know it as told."""
    entries = settings.getlist("ALERTS")
    if not entries:
        return []
    now = datetime.now(UTC)
    try:
        addresses = addresses_of(entries)
        rows = report(runs(), now=now, days=DAYS)
        complaints = {row.source: row.complaints for row in rows if sources is None or row.source in sources}
        for source, sentence in failures.items():
            if not complaints.get(source):
                complaints[source] = [sentence.removeprefix(f"{source}: ")]

        def sent(title: str, text: str) -> tuple[list[str], int]:
            return send(addresses, title, text), len(addresses)

        return alerts.tell(memory, complaints, now, sent)
    except StorageError as error:
        return [f"nobody was alerted: {error}"]


class Messages:
    """Extension: sends what a watch has found to the watch's own addresses, an article a message or all in one.

    Sending is done in threads, so that other crawls go on; the crawl ends when all is sent.
    """

    def __init__(self) -> None:
        self._under_way: list[Deferred[Any]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Messages:
        """NotConfigured for spiders that have no watches: other projects' own."""
        if not hasattr(crawler.spidercls, "publisher"):
            raise NotConfigured
        messages = cls()
        crawler.signals.connect(messages.watch_matched, watch_matched)
        crawler.signals.connect(messages.engine_stopped, signals.engine_stopped)
        return messages

    def watch_matched(self, watch: Watch, records: Sequence[Mapping[str, Any]]) -> None:
        """Begins to send."""
        if watch.alerts:
            self._under_way.append(deferToThread(partial(_send_matches, watch, records)))

    async def engine_stopped(self) -> None:
        """Waits until all is sent, and says what was not."""
        if self._under_way:
            _log_failures(await maybe_deferred_to_future(DeferredList(self._under_way, consumeErrors=True)))


def _send_matches(watch: Watch, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Sentences on what was not sent, each once."""
    try:
        addresses = addresses_of(watch.alerts)
    except StorageError as error:
        return [f"the watch {watch.name} alerted nobody: {error}"]
    single = [] if watch.digest else records[:MOST_AT_ONCE]
    messages = [(f"{watch.name}: {record.get('title') or ''}", _about(record)) for record in single]
    if rest := records[len(single) :]:
        more = " more" if single else ""
        lines = [_about(record) for record in rest[:_MOST_IN_DIGEST]]
        left = len(rest) - len(lines)
        text = "\n\n".join([*lines, *([f"and {left} more, which stand in the watch's feed"] if left else [])])
        messages.append((f"{watch.name}: {len(rest)}{more} {'article' if len(rest) == 1 else 'articles'}", text))
    found = [sentence for title, text in messages for sentence in send(addresses, title, text)]
    return [f"the watch {watch.name}: {sentence}" for sentence in dict.fromkeys(found)]


def _about(record: Mapping[str, Any]) -> str:
    when = str(record.get("published_at") or record.get("first_seen_at") or "")[:16].replace("T", " ")
    by = " · ".join(filter(None, (record.get("publisher") or record.get("source"), record.get("section"), when)))
    first = record.get("subtitle") or (record.get("body") or "").partition("\n")[0]
    return "\n".join(filter(None, (record.get("title"), by, first, record.get("url"))))


def _log_failures(results: list[tuple[bool, Any]]) -> None:
    for succeeded, result in results:
        for sentence in result if succeeded else [f"a watch's alert was not sent: {result.getErrorMessage()}"]:
            logger.warning("%s", sentence)
