"""From keys (MinHash bands, winnowed lead triples) to the stories that have them, in the database and in memory.

A B-tree of random keys dirties one page a key: 25 pages a story, most of the cost of an index in SQLite. There the
keys of the latest stories are kept in memory (made anew from the stories' rows, so nothing is lost in a crash) and
written some thousand stories at once, in the order of the tree. A server with its own buffers gets them at once.
"""

from __future__ import annotations

import math
import time
from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat
from operator import add, itemgetter
from typing import NamedTuple

from newscrawl.dedup.shingles import BANDS, LEAD_WORDS, Fingerprint
from newscrawl.dedup.triples import HASH_BYTES, triples
from newscrawl.storage.direct import Direct

BUCKET = 32  # the latest stories that one key is asked for
LEAD = BANDS << 32  # the kind of lead keys, above those of the bands
_KINDS = (*(band << 32 for band in range(BANDS)), *[LEAD] * LEAD_WORDS)
_SLOTS = 16
PICK_UP_SECONDS = 0.2  # how often other processes' stories are looked for; they commit every few seconds

_keyed = f"SELECT n FROM near_keys WHERE key IN ({', '.join('?' * _SLOTS)}) LIMIT {_SLOTS * BUCKET}"  # noqa: S608
_latest = f"SELECT n FROM near_keys WHERE key = ? ORDER BY n DESC LIMIT {BUCKET}"  # noqa: S608
_newer = "SELECT n, hashes FROM near_stories WHERE n > ? ORDER BY n"
_oldest = "SELECT n, hashes FROM near_stories WHERE seen < ? ORDER BY seen LIMIT ?"
_insert_key = "INSERT INTO near_keys (key, n) VALUES (?, ?)"
_delete_key = "DELETE FROM near_keys WHERE key = ? AND n = ?"
_delete_story = "DELETE FROM near_stories WHERE n = ?"
_merged = "SELECT value FROM near_notes WHERE name = 'merged'"
_set_merged = "UPDATE near_notes SET value = ? WHERE name = 'merged'"


class Keyed(NamedTuple):
    """A story's number and its keys, as in Fingerprint."""

    n: int
    hashes: bytes


def asked(fingerprint: Fingerprint) -> list[int]:
    """The keys under which a story's like is looked up."""
    if fingerprint.short:
        return [LEAD | value for value in dict.fromkeys(triples(fingerprint.lead))]
    return stored(fingerprint.hashes[: BANDS * HASH_BYTES])


def stored(hashes: bytes) -> list[int]:
    """The keys of a Fingerprint, told apart by their kind."""
    return list(map(add, array("I", hashes), _KINDS))


class Young:
    """The latest stories' numbers by key."""

    def __init__(self) -> None:
        self._numbers: dict[int, int | list[int]] = {}
        self._stories: dict[int, None] = {}

    def __len__(self) -> int:
        return len(self._stories)

    def add(self, number: int, story_keys: Sequence[int]) -> None:
        """Of most keys there is one story, and a list for each would be most of the memory."""
        self._stories[number] = None
        if self._numbers.keys().isdisjoint(story_keys):
            self._numbers.update(dict.fromkeys(story_keys, number))
            return
        for key in story_keys:
            known = self._numbers.setdefault(key, number)
            if isinstance(known, list):
                known.append(number)
            elif known != number:
                self._numbers[key] = [known, number]

    def find(self, asked_keys: Iterable[int]) -> list[int]:
        """A story's number once for each key that it has, the latest BUCKET of each key."""
        found: list[int] = []
        if self._numbers.keys().isdisjoint(asked_keys):
            return found
        for key in asked_keys:
            known = self._numbers.get(key)
            if isinstance(known, int):
                found.append(known)
            elif known is not None:
                found += known[-BUCKET:]
        return found

    def clear(self) -> None:
        """Forget all."""
        self._numbers.clear()
        self._stories.clear()


