"""The state's tables.

Times are whole seconds since 1970 UTC, ids the 64 bits that an article's 16 hex digits spell, hashes raw bytes: at ten
million URLs the indexes are most of the file. `printf('%016x', id)` shows an id in the sqlite3 shell.

How the tables change from one version to the next stands in `migrations`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

metadata = sa.MetaData()
_integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
)
files = sa.Table(
    "files",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source_id", sa.Integer, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("indexed", sa.Boolean, nullable=False, comment="sealed, and each of its lines is known to urls"),
    sa.Column("host", sa.Text, comment="the machine whose disk holds it; null: not said"),
    sa.Column("size", _integer, comment="bytes as shipped"),
    sa.Column("shipped_at", _integer, comment="null: not in the store"),
)
urls = sa.Table(
    "urls",
    metadata,
    sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("identity", sa.Text, comment="null: the URL itself"),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("first_seen", _integer, nullable=False),
    sa.Column("fetched", _integer),
    sa.Column("next_visit", _integer, comment="null: never again"),
    sa.Column("published", _integer),
    sa.Column("newest", _integer, nullable=False, comment="published, or else first seen: the order of due URLs"),
    sa.Column("attempts", sa.Integer, nullable=False, comment="failures since the last success"),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("content_hash", sa.LargeBinary(16)),
    sa.Column("version", sa.Integer, nullable=False, comment="0: no article stored"),
    sa.Column("file_id", sa.Integer),
    sa.Column("reason", sa.Text),
    sa.Column("alias_of", sa.BigInteger),
    sa.Column("hint", sa.Text, comment="JSON: what discovery said; of a stored article, what only discovery said"),
    sa.Column("headline", sa.Text, comment="how listings call it, see storage.headlines"),
)


def _partial_index(name: str, *columns: sa.Column[Any], where: sa.ColumnElement[bool]) -> None:
    """An index of the rows that meet a condition.

    PostgreSQL is told of it when it makes the index: an argument of its own here would load its dialect, a twentieth of
    the time that a crawl takes to start, for every state in SQLite, too.
    """
    index = sa.Index(name, *columns, sqlite_where=where)

    @event.listens_for(index, "before_create")
    def tell(_index: sa.Index, connection: sa.Connection, **_: Any) -> None:
        if connection.dialect.name == "postgresql":
            index.dialect_options["postgresql"]["where"] = where


_partial_index(
    "urls_due",
    urls.c.source_id,
    urls.c.newest,
    urls.c.id,
    urls.c.next_visit,
    where=urls.c.next_visit.is_not(None),
)
_partial_index("urls_content", urls.c.source_id, urls.c.content_hash, where=urls.c.content_hash.is_not(None))

listings = sa.Table(
    "listings",
    metadata,
    sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("url", sa.Text, primary_key=True, comment="of a feed, a sitemap or a section page"),
    sa.Column("etag", sa.Text, comment="this and last_modified: of an answer whose every link is in urls"),
    sa.Column("last_modified", sa.Text),
    sa.Column("declared", sa.Text, comment="stands for the declaration of the source by which it was read"),
    sa.Column("read", _integer, comment="when it last answered with its links"),
    sa.Column("visited", _integer, nullable=False, comment="when it answered last, a 304 among the answers"),
    sa.Column("brought", _integer, comment="when it last had a link that was new to urls, or was first read"),
)
feed_texts = sa.Table(
    "feed_texts",
    metadata,
    # Beside urls, whose rows are read for every link; a text is read once, with its page, and goes.
    sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False, comment="as in urls"),
    sa.Column("text", sa.Text, nullable=False, comment="JSON: what the feed tells, see discovery.told"),
    sa.Column("seen", _integer, nullable=False),
)
site_rules = sa.Table(
    "site_rules",
    metadata,
    sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rule", sa.Text, nullable=False, comment="JSON: what makes an identity of a URL; never changed"),
    sa.Column("frozen", _integer, nullable=False, comment="with the first stored article"),
)
discoveries = sa.Table(
    "discoveries",
    metadata,
    sa.Column("home", sa.Text, primary_key=True, comment="the address that was asked for listings"),
    sa.Column("found", sa.Text, nullable=False, comment="JSON: its listings and what each yielded"),
    sa.Column("asked", _integer, nullable=False, comment="asked again after 30 days"),
)
plans = sa.Table(
    "plans",
    metadata,
    sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("due", _integer, nullable=False, comment="when the source is to be crawled next"),
    sa.Column("step", sa.Integer, nullable=False, comment="seconds from one crawl to the next, as last planned"),
    sa.Column("ended", _integer, comment="the last crawl's end; null: never crawled by plan"),
    sa.Column("failures", sa.Integer, nullable=False, comment="crawls since the last that was well"),
    sa.Column("held", sa.Text, comment="why it is not crawled until somebody resumes it; null: it is"),
)
