"""The rows of one transaction: the newest version of every article, the places of the older ones, and the totals."""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.arabic import fold
from newscrawl.browse.entry import AGENCY, AUTHOR, FIELDS, SECTION, Entry, entry_of, is_filled, meta_words
from newscrawl.browse.lines import read_line
from newscrawl.browse.schema import COUNTS, MINUTE_BITS
from newscrawl.storage import StorageError
from newscrawl.storage.jsonl import parse_line
from newscrawl.storage.rows import id_number

_DELETE = "INSERT INTO text (text, rowid, title, body, meta) VALUES ('delete', ?, ?, ?, ?)"
_INSERT = "INSERT INTO text (rowid, title, body, meta) VALUES (?, ?, ?, ?)"
_PLACE = "file, offset, length, checksum"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with the place of its line: the file's number, and its offset and length in bytes."""

    entry: Entry
    file: int
    offset: int
    length: int
    checksum: int

    @classmethod
    def read(cls, line: bytes, file: int, offset: int) -> Line | None:
        """The line that stands at a place; None when it is no record."""
        record = parse_line(line)
        entry = entry_of(record) if record is not None else None
        return cls(entry, file, offset, len(line), zlib.crc32(line)) if entry is not None else None


class Rows:
    """Changes to the index inside a transaction of the caller's; nothing is counted before write()."""

    def __init__(self, connection: sqlite3.Connection, data_dir: Path) -> None:
        self._connection = connection
        self._data_dir = data_dir
        self._numbers: dict[tuple[str, str], int] = {}
        self._next: dict[int, int] = {}
        self._daily: Counter[tuple[int, int, str]] = Counter()
        self._tally: Counter[tuple[str, int, str]] = Counter()

    def add(self, lines: Iterable[Line]) -> None:
        """Takes lines in; of an article the newest version is searched, the others are kept as places."""
        newest: dict[tuple[int, int], Line] = {}
        replaced: list[tuple[int, Line]] = []
        for line in lines:
            entry = line.entry
            source = self._source(entry)
            key = (entry.id, source)
            current = newest.get(key)
            if current is None and (stored := self._stored(*key)) is not None:
                version, number, *place = stored
                if entry.version > version:
                    old = self._read(*place)
                    replaced.append((number, old))
                    self._keep_older(old, source)
                    newest[key] = line
                elif entry.version == version or not self._keep_older(line, source):
                    continue
            elif current is None or entry.version > current.entry.version:
                if current is not None:
                    self._keep_older(current, source)
                newest[key] = line
            elif entry.version == current.entry.version or not self._keep_older(line, source):
                continue
            self._count_correction(entry, source, 1)
        for number, old in sorted(replaced, key=lambda pair: pair[0]):
            self._take_out(number, old)
        self._put_in(newest)

    def remove(self, id_: int) -> int:
        """Takes an article out, of every source that has it; how many lines it had. StorageError when one is gone."""
        count = 0
        query = f"SELECT source, n, {_PLACE} FROM article WHERE id = ?"
        for source, number, *place in self._connection.execute(query, (id_,)).fetchall():
            line = self._read(*place)
            self._count_correction(line.entry, source, -1)
            self._take_out(number, line)
            older = f"SELECT {_PLACE} FROM older WHERE id = ? AND source = ?"
            for place in self._connection.execute(older, (id_, source)).fetchall():
                self._count_correction(self._read(*place).entry, source, -1)
                count += 1
            self._connection.execute("DELETE FROM older WHERE id = ? AND source = ?", (id_, source))
            count += 1
        return count

    def write(self) -> None:
        """The totals, and the sign for readers that something is new."""
        for (day, source, name), count in self._daily.items():
            if count:
                zeros = ", ".join(str(count) if name == each else "0" for each in COUNTS)
                self._connection.execute(
                    f"INSERT INTO daily VALUES (?, ?, {zeros})"
                    f" ON CONFLICT (day, source) DO UPDATE SET {name} = {name} + excluded.{name}",
                    (day, source),
                )
        self._connection.executemany(
            "INSERT INTO tally VALUES (?, ?, ?, ?) ON CONFLICT (kind, source, name) DO UPDATE SET n = n + excluded.n",
            ((*key, count) for key, count in self._tally.items() if count),
        )
        self._connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")

    def _stored(self, id_: int, source: int) -> Any:
        query = f"SELECT version, n, {_PLACE} FROM article WHERE id = ? AND source = ?"
        return self._connection.execute(query, (id_, source)).fetchone()

    def _read(self, file: int, offset: int, length: int, checksum: int) -> Line:
        """The line of a row; StorageError when it is not what the row was made from."""
        (name,) = self._connection.execute("SELECT name FROM file WHERE n = ?", (file,)).fetchone()
        line = Line.read(read_line(self._data_dir, name, offset, length), file, offset)
        if line is None or line.checksum != checksum:
            raise StorageError(f"{self._data_dir / name} has changed since it was taken in")
        return line

    def _keep_older(self, line: Line, source: int) -> bool:
        """The place of a version that is not the newest; whether it was new."""
        values = (line.entry.id, source, line.entry.version, line.file, line.offset, line.length, line.checksum)
        return self._connection.execute("INSERT OR IGNORE INTO older VALUES (?, ?, ?, ?, ?, ?, ?)", values).rowcount > 0

    def _take_out(self, number: int, line: Line) -> None:
        entry = line.entry
        self._connection.execute(_DELETE, (number, entry.title, entry.body, meta_words(entry, self._number)))
        self._connection.execute("DELETE FROM article WHERE n = ?", (number,))
        self._next.clear()
        self._count(entry, -1)

    def _put_in(self, newest: dict[tuple[int, int], Line]) -> None:
        rows, texts = [], []
        for (id_, source), line in newest.items():
            entry, record = line.entry, line.entry.record
            number = self._free(entry.number)
            place = (line.file, line.offset, line.length, line.checksum)
            section = self._number(SECTION, record["section"]) if record.get("section") else None
            linked = (_number_of(record.get("cluster_id")), _number_of(record.get("duplicate_of")))
            rows.append((number, id_, source, entry.version, *place, section, *linked, record.get("similarity")))
            texts.append((number, entry.title, entry.body, meta_words(entry, self._number)))
            self._count(entry, 1)
        # FTS5 writes a segment whenever a number is lower than the one before it.
        rows.sort()
        texts.sort()
        self._connection.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._connection.executemany(_INSERT, texts)

    def _free(self, lowest: int) -> int:
        """The first free number from `lowest` on, in its minute or a later one."""
        minute = lowest >> MINUTE_BITS
        while True:
            number = self._next.get(minute)
            if number is None:
                query = "SELECT max(n) FROM article WHERE n >= ? AND n < ?"
                bounds = (minute << MINUTE_BITS, (minute + 1) << MINUTE_BITS)
                (last,) = self._connection.execute(query, bounds).fetchone()
                number = minute << MINUTE_BITS if last is None else last + 1
            if number >> MINUTE_BITS == minute:
                self._next[minute] = number + 1
                return number
            self._next[minute] = number
            minute += 1

    def _source(self, entry: Entry) -> int:
        known = self._numbers.get(("source", entry.source))
        if known is None:
            (known,) = self._connection.execute(
                "INSERT INTO source (name, publisher, country) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                " publisher = coalesce(excluded.publisher, publisher), country = coalesce(excluded.country, country)"
                " RETURNING n",
                (entry.source, entry.record.get("publisher"), entry.record.get("country")),
            ).fetchone()
            self._numbers["source", entry.source] = known
        return known

    def _number(self, kind: str, name: str) -> int:
        known = self._numbers.get((kind, name))
        if known is None and kind == "source":
            (known,) = self._connection.execute("SELECT n FROM source WHERE name = ?", (name,)).fetchone()
        elif known is None:
            query = "SELECT n FROM name WHERE kind = ? AND name = ?"
            found = self._connection.execute(query, (kind, name)).fetchone()
            insert = "INSERT INTO name (kind, name) VALUES (?, ?) RETURNING n"
            (known,) = found or self._connection.execute(insert, (kind, name)).fetchone()
        self._numbers[kind, name] = known
        return known

    def _count_correction(self, entry: Entry, source: int, sign: int) -> None:
        if entry.corrected_on is not None:
            self._daily[entry.corrected_on, source, "corrections"] += sign

    def _count(self, entry: Entry, sign: int) -> None:
        record, source = entry.record, self._number("source", entry.source)
        counts = {
            "articles": 1,
            "words": record.get("word_count") or 0,
            "copies": bool(record.get("duplicate_of")),
            "corrected": entry.version > 1,
            "walled": bool(record.get("paywalled")),
            "reserved": bool(record.get("restrictions")),
        }
        for name, count in counts.items():
            if count:
                self._daily[entry.day, source, name] += sign * count
        named = [("field", name) for name in FIELDS if is_filled(record, name)]
        named += [(SECTION, record["section"])] if record.get("section") else []
        named += [(AGENCY, name) for name in record.get("agencies") or ()]
        named += [(AUTHOR, fold(name)) for name in record.get("authors") or ()]
        named += [("restriction", name) for name in record.get("restrictions") or ()]
        named += [("language", record["language"])] if record.get("language") else []
        for kind, name in named:
            self._tally[kind, source, name] += sign


def _number_of(id_: str | None) -> int | None:
    return id_number(id_) if id_ else None
