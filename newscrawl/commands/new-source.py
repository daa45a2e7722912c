"""newscrawl new-source: the files that a new publisher begins with, from pages of its site."""

from __future__ import annotations

import argparse
import importlib.resources
import json
import keyword
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, USAGE, error_of
from newscrawl.extraction.layers.addresses import claimed_by_file
from newscrawl.extraction.page.page import Page
from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT, TooSlowError, time_limit
from newscrawl.middlewares.contact import complaint_of
from newscrawl.monitoring.terminal import terminal_safe
from newscrawl.spiders.arguments import ArgumentError
from newscrawl.spiders.registry import publishers, source_of
from newscrawl.spiders.site import full_address, site_class
from newscrawl.storage import StorageError
from newscrawl.storage.locations import data_directory
from newscrawl.urls import is_same_site

if TYPE_CHECKING:
    from newscrawl.loaders.proposal import Proposal
    from newscrawl.spiders.asking import Found
    from newscrawl.spiders.founding import Draft, Gathered

_QUIET = {"LOG_ENABLED": False, "PROGRESS": False, "SUMMARY_PRINT": False, "NEAR_DUPLICATES": "off"}
# For each page; what reads it once in a crawl reads it a hundred times here.
_TIMES_AS_LONG = 20


class Command(OwnCommand):
    """Exit codes: 0 written, 1 cannot be written or is there already or no file can be made, 2 the command is wrong."""

    requires_project = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "URL ... | PAGE.html ... [--manifest FILE] [--name NAME] [--country CC]"

    def short_desc(self) -> str:
        return "Begin a publisher: its file with proposed rules, its addresses, an expected record to fill in"

    def long_desc(self) -> str:
        return (
            "Begin a publisher from the address of its home page, or from three or more of its stories (addresses, or "
            "saved pages). What the site offers is found, and rules are proposed: selectors that find on every page "
            "what is read there without rules. In a clone of newscrawl the files are written, and nothing is "
            "overwritten; elsewhere the publisher's file goes to standard output. What was tried is told on standard "
            "error."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--manifest", metavar="FILE", help='JSON Lines of objects with "file" and "url"')
        parser.add_argument("--name", metavar="NAME", help="its slug (default: from its domain)")
        parser.add_argument("--publisher", metavar="ARABIC", help="its Arabic name (default: as its pages say)")
        parser.add_argument("--english", metavar="NAME", help="its name in Latin letters (default: from its domain)")
        parser.add_argument("--country", metavar="CC", help="ISO 3166-1 code: JO (default: by domain and pages)")
        parser.add_argument("--timezone", metavar="ZONE", help="IANA zone (default: the country's first)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes below the working directory."""
        from newscrawl.spiders.founding import FoundingError, draft

        _check(opts)
        if opts.country and not opts.timezone:
            opts.timezone = _zone_of(opts.country)
        is_address = ["://" in arg or (not Path(arg).is_file() and _is_address(arg)) for arg in args]
        if not args and not opts.manifest:
            raise UsageError("give the address of a site, or three or more of its stories", print_help=False)
        if any(is_address) and (opts.manifest or not all(is_address)):
            raise UsageError("give addresses or files, one of the two", print_help=False)
        try:
            if any(is_address):
                gathered, found = self._ask([full_address(arg) for arg in args], opts)
            else:
                gathered, found = _read([(Path(arg), "") for arg in args] + _listed(opts.manifest)), None
            if self.exitcode:
                return
            owner = source_of(gathered[0].page.url) if gathered else None
            if owner is not None:
                opts.country = opts.country or owner.publisher.country
                opts.timezone = opts.timezone or owner.publisher.timezone
            assert self.settings is not None
            seconds = self.settings.getfloat("EXTRACT_TIMEOUT", EXTRACT_TIMEOUT)
            with time_limit(seconds and seconds * _TIMES_AS_LONG * max(1, len(gathered))):
                made = draft(gathered, found, now=datetime.now(UTC), country=opts.country, timezone=opts.timezone)
            self._deliver(made, opts)
        except ArgumentError as error:
            raise UsageError(str(error), print_help=False) from None
        except (FoundingError, StorageError, TooSlowError) as error:
            self.fail(error, FAILED)
        except OSError as error:
            self.fail(StorageError.of(error, Path(error.filename or ".")), FAILED)

    def _ask(self, urls: list[str], opts: argparse.Namespace) -> tuple[list[Gathered], Found | None]:
        """The site's stories and what it offers; sets the exit code where there are none."""
        from newscrawl.spiders.exploring import Exploring
        from newscrawl.spiders.founding import FoundingError, home_of

        hosts = [Page(b"<p>", url).host for url in urls]
        if other := next((host for host in hosts if not is_same_site(host, hosts[0])), None):
            raise FoundingError(f"these are pages of two sites: {hosts[0]} and {other}")
        wanted = urls if len(urls) > 1 else []
        kind = site_class(home_of(urls) if wanted else urls[0], timezone=opts.timezone, kind=Exploring)
        assert self.settings is not None
        assert self.crawler_process is not None
        if why := complaint_of(kind.allowed_domains, self.settings.get("CONTACT")):
            self.fail(why, USAGE)
            return [], None
        for name, value in _QUIET.items():
            self.settings.set(name, value, priority="command")
        crawler = self.crawler_process.create_crawler(type(kind.__name__, (kind,), {"wanted": wanted}))
        task = self.crawler_process.crawl(crawler)
        self.crawler_process.start()
        spider = crawler.spider
        if (failure := error_of(task)) is not None or not isinstance(spider, Exploring):
            self.fail(f"{kind.name}: {failure or 'stopped before it began'}", FAILED)
            return [], None
        for url, reason in spider.failed.items():
            print(terminal_safe(f"newscrawl: {url} is left out: {reason}"), file=sys.stderr)
        if not spider.pages:
            failed = [key.rpartition("/")[2] for key in crawler.stats.get_stats() if "discovery/failed/" in key]
            why = f" ({', '.join(failed)})" if failed else ""
            self.fail(f"no story was found at {spider.home}{why}", FAILED)
        return spider.pages, spider.found

    def _deliver(self, made: Draft, opts: argparse.Namespace) -> None:
        from newscrawl.spiders.declaration import as_python, files_of
        from newscrawl.spiders.founding import FoundingError
        from newscrawl.storage.site_rules import SITES

        attributes = made.attributes
        publisher = attributes["publisher"]
        publisher |= {
            key: value
            for key, value in (("name", opts.publisher), ("name_en", opts.english), ("country", opts.country))
            if value
        }
        owner = source_of(made.articles[0])
        name = opts.name or (owner.name if owner else made.name)
        assert self.settings is not None
        # A site that was crawled by its address keeps its ids.
        host = attributes["allowed_domains"][0]
        crawled = [path.stem for path in (data_directory(self.settings) / SITES).glob("*.json")]
        former = re.sub(r"[^a-z0-9]+", "_", host)
        if former in crawled and former != name:
            attributes["formerly"] = [former]
        text = as_python(name, attributes, told="found by its pages; nobody has checked it", rules=made.proposal.rules)
        _tell(made.proposal)
        if owner is not None or not _is_clone():
            if owner is not None:
                print(f"newscrawl: {owner.name} is declared already: nothing is written", file=sys.stderr)
            print(text, end="")
            return
        if publisher["country"] == "XX":
            raise FoundingError("neither the domain nor the pages say the country: give --country CC")
        if name in publishers():
            taken = f"there is a publisher {name!r} already: {publishers()[name].publisher.name}"
            raise FoundingError(f"{taken}; give another --name")
        files = files_of(name, text, publisher, made.articles, made.others)
        _write({path: content for path, content in files.items() if path.name != "__init__.py" or not path.exists()})


def _write(files: dict[Path, str]) -> None:
    """Writes files. StorageError where one is there already, OSError where one cannot be written."""
    if taken := next((path for path in files if path.exists()), None):
        raise StorageError(f"{taken} is there already")
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
        print(path)


def _is_clone() -> bool:
    return Path("newscrawl/spiders/news.py").is_file()


def _tell(proposal: Proposal) -> None:
    """What became of each field, on standard error."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(stderr=True, highlight=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("field", "selector", "the same record"):
        table.add_column(heading, no_wrap=True)
    for told in proposal.told:
        if told.selectors:
            table.add_row(told.field, escape(", ".join(told.selectors)), f"[green]{told.agrees} of {told.of}[/]")
    if table.row_count:
        console.print(table, soft_wrap=True)
    untold = [f"{told.field}: no rule; {told.why}" for told in proposal.told if not told.selectors]
    for line in (*untold, *(f"the reading without rules differs: {line}" for line in proposal.differences)):
        console.print(terminal_safe(unquote(line)), markup=False, soft_wrap=True)


def _read(files: list[tuple[Path, str]]) -> list[Gathered]:
    """Saved pages. StorageError for a file that cannot be read, FoundingError for one that is no page."""
    from newscrawl.spiders.founding import FoundingError, Gathered

    found = []
    for path, url in files:
        try:
            body = path.read_bytes()
        except OSError as error:
            raise StorageError.of(error, path, "read") from None
        try:
            page = Page(body, url or path.absolute().as_uri())
        except ValueError as error:
            raise FoundingError(f"{path}: {error}") from None
        if not url:
            claimed = claimed_by_file(page)
            if claimed is None:
                raise FoundingError(f"{path} does not say its address: name it in a --manifest")
            page = page.at(claimed)
        found.append(Gathered(page, body))
    return found


def _listed(manifest: str | None) -> list[tuple[Path, str]]:
    """The files and addresses of a manifest. UsageError for one that cannot be used."""
    if manifest is None:
        return []
    path = Path(manifest)
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [(path.parent / row["file"], full_address(str(row["url"]))) for row in rows]
    except OSError as error:
        raise UsageError(f"--manifest: {StorageError.of(error, path, 'read')}", print_help=False) from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f'--manifest: {path} holds no objects with "file" and "url"', print_help=False) from None


def _is_address(text: str) -> bool:
    return re.match(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|$)", text) is not None and not text.endswith((".html", ".htm"))


def _check(opts: argparse.Namespace) -> None:
    """UsageError, in a sentence, for what no publisher's file may say."""
    name, country = opts.name, opts.country
    if name is not None and (not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name)):
        raise UsageError(f"--name {name!r}: write it in small Latin letters, digits and underscores", print_help=False)
    if country is not None and (not re.fullmatch(r"[A-Z]{2}", country) or not (opts.timezone or _zone_of(country))):
        raise UsageError(
            f"--country {country!r} is no ISO 3166-1 code that has a time zone: write JO", print_help=False
        )
    if opts.publisher is not None and not re.search(r"[\u0621-\u064a]", opts.publisher):
        raise UsageError(f"--publisher {opts.publisher!r} is no name in Arabic letters", print_help=False)
    if opts.english is not None and not opts.english.isascii():
        raise UsageError(f"--english {opts.english!r} is no name in Latin letters", print_help=False)
    for option, text in (("publisher", opts.publisher), ("english", opts.english)):
        if text is not None and not (text.isprintable() and text.strip() and not set(text) & set('"\\')):
            raise UsageError(f"--{option} {text!r} cannot stand between quotation marks", print_help=False)
    if opts.timezone is not None:
        try:
            ZoneInfo(opts.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(
                f"--timezone {opts.timezone!r} is no IANA zone: write Asia/Amman", print_help=False
            ) from None


def _zone_of(country: str) -> str | None:
    """The first zone that the IANA database lists for a country."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[2] for row in rows if row[0] == country), None)
