"""Statements that go past SQLAlchemy, in SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from newscrawl.storage import StorageError
from newscrawl.storage.database import guarded, open_engine, writing
from newscrawl.storage.direct import Direct
from newscrawl.storage.migrations import SCHEMA_VERSION


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
