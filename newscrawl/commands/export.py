"""scrapy export: the corpus as one CSV or Parquet file."""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand, output_file
from newscrawl.commands.outcome import FAILED
from newscrawl.items import Article
from newscrawl.storage import StorageError, read_articles
from newscrawl.storage.jsonl import ARTICLES

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), full-width forms included.
_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")
_ROWS_A_GROUP = 5000


class Command(OwnCommand):
    """One row for each article; of an article with several versions the newest, unless all are asked for."""

    requires_project = False
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "(--csv | --parquet) OUT PATH [PATH ...]"

    def short_desc(self) -> str:
        return "Write stored articles as one CSV or Parquet file"

    def long_desc(self) -> str:
        return (
            "Write stored articles as one CSV or Parquet file. PATH is a data directory, a .jsonl file or a directory "
            "of such files. In CSV, lists are joined by a semicolon, and what a spreadsheet would take for a formula "
            "gets an apostrophe."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument(
            "--csv", action="store_true", help="CSV in UTF-8 with a byte order mark, as spreadsheets want it"
        )
        group.add_argument("--parquet", action="store_true", help="Parquet; needs the extra newscrawl[export]")
        parser.add_argument("--all-versions", action="store_true", help="every stored version, not only the newest")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes beside OUT and renames, so that OUT is never half a file."""
        if len(args) < 2:
            raise UsageError("give OUT and at least one PATH")
        out, paths = Path(args[0]), [Path(path) for path in args[1:]]
        write: Callable[[Iterable[Article], Path], int] = write_csv if opts.csv else write_parquet
        try:
            target = output_file(out)
            articles = _articles(paths, all_versions=opts.all_versions)
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as directory:
                part = Path(directory) / target.name
                count = write(articles, part)
                part.replace(target)
        except ImportError:
            self.fail("Parquet needs pyarrow: pip install 'newscrawl[export]'", FAILED)
        except OSError as error:
            self.fail(StorageError.of(error, out), FAILED)
        except StorageError as error:
            self.fail(error, FAILED)
        else:
            print(f"{count} articles in {out}")


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if (path / ARTICLES).is_dir():  # a data directory holds other JSON Lines, too
            path /= ARTICLES
        found += sorted(path.rglob("*.jsonl*")) if path.is_dir() else [path]
    return [path for path in found if not path.name.endswith((".part", ".tmp"))]


def _articles(paths: list[Path], *, all_versions: bool) -> Iterator[Article]:
    files = _files(paths)
    if all_versions:
        yield from read_articles(files)
        return
    # Two passes, so that what is kept in memory is a number for each article and not its text.
    newest: dict[tuple[str | None, str], int] = {}
    for article in read_articles(files):
        key = (article.source, article.id)
        newest[key] = max(article.version, newest.get(key, 0))
    for article in read_articles(files):
        if article.version == newest[article.source, article.id]:
            yield article


def defused(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return defused("; ".join(value)) if all(isinstance(part, str) for part in value) else _json(value)
    if isinstance(value, dict):
        return _json(value)
    return defused(value) if isinstance(value, str) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def write_csv(articles: Iterable[Article], path: Path) -> int:
    """One row for each article, one column for each field; how many rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in fields(Article))
        for count, article in enumerate(articles, 1):  # noqa: B007
            writer.writerow(_cell(value) for value in article.to_dict().values())
    return count


def write_parquet(articles: Iterable[Article], path: Path) -> int:
    """The fields with their own types, lists and structures included; how many rows. ImportError without pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    text, texts = pa.string(), pa.list_(pa.string())
    types = {
        "version": pa.int32(),
        "word_count": pa.int32(),
        "similarity": pa.float64(),
        "paywalled": pa.bool_(),
        "authors": texts,
        "agencies": texts,
        "tags": texts,
        "restrictions": texts,
        "images": pa.list_(pa.struct([("url", text), ("caption", text), ("credit", text)])),
        "provenance": pa.map_(text, text),
        "archive": pa.struct([("file", text), ("offset", pa.int64())]),
    }
    schema = pa.schema([(field.name, types.get(field.name, text)) for field in fields(Article)])
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(articles):
            rows = [row | {"provenance": list(row["provenance"].items())} for row in group]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _groups(articles: Iterable[Article]) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    for article in articles:
        group.append(article.to_dict())
        if len(group) == _ROWS_A_GROUP:
            yield group
            group = []
    if group:
        yield group
