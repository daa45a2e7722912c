"""Reading article files into the state: after a crash, after the state was lost, after files were copied in."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newscrawl.storage.damage import HashOf, sound_records
from newscrawl.storage.errors import StorageError
from newscrawl.storage.jsonl import logical_name, sealed_files
from newscrawl.storage.names import Shipped
from newscrawl.storage.objects import ObjectFile, Place, Store
from newscrawl.storage.places import article_files
from newscrawl.storage.rows import lasting_hint
from newscrawl.storage.schedule import instant
from newscrawl.storage.state import State

logger = logging.getLogger(__name__)


def index_source(
    state: State,
    data_dir: Path,
    source: str,
    *,
    store: Store | None = None,
    content_hash: HashOf | None = None,
    mark: bool = True,
) -> dict[str, Place]:
    """Read in each sealed file of the source that the state does not know whole; the files read, by logical name.

    Those that lie in a store alone are read where one is given. `content_hash` makes a line's hash anew, where folding
    has changed since it was written. Without `mark` the caller marks the files as known (State.mark_indexed), once
    other indexes of the articles have taken them in as well.
    """
    known = state.indexed_files(source)
    unknown = {name: place for name, place in article_files(data_dir, source, store).items() if name not in known}
    for name, place in unknown.items():
        lines = 0
        for record in sound_records([place]):
            if content_hash is not None:
                record["content_hash"] = content_hash(record)
            index_record(state, source, record, name)
            lines += 1
        if isinstance(place, ObjectFile) and place.size is not None:
            state.mark_shipped(source, name, Shipped(place.size, int(time.time())))
        if mark:
            state.mark_indexed(source, name)
        logger.info("read %d articles of %s into the state", lines, name)
    return unknown


def unread_files(state: State, data_dir: Path, source: str) -> list[Path]:
    """The sealed files on this disk that the state has not taken in."""
    known = state.indexed_files(source)
    return [path for path in sealed_files(data_dir, source) if logical_name(path, data_dir) not in known]


def index_record(state: State, source: str, record: dict[str, Any], file: str) -> None:
    """Make the state know one stored line; a line that it knows already changes nothing."""
    try:
        id_, version, url = record["id"], int(record["version"]), record["url"]
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(f"{file} holds a line without id, version or url") from error
    row = state.get(source, id_)
    if row is not None and (row.version >= version or row.status == "removed"):
        return
    fetched = instant(record.get("fetched_at")) or datetime.now(UTC)
    state.done(
        source,
        id_,
        url=url,
        now=fetched,
        content_hash=record.get("content_hash"),
        version=version,
        file=file,
        first_seen=instant(record.get("first_seen_at")) or fetched,
        published=record.get("published_at"),
        hint=lasting_hint(record.get("title"), record.get("published_at"), record.get("provenance") or {}),
    )
