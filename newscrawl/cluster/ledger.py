"""What the cluster remembers beside its queue: each crawl with its worker and its end, and who is at work."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from procrastinate import App, exceptions

from newscrawl.cluster.queue import CRAWL, queue_of

#: The sentence of a crawl whose worker died.
LOST = "its worker died; another takes over"
_KEPT_DAYS, _RUNS_KEPT_DAYS = 30, 180


class Ledger:
    """Statements on the queue's connection, which is open. Errors leave as Procrastinate's ConnectorException."""

    def __init__(self, app: App) -> None:
        self._connector = app.connector

    async def begin(self, job_id: int, source: str, worker: str) -> int:
        """A crawl begins; its number."""
        row = await self._connector.execute_query_one_async(
            "INSERT INTO newscrawl_crawls (job_id, source, worker) VALUES (%(job)s, %(source)s, %(worker)s) "
            "RETURNING id",
            job=job_id,
            source=source,
            worker=worker,
        )
        return int(row["id"])

    async def go_on(self, number: int, pages: int, stored: int) -> None:
        """How far it is."""
        await self._connector.execute_query_async(
            "UPDATE newscrawl_crawls SET pages = %(pages)s, stored = %(stored)s WHERE id = %(id)s",
            id=number,
            pages=pages,
            stored=stored,
        )

    async def end(self, number: int, code: int, sentence: str) -> None:
        """A crawl has ended."""
        await self._connector.execute_query_async(
            "UPDATE newscrawl_crawls SET ended = now(), code = %(code)s, sentence = nullif(%(said)s, '') "
            "WHERE id = %(id)s",
            id=number,
            code=code,
            said=sentence,
        )

    async def lost(self, job_id: int) -> None:
        """The worker of a job is dead, and so is its crawl."""
        await self._connector.execute_query_async(
            "UPDATE newscrawl_crawls SET ended = now(), sentence = %(said)s WHERE job_id = %(job)s AND ended IS NULL",
            job=job_id,
            said=LOST,
        )

    async def sign_of_life(self, worker: dict[str, Any]) -> None:
        """A worker lives; those of which nothing was heard for a day are forgotten."""
        await self._connector.execute_query_async(
            "INSERT INTO newscrawl_workers (name, host, pid, slots, began, seen, data_dir) "
            "VALUES (%(name)s, %(host)s, %(pid)s, %(slots)s, now(), now(), %(data_dir)s) "
            "ON CONFLICT (name) DO UPDATE SET seen = now()",
            **worker,
        )
        await self._connector.execute_query_async("DELETE FROM newscrawl_workers WHERE seen < now() - interval '1 day'")

    async def leave(self, name: str) -> None:
        """A worker ends in order."""
        await self._connector.execute_query_async("DELETE FROM newscrawl_workers WHERE name = %(name)s", name=name)

    async def queue(self, source: str) -> None:
        """Queue a crawl of a source that has no job. In one statement: a job that began in between would be followed
        by a second one at once."""
        with suppress(exceptions.UniqueViolation):  # another worker was quicker
            await self._connector.execute_query_async(
                "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%(queue)s, %(task)s, 0, %(source)s, %(source)s, "
                "jsonb_build_object('source', %(source)s::text), NULL)::procrastinate_job_to_defer_v1]) "
                "WHERE NOT EXISTS (SELECT FROM procrastinate_jobs "
                "WHERE lock = %(source)s AND status IN ('todo', 'doing'))",
                queue=queue_of(source),
                task=CRAWL,
                source=source,
            )

    async def waits(self, source: str) -> bool:
        """Whether a job of the source waits, beside the one that may be running."""
        row = await self._connector.execute_query_one_async(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE lock = %(source)s AND status = 'todo') AS waits",
            source=source,
        )
        return bool(row["waits"])

    async def prune(self) -> None:
        """Forgets crawls that are long over, and runs of sources that are long gone."""
        for table, moment, days in (("crawls", "ended", _KEPT_DAYS), ("runs", "began", _RUNS_KEPT_DAYS)):
            await self._connector.execute_query_async(
                f"DELETE FROM newscrawl_{table} WHERE {moment} < now() - interval '{days} days'"  # noqa: S608
            )
