"""newscrawl ship: sealed files to an object store."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, UNHEALTHY, USAGE
from newscrawl.storage import StorageError
from newscrawl.storage.locations import data_directory

if TYPE_CHECKING:
    from newscrawl.storage.ship import Round, Sealed

_DAY = 86400.0


class Command(OwnCommand):
    """Exit codes: 0 all is in the store, 1 store, state or disk refuse, 2 the command is wrong, 3 the store holds
    something else under a file's name."""

    requires_project = True
    requires_crawler_process = False
    takes_arguments = False

    def syntax(self) -> str:
        return "[--watch] [--remove-after DAYS] [--dry-run]"

    def short_desc(self) -> str:
        return "Put sealed files into the object store that STORE_URL names"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--watch", action="store_true", help="go on, every SHIP_EVERY seconds, until stopped")
        parser.add_argument(
            "--remove-after",
            type=float,
            metavar="DAYS",
            help="take local copies away that were shipped so many days ago (KEEP_LOCAL; without both they stay)",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and ask no store")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints what was done to standard output."""
        assert self.settings is not None
        keep = self.settings.get("KEEP_LOCAL") if opts.remove_after is None else opts.remove_after
        self._keep = None if keep in (None, "") else float(keep)
        self._complained: set[str] = set()
        if not self.settings.get("STORE_URL"):
            self.fail("STORE_URL says where to: -s STORE_URL=s3://bucket/prefix", USAGE)
            return
        if self._keep is not None and not self._keep >= 0:
            self.fail(f"--remove-after {self._keep:g} is no number of days", USAGE)
            return
        try:
            self._round(opts)
            while opts.watch and not opts.dry_run:
                # What went wrong in one round may go well in the next.
                self.exitcode = 0
                time.sleep(max(1.0, self.settings.getfloat("SHIP_EVERY", 300)))
                self._round(opts)
        except KeyboardInterrupt:
            if not opts.watch:
                raise

    def _round(self, opts: argparse.Namespace) -> None:
        from newscrawl.storage.ship import shipping

        assert self.settings is not None
        try:
            if not (data_dir := data_directory(self.settings)).is_dir():
                raise StorageError(f"there is no data directory {data_dir}")
            # Removal comes first, so no copy goes in the round that shipped it.
            before = time.time() - (self._keep or 0) * _DAY
            with shipping(self.settings) as files:
                if opts.dry_run:
                    _foretell("would be shipped", list(files.waiting()))
                    if self._keep is not None:
                        _foretell("would be removed here", list(files.removable(before)))
                    return
                removed = files.remove(before) if self._keep is not None else 0
                done = files.ship()
        except StorageError as error:
            self._complain(str(error), FAILED)
            return
        if not opts.watch or removed or done.shipped or done.there or done.replaced:
            print(_summary(done, removed), flush=True)
        for conflict in done.conflicts:
            self._complain(conflict, UNHEALTHY)

    def _complain(self, sentence: str, code: int) -> None:
        """Of one that lasts from round to round, once."""
        if sentence not in self._complained:
            self.fail(sentence, code)
        self._complained.add(sentence)
        self.exitcode = self.exitcode or code


def _summary(done: Round, removed: int) -> str:
    parts = [f"{done.shipped:,} files shipped ({done.size / 1e6:,.1f} MB)"]
    noted = {
        "were there": done.there,
        "replaced without what was forgotten": done.replaced,
        "local copies removed": removed,
        "in conflict": len(done.conflicts),
    }
    return "; ".join(parts + [f"{count:,} {what}" for what, count in noted.items() if count])


def _foretell(what: str, files: list[Sealed]) -> None:
    for file in files:
        print(file.key)
    print(f"{len(files):,} files ({sum(file.size for file in files) / 1e6:,.1f} MB) {what}")
