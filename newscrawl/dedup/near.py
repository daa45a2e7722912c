"""Near duplicates: which earlier story, of any publisher, tells the same in nearly the same words.

MinHash bands find the candidates, the shingles' own hashes decide. The index lies in the state's database and forgets
what is older than the window, so its size and cost are bounded however long the corpus grows.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from newscrawl.dedup.compare import contained, jaccard
from newscrawl.dedup.index import Keyed, KeyIndex, Young, asked, stored
from newscrawl.dedup.schema import keys, metadata, notes, stories
from newscrawl.dedup.shingles import STAMP
from newscrawl.dedup.story import Story
from newscrawl.storage.schema import guarded, insert, shown, writing

logger = logging.getLogger(__name__)

DAY = 86_400.0
SHORT_WINDOW = DAY  # "sirens sound in the north" of another day is other news
YOUNG = 4096  # stories whose keys wait in memory: some 15 MB
_VERIFIED = 16  # candidates, those that share most keys
_CHUNK = 500
_PRUNED = 5000
_STAGED = 1 << 62  # staged stories are numbered from here, later than all written ones

_own = sa.select(stories.c.n).where(stories.c.id == sa.bindparam("id"))
_candidates = sa.select(stories).where(stories.c.n.in_(sa.bindparam("numbers", expanding=True)))
_known = sa.select(stories.c.n, stories.c.hashes, stories.c.id).where(
    stories.c.id.in_(sa.bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest earlier story."""

    id: str
    similarity: float
    """Jaccard of the word 3-shingles, 0 to 1; small where a short item is contained in a longer story."""
    cluster: str
    """Id of the story that leads the group."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A story as it stands in the index, written or staged."""

    n: int
    id: str
    seen: float
    published: float | None
    cluster: str
    size: int
    sketch: bytes
    lead: bytes
    hashes: bytes


