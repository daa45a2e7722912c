"""Which article a URL is, in a data directory whose sources may be declared, sites by their address, or long gone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scrapy.spiderloader import SpiderLoaderProtocol

from newscrawl.discovery.identity import article_id, article_identity, normalise_url
from newscrawl.discovery.other_pages import article_pattern
from newscrawl.spiders.news import NewsSpider
from newscrawl.storage.site_rules import SiteRecords
from newscrawl.urls import is_within


class ArticleIds:
    """The ids that a source's articles have by their URLs: under its own name and its former ones."""

    def __init__(self, source: str, loader: SpiderLoaderProtocol, records: SiteRecords) -> None:
        """StorageError when a site's rule cannot be read."""
        self.source = source
        spider = loader.load(source) if source in loader.list() else None
        self._domains: list[str] = []
        self._by_name: dict[str, re.Pattern[str] | None] = {source: None}
        if spider is not None and issubclass(spider, NewsSpider) and hasattr(spider, "article_url"):
            self._domains = spider.allowed_domains
            pattern = article_pattern(spider.article_url)
            self._by_name = dict.fromkeys((source, *spider.formerly), pattern)
        for name in self._by_name:
            if (rule := records.rule(name)) is not None:
                self._by_name[name] = article_pattern(rule.article_url)
                self._domains = [*self._domains, *rule.domains]

    def of(self, url: str) -> set[str]:
        """Every id that the URL may have; none for what is no http(s) URL."""
        found = set()
        try:
            for name, pattern in self._by_name.items():
                # Of some sources a URL that is listed is an article without having the shape of one.
                found.add(article_id(name, normalise_url(url)))
                if pattern is not None and (identity := article_identity(url, pattern)) is not None:
                    found.add(article_id(name, identity))
        except ValueError:
            return set()
        return found

    def declared(self, url: str) -> str | None:
        """The id of a URL that is an article of this source by its declaration; None where it is not."""
        pattern = self._by_name[self.source]
        try:
            is_own = is_within(urlsplit(url).hostname or "", self._domains)
            identity = article_identity(url, pattern) if is_own and pattern is not None else None
        except ValueError:
            return None
        return article_id(self.source, identity) if identity is not None else None
