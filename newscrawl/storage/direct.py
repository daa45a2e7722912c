"""Statements that go past SQLAlchemy, for what is asked of every URL and every story.

On SQLite, which answers within the process, Core's handling of a statement and its rows costs more than the answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

Values = tuple[Any, ...]


class Direct:
    """Statements with `?` for each value, on a connection of either database, in its transaction if it is in one.

    Of SQLite's errors some leave as the driver's own; guarded() takes both.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        driver = connection.connection.driver_connection
        self._sqlite = driver if isinstance(driver, sqlite3.Connection) else None

    @property
    def embedded(self) -> bool:
        """Whether the database is in this process and has no server with buffers of its own."""
        return self._sqlite is not None

    def rows(self, statement: str, values: Values = ()) -> Sequence[Any]:
        """All rows of a query, each a sequence of its columns."""
        if self._sqlite is not None:
            return self._sqlite.execute(statement, values).fetchall()
        return self._connection.exec_driver_sql(_numbered(statement), values).all()

    def row(self, statement: str, values: Values = ()) -> Any:
        """The one row of a query; None when there is none."""
        found = self.rows(statement, values)
        return found[0] if found else None

    def change(self, statement: str, changes: Sequence[Values]) -> None:
        """The statement once for each of the values."""
        if not changes:
            return
        if self._sqlite is not None:
            self._sqlite.executemany(statement, changes)
        else:
            self._connection.exec_driver_sql(_numbered(statement), list(changes))


@cache
def _numbered(statement: str) -> str:
    """With psycopg's sign for a value."""
    return statement.replace("?", "%s")
