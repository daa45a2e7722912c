"""newscrawl reextract: articles out of WARC archives in bulk."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, OK, UNHEALTHY, USAGE
from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT
from newscrawl.monitoring.health import named
from newscrawl.program import lacks
from newscrawl.storage.errors import StorageError
from newscrawl.storage.places import options_for

if TYPE_CHECKING:
    from newscrawl.cluster.counts import Counts
    from newscrawl.cluster.reextract import Job

_INTERRUPTED = 130
_MOST_PLACES = 20  # of damage, named one by one


class Command(OwnCommand):
    """Reads archives into OUT; run again, it reads those that are missing."""

    requires_project = False
    default_settings: ClassVar = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] --out DIR PATH..."

    def short_desc(self) -> str:
        return "Extract the articles of WARC archives in bulk (files, directories, globs, s3://..., @list)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        from newscrawl.cluster.engines import ENGINES
        from newscrawl.cluster.output import PARTITIONS

        super().add_options(parser)
        parser.add_argument("--out", metavar="DIR", help="where articles/ and the ledgers done/ go")
        parser.add_argument("--engine", choices=sorted(ENGINES), default="pool", help="what runs it")
        parser.add_argument("--procs", type=int, default=os.cpu_count() or 1, metavar="N", help="archives at once")
        parser.add_argument("--base", default="", metavar="PREFIX", help="put before each line of an @list")
        parser.add_argument("--arabic-only", action="store_true", help="leave out what is not Arabic, unparsed")
        parser.add_argument("--markdown", action="store_true", help="fill the field markdown: the story's structure")
        parser.add_argument("--since", type=_day, metavar="DAY", help="articles of this day and later")
        parser.add_argument("--until", type=_day, metavar="DAY", help="articles up to this day")
        parser.add_argument("--partition", choices=PARTITIONS, default="none", help="directories below articles/")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self._run(args, opts)
        except _MistakeError as mistake:
            self.fail(mistake, USAGE)
        except StorageError as error:
            self.fail(error, FAILED)
        except ImportError as error:
            self.fail(lacks(f"--engine {opts.engine} needs {error.name}", opts.engine), USAGE)
        except KeyboardInterrupt:
            self.fail("interrupted; what was finished is kept, and the same command goes on", _INTERRUPTED)

    def _run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.cluster.jobs import find_archives, plan
        from newscrawl.cluster.reextract import Options

        if not args:
            raise _MistakeError("give at least one PATH of a WARC archive")
        if not opts.out:
            raise _MistakeError("--out DIR says where the articles go")
        if opts.procs < 1:
            raise _MistakeError(f"--procs {opts.procs} is no number of processes")
        assert self.settings is not None
        options = Options(
            arabic_only=opts.arabic_only,
            since=opts.since,
            until=opts.until,
            partition=opts.partition,
            compress=self.settings.get("COMPRESS") == "zstd",
            markdown=opts.markdown or self.settings.getbool("MARKDOWN"),
        )
        options_of = partial(options_for, settings=self.settings)
        archives = find_archives(args, base=opts.base, options_for=options_of)
        if opts.partition == "source,date" and not all("/source=" in f"/{archive}" for archive in archives):
            raise _MistakeError(
                "--partition source,date is for newscrawl's own archives: of others each file would hold an article "
                "or two; take date or none"
            )
        timeout = self.settings.getfloat("EXTRACT_TIMEOUT", EXTRACT_TIMEOUT)
        jobs = plan(archives, Path(opts.out), options, timeout, options_for=options_of)
        self._read(jobs, opts)

    def _read(self, jobs: list[Job], opts: argparse.Namespace) -> None:
        from newscrawl.cluster.counts import Counts
        from newscrawl.cluster.engines import ENGINES

        total, began = Counts(), time.monotonic()
        todo = [job for job in jobs if not job.ledger.exists()]
        failed: list[str] = []
        board = _Board(len(todo))
        for job, result in ENGINES[opts.engine](todo, opts.procs):
            if isinstance(result, str):
                failed.append(f"{job.path}: {result}")
            else:
                total.add(result)
            board.show(len(failed), total)
        board.clear()
        _summarise(total, len(todo) - len(failed), len(jobs) - len(todo), time.monotonic() - began)
        for sentence in failed:
            self.fail(sentence, FAILED)
        if not failed:
            self.exitcode = UNHEALTHY if total.damage else OK


class _MistakeError(Exception):
    """A mistake in the command line, in one sentence."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-08-27") from None


class _Board:
    """One line on a terminal, nothing elsewhere."""

    def __init__(self, archives: int) -> None:
        from newscrawl.cluster.counts import Counts

        self._archives = archives
        self._done = -1
        self._shows = sys.stderr.isatty()
        self.show(0, Counts())

    def show(self, failed: int, total: Counts) -> None:
        """The line after one more archive."""
        self._done += 1
        if self._shows:
            done = f"{self._done:,}/{self._archives:,} archives"
            sys.stderr.write(
                f"\r{done}  {total.responses:,} responses  {total.extracted:,} articles"
                f"{f'  {failed:,} failed' if failed else ''}\033[K"
            )

    def clear(self) -> None:
        """Takes the line away."""
        if self._shows:
            sys.stderr.write("\r\033[K")


def _summarise(total: Counts, read: int, before: int, seconds: float) -> None:
    parts = [f"{read:,} archives read" + (f", {before:,} before" if before else "")]
    if read:
        speed = total.responses / total.seconds if total.seconds else 0
        parts += [
            f"{total.responses:,} responses, {total.html:,} pages, {total.sifted:,} sifted out",
            f"{total.extracted:,} articles",
            f"{seconds:,.0f} s, {speed:,.0f} responses a processor second",
        ]
    sys.stderr.write("; ".join(parts) + "\n")
    noted = {"rejected": total.rejected, "passed over": total.passed_over, "fields left out": total.field_errors}
    for name, counts in noted.items():
        if counts:
            sys.stderr.write(f"{name}: {named(dict(counts.most_common()))}\n")
    for place in total.damage[:_MOST_PLACES]:
        sys.stderr.write(f"damage: {place}\n")
    if len(total.damage) > _MOST_PLACES:
        sys.stderr.write(f"and {len(total.damage) - _MOST_PLACES:,} more places; the ledgers name them\n")
