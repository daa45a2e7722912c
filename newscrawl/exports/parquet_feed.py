"""Parquet for Scrapy's own feeds: `-o x.parquet`. Set by the add-on in FEED_EXPORTERS.

Parquet can be read only when its end is written. A file on this machine is therefore made beside its place: from the
beginning of the crawl there is a valid file, without rows or with those of the run before, and from its end one with
all.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import IO, Any

from itemadapter import ItemAdapter
from scrapy.exporters import BaseItemExporter

from newscrawl.exports.columns import UNKNOWN, arrow_schema, row, table
from newscrawl.exports.parquet import COMPRESSION, ROWS_A_GROUP
from newscrawl.items import Article
from newscrawl.storage import StorageError


class ParquetItemExporter(BaseItemExporter):
    """Articles in the columns of `newscrawl export --parquet`; items of other kinds as text, in those of the first one.

    What later items have besides goes into the column `unknown` as JSON. Raises ImportError without pyarrow,
    StorageError where rows are to be added to a file that is no Parquet.
    """

    def __init__(self, file: IO[bytes], **options: Any) -> None:
        super().__init__(dont_fail=True, **options)
        self._file = file
        # A storage elsewhere hands over a temporary file, and takes it as it is at the end.
        name = getattr(file, "name", None)
        self._path = Path(name) if getattr(file, "mode", "") in ("ab", "wb") and isinstance(name, str) else None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._writer: Any = None
        self._schema: Any = None
        self._rows: list[dict[str, Any]] = []

    def start_exporting(self) -> None:
        """Puts a valid file into its place, if none is there."""
        import pyarrow.parquet as pq

        self._scratch = tempfile.TemporaryDirectory(
            dir=self._path.parent if self._path else None, prefix=".export-", ignore_cleanup_errors=True
        )
        if self._path is None:
            return
        if self._path.stat().st_size:
            self._take_over(self._path)
        else:
            pq.write_table(arrow_schema().empty_table(), self._file)
            self._file.flush()

    def _take_over(self, path: Path) -> None:
        """Begins with the rows that are there, as Scrapy's `-o` does."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            old = pq.ParquetFile(path)
        except pa.ArrowException as error:
            raise StorageError(f"{path} is there already and is no Parquet; -O replaces it") from error
        with old:
            if old.metadata.num_rows:
                self._begin(old.schema_arrow)
                for group in old.iter_batches(ROWS_A_GROUP):
                    self._writer.write_batch(group)

    def _begin(self, schema: Any) -> None:
        import pyarrow.parquet as pq

        assert self._scratch is not None
        self._schema = schema
        self._writer = pq.ParquetWriter(Path(self._scratch.name, "part"), schema, compression=COMPRESSION)

    def export_item(self, item: Any) -> None:
        """Takes one item in."""
        values = row(item) if isinstance(item, Article) else _texts(item)
        if self._schema is None:
            self._begin(self._schema_of(item, values))
        names = self._schema.names
        more = {name: value for name, value in values.items() if name not in names}
        if more and UNKNOWN in names and not isinstance(item, Article):
            values[UNKNOWN] = json.dumps(more, ensure_ascii=False)
        self._rows.append({name: values.get(name) for name in names})
        if len(self._rows) == ROWS_A_GROUP:
            self._flush()

    def _schema_of(self, item: Any, values: dict[str, Any]) -> Any:
        import pyarrow as pa

        if isinstance(item, Article):
            whole = arrow_schema()
        else:
            whole = pa.schema([(name, pa.string()) for name in (*values, UNKNOWN)])
        if not self.fields_to_export:
            return whole
        names = [name for name in self.fields_to_export if name in whole.names]
        return pa.schema([whole.field(name) for name in names])

    def _flush(self) -> None:
        self._writer.write_table(table(self._rows, self._schema))
        self._rows = []

    def finish_exporting(self) -> None:
        """Puts the whole file into its place."""
        assert self._scratch is not None
        try:
            if self._writer is None and self._path is None:
                self._begin(arrow_schema())
            if self._writer is None:
                return
            if self._rows:
                self._flush()
            self._writer.close()
            part = Path(self._scratch.name, "part")
            if self._path is not None:
                part.replace(self._path)
            else:
                with part.open("rb") as made:
                    shutil.copyfileobj(made, self._file)
        finally:
            self._scratch.cleanup()


def _texts(item: Any) -> dict[str, str | None]:
    """An item of any kind, each value as text: a text as it is, what has parts as JSON."""
    return {name: _text(value) for name, value in ItemAdapter(item).asdict().items()}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
