"""Statements that go past SQLAlchemy, in SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from newscrawl.storage import StorageError
from newscrawl.storage.database import _enter_wal, guarded, open_engine, writing
from newscrawl.storage.direct import Direct
from newscrawl.storage.migrations import SCHEMA_VERSION

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer


@pytest.fixture
def engine(state_url: str) -> Iterator[sa.Engine]:
    opened = open_engine(state_url)
    yield opened
    opened.dispose()


def notes(engine: sa.Engine, like: str) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        rows = Direct(connection).rows("SELECT key, value FROM meta WHERE key LIKE ? ORDER BY key", (like,))
        return [tuple(row) for row in rows]


PUT = "INSERT INTO meta (key, value) VALUES (?, ?)"


def put_and_fail(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        Direct(connection).change(PUT, [("a1", "lost")])
        raise KeyError


def test_a_transaction_that_may_write_takes_the_lock_at_its_start(tmp_path: Path) -> None:
    """One that read first would fail as soon as another wrote in between."""
    engine = open_engine(f"sqlite:///{tmp_path / 'state.sqlite'}")
    with closing(sqlite3.connect(tmp_path / "state.sqlite", timeout=0, isolation_level=None)) as other:
        with engine.connect() as connection, connection.begin():
            other.execute("BEGIN IMMEDIATE")
            other.execute("COMMIT")
        with writing(engine), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
    engine.dispose()


class _Busy:
    """A connection on which the journal cannot be changed for a while."""

    def __init__(self, refusals: int, why: str = "database is locked") -> None:
        self.refusals = refusals
        self.why = why
        self.mode = "delete"

    def execute(self, statement: str) -> _Busy:
        if "=" in statement:
            if self.refusals:
                self.refusals -= 1
                raise sqlite3.OperationalError(self.why)
            self.mode = "wal"
        return self

    def fetchone(self) -> tuple[str]:
        return (self.mode,)


def test_two_runs_may_change_the_journal_at_once() -> None:
    """SQLite does not wait there for as long as it was told to wait for a lock."""
    connection = _Busy(3)
    _enter_wal(connection, 60)
    assert (connection.mode, connection.refusals) == ("wal", 0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _enter_wal(_Busy(10_000), -1)
    broken = _Busy(2, "disk I/O error")
    with pytest.raises(sqlite3.OperationalError, match="I/O"):
        _enter_wal(broken, 60)
    assert broken.refusals == 1


def test_a_server_learns_that_we_are_gone(postgres_server: PostgresServer) -> None:
    """What is set outlives the transactions in which others are rolled back."""
    engine = open_engine(postgres_server.new_database())
    # The second, for the first has made the tables and with them committed.
    with engine.connect(), engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        connection.rollback()
        assert connection.scalar(sa.text("SHOW tcp_keepalives_idle")) == "30"
    engine.dispose()


def test_changes_belong_to_the_transaction(engine: sa.Engine) -> None:
    with pytest.raises(KeyError):
        put_and_fail(engine)
    with writing(engine) as connection:
        Direct(connection).change(PUT, [("a2", "kept"), ("a3", "خبر")])
        Direct(connection).change(PUT, [])
    assert notes(engine, "a_") == [("a2", "kept"), ("a3", "خبر")]


def test_one_row_or_none(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        direct = Direct(connection)
        assert direct.row("SELECT value FROM meta WHERE key = ?", ("schema",))[0] == str(SCHEMA_VERSION)
        assert direct.row("SELECT value FROM meta WHERE key = ?", (None,)) is None


def test_only_sqlite_is_in_this_process(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert Direct(connection).embedded == (engine.dialect.name == "sqlite")


def test_errors_of_both_databases_are_storage_errors(engine: sa.Engine) -> None:
    heard: list[StorageError] = []
    guard = guarded("here", heard.append)
    with engine.connect() as connection:
        direct = Direct(connection)
        for _ in range(2):
            with pytest.raises(StorageError, match="the state here fails") as raised, guard:
                direct.rows("SELECT * FROM nothing")
            assert heard.pop() is raised.value
            connection.rollback()
    with pytest.raises(KeyError), guard:
        raise KeyError
    assert not heard
