"""Section pages: the list of a desk's stories, and its older pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from parsel import Selector, SelectorList

from newscrawl.discovery.hints import Clock, read_title
from newscrawl.discovery.identity import article_identity
from newscrawl.discovery.links import Link, Origin

MAX_LINKS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where a publisher's section pages carry links, dates and older pages (CSS selectors).

    `item` is one story's card (None: every link of the page is a card of its own), `date` the element inside it that
    says when. Older pages are found by `next` (the link to the next page) or by `page`, a URL reference with "{n}" that
    is resolved against the section's URL ("?page={n}"), counting from `second` for the second page.
    """

    item: str | None = None
    date: str = "time"
    next: str | None = None
    page: str | None = None
    second: int = 2


def parse_section(
    page: Selector,
    base: str,
    *,
    listing: Listing,
    article_url: re.Pattern[str],
    owns: Callable[[str], bool],
    clock: Clock,
    origin: Origin = "section",
) -> list[Link]:
    """The article links of a page in its own order, each story once.

    `base` is what relative links start from, `owns` says whether a host is the publisher's. Where no card holds an
    article link, the page has been redesigned or is of another kind, and all its links are looked at.
    """
    stories: dict[str, Link] = {}
    if listing.item:
        for card in page.css(listing.item):
            when = _card_date(card, listing.date, clock)
            for identity, link in _links(card.css("a[href]"), base, article_url, owns, origin):
                _add(stories, identity, link if when is None else replace(link, published=when))
    if not stories:
        for identity, link in _links(page.css("a[href]"), base, article_url, owns, origin):
            _add(stories, identity, link)
    return list(stories.values())[:MAX_LINKS]


def _links(
    anchors: SelectorList[Selector], base: str, pattern: re.Pattern[str], owns: Callable[[str], bool], origin: Origin
) -> Iterator[tuple[str, Link]]:
    for anchor in anchors:
        try:
            url = urljoin(base, anchor.attrib["href"].strip())
            identity = article_identity(url, pattern) if owns(urlsplit(url).hostname or "") else None
        except ValueError:
            continue  # mailto:, javascript: and what an editor mistyped
        if identity:
            # A card that is one big link holds its headline in a heading, beside the date and the teaser.
            heading = anchor.css("h1, h2, h3, h4, h5")[:1] or [anchor]
            title = read_title(" ".join(heading[0].css("::text").getall()))
            yield identity, Link(url.partition("#")[0], title=title, origin=origin)


def _add(stories: dict[str, Link], identity: str, link: Link) -> None:
    """A story's card often links it twice, around the picture and around the headline: the longer text is the title."""
    before = stories.get(identity)
    if before is None:
        stories[identity] = link
    elif len(link.title or "") > len(before.title or ""):
        stories[identity] = replace(before, title=link.title)


def _card_date(card: Selector, selector: str, clock: Clock) -> datetime | date | None:
    for element in card.css(selector):
        written = element.attrib.get("datetime"), " ".join(element.css("::text").getall())
        for text in written:
            if (value := clock.read(text)) is not None:
                return value
    return None


def next_page(page: Selector, base: str, section: str, number: int, listing: Listing) -> str | None:
    """The URL of the page after page `number` (counted from 1) of a section; None when the site offers none."""
    if listing.next:
        for href in page.css(listing.next).xpath("@href").getall():
            return urljoin(base, href.strip())
        return None
    if listing.page:
        return urljoin(section, listing.page.format(n=listing.second + number - 1))
    return None
