"""The near-duplicate index's tables, in the state's database beside its own."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

notes = sa.Table(
    "near_notes",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
stories = sa.Table(
    "near_stories",
    metadata,
    # Never reused, so that a number in another process's memory cannot come to mean another story.
    sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("seen", sa.Double, nullable=False, index=True, comment="seconds since 1970 UTC"),
    sa.Column("published", sa.Double, comment="seconds since 1970 UTC"),
    sa.Column("cluster", sa.Text, nullable=False, comment="id of the story that leads the group"),
    sa.Column("size", sa.Integer, nullable=False, comment="shingles"),
    sa.Column("sketch", sa.LargeBinary, nullable=False, comment="smallest shingle hashes, 32 bits each"),
    sa.Column("lead", sa.LargeBinary, nullable=False, comment="hashes of the first words, 32 bits each"),
    sa.Column("hashes", sa.LargeBinary, nullable=False, comment="hashes of the keys in near_keys, 32 bits each"),
    sqlite_autoincrement=True,
)
keys = sa.Table(
    "near_keys",
    metadata,
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False, comment="kind << 32 | hash"),
    sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
reserved = sa.Table(
    "near_reserved",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True, comment="of a story whose line the state does not know yet"),
)
