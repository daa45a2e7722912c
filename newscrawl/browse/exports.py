"""What a search finds, to take along: JSON Lines as stored, CSV, Parquet."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from flask import Response, send_file

from newscrawl.cli.tabular import csv_lines
from newscrawl.exports.parquet import write_parquet
from newscrawl.items import Article
from newscrawl.program import lacks
from newscrawl.storage import StorageError
from newscrawl.storage.jsonl import parse_line

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINES_A_WRITE = 100


def json_lines(lines: Iterator[bytes]) -> Response:
    """The lines as they are stored."""
    return _download(_chunks(lines), "application/x-ndjson", "jsonl")


def csv(lines: Iterator[bytes]) -> Response:
    """One row for each article, as `newscrawl export --csv` writes it."""
    rows = (row.encode() for row in csv_lines(_articles(lines)))
    return _download(_chunks(rows, _BYTE_ORDER_MARK), "text/csv", "csv")


def parquet(lines: Iterator[bytes]) -> Response:
    """As `newscrawl export --parquet` writes it; StorageError where pyarrow is not installed."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "articles.parquet"
        try:
            write_parquet(_articles(lines), path)
        except ImportError:
            raise StorageError(lacks("Parquet needs pyarrow", "export")) from None
        # The open file outlives its name.
        file = path.open("rb")
    return send_file(file, "application/vnd.apache.parquet", as_attachment=True, download_name=path.name)


KINDS: dict[str, Callable[[Iterator[bytes]], Response]] = {"csv": csv, "jsonl": json_lines, "parquet": parquet}


def _articles(lines: Iterator[bytes]) -> Iterator[Article]:
    for line in lines:
        record = parse_line(line)
        if record is not None:
            try:
                yield Article.from_dict(record)
            except TypeError as error:
                raise StorageError(f"a stored line is no article of this version: {error}") from error


def _chunks(lines: Iterator[bytes], begin: bytes = b"") -> Iterator[bytes]:
    """Many lines at a time: a write for each would be most of the work."""
    yield begin
    while some := list(islice(lines, _LINES_A_WRITE)):
        yield b"".join(some)


def _download(body: Iterator[bytes], mimetype: str, kind: str) -> Response:
    disposition = {"Content-Disposition": f"attachment; filename=articles.{kind}"}
    return Response(body, mimetype=mimetype, headers=disposition)
