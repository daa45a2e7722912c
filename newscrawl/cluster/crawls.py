"""The crawls of a worker: each is a job of the queue, run in a child process, judged by its end, and healed where it
left something behind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from procrastinate import JobContext, exceptions
from scrapy.settings import BaseSettings

from newscrawl.cluster.crawling import Crawl, Result, settings_of
from newscrawl.cluster.ledger import Ledger
from newscrawl.cluster.patience import Patience
from newscrawl.cluster.retries import AgainError, RefusedError
from newscrawl.cluster.telling import keep_run
from newscrawl.monitoring.runs import run_since
from newscrawl.spiders.planning import Planning
from newscrawl.storage.append import make_directory
from newscrawl.storage.errors import StorageError

logger = logging.getLogger(__name__)

_HELD_FOR = 60.0  # seconds until a source that another run has is tried again
_CUT_FOR = 5.0  # and one whose crawl lost the state

#: Seals and reads in what killed crawls left on this machine, of some sources or (None) of all; those that another run
#: has. StorageError.
Heal = Callable[[Collection[str] | None], Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a worker is told: `given` are the settings for its crawls, `sources` those that it takes."""

    name: str
    host: str
    url: str
    sources: Sequence[str]
    slots: int
    data_dir: Path
    given: dict[str, Any]
    heartbeat: int
    stalled_after: int
    retries: int
    grace: float


class Crawls:
    """Those under way, and what is left of those that were."""

    def __init__(
        self,
        options: Options,
        settings: BaseSettings,
        ledger: Ledger,
        *,
        patience: Patience,
        hurried: asyncio.Event,
        heal: Heal,
    ) -> None:
        """When `hurried` is set, the crawls were asked to end."""
        self._options = options
        self._settings = settings
        self._ledger = ledger
        self._patience = patience
        self._hurried = hurried
        self._heal = heal
        self._healing = asyncio.Lock()
        self._left: set[str] = set()
        self._running: set[Crawl] = set()

    def __len__(self) -> int:
        return len(self._running)

    def stop(self) -> None:
        """Ask them to end now, in order."""
        for crawl in self._running:
            crawl.stop()

    def due(self, sources: Sequence[str]) -> list[str]:
        """Those of the sources that are to be crawled now. StorageError."""
        with Planning(self._settings) as planning:
            return planning.due(sources, now=datetime.now(UTC))

    async def crawl(self, context: JobContext, source: str, asked: bool = False) -> None:
        """The job of one source. `asked`: by a person, whatever the plan says."""
        patience = self._patience
        # It may have waited behind the crawl of somebody without the queue.
        if not asked and not await patience.until_done(self.due, [source]):
            return
        job = context.job.id
        assert job is not None
        data_dir = self._options.data_dir
        await asyncio.to_thread(make_directory, data_dir / "logs")
        number = await patience.until(lambda: self._ledger.begin(job, source, self._options.name))
        logger.info("%s: crawl begins", source)
        crawl = Crawl(source, settings_of(self._options.given, data_dir=data_dir, source=source))
        self._running.add(crawl)
        began = datetime.now(UTC)

        async def tell(pages: int, stored: int) -> None:
            # The crawl does not end because its figures cannot be kept.
            with suppress(exceptions.ConnectorException):
                await self._ledger.go_on(number, pages, stored)

        try:
            result = await crawl.run(tell)
        finally:
            self._running.discard(crawl)
        seconds = (datetime.now(UTC) - began).total_seconds()
        said = f": {result.sentence}" * bool(result.sentence)
        logger.info("%s: ended with %d after %.0f s%s", source, result.code, seconds, said)
        await patience.until(lambda: self._ledger.end(number, result.code, result.sentence))
        await asyncio.to_thread(self._keep_run, source, began)
        if not result.is_done and not result.is_held:
            # As long as the job is this worker's, no other one crawls the source and meets the articles anew.
            self._left.add(source)
            await self.heal_left()
        await self._judge(source, result, began)

    def _keep_run(self, source: str, began: datetime) -> None:
        run = run_since(self._options.data_dir, source, began)
        if run is None:
            return
        try:
            keep_run(self._options.url, run)
        except StorageError as error:
            logger.warning("%s: the run will be missing in alerts: %s", source, error)

    async def heal_left(self) -> None:
        """What crawls that did not end well left; what another run has by now, or a server that is gone, is tried again
        the next time."""
        async with self._healing:
            named = frozenset(self._left)
            if not named:
                return
            try:
                held = await self._patience.until_done(self._heal, named)
            except StorageError as error:
                logger.warning("what a crawl left cannot be healed now: %s", error)
            else:
                self._left -= named.difference(held)

    async def _judge(self, source: str, result: Result, began: datetime) -> None:
        """0 and 3 are done; another run's source, one that was interrupted, and one whose state was gone, is tried
        later; 2 fails for good; any other is tried again when its plan says, as often as CLUSTER_RETRIES allows."""
        patience = self._patience
        if result.is_done:
            return
        if result.code == 2:
            await patience.until_done(self._hold, source, result.sentence)
            raise RefusedError(result.sentence)
        if result.is_held:
            wait = _HELD_FOR
        elif result.is_cut:
            wait = _CUT_FOR
        elif result.code == 1 and self._hurried.is_set():
            wait = 0.0
        else:
            wait, failures = await patience.until_done(self._failed, source, began)
            if failures > self._options.retries:
                raise RefusedError(result.sentence)
        # Of two waiting jobs the queue takes none.
        if await patience.until(lambda: self._ledger.waits(source)):
            raise RefusedError(result.sentence)
        raise AgainError(result.sentence, seconds=wait)

    def _hold(self, source: str, why: str) -> None:
        with Planning(self._settings) as planning:
            planning.table.hold(source, why, now=datetime.now(UTC))

    def _failed(self, source: str, began: datetime) -> tuple[float, int]:
        """In how many seconds it is tried again, and which failure in a row this was."""
        with Planning(self._settings) as planning:
            plan = planning.failed(source, since=began)
        return max((plan.due - datetime.now(UTC)).total_seconds(), 0.0), plan.failures
