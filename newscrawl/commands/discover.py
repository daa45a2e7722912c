"""newscrawl discover: what a site offers, asked of the site or read from saved pages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand, print_json
from newscrawl.commands.outcome import FAILED, USAGE, error_of
from newscrawl.middlewares.contact import complaint_of
from newscrawl.spiders.arguments import ArgumentError
from newscrawl.spiders.site import Discovery, SiteSpider, site_class
from newscrawl.spiders.sources_file import FILE, SourcesError, as_toml, read_sources, save_source
from newscrawl.storage import StorageError

if TYPE_CHECKING:
    from newscrawl.discovery.sites import Offer

# What is shown of a list to a person; --json gives all.
_SHOWN = 10
_QUIET = {"LOG_ENABLED": False, "PROGRESS": False, "SUMMARY_PRINT": False, "NEAR_DUPLICATES": "off"}


class Command(OwnCommand):
    """Feeds, sitemaps, desks and stories that a site offers."""

    requires_project = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "URL [--save] [--python] [--json] | --page FILE --url URL [--robots FILE] [--header NAME:VALUE] [--json]"

    def short_desc(self) -> str:
        return "Find a site's feeds, sitemaps, sections and articles"

    def long_desc(self) -> str:
        return (
            "Ask a site what it offers, 15 times at most, or read its saved home page without a network. Frames, the "
            "target of a refresh and pages that list feeds are read, too, of saved pages where they lie beside FILE "
            "under the name that their address ends in."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--page", metavar="FILE", help="the site's home page as its server sent it")
        parser.add_argument("--url", help="the address that FILE was fetched from")
        parser.add_argument("--robots", metavar="FILE", help="the site's robots.txt")
        parser.add_argument(
            "--header", metavar="NAME:VALUE", action="append", default=[], help="a header of the page's answer"
        )
        parser.add_argument("--json", action="store_true", help="write one JSON object for programs")
        parser.add_argument("--save", action="store_true", help=f"declare the site in {FILE} (SOURCES_FILE)")
        parser.add_argument("--python", action="store_true", help="write a publisher's file")
        parser.add_argument("--timezone", metavar="ZONE", help="IANA zone of the newsroom")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output."""
        if args and (opts.page or opts.url):
            raise UsageError("give the address of a site, or a saved page with --page and --url", print_help=False)
        if args:
            self._ask(args, opts)
            return
        if not opts.page or not opts.url:
            raise UsageError(
                "give an address, or a saved page and its address: --page FILE --url URL", print_help=False
            )
        headers = dict(_header(text) for text in opts.header)
        try:
            offer = _offer(Path(opts.page), opts.url, headers, Path(opts.robots) if opts.robots else None)
        except ValueError:
            raise UsageError(
                f"--url: {opts.url!r} is no address of a site: write https://...", print_help=False
            ) from None
        except OSError as error:
            self.fail(StorageError.of(error, error.filename or opts.page, "read"), FAILED)
            return
        if opts.json:
            print_json(offer.to_dict())
            return
        if not any(offer.to_dict().values()):
            self.fail("nothing was found on this page", FAILED)
            return
        _show(offer.to_dict(), offer.shapes.article_url, offer.others, {})

    def _ask(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) > 1:
            raise UsageError("give one address", print_help=False)
        assert self.settings is not None
        try:
            kind = site_class(args[0], timezone=opts.timezone, kind=Discovery)
        except ArgumentError as error:
            raise UsageError(str(error), print_help=False) from None
        if why := complaint_of(kind.allowed_domains, self.settings.get("CONTACT")):
            self.fail(why, USAGE)
            return
        for name, value in _QUIET.items():
            self.settings.set(name, value, priority="command")
        assert self.crawler_process is not None
        crawler = self.crawler_process.create_crawler(kind)
        task = self.crawler_process.crawl(crawler)
        self.crawler_process.start()
        if (failure := error_of(task)) is not None:
            self.fail(f"{kind.name}: {failure}", FAILED)
            return
        self._tell(crawler, opts)

    def _tell(self, crawler: Crawler, opts: argparse.Namespace) -> None:
        from newscrawl.spiders.declaration import as_python

        spider = crawler.spider
        assert isinstance(spider, SiteSpider)
        found = spider.found
        if found is None or found.is_empty:
            failed = [key.rpartition("/")[2] for key in crawler.stats.get_stats() if "discovery/failed/" in key]
            self.fail(f"nothing was found at {spider.home}" + (f" ({', '.join(failed)})" if failed else ""), FAILED)
            return
        attributes = _attributes(spider)
        lists = {name: getattr(found, name) for name in ("feeds", "sitemaps", "sections", "articles")}
        if opts.save:
            self._save(spider.name, attributes)
        if opts.python:
            told = "found by its address; nobody has checked it"
            print(as_python(spider.name, attributes, told=told), end="")
        elif opts.json:
            lists = {name: getattr(found, name) for name in ("feeds", "sitemaps", "sections", "articles")}
            zone = {"timezone": spider.publisher.timezone, "timezone_is_guess": not spider.zone_is_known}
            print_json(
                {"source": spider.name, **lists, "article_url": found.article_url, "yields": found.yields, **zone}
            )
        else:
            lists = {name: getattr(found, name) for name in ("feeds", "sitemaps", "sections", "articles")}
            _show(lists, found.article_url, found.others, found.yields)

    def _save(self, slug: str, attributes: Mapping[str, Any]) -> None:
        assert self.settings is not None
        path = Path(self.settings.get("SOURCES_FILE") or FILE).expanduser()
        try:
            if slug in read_sources(path):
                self.fail(f"{path} declares {slug} already", FAILED)
                return
            save_source(path, as_toml(slug, attributes))
        except SourcesError as error:
            self.fail(error, FAILED)
            return
        except OSError as error:
            self.fail(StorageError.of(error, path), FAILED)
            return
        print(f"newscrawl: {slug} is declared in {path}", file=sys.stderr)


