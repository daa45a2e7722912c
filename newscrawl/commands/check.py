"""newscrawl check: whether publishers' listings answer and their pages still read well."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newscrawl.cli.command import print_json
from newscrawl.commands.crawl import Command as CrawlCommand
from newscrawl.commands.outcome import FAILED, UNHEALTHY
from newscrawl.monitoring.terminal import terminal_safe
from newscrawl.spiders.news import NewsSpider
from newscrawl.storage import StorageError
from newscrawl.storage.locations import data_directory

if TYPE_CHECKING:
    from rich.console import Console

    from newscrawl.spiders.checkup import Checkup

_CHECKS = "checks"


class Command(CrawlCommand):
    """Exit codes: 0 all is well, 1 the check failed, 2 the command is wrong, 3 something is broken."""

    # What goes wrong is in the table.
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--json] SOURCE [SOURCE ...] | all"

    def short_desc(self) -> str:
        return "Look whether sources' listings answer and their pages read well"

    def long_desc(self) -> str:
        return (
            "Look at one source, several, or all, with a handful of polite requests each: robots.txt, every feed and "
            "sitemap, one section page, three stories. What was found goes to checks/<day>.json in the data directory; "
            "for what is broken, a sentence says what to do. Exit code 3 when something is."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="write one JSON array for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints what was found, and keeps it."""
        from rich.console import Console
        from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from newscrawl.monitoring.console import ErrorConsole
        from newscrawl.spiders.checkup import CheckSpider

        assert self.crawler_process is not None
        assert self.settings is not None
        publishers = [spider for spider in self._spiders if issubclass(spider, NewsSpider)]
        self.crawler_process.settings.set("PROGRESS", False, priority="cmdline")
        crawler = self.crawler_process.create_crawler(CheckSpider)
        screen = ErrorConsole()
        columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
            bar = progress.add_task("looking at sources", total=len(publishers))
            task = self.crawler_process.crawl(crawler, publishers=publishers, on_done=lambda: progress.advance(bar))
            self.crawler_process.start()
        spider = crawler.spider
        if not isinstance(spider, CheckSpider):
            self.fail(f"nothing could be checked: {task}", FAILED)
            return
        try:
            _keep(data_directory(self.settings), spider.checkups)
        except OSError as error:
            self.fail(StorageError.of(error, error.filename or _CHECKS), FAILED)
            return
        if opts.json:
            print_json([checkup.to_dict() for checkup in spider.checkups])
        else:
            _print(Console(), spider.checkups)
        if any(checkup.problems for checkup in spider.checkups):
            self.exitcode = UNHEALTHY


def _keep(data_dir: Path, checkups: list[Checkup]) -> None:
    """Puts what was found into checks/<day>.json, beside what was found of other sources on the same day."""
    path = data_dir / _CHECKS / f"{datetime.now(UTC):%Y-%m-%d}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        known = {found["source"]: found for found in json.loads(path.read_text("utf-8"))}
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        known = {}
    known |= {checkup.source: checkup.to_dict() for checkup in checkups}
    partial = path.with_suffix(".json.part")
    partial.write_text(
        json.dumps([known[name] for name in sorted(known)], ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    partial.replace(path)


def _print(console: Console, checkups: list[Checkup]) -> None:
    """A table, then of each source what its stories were read by, and its problems with what to do about them."""
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from newscrawl.spiders.checkup import ARTICLES

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("source", no_wrap=True, overflow="ellipsis")
    for heading in ("robots", "listings", "links", "articles", "newest", "read", "problems"):
        table.add_column(heading, no_wrap=True, justify="left" if heading in ("robots", "newest") else "right")
    for checkup in checkups:
        listings = checkup.listings
        newest = max((listed.newest for listed in listings if listed.newest), default="")
        articles = sum(listed.articles for listed in listings)
        table.add_row(
            *(checkup.source, checkup.robots, _of(len(listings), checkup.declared)),
            *(str(sum(listed.links for listed in listings)), str(articles) if articles else "[red]0[/]"),
            *(newest[:10], _of(len(checkup.articles), ARTICLES)),
            f"[red]{len(checkup.problems)}[/]" if checkup.problems else "[green]none[/]",
        )
    console.print(table)
    for checkup in checkups:
        _say(console, (checkup.source, "bold"), ("  " + _layers(checkup), "dim"))
        for problem in checkup.problems:
            # Alone on its line: an address in Arabic would turn the words beside it round.
            _say(console, (f"  {unquote(problem.where)}", ""))
            told = Text.assemble((terminal_safe(problem.told), "red"), f": {problem.advice}")
            console.print(Padding(told, (0, 0, 0, 4)))
    sys.stdout.flush()


def _of(count: int, wanted: int) -> str:
    return f"{count}/{wanted}" if count >= wanted else f"[red]{count}/{wanted}[/]"


def _say(console: Console, *parts: tuple[str, str]) -> None:
    """A line of texts with their styles; the terminal breaks it, so that an address can be taken from it whole."""
    from rich.text import Text

    console.print(Text.assemble(*((terminal_safe(text), style) for text, style in parts)), soft_wrap=True)


def _layers(checkup: Checkup) -> str:
    """Which fields of the stories came from which layer: "title, body: rule:2026-11-22; tags: json-ld"."""
    by_layer: dict[str, list[str]] = {}
    for article in checkup.articles:
        for name, layer in article.layers.items():
            fields = by_layer.setdefault(layer, [])
            if name not in fields:
                fields.append(name)
    return "; ".join(f"{', '.join(fields)}: {layer}" for layer, fields in by_layer.items())
