"""NewsSpider: what every publisher's file declares, and how a source is crawled."""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar

from scrapy import Spider

from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher, Source


class NewsSpider(Spider):
    """The crawl of one publisher; a publisher's file only fills in these attributes."""

    publisher: ClassVar[Publisher]
    allowed_domains: ClassVar[list[str]]
    article_url: ClassVar[str]
    feeds: ClassVar[list[str]] = []
    sitemaps: ClassVar[list[str]] = []
    sections: ClassVar[list[str]] = []
    listing: ClassVar[Listing] = Listing()
    archives: ClassVar[list[str]] = []
    rules: ClassVar[list[Rules]] = []
    verified: ClassVar[str | None] = None
    false_utc: ClassVar[bool] = False
    month_first: ClassVar[bool] = False
    own_names: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    @cache
    def source(cls) -> Source:
        """What extraction needs to know of this publisher."""
        return Source(
            name=cls.name,
            publisher=cls.publisher,
            domains=tuple(cls.allowed_domains),
            article_url=re.compile(cls.article_url),
            rules=tuple(cls.rules),
            false_utc=cls.false_utc,
            month_first=cls.month_first,
            own_names=cls.own_names,
        )
