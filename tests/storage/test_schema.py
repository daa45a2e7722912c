"""What a row must say, and what its readers have to do without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from newscrawl.storage.database import open_engine
from newscrawl.storage.schema import metadata

# All else is in every row: whoever reads a state, also with other programs, may rely on it.
MAY_BE_MISSING = {
    "files": {"host", "size", "shipped_at"},
    "urls": {
        "identity", "fetched", "next_visit", "published", "etag", "last_modified", "content_hash", "file_id", "reason",
        "alias_of", "hint", "headline",
    },
    "listings": {"etag", "last_modified", "declared", "read", "brought"},
    "plans": {"ended", "held"},
}  # fmt: skip


@pytest.fixture
def engine(state_url: str) -> Iterator[sa.Engine]:
    opened = open_engine(state_url)
    yield opened
    opened.dispose()


def filled(table: sa.Table) -> dict[str, object]:
    made: dict[type, object] = {int: 7, str: "x", bytes: b"x", bool: True}
    return {column.name: made[column.type.python_type] for column in table.columns}


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: str(table.name))
def test_a_row_without_what_it_must_say_is_refused(engine: sa.Engine, table: sa.Table) -> None:
    row = filled(table)
    refused = set()
    for column in table.columns.keys():  # noqa: SIM118 (columns, not a mapping)
        with engine.connect() as connection, connection.begin() as transaction:
            try:
                connection.execute(table.insert().values(row | {column: None}))
            except sa.exc.IntegrityError:
                refused.add(column)
            transaction.rollback()
    given = {column.name for column in table.columns if column.primary_key and len(table.primary_key) == 1}
    assert refused | given == set(row) - MAY_BE_MISSING.get(str(table.name), set())
