"""scrapy export: the corpus as other programs want it, all of it or what is new."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand, output_file
from newscrawl.commands.outcome import FAILED
from newscrawl.items import Article
from newscrawl.program import extractor, lacks
from newscrawl.storage import StorageError
from newscrawl.storage.places import all_sources, article_files, object_store, options_for

if TYPE_CHECKING:
    from newscrawl.exports.selection import Selection

_Write = Callable[[Iterable[Article], Path], int]


class Command(OwnCommand):
    """One row for each article; of an article with several versions the newest, unless all are asked for."""

    requires_project = False
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "(--csv | --parquet | --hf | --sqlite | --markdown) OUT PATH [PATH ...]"

    def short_desc(self) -> str:
        return "Write stored articles as CSV, Parquet, SQLite, Markdown or a HuggingFace dataset"

    def long_desc(self) -> str:
        return (
            "Write stored articles for other programs. PATH is a data directory, a .jsonl file, a directory "
            "of such files, or the address of any of them in a store (s3://bucket/prefix/). In CSV, lists are joined "
            "by a semicolon, and what a spreadsheet would take for a formula gets an apostrophe. In Parquet, moments "
            "are timestamps beside the stored text; docs/exports.md shows the columns."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        from newscrawl.exports.parquet import PARTITIONS

        super().add_options(parser)
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument(
            "--csv", action="store_true", help="CSV in UTF-8 with a byte order mark, as spreadsheets want it"
        )
        group.add_argument("--parquet", action="store_true", help="Parquet; needs pyarrow")
        group.add_argument(
            "--hf", action="store_true", help="OUT is a directory that datasets.load_dataset opens, with a data card"
        )
        group.add_argument(
            "--sqlite", action="store_true", help="one SQLite file with a full-text index, as Datasette opens it"
        )
        group.add_argument("--markdown", action="store_true", help="OUT is a directory with a Markdown file an article")
        parser.add_argument(
            "--with-reserved", action="store_true", help="with --hf: articles whose publishers reserve something, too"
        )
        parser.add_argument(
            "--splits",
            metavar="SHARES",
            help="with --hf: shares as 80/10/10 or 90/10, of train, validation and test; no story stands in two",
        )
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
        _check(opts)
        out = Path(args[0])
        selection = _selection(opts)
        try:
            if opts.since_last:
                told = self._export_new(out, [Path(path) for path in args[1:]], opts, selection)
            else:
                told = self._export(out, args[1:], opts, selection)
        except ImportError:
            self.fail(lacks("this needs pyarrow", "export"), FAILED)
        except OSError as error:
            self.fail(StorageError.of(error, out), FAILED)
        except StorageError as error:
            self.fail(error, FAILED)
        else:
            print(told)

    def _export(self, out: Path, paths: list[str], opts: argparse.Namespace, selection: Selection) -> str:
        """What was done, in a sentence."""
        from newscrawl.exports.publish import new_directory, publish, scratch, sync
        from newscrawl.exports.selection import places_of

        assert self.settings is not None
        target = new_directory(out) if _is_directory(opts) else output_file(out)
        files = places_of(paths, partial(options_for, settings=self.settings))
        left_out = 0
        with scratch(target) as part:
            if opts.hf:
                from newscrawl.exports.huggingface import write_dataset

                found = write_dataset(
                    lambda: selection.articles(files),
                    part,
                    shares=_shares(opts.splits),
                    with_reserved=opts.with_reserved,
                    made_by=extractor(),
                )
                count, left_out = found.all.articles, found.left_out_articles
            else:
                count = _writer(opts, stem="part", empty=True)(selection.articles(files), part)
            sync(part)
            publish(part, target)
        more = (
            f"; {left_out} left out, whose publishers reserve something (--with-reserved takes them)"
            if left_out
            else ""
        )
        return f"{count} articles in {out}{more}"

    def _export_new(self, out: Path, paths: list[Path], opts: argparse.Namespace, selection: Selection) -> str:
        """What was done, in a sentence."""
        from newscrawl.exports.cursor import Cursor
        from newscrawl.exports.selection import data_directory_of

        assert self.settings is not None
        if len(paths) > 1:
            raise UsageError("with --since-last, give one PATH: the data directory")
        data_dir = data_directory_of(paths[0])
        grows = _is_directory(opts)
        target = out.resolve() if grows else output_file(out)
        with Cursor(data_dir, opts.since_last, str(selection)) as cursor:
            if finished := cursor.finish():
                place, count = finished
                if place == target and not grows:
                    return f"{count} articles in {out}"
                print(f"the export that was interrupted is complete now: {count} articles in {place}")
            if target.exists() and not grows:
                raise StorageError(
                    f"{out} is there already, and what is new would take its place: give another name, or --partition"
                )
            store = object_store(self.settings)
            # What was shipped and is no longer here is new, too, where no export has read it.
            files = cursor.new(
                {
                    name: place
                    for source in all_sources(data_dir, store)
                    for name, place in article_files(data_dir, source, store).items()
                }
            )
            part = cursor.scratch(target)
            write = _writer(opts, stem=f"{opts.since_last}-{cursor.number}", empty=False)
            count = write(selection.articles(files.values()), part)
            cursor.settle(part, target, files, count)
        return f"{count} articles in {out}"


def _is_directory(opts: argparse.Namespace) -> bool:
    return bool(opts.partition or opts.hf or opts.markdown)


def _check(opts: argparse.Namespace) -> None:
    """UsageError for options that do not go together."""
    if opts.partition and not opts.parquet:
        raise UsageError("--partition goes with --parquet")
    if (opts.splits or opts.with_reserved) and not opts.hf:
        raise UsageError("--splits and --with-reserved go with --hf")
    if opts.since_last and (opts.hf or opts.sqlite):
        raise UsageError("--since-last goes with --csv, --parquet and --markdown: the others are made anew")
    if opts.all_versions and opts.hf:
        raise UsageError("--all-versions does not go with --hf: a dataset has each story once")
    _shares(opts.splits)


def _shares(text: str | None) -> tuple[int, ...]:
    from newscrawl.exports.splits import shares_of

    try:
        return shares_of(text) if text is not None else (100,)
    except ValueError:
        raise UsageError(f"--splits: {text!r} are no shares; write 80/10/10 or 90/10") from None


def _writer(opts: argparse.Namespace, *, stem: str, empty: bool) -> _Write:
    from newscrawl.cli.tabular import write_csv
    from newscrawl.exports.markdown import write_markdown
    from newscrawl.exports.parquet import write_parquet, write_partitions
    from newscrawl.exports.sqlite import write_sqlite

    if opts.csv:
        return write_csv
    if opts.sqlite:
        return write_sqlite
    if opts.markdown:
        return partial(write_markdown, all_versions=opts.all_versions)
    if opts.partition:
        return partial(write_partitions, by=opts.partition, stem=stem, empty=empty)
    return write_parquet


def _selection(opts: argparse.Namespace) -> Selection:
    """UsageError for what is no day."""
    from newscrawl.exports.selection import Selection

    sources = tuple(sorted({name for name in opts.sources.split(",") if name}))
    first, last = _day(opts.first, "--from"), _day(opts.last, "--to")
    return Selection(sources=sources, first=first, last=last, all_versions=opts.all_versions)


def _day(text: str | None, option: str) -> str | None:
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{option}: {text!r} is no day; write 2026-11-29") from None
