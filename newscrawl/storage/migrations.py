"""How the state's tables come to be and keep up: made when new, migrated when an older newscrawl left them.

Versions of the schema: 1 is that of newscrawl 0.1.0. 2 is not released yet, so whatever is still to change joins the
step from 1 to 2:

* a new table: declare it in `schema`, with its indexes. It is made on opening, in new and old states alike.
* a new column or a new index of a table that version 1 had: declare it in `schema`, and add the ALTER TABLE or CREATE
  INDEX that gives it to an old state to MIGRATIONS[1]. It must be nullable or have a server default.
* a note under another key, values in another form: an UPDATE in MIGRATIONS[1].

tests/storage/test_migrations.py compares a migrated state of version 1 with a new one, in both databases, and so finds
what was forgotten. Once 2 is released, MIGRATIONS[1] stays as it is, and MIGRATIONS[2] begins.
"""

from __future__ import annotations

import sqlalchemy as sa

from newscrawl.storage.errors import StorageError
from newscrawl.storage.schema import meta, metadata

SCHEMA_VERSION = 2
# What turns a state of version n into n + 1: SQL that both databases take, `\\:` for a colon.
MIGRATIONS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE urls ADD COLUMN headline TEXT",
        "ALTER TABLE files ADD COLUMN host TEXT",
        "ALTER TABLE files ADD COLUMN size BIGINT",
        "ALTER TABLE files ADD COLUMN shipped_at BIGINT",
        # Which folding made a source's hashes becomes which hash and which folding.
        "UPDATE meta SET key = 'hash ' || substr(key, 6), value = '1.' || value WHERE substr(key, 1, 5) = 'fold '",
    ),
}


def create_or_migrate(connection: sa.Connection, name: str) -> None:
    """Bring the tables up to date in one transaction that may write; StorageError for a newer state than this."""
    if connection.dialect.name == "postgresql":
        # Two machines may open a new state at once; the number is any that only newscrawl uses.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(6111)"))
    metadata.create_all(connection)
    found = connection.scalar(sa.select(meta.c.value).where(meta.c.key == "schema"))
    if found is None:
        connection.execute(meta.insert(), {"key": "schema", "value": str(SCHEMA_VERSION)})
        return
    version = int(found)
    if version > SCHEMA_VERSION:
        raise StorageError(f"the state {name} was written by a newer newscrawl (schema {version}); update newscrawl")
    for step in range(version, SCHEMA_VERSION):
        for statement in MIGRATIONS[step]:
            connection.execute(sa.text(statement))
    if version < SCHEMA_VERSION:
        connection.execute(meta.update().where(meta.c.key == "schema").values(value=str(SCHEMA_VERSION)))
