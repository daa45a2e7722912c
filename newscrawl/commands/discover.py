"""newscrawl discover: what a site offers, from saved pages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rich.console import Console
from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand, print_json
from newscrawl.commands.outcome import FAILED
from newscrawl.discovery.sites import Offer, SiteReader
from newscrawl.storage import StorageError

# What is shown of a list to a person; --json gives all.
_SHOWN = 10


class Command(OwnCommand):
    """Feeds, sitemaps, desks and stories that a site offers."""

    requires_project = False
    takes_arguments = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "--page FILE --url URL [--robots FILE] [--header NAME:VALUE] [--json]"

    def short_desc(self) -> str:
        return "Find a site's feeds, sitemaps, sections and articles"

    def long_desc(self) -> str:
        return (
            "Find what a site offers from its saved home page, without a network. Frames, the target of a refresh and "
            "pages that list feeds are read, too, where they lie beside FILE under the name that their address ends in."
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

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output."""
        if not opts.page or not opts.url:
            raise UsageError("give the saved page and its address: --page FILE --url URL", print_help=False)
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
        else:
            _show(offer)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"--header: {text!r} is no header: write NAME:VALUE", print_help=False)
    return name.strip(), value.strip()


def _offer(page: Path, url: str, headers: Mapping[str, str], robots: Path | None) -> Offer:
    """What saved files say. OSError for one that cannot be read, ValueError for an address that is none."""
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


def _show(offer: Offer) -> None:
    console = Console(highlight=False)
    if not any(offer.to_dict().values()):
        print("nothing was found on this page", file=sys.stderr)
        return
    for name, urls in offer.to_dict().items():
        console.print(f"[bold]{name}[/bold] {len(urls)}")
        for url in urls[:_SHOWN]:
            console.print(f"  {unquote(url)}", markup=False, soft_wrap=True)
        if len(urls) > _SHOWN:
            console.print(f"  and {len(urls) - _SHOWN} more", markup=False)
    if offer.shapes.article_url:
        console.print("[bold]article_url[/bold]")
        console.print(f"  {offer.shapes.article_url}", markup=False, soft_wrap=True)
