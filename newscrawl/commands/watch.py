"""scrapy watch: what the watches find in the stored articles, and their feeds brought up to date."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand, print_json
from newscrawl.commands.outcome import FAILED, USAGE
from newscrawl.monitoring.terminal import terminal_safe
from newscrawl.storage import StorageError
from newscrawl.storage.jsonl import read_records, sealed_files, sources
from newscrawl.storage.locations import data_directory

if TYPE_CHECKING:
    from newscrawl.monitoring.watches import Watch, Watches


class Command(OwnCommand):
    """Exit codes: 0 done, 1 something could not be read or written, 2 there is no such watch, or none at all."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--since DAY] [--json] [NAME ...]"

    def short_desc(self) -> str:
        return "Show what the watches find, and bring their feeds up to date"

    def long_desc(self) -> str:
        return (
            "Ask the watches of watches.toml (or of the file that the setting WATCHES names) of the articles that were "
            "stored since a day, yesterday by default, and put what they find into their feeds. Nobody is alerted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--since", metavar="DAY", help="how far back: the day of storing, as 2026-11-29")
        parser.add_argument("--json", action="store_true", help="write one JSON object for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output."""
        from newscrawl.monitoring import watch_feeds
        from newscrawl.monitoring.watches import WatchError
        from newscrawl.monitoring.watching import watches_of, watches_path

        assert self.settings is not None
        since = _day(opts.since)
        try:
            watches = watches_of(self.settings)
            if not watches:
                self.fail(f"there are no watches; {watches_path(self.settings)} would hold them", USAGE)
                return
            chosen = _chosen(watches, args)
            directory = data_directory(self.settings)
            found: dict[str, list[dict[str, Any]]] = {watch.name: [] for watch in chosen.all}
            for record in _stored(directory, since):
                for watch in chosen.matching(record):
                    found[watch.name].append(record)
            for watch in chosen.all:
                watch_feeds.add(directory, watch, found[watch.name])
        except WatchError as error:
            self.fail(error, USAGE)
        except StorageError as error:
            self.fail(error, FAILED)
        else:
            if opts.json:
                print_json({name: [_short(record) for record in records] for name, records in found.items()})
            else:
                _show(chosen, found, directory)


def _chosen(watches: Watches, names: list[str]) -> Watches:
    from newscrawl.monitoring.watches import WatchError, Watches

    known = {watch.name: watch for watch in watches.all}
    if missing := [name for name in names if name not in known]:
        raise WatchError(f"there is no watch {missing[0]!r}; there are {', '.join(known)}")
    return Watches(known[name] for name in names) if names else watches


def _stored(data_dir: Path, since: date) -> Iterator[dict[str, Any]]:
    """The first versions of the articles stored since a day."""
    for source in sources(data_dir):
        files = [path for path in sealed_files(data_dir, source) if path.parent.name >= f"date={since}"]
        yield from (record for record in read_records(files) if record.get("version") == 1)


def _short(record: dict[str, Any]) -> dict[str, Any]:
    return {name: record.get(name) for name in ("id", "source", "url", "title", "published_at", "first_seen_at")}


def _show(watches: Watches, found: dict[str, list[dict[str, Any]]], directory: Path) -> None:
    from rich.console import Console
    from rich.padding import Padding

    console = Console(highlight=False, markup=False)
    for watch in watches.all:
        records = sorted(found[watch.name], key=lambda record: record.get("first_seen_at") or "", reverse=True)
        console.print(f"{watch.name}: {len(records)} articles", style="bold")
        for record in records:
            console.print(Padding(terminal_safe(record.get("title") or ""), (0, 0, 0, 2)))
            where = f"  {record.get('source')}  {record.get('published_at')}  {record['id']}"
            console.print(terminal_safe(where), style="dim")
        console.print(f"  {_shown(watch, directory)}", style="dim")


def _shown(watch: Watch, directory: Path) -> str:
    from newscrawl.monitoring import watch_feeds

    atom, _ = watch_feeds.paths_of(directory, watch)
    here = Path.cwd()
    return str(atom.relative_to(here) if atom.is_relative_to(here) else atom)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date() - timedelta(days=1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--since: {text!r} is no day; write 2026-11-29") from None
