"""scrapy report: how the sources have been doing, from the summaries of their runs."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand, print_json
from newscrawl.commands.outcome import FAILED, UNHEALTHY, USAGE
from newscrawl.monitoring.report import learned_lines, print_learned, print_report, report
from newscrawl.monitoring.runs import RUNS, read_runs
from newscrawl.program import program
from newscrawl.storage import StorageError
from newscrawl.storage.locations import data_directory

_MOST_DAYS = 36_500


class Command(OwnCommand):
    """Exit codes: 0 all is well, 2 there are no runs, 3 a source gives reason to complain."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--days N] [--json | --html FILE] [SOURCE ...]"

    def short_desc(self) -> str:
        return "Show how the sources have been doing, and what has drifted"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--days", type=float, default=7, help="how far back to count")
        parser.add_argument("--html", metavar="FILE", type=Path, help="write a page that stands alone instead")
        parser.add_argument("--lang", choices=("ar", "en"), default="ar", help="of the page")
        parser.add_argument(
            "--learned", action="store_true", help="list the lines that were dropped because they recur, and how often"
        )
        parser.add_argument("--json", action="store_true", help="write one JSON array for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output."""
        from rich.console import Console

        assert self.settings is not None
        if not 0 < opts.days <= _MOST_DAYS:
            raise UsageError(f"--days {opts.days:g} is no number of days between 0 and {_MOST_DAYS}")
        directory = data_directory(self.settings)
        runs = [run for run in read_runs(directory) if not args or run.source in args]
        if not runs:
            of = f" of {', '.join(args)}" if args else ""
            demo = directory / "demo"
            hint = f"; {program()} report -s DATA_DIR={demo} shows the demo's" if (demo / RUNS).is_dir() else ""
            self.fail(f"there are no runs{of} in {directory / RUNS}{hint}", USAGE)
            return
        if opts.learned:
            found = learned_lines(runs)
            if opts.json:
                print_json(found)
            else:
                print_learned(Console(), found)
            return
        rows = report(runs, now=datetime.now(UTC), days=opts.days)
        if opts.html:
            from newscrawl.browse.report_page import write_report

            try:
                write_report(directory, runs, opts.html, now=datetime.now(UTC), language=opts.lang)
            except StorageError as error:
                self.fail(error, FAILED)
                return
            print(f"report: {opts.html}")
        elif opts.json:
            print_json([row.to_dict() for row in rows])
        else:
            print_report(Console(), rows)
        if any(row.complaints for row in rows):
            self.exitcode = UNHEALTHY
