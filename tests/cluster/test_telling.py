"""The cluster's message of the hour: one for all machines, received by a server on loopback."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("procrastinate", reason="the extra `cluster` is not installed")
pytest.importorskip("apprise", reason="the extra `alerts` is not installed")

from procrastinate.periodic import PeriodicDeferrer
from scrapy.settings import Settings

from newscrawl.cluster.crawls import Options
from newscrawl.cluster.queue import ALERTS, connect, make_schema, new_app
from newscrawl.cluster.telling import keep_run, kept_runs, tell_of_cluster
from newscrawl.cluster.worker import Worker
from newscrawl.monitoring.report import report
from newscrawl.monitoring.runs import Run, read_runs, run_since
from newscrawl.storage.state import State
from tests.cluster.press import Cluster, Press
from tests.monitoring.hook import Hook

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer

NOW = datetime.now(UTC).replace(microsecond=0)
EMPTY = "its 1 listings hold no article links; has the site been redesigned?"


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Hook().served() as served:
        yield served


@pytest.fixture
def state_url(postgres_server: PostgresServer) -> str:
    """A state with a queue."""
    url = postgres_server.new_database()
    State(url).close()
    make_schema(queue_url(url))
    return url


def queue_url(state_url: str) -> str:
    return state_url.replace("+psycopg", "")


def run(hours: float, source: str = "paper", **values: Any) -> Run:
    """A run so many hours ago."""
    began = NOW - timedelta(hours=hours)
    name = f"{began:%Y%m%dT%H%M%SZ}-{random.Random(hours).randrange(1 << 16):04x}"
    given = {"run": name, "started_at": began.isoformat(timespec="seconds"), "seconds": 1.0}
    return Run(**{"source": source, "finish_reason": "finished", **given, **values})


def messages(hook: Hook) -> list[str]:
    return [json.loads(body)["message"] for path, body in hook.posts if path.startswith("/alerts")]


def test_one_message_for_all_machines_and_never_twice(state_url: str, hook: Hook) -> None:
    url = queue_url(state_url)
    settings = Settings({"STATE_URL": state_url, "ALERTS": hook.address, "PING_URL": hook.url})
    # Of one machine and of another.
    keep_run(url, run(2, "east", stored=3))
    keep_run(url, run(1, "west", health=EMPTY))

    def tell() -> None:
        assert tell_of_cluster(url, settings, stalled_after=30) == []

    workers = [threading.Thread(target=tell) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert messages(hook) == [f"west: {EMPTY}"]
    keep_run(url, run(0.5, "west", stored=1))
    keep_run(url, run(0.4, "east", health=EMPTY))
    tell()
    assert messages(hook)[1:] == [f"east: {EMPTY}\nwest: is well again (it was: {EMPTY})"]
    assert {path for path, _ in hook.posts if path.startswith("/ping")} == {"/ping/t0ken"}


def test_who_cannot_be_told_is_told_the_next_hour(state_url: str, hook: Hook) -> None:
    url = queue_url(state_url)
    settings = Settings({"STATE_URL": state_url, "ALERTS": hook.address})
    keep_run(url, run(1, health=EMPTY))
    hook.status = 500
    (sentence,) = tell_of_cluster(url, settings, stalled_after=30)
    assert sentence == "the alert to address 1 (json://) was not sent: it was refused, or nobody answers"
    hook.status = 200
    hook.posts.clear()
    assert tell_of_cluster(url, settings, stalled_after=30) == []
    assert messages(hook) == [f"paper: {EMPTY}"]


def test_a_queue_that_is_gone_is_one_sentence(state_url: str, hook: Hook) -> None:
    settings = Settings({"STATE_URL": state_url, "ALERTS": hook.address})
    (sentence,) = tell_of_cluster("postgresql://a:s3cret@127.0.0.1:1/x", settings, stalled_after=30)
    assert sentence.startswith("nobody was alerted: cannot reach the queue postgresql://a:***@127.0.0.1:1/x")


def worker_of(url: str, data_dir: Path, settings: Settings, name: str) -> Worker:
    options = Options(
        name=name, host=name, url=url, sources=[], slots=1, data_dir=data_dir, given={}, heartbeat=2,
        stalled_after=10, retries=1, grace=1,
    )  # fmt: skip
    return Worker(options, settings, heal=lambda sources: ())


async def _hour(app: Any, timestamp: int) -> None:
    """What the engine of a worker does at a full hour."""
    (task,) = [task for task in app.periodic_registry.periodic_tasks.values() if task.task.name == "tell"]
    assert task.cron == "0 * * * *"
    async with app.open_async():
        await PeriodicDeferrer(app.periodic_registry).defer_jobs([(task, timestamp)])


@pytest.mark.parametrize("is_done", [False, True])
def test_two_workers_queue_one_job_an_hour(state_url: str, tmp_path: Path, hook: Hook, is_done: bool) -> None:
    import asyncio

    url = queue_url(state_url)
    settings = Settings({"STATE_URL": state_url, "ALERTS": hook.address})
    for name in ("w1", "w2"):
        asyncio.run(_hour(worker_of(url, tmp_path, settings, name)._app, 1_800_000_000))
        if is_done:
            with connect(url) as queue:
                queue.execute("DELETE FROM procrastinate_jobs WHERE queue_name = %s", (ALERTS,))
    asyncio.run(_hour(worker_of(url, tmp_path, settings, "w1")._app, 1_800_003_600))
    with connect(url) as queue:
        rows = queue.execute("SELECT args FROM procrastinate_jobs WHERE queue_name = %s", (ALERTS,)).fetchall()
    # While one waits, the next hour has nothing to add to it.
    assert [row["args"]["timestamp"] for row in rows] == [1_800_003_600 if is_done else 1_800_000_000]


def test_a_worker_that_knows_nobody_takes_no_such_job(state_url: str, tmp_path: Path) -> None:
    worker = worker_of(queue_url(state_url), tmp_path, Settings({"STATE_URL": state_url}), "w1")
    assert "tell" not in worker._app.tasks


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_of_the_runs_says_the_same(seed: int, state_url: str) -> None:
    """A hundred days of a source: of its runs the queue keeps a part, from which report draws the same sentences."""
    chance, url = random.Random(seed), queue_url(state_url)
    runs = []
    for number in range(300):
        stored = chance.choice([0, 0, 1, 5, 9])
        is_late = number > 280
        filled = {"title": stored, "authors": 0 if is_late else stored}
        at = run((300 - number) * 8, stored=stored, filled=filled, unchanged=chance.choice([0, 2]), words=stored * 100)
        runs.append(replace(at, changed=[{"title": "سري"}]))
        keep_run(url, runs[-1])
    kept = kept_runs(url)
    assert 50 < len(kept) < 270
    assert all(not each.changed for each in kept)
    (whole,), (part,) = (report(known, now=NOW, days=7) for known in (runs, kept))
    assert any("authors" in sentence for sentence in whole.complaints)
    assert part.complaints == whole.complaints
    silent = [run(hours, source="silent", stored=0) for hours in range(40, 0, -1)]
    for each in silent:
        keep_run(url, each)
    (row,) = [row for row in report(kept_runs(url), now=NOW, days=7) if row.source == "silent"]
    assert row.complaints == ["10 runs brought nothing"]


def test_the_run_of_a_crawl_is_found_among_others(tmp_path: Path) -> None:
    for each in (run(3), run(2, "other"), run(1), run(0.5, "other")):
        each.write(tmp_path)
    (tmp_path / "runs" / f"{NOW:%Y%m%dT%H%M%SZ}-torn.json").write_text("{")
    assert run_since(tmp_path, "paper", NOW - timedelta(hours=2)) == run(1)
    assert run_since(tmp_path, "paper", NOW - timedelta(minutes=30)) is None
    assert run_since(tmp_path / "nowhere", "paper", NOW) is None
    assert len(read_runs(tmp_path)) == 4


@pytest.mark.slow
def test_workers_tell_what_their_crawls_do_not(
    tmp_path: Path, postgres_server: PostgresServer, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    with Press(papers=2, stories=3).served() as press:
        press.broken.add("p01.test")
        cluster = Cluster(tmp_path, postgres_server.new_database(), press, f"ALERTS={hook.address}")
        monkeypatch.setattr(cluster, "environment", lambda: {**Cluster.environment(cluster), "no_proxy": "127.0.0.1"})
        State(cluster.state_url).close()
        make_schema(cluster.queue_url)

        async def an_hour_has_passed() -> None:
            async with new_app(cluster.queue_url).open_async() as app:
                await app.configure_task("tell", queue=ALERTS, lock=ALERTS, queueing_lock=ALERTS).defer_async(
                    timestamp=0
                )

        def is_told() -> bool:
            with connect(cluster.queue_url) as queue:
                return not queue.execute("SELECT FROM procrastinate_jobs WHERE queue_name = %s", (ALERTS,)).fetchall()

        try:
            cluster.work("w1", "--only", "p00")
            cluster.work("w2", "--only", "p01")
            cluster.wait(
                lambda: all(f"{name}: ended with" in cluster.logs() for name in press.names), "the end of both crawls"
            )
            assert messages(hook) == []
            for _ in range(2):
                asyncio.run(an_hour_has_passed())
                cluster.wait(is_told, "the message of the hour")
            (message,) = messages(hook)
            assert message.startswith("p01: none of its 1 listings could be had")
            assert sorted({each.source for each in kept_runs(cluster.queue_url)}) == press.names
            assert "s3cret" not in cluster.logs()
            assert cluster.stop() == {"w1": 0, "w2": 0}
        finally:
            cluster.end()
