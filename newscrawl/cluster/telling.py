"""Once an hour one worker tells ALERTS what is new about all machines' sources, and PING_URL that the cluster lives.

The summaries of runs lie with the machines that crawled. What report needs of them is kept beside the queue, too, and
so is what was told: any worker can send the next message, and none repeats another's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace

import psycopg
from scrapy.settings import BaseSettings

from newscrawl.cluster.queue import connect
from newscrawl.cluster.status import read_status
from newscrawl.monitoring.messages import tell_of
from newscrawl.monitoring.notify import ping
from newscrawl.monitoring.runs import Run
from newscrawl.storage.errors import StorageError

# Of newscrawl's own advisory locks; queue.py has the other.
_LOCK = 6115
# Drift looks back over the last 1,020 stored articles of a source.
_ARTICLES = 1100
# Runs that stored nothing say that a source is silent; of each kind so many do.
_EMPTY_RUNS = 10
_NO_LONGER_NEEDED = """
DELETE FROM newscrawl_runs AS old USING (
    SELECT run, stored, row_number() OVER (PARTITION BY was_fruitless ORDER BY began DESC, run) AS place,
        sum(stored) OVER (ORDER BY began DESC, run) - stored AS later
    FROM newscrawl_runs WHERE source = %(source)s
) AS each
WHERE old.source = %(source)s AND old.run = each.run
    AND (each.later > %(articles)s OR each.stored = 0 AND each.place > %(empty)s)"""


def keep_run(url: str, run: Run) -> None:
    """Keeps what report needs of a run, and of the earlier ones of its source. StorageError."""
    # Headlines and addresses stay with the machine that crawled.
    summary = asdict(replace(run, changed=[], learned={}, too_slow=[]))
    with _errors(), connect(url) as queue, queue.transaction():
        queue.execute(
            "INSERT INTO newscrawl_runs (source, run, began, stored, was_fruitless, summary) "
            "VALUES (%(source)s, %(run)s, %(began)s, %(stored)s, %(was_fruitless)s, %(summary)s) "
            "ON CONFLICT DO NOTHING",
            {
                "source": run.source,
                "run": run.run,
                "began": run.started_at,
                "stored": run.stored,
                "was_fruitless": not (run.stored or run.unchanged),
                "summary": json.dumps(summary, ensure_ascii=False),
            },
        )
        queue.execute(_NO_LONGER_NEEDED, {"source": run.source, "articles": _ARTICLES, "empty": _EMPTY_RUNS})


def kept_runs(url: str) -> list[Run]:
    """The runs of all machines, oldest first. StorageError."""
    with _errors(), connect(url) as queue:
        rows = queue.execute("SELECT summary FROM newscrawl_runs ORDER BY began, run").fetchall()
    return [Run(**row["summary"]) for row in rows]


class SharedMemory:
    """What was told, for all workers (monitoring.alerts.Memory)."""

    name = "newscrawl_alerts in the queue"

    def __init__(self, url: str) -> None:
        self._url = url
        self._queue: psycopg.Connection[psycopg.rows.DictRow] | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """One connection, whose lock a dead worker loses with it."""
        with _errors(), connect(self._url) as self._queue:
            self._queue.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
            yield

    def read(self) -> bytes | None:
        """As its protocol says."""
        assert self._queue is not None
        row = self._queue.execute("SELECT told FROM newscrawl_alerts").fetchone()
        return None if row is None else bytes(row["told"])

    def write(self, content: bytes) -> None:
        """As its protocol says."""
        assert self._queue is not None
        self._queue.execute(
            "INSERT INTO newscrawl_alerts (only_one, told) VALUES (true, %s) "
            "ON CONFLICT (only_one) DO UPDATE SET told = excluded.told",
            (content,),
        )


def is_asked_for(settings: BaseSettings) -> bool:
    """Whether there is anybody to tell."""
    return bool(settings.getlist("ALERTS") or settings.get("PING_URL"))


def tell_of_cluster(url: str, settings: BaseSettings, *, stalled_after: int) -> list[str]:
    """Tells what is new since the last hour; sentences on what was not told."""
    try:
        with _errors():
            failed = read_status(url, settings, stalled_after=stalled_after)["failed"]
    except StorageError as error:
        return [f"nobody was alerted: {error}"]
    failures = {row["source"]: row["sentence"] for row in failed if row["sentence"]}
    untold = tell_of(settings, memory=SharedMemory(url), runs=lambda: kept_runs(url), failures=failures)
    if address := settings.get("PING_URL"):
        untold += filter(None, [ping(str(address), failed=False, text="\n".join(failures.values()))])
    return untold


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        cause = str(error).strip().splitlines()[0]
        raise StorageError(f"the queue fails: {cause}") from error
