"""Does an SQLite state hold what it was given: every page, and every value of every row?"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import sqlalchemy as sa

from newscrawl.storage.database import damaged, guarded, sqlite_path
from newscrawl.storage.errors import StorageError
from newscrawl.storage.rows import id_text
from newscrawl.storage.schema import metadata, urls
from newscrawl.storage.state import State

_STATUSES = frozenset({"pending", "done", "failed", "gone", "alias", "removed"})


def check_pages(state: State) -> None:
    """StorageError when pages or rows of an SQLite state are damaged, even where nothing has stumbled over them yet;
    it names the first. A server checks its own pages."""
    path = sqlite_path(state.url)
    if path is None:
        return
    with guarded(state.name), state.engine.connect() as connection:
        found = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
    if found != "ok":
        raise StorageError(damaged(state.name, " ".join(found.split())))
    state.commit()
    # A connection of its own, which gives text as the bytes that lie there: SQLite stores what is no UTF-8, too.
    with guarded(state.name), closing(sqlite3.connect(path)) as database:
        database.text_factory = bytes
        for table in metadata.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.c)
            for row in database.execute(f'SELECT {names} FROM "{table.name}"'):  # noqa: S608 (of our own schema)
                values = dict(zip(table.c.keys(), row, strict=True))
                if (why := _complaint(table, values)) is not None:
                    raise StorageError(damaged(state.name, f"{_called(table, values)}: {why}"))


def _complaint(table: sa.Table, values: dict[str, Any]) -> str | None:
    for column in table.c:
        value = values[column.name]
        if value is None:
            if not column.nullable:
                return f"{column.name} is missing"
        elif isinstance(column.type, sa.Text):
            try:
                value.decode()
            except (AttributeError, UnicodeDecodeError):
                return f"{column.name} is no text"
        elif isinstance(column.type, sa.Integer | sa.Boolean) and not isinstance(value, int):
            return f"{column.name} is no whole number"
    return _complaint_of_url(values) if table is urls else None


def _complaint_of_url(values: dict[str, Any]) -> str | None:
    if values["status"].decode() not in _STATUSES:
        return "its status is none"
    try:
        json.loads(values["hint"] or b"null")
    except ValueError:
        return "its hint is no JSON"
    return None


def _called(table: sa.Table, values: dict[str, Any]) -> str:
    """The row by its key."""
    if table is urls and isinstance(values["id"], int):
        return f"the row of {id_text(values['id'])} (source {values['source_id']})"
    key = ", ".join(f"{column.name} {values[column.name]!r}" for column in table.primary_key.columns)
    return f"a row of {table.name} ({key})"
