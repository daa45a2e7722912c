"""What is known of every listing: what its next conditional request quotes, and when it last brought something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from newscrawl.storage.database import insert
from newscrawl.storage.schedule import seconds
from newscrawl.storage.schema import listings
from newscrawl.storage.table import UrlTable


@dataclass(frozen=True, slots=True)
class Validators:
    """What an answer said of itself, of which every link is in the state; `declared` stands for how it was read."""

    etag: str | None
    last_modified: str | None
    declared: str | None
    read: datetime | None


class ListingTable:
    """The listings of one source. Every method may raise StorageError."""

    def __init__(self, state: UrlTable, source: str) -> None:
        self._state = state
        self._source = source

    def validators(self, url: str) -> Validators | None:
        """What the listing said when it was last read; None when there is nothing to quote."""
        number = self._state.source_number(self._source)
        query = sa.select(listings.c.etag, listings.c.last_modified, listings.c.declared, listings.c.read)
        with self._state.reading() as connection:
            found = connection.execute(query.where(listings.c.source_id == number, listings.c.url == url)).one_or_none()
        if found is None or not (found.etag or found.last_modified):
            return None
        read = None if found.read is None else datetime.fromtimestamp(found.read, UTC)
        return Validators(found.etag, found.last_modified, found.declared, read)

    def quiet_since(self, url: str, declared: str, *, now: datetime, after: timedelta, rest: timedelta) -> date | None:
        """The day on which a listing last brought something new, where that is `after` ago or longer and it answered
        within `rest`; None for any other, and for one that was read under another declaration.
        """
        number = self._state.source_number(self._source)
        query = sa.select(listings.c.declared, listings.c.brought, listings.c.visited)
        with self._state.reading() as connection:
            found = connection.execute(query.where(listings.c.source_id == number, listings.c.url == url)).one_or_none()
        if found is None or found.brought is None or found.declared != declared:
            return None
        brought, visited = (datetime.fromtimestamp(at, UTC) for at in (found.brought, found.visited))
        is_resting = now - brought >= after and timedelta(0) <= now - visited < rest
        return brought.date() if is_resting else None

    def read(self, url: str, validators: Validators | None, *, brought: bool, now: datetime) -> None:
        """The listing was read, and the state has its links; with None the next visit reads it again in any case."""
        self._state.commit()
        kept = {
            "etag": validators.etag if validators else None,
            "last_modified": validators.last_modified if validators else None,
            "declared": validators.declared if validators else None,
            "read": seconds(now),
        }
        self._visit(url, now, kept | ({"brought": seconds(now)} if brought else {}), first={"brought": seconds(now)})

    def unchanged(self, url: str, *, now: datetime) -> None:
        """The listing answered that it has not changed."""
        self._visit(url, now, {})

    def _visit(
        self, url: str, now: datetime, values: dict[str, str | int | None], first: dict[str, int] | None = None
    ) -> None:
        """Writes `values`; of a listing that was not known, `first`, too."""
        values = {"visited": seconds(now), **values}
        key = {"source_id": self._state.given_number(self._source), "url": url}
        statement = insert(self._state.engine, listings).values(**key, **(first or {}) | values)
        with self._state.changing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["source_id", "url"], set_=values))
