"""PostgreSQL stops in the middle of crawls and comes back: crawls end in a sentence, workers go on, nothing is lost or
stored twice."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("procrastinate", reason="the extra `cluster` is not installed")

from newscrawl.cluster.queue import connect, make_schema
from newscrawl.storage.state import State
from tests.cluster.press import Cluster, Press
from tests.patience import PATIENCE, wait_for
from tests.postgres_server import NotInstalledError, PostgresServer

pytestmark = pytest.mark.slow
PAPERS, STORIES = 2, 60
STOPS = pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGQUIT], ids=["in-order", "as-by-a-crash"])


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One of its own: other tests' sessions would end with it."""
    try:
        made = PostgresServer()
    except NotInstalledError as error:
        pytest.skip(str(error))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def cluster(tmp_path: Path, server: PostgresServer) -> Iterator[Cluster]:
    with Press(papers=PAPERS, stories=STORIES, delay=0.05).served() as press:
        made = Cluster(tmp_path, server.new_database(), press, "DOWNLOAD_DELAY=0.1")
        State(made.state_url).close()
        make_schema(made.queue_url)
        yield made
        made.end()


def stored_once(cluster: Cluster) -> bool:
    """Whether each article is stored; none may be stored twice."""
    found = cluster.versions()
    assert set(found.values()) <= {1}, found
    return len(found) == PAPERS * STORIES


def assert_agreed(cluster: Cluster, *hosts: str) -> None:
    for host in hosts:
        healed = cluster.run("state", "heal", host=host)
        assert healed.returncode == 0, healed.stderr
        checked = cluster.run("state", "check", host=host)
        assert checked.returncode == 0, checked.stdout
    assert stored_once(cluster)


@STOPS
def test_a_crawl_ends_in_a_sentence_and_the_next_goes_on(cluster: Cluster, server: PostgresServer, stop: int) -> None:
    words = cluster.words("crawl", "p00", "p01", host="w1")
    with (cluster.directory / "crawl.log").open("wb") as log:
        crawl = subprocess.Popen(words, cwd=cluster.directory, env=cluster.environment(), stdout=log, stderr=log)
    try:
        wait_for(lambda: len(cluster.lines()) >= 20, "twenty lines")
        server.halt(stop)
        assert crawl.wait(PATIENCE) == 1
    finally:
        crawl.kill()
        crawl.wait()
        if server.is_halted:
            server.resume()
    log_text = cluster.logs()
    said = sorted(line for line in log_text.splitlines() if line.startswith("newscrawl: "))
    assert [line.partition(" postgresql")[0] for line in said] == [
        "newscrawl: p00: cannot reach the state",
        "newscrawl: p01: cannot reach the state",
    ], log_text
    assert all(line.endswith("; what was stored before is safe") for line in said)
    assert "Traceback" not in log_text
    before = len(cluster.versions())
    assert 20 <= before < PAPERS * STORIES
    again = cluster.run("crawl", "p00", "p01", host="w1")
    assert again.returncode == 0, again.stderr
    assert_agreed(cluster, "w1")


@STOPS
def test_workers_go_on_when_the_server_is_back(cluster: Cluster, server: PostgresServer, stop: int) -> None:
    cluster.work("w1", "--only", "p00")
    cluster.work("w2", "--only", "p01")
    cluster.wait(lambda: all(len(cluster.lines(host)) >= 10 for host in ("w1", "w2")), "ten lines of each")
    server.halt(stop)
    try:
        cluster.wait(lambda: cluster.logs().count(": ended with 1 ") == 2, "the end of both crawls")
        before = len(cluster.versions())
    finally:
        server.resume()
    assert before < PAPERS * STORIES
    cluster.wait(lambda: stored_once(cluster), "the rest")
    cluster.wait(lambda: cluster.logs().count(": ended with 0 ") == 2, "the end of their crawls")
    with connect(cluster.queue_url) as queue:
        plans = queue.execute("SELECT failures FROM public.plans").fetchall()
    # A server that was gone is no failure of the papers.
    assert [plan["failures"] for plan in plans] == [0, 0]
    assert "Traceback" not in cluster.logs()
    assert cluster.stop() == {"w1": 0, "w2": 0}
    assert_agreed(cluster, "w1", "w2")


def test_a_worker_is_stopped_while_the_server_is_gone(cluster: Cluster, server: PostgresServer) -> None:
    cluster.work("w1", "--only", "p00")
    cluster.wait(lambda: len(cluster.lines()) >= 10, "ten lines")
    server.halt()
    try:
        cluster.wait(lambda: ": ended with 1 " in cluster.logs(), "the end of the crawl")
        assert cluster.stop() == {"w1": 0}
    finally:
        server.resume()
    assert "Traceback" not in cluster.logs()
    cluster.work("w2")
    cluster.work("w1")
    cluster.wait(lambda: len(cluster.versions()) == PAPERS * STORIES, "the rest")
    assert set(cluster.stop().values()) == {0}
    # What is left is one crawl of each paper, and either worker may have been quick enough to take both.
    assert_agreed(cluster, *(host for host in ("w1", "w2") if (cluster.directory / host).exists()))
