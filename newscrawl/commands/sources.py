"""scrapy sources: the publishers that there are, as a table, as JSON, as a page or for feed readers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from newscrawl.cli.command import OwnCommand, print_json
from newscrawl.commands.outcome import FAILED
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.registry import domain_rows
from newscrawl.storage import StorageError
from newscrawl.storage.locations import data_directory

if TYPE_CHECKING:
    from rich.table import Table

    from newscrawl.spiders.catalogue import Row

# Columns from which on the obstacles have room beside the rest; in a narrower terminal they follow the table.
_WIDE = 120
_FORMS = {
    "json": "write one JSON array for programs",
    "markdown": "write the page docs/publishers.md",
    "opml": "write their feeds in OPML, for feed readers and for crawl",
    "opml-more": "write feeds of further Arabic sites in OPML: newscrawl crawl FILE.opml reads them",
    "domains": "write the table spiders/tables/domains.tsv",
}


class Command(OwnCommand):
    """One row, or one JSON object, for each publisher of the project."""

    requires_project = True
    takes_arguments = False
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--country CC] [--json | --markdown | --opml | --opml-more]"

    def short_desc(self) -> str:
        return "List the publishers that can be crawled, and the sites that were"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--country", metavar="CC", help="only publishers of this country (ISO 3166-1): EG")
        forms = parser.add_mutually_exclusive_group()
        for form, told in _FORMS.items():
            forms.add_argument(f"--{form}", action="store_const", const=form, dest="form", help=told)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output. UsageError for a country without publishers."""
        from newscrawl.spiders.catalogue import further_feeds, markdown, opml, with_crawls

        if opts.form == "opml-more":
            self._write(further_feeds())
            return
        if opts.form == "domains":
            self._write(
                "# Who is on which domain, so that the owner of an address is found without importing all publishers.\n"
                "# Made from their files: newscrawl sources --domains > newscrawl/spiders/tables/domains.tsv\n"
                + "".join(f"{line}\n" for line in domain_rows())
            )
            return
        rows = list(self._rows())
        if opts.form in (None, "json"):
            assert self.settings is not None
            try:
                rows = with_crawls(rows, data_directory(self.settings))
            except StorageError as error:
                self.fail(error, FAILED)
                return
        if opts.country:
            countries = sorted({each["country"] for each in rows if each["country"]})
            rows = [each for each in rows if each["country"] == opts.country.upper()]
            if not rows:
                raise UsageError(f"--country {opts.country!r}: there are publishers of {', '.join(countries)}")
        if opts.form == "json":
            print_json(rows)
        elif opts.form:
            self._write({"markdown": markdown, "opml": opml}[opts.form](rows))
        else:
            self._print(rows)

    def _print(self, rows: list[Row]) -> None:
        from rich.console import Console

        from newscrawl.spiders.catalogue import remarks

        console = Console()
        is_wide = console.width >= _WIDE
        console.print(_table(rows, is_wide=is_wide))
        for each in rows:
            if not is_wide and remarks(each):
                console.print(f"{each['source']}: {remarks(each)}", markup=False, highlight=False)

    def _write(self, text: str) -> None:
        sys.stdout.buffer.write(text.encode())

    def _rows(self) -> Iterator[Row]:
        from newscrawl.spiders.catalogue import row

        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        for name in sorted(loader.list()):
            spider = loader.load(name)
            if issubclass(spider, NewsSpider):
                yield row(spider)


def _table(rows: list[Row], *, is_wide: bool) -> Table:
    from rich import box
    from rich.table import Table

    from newscrawl.spiders.catalogue import feeds_of, reading, remarks, sections_of

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    # What has to be typed or compared is never cut, however narrow the terminal.
    table.add_column("source", no_wrap=True, min_width=max((len(each["source"]) for each in rows), default=0))
    table.add_column("publisher", overflow="fold")
    headings = ("in", "feeds", "sections", "read by", *(("feed seen",) if is_wide else ()))
    for heading in headings:
        table.add_column(heading, no_wrap=True, justify="right" if heading in ("feeds", "sections") else "left")
    if is_wide:
        table.add_column("obstacles")
    for each in rows:
        cells = [each["source"], each["publisher"], each["country"]]
        cells += [str(feeds_of(each) or ""), str(sections_of(each) or ""), reading(each)]
        table.add_row(*cells, *([each["feed_seen"] or "", remarks(each)] if is_wide else []))
    return table
