"""What killed runs left in a data directory, taken in without a crawl, near-duplicate index included."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.dedup.near import NearIndex
from newscrawl.dedup.story import Story
from newscrawl.storage import Session, State
from newscrawl.storage.append import PART
from newscrawl.storage.archive import ARCHIVE
from newscrawl.storage.damage import sound_records
from newscrawl.storage.elsewhere import left_files
from newscrawl.storage.errors import HeldError
from newscrawl.storage.jsonl import REJECTED, source_directory
from newscrawl.storage.jsonl import sources as all_sources
from newscrawl.storage.objects import Place
from newscrawl.storage.removal import Told

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Healed:
    """Of one source: how many files were read in, how many lines left out because another machine has them; with
    `held`, nothing was done, for a run has the source."""

    source: str
    files: int = 0
    elsewhere: int = 0
    held: bool = False


def heal_leftovers(
    data_dir: Path,
    state_url: str,
    *,
    sources: Collection[str] | None = None,
    host: str | None,
    compress: bool,
    window_days: float,
    on_forget: Sequence[Told] = (),
) -> Iterator[Healed]:
    """Seal and read in what killed runs left of some sources, or of all, one by one, as the next crawl of each would;
    `on_forget` as in Session. StorageError when files or state cannot be used."""
    for source in _with_leftovers(data_dir, state_url, host, sources):
        try:
            session = Session(source, data_dir, state_url=state_url, compress=compress, host=host, on_forget=on_forget)
        except HeldError:
            yield Healed(source, held=True)
            continue
        try:
            near = NearIndex(session.state.engine, window_days=window_days)
            try:
                session.state.within_commit(near.write, near.written)
                index_stories(
                    session.state, near, session.healed, since=datetime.now(UTC) - timedelta(days=window_days)
                )
            finally:
                near.close()
        finally:
            session.close()
        yield Healed(source, len(session.healed), session.elsewhere)


def _with_leftovers(data_dir: Path, state_url: str, host: str | None, sources: Collection[str] | None) -> list[str]:
    found = []
    state = State(state_url, host=host)
    try:
        for source in all_sources(data_dir) if sources is None else sorted(sources):
            others = (source_directory(data_dir, kind, source) for kind in (REJECTED, ARCHIVE))
            if left_files(state, data_dir, source) or any(next(d.rglob(f"*{PART}"), None) for d in others):
                found.append(source)
    finally:
        state.close()
    return found


def index_stories(state: State, near: NearIndex, files: Iterable[Place], *, since: datetime) -> None:
    """Takes stored stories into the near-duplicate index: those of its window, which is all that it keeps."""
    for number, record in enumerate(sound_records(files)):
        seen = record.get("first_seen_at") or record.get("fetched_at")
        if seen is None or datetime.fromisoformat(seen) < since:
            continue
        story = Story.of(
            record["id"], record.get("title"), record.get("body"), seen=seen, published=record.get("published_at")
        )
        if story is not None:
            near.add(story, near.match(story))
        if number % _BATCH == 0:
            state.commit()
    state.commit()
