"""The articles of one archive: files that appear whole, under names that only this archive has."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from backports import zstd

from newscrawl.items import Article
from newscrawl.storage.append import ZSTD, make_directory, sync_directory
from newscrawl.storage.jsonl import ARTICLES, SUFFIX

#: Files that one archive holds open: a day's archive has articles of a hundred days, each a partition.
MAX_OPEN = 64
PARTITIONS = ("none", "date", "source,date")
_UNKNOWN = "unknown"


def _day(article: Article) -> str:
    return (article.published_at or "")[:10] or _UNKNOWN


_DIRECTORY: dict[str, Callable[[Article], str]] = {
    "none": lambda _article: "",
    "date": lambda article: f"date={_day(article)}",
    "source,date": lambda article: f"source={article.source or _UNKNOWN}/date={_day(article)}",
}


class Output:
    """`articles/[<partitions>/]<archive>.jsonl[.zst]` below a directory. While it grows a file's name begins with a
    dot, so that no engine reads it."""

    def __init__(self, out: Path, name: str, *, partition: str, compress: bool) -> None:
        """Removes what a killed process left of this archive. OSError when the directory refuses."""
        self._root = out / ARTICLES
        self._suffix = f"{SUFFIX}{ZSTD}" if compress else SUFFIX
        self._name = name
        self._directory_of = _DIRECTORY[partition]
        self._compress = compress
        self._open: dict[str, IO[bytes]] = {}
        self._directories: dict[str, Path] = {}
        make_directory(self._root)
        for pattern in (f".{name}.part", f"{name}{SUFFIX}", f"{name}{SUFFIX}{ZSTD}"):
            for leftover in self._root.rglob(pattern):
                leftover.unlink()

    def write(self, article: Article) -> None:
        """One article to its partition; OSError when the disk refuses."""
        partition = self._directory_of(article)
        file = self._open.get(partition) or self._opened(partition)
        file.write(article.to_json().encode() + b"\n")

    def _opened(self, partition: str) -> IO[bytes]:
        if len(self._open) >= MAX_OPEN:
            self.close()
        if partition not in self._directories:
            self._directories[partition] = self._root / partition
            make_directory(self._directories[partition])
        path = self._growing(partition)
        # A second frame behind the first is what zstd readers expect of files that were added to.
        file = cast(IO[bytes], zstd.open(path, "ab")) if self._compress else path.open("ab")
        self._open[partition] = file
        return file

    def _growing(self, partition: str) -> Path:
        return self._directories[partition] / f".{self._name}.part"

    def close(self) -> None:
        """Closes what is open, without giving it a name."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def finish(self) -> None:
        """Puts all files on the disk itself and gives them their names."""
        self.close()
        for partition, directory in self._directories.items():
            growing = self._growing(partition)
            descriptor = os.open(growing, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            growing.rename(directory / f"{self._name}{self._suffix}")
            sync_directory(directory)
