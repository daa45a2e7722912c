"""The small tables: sources and article files have numbers, which the URL rows carry instead of their names."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from newscrawl.storage.database import insert, writing
from newscrawl.storage.schema import files, sources

_REMEMBERED_FILES = 100


@dataclass(frozen=True, slots=True)
class Shipped:
    """A file as it is in the store: `size` in bytes, `at` in seconds since 1970, before it was read."""

    size: int
    at: int


class Names:
    """Database errors leave as they are."""

    def __init__(self, engine: sa.Engine, reader: sa.Connection, host: str) -> None:
        """`host` is the machine on whose disk the files are that are named from here."""
        self._engine = engine
        self._host = host
        self._reader = reader
        self._source_ids: dict[str, int] = {}
        self._file_ids: dict[str, int] = {}

    def source_id(self, source: str) -> int | None:
        """A source's number; None when the state has never met it."""
        known = self._source_ids.get(source)
        if known is None:
            known = self._reader.scalar(sa.select(sources.c.id).where(sources.c.name == source))
            if known is not None:
                self._source_ids[source] = known
        return known

    def intern_source(self, source: str) -> int:
        """A source's number, given when it has none."""
        known = self.source_id(source)
        if known is None:
            with writing(self._engine) as connection:
                connection.execute(insert(self._engine, sources).values(name=source).on_conflict_do_nothing())
            known = self.source_id(source)
            assert known is not None
        return known

    def intern_file(self, source: str, file: str | None) -> int | None:
        """A file's number, given when it has none; None of None."""
        if file is None:
            return None
        known = self._file_ids.get(file)
        if known is None:
            query = sa.select(files.c.id).where(files.c.name == file)
            known = self._reader.scalar(query)
            if known is None:
                values = {"source_id": self.intern_source(source), "name": file, "indexed": False, "host": self._host}
                with writing(self._engine) as connection:
                    connection.execute(insert(self._engine, files).values(values).on_conflict_do_nothing())
                known = self._reader.scalar(query)
            assert known is not None
            # A rebuild meets thousands of files, a crawl one or two: remembering the last few is enough.
            if len(self._file_ids) >= _REMEMBERED_FILES:
                self._file_ids.clear()
            self._file_ids[file] = known
        return known

    def host_of(self, file: str) -> str | None:
        """The machine that has a file; None where that was not said."""
        return self._reader.scalar(sa.select(files.c.host).where(files.c.name == file))

    def indexed_files(self, source: str) -> set[str]:
        """The logical names of a source's files that are marked."""
        source_id = self.source_id(source)
        if source_id is None:
            return set()
        return set(self._reader.scalars(sa.select(files.c.name).where(files.c.source_id == source_id, files.c.indexed)))

    def shipped_files(self, source: str) -> dict[str, Shipped]:
        """A source's files that are in the store, by logical name."""
        columns = (files.c.name, files.c.size, files.c.shipped_at)
        query = sa.select(*columns).where(files.c.source_id == self.source_id(source), files.c.shipped_at.is_not(None))
        return {row.name: Shipped(row.size or 0, row.shipped_at) for row in self._reader.execute(query)}

    def mark_shipped(self, source: str, file: str, shipped: Shipped | None) -> None:
        """Note that a file is in the store, or (None) that it is not."""
        file_id = self.intern_file(source, file)
        values = {"size": shipped.size, "shipped_at": shipped.at} if shipped else {"shipped_at": None}
        with writing(self._engine) as connection:
            connection.execute(files.update().where(files.c.id == file_id).values(values))

    def mark_indexed(self, source: str, file: str) -> None:
        """Mark a file that was read here."""
        file_id = self.intern_file(source, file)
        with writing(self._engine) as connection:
            connection.execute(files.update().where(files.c.id == file_id).values(indexed=True, host=self._host))
