"""What feeds tell of stories whose pages have not been read: it waits here, beside the table of URLs, and then goes."""

# ruff: noqa: A002 (an article's id is called id everywhere)
from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from newscrawl.storage.direct import Direct
from newscrawl.storage.rows import id_number
from newscrawl.storage.schedule import seconds
from newscrawl.storage.schema import feed_texts, urls
from newscrawl.storage.table import UrlTable

_MOST_STAGED = 100  # texts in memory, of 64 KB each at most

_get = "SELECT text FROM feed_texts WHERE source_id = ? AND id = ?"
_put = """
INSERT INTO feed_texts (source_id, id, text, seen) VALUES (?, ?, ?, ?)
ON CONFLICT (source_id, id) DO UPDATE SET text = excluded.text, seen = excluded.seen
"""
_drop = "DELETE FROM feed_texts WHERE source_id = ? AND id = ?"


class FeedTexts:
    """Those of one source. Changes are visible here at once and reach the database with the state's next commit.

    Every method may raise StorageError.
    """

    def __init__(self, state: UrlTable, source: str) -> None:
        self._state = state
        self._source = source
        self._staged: dict[str, tuple[str, int] | None] = {}
        self._number: int | None = None
        self._may_wait = True  # until `tidy` knows that nothing does
        state.within_commit(self._write, self._staged.clear)

    def keep(self, id: str, text: str, *, now: datetime) -> None:
        """What the feed tells of an article, in place of what it told before."""
        self._staged[id] = (text, seconds(now))
        self._may_wait = True
        if len(self._staged) >= _MOST_STAGED:
            self._state.commit()

    def get(self, id: str) -> str | None:
        """What is told of an article; None when nothing is."""
        if id in self._staged:
            staged = self._staged[id]
            return staged[0] if staged else None
        if not self._may_wait:
            return None
        with self._state.reading() as connection:
            found = Direct(connection).row(_get, (self._source_number(), id_number(id)))
        return str(found[0]) if found else None

    def drop(self, id: str) -> None:
        """The article's page has been read, or will never be."""
        self._staged[id] = None

    def tidy(self) -> None:
        """Drop what waits for articles that nobody will ask for: they went another way than by `drop`."""
        self._state.commit()
        number = self._source_number()
        waited = sa.select(urls.c.id).where(urls.c.source_id == number, urls.c.id == feed_texts.c.id)
        waited = waited.where(urls.c.next_visit.is_not(None))
        left = feed_texts.delete().where(feed_texts.c.source_id == number, ~waited.exists())
        waiting = sa.select(sa.literal(1)).where(feed_texts.c.source_id == number).limit(1)
        with self._state.changing() as connection:
            connection.execute(left)
            self._may_wait = connection.execute(waiting).first() is not None

    def _source_number(self) -> int:
        if self._number is None:
            self._number = self._state.given_number(self._source)
        return self._number

    def _write(self, connection: sa.Connection) -> None:
        if not self._staged:
            return
        # Given by now: the rows of these articles are in the same transaction.
        number = self._state.source_number(self._source)
        database = Direct(connection)
        staged = [(number, id_number(id_), value) for id_, value in self._staged.items()]
        database.change(_put, [(number, id_, *value) for number, id_, value in staged if value is not None])
        database.change(_drop, [(number, id_) for number, id_, value in staged if value is None])