class KeyIndex:
    """The numbers of the stories that share keys with a given one.

    Writing: begin(), then insert(), replace() and prune() in one transaction, then settled() once it is committed; a
    transaction that is rolled back is begun again.
    """

    def __init__(self, reader: Direct, *, young: int) -> None:
        self._reader = reader
        self._limit = young if reader.embedded else 0
        self._young = Young()
        self._last = _last_merged(reader)
        self._pending: list[Keyed] = []
        self._merged_to: int | None = None
        self._picked_up = -math.inf

    def find(self, asked_keys: Sequence[int]) -> list[int]:
        """A story's number once for each of the keys that it has."""
        if self._limit and time.monotonic() - self._picked_up >= PICK_UP_SECONDS:
            self._pick_up(self._reader)
        found = self._young.find(asked_keys)
        for start in range(0, len(asked_keys), _SLOTS):
            part = asked_keys[start : start + _SLOTS]
            # Unused places repeat the last key, so that one prepared statement serves all.
            slots = (*part, *[part[-1]] * (_SLOTS - len(part)))
            rows = self._reader.rows(_keyed, slots)
            if len(rows) == _SLOTS * BUCKET:
                rows = [row for key in part for row in self._reader.rows(_latest, (key,))]
            found += [n for (n,) in rows]
        return found

    def begin(self, database: Direct) -> None:
        """To be called before any story is written in the transaction."""
        self._pending = []
        self._merged_to = None
        if self._limit:
            self._pick_up(database)

    def insert(self, database: Direct, added: Sequence[Keyed]) -> None:
        """The keys of new stories, whose rows are written."""
        if not self._limit:
            self._store(database, added)
            return
        self._pending += added
        if len(self._young) + len(self._pending) >= self._limit:
            self._merge(database)

    def replace(self, database: Direct, before: Keyed, after: Keyed) -> None:
        """The keys of a later version of a story."""
        if self._limit and before.n > _last_merged(database):
            self._pending.append(after)
            return
        self._delete(database, [before])
        self._store(database, [after])

    def prune(self, database: Direct, before: float, limit: int) -> int:
        """Forget stories seen before a time, the oldest first; how many were forgotten."""
        old = [Keyed(*row) for row in database.rows(_oldest, (before, limit))]
        self.remove(database, old)
        return len(old)

    def remove(self, database: Direct, gone: Collection[Keyed]) -> None:
        """Stories and their keys; a number that stays in memory, in any process, leads to no story any more."""
        self._delete(database, gone)
        database.change(_delete_story, sorted((story.n,) for story in gone))

    @property
    def merging(self) -> bool:
        """Whether this transaction writes keys to the tree: the time to prune it too, as the same pages are touched."""
        return not self._limit or self._merged_to is not None

    def settled(self) -> None:
        """What was written is committed; nothing, if nothing was."""
        pending, self._pending = self._pending, []
        merged_to, self._merged_to = self._merged_to, None
        if merged_to is not None:
            self._young.clear()
            self._last = merged_to
            self._picked_up = -math.inf
            return
        for story in pending:
            self._young.add(story.n, stored(story.hashes))
            self._last = max(self._last, story.n)

    def _pick_up(self, database: Direct) -> None:
        """The stories that others have committed since, and at the start all that are in no tree yet."""
        self._picked_up = time.monotonic()
        for n, hashes in database.rows(_newer, (self._last,)):
            self._young.add(n, stored(hashes))
            self._last = n

    def _merge(self, database: Direct) -> None:
        merged = _last_merged(database)
        waiting = [Keyed(*row) for row in database.rows(_newer, (merged,))]
        if len(waiting) >= self._limit:
            self._store(database, waiting)
            merged = waiting[-1].n
            database.change(_set_merged, [(str(merged),)])
        # Otherwise another process has just merged, and its stories need not stay in memory.
        self._merged_to = merged

    def _store(self, database: Direct, added: Iterable[Keyed]) -> None:
        database.change(_insert_key, _in_tree_order(added))

    def _delete(self, database: Direct, gone: Iterable[Keyed]) -> None:
        database.change(_delete_key, _in_tree_order(gone))


def _last_merged(database: Direct) -> int:
    found = database.row(_merged)
    return int(found[0]) if found else 0


def _in_tree_order(changed: Iterable[Keyed]) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    for n, hashes in changed:
        rows += zip(stored(hashes), repeat(n))
    # By the key alone, which is quicker than by the pair: of one key the stories come in order already.
    rows.sort(key=itemgetter(0))
    return rows
