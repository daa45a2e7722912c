"""A state of schema 1 becomes what a new state is, and keeps what it knew; schema_1/ holds the tables of 0.1.0."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from newscrawl.storage import State, StorageError, migrations
from newscrawl.storage.database import open_engine, writing
from newscrawl.storage.rows import id_number, id_text
from newscrawl.storage.schema import meta, metadata
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FILE = "articles/source=paper/date=2026-11-22/run.jsonl"
ROWS = (
    "INSERT INTO meta VALUES ('schema', '1'), ('fold paper', '1'), ('recurring-lines:paper', '{}')",
    "INSERT INTO sources VALUES (1, 'paper')",
    f"INSERT INTO files VALUES (1, 1, '{FILE}', TRUE)",
    "INSERT INTO urls VALUES (1, 1, 'https://paper.test/1', 'id=1', 'done', 1795300000, 1795300000, NULL, 1795300000,"
    " 1795300000, 0, NULL, NULL, NULL, 1, 1, NULL, NULL, NULL), (1, -5, 'https://paper.test/5', NULL, 'pending',"
    ' 1795300000, NULL, 1795300000, NULL, 1795300000, 0, NULL, NULL, NULL, 0, NULL, NULL, NULL, \'{"title": "a"}\')',
)


def make_schema_1(url: str) -> None:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
    script = (Path(__file__).parent / "schema_1" / f"{engine.dialect.name}.sql").read_text()
    with engine.begin() as connection:
        for statement in (*script.split(";"), *ROWS):
            if statement.strip():
                connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def old(state_url: str) -> str:
    make_schema_1(state_url)
    return state_url


def shape(engine: sa.Engine) -> dict[str, Any]:
    """Of every table: columns with type, null, key; indexes. SQLite's INTEGER and BIGINT are one."""
    inspector = sa.inspect(engine)

    def kind(column: Any) -> str:
        text = str(column["type"])
        return "INTEGER" if engine.dialect.name == "sqlite" and text == "BIGINT" else text

    def where(index: Any) -> str:
        return " ".join(str(text) for text in index["dialect_options"].values())

    return {
        table: {
            "columns": {c["name"]: (kind(c), c["nullable"]) for c in inspector.get_columns(table)},
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted(str(u["column_names"]) for u in inspector.get_unique_constraints(table)),
            "indexes": sorted(
                (str(i["name"]), tuple(i["column_names"]), where(i)) for i in inspector.get_indexes(table) if i["name"]
            ),
        }
        for table in inspector.get_table_names()
        if table in metadata.tables
    }


@pytest.fixture
def new(old: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    if old.startswith("postgresql"):
        url = request.getfixturevalue("postgres_server").new_database()
    engine = open_engine(url)
    yield engine
    engine.dispose()


def test_a_migrated_state_has_the_tables_of_a_new_one(old: str, new: sa.Engine) -> None:
    migrated = open_engine(old)
    assert shape(migrated) == shape(new)
    assert set(shape(new)) == set(metadata.tables)
    migrated.dispose()


def test_migration_keeps_what_was_known(old: str) -> None:
    for _ in range(2):
        state = State(old)
        stored, pending = state.get("paper", id_text(1)), state.get("paper", id_text(-5))
        assert stored is not None
        assert pending is not None
        assert (stored.status, stored.version, stored.file) == ("done", 1, FILE)
        assert (pending.url, pending.hint, id_number(pending.id)) == ("https://paper.test/5", {"title": "a"}, -5)
        assert [row.id for row in state.due("paper", now=NOW + timedelta(days=1))] == [pending.id]
        assert state.indexed_files("paper") == {FILE}
        assert (state.note("fold paper"), state.note("hash paper")) == (None, "1.1")
        assert state.note("recurring-lines:paper") == "{}"
        assert state.note("schema") == str(migrations.SCHEMA_VERSION)
        state.close()


def test_an_interrupted_migration_leaves_the_old_state(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(migrations.MIGRATIONS, 1, (*migrations.MIGRATIONS[1], "BROKEN"))
        with pytest.raises(StorageError):
            State(old)
    engine = sa.create_engine(old)
    assert set(sa.inspect(engine).get_table_names()) == {"meta", "sources", "files", "urls"}
    assert "host" not in {column["name"] for column in sa.inspect(engine).get_columns("files")}
    engine.dispose()
    test_migration_keeps_what_was_known(old)


def test_a_new_state_says_its_schema_once(new: sa.Engine) -> None:
    with writing(new) as connection:
        migrations.create_or_migrate(connection, "state")
    with new.connect() as connection:
        kept = connection.execute(sa.select(meta.c.value).where(meta.c.key == "schema")).all()
    assert kept == [(str(migrations.SCHEMA_VERSION),)]


def test_machines_may_open_a_new_state_at_once(state_url: str) -> None:
    at_once = threading.Barrier(4, timeout=PATIENCE)

    def opened(_: int) -> None:
        at_once.wait()
        open_engine(state_url).dispose()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(opened, range(4)))