class NearIndex:
    """The stories of the last `window_days`, in the database of `engine` (SQLite or PostgreSQL).

    match() and add() write nothing; what was added is found by match() at once. write() puts it into the database in
    the caller's transaction and written() is told of the commit; a transaction that failed is simply tried again.
    Every method raises StorageError when the database cannot be used.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        window_days: float = 30,
        keep_days: float | None = None,
        threshold: float = 0.7,
        young: int = YOUNG,
    ) -> None:
        """Stories published more than `window_days` apart are not compared; one seen `keep_days` ago is forgotten."""
        self._name = shown(engine.url.render_as_string(hide_password=False))
        self._window = window_days * DAY
        self._kept = self._window if keep_days is None else keep_days * DAY
        self._threshold = threshold
        self._staged: dict[str, _Entry] = {}
        self._staged_numbers: dict[int, str] = {}
        self._staged_keys = Young()
        with guarded(self._name):
            with writing(engine) as connection:
                _prepare(connection)
            self._reader = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._keys = KeyIndex(self._reader, young=young)

    def match(self, story: Story) -> Match | None:
        """The nearest story within the window that came into the index before this one; never a version of itself."""
        looked_up = asked(story.fingerprint)
        with guarded(self._name):
            sharing = self._keys.find(looked_up) + self._staged_keys.find(looked_up)
            if not sharing:
                return None
            own = self._order(story.id)
            # Of many candidates those that share most keys, but never only those that came later.
            earlier = {number: count for number, count in Counter(sharing).items() if number < own}
            numbers = sorted(earlier, key=lambda number: (-earlier[number], -number))[:_VERIFIED]
            found = [
                (similarity, -entry.n, entry)
                for entry in self._entries(numbers)
                if entry.id != story.id and self._within(story, entry)
                if (similarity := jaccard(story.fingerprint, entry)) >= self._threshold or story.fingerprint.short
                if not story.fingerprint.short or contained(story.fingerprint, entry)
            ]
        if not found:
            return None
        similarity, _, nearest = max(found, key=lambda candidate: candidate[:2])
        return Match(nearest.id, round(similarity, 4), nearest.cluster)

    def add(self, story: Story, match: Match | None = None) -> None:
        """Stages a story; a later version of a known story takes its place."""
        made = story.fingerprint
        number = _STAGED + len(self._staged_numbers)
        cluster = match.cluster if match else story.id
        entry = _Entry(
            number, story.id, story.seen, story.published, cluster, made.size, made.sketch, made.lead, made.hashes
        )
        self._staged[story.id] = entry
        self._staged_numbers[number] = story.id
        self._staged_keys.add(number, stored(made.hashes))

    def write(self, connection: sa.Connection) -> None:
        """Puts what is staged into the database, and forgets what has left the window."""
        if not self._staged:
            return
        with guarded(self._name):
            self._keys.begin(connection)
            known = {row.id: Keyed(row.n, row.hashes) for row in self._rows(connection, self._staged)}
            for entry in self._staged.values():
                if (before := known.get(entry.id)) is not None:
                    values = _values(entry)
                    del values["id"], values["seen"]
                    connection.execute(stories.update().where(stories.c.n == before.n), values)
                    self._keys.replace(connection, before, Keyed(before.n, entry.hashes))
            new = {entry.id: entry for entry in self._staged.values() if entry.id not in known}
            if new:
                connection.execute(
                    insert(connection.engine, stories).on_conflict_do_nothing(),
                    [_values(entry) for entry in new.values()],
                )
                self._keys.insert(connection, [Keyed(row.n, row.hashes) for row in self._rows(connection, new)])
            if self._keys.merging:
                latest = max(entry.seen for entry in self._staged.values())
                self.prune(connection, latest)

    def written(self) -> None:
        """What write() put into the database is committed."""
        self._keys.settled()
        self._staged.clear()
        self._staged_numbers.clear()
        self._staged_keys.clear()

    def prune(self, connection: sa.Connection, now: float) -> int:
        """Forgets the stories seen too long before `now` (seconds since 1970); how many."""
        forgotten = 0
        while count := self._keys.prune(connection, now - self._kept, _PRUNED):
            forgotten += count
        return forgotten

    def close(self) -> None:
        """Lets go of the database; what is staged and not written is lost."""
        self._reader.close()

    def _order(self, id: str) -> int:  # noqa: A002
        """The story's place in the order in which stories came; a new one comes last."""
        number = self._reader.scalar(_own, {"id": id})
        if number is not None:
            return cast(int, number)
        staged = self._staged.get(id)
        return staged.n if staged else 2 * _STAGED

    def _entries(self, numbers: Iterable[int]) -> Iterator[_Entry]:
        written = [number for number in numbers if number < _STAGED]
        if written:
            for row in self._reader.execute(_candidates, {"numbers": written}):
                if row.id not in self._staged:
                    yield _Entry(
                        row.n, row.id, row.seen, row.published, row.cluster, row.size, row.sketch, row.lead, row.hashes
                    )
        for number in numbers:
            entry = self._staged.get(self._staged_numbers.get(number, ""))
            if entry is not None and entry.n == number:
                yield entry

    def _within(self, story: Story, entry: _Entry) -> bool:
        if abs(story.seen - entry.seen) > self._kept:
            return False
        window = min(self._window, SHORT_WINDOW) if story.fingerprint.short else self._window
        if story.published is None or entry.published is None:
            return not story.fingerprint.short or abs(story.seen - entry.seen) <= window
        return abs(story.published - entry.published) <= window

    def _rows(self, connection: sa.Connection, ids: Iterable[str]) -> Iterator[Any]:
        wanted = list(ids)
        for start in range(0, len(wanted), _CHUNK):
            yield from connection.execute(_known, {"ids": wanted[start : start + _CHUNK]}).all()


def _values(entry: _Entry) -> dict[str, Any]:
    return {column: getattr(entry, column) for column in stories.c.keys() if column != "n"}  # noqa: SIM118


def _prepare(connection: sa.Connection) -> None:
    """The tables, empty if what is in them was made under other rules of folding or hashing."""
    if connection.dialect.name == "postgresql":
        # Two machines may open a new state at once; the number is any that only newscrawl uses.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(6112)"))
    metadata.create_all(connection)
    stamp = connection.scalar(sa.select(notes.c.value).where(notes.c.name == "stamp"))
    if stamp == STAMP:
        return
    for table in (keys, stories, notes):
        connection.execute(table.delete())
    connection.execute(notes.insert(), [{"name": "stamp", "value": STAMP}, {"name": "merged", "value": "0"}])
    if stamp is not None:
        logger.warning("the near-duplicate index was made under other rules (%s) and is begun anew (%s)", stamp, STAMP)
