"""The near duplicates of a whole corpus at once: the crawl's comparison, in the order in which stories were published.

Everything lies in two temporary SQLite files, so memory does not grow with the corpus.
"""

from __future__ import annotations

import json
import math
import sqlite3
import tempfile
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from newscrawl.dedup.corpus import Columns, CorpusError, Damage, Line, read_corpus
from newscrawl.dedup.near import NearIndex
from newscrawl.dedup.shingles import Fingerprint, fingerprint
from newscrawl.dedup.story import Story
from newscrawl.storage.database import guarded, shown
from newscrawl.storage.objects import Place

_BATCH = 1000
_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;
CREATE TABLE lines (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER, time REAL, file INTEGER, line INTEGER,
    date TEXT, title TEXT, size INTEGER, sketch BLOB, hashes BLOB, lead BLOB, short INTEGER, numbers BLOB
);
CREATE TABLE matches (n INTEGER PRIMARY KEY, of TEXT NOT NULL, similarity REAL NOT NULL, cluster TEXT NOT NULL);
"""
_PUT = """
INSERT INTO lines (id, version, time, file, line, date, title, size, sketch, hashes, lead, short, numbers)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET (version, time, file, line, date, title, size, sketch, hashes, lead, short, numbers) = (
    excluded.version, excluded.time, excluded.file, excluded.line, excluded.date, excluded.title, excluded.size,
    excluded.sketch, excluded.hashes, excluded.lead, excluded.short, excluded.numbers
) WHERE excluded.version >= lines.version
"""
_BY_TIME = """
SELECT n, id, time, size, sketch, hashes, lead, short, numbers FROM lines ORDER BY time IS NULL, time, n
"""
_MEMBERS = """
WITH members AS (
    SELECT n, cluster, of, similarity FROM matches
    UNION ALL SELECT n, id, NULL, NULL FROM lines WHERE id IN (SELECT cluster FROM matches)
)
SELECT lead.id AS cluster, story.id, members.of, members.similarity, story.date, story.title, story.file, story.line
FROM members JOIN lines AS story ON story.n = members.n JOIN lines AS lead ON lead.id = members.cluster
ORDER BY lead.time IS NULL, lead.time, lead.n, members.of IS NOT NULL, story.time IS NULL, story.time, story.n
"""


@dataclass(slots=True)
class Counts:
    """What a run found, in numbers."""

    lines: int = 0
    damaged: int = 0
    versions: int = 0
    without_id: int = 0
    undated: int = 0
    too_short: int = 0
    stories: int = 0
    duplicates: int = 0
    clusters: int = 0
    first_damage: Damage | None = field(default=None)


class Batch:
    """One comparison of a corpus; `directory` takes the temporary files, about 4 KB a story."""

    def __init__(
        self,
        directory: Path,
        *,
        columns: Columns | None = None,
        window_days: float = 30,
        threshold: float = 0.7,
        on_damage: Callable[[Damage], None] = lambda _damage: None,
        on_progress: Callable[[str, int], None] = lambda _step, _count: None,
    ) -> None:
        self.counts = Counts()
        self._directory = directory
        self._columns = columns or Columns()
        self._window = window_days
        self._threshold = threshold
        self._on_damage = on_damage
        self._on_progress = on_progress

    def clusters(self, files: list[Place], *, now: datetime) -> Iterator[dict[str, Any]]:
        """The groups of two and more, by the time of the story that leads; CorpusError when no line could be used."""
        with tempfile.TemporaryDirectory(prefix=".dedupe-", dir=self._directory) as temporary:
            work = sqlite3.connect(Path(temporary) / "lines.sqlite", isolation_level=None)
            try:
                work.executescript(_SCHEMA)
                self._read(work, files, now)
                self._compare(work, Path(temporary) / "near.sqlite")
                yield from self._groups(work, files)
            finally:
                work.close()

    def _read(self, work: sqlite3.Connection, files: list[Place], now: datetime) -> None:
        counts = self.counts
        places = {file: place for place, file in enumerate(files)}
        work.execute("BEGIN")
        for line in read_corpus(files, self._columns, now=now):
            counts.lines += 1
            if isinstance(line, Damage):
                counts.damaged += 1
                counts.first_damage = counts.first_damage or line
                self._on_damage(line)
                continue
            made = fingerprint(line.title, line.text)
            if made is None:
                counts.too_short += 1
                continue
            counts.without_id += line.id is None
            work.execute(_PUT, _row(line, places[line.file], made))
            if counts.lines % _BATCH == 0:
                self._on_progress("read", counts.lines)
        work.execute("COMMIT")
        if not counts.lines:
            raise CorpusError("the files hold no lines")
        if counts.first_damage and counts.damaged == counts.lines:
            first = counts.first_damage
            raise CorpusError(
                f"none of the {counts.lines} lines can be used; "
                f"the first, line {first.number} of {first.file}: {first.reason}"
            )
        counts.stories = work.execute("SELECT count(*) FROM lines").fetchone()[0]
        counts.versions = counts.lines - counts.damaged - counts.too_short - counts.stories
        counts.undated = work.execute("SELECT count(*) FROM lines WHERE time IS NULL").fetchone()[0]
        work.execute("CREATE INDEX by_time ON lines (time IS NULL, time, n)")

    def _compare(self, work: sqlite3.Connection, path: Path) -> None:
        engine = _engine(path)
        # A story without a date can be like one of any time, so then nothing may be forgotten.
        keep = math.inf if self.counts.undated else self._window
        index = NearIndex(engine, window_days=self._window, keep_days=keep, threshold=self._threshold)
        work.execute("BEGIN")
        try:
            for done, (n, id_, time, *parts) in enumerate(work.execute(_BY_TIME), 1):
                story = Story(id_, _fingerprint(*parts), time or 0.0, time)
                match = index.match(story)
                if match is not None:
                    found = (n, match.id, match.similarity, match.cluster)
                    work.execute("INSERT INTO matches VALUES (?, ?, ?, ?)", found)
                    self.counts.duplicates += 1
                index.add(story, match)
                if done % _BATCH == 0:
                    _write(engine, index)
                    self._on_progress("compared", done)
            work.execute("COMMIT")
        finally:
            index.close()
            engine.dispose()

    def _groups(self, work: sqlite3.Connection, files: list[Place]) -> Iterator[dict[str, Any]]:
        for cluster, rows in groupby(work.execute(_MEMBERS), key=lambda row: row[0]):
            self.counts.clusters += 1
            members = [
                {
                    "id": id_,
                    "duplicate_of": of,
                    "similarity": similarity,
                    "date": date,
                    "title": title,
                    "file": str(files[file]),
                    "line": line,
                }
                for _, id_, of, similarity, date, title, file, line in rows
            ]
            yield {"cluster_id": cluster, "size": len(members), "members": members}


def _row(line: Line, place: int, made: Fingerprint) -> tuple[Any, ...]:
    return (
        _storable(line.id) or f"{line.file}:{line.number}",
        line.version,
        line.time,
        place,
        line.number,
        _storable(line.date),
        _storable(line.title),
        made.size,
        made.sketch,
        made.hashes,
        made.lead,
        made.short,
        array("I", made.numbers).tobytes(),
    )


def _storable(text: str | None) -> str | None:
    """Without the lone surrogates that JSON can spell and UTF-8 cannot."""
    return None if text is None else text.encode("utf-8", "replace").decode()


def _fingerprint(size: int, sketch: bytes, hashes: bytes, lead: bytes, short: int, numbers: bytes) -> Fingerprint:
    return Fingerprint(size, sketch, hashes, lead, bool(short), frozenset(array("I", numbers)))


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -65536")

    return engine


def _write(engine: sa.Engine, index: NearIndex) -> None:
    with guarded(shown(str(engine.url))), engine.begin() as connection:
        index.write(connection)
    index.written()


def as_json(cluster: dict[str, Any]) -> str:
    """One line of JSON, Arabic unescaped, with the newline."""
    return json.dumps(cluster, ensure_ascii=False, separators=(",", ":")) + "\n"
