"""scrapy new-source: the files that a new publisher begins with."""

from __future__ import annotations

import argparse
import importlib.resources
import json
import keyword
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED
from newscrawl.items import json_schema
from newscrawl.spiders.registry import publishers
from newscrawl.storage import StorageError

# What no page determines, and so nobody can read on it.
_NOT_OF_THE_PAGE = {
    "version", "first_seen_at", "content_hash", "duplicate_of", "cluster_id", "similarity", "provenance", "archive",
    "extractor", "markdown",
}  # fmt: skip
_SPIDER = '''\
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class {cls}(NewsSpider):
    """{publisher}: keyed by the number in the URL."""

    name = "{name}"
    publisher = Publisher("{publisher}", "{english}", country="{country}", timezone="{timezone}")
    allowed_domains = ["{domain}"]
    article_url = r"//{pattern}/.*?(?P<id>\\d{{4,}})"
    feeds = []
    sections = []
    rules = [Rules(title="h1", body="article")]
    verified = None
'''


class Command(OwnCommand):
    """Exit codes: 0 written, 1 cannot be written or is there already, 2 the command is wrong."""

    requires_project = False
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "NAME --publisher ARABIC --english NAME --country CC --domain DOMAIN"

    def short_desc(self) -> str:
        return "Begin a publisher: its file, and the skeleton of an expected record"

    def long_desc(self) -> str:
        return (
            "Begin a publisher in a clone of newscrawl: newscrawl/spiders/<country>/<NAME>.py, and "
            "tests/sources/<country>/<NAME>/article.json for a person to fill in. Nothing is overwritten."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--publisher", required=True, metavar="ARABIC", help="its Arabic name")
        parser.add_argument("--english", required=True, metavar="NAME", help="its name in Latin letters")
        parser.add_argument("--country", required=True, metavar="CC", help="ISO 3166-1 code: JO")
        parser.add_argument("--domain", required=True, help="its domain, without www.: almithal.example")
        parser.add_argument("--timezone", metavar="ZONE", help="IANA zone (default: the country's first)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes below the working directory."""
        if len(args) != 1:
            raise UsageError("give one NAME")
        name = args[0]
        _check(name, opts)
        folder = opts.country.lower()
        values = {
            **vars(opts),
            "name": name,
            "cls": "".join(part.title() for part in name.split("_")),
            "pattern": re.escape(opts.domain),
            "timezone": opts.timezone or _zone_of(opts.country),
        }
        files = {
            Path("newscrawl/spiders", folder, f"{name}.py"): _SPIDER.format_map(values),
            Path("tests/sources", folder, name, "article.json"): _skeleton(name, opts.publisher, opts.country),
        }
        package = Path("newscrawl/spiders", folder, "__init__.py")
        if not package.exists():
            files = {package: f'"""Publishers of {opts.country}."""\n', **files}
        try:
            if not Path("newscrawl/spiders/news.py").is_file():
                raise StorageError("this is no clone of newscrawl: newscrawl/spiders is not below this directory")
            if name in publishers():
                raise StorageError(f"there is a publisher {name!r} already: {publishers()[name].publisher.name}")
            if taken := next((path for path in files if path.exists()), None):
                raise StorageError(f"{taken} is there already")
            for path in files:
                path.parent.mkdir(parents=True, exist_ok=True)
            for path, text in files.items():
                path.write_text(text, encoding="utf-8")
                print(path)
        except OSError as error:
            self.fail(StorageError.of(error, Path(error.filename or folder)), FAILED)
        except StorageError as error:
            self.fail(error, FAILED)


def _check(name: str, opts: argparse.Namespace) -> None:
    """UsageError, in a sentence, for what no publisher's file may say."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise UsageError(f"NAME {name!r}: write it in small Latin letters, digits and underscores")
    if not re.fullmatch(r"[A-Z]{2}", opts.country) or (opts.timezone is None and _zone_of(opts.country) is None):
        raise UsageError(f"--country {opts.country!r} is no ISO 3166-1 code that has a time zone: write JO")
    if not re.fullmatch(r"(?!www\.)(?:[a-z0-9-]+\.)+[a-z0-9-]+", opts.domain):
        raise UsageError(f"--domain {opts.domain!r}: write it in small letters, without https:// and www.")
    if not re.search(r"[\u0621-\u064a]", opts.publisher) or not _is_plain(opts.publisher):
        raise UsageError(f"--publisher {opts.publisher!r} is no name in Arabic letters")
    if not opts.english.isascii() or not _is_plain(opts.english):
        raise UsageError(f"--english {opts.english!r} is no name in Latin letters")
    if opts.timezone is not None:
        try:
            ZoneInfo(opts.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(f"--timezone {opts.timezone!r} is no IANA zone: write Asia/Amman") from None


def _is_plain(text: str) -> bool:
    """Whether a text can stand between quotation marks as it is."""
    return text.isprintable() and bool(text.strip()) and not set(text) & set('"\\')


def _zone_of(country: str) -> str | None:
    """The first zone that the IANA database lists for a country."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[2] for row in rows if row[0] == country), None)


def _skeleton(name: str, publisher: str, country: str) -> str:
    """An expected record in which nothing is expected yet; `reviewed` stays null until a person has read the page."""
    record: dict[str, Any] = {"reviewed": None}
    for field, schema in json_schema()["properties"].items():
        if field not in _NOT_OF_THE_PAGE:
            record[field] = [] if schema.get("type") == "array" else None
    record |= {"source": name, "publisher": publisher, "country": country, "optional": [], "must_not": []}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
