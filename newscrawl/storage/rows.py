"""One URL's row as the rest of newscrawl sees it, and as the database keeps it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newscrawl.storage.schedule import seconds


@dataclass(frozen=True, slots=True)
class UrlRow:
    """What is known of one URL. Status: pending, done, failed (to be tried again), gone, alias (of another id)."""

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


def lasting_hint(title: str | None, published: str | None, provenance: dict[str, str]) -> dict[str, Any] | None:
    """What a listing alone said of a stored article: its page will not say it on the next visit, either."""
    said = {"title": ("title", title), "published": ("published_at", published)}
    return {key: value for key, (field, value) in said.items() if provenance.get(field) == "feed"} or None


def id_number(id: str) -> int:  # noqa: A002
    """An article id as the signed 64 bits that both databases index best."""
    number = int(id, 16)
    return number - (1 << 64) if number >> 63 else number


def id_text(number: int) -> str:
    """The 16 hex digits of a stored id."""
    return f"{number & 0xFFFFFFFFFFFFFFFF:016x}"


def to_database(row: UrlRow, source_id: int, file_id: int | None) -> dict[str, Any]:
    """The values of a row's columns."""
    newest = row.published or row.first_seen
    return {
        "source_id": source_id,
        "id": id_number(row.id),
        "url": row.url,
        "identity": None if row.identity == row.url else row.identity,
        "status": row.status,
        "first_seen": seconds(row.first_seen),
        "fetched": None if row.fetched is None else seconds(row.fetched),
        "next_visit": None if row.next_visit is None else seconds(row.next_visit),
        "published": None if row.published is None else seconds(row.published),
        "newest": seconds(newest),
        "attempts": row.attempts,
        "etag": row.etag,
        "last_modified": row.last_modified,
        "content_hash": None if row.content_hash is None else bytes.fromhex(row.content_hash),
        "version": row.version,
        "file_id": file_id,
        "reason": row.reason,
        "alias_of": None if row.alias_of is None else id_number(row.alias_of),
        "hint": None if row.hint is None else json.dumps(row.hint, ensure_ascii=False, default=str),
    }


def _moment(value: int | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)


def from_database(found: Any, source: str) -> UrlRow:
    """The row of a database record that carries the file's name as `file`."""
    return UrlRow(
        source=source,
        id=id_text(found.id),
        url=found.url,
        identity=found.identity or found.url,
        status=found.status,
        first_seen=datetime.fromtimestamp(found.first_seen, UTC),
        fetched=_moment(found.fetched),
        next_visit=_moment(found.next_visit),
        published=_moment(found.published),
        attempts=found.attempts,
        etag=found.etag,
        last_modified=found.last_modified,
        content_hash=None if found.content_hash is None else bytes(found.content_hash).hex(),
        version=found.version,
        file=found.file,
        reason=found.reason,
        alias_of=None if found.alias_of is None else id_text(found.alias_of),
        hint=None if found.hint is None else json.loads(found.hint),
    )
