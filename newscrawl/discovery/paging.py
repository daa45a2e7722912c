"""The next page of a list of stories: where the publisher's file says, or else where the page itself does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import parse_qsl, unquote, urlsplit

from parsel import Selector

from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.links import joined
from newscrawl.discovery.sections import Listing
from newscrawl.urls import host_of

# What the link to the next page is called; « points back, but stands for "next" on many pages that run right to left.
_NEXT = re.compile(
    r"(?:(?:الصفحة\s+)?(?:التالي|التالية|التالى|اللاحقة|القادمة)|(?:عرض|شاهد|حمل|تحميل)?\s*المزيد(?:\s+من\s+\w+)?|older(?:\s+posts)?"
    r"|next(?:\s+page)?|more)\s*[»«›‹>→←]*|[»›→]",
    re.IGNORECASE,
)
_NUMBER_KEYS = frozenset({"page", "paged", "p", "pg", "pagenum", "page_no", "pageno", "currentpage", "pn", "start"})
_PAGE_PATH = re.compile(r"/(?:page|p|pages|صفحة)[/-]?(\d{1,5})/?(?:\.\w+)?$", re.IGNORECASE)
_MOST_LINKS = 3000


def next_page(page: Selector, base: str, section: str, number: int, listing: Listing) -> str | None:
    """The URL of the page after page `number` (counted from 1) of a section; None when the site offers none.

    A publisher's own rule comes first. Without one: rel=next; a link called التالي, المزيد or »; the link to the page
    whose number follows, in the path or the query. What leads to another host or list is none of these.
    """
    hrefs: list[str] = []
    if listing.next:
        hrefs = page.css(listing.next).xpath("@href").getall()[:1]
    elif listing.page:
        base, hrefs = section, [listing.page.format(n=listing.second + number - 1)]
    for href in hrefs:
        with suppress(ValueError):
            return joined(base, href)
    if listing.next or listing.page:
        return None
    return next(_offered(page, base, section, number), None)


def _offered(page: Selector, base: str, section: str, number: int) -> Iterator[str]:
    for href in page.xpath("//*[self::link or self::a][contains(concat(' ', @rel, ' '), ' next ')]/@href").getall():
        yield from _usable(href, base, section)
    anchors = page.xpath("//a[@href]")[:_MOST_LINKS]
    for anchor in anchors:
        text = " ".join(" ".join(anchor.xpath(".//text() | @aria-label | @title").getall()).split())
        if _NEXT.fullmatch(text[:60]):
            # "المزيد" leads to a desk as often: then it has no number.
            for url in _usable(anchor.attrib["href"], base, section):
                if (_page_number(url) or 0) > number or _names_next(text):
                    yield url
    for anchor in anchors:
        for url in _usable(anchor.attrib["href"], base, section):
            if _page_number(url) == number + 1:
                yield url


def _names_next(text: str) -> bool:
    return re.match(r"(?:الصفحة\s+)?(?:التالي|التالى|اللاحقة|القادمة)|next|older", text, re.IGNORECASE) is not None


def _usable(href: str, base: str, section: str) -> Iterator[str]:
    """The URL of a link that stays in the list: below the section's path, on its host, and not the section itself."""
    try:
        url = joined(base, href).partition("#")[0]
        same = normalise_url(url) in (normalise_url(section), normalise_url(base))
    except ValueError:
        return
    if same or host_of(url).removeprefix("www.") != host_of(section).removeprefix("www."):
        return
    if _list_path(url) == _list_path(section):
        yield url


def _list_path(url: str) -> str:
    """A list's path without the number of the page."""
    path = unquote(urlsplit(url).path).rstrip("/")
    path = _PAGE_PATH.sub("", path)
    return re.sub(r"(?:/(?:index|default))?(?:[.-]\d{1,5})?(?:\.\w{2,5})?(?:/\d{1,5})?$", "", path).rstrip("/")


def _page_number(url: str) -> int | None:
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if key.lower() in _NUMBER_KEYS and value.isdecimal() and len(value) < 6:
            return int(value)
    path = unquote(parts.path)
    match = _PAGE_PATH.search(path) or re.search(r"[/.-](\d{1,5})/?(?:\.\w{2,5})?$", path)
    return int(match[1]) if match else None
