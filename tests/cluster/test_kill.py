"""Workers that are killed, stopped, or lose their disk or their connection: nothing is lost, nothing stored twice.

Real processes on a real PostgreSQL; what is waited for is seen on the disk or in the log of crawls, never in time.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("procrastinate", reason="the extra `cluster` is not installed")

import sqlalchemy as sa

from newscrawl.cluster.ledger import LOST
from newscrawl.cluster.queue import connect, make_schema
from newscrawl.storage.state import State
from tests.cluster.press import Cluster, Press
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.slow
PAPERS, STORIES = 12, 60


@pytest.fixture
def press() -> Iterator[Press]:
    with Press(papers=PAPERS, stories=STORIES, delay=0.05).served() as served:
        yield served


@pytest.fixture
def cluster(tmp_path: Path, postgres_server: PostgresServer, press: Press) -> Iterator[Cluster]:
    made = Cluster(tmp_path, postgres_server.new_database(), press, "DOWNLOAD_DELAY=0.1")
    State(made.state_url).close()
    make_schema(made.queue_url)
    yield made
    made.end()


def crawls(cluster: Cluster) -> list[dict[str, Any]]:
    with connect(cluster.queue_url) as queue:
        return queue.execute("SELECT * FROM newscrawl_crawls ORDER BY source, began").fetchall()


def all_done(cluster: Cluster) -> bool:
    """Whether each paper has had a crawl that went well, and none is under way."""
    rows = crawls(cluster)
    well = {row["source"] for row in rows if row["code"] == 0}
    return len(well) == cluster.press.papers and all(row["ended"] for row in rows)


def committed_rows(cluster: Cluster, host: str) -> int:
    """How many articles the state calls stored in a machine's files."""
    query = "SELECT count(*) AS n FROM public.urls u JOIN public.files f ON f.id = u.file_id WHERE f.host = %s"
    with connect(cluster.queue_url) as state:
        (found,) = state.execute(query, (host,)).fetchall()
    return int(found["n"])


def begin_and_kill_one(cluster: Cluster) -> float:
    """Three workers; the second is killed with its crawls in the middle. How long until another goes on, in seconds."""
    for host in ("w1", "w2", "w3"):
        cluster.work(host, "--concurrency", "4" if host == "w2" else "5")
    # In the middle of a batch: rows of some lines are committed, those of others are not.
    cluster.wait(
        lambda: 20 <= committed_rows(cluster, "w2") <= len(cluster.lines("w2")) - 8,
        "a batch of the second worker, and a half",
    )
    with connect(cluster.queue_url) as queue:
        (killed_at,) = queue.execute("SELECT clock_timestamp() AS now").fetchone().values()  # type: ignore[union-attr]
    cluster.kill("w2")
    assert any(cluster.directory.joinpath("w2").rglob("*.jsonl.part"))
    cluster.wait(lambda: all_done(cluster), "the end of all crawls")
    rows = crawls(cluster)
    orphaned = {row["source"] for row in rows if row["sentence"] == LOST}
    assert orphaned
    heirs = [row["began"] for row in rows if row["source"] in orphaned and row["began"] > killed_at]
    return float((min(heirs) - killed_at).total_seconds())


def test_a_killed_worker_costs_no_article(cluster: Cluster, press: Press) -> None:
    waited = begin_and_kill_one(cluster)
    assert waited <= 20
    before = cluster.versions()
    assert len(before) == PAPERS * STORIES
    twice = sum(count > 1 for count in before.values())

    # The machine comes back, and seals what its crawls left.
    cluster.work("w2")
    log = cluster.directory / "w2.log"
    cluster.wait(lambda: log.read_text().count("at work") == 2, "the healing")
    assert not any(cluster.directory.joinpath("w2").rglob("*.part"))
    assert cluster.stop() == {"w1": 0, "w2": 0, "w3": 0}
    after = cluster.versions()
    assert len(after) == PAPERS * STORIES
    assert set(after.values()) == {1}
    print(f"an heir after {waited:.1f} s; {twice} of {len(before)} were stored twice until they were healed")

    for former, latter in pairwise(crawls(cluster)):
        assert former["source"] != latter["source"] or former["ended"] <= latter["began"]
    # Every article was asked for once, or twice where the crawl was killed.
    asked = Counter({path: count for path, count in press.asked.items() if "/news/" in path})
    assert len(asked) == PAPERS * STORIES
    assert max(asked.values()) <= 2
    healed = cluster.run("state", "heal", host="w2")
    assert (healed.returncode, healed.stdout) == (0, ""), healed.stderr


