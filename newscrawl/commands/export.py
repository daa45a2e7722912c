"""scrapy export: the corpus as CSV or Parquet, all of it or what is new."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand, output_file
from newscrawl.cli.tabular import write_csv
from newscrawl.commands.outcome import FAILED
from newscrawl.exports.cursor import Cursor
from newscrawl.exports.parquet import PARTITIONS, write_parquet, write_partitions
from newscrawl.exports.publish import new_directory, publish, scratch, sync
from newscrawl.exports.selection import Selection, data_directory_of, files_of, places_of
from newscrawl.items import Article
from newscrawl.storage import StorageError
from newscrawl.storage.places import options_for

_Write = Callable[[Iterable[Article], Path], int]


class Command(OwnCommand):
    """One row for each article; of an article with several versions the newest, unless all are asked for."""

    requires_project = False
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "(--csv | --parquet) OUT PATH [PATH ...]"

    def short_desc(self) -> str:
        return "Write stored articles as CSV or Parquet"

    def long_desc(self) -> str:
        return (
            "Write stored articles as one CSV or Parquet file. PATH is a data directory, a .jsonl file, a directory "
            "of such files, or the address of any of them in a store (s3://bucket/prefix/). In CSV, lists are joined "
            "by a semicolon, and what a spreadsheet would take for a formula gets an apostrophe. In Parquet, moments "
            "are timestamps beside the stored text; docs/exports.md shows the columns."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument(
            "--csv", action="store_true", help="CSV in UTF-8 with a byte order mark, as spreadsheets want it"
        )
        group.add_argument("--parquet", action="store_true", help="Parquet; needs the extra newscrawl[export]")
        parser.add_argument(
            "--partition",
            choices=PARTITIONS,
            help="with --parquet: OUT becomes a directory of Hive partitions by month of publication, or by source "
            "and month",
        )
        parser.add_argument("--sources", metavar="NAMES", default="", help="only articles of these, parted by commas")
        parser.add_argument(
            "--from", metavar="DAY", dest="first", help="only articles published on this day (2026-11-29) or later"
        )
        parser.add_argument("--to", metavar="DAY", dest="last", help="only articles published on this day or earlier")
        parser.add_argument("--all-versions", action="store_true", help="every stored version, not only the newest")
        parser.add_argument(
            "--since-last",
            metavar="NAME",
            help="only what was stored since the last export of this name; PATH is one data directory, which "
            "remembers it",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """What is written appears at OUT when it is whole."""
        if len(args) < 2:
            raise UsageError("give OUT and at least one PATH")
        if opts.partition and not opts.parquet:
            raise UsageError("--partition goes with --parquet")
        assert self.settings is not None
        out = Path(args[0])
        selection = _selection(opts)
        try:
            if opts.since_last:
                count, out = self._export_new(out, [Path(path) for path in args[1:]], opts, selection)
            else:
                places = places_of(args[1:], partial(options_for, settings=self.settings))
                count = self._export(out, selection.articles(places), opts)
        except ImportError:
            self.fail("Parquet needs pyarrow: pip install 'newscrawl[export]'", FAILED)
        except OSError as error:
            self.fail(StorageError.of(error, out), FAILED)
        except StorageError as error:
            self.fail(error, FAILED)
        else:
            print(f"{count} articles in {out}")

    def _export(self, out: Path, articles: Iterable[Article], opts: argparse.Namespace) -> int:
        target = new_directory(out) if opts.partition else output_file(out)
        with scratch(target) as part:
            count = _writer(opts, stem="part", empty=True)(articles, part)
            sync(part)
            publish(part, target)
        return count

    def _export_new(
        self, out: Path, paths: list[Path], opts: argparse.Namespace, selection: Selection
    ) -> tuple[int, Path]:
        """How many articles, and where they are."""
        if len(paths) > 1:
            raise UsageError("with --since-last, give one PATH: the data directory")
        data_dir = data_directory_of(paths[0])
        target = out.resolve() if opts.partition else output_file(out)
        with Cursor(data_dir, opts.since_last, str(selection)) as cursor:
            if finished := cursor.finish():
                place, count = finished
                if place == target and not opts.partition:
                    return count, out
                print(f"the export that was interrupted is complete now: {count} articles in {place}")
            if target.exists() and not opts.partition:
                raise StorageError(
                    f"{out} is there already, and what is new would take its place: give another name, or --partition"
                )
            files = cursor.new(files_of([data_dir]))
            part = cursor.scratch(target)
            write = _writer(opts, stem=f"{opts.since_last}-{cursor.number}", empty=False)
            count = write(selection.articles(files), part)
            cursor.settle(part, target, files, count)
        return count, out


def _writer(opts: argparse.Namespace, *, stem: str, empty: bool) -> _Write:
    if opts.csv:
        return write_csv
    if not opts.partition:
        return write_parquet

    def write(articles: Iterable[Article], directory: Path) -> int:
        return write_partitions(articles, directory, by=opts.partition, stem=stem, empty=empty)

    return write


def _selection(opts: argparse.Namespace) -> Selection:
    """UsageError for what is no day."""
    sources = tuple(sorted({name for name in opts.sources.split(",") if name}))
    first, last = _day(opts.first, "--from"), _day(opts.last, "--to")
    return Selection(sources=sources, first=first, last=last, all_versions=opts.all_versions)


def _day(text: str | None, option: str) -> str | None:
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{option}: {text!r} is no day; write 2026-11-29") from None
