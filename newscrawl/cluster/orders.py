"""What a person tells the cluster: crawl this now, leave that alone, try again what failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from procrastinate import App
from procrastinate.jobs import Job
from scrapy.settings import BaseSettings

from newscrawl.cluster.queue import CRAWL, new_app, queue_of
from newscrawl.spiders.planning import Planning

PAUSED = "paused"
_FIRST = 10  # the priority of what a person asks for


async def enqueue(url: str, sources: Iterable[str]) -> list[str]:
    """Have sources crawled next, whatever their plans say; those that are being crawled now, and are left at that."""
    busy = []
    async with new_app(url, most_connections=1).open_async() as app:
        for source in sources:
            if await _jobs(app, source, "doing"):
                busy.append(source)
                continue
            await _cancel(app, source)
            job = app.configure_task(CRAWL, queue=queue_of(source), lock=source, queueing_lock=source, priority=_FIRST)
            await job.defer_async(source=source, asked=True)
    return busy


async def pause(url: str, settings: BaseSettings, sources: Iterable[str]) -> None:
    """Leave sources alone until they are resumed; a crawl that is under way ends by itself."""
    with Planning(settings) as planning:
        async with new_app(url, most_connections=1).open_async() as app:
            for source in sources:
                planning.table.hold(source, PAUSED, now=datetime.now(UTC))
                await _cancel(app, source)


def resume(settings: BaseSettings, sources: Iterable[str]) -> None:
    """Take paused sources up again, when their plans say."""
    with Planning(settings) as planning:
        for source in sources:
            planning.table.hold(source, None, now=datetime.now(UTC))


def failed(settings: BaseSettings) -> list[str]:
    """The sources whose last crawl failed, those that were given up first of all."""
    with Planning(settings) as planning:
        plans = planning.table.all()
    found = [name for name, plan in plans.items() if plan.held != PAUSED and (plan.held or plan.failures)]
    return sorted(found, key=lambda name: (plans[name].held is None, name))


async def retry(url: str, settings: BaseSettings, sources: Iterable[str]) -> None:
    """Crawl sources that failed as soon as a worker has a slot."""
    names = list(sources)
    resume(settings, names)
    with Planning(settings) as planning:
        planning.table.make_due(names, now=datetime.now(UTC))
    await enqueue(url, names)


async def _jobs(app: App, source: str, status: str) -> Iterable[Job]:
    return await app.job_manager.list_jobs_async(task=CRAWL, status=status, lock=source)


async def _cancel(app: App, source: str) -> None:
    """The job that waits for a source, now or for a later try, is none any more."""
    for job in await _jobs(app, source, "todo"):
        assert job.id is not None
        await app.job_manager.cancel_job_by_id_async(job.id, delete_job=True)
