"""Of copies that several runs meet at once, one is stored: whoever is first reserves the story before its line is
written, in a transaction that keeps all others out.

A reservation that no line followed (the run was killed, or a later pipeline dropped the article) is undone when its
source is next crawled: the story leaves the index, and the copies that were dropped because of it are due again.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import sqlalchemy as sa

from newscrawl.dedup.near import Match, NearIndex
from newscrawl.dedup.schema import reserved
from newscrawl.dedup.story import Story
from newscrawl.storage import State
from newscrawl.storage.database import guarded, writing
from newscrawl.storage.direct import Direct

logger = logging.getLogger(__name__)

_reserve = "INSERT INTO near_reserved (source, id) VALUES (?, ?) ON CONFLICT DO NOTHING"
_settle = "DELETE FROM near_reserved WHERE source = ? AND id = ?"
_LOCK = 6114  # newscrawl's number among advisory locks for this


class Reservations:
    """Those of one run of a source. Every method raises StorageError when the database cannot be used."""

    def __init__(self, near: NearIndex, state: State, source: str) -> None:
        self._near = near
        self._state = state
        self._source = source
        self._open: set[str] = set()
        self._settling: list[str] = []

    def match_or_reserve(self, story: Story) -> Match | None:
        """The story's nearest earlier one; without one it is in the index now, and no copy of it is let in after it."""
        near = self._near
        if (match := near.match(story)) is not None:
            return match
        with guarded(near.name), writing(near.engine) as connection:
            _keep_others_out(connection)
            near.catch_up(connection)
            if (match := near.match(story)) is not None:
                return match
            near.add(story)
            near.write(connection)
            Direct(connection).change(_reserve, [(self._source, story.id)])
        near.written()
        self._open.add(story.id)
        return None

    def write(self, connection: sa.Connection) -> None:
        """In the transaction of the lines' rows: what is stored is reserved no longer."""
        self._settling = [id_ for id_ in self._open if self._is_stored(id_)]
        with guarded(self._near.name):
            Direct(connection).change(_settle, [(self._source, id_) for id_ in self._settling])

    def written(self) -> None:
        """The transaction is committed."""
        self._open.difference_update(self._settling)

    def undo_left(self) -> None:
        """For a run that begins, once the state knows the lines of those before it."""
        query = sa.select(reserved.c.id).where(reserved.c.source == self._source)
        with guarded(self._near.name), self._near.engine.connect() as connection:
            left = list(connection.scalars(query))
        if not left:
            return
        missing = [id_ for id_ in left if not self._is_stored(id_)]
        # The copies first: a run that is killed in between finds the reservations again.
        revived = self._state.revive(missing, now=datetime.now(UTC))
        with guarded(self._near.name), writing(self._near.engine) as connection:
            self._near.forget(connection, missing)
            Direct(connection).change(_settle, [(self._source, id_) for id_ in left])
        if missing:
            logger.info("%d stories were reserved and never stored; %d copies are due again", len(missing), revived)

    def _is_stored(self, id_: str) -> bool:
        row = self._state.get(self._source, id_)
        return row is not None and row.version > 0


def _keep_others_out(connection: sa.Connection) -> None:
    """SQLite has one writer at a time; of PostgreSQL's only those that reserve wait for each other."""
    if connection.dialect.name != "postgresql":
        return
    # What a server that crashes forgets of the last moments is a reservation, whose run has ended with it.
    connection.execute(sa.text("SET LOCAL synchronous_commit TO off"))
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
