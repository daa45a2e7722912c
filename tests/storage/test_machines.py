"""What machines that share a state do about each other's files: lines stored twice, files that are lost."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.items import Article
from newscrawl.storage import Session, State, StorageError, elsewhere, read_articles
from newscrawl.storage.append import PART
from newscrawl.storage.audit import check_source, holding
from newscrawl.storage.elsewhere import drop_lines_stored_elsewhere
from newscrawl.storage.errors import HeldError, UnreachableError
from newscrawl.storage.findings import Audit
from newscrawl.storage.jsonl import logical_name
from newscrawl.storage.plans import Plan, PlanTable
from newscrawl.storage.reconcile import hosts, lost_files, make_due
from newscrawl.storage.schema import files

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def article(number: int, version: int = 1) -> Article:
    seen = NOW.isoformat()
    return Article(
        id=f"{number:016x}",
        version=version,
        source="paper",
        publisher="الصحيفة",
        country="EG",
        url=f"https://paper.test/{number}",
        title=f"خبر {number}",
        body="نص",
        content_hash=f"{number * 100 + version:032x}",
        first_seen_at=seen,
        fetched_at=seen,
    )


def store(session: Session, *articles: Article, commit: bool = True) -> None:
    """As the last pipeline does."""
    for each in articles:
        file = session.articles.write(each)
        if commit:
            session.state.done(
                "paper", each.id, url=each.url, now=NOW, content_hash=each.content_hash, version=each.version,
                file=file, first_seen=NOW, published=None,
            )  # fmt: skip
    session.state.commit()


def die(session: Session) -> None:
    """As by kill -9: nothing is sealed, and the server takes the claim back."""
    session.state._staged.clear()
    session.state.engine.dispose()
    session.state._reader.invalidate()
    session.state._reader.close()
    session._lock.release()


def stored(data: Path) -> list[tuple[str, int]]:
    found = read_articles(sorted(data.rglob("articles/**/*.jsonl*")))
    return sorted((each.id[-2:], each.version) for each in found)


@pytest.fixture
def session(tmp_path: Path, postgres_server: object) -> Callable[..., Session]:
    url = postgres_server.new_database()  # type: ignore[attr-defined]

    def opened(host: str, **more: bool) -> Session:
        return Session("paper", tmp_path / host, state_url=url, host=host, **more)

    return opened


@pytest.mark.parametrize("compress", [False, True])
def test_lines_that_an_heir_stored_are_left_out_when_the_dead_run_is_healed(
    session: Callable[..., Session], tmp_path: Path, compress: bool
) -> None:
    dead = session("w1")
    store(dead, article(1), article(2))
    store(dead, article(3), article(4), article(5, 1), commit=False)
    die(dead)
    heir = session("w2")
    assert (heir.elsewhere, heir.healed) == (0, [])
    # Of what the state did not know, the heir meets 3, 4 as it was, and 5 in a later version.
    store(heir, article(3), article(4), article(5, 2))
    heir.close()
    back = session("w1", compress=compress)
    assert back.elsewhere == 2
    assert len(back.healed) == 1
    back.close()
    assert stored(tmp_path / "w1") == [("01", 1), ("02", 1), ("05", 1)]
    assert stored(tmp_path / "w2") == [("03", 1), ("04", 1), ("05", 2)]
    assert [path.suffix for path in tmp_path.rglob("w1/articles/**/*.jsonl*")] == [".zst" if compress else ".jsonl"]
    again = session("w1")
    assert (again.elsewhere, again.healed) == (0, [])
    again.close()


@pytest.mark.parametrize("compress", [False, True])
def test_a_file_that_was_sealed_just_before_the_kill_is_healed_as_well(
    session: Callable[..., Session], tmp_path: Path, compress: bool
) -> None:
    dead = session("w1", compress=compress)
    store(dead, article(1), article(2), commit=False)
    dead.articles.seal()
    die(dead)
    heir = session("w2")
    store(heir, article(2))
    heir.close()
    back = session("w1", compress=compress)
    assert back.elsewhere == 1
    back.close()
    assert stored(tmp_path / "w1") == [("01", 1)]
    assert not list(tmp_path.rglob(f"*{PART}"))


def test_a_full_disk_loses_nothing_of_what_was_left(
    session: Callable[..., Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = session("w1")
    store(dead, article(1), article(2), commit=False)
    die(dead)
    heir = session("w2")
    store(heir, article(1))
    heir.close()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(elsewhere, "write_blocks", full)
        with pytest.raises(StorageError, match=r"cannot heal .*: the disk is full"):
            session("w1")
    back = session("w1")
    assert back.elsewhere == 1
    back.close()
    assert stored(tmp_path / "w1") == [("02", 1)]


def test_a_file_whose_every_line_is_elsewhere_goes(session: Callable[..., Session], tmp_path: Path) -> None:
    dead = session("w1")
    store(dead, article(1), commit=False)
    die(dead)
    heir = session("w2")
    store(heir, article(1))
    heir.close()
    back = session("w1")
    assert (back.elsewhere, back.healed) == (1, [])
    back.close()
    assert not list(tmp_path.rglob("w1/articles/**/*.jsonl*"))


lines = st.lists(st.sampled_from([b"\n", b"{}\n", b"[]\n", b'{"id": 3, "version": 1}\n', b'{"id": "zz"}\n', b"\x00\n"]))


@settings(max_examples=20)
@given(lines, st.binary(max_size=20))
def test_what_is_no_record_is_left_to_the_healing(tmp_path: Path, whole: list[bytes], torn: bytes) -> None:
    data = tmp_path / "data"
    part = data / "articles" / "source=paper" / "date=2026-11-30" / f".run.jsonl{PART}"
    part.parent.mkdir(parents=True, exist_ok=True)
    text = b"".join(whole) + torn.replace(b"\n", b"")
    part.write_bytes(text)
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    assert drop_lines_stored_elsewhere(state, data, "paper") == 0
    assert part.read_bytes() == text
    state.close()


def test_articles_of_a_lost_disk_are_due_again_under_the_same_version(
    session: Callable[..., Session], tmp_path: Path
) -> None:
    first = session("w1")
    store(first, article(1), article(2))
    first.close()
    second = session("w2")
    store(second, article(2, 2), article(3))
    second.close()
    state = session("w1").state
    PlanTable(state).put("paper", Plan(due=NOW + timedelta(days=300), step=timedelta(hours=1)))
    assert hosts(state) == {"w1": 1, "w2": 1}
    assert lost_files(state, tmp_path / "w1") == {}
    lost = lost_files(state, tmp_path / "w1", host="w2")
    assert make_due(state, "paper", lost["paper"], now=NOW) == 2
    rows = [state.get("paper", f"{number:016x}") for number in (1, 2, 3)]
    assert [(row.status, row.version, row.content_hash is None) for row in rows if row] == [
        ("done", 1, False),
        ("pending", 1, True),
        ("pending", 0, True),
    ]
    assert {row.id[-2:] for row in state.due("paper", now=NOW)} == {"02", "03"}
    # What is fetched at once again has no failure behind it, and is not put off for one.
    assert [row.attempts for row in rows if row] == [0, 0, 0]
    plan = PlanTable(state).get("paper")
    assert plan is not None
    assert plan.due == NOW
    assert hosts(state) == {"w1": 1}


def test_of_a_damaged_file_only_what_it_has_no_more_is_due_again(tmp_path: Path) -> None:
    run = Session("paper", tmp_path)
    store(run, article(1, 2), article(2, 2), article(3))
    run.close()
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    (path,) = tmp_path.rglob("*.jsonl")
    name = logical_name(path, tmp_path)
    kept = {f"{1:016x}": 2, f"{2:016x}": 1}
    assert [state.get("paper", f"{number:016x}").version for number in (1, 2, 3)] == [2, 2, 1]  # type: ignore[union-attr]
    with holding(state, tmp_path, "paper"):
        assert make_due(state, "paper", [name], now=NOW, kept=kept) == 2
    rows = [state.get("paper", f"{number:016x}") for number in (1, 2, 3)]
    assert [(row.status, row.version) for row in rows if row] == [("done", 2), ("pending", 1), ("pending", 0)]
    assert name in state.indexed_files("paper")
    state.close()


def test_what_was_stored_a_moment_ago_is_lost_with_its_file_too(tmp_path: Path) -> None:
    run, made = Session("paper", tmp_path), article(1)
    store(run, made, commit=False)
    (part,) = tmp_path.rglob("*.jsonl.part")
    run.state.done(
        "paper", made.id, url=made.url, now=NOW, content_hash=made.content_hash, version=1,
        file=logical_name(part, tmp_path), first_seen=NOW, published=None,
    )  # fmt: skip
    # The row is still in memory.
    assert make_due(run.state, "paper", [logical_name(part, tmp_path)], now=NOW) == 1
    row = run.state.get("paper", f"{1:016x}")
    assert row is not None
    assert row.status == "pending"
    run.close()


def test_only_what_is_nowhere_is_lost(session: Callable[..., Session], tmp_path: Path) -> None:
    run = session("w1")
    store(run, article(1))
    run.articles.seal()
    store(run, article(2))
    run.close()
    sealed = sorted((tmp_path / "w1").rglob("*.jsonl"))
    assert len(sealed) == 2
    sealed[0].unlink()
    state = session("w1").state
    (names,) = lost_files(state, tmp_path / "w1").values()
    assert [Path(name).name for name in names] == [sealed[0].name]
    with state.changing() as connection:
        connection.execute(files.update().values(shipped_at=1))
    assert lost_files(state, tmp_path / "w1") == {}


def test_a_lost_file_of_a_single_machine(tmp_path: Path) -> None:
    run = Session("paper", tmp_path)
    store(run, article(1))
    run.close()
    (sealed,) = tmp_path.rglob("*.jsonl")
    sealed.unlink()
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    # As schema 1 left it.
    with state.changing() as connection:
        connection.execute(files.update().values(host=sa.null()))
    assert lost_files(state, tmp_path, host="another") == {}
    (names,) = lost_files(state, tmp_path).values()
    with holding(state, tmp_path, "paper"):
        assert make_due(state, "paper", names, now=NOW) == 1
    state.close()


def test_a_rebuild_leaves_what_other_machines_stored(session: Callable[..., Session], tmp_path: Path) -> None:
    for host, number in (("w1", 1), ("w2", 2)):
        run = session(host)
        store(run, article(number))
        run.close()
    state = session("w1").state
    state.forget("paper")
    rows = [state.get("paper", f"{number:016x}") for number in (1, 2)]
    assert [row and row.version for row in rows] == [None, 1]


def test_a_source_is_held_on_every_machine(session: Callable[..., Session], tmp_path: Path) -> None:
    run = session("w1")
    url = run.state.url
    state = State(url)
    with pytest.raises(HeldError), holding(state, tmp_path / "w2", "paper"):
        pass
    run.close()
    with holding(state, tmp_path / "w2", "paper"), pytest.raises(HeldError):
        session("w1")
    session("w1").close()
    state.close()


def test_a_run_after_a_kill_waits_until_the_server_has_noticed(
    session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = [session("w1")]

    def wait(seconds: float) -> None:
        if killed:
            die(killed.pop())
        time.sleep(seconds)

    monkeypatch.setattr("newscrawl.storage.claims.time", SimpleNamespace(sleep=wait))
    session("w2").close()
    assert not killed


def test_a_check_tells_whose_articles_lie_elsewhere(session: Callable[..., Session], tmp_path: Path) -> None:
    for host, number in (("w1", 1), ("w2", 2), ("w2", 3), ("w3", 4)):
        run = session(host)
        store(run, article(number))
        run.close()
    run = session("w2")
    store(run, article(1, 2))
    url = run.state.url
    run.close()
    state, audit = State(url, host="w1"), Audit()
    check_source(state, tmp_path / "w1", "paper", audit)
    assert (audit.clean, audit.counts, audit.rows) == (True, {}, 4), audit
    assert audit.hosts == {"w2": 3, "w3": 1}
    # What this machine should have and has not is missing all the same.
    for path in (tmp_path / "w3").rglob("*.jsonl"):
        path.unlink()
    state, audit = State(url, host="w3"), Audit()
    check_source(state, tmp_path / "w3", "paper", audit)
    assert (dict(audit.counts), audit.hosts) == ({"missing": 1}, {"w2": 3})


def test_a_check_finds_what_two_machines_have(session: Callable[..., Session], tmp_path: Path) -> None:
    for host in ("w1", "w2"):
        run = session(host)
        store(run, article(1))
        run.close()
        url = run.state.url
    state, audit = State(url, host="w1"), Audit()
    check_source(state, tmp_path / "w1", "paper", audit)
    assert audit.examples["twice"] == [f"{1:016x} version 1 of paper, here and on w2"]


def test_a_run_whose_claim_was_cut_writes_no_rows_over_those_of_the_next(session: Callable[..., Session]) -> None:
    cut = session("w1")
    store(cut, article(1))
    with cut.state.changing() as connection:
        # Advisory locks are of a database.
        query = (
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 6113 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert connection.exec_driver_sql(query).all() == [(True,)]
    heir = session("w2")
    store(heir, article(2))
    file = cut.articles.write(article(2))
    row = replace(heir.state.get("paper", article(2).id), file=file)  # type: ignore[type-var]
    cut.state._staged["paper", row.id] = row
    with pytest.raises(UnreachableError, match=r"cannot reach the state .*: the connection that held paper was cut"):
        cut.state.commit()
    with pytest.raises(UnreachableError):
        cut.close()
    heir.state.forget_recent()
    kept = heir.state.get("paper", article(2).id)
    assert kept is not None
    assert kept.file != file
    heir.close()
    back = session("w1")
    assert back.elsewhere == 1
    back.close()


def test_a_peer_that_is_gone_without_a_word_is_noticed(session: Callable[..., Session]) -> None:
    """By the server, which holds the source of a machine that lost its power, and by the crawl."""
    state = session("w1").state
    with state.reading() as connection:
        shown = [
            connection.exec_driver_sql(f"SHOW tcp_keepalives_{name}").scalar() for name in ("idle", "interval", "count")
        ]
        driver: Any = connection.connection.driver_connection
        line = socket.socket(fileno=os.dup(driver.pgconn.socket))
    assert shown == ["30", "10", "3"]
    with line:
        asked = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert [line.getsockopt(socket.IPPROTO_TCP, option) for option in asked] == [30, 10, 3, 60_000]


def test_the_user_may_set_other_keepalives(postgres_server: PostgresServer) -> None:
    state = State(f"{postgres_server.new_database()}?keepalives_idle=7")
    with state.reading() as connection:
        driver: Any = connection.connection.driver_connection
        line = socket.socket(fileno=os.dup(driver.pgconn.socket))
    with line:
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 7
    state.close()
