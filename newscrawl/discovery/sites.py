"""What a site offers by its home page: feeds, sitemaps, desks and stories.

`SiteReader` is given pages as they come, says which others it wants (frames, the target of a refresh, a page that lists
feeds), and answers with an Offer; it asks nobody for anything itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from newscrawl.arabic.charset import marked_text
from newscrawl.discovery.feed_links import (
    is_announced_feed,
    is_feed_directory,
    is_linked_feed,
    is_service_of_many,
    looks_like_feed,
)
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.hints import Clock
from newscrawl.discovery.home_scope import Scope, scope_of
from newscrawl.discovery.home_sections import find_sections
from newscrawl.discovery.home_stories import find_stories
from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.links import Link
from newscrawl.discovery.page_links import PageLink, page_links
from newscrawl.discovery.shapes import Shapes, learn
from newscrawl.discovery.sitemaps import parse_sitemap

# What is taken from one site, whatever its pages list.
MAX_FEEDS, MAX_SITEMAPS, MAX_SECTIONS, MAX_STORIES = 50, 50, 60, 2000
# Links that are no stories, as examples.
MAX_OTHERS = 50
# Pages beside the home page: frames, the target of a refresh, a page of feeds.
MAX_FURTHER = 5
_ROBOTS_BYTES = 500 * 1024
_SITEMAP_LINE = re.compile(r"^\s*site-?map\s*:\s*([^\s#]+)", re.IGNORECASE)
_SITEMAP_ADDRESS = re.compile(r"sitemap[^/]*\.xml(?:\.gz)?$", re.IGNORECASE)
_JSON_FEED = re.compile(rb"\s*\{(?s:.*?)jsonfeed\.org/version()")
_ROOT = re.compile(rb"<(rss|feed|rdf:RDF|urlset|sitemapindex)\b")


@dataclass(slots=True)
class Offer:
    """Addresses as strings, each once: feeds, sitemaps, desks in the order of the page, stories; the shape of stories,
    and links of the site that have it not; what belongs to the site.
    """

    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    shapes: Shapes = field(default_factory=Shapes)
    others: list[str] = field(default_factory=list)
    scope: Scope | None = None

    def to_dict(self) -> dict[str, list[str]]:
        """The four lists by their names."""
        named = asdict(self)
        return {name: named[name] for name in ("feeds", "sitemaps", "sections", "articles")}


class SiteReader:
    """Reads what a site offers from the page at `url` and those that it wants. ValueError for no http(s) URL.

    `site` is the address that was asked for, where the site has sent the reader on to another page of its own.
    """

    def __init__(self, url: str, site: str | None = None) -> None:
        self.url = url
        self._site = url if site is None or scope_of(url, ()).is_edition else site
        self._scope = scope_of(url, ())
        self._robots: list[str] = []
        self._pages: list[list[PageLink]] = []
        self._feeds: list[str] = []
        self._linked_feeds: list[str] = []
        self._sitemaps: list[str] = []
        self._items: list[Link] = []
        self._directories: set[str] = set()
        self._met = {normalise_url(url)}
        self._wanted: list[str] = []

    def read_robots(self, body: bytes) -> None:
        """Takes the sitemaps that a robots.txt names; lines in any case, relative addresses, a byte order mark."""
        for line in re.split(r"[\r\n]+", marked_text(body[:_ROBOTS_BYTES])):
            if match := _SITEMAP_LINE.match(line):
                try:
                    target = urljoin(urljoin(self.url, "/"), match[1])
                    normalise_url(target)
                except ValueError:
                    continue
                self._robots.append(target)

    def read(self, body: bytes, url: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        """Takes a page: the home page, or with `url` one that was wanted."""
        url = url or self.url
        if self._read_document(body, url):
            return
        page = page_links(body, url, headers)
        is_directory = url in self._directories
        desks = {link.url for link in page.links if link.place == "navigation"}
        for link in page.links:
            if is_announced_feed(link) and not link.is_anchor:
                self._feeds.append(link.url)
            elif self._scope.owns_host(link.url) or is_service_of_many(link.url):
                if link.place == "footer" and link.url in desks and not looks_like_feed(link.url):
                    continue
                if is_linked_feed(link, among_feeds=is_directory):
                    self._linked_feeds.append(link.url)
                elif is_feed_directory(link) and not is_directory:
                    self._directories.add(link.url)
                    self._want(link.url)
            if "sitemap" in link.rel or (link.is_anchor and _SITEMAP_ADDRESS.search(urlsplit(link.url).path)):
                self._sitemaps.append(link.url)
        if not is_directory:
            self._pages.append(page.links)
            for target in page.frames:
                self._want(target)

    def _want(self, url: str) -> None:
        normal = normalise_url(url)
        if normal not in self._met and len(self._met) <= MAX_FURTHER and self._scope.owns_host(url):
            self._met.add(normal)
            self._wanted.append(url)

    def wanted(self) -> Iterator[str]:
        """The pages that are to be read as well; those that they want in turn come, too."""
        while self._wanted:
            yield self._wanted.pop(0)

    def _read_document(self, body: bytes, url: str) -> bool:
        """Takes a feed or a sitemap where a page was looked for; False when it is neither."""
        beginning = body[:4000].replace(b"\0", b"")  # of UTF-16 every other byte
        root = _JSON_FEED.match(beginning) or _ROOT.search(beginning[:2000])
        if root is None and not body.startswith(b"\x1f\x8b"):
            return False
        clock = Clock(datetime.now(UTC))
        if root is None or root[1] in (b"urlset", b"sitemapindex"):
            self._sitemaps.append(url)
            self._items += [entry for entry in parse_sitemap(body, url, clock=clock) if isinstance(entry, Link)]
        else:
            self._feeds.append(url)
            self._items += parse_feed(body, url, clock=clock)
        return True

    def offer(self) -> Offer:
        """All that was found."""
        if self._items:
            listed = [link.url for link in self._items[:MAX_STORIES]]
            return Offer(_once(self._feeds), _once(self._sitemaps), [], _once(listed), learn(listed))
        links = [link for page in self._pages for link in page]
        scope = scope_of(self._site, links)
        stories = find_stories(links, scope)
        sections = _once(url for page in self._pages for url in find_sections(page, stories, scope))
        others = (link.url for link in links if link.is_anchor and scope.owns(link.url))
        return Offer(
            scope.preferred(_once(self._feeds + self._linked_feeds))[:MAX_FEEDS],
            scope.preferred(_once(self._robots + self._sitemaps))[:MAX_SITEMAPS],
            sections[:MAX_SECTIONS],
            stories.urls[:MAX_STORIES],
            stories.shapes,
            [url for url in _once(others) if stories.shapes.identity(url) is None][:MAX_OTHERS],
            scope,
        )


def _once(urls: Iterable[str]) -> list[str]:
    """The URLs in their order, of several spellings of one the first."""
    found: dict[str, str] = {}
    for url in urls:
        found.setdefault(normalise_url(url), url)
    return list(found.values())
