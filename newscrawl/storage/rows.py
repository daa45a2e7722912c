"""One URL's row as the rest of newscrawl sees it, and as the database keeps it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newscrawl.storage.schedule import seconds


@dataclass(frozen=True, slots=True)
class UrlRow:
    """What is known of one URL.

    Status: pending, done, failed (to be tried again), gone, alias (of another id), removed (on request, with the
    reason: never fetched or stored again).
    """

    source: str
    id: str
    url: str
    identity: str
    status: str
    first_seen: datetime
    fetched: datetime | None = None
    next_visit: datetime | None = None
    published: datetime | None = None
    attempts: int = 0
    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None
    version: int = 0
    file: str | None = None
    reason: str | None = None
    alias_of: str | None = None
    hint: dict[str, Any] | None = None
    headline: str | None = None


def lasting_hint(title: str | None, published: str | None, provenance: dict[str, str]) -> dict[str, Any] | None:
    """What a listing alone said of a stored article: its page will not say it on the next visit, either.

    Of a text it keeps no more than that it came from there ("told").
    """
    said = {"title": ("title", title), "published": ("published_at", published), "told": ("body", True)}
    return {key: value for key, (field, value) in said.items() if provenance.get(field) == "feed"} or None


def id_number(id: str) -> int:  # noqa: A002
    """An article id as the signed 64 bits that both databases index best."""
    number = int(id, 16)
    return number - (1 << 64) if number >> 63 else number


def id_text(number: int) -> str:
    """The 16 hex digits of a stored id."""
    return f"{number & 0xFFFFFFFFFFFFFFFF:016x}"


def to_database(row: UrlRow, source_id: int, file_id: int | None) -> tuple[Any, ...]:
    """The values of a row, in the order of the table's columns."""
    return (
        source_id,
        id_number(row.id),
        row.url,
        None if row.identity == row.url else row.identity,
        row.status,
        seconds(row.first_seen),
        None if row.fetched is None else seconds(row.fetched),
        None if row.next_visit is None else seconds(row.next_visit),
        None if row.published is None else seconds(row.published),
        seconds(row.published or row.first_seen),
        row.attempts,
        row.etag,
        row.last_modified,
        None if row.content_hash is None else bytes.fromhex(row.content_hash),
        row.version,
        file_id,
        row.reason,
        None if row.alias_of is None else id_number(row.alias_of),
        None if row.hint is None else json.dumps(row.hint, ensure_ascii=False, default=str),
        row.headline,
    )


def _moment(value: int | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)


def from_database(found: Sequence[Any], source: str) -> UrlRow:
    """The row of a database record: the table's columns in order, then the file's name."""
    _, number, url, identity, status, first_seen, fetched, next_visit, published, _, attempts, *rest = found
    etag, last_modified, content_hash, version, _, reason, alias_of, hint, headline, file = rest
    return UrlRow(
        source,
        id_text(number),
        url,
        identity or url,
        status,
        datetime.fromtimestamp(first_seen, UTC),
        _moment(fetched),
        _moment(next_visit),
        _moment(published),
        attempts,
        etag,
        last_modified,
        None if content_hash is None else content_hash.hex(),
        version,
        file,
        reason,
        None if alias_of is None else id_text(alias_of),
        None if hint is None else json.loads(hint),
        headline,
    )
