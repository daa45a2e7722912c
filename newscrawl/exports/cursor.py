"""What the exports of a name have taken so far: `exports/<name>.sqlite` in the data directory.

An export is made beside its place, then noted here with the names of the article files that it read, then moved, then
settled. A kill before the note leaves nothing; a kill after it is made good by the next export of the name, which moves
what is left to move before it begins. So every article file is in one export exactly.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from newscrawl.exports.publish import publish, sync
from newscrawl.storage import StorageError
from newscrawl.storage.append import make_directory
from newscrawl.storage.objects import Place

_DIRECTORY = "exports"
_NAME = re.compile(r"[\w-]{1,64}")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS asked (what TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS begun (part TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS taken (name TEXT PRIMARY KEY, export INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS export (n INTEGER PRIMARY KEY, part TEXT NOT NULL, target TEXT NOT NULL,
    articles INTEGER NOT NULL, settled INTEGER NOT NULL);
"""


class Cursor:
    """Held by one export at a time, from construction to the end of the `with`; StorageError where another has it."""

    def __init__(self, data_dir: Path, name: str, what: str) -> None:
        """`what` describes which articles are asked for: exports of one name all ask for the same."""
        if not _NAME.fullmatch(name):
            raise StorageError(f"an export cannot be called {name!r}; letters, digits, - and _ make a name")
        self._name = name
        self._path = data_dir / _DIRECTORY / f"{name}.sqlite"
        make_directory(self._path.parent)
        try:
            # Autocommit: transactions are begun where they are meant. The lock is the kernel's, so a kill frees it.
            self._database = sqlite3.connect(self._path, isolation_level=None, timeout=0)
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute("BEGIN EXCLUSIVE")
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self._database.execute(statement)
            asked = self._database.execute("SELECT what FROM asked").fetchone()
            if asked is None:
                self._database.execute("INSERT INTO asked VALUES (?)", (what,))
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._error(error) from error
        if asked is not None and asked[0] != what:
            self.close()
            raise StorageError(f"the exports of the name {name} ask for {asked[0]}; for {what} take another name")

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Lets the next export in."""
        self._database.close()

    def finish(self) -> tuple[Path, int] | None:
        """Brings to its end what a killed export had ready: where it is now and how many articles; None without one."""
        found = self._one("SELECT n, part, target, articles FROM export WHERE NOT settled")
        if found is None:
            return None
        number, part, target, articles = found
        self._settle(number, Path(part), Path(target))
        return Path(target), articles

    @property
    def number(self) -> int:
        """How many exports of the name there were, and one more."""
        ((last,),) = self._all("SELECT coalesce(max(n), 0) FROM export")
        return int(last) + 1

    def new(self, files: Mapping[str, Place]) -> dict[str, Place]:
        """Of article files, by their logical names, those that no export of the name has read."""
        query = "SELECT 1 FROM taken WHERE name = ?"
        return {name: place for name, place in files.items() if self._one(query, (name,)) is None}

    def scratch(self, target: Path) -> Path:
        """Where to make what goes to `target`; what a killed export left where it was at work is removed."""
        for (left,) in self._all("SELECT part FROM begun"):
            if Path(left).is_dir():
                shutil.rmtree(left)
            Path(left).unlink(missing_ok=True)
        own = hashlib.sha256(str(self._path).encode()).hexdigest()[:8]
        part = target.parent / f".export-{self._name}-{own}-{target.name}"
        with self._changing():
            self._database.execute("DELETE FROM begun")
            self._database.execute("INSERT INTO begun VALUES (?)", (str(part),))
        return part

    def settle(self, part: Path, target: Path, names: Iterable[str], articles: int) -> None:
        """Puts a finished export of these files into its place; from here on a kill delays it, and nothing else."""
        sync(part)
        number = self.number
        with self._changing():
            self._database.execute(
                "INSERT INTO export VALUES (?, ?, ?, ?, 0)", (number, str(part), str(target), articles)
            )
            self._database.executemany("INSERT INTO taken VALUES (?, ?)", ((name, number) for name in names))
        self._settle(number, part, target)

    def _settle(self, number: int, part: Path, target: Path) -> None:
        publish(part, target)
        with self._changing():
            self._database.execute("UPDATE export SET settled = 1 WHERE n = ?", (number,))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            self._database.execute("BEGIN")
            yield
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _one(self, query: str, values: tuple[str, ...] = ()) -> tuple[Any, ...] | None:
        return next(iter(self._all(query, values)), None)

    def _all(self, query: str, values: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _error(self, error: sqlite3.Error) -> StorageError:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            return StorageError(f"another export of the name {self._name} is under way")
        return StorageError(f"cannot use {self._path}: {error}")
