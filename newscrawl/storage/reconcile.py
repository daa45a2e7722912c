"""Articles whose files are lost become due again: with a disk, or one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from newscrawl.storage.jsonl import locate
from newscrawl.storage.plans import PlanTable
from newscrawl.storage.rows import id_text
from newscrawl.storage.schedule import seconds
from newscrawl.storage.schema import files, sources, urls
from newscrawl.storage.state import State

# What holds an article, and is to be fetched anew; what was removed or is another's alias stays so.
_STAYS = ("removed", "alias")
_LOST = (
    urls.update()
    .where(urls.c.source_id == sa.bindparam("its_source"), urls.c.id == sa.bindparam("its_id"))
    .values(
        status="pending",
        version=urls.c.version - 1,
        content_hash=None,
        file_id=None,
        etag=None,
        last_modified=None,
        attempts=0,
        reason=None,
    )
)


def lost_files(state: State, data_dir: Path, *, host: str | None = None) -> dict[str, list[str]]:
    """By source, the logical names of the files that this machine should have and has not; with `host`, all that
    another one had, for its disk is lost. What was shipped to a store is not lost, nor what lies here by now."""
    whose = files.c.host == (host or state.host)
    if host is None and state.engine.dialect.name == "sqlite":
        # Schema 1 did not say whose a file is, and one machine has them all.
        whose |= files.c.host.is_(None)
    query = (
        sa.select(sources.c.name, files.c.name.label("file"))
        .join(sources, sources.c.id == files.c.source_id)
        .where(whose, files.c.shipped_at.is_(None))
        .order_by(sources.c.name, files.c.name)
    )
    found: dict[str, list[str]] = {}
    with state.reading() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        if locate(row.file, data_dir) is None:
            found.setdefault(row.name, []).append(row.file)
    return found


def hosts(state: State) -> dict[str, int]:
    """How many files each machine has by the state, those of the store alone left out."""
    query = sa.select(files.c.host, sa.func.count().label("files")).where(
        files.c.host.is_not(None), files.c.shipped_at.is_(None)
    )
    with state.reading() as connection:
        return {row.host: row.files for row in connection.execute(query.group_by(files.c.host))}


def make_due(
    state: State, source: str, names: list[str], *, now: datetime, kept: Mapping[str, int] | None = None
) -> int:
    """Have the articles fetched again whose newest version lay in these files, and forget the files; how many.

    With `kept`, the versions by id that are still in a file, the file stays known, and so do these. A fetched article
    gets the version that was lost, so that no reader meets a gap. For a caller that holds the source.
    """
    state.commit()
    with state.changing() as connection:
        numbers = connection.scalars(sa.select(files.c.id).where(files.c.name.in_(names))).all()
        query = sa.select(urls.c.source_id, urls.c.id, urls.c.version).where(
            urls.c.file_id.in_(numbers), urls.c.status.not_in(_STAYS)
        )
        lost = [row for row in connection.execute(query) if row.version > (kept or {}).get(id_text(row.id), 0)]
        if lost:
            connection.execute(
                _LOST.values(next_visit=seconds(now)), [{"its_source": row.source_id, "its_id": row.id} for row in lost]
            )
        if not kept:
            connection.execute(files.delete().where(files.c.id.in_(numbers)))
    state.forget_recent()
    PlanTable(state).make_due([source], now=now)
    return len(lost)
