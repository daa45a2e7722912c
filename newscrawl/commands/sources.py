"""scrapy sources: the publishers that there are, as a table or as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from scrapy.spiderloader import get_spider_loader

from newscrawl.cli.command import OwnCommand, print_json
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.registry import is_demo


class Command(OwnCommand):
    """One row, or one JSON object, for each publisher of the project."""

    requires_project = True
    takes_arguments = False
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--json]"

    def short_desc(self) -> str:
        return "List the publishers that can be crawled"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="write one JSON array for programs")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output."""
        rows = list(self._rows())
        if opts.json:
            print_json(rows)
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        for heading in ("source", "publisher", "name", "in", "listings", "rules of"):
            # The source is what has to be typed: however narrow the terminal, it is never cut.
            least = max((len(row["source"]) for row in rows), default=0) if heading == "source" else None
            table.add_column(heading, justify="right" if heading == "listings" else "left", min_width=least)
        for row in rows:
            listings = sum(len(row[kind]) for kind in ("feeds", "sitemaps", "sections", "archives"))
            verified = "the demo" if row["demo"] else row["verified"] or "unverified"
            if not row["verify_certificates"]:
                verified += ", certificates unchecked"
            names = row["publisher"], row["publisher_en"]
            table.add_row(row["source"], *names, row["country"], str(listings), verified)
        Console().print(table)

    def _rows(self) -> Iterator[dict[str, Any]]:
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        for name in sorted(loader.list()):
            spider = loader.load(name)
            if issubclass(spider, NewsSpider):
                yield {
                    "source": name,
                    "demo": is_demo(spider),
                    "publisher": spider.publisher.name,
                    "publisher_en": spider.publisher.name_en,
                    "country": spider.publisher.country,
                    "timezone": spider.publisher.timezone,
                    "domains": spider.allowed_domains,
                    "article_url": spider.article_url,
                    "feeds": spider.feeds,
                    "sitemaps": spider.sitemaps,
                    "sections": spider.sections,
                    "archives": spider.archives,
                    "rules": len(spider.rules),
                    "verified": spider.verified,
                    "hours": spider.hours,
                    "verify_certificates": spider.verify_certificates,
                }
