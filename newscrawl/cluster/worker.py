"""A worker: takes the jobs of the sources that it knows, crawls them in child processes, and tells of itself.

Every worker also queues what is due, and looks for jobs of dead workers; that has slots of its own, for behind crawls
it would wait for hours. Two workers that do the same thing at once do no harm: the queue takes one job a source.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from procrastinate import App, JobContext, exceptions
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker as EngineWorker
from scrapy.settings import BaseSettings

from newscrawl.cluster.crawling import Crawl, Result, settings_of
from newscrawl.cluster.ledger import Ledger
from newscrawl.cluster.queue import CRAWL, OPS, new_app, queue_of
from newscrawl.cluster.retries import AgainError, RefusedError, Retries
from newscrawl.spiders.planning import Planning
from newscrawl.storage.append import make_directory
from newscrawl.storage.errors import StorageError

logger = logging.getLogger(__name__)

_LOOK = 10.0  # seconds between two looks at what is due
_POLL = 2.0  # seconds, where a notice of a new job got lost
_OLD_HOURS = 7 * 24
_HELD_FOR = 60.0  # seconds until a source that another run has is tried again


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


class Worker:
    """One process of the cluster, from run() to its end."""

    def __init__(self, options: Options, settings: BaseSettings) -> None:
        self._options = options
        self._settings = settings
        self._crawls: set[Crawl] = set()
        self._stopping = asyncio.Event()
        self._hurried = asyncio.Event()
        self._app = new_app(options.url)
        self._ledger = Ledger(self._app)
        self._engines: list[Any] = []
        self._declare(self._app)

    def stop(self) -> None:
        """Take no more jobs and let the crawls end; told again, ask them to end now, in order."""
        if self._stopping.is_set():
            self._hurried.set()
        self._stopping.set()

    async def run(self) -> bool:
        """Work until stopped; whether that was why it ended. What went wrong before it began is raised."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        async with self._app.open_async():
            await self._beat()
            options = self._options
            logger.info("%s at work: %d sources, %d crawls at once", options.name, len(options.sources), options.slots)
            crawling = self._engine([queue_of(source) for source in self._options.sources], self._options.slots)
            ops = self._engine([OPS], 1)
            self._engines = [crawling, ops]
            engines = [asyncio.create_task(engine.run()) for engine in (crawling, ops)]
            loops = [
                asyncio.create_task(self._repeat(self._beat, self._options.heartbeat)),
                asyncio.create_task(self._repeat(self._queue_what_is_due, _LOOK)),
            ]
            stopped = asyncio.create_task(self._stopping.wait())
            await asyncio.wait([*engines, stopped], return_when=asyncio.FIRST_COMPLETED)
            as_told = stopped.done()
            # The beat goes on until the last crawl has ended: to the others this worker lives.
            loops.pop().cancel()
            crawling.stop()
            await self._let_end(engines[0])
            ops.stop()
            await asyncio.gather(*engines, return_exceptions=True)
            loops.pop().cancel()
            stopped.cancel()
            with suppress(exceptions.ConnectorException):
                await self._ledger.leave(self._options.name)
        return as_told

    def _engine(self, queues: list[str], slots: int) -> Any:  # whose methods have no types
        is_ops = queues == [OPS]
        return EngineWorker(
            self._app,
            queues=queues,
            name=f"{self._options.name}-ops" if is_ops else self._options.name,
            concurrency=slots,
            install_signal_handlers=False,
            listen_notify=not is_ops,
            fetch_job_polling_interval=_POLL,
            update_heartbeat_interval=float(self._options.heartbeat),
            stalled_worker_timeout=float(self._options.stalled_after),
            # Of the others there is one every few seconds.
            delete_jobs="successful" if is_ops else "never",
        )

    async def _let_end(self, crawling: asyncio.Task[None]) -> None:
        if self._crawls:
            logger.info("stopping; %d crawls have %g s to end", len(self._crawls), self._options.grace)
        hurried = asyncio.create_task(self._hurried.wait())
        await asyncio.wait([crawling, hurried], timeout=self._options.grace, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        self._hurried.set()
        for crawl in self._crawls:
            crawl.stop()
        await asyncio.wait([crawling])

    async def _repeat(self, action: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Goes on for ever; what fails is tried again the next time, and said once."""
        failing = False
        while True:
            try:
                await action()
                failing = False
            except (exceptions.ConnectorException, StorageError) as error:
                if not failing:
                    logger.warning("the queue or the state cannot be used: %s", error)
                failing = True
            await asyncio.sleep(seconds)

    async def _beat(self) -> None:
        options = self._options
        await self._ledger.sign_of_life(
            {
                "name": options.name,
                "host": options.host,
                "pid": os.getpid(),
                "slots": options.slots,
                "data_dir": str(options.data_dir),
            }
        )
        # The engine's own heart stops with its last crawls still under way, and others would take them for dead.
        for engine in self._engines:
            if self._stopping.is_set() and engine.worker_id is not None:
                await self._app.job_manager.update_heartbeat(engine.worker_id)

    # What is due

    async def _queue_what_is_due(self) -> None:
        for source in await asyncio.to_thread(self._due, self._options.sources):
            await self._ledger.queue(source)

    def _due(self, sources: Sequence[str]) -> list[str]:
        with Planning(self._settings) as planning:
            return planning.due(sources, now=datetime.now(UTC))

    # The tasks

    def _declare(self, app: App) -> None:
        app.task(name=CRAWL, pass_context=True, retry=Retries())(self.crawl)
        rescue = app.task(name="rescue", queue=OPS, queueing_lock="rescue", pass_context=True)(self.rescue)
        # Of six fields the last one is seconds.
        app.periodic(cron=f"* * * * * */{min(max(self._options.heartbeat, 1), 30)}")(rescue)
        prune = app.task(name="prune", queue=OPS, queueing_lock="prune")(self.prune)
        app.periodic(cron="17 3 * * *")(prune)

    async def crawl(self, context: JobContext, source: str, asked: bool = False) -> None:
        """The job of one source. `asked`: by a person, whatever the plan says."""
        # It may have waited behind the crawl of somebody without the queue.
        if not asked and not await asyncio.to_thread(self._due, [source]):
            return
        assert context.job.id is not None
        data_dir = self._options.data_dir
        await asyncio.to_thread(make_directory, data_dir / "logs")
        number = await self._ledger.begin(context.job.id, source, self._options.name)
        logger.info("%s: crawl begins", source)
        crawl = Crawl(source, settings_of(self._options.given, data_dir=data_dir, source=source))
        self._crawls.add(crawl)
        began = datetime.now(UTC)

        async def tell(pages: int, stored: int) -> None:
            # The crawl does not end because its figures cannot be kept.
            with suppress(exceptions.ConnectorException):
                await self._ledger.go_on(number, pages, stored)

        try:
            result = await crawl.run(tell)
        finally:
            self._crawls.discard(crawl)
        await self._ledger.end(number, result.code, result.sentence)
        await self._judge(source, result, began)

    async def _judge(self, source: str, result: Result, began: datetime) -> None:
        """0 and 3 are done; another run's source, and one that was interrupted, is tried later; 2 fails for good; any
        other is tried again when its plan says, as often as CLUSTER_RETRIES allows."""
        seconds = (datetime.now(UTC) - began).total_seconds()
        logger.info(
            "%s: ended with %d after %.0f s%s",
            source,
            result.code,
            seconds,
            f": {result.sentence}" * bool(result.sentence),
        )
        if result.is_done:
            return
        if result.code == 2:
            await asyncio.to_thread(self._hold, source, result.sentence)
            raise RefusedError(result.sentence)
        if result.is_held:
            wait = _HELD_FOR
        elif result.code == 1 and self._hurried.is_set():
            wait = 0.0
        else:
            wait, failures = await asyncio.to_thread(self._failed, source, began)
            if failures > self._options.retries:
                raise RefusedError(result.sentence)
        # Of two waiting jobs the queue takes none.
        if await self._ledger.waits(source):
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

    async def rescue(self, context: JobContext, timestamp: int) -> None:  # noqa: ARG002 (Procrastinate gives it)
        """Put the jobs of dead workers back into the queue."""
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._options.stalled_after):
            logger.info("%s: its worker is dead", job.lock or job.task_name)
            await self._take_back(context.app, job)

    async def _take_back(self, app: App, job: Job) -> None:
        assert job.id is not None
        await self._ledger.lost(job.id)
        try:
            await app.job_manager.retry_job(job)
        except exceptions.ConnectorException:
            # Another job of the source waits already, or another worker was quicker.
            with suppress(exceptions.ConnectorException):
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)

    async def prune(self, timestamp: int) -> None:  # noqa: ARG002 (Procrastinate gives it)
        """Forget what is long over."""
        await self._app.job_manager.delete_old_jobs(
            _OLD_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )
        await self._ledger.prune()
