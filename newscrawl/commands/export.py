"""scrapy export: the corpus as one CSV or Parquet file."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand, output_file
from newscrawl.cli.tabular import write_csv, write_parquet
from newscrawl.commands.outcome import FAILED
from newscrawl.items import Article
from newscrawl.storage import StorageError, read_articles
from newscrawl.storage.jsonl import ARTICLES


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
