"""Parquet: one file, or a directory of files in Hive partitions. Memory holds a few thousand articles at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from newscrawl.exports.columns import arrow_schema, row, table
from newscrawl.exports.selection import day_of
from newscrawl.items import Article

# Some 30 MB of articles in memory.
ROWS_A_GROUP = 5000
COMPRESSION = "zstd"
# Files that are open at once: months times sources can be more than a process may open.
_MOST_OPEN = 32
#: What Hive, and every engine since, calls a partition whose value is not known.
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"

_KEYS: dict[str, Callable[[Article], str]] = {
    "source": lambda article: article.source or "",
    "month": lambda article: day_of(article)[:7],
}
PARTITIONS = ("month", "source,month")


class ParquetFile:
    """A file that grows by groups of rows, `nbytes` in memory until now; ImportError without pyarrow."""

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self._schema = arrow_schema()
        self._writer = pq.ParquetWriter(path, self._schema, compression=COMPRESSION)
        self.nbytes = 0

    def write(self, rows: list[dict[str, Any]]) -> None:
        """One group of rows; StorageError for a value of the wrong kind."""
        group = table(rows, self._schema)
        self.nbytes += group.nbytes
        self._writer.write_table(group)

    def close(self) -> None:
        """Without it there is no file that anybody can read."""
        self._writer.close()


def write_parquet(articles: Iterable[Article], path: Path) -> int:
    """One file, complete also when there are no articles; how many rows."""
    file, count = ParquetFile(path), 0
    rows: list[dict[str, Any]] = []
    try:
        for article in articles:
            rows.append(row(article))
            count += 1
            if len(rows) == ROWS_A_GROUP:
                file.write(rows)
                rows = []
        if rows:
            file.write(rows)
    finally:
        file.close()
    return count


class _Partition:
    """The files of one directory: a new one begins when the last had to be closed."""

    def __init__(self, directory: Path, stem: str) -> None:
        self._directory = directory
        self._stem = stem
        self._number = 0
        self._file: ParquetFile | None = None
        self.rows: list[dict[str, Any]] = []

    def flush(self) -> None:
        """Writes what has gathered."""
        if self._file is None:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._file = ParquetFile(self._directory / f"{self._stem}-{self._number}.parquet")
            self._number += 1
        self._file.write(self.rows)
        self.rows = []

    def close(self) -> None:
        """Ends the file that is open."""
        if self._file is not None:
            self._file.close()
            self._file = None


def write_partitions(articles: Iterable[Article], directory: Path, *, by: str, stem: str, empty: bool) -> int:
    """`<key>=<value>/.../<stem>-<n>.parquet` below a directory, `by` one of PARTITIONS; how many rows.

    Where there are no articles, `empty` asks for one file without rows, so that engines find the schema.
    """
    keys = by.split(",")
    partitions: dict[Path, _Partition] = {}
    is_open: OrderedDict[Path, _Partition] = OrderedDict()
    count = waiting = 0

    def flush(place: Path) -> None:
        partition = partitions[place]
        partition.flush()
        is_open[place] = partition
        is_open.move_to_end(place)
        if len(is_open) > _MOST_OPEN:
            is_open.popitem(last=False)[1].close()

    def place_of(values: Iterable[str]) -> Path:
        parts = (f"{key}={quote(value, safe='') or NO_VALUE}" for key, value in zip(keys, values, strict=True))
        return directory.joinpath(*parts)

    try:
        for article in articles:
            place = place_of(_KEYS[key](article) for key in keys)
            partition = partitions.setdefault(place, _Partition(place, stem))
            partition.rows.append(row(article))
            count, waiting = count + 1, waiting + 1
            if waiting == ROWS_A_GROUP:
                fullest = max(partitions, key=lambda each: len(partitions[each].rows))
                waiting -= len(partitions[fullest].rows)
                flush(fullest)
        if not count and empty:
            # Not in a partition: pyarrow reads none whose only value is unknown.
            partitions[directory] = _Partition(directory, stem)
            flush(directory)
        for place in [place for place, partition in partitions.items() if partition.rows]:
            flush(place)
    finally:
        for partition in is_open.values():
            partition.close()
    return count
