"""What belongs to the site whose home page was given: its domain, and the path below which it lies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from newscrawl.discovery.addresses import take_apart, words
from newscrawl.discovery.home_words import has_other_language, segments_of
from newscrawl.discovery.page_links import PageLink
from newscrawl.urls import host_of, is_below, is_within

# So many of a page's links below the path of the address make that path the site: a portal's paper, an edition.
_ENOUGH = 5
_FILE = re.compile(r"[^/]*\.[a-z0-9]{2,5}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """A site: all hosts of a domain, or what lies below `path` ("/akhbar/"; "/" for all) on `host`."""

    host: str
    domain: str
    path: str = "/"

    @property
    def own_path(self) -> str:
        """The path below which all stories of the site lie; "/" for a whole domain and for an edition of it."""
        return "/" if self.is_edition else self.path

    @property
    def is_edition(self) -> bool:
        """Whether the path only names a language, so that feeds and sitemaps may lie beside it."""
        return self.path.strip("/").lower() in words("edition")

    def owns_host(self, url: str) -> bool:
        """Whether a URL is on the site's domain."""
        return is_within(host_of(url), [self.domain])

    def owns(self, url: str) -> bool:
        """Whether a URL is a page of this site, in Arabic as far as its address says."""
        return self.owns_host(url) and self.holds(url) and not has_other_language(url)

    def holds(self, url: str) -> bool:
        """Whether a URL lies below the site's path, in whatever letter case: some servers answer to any."""
        return is_below(url, self.path)

    def preferred(self, urls: Iterable[str]) -> list[str]:
        """Feeds or sitemaps of this site: those below its path where there are any, else all that no path bars."""
        listed = [url for url in urls if not has_other_language(url)]
        inside = [url for url in listed if self.path != "/" and self.owns_host(url) and self.holds(url)]
        if not inside or self.path == "/":
            return listed
        return [url for url in listed if url in inside or not self.owns_host(url) or self._is_general(url)]

    def _is_general(self, url: str) -> bool:
        """Whether a URL beside an edition's names no edition itself."""
        return self.is_edition and len(segments_of(url)) == 1


def scope_of(url: str, links: Iterable[PageLink]) -> Scope:
    """The site that a home page's address means, by where its links lead. ValueError for no http(s) URL."""
    address = take_apart(url)
    path = unquote(urlsplit(url).path)
    path = _FILE.sub("", path) if _FILE.search(path) else path
    path = "/" + path.strip("/") + "/" if path.strip("/") else "/"
    domain = address.domain.partition(":")[0]
    scope = Scope(address.host, domain, path)
    if path != "/":
        below = {link.url for link in links if link.is_anchor and scope.owns(link.url)}
        if len(below) < _ENOUGH:
            return Scope(address.host, domain)
    return scope
