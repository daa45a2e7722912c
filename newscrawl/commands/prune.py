"""newscrawl prune: removes old summaries, archives and rejected articles; never an article."""

from __future__ import annotations

import argparse
import math
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, USAGE
from newscrawl.program import program
from newscrawl.storage.archive import ARCHIVE
from newscrawl.storage.errors import StorageError
from newscrawl.storage.jsonl import REJECTED
from newscrawl.storage.locations import data_directory, state_url
from newscrawl.storage.pruning import RUNS, Pruned, prune

_WHAT = {RUNS: "summaries of runs", ARCHIVE: "archived responses", REJECTED: "rejected articles"}
_MOST_DAYS = 36_500


class Command(OwnCommand):
    """Exit codes: 0 done, 1 something could not be removed or is being written, 2 the command is wrong."""

    requires_project = True
    requires_crawler_process = False
    takes_arguments: ClassVar = False
    default_settings: ClassVar = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--keep-runs DAYS] [--keep-archive DAYS] [--keep-rejected DAYS] [--dry-run]"

    def short_desc(self) -> str:
        return "Remove old summaries of runs, archived responses and rejected articles; never an article"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        for kind, what in _WHAT.items():
            parser.add_argument(f"--keep-{kind}", metavar="DAYS", help=f"remove {what} of runs that began before that")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
        parser.epilog = "DATA_DIR says where (-s DATA_DIR=...). What is not named by an option is kept."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints a line for each kind."""
        assert self.settings is not None
        data_dir = data_directory(self.settings)
        now = datetime.now(UTC)
        try:
            given = {kind: getattr(opts, f"keep_{kind}") for kind in _WHAT}
            before = {kind: now - _days(kind, text) for kind, text in given.items() if text is not None}
            if not before:
                raise UsageError(f"what is to go? {program()} prune {self.syntax()}")
            if not data_dir.is_dir():
                raise StorageError(f"there is no data directory {data_dir}")
            there = _shipped(state_url(self.settings))
            done = prune(data_dir, before, holder=f"{program()} prune", dry_run=opts.dry_run, shipped=there)
        except UsageError as error:
            self.fail(error, USAGE)
        except StorageError as error:
            self.fail(error, FAILED)
        else:
            for kind in before:
                print(_told(kind, done, dry_run=opts.dry_run, has_store=bool(self.settings.get("STORE_URL"))))
            if done.busy:
                self.fail(f"of {', '.join(done.busy)} nothing was removed: a run is writing there now", FAILED)


def _days(kind: str, text: str) -> timedelta:
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not 0 <= days <= _MOST_DAYS:
        raise UsageError(f"--keep-{kind} is {text!r}; expected: a number of days, 0 or more")
    return timedelta(days=days)


def _shipped(url: str) -> set[str]:
    """What the object store has, by the state; nothing where there is none yet."""
    from newscrawl.storage.database import sqlite_path
    from newscrawl.storage.scans import shipped
    from newscrawl.storage.state import State

    path = sqlite_path(url)
    if path is not None and not path.exists():
        return set()
    state = State(url)
    try:
        return shipped(state)
    finally:
        state.close()


def _told(kind: str, done: Pruned, *, dry_run: bool, has_store: bool) -> str:
    count = done.files[kind]
    if not count:
        return f"{_WHAT[kind]}: nothing is that old"
    size = f"{done.bytes[kind] / 1_000_000:.1f} MB"
    verb = "would go" if dry_run else "removed"
    there = done.shipped[kind]
    also = f"; {there or 'none'} of them in the object store, where nothing goes" if there or has_store else ""
    return f"{_WHAT[kind]}: {count} {'files' if count != 1 else 'file'} ({size}) {verb}{also}"
