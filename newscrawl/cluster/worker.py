"""A worker: takes the jobs of the sources that it knows, crawls them in child processes, and tells of itself.

Every worker also queues what is due, and looks for jobs of dead workers; that has slots of its own, for behind crawls
it would wait for hours. Two workers that do the same thing at once do no harm: the queue takes one job a source.

A server that is gone ends the crawls, whose state it is; the worker stays, and takes jobs again when it is back.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from procrastinate import App, JobContext, exceptions
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker as EngineWorker
from scrapy.settings import BaseSettings

from newscrawl.cluster.crawls import Crawls, Heal, Options
from newscrawl.cluster.ledger import Ledger
from newscrawl.cluster.patience import Patience
from newscrawl.cluster.queue import ALERTS, CRAWL, OPS, is_gone, new_app, queue_of
from newscrawl.cluster.retries import Retries
from newscrawl.cluster.telling import is_asked_for, tell_of_cluster
from newscrawl.storage.errors import StorageError

logger = logging.getLogger(__name__)

_LOOK = 10.0  # seconds between two looks at what is due
_POLL = 2.0  # seconds, where a notice of a new job got lost
_OLD_HOURS = 7 * 24


class Worker:
    """One process of the cluster, from run() to its end."""

    def __init__(self, options: Options, settings: BaseSettings, heal: Heal) -> None:
        self._options = options
        self._settings = settings
        self._stopping = asyncio.Event()
        self._hurried = asyncio.Event()
        self._patience = Patience(self._stopping)
        self._app = new_app(options.url)
        self._ledger = Ledger(self._app)
        self._crawls = Crawls(
            options, settings, self._ledger, patience=self._patience, hurried=self._hurried, heal=heal
        )
        self._engines: list[Any] = []
        self._are_ending = False
        self._heard_at = math.inf
        self._answers_since = -math.inf
        self._declare(self._app)

    def stop(self) -> None:
        """Take no more jobs and let the crawls end; told again, ask them to end now, in order."""
        if self._stopping.is_set():
            self._hurried.set()
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped. What goes wrong before it has begun is raised; a server that goes later is waited for."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.set_exception_handler(_complain)
        async with self._app.open_async():
            await self._beat()
            options = self._options
            logger.info("%s at work: %d sources, %d crawls at once", options.name, len(options.sources), options.slots)
            # The beat goes on until the last crawl has ended: to the others this worker lives.
            beating = asyncio.create_task(self._repeat(self._beat, options.heartbeat))
            looking = asyncio.create_task(self._repeat(self._look, _LOOK))
            try:
                while not self._stopping.is_set():
                    await self._take_jobs()
                    await self._await_server()
            finally:
                beating.cancel()
                looking.cancel()
            with suppress(exceptions.ConnectorException):
                await self._ledger.leave(options.name)

    async def _take_jobs(self) -> None:
        """Until told to stop, or until the queue cannot be used; the crawls that were begun have ended then."""
        crawling = self._engine([queue_of(source) for source in self._options.sources], self._options.slots)
        # Only who knows whom to tell takes the job of telling.
        ops = self._engine([OPS, ALERTS] if is_asked_for(self._settings) else [OPS], 1)
        self._engines, self._are_ending = [crawling, ops], False
        engines = [asyncio.create_task(engine.run()) for engine in self._engines]
        stopped = asyncio.create_task(self._stopping.wait())
        await asyncio.wait([*engines, stopped], return_when=asyncio.FIRST_COMPLETED)
        self._are_ending = True
        crawling.stop()
        await asyncio.wait([engines[0], stopped], return_when=asyncio.FIRST_COMPLETED)
        if stopped.done():
            await self._let_end(engines[0])
        stopped.cancel()
        ops.stop()
        for ended in await asyncio.gather(*engines, return_exceptions=True):
            if isinstance(ended, BaseException) and not isinstance(ended, exceptions.ConnectorException):
                raise ended

    async def _await_server(self) -> None:
        """Where jobs are no longer taken because the server is gone: until it is back."""
        if self._stopping.is_set():
            return
        logger.warning("the queue cannot be used; no crawl is begun until it can")
        with suppress(exceptions.ConnectorException):
            await self._patience.until(self._beat)
        # An engine that begins takes those of which nothing was heard for dead: all others, if it were the first.
        await self._patience.pause(self._options.heartbeat)
        if not self._stopping.is_set():
            logger.info("the queue answers again")

    def _engine(self, queues: list[str], slots: int) -> Any:  # whose methods have no types
        is_ops = OPS in queues
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
        self._crawls.stop()
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
                    cause = str(error.__cause__ or error).strip().splitlines()[0]
                    logger.warning("the queue or the state cannot be used: %s", cause)
                failing = True
            await asyncio.sleep(seconds)

    async def _beat(self) -> None:
        options = self._options
        before = time.monotonic()
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
            if self._are_ending and engine.worker_id is not None:
                await self._app.job_manager.update_heartbeat(engine.worker_id)
        if before - self._heard_at > options.stalled_after:
            self._answers_since = before
        self._heard_at = time.monotonic()

    async def _look(self) -> None:
        """At what is due, and at what is still to be healed."""
        if self._stopping.is_set():
            return
        for source in await asyncio.to_thread(self._crawls.due, self._options.sources):
            await self._ledger.queue(source)
        await self._crawls.heal_left()

    # The tasks

    def _declare(self, app: App) -> None:
        app.task(name=CRAWL, pass_context=True, retry=Retries())(self._crawls.crawl)
        rescue = app.task(name="rescue", queue=OPS, queueing_lock="rescue", pass_context=True)(self.rescue)
        # Of six fields the last one is seconds.
        app.periodic(cron=f"* * * * * */{min(max(self._options.heartbeat, 1), 30)}")(rescue)
        prune = app.task(name="prune", queue=OPS, queueing_lock="prune")(self.prune)
        app.periodic(cron="17 3 * * *")(prune)
        if is_asked_for(self._settings):
            # The queue takes one job an hour, whoever puts it there.
            tell = app.task(name="tell", queue=ALERTS, lock=ALERTS, queueing_lock=ALERTS)(self.tell)
            app.periodic(cron="0 * * * *")(tell)

    async def rescue(self, context: JobContext, timestamp: int) -> None:  # noqa: ARG002 (Procrastinate gives it)
        """Put the jobs of dead workers back into the queue. After a time without a server all others look dead, until
        they have had the time to say that they are not."""
        if time.monotonic() - self._answers_since < self._options.stalled_after:
            return
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

    async def tell(self, timestamp: int) -> None:  # noqa: ARG002 (Procrastinate gives it)
        """Say what is new about the sources of all machines."""
        options = self._options
        for sentence in await asyncio.to_thread(
            tell_of_cluster, options.url, self._settings, stalled_after=options.stalled_after
        ):
            logger.warning("%s", sentence)

    async def prune(self, timestamp: int) -> None:  # noqa: ARG002 (Procrastinate gives it)
        """Forget what is long over."""
        await self._app.job_manager.delete_old_jobs(
            _OLD_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )
        await self._ledger.prune()


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The engine passes over an end of a job that it could not tell the server, where the job is rescued later."""
    error = context.get("exception")
    if error is not None and is_gone(error):
        logger.warning("the end of a job could not be noted: %s", str(error.__cause__ or error).strip())
    else:
        loop.default_exception_handler(context)