def test_a_lost_disk_is_made_good(cluster: Cluster) -> None:
    begin_and_kill_one(cluster)
    living = len(cluster.versions("w1", "w3"))
    assert living < PAPERS * STORIES
    lost = cluster.run("state", "reconcile", "--lost", "w2", host="w1")
    assert lost.returncode == 0, lost.stderr
    assert lost.stdout.endswith(f" files are lost; {PAPERS * STORIES - living} articles are due again\n")
    again = cluster.run("state", "reconcile", "--lost", "w2", host="w1")
    assert again.returncode == 2
    assert "the state knows no files of a machine 'w2'; it knows those of w1, w3" in again.stderr
    cluster.wait(lambda: len(cluster.versions("w1", "w3")) == PAPERS * STORIES, "the lost articles")
    assert set(cluster.versions("w1", "w3").values()) == {1}
    assert cluster.stop() == {"w1": 0, "w3": 0}


def cut_claims(cluster: Cluster) -> int:
    """As a network does that breaks: the sessions that hold sources are ended; how many."""
    engine = sa.create_engine(cluster.state_url)
    with engine.connect() as connection:
        query = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND classid = 6113"
        ended = int(connection.exec_driver_sql(query).scalar_one())
    engine.dispose()
    return ended


def test_a_cut_claim_ends_the_crawl(cluster: Cluster) -> None:
    cluster.work("w1", "--concurrency", "1", "--only", "p00")
    cluster.wait(lambda: len(cluster.lines()) >= 20, "twenty lines")
    assert cut_claims(cluster) == 1
    cluster.wait(lambda: [row["code"] for row in crawls(cluster)][:1] == [1], "the end of the crawl")
    (first, *_) = crawls(cluster)
    assert first["sentence"].startswith("p00: cannot reach the state ")
    # It is crawled again at once, by whichever worker is quicker.
    cluster.work("w2", "--concurrency", "1", "--only", "p00")
    cluster.wait(lambda: crawls(cluster)[-1]["code"] == 0, "the end of the second crawl")
    cluster.stop()
    for host in {row["worker"].partition(":")[0] for row in crawls(cluster)}:
        assert cluster.run("state", "heal", host=host).returncode == 0
    assert set(cluster.versions().values()) == {1}
    assert len(cluster.versions()) == STORIES


def children(parent: int) -> list[int]:
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and (status := _stat(entry)) and int(status[1]) == parent
    ]


def _stat(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def test_crawls_die_with_their_worker(cluster: Cluster) -> None:
    worker = cluster.work("w1", "--concurrency", "2")
    cluster.wait(lambda: len(cluster.lines()) >= 4, "four lines")
    young = children(worker.pid)
    assert len(young) == 2
    # The worker alone, not its group.
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    cluster.workers.clear()
    cluster.wait(lambda: not any(_stat(Path("/proc", str(pid)))[:1] not in ([], ["Z"]) for pid in young), "their end")


def test_a_stopped_worker_lets_its_crawls_end(cluster: Cluster) -> None:
    worker = cluster.work("w1", "--concurrency", "1", "--only", "p00")
    cluster.work("w2", "--concurrency", "1", "--only", "p01")
    cluster.wait(lambda: len(cluster.lines("w1")) >= 5 and len(cluster.lines("w2")) >= 5, "five lines of each")
    # Told twice, the second ends its crawl at once, in order.
    for _ in range(2):
        cluster.workers["w2"].terminate()
        cluster.wait(lambda: "stopping; 1 crawls" in (cluster.directory / "w2.log").read_text(), "the first word")
    assert cluster.workers.pop("w2").wait(PATIENCE) == 0
    cut = len(cluster.lines("w2"))
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    cluster.workers.clear()
    assert len(cluster.lines("w1")) == STORIES
    assert 5 <= cut < STORIES
    rows = {row["source"]: row for row in crawls(cluster)}
    assert rows["p00"]["code"] == 0
    assert (rows["p01"]["code"], "stopped before the end" in rows["p01"]["sentence"]) == (1, True)
    assert not any(cluster.directory.rglob("*.part"))

    # Its job waits for another worker, which goes on where it was.
    cluster.work("w3", "--only", "p01")
    cluster.wait(lambda: len(cluster.versions()) == 2 * STORIES, "the rest")
    assert set(cluster.versions().values()) == {1}