def _attributes(spider: SiteSpider) -> dict[str, Any]:
    """What a publisher's file would say of a site; the rule that is frozen goes before what was learned."""
    assert spider.found is not None
    assert spider.rule is not None
    publisher = spider.publisher
    name = spider.found.title or publisher.name
    return {
        "publisher": {
            "name": name,
            "name_en": publisher.name_en,
            "country": publisher.country or "XX",
            "timezone": publisher.timezone,
        },
        "allowed_domains": list(spider.rule.domains),
        "article_url": spider.rule.article_url,
        "feeds": spider.found.feeds,
        "sitemaps": spider.found.sitemaps,
        "sections": spider.found.sections,
        # What is written here is read without asking again whether the zone was a guess.
        **({} if spider.zone_is_known else {"zone_is_known": False}),
    }


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"--header: {text!r} is no header: write NAME:VALUE", print_help=False)
    return name.strip(), value.strip()


def _offer(page: Path, url: str, headers: Mapping[str, str], robots: Path | None) -> Offer:
    """What saved files say. OSError for one that cannot be read, ValueError for an address that is none."""
    from newscrawl.discovery.sites import SiteReader

    reader = SiteReader(url)
    if robots is not None:
        reader.read_robots(robots.read_bytes())
    reader.read(page.read_bytes(), headers=headers)
    for further in reader.wanted():
        beside = _beside(page, further)
        if beside is not None:
            reader.read(beside.read_bytes(), further)
    return reader.offer()


def _beside(page: Path, further: str) -> Path | None:
    """The file in which another page of the site was saved, by its path or by its name; None where it was not."""
    parts = [part for part in unquote(urlsplit(further).path).split("/") if part not in ("", ".", "..")]
    if not parts:
        return None
    # Never above the page's own directory: a page could name any file there.
    places = [page.parent.joinpath(*parts), page.parent / parts[-1], page.parent / f"{'-'.join(parts)}.html"]
    return next((place for place in places if place.is_file()), None)


def _show(lists: Mapping[str, list[str]], article_url: str, others: list[str], yields: Mapping[str, int]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for name, urls in lists.items():
        console.print(f"[bold]{name}[/bold] {len(urls)}")
        for url in urls[:_SHOWN]:
            entries = f"  ({yields[url]} entries)" if url in yields else ""
            console.print(f"  {_line(url)}{entries}", markup=False, soft_wrap=True)
        if len(urls) > _SHOWN:
            console.print(f"  and {len(urls) - _SHOWN} more", markup=False)
    if article_url:
        console.print("[bold]no articles, by the shape of their addresses[/bold]")
        for url in others[:_SHOWN]:
            console.print(f"  {_line(url)}", markup=False, soft_wrap=True)
        console.print("[bold]article_url[/bold]")
        console.print(f"  {article_url}", markup=False, soft_wrap=True)


def _line(url: str) -> str:
    """An address as a person reads it, without what would steer the terminal."""
    decoded = unquote(url)
    return decoded if decoded.isprintable() else url
