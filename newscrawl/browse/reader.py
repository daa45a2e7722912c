"""Asking the index: what a search finds, and the stored record of every row."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newscrawl.browse.entry import instant_of
from newscrawl.browse.index import index_path
from newscrawl.browse.lines import read_line, read_record
from newscrawl.browse.schema import COUNTS, DAY_BITS, guarded, open_reader
from newscrawl.browse.search import BEST, Asked, Search, asked
from newscrawl.storage import StorageError
from newscrawl.storage.rows import id_number

PAGE = 20
#: Counts by source and section are made of the newest so many hits: each is looked up, which is what takes time.
COUNTED = 20_000
_PLACE = "article.n, article.id, article.source, article.version, file.name, offset, length"
_BY_NUMBER = f"SELECT {_PLACE} FROM article JOIN file ON file.n = file WHERE article.n = ?"
_CHUNK = 500
_MOST_SECTIONS = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of the index with its stored record."""

    n: int
    record: dict[str, Any]


@dataclass(slots=True)
class Found:
    """A page of hits. `following` is what the address of the next page says, None on the last one."""

    total: int
    hits: list[Hit]
    timeline: list[tuple[int, int]]
    following: dict[str, int] | None = None


@dataclass(slots=True)
class Facets:
    """Hits by source and by section, most first; of the newest COUNTED hits where there are more."""

    sources: list[tuple[str, int]] = field(default_factory=list)
    sections: list[tuple[str, int]] = field(default_factory=list)
    partial: bool = False


