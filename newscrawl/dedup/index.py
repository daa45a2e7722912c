"""From keys (MinHash bands, winnowed lead triples) to the stories that have them, in the database and in memory.

A B-tree of random keys dirties one page a key: 25 pages a story, most of the cost of an index in SQLite. There the
keys of the latest stories are kept in memory (made anew from the stories' rows, so nothing is lost in a crash) and
written some thousand stories at once, in the order of the tree. A server with its own buffers gets them at once.
"""

from __future__ import annotations

import math
import time
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from newscrawl.dedup.schema import notes
from newscrawl.dedup.shingles import BANDS, Fingerprint
from newscrawl.dedup.triples import HASH_BYTES, triples

BUCKET = 32  # the latest stories that one key is asked for
LEAD = BANDS << 32  # the kind of lead keys, above those of the bands
_MERGED = "merged"
_SLOTS = 16
PICK_UP_SECONDS = 0.2  # how often other processes' stories are looked for; they commit every few seconds

# The statements of every story go past Core, whose handling of names costs more than SQLite's answer.
_keyed = f"SELECT n FROM near_keys WHERE key IN ({', '.join('?' * _SLOTS)}) LIMIT {_SLOTS * BUCKET}"  # noqa: S608
_latest = f"SELECT n FROM near_keys WHERE key = ? ORDER BY n DESC LIMIT {BUCKET}"  # noqa: S608
_newer = "SELECT n, hashes FROM near_stories WHERE n > ? ORDER BY n"
_oldest = "SELECT n, hashes FROM near_stories WHERE seen < ? ORDER BY seen LIMIT ?"
_insert_key = "INSERT INTO near_keys (key, n) VALUES (?, ?)"
_delete_key = "DELETE FROM near_keys WHERE key = ? AND n = ?"
_delete_story = "DELETE FROM near_stories WHERE n = ?"


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
    return [(kind << 32 if kind < BANDS else LEAD) | value for kind, value in enumerate(array("I", hashes))]


class Young:
    """The latest stories' numbers by key."""

    def __init__(self) -> None:
        self._numbers: dict[int, int | list[int]] = {}
        self._stories: dict[int, None] = {}

    def __len__(self) -> int:
        return len(self._stories)

    def add(self, number: int, story_keys: Iterable[int]) -> None:
        """Of most keys there is one story, and a list for each would be most of the memory."""
        self._stories[number] = None
        for key in story_keys:
            known = self._numbers.setdefault(key, number)
            if isinstance(known, list):
                known.append(number)
            elif known != number:
                self._numbers[key] = [known, number]

    def find(self, asked_keys: Iterable[int]) -> list[int]:
        """A story's number once for each key that it has, the latest BUCKET of each key."""
        found: list[int] = []
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

    def __init__(self, reader: sa.Connection, *, young: int) -> None:
        self._reader = reader
        self._limit = young if reader.dialect.name == "sqlite" else 0
        self._young = Young()
        self._last = self._merged(reader)
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
            rows = _run(self._reader, _keyed, slots).all()
            if len(rows) == _SLOTS * BUCKET:
                rows = [row for key in part for row in _run(self._reader, _latest, (key,))]
            found += [n for (n,) in rows]
        return found

    def begin(self, connection: sa.Connection) -> None:
        """To be called before any story is written in the transaction."""
        self._pending = []
        self._merged_to = None
        if self._limit:
            self._pick_up(connection)

    def insert(self, connection: sa.Connection, added: Sequence[Keyed]) -> None:
        """The keys of new stories, whose rows are written."""
        if not self._limit:
            self._store(connection, added)
            return
        self._pending += added
        if len(self._young) + len(self._pending) >= self._limit:
            self._merge(connection)

    def replace(self, connection: sa.Connection, before: Keyed, after: Keyed) -> None:
        """The keys of a later version of a story."""
        if self._limit and before.n > self._merged(connection):
            self._pending.append(after)
            return
        self._delete(connection, [before])
        self._store(connection, [after])

    def prune(self, connection: sa.Connection, before: float, limit: int) -> int:
        """Forget stories seen before a time, the oldest first; how many were forgotten."""
        old = [Keyed(row.n, row.hashes) for row in _run(connection, _oldest, (before, limit))]
        if old:
            self._delete(connection, old)
            _run(connection, _delete_story, sorted((story.n,) for story in old))
        return len(old)

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

    def _pick_up(self, connection: sa.Connection) -> None:
        """The stories that others have committed since, and at the start all that are in no tree yet."""
        self._picked_up = time.monotonic()
        for row in _run(connection, _newer, (self._last,)):
            self._young.add(row.n, stored(row.hashes))
            self._last = row.n

    def _merge(self, connection: sa.Connection) -> None:
        merged = self._merged(connection)
        waiting = [Keyed(row.n, row.hashes) for row in _run(connection, _newer, (merged,))]
        if len(waiting) >= self._limit:
            self._store(connection, waiting)
            merged = waiting[-1].n
            connection.execute(notes.update().where(notes.c.name == _MERGED).values(value=str(merged)))
        # Otherwise another process has just merged, and its stories need not stay in memory.
        self._merged_to = merged

    def _merged(self, connection: sa.Connection) -> int:
        return int(connection.scalar(sa.select(notes.c.value).where(notes.c.name == _MERGED)) or 0)

    def _store(self, connection: sa.Connection, added: Iterable[Keyed]) -> None:
        if rows := _in_tree_order(added):
            _run(connection, _insert_key, rows)

    def _delete(self, connection: sa.Connection, gone: Iterable[Keyed]) -> None:
        if rows := _in_tree_order(gone):
            _run(connection, _delete_key, rows)


def _in_tree_order(changed: Iterable[Keyed]) -> list[tuple[int, int]]:
    return sorted((key, story.n) for story in changed for key in stored(story.hashes))


def _run(
    connection: sa.Connection, statement: str, values: tuple[Any, ...] | list[tuple[Any, ...]] | list[tuple[int, int]]
) -> sa.CursorResult[Any]:
    place = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    return connection.exec_driver_sql(statement.replace("?", place), values)
