"""One SQLite file for Datasette and its like: typed columns, a full-text index, and views for the first questions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from newscrawl.arabic import fold
from newscrawl.exports.columns import derived_columns, row
from newscrawl.items import Article
from newscrawl.schema import Types
from newscrawl.storage import StorageError

_JSON = "TEXT"  # lists and objects, as json_each() and Datasette's facets take them
_SEARCHED = ("title", "subtitle", "body")
_ROWS_A_WRITE = 1000
_SAME = "SELECT max(version) FROM articles AS other WHERE other.id = articles.id AND other.source IS articles.source"
_DAY = "coalesce(published_at_day, substr(coalesce(first_seen_at, fetched_at), 1, 10))"
_AFTER = f"""
CREATE INDEX articles_source ON articles (source);
CREATE INDEX articles_id ON articles (id, source, version);
CREATE INDEX articles_day ON articles (published_at_day);
CREATE INDEX articles_cluster ON articles (cluster_id);
CREATE VIEW newest AS SELECT * FROM articles WHERE version = ({_SAME});
CREATE VIEW by_source AS
    SELECT source, max(publisher) AS publisher, max(country) AS country, count(*) AS articles,
        sum(word_count) AS words, min({_DAY}) AS first_day, max({_DAY}) AS last_day,
        sum(duplicate_of IS NOT NULL) AS resemble_earlier
    FROM newest GROUP BY source;
CREATE VIEW by_day AS
    SELECT {_DAY} AS day, source, count(*) AS articles, sum(word_count) AS words FROM newest GROUP BY day, source;
CREATE VIEW article_authors AS
    SELECT newest.n, newest.id, newest.source, value AS author FROM newest, json_each(authors);
CREATE VIEW article_agencies AS
    SELECT newest.n, newest.id, newest.source, value AS agency FROM newest, json_each(agencies);
CREATE VIEW article_tags AS
    SELECT newest.n, newest.id, newest.source, value AS tag FROM newest, json_each(tags);
INSERT INTO articles_fts (articles_fts) VALUES ('optimize');
"""


@cache
def _columns() -> dict[str, str]:
    """The columns with their types, those of `columns.row`."""
    types = Types(
        {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"},
        list_of=lambda _: _JSON,
        object_of=lambda _: _JSON,
        map_of=lambda _: _JSON,
    ).columns()
    return derived_columns(types, moment="TEXT", day="TEXT", text="TEXT")


def write_sqlite(articles: Iterable[Article], path: Path) -> int:
    """The table `articles`, its index `articles_fts` and views; how many rows. StorageError.

    The index finds a word as it is written and as it is folded (without marks, with one form of alef), whichever of the
    two is asked for.
    """
    names = list(_columns())
    columns = ", ".join(f'"{name}" {kind}' for name, kind in _columns().items())
    marks = ", ".join("?" * (len(names) + 1))
    put = f"INSERT INTO articles VALUES ({marks})"
    find = f"INSERT INTO articles_fts (rowid, {', '.join(_SEARCHED)}) VALUES (?, ?, ?, ?)"
    count = 0
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            # The file appears when it is whole: nothing of it needs to survive a crash.
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            database.execute("BEGIN")
            database.execute(f"CREATE TABLE articles (n INTEGER PRIMARY KEY, {columns})")
            index = f"fts5({', '.join(_SEARCHED)}, content=articles, content_rowid=n)"
            database.execute(f"CREATE VIRTUAL TABLE articles_fts USING {index}")
            for count, article in enumerate(articles, 1):
                values = _values(article)
                try:
                    database.execute(put, (count, *(values[name] for name in names)))
                    database.execute(find, (count, *(_findable(values[name]) for name in _SEARCHED)))
                except (sqlite3.InterfaceError, sqlite3.ProgrammingError, OverflowError, ValueError) as error:
                    raise StorageError(
                        f"article {article.id} of {article.source}: a value is of the wrong kind: {error}"
                    ) from error
            for statement in filter(str.strip, _AFTER.split(";")):
                database.execute(statement)
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise StorageError(f"cannot write {path.name}: {error}") from error
    return count


def _values(article: Article) -> dict[str, Any]:
    # An object is handier to json_extract() than a list of pairs.
    values = row(article) | {"provenance": article.provenance}
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    """As SQLite's own functions of date and JSON take it."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else value


def _findable(text: Any) -> str:
    return f"{text}\n{fold(text)}" if isinstance(text, str) else ""