class Reader:
    """The index of a data directory, asked by several threads, each with a connection of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.path = index_path(data_dir)
        self._local = threading.local()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection; StorageError when there is no index."""
        try:
            inode = self.path.stat().st_ino
        except OSError as error:
            raise StorageError.of(error, self.path, "read") from error
        if getattr(self._local, "inode", None) != inode:
            self._local.connection = open_reader(self.path)
            self._local.inode = inode
        connection: sqlite3.Connection = self._local.connection
        return connection

    def rows(self, query: str, values: Any = ()) -> list[sqlite3.Row]:
        """What the index answers; StorageError."""
        connection = self.connection
        with guarded(self.path):
            return connection.execute(query, values).fetchall()

    def generation(self) -> int:
        """Another number whenever something in the index has changed."""
        (row,) = self.rows("SELECT value FROM meta WHERE key = 'generation'")
        return int(row[0])

    def find(self, search: Search, *, before: int | None = None, page: int = 0) -> Found:
        """One page of what a search finds: newest first from below a number, or the best matches by page."""
        wanted = asked(search, self.connection)
        timeline = self._timeline(search, wanted)
        where, values = wanted.where()
        if search.order == BEST and search.query.wanted:
            query = f"SELECT rowid FROM text WHERE {where} ORDER BY rank LIMIT ? OFFSET ?"
            numbers = [row[0] for row in self.rows(query, (*values, PAGE + 1, page * PAGE))]
            following = {"page": page + 1}
        else:
            if before is not None:
                where, values = Asked(wanted.match, wanted.first, min(before, wanted.end)).where()
            query = f"SELECT rowid FROM text WHERE {where} ORDER BY rowid DESC LIMIT ?"
            numbers = [row[0] for row in self.rows(query, (*values, PAGE + 1))]
            following = {"before": numbers[PAGE - 1]} if len(numbers) > PAGE else {}
        return Found(
            total=sum(count for _, count in timeline),
            hits=self.hits(numbers[:PAGE]),
            timeline=timeline,
            following=following if len(numbers) > PAGE else None,
        )

    def timeline(self, search: Search) -> list[tuple[int, int]]:
        """Hits by the ordinal of the day, oldest first."""
        return self._timeline(search, asked(search, self.connection))

    def _timeline(self, search: Search, wanted: Asked) -> list[tuple[int, int]]:
        if not search.query and search.filters == sum(x is not None for x in (search.since, search.until)):
            bounds = (wanted.first >> DAY_BITS, wanted.end >> DAY_BITS)
            query = (
                "SELECT day, sum(articles) FROM daily WHERE day >= ? AND day < ? GROUP BY day HAVING sum(articles) > 0"
            )
            return [tuple(row) for row in self.rows(query, bounds)]
        where, values = wanted.where()
        query = f"SELECT rowid >> {DAY_BITS}, count(*) FROM text WHERE {where} GROUP BY 1"
        return [tuple(row) for row in self.rows(query, values)]

    def facets(self, search: Search, total: int) -> Facets:
        """How the hits are spread over sources and sections."""
        if not search.query and not search.filters:
            sources = self.rows(
                "SELECT source.name, sum(articles) AS n FROM daily JOIN source ON source.n = daily.source"
                " GROUP BY source ORDER BY n DESC"
            )
            return Facets([tuple(row) for row in sources if row[1]], self.tally("section", _MOST_SECTIONS))
        where, values = asked(search, self.connection).where()
        counts = self.rows(
            "SELECT article.source, article.section, count(*) FROM"
            f" (SELECT rowid AS r FROM text WHERE {where} ORDER BY rowid DESC LIMIT {COUNTED})"
            " JOIN article ON article.n = r GROUP BY 1, 2",
            values,
        )
        sources_, sections_ = Counter[int](), Counter[int]()
        for source, section, count in counts:
            sources_[source] += count
            if section is not None:
                sections_[section] += count
        names = {row[0]: row[1] for row in self.rows("SELECT n, name FROM source")}
        return Facets(
            [(names[source], count) for source, count in sources_.most_common()],
            [(self._name(section), count) for section, count in sections_.most_common(_MOST_SECTIONS)],
            partial=total > COUNTED,
        )

    def _name(self, number: int) -> str:
        (row,) = self.rows("SELECT name FROM name WHERE n = ?", (number,))
        return str(row[0])

    def hits(self, numbers: list[int]) -> list[Hit]:
        """The rows with their records, in the order given; a row that has just gone is left out."""
        rows = (row for number in numbers for row in self.rows(_BY_NUMBER, (number,)))
        return [Hit(row["n"], self._record(row)) for row in rows]

    def lines(self, search: Search) -> Iterator[bytes]:
        """The stored line of every hit, newest first."""
        wanted = asked(search, self.connection)
        end = wanted.end
        while True:
            where, values = Asked(wanted.match, wanted.first, end).where()
            query = f"SELECT rowid FROM text WHERE {where} ORDER BY rowid DESC LIMIT {_CHUNK}"
            numbers = [row[0] for row in self.rows(query, values)]
            for number in numbers:
                for row in self.rows(_BY_NUMBER, (number,)):
                    yield read_line(self.data_dir, row["name"], row["offset"], row["length"])
            if len(numbers) < _CHUNK:
                return
            end = numbers[-1]

    def versions(self, id_: str, source: str | None = None) -> list[dict[str, Any]]:
        """The stored versions of an article, oldest first; empty when there is no such article."""
        number = id_number(id_)
        of = " AND source.name = ?" if source else ""
        values = (number, source) if source else (number,)
        rows = self.rows(
            f"SELECT {_PLACE}, source.name AS paper FROM article JOIN file ON file.n = file"
            f" JOIN source ON source.n = article.source WHERE article.id = ?{of} ORDER BY article.n LIMIT 1",
            values,
        )
        if not rows:
            return []
        older = self.rows(
            "SELECT version, file.name, offset, length FROM older JOIN file ON file.n = file"
            " WHERE id = ? AND source = ? ORDER BY version",
            (number, rows[0]["source"]),
        )
        return [self._record(row) for row in (*older, *rows)]

    def cluster(self, record: dict[str, Any]) -> list[Hit]:
        """The articles that tell one story, in time; only the article itself where it stands alone."""
        root = id_number(record.get("cluster_id") or record["id"])
        rows = self.rows(
            "SELECT n FROM article WHERE cluster = ? UNION SELECT n FROM article WHERE id = ?", (root, root)
        )
        hits = self.hits([row[0] for row in rows])
        return sorted(hits, key=lambda hit: instant_of(hit.record))

    def totals(self) -> dict[str, int]:
        """The sums over the whole corpus, by name (schema.COUNTS)."""
        (row,) = self.rows(f"SELECT {', '.join(f'coalesce(sum({name}), 0)' for name in COUNTS)} FROM daily")
        return dict(zip(COUNTS, row, strict=True))

    def tally(self, kind: str, limit: int = 100) -> list[tuple[str, int]]:
        """The names of a kind (section, agency, language, restriction) with the articles that have them, most first."""
        query = (
            "SELECT name, sum(n) AS n FROM tally WHERE kind = ? GROUP BY name HAVING sum(n) > 0 ORDER BY n DESC LIMIT ?"
        )
        return [tuple(row) for row in self.rows(query, (kind, limit))]

    def _record(self, row: sqlite3.Row) -> dict[str, Any]:
        return read_record(self.data_dir, row["name"], row["offset"], row["length"])
