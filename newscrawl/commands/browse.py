"""scrapy browse: the reader, a search over the stored articles and pages about them, on this machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from newscrawl.browse.listening import LOOPBACK, is_loopback, read_password
from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, USAGE
from newscrawl.program import program
from newscrawl.storage import StorageError
from newscrawl.storage.jsonl import ARTICLES
from newscrawl.storage.locations import data_directory

if TYPE_CHECKING:
    from newscrawl.browse.index import Update

_PORT = 8642
_MOST_PORT = 65_535


class Command(OwnCommand):
    """Exit codes: 0 done, or ended by Ctrl-C; 1 something could not be read or served; 2 the command is wrong."""

    requires_project = True
    requires_crawler_process = False
    takes_arguments = False

    def syntax(self) -> str:
        return "[--port N] [--index] [--host HOST --password-file FILE]"

    def short_desc(self) -> str:
        return "Search and read the stored articles in a browser, on this machine"

    def long_desc(self) -> str:
        return (
            "Bring the search index (browse.sqlite in the data directory) up to date and serve the reader on loopback "
            "until Ctrl-C. It prints its address and opens nothing. Other machines reach it only with --host and "
            "--password-file together."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=_PORT, help="where to listen; 0: any free port")
        parser.add_argument("--index", action="store_true", help="only bring the index up to date, for cron")
        parser.add_argument("--anew", action="store_true", help="make the index anew from the files")
        parser.add_argument("--host", default=LOOPBACK, help="address to listen on")
        parser.add_argument("--password-file", type=Path, metavar="FILE", help="its first line is asked of readers")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serves until Ctrl-C."""
        assert self.settings is not None
        if not 0 <= opts.port <= _MOST_PORT:
            raise UsageError(f"--port {opts.port} is no port between 0 and {_MOST_PORT}")
        if not is_loopback(opts.host) and opts.password_file is None:
            raise UsageError(f"--host {opts.host} lets other machines in: give --password-file, too")
        directory = data_directory(self.settings)
        if not (directory / ARTICLES).is_dir():
            demo = directory / "demo"
            hint = f"; {program()} browse -s DATA_DIR={demo} shows the demo's" if (demo / ARTICLES).is_dir() else ""
            self.fail(f"there are no articles in {directory}{hint}", USAGE)
            return
        try:
            password = read_password(opts.password_file) if opts.password_file else None
            self._update(directory, opts.anew)
            if not opts.index:
                self._serve(directory, opts, password)
        except StorageError as error:
            self.fail(error, FAILED)

    @staticmethod
    def _update(directory: Path, anew: bool) -> None:
        from rich.console import Console

        from newscrawl.browse.index import update

        console = Console(stderr=True)
        with console.status("indexing") as status:
            done = update(directory, anew=anew, progress=lambda lines: status.update(f"indexing: {lines:,} lines"))
        print(_told(done), file=sys.stderr)

    @staticmethod
    def _serve(directory: Path, opts: argparse.Namespace, password: str | None) -> None:
        from newscrawl.browse.server import Server

        server = Server(directory, host=opts.host, port=opts.port, password=password)
        print(f"reading {directory} at {server.address} (Ctrl-C ends it)", flush=True)
        server.run()


def _told(done: Update) -> str:
    how = "made the index anew" if done.anew else "the index is up to date"
    return f"{how}: {done.lines:,} new lines in {done.files:,} files"
