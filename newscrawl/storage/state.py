"""What is known of every URL, in one SQL database: an index over the JSON Lines files, which are the truth.

Changes are staged in memory, are visible to this State at once, and reach the database in batches, after the article
lines that they speak of are on the disk. No transaction stays open between batches, so many runs share one database.
"""

# ruff: noqa: A002 (an article's id is called id everywhere)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from newscrawl.storage.database import BUSY_SECONDS
from newscrawl.storage.rows import UrlRow, id_number
from newscrawl.storage.schedule import Schedule, instant, seconds
from newscrawl.storage.schema import urls
from newscrawl.storage.table import UrlTable

_MOST_NAMED = 500  # ids in one statement


class State(UrlTable):
    """The state of all sources; `url` is an SQLAlchemy URL. Every method raises StorageError when it cannot be used."""

    def __init__(
        self,
        url: str,
        *,
        schedule: Schedule | None = None,
        busy_seconds: float = BUSY_SECONDS,
        host: str | None = None,
    ) -> None:
        super().__init__(url, busy_seconds=busy_seconds, host=host)
        self.schedule = schedule or Schedule()
        self._validators: dict[tuple[str, str], tuple[str | None, str | None]] = {}

    def is_due(self, row: UrlRow, now: datetime) -> bool:
        """Whether the URL is to be fetched now: never fetched, up for a revisit, or up for another try."""
        return row.next_visit is not None and row.next_visit <= now

    def discover(
        self,
        source: str,
        id: str,
        url: str,
        identity: str,
        *,
        now: datetime,
        hint: dict[str, Any] | None = None,
    ) -> UrlRow:
        """The row of a URL, which becomes pending when it was unknown.

        While it has not been fetched, the URL that was listed last is the one that will be. What was gone under one URL
        and never stored is tried again under another, as often as a failure would be.
        """
        row = self.get(source, id)
        if row is None:
            hints = hint or {}
            # A sitemap without news dates still says which pages are new.
            published = instant(hints.get("published")) or instant(hints.get("modified"))
            row = UrlRow(source, id, url, identity, "pending", now, next_visit=now, published=published, hint=hint)
            self._stage(row)
        elif row.status in ("pending", "failed") and row.url != url:
            row = replace(row, url=url)
            self._stage(row)
        elif row.status == "gone" and row.version == 0 and row.url != url:
            again = self.schedule.next_attempt(attempts=row.attempts + 1, now=now)
            if again is not None:
                row = replace(row, url=url, status="pending", attempts=row.attempts + 1, next_visit=now, reason=None)
                self._stage(row)
        return row

    def call(self, row: UrlRow, headlines: str) -> None:
        """Note how listings call an article, see storage.headlines."""
        self._stage(replace(row, headline=headlines))

    def validators(self, source: str, id: str, etag: str | None, last_modified: str | None) -> None:
        """What the next conditional request will quote; kept with the next done or unchanged."""
        self._validators[source, id] = (etag, last_modified)

    def done(
        self,
        source: str,
        id: str,
        *,
        url: str,
        now: datetime,
        content_hash: str | None,
        version: int,
        file: str,
        first_seen: datetime,
        published: datetime | str | None,
        hint: dict[str, Any] | None = None,
    ) -> None:
        """The article's line is written. Must follow the writer's write(), never precede it.

        `hint` is what the next visit needs to know again, see rows.lasting_hint.
        """
        row = self.get(source, id) or UrlRow(source, id, url, url, "done", first_seen)
        when = instant(published)
        first_seen = min(row.first_seen, first_seen)
        stored = {"url": url, "content_hash": content_hash, "version": version, "file": file, "hint": hint}
        self._stage(self._settled(row, now, first_seen=first_seen, published=when, **stored))

    def unchanged(self, source: str, id: str, *, now: datetime) -> None:
        """A revisit found the stored text (or a 304)."""
        row = self._known(source, id)
        self._stage(self._settled(row, now, first_seen=row.first_seen, published=row.published))

    def fail(self, source: str, id: str, reason: str, *, now: datetime) -> None:
        """A try failed; the next is put off, linearly longer, and after the last the URL is gone."""
        self._validators.pop((source, id), None)
        row = self._known(source, id)
        attempts = row.attempts + 1
        again = self.schedule.next_attempt(attempts=attempts, now=now)
        status = "failed" if again else "gone"
        self._stage(replace(row, status=status, attempts=attempts, next_visit=again, fetched=now, reason=reason))

    def wait(self, source: str, id: str, reason: str, *, now: datetime) -> None:
        """A try failed that would fail again for the same `reason`; due for whoever knows that it no longer holds."""
        self._validators.pop((source, id), None)
        self._stage(replace(self._known(source, id), status="failed", next_visit=now, fetched=now, reason=reason))

    def gone(self, source: str, id: str, reason: str, *, now: datetime) -> None:
        """The URL is not to be tried again (404, 410, not an article)."""
        self._validators.pop((source, id), None)
        row = self._known(source, id)
        self._stage(replace(row, status="gone", next_visit=None, fetched=now, reason=reason))

    def again(self, source: str, id: str, *, now: datetime) -> None:
        """The URL is to be tried after all."""
        row = self._known(source, id)
        self._stage(replace(row, status="pending", next_visit=now, attempts=0, reason=None))

    def alias(self, source: str, id: str, of: str, *, now: datetime) -> None:
        """The URL shows an article that is stored under another id."""
        self._validators.pop((source, id), None)
        row = self._known(source, id)
        self._stage(replace(row, status="alias", alias_of=of, next_visit=None, fetched=now, hint=None))

    def revive(self, of: Sequence[str], *, now: datetime) -> int:
        """What shows the articles of these ids, in any source, is to be fetched after all; how many URLs that is."""
        if not of:
            return 0
        self.commit()
        revived = 0
        with self.changing() as connection:
            for start in range(0, len(of), _MOST_NAMED):
                named = [id_number(id_) for id_ in of[start : start + _MOST_NAMED]]
                aliases = urls.update().where(urls.c.status == "alias", urls.c.alias_of.in_(named))
                pending = {"status": "pending", "next_visit": seconds(now), "alias_of": None}
                revived += connection.execute(aliases.values(pending)).rowcount
        self._recent.clear()
        return revived

    def remove(self, source: str, id: str, reason: str, *, now: datetime) -> None:
        """The article is removed on request: of its row only that is kept, and nothing fetches or stores it again."""
        self._validators.pop((source, id), None)
        row = self.get(source, id)
        first_seen = row.first_seen if row is not None else now
        self._stage(UrlRow(source, id, "", "", "removed", first_seen, fetched=now, reason=reason))

    def _known(self, source: str, id: str) -> UrlRow:
        row = self.get(source, id)
        if row is None:
            raise KeyError(f"{source} {id} was never discovered")
        return row

    def _settled(
        self, row: UrlRow, now: datetime, *, first_seen: datetime, published: datetime | None, **stored: Any
    ) -> UrlRow:
        etag, last_modified = self._validators.pop((row.source, row.id), (row.etag, row.last_modified))
        return replace(
            row,
            status="done",
            first_seen=first_seen,
            published=published,
            fetched=now,
            next_visit=self.schedule.next_visit(first_seen=first_seen, now=now, published=published),
            attempts=0,
            reason=None,
            alias_of=None,
            etag=etag,
            last_modified=last_modified,
            **stored,
        )
