"""Near duplicates: which earlier story, of any publisher, tells the same in nearly the same words.

MinHash bands find the candidates, the shingles' own hashes decide. The index lies in the state's database and forgets
what is older than the window, so its size and cost are bounded however long the corpus grows.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from newscrawl.dedup.compare import contained, jaccard
from newscrawl.dedup.index import Keyed, KeyIndex, Young, asked, stored
from newscrawl.dedup.schema import keys, metadata, notes, stories
from newscrawl.dedup.shingles import STAMP
from newscrawl.dedup.story import Story
from newscrawl.storage.database import guarded, shown, writing
from newscrawl.storage.direct import Direct
from newscrawl.storage.removal import Removal

logger = logging.getLogger(__name__)

DAY = 86_400.0
SHORT_WINDOW = DAY  # "sirens sound in the north" of another day is other news
YOUNG = 4096  # stories whose keys wait in memory: some 15 MB
_VERIFIED = 16  # candidates, those that share most keys
_CHUNK = 100
_PRUNED = 5000
_STAGED = 1 << 62  # staged stories are numbered from here, later than all written ones

_FIELDS = "n, id, seen, published, cluster, size, sketch, lead, hashes"
_own = "SELECT n FROM near_stories WHERE id = ?"
_candidates = f"SELECT {_FIELDS} FROM near_stories WHERE n IN ({', '.join('?' * _VERIFIED)})"  # noqa: S608
_known = f"SELECT id, n, hashes FROM near_stories WHERE id IN ({', '.join('?' * _CHUNK)})"  # noqa: S608
# Both take the fields of an _Entry in their order, from the id on and from the publication on.
_insert = """
INSERT INTO near_stories (id, seen, published, cluster, size, sketch, lead, hashes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_update = """
UPDATE near_stories SET published = ?, cluster = ?, size = ?, sketch = ?, lead = ?, hashes = ? WHERE n = ?
"""


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest earlier story."""

    id: str
    similarity: float
    """Jaccard of the word 3-shingles, 0 to 1; small where a short item is contained in a longer story."""
    cluster: str
    """Id of the story that leads the group."""


class _Entry(NamedTuple):
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
    Several writers may share an index: whichever commits first writes all that is staged, in the order in which the
    stories came. Every method raises StorageError when the database cannot be used.
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
        self.engine = engine
        self.name = shown(engine.url.render_as_string(hide_password=False))
        self._window = window_days * DAY
        self._kept = self._window if keep_days is None else keep_days * DAY
        self._threshold = threshold
        self._staged: dict[str, _Entry] = {}
        self._staged_numbers: dict[int, str] = {}
        self._staged_keys = Young()
        with guarded(self.name):
            with writing(engine) as connection:
                _prepare(connection)
            self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._reader = Direct(self._connection)
            self._keys = KeyIndex(self._reader, young=young)

    def match(self, story: Story) -> Match | None:
        """The nearest story within the window that came into the index before this one; never a version of itself."""
        looked_up = asked(story.fingerprint)
        with guarded(self.name):
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
        database = Direct(connection)
        with guarded(self.name):
            self._keys.begin(database)
            known = self._numbered(database, list(self._staged))
            for id_, before in known.items():
                entry = self._staged[id_]
                database.change(_update, [(*entry[3:], before.n)])
                self._keys.replace(database, before, Keyed(before.n, entry.hashes))
            new = [entry for entry in self._staged.values() if entry.id not in known]
            if new:
                database.change(_insert, [entry[1:] for entry in new])
                numbered = self._numbered(database, [entry.id for entry in new])
                self._keys.insert(database, list(numbered.values()))
            if self._keys.merging:
                latest = max(entry.seen for entry in self._staged.values())
                self._prune(database, latest)

    def written(self) -> None:
        """What write() put into the database is committed."""
        self._keys.settled()
        self._staged.clear()
        self._staged_numbers.clear()
        self._staged_keys.clear()

    def catch_up(self, connection: sa.Connection) -> None:
        """In a transaction that keeps other writers out: match() then knows of all that they have committed."""
        with guarded(self.name):
            self._keys.begin(Direct(connection))

    def forget(self, connection: sa.Connection, ids: Sequence[str]) -> None:
        """Takes stories out, in the caller's transaction; what is not in the index is passed over."""
        database = Direct(connection)
        with guarded(self.name):
            self._keys.remove(database, self._numbered(database, ids).values())
        for id_ in ids:
            self._staged.pop(id_, None)

    def prune(self, connection: sa.Connection, now: float) -> int:
        """Forgets the stories seen too long before `now` (seconds since 1970); how many."""
        with guarded(self.name):
            return self._prune(Direct(connection), now)

    def close(self) -> None:
        """Lets go of the database; what is staged and not written is lost."""
        self._connection.close()

    def _prune(self, database: Direct, now: float) -> int:
        forgotten = 0
        while count := self._keys.prune(database, now - self._kept, _PRUNED):
            forgotten += count
        return forgotten

    def _order(self, id: str) -> int:  # noqa: A002
        """The story's place in the order in which stories came; a new one comes last."""
        written = self._reader.row(_own, (id,))
        if written is not None:
            return int(written[0])
        staged = self._staged.get(id)
        return staged.n if staged else 2 * _STAGED

    def _entries(self, numbers: Iterable[int]) -> Iterator[_Entry]:
        written = [number for number in numbers if number < _STAGED]
        if written:
            for row in self._reader.rows(_candidates, _filled(written, _VERIFIED)):
                entry = _Entry(*row)
                if entry.id not in self._staged:
                    yield entry
        for number in numbers:
            staged = self._staged.get(self._staged_numbers.get(number, ""))
            if staged is not None and staged.n == number:
                yield staged

    def _within(self, story: Story, entry: _Entry) -> bool:
        if abs(story.seen - entry.seen) > self._kept:
            return False
        window = min(self._window, SHORT_WINDOW) if story.fingerprint.short else self._window
        if story.published is None or entry.published is None:
            return not story.fingerprint.short or abs(story.seen - entry.seen) <= window
        return abs(story.published - entry.published) <= window

    def _numbered(self, database: Direct, ids: Sequence[str]) -> dict[str, Keyed]:
        """Of the stories that are written, the numbers and keys, in the order of the numbers."""
        found: list[Any] = []
        for start in range(0, len(ids), _CHUNK):
            found += database.rows(_known, _filled(ids[start : start + _CHUNK], _CHUNK))
        found.sort(key=itemgetter(1))
        return {id_: Keyed(n, hashes) for id_, n, hashes in found}


def on_forget(removal: Removal) -> None:
    """For ON_FORGET."""
    near = NearIndex(removal.state.engine)
    try:
        with removal.state.changing() as connection:
            near.forget(connection, sorted(removal.ids))
    finally:
        near.close()


def _filled(values: Sequence[Any], places: int) -> tuple[Any, ...]:
    """The last value repeated, so that one prepared statement serves all numbers of values."""
    return (*values, *[values[-1]] * (places - len(values)))


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
