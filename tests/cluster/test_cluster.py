"""`newscrawl cluster` on a real PostgreSQL with real workers; what takes minutes is in test_kill.py."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("procrastinate", reason="the extra `cluster` is not installed")

from procrastinate.schema import SchemaManager

from newscrawl.cli.main import main
from newscrawl.cluster import orders
from newscrawl.cluster.queue import OPS, SCHEMA, check_schema, connect, make_schema, queue_of
from newscrawl.cluster.status import read_status
from newscrawl.storage.errors import StorageError
from newscrawl.storage.state import State
from tests.cluster.press import Cluster, Press

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer


@pytest.fixture
def press() -> Iterator[Press]:
    with Press(papers=2, stories=4).served() as served:
        yield served


@pytest.fixture
def cluster(tmp_path: Path, postgres_server: PostgresServer, press: Press) -> Iterator[Cluster]:
    made = Cluster(tmp_path, postgres_server.new_database(), press)
    yield made
    made.end()


@pytest.fixture(scope="module")
def queue(postgres_server: PostgresServer) -> str:
    """The URL of a state with a queue."""
    url = postgres_server.new_database()
    State(url).close()
    make_schema(url.replace("+psycopg", ""))
    return url


@pytest.mark.slow
def test_two_workers_crawl_what_is_due(cluster: Cluster, press: Press) -> None:
    url, settings = cluster.queue_url, cluster.settings
    State(cluster.state_url).close()
    assert make_schema(url) == "made"
    press.broken.add("p01.test")
    cluster.work("w1", "--concurrency", "2", "--only", "p00")
    cluster.work("w2", "--concurrency", "1", "--only", "p01,eg/p01")
    cluster.wait(lambda: all(f"{name}: ended with" in cluster.logs() for name in press.names), "the end of both crawls")
    found = cluster.wait(
        lambda: (now := read_status(url, settings, stalled_after=30))["waiting"] and now, "the jobs' end"
    )
    assert [line["source"] for line in cluster.lines()] == ["p00"] * 4
    assert {worker["host"]: worker["slots"] for worker in found["workers"]} == {"w1": 2, "w2": 1}
    assert (found["articles_an_hour"], found["crawls_an_hour"]) == (4, 2)
    (failed,) = found["failed"]
    assert (failed["source"], failed["failures"]) == ("p01", 1)
    assert failed["sentence"].startswith("p01: none of its 1 listings could be had (http-503 1)")
    assert [row["source"] for row in found["waiting"]] == ["p01"]

    # A person says that it is mended.
    press.broken.clear()
    assert orders.failed(settings) == ["p01"]
    asyncio.run(orders.retry(url, settings, ["p01"]))
    cluster.wait(lambda: cluster.logs().count(": ended with 0") == 2, "the end of the third crawl")
    assert cluster.stop() == {"w1": 0, "w2": 0}
    assert "dead" not in cluster.logs()
    assert set(cluster.versions().values()) == {1}
    assert len(cluster.lines()) == 8

    asyncio.run(orders.enqueue(url, ["p00"]))
    asyncio.run(orders.pause(url, settings, ["p00"]))
    found = read_status(url, settings, stalled_after=30)
    assert (found["workers"], found["failed"], found["waiting"], found["paused"]) == ([], [], [], ["p00"])
    assert found["next"]["source"] == "p01"
    orders.resume(settings, ["p00"])
    assert read_status(url, settings, stalled_after=30)["paused"] == []


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["cluster"], 2, "newscrawl cluster init, worker, status, enqueue, pause, resume, retry?"),
        (["cluster", "start"], 2, "newscrawl cluster init, worker, status, enqueue, pause, resume, retry?"),
        (["cluster", "enqueue"], 2, "which source?"),
        (["cluster", "enqueue", "p0"], 2, "there is no source 'p0'; did you mean p00?"),
        (["cluster", "status", "p00"], 2, "there is nothing to do with 'p00'"),
        (["cluster", "worker", "--only", "xx/*"], 2, "--only xx/*: there is no such source"),
        (["cluster", "worker", "--concurrency", "0"], 2, "--concurrency 0 is no number of crawls"),
        (["cluster", "status", "-s", "STATE_URL=sqlite:///x.sqlite"], 2, "machines share a state in PostgreSQL, and "),
        (["cluster", "init", "-s", "STATE_URL=postgresql://a:secret@127.0.0.1:1/x"], 1, "cannot reach the state postg"),
        (["cluster", "status", "-s", "STATE_URL=postgresql://a:secret@127.0.0.1:1/x"], 1, "cannot reach the queue pos"),
        (["cluster", "status", "-s", "CLUSTER_URL=mysql://a/b"], 2, "CLUSTER_URL mysql://a/b is no PostgreSQL"),
        (["cluster", "worker", "-s", "CLUSTER_HEARTBEAT=0"], 2, "CLUSTER_HEARTBEAT is '0'; expected: a whole number"),
    ],
)
def test_mistakes_are_told_in_one_sentence(
    words: list[str],
    code: int,
    sentence: str,
    queue: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cluster = Cluster(tmp_path, queue, Press(papers=1, stories=0))
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    monkeypatch.syspath_prepend(tmp_path)
    # What comes last counts.
    arguments = [*cluster.words()[3:], *words]
    monkeypatch.setattr(sys, "argv", ["newscrawl", *words[:1], *arguments[: -len(words)], *words[1:]])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr()
    assert (left.value.code, told.out) == (code, "")
    assert len(told.err.splitlines()) == 1, told.err
    assert told.err.startswith(f"newscrawl: {sentence}")
    assert "secret" not in told.err


def test_without_the_extra_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    monkeypatch.setattr(sys, "argv", ["newscrawl", "cluster", "init"])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr()
    assert (left.value.code, told.out) == (2, "")
    assert told.err == "newscrawl: cluster needs procrastinate: pip install 'procrastinate>=3' 'psycopg[binary]>=3.2'\n"


def test_an_older_queue_is_brought_up_to_date(postgres_server: PostgresServer) -> None:
    """One that Procrastinate 3.1 made becomes what a new one is."""
    shapes = []
    for release in (None, "3.1.0"):
        url = postgres_server.new_database().replace("+psycopg", "")
        if release is not None:
            with connect(url) as old:
                old.execute(f"CREATE SCHEMA {SCHEMA}")
                for step in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
                    if step.name < "03.02":
                        old.execute(step.read_bytes())
                old.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'procrastinate {release}'")
            with pytest.raises(StorageError, match=r"is of Procrastinate 3.1.0: run newscrawl cluster init"):
                check_schema(url)
        assert make_schema(url) == ("made" if release is None else "brought up to date")
        assert make_schema(url) == "up to date"
        check_schema(url)
        with connect(url) as queue:
            shapes.append(
                (
                    queue.execute(
                        "SELECT table_name, column_name, data_type FROM information_schema.columns "
                        "WHERE table_schema = %s ORDER BY 1, 2",
                        (SCHEMA,),
                    ).fetchall(),
                    queue.execute(
                        "SELECT proname, pg_get_function_arguments(oid) AS arguments FROM pg_proc "
                        "WHERE pronamespace = to_regnamespace(%s) ORDER BY 1, 2",
                        (SCHEMA,),
                    ).fetchall(),
                )
            )
            queue.execute(f"COMMENT ON SCHEMA {SCHEMA} IS 'procrastinate 99.0.0'")
        with pytest.raises(StorageError, match=r"is of Procrastinate 99.0.0, and .* is installed"):
            check_schema(url)
    new, old_shape = shapes
    assert old_shape == new


_NAMES = st.text("abz09_", min_size=1, max_size=80)


@given(_NAMES, _NAMES)
def test_every_source_has_a_queue_of_its_own(one: str, other: str) -> None:
    """Whose channel PostgreSQL can name."""
    assert len(f"procrastinate_queue_v1#{queue_of(one)}") <= 63
    assert (queue_of(one) == queue_of(other)) == (one == other)
    assert queue_of(one) != OPS
