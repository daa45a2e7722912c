"""Section pages: the list of a desk's stories, and its older pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice

from lxml import etree
from parsel import Selector
from parsel.csstranslator import css2xpath

from newscrawl.discovery.early_ends import without_ends
from newscrawl.discovery.hints import INSIDE_WORDS, Clock, read_title
from newscrawl.discovery.identity import article_identity
from newscrawl.discovery.links import URL_LIMIT, Link, Origin, Skip, UnusableError, joined, unheard
from newscrawl.urls import host_of

MAX_LINKS = 2000
# Twenty times the largest section page that was met (162 KB); a page of tags alone takes sixty times its size.
MAX_CHARACTERS = 3_000_000
_MOST_ATTRIBUTES = 200
_TAG = re.compile(r"<[a-zA-Z][^\s/>]*+")
_ATTRIBUTE = re.compile(r"""[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"']*+))?""")
_MOST_DATES = 5  # elements of a card that are read for its date
_LOOKED_AT = 200  # elements or texts inside an anchor
_TITLE, _DATE = 2000, 200
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})


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


def section_selector(text: str) -> Selector:
    """The tree of a section page, of its first MAX_CHARACTERS and of the first attributes of each tag."""
    return Selector(_without_floods(without_ends(text[:MAX_CHARACTERS])))


def _without_floods(text: str) -> str:
    """A page whose tags have _MOST_ATTRIBUTES at most: for each, libxml2 compares all that came before it."""
    kept: list[str] = []
    written = position = 0
    while (tag := _TAG.search(text, position)) is not None:
        position, count, cut = tag.end(), 0, 0
        while (attribute := _ATTRIBUTE.match(text, position)) is not None:
            position = attribute.end()
            count += 1
            if count == _MOST_ATTRIBUTES:
                cut = position
        if cut and position > cut:
            kept.append(text[written:cut])
            written = position
    return "".join(kept) + text[written:] if kept else text


def parse_section(
    page: Selector,
    base: str,
    *,
    listing: Listing,
    article_url: re.Pattern[str],
    owns: Callable[[str], bool],
    clock: Clock,
    origin: Origin = "section",
    skip: Skip = unheard,
) -> list[Link]:
    """The article links of a page in its own order, each story once, at most MAX_LINKS.

    `base` is what relative links start from, `owns` says whether a host is the publisher's. Where no card holds an
    article link, the page has been redesigned or is of another kind, and all its links are looked at. `skip` is told of
    links that nobody would fetch ("too-long") and of what goes beyond the limit ("too-many").
    """
    reader = _Reader(base if len(base) <= URL_LIMIT else None, article_url, owns, clock, origin, skip)
    if listing.item:
        cards, dates = (set(page.root.xpath(css2xpath(css))) for css in (listing.item, listing.date))
        reader.read(page.root, cards, dates)
    if not reader.stories:
        reader.read(page.root, None, frozenset())
    return list(reader.stories.values())


@dataclass(slots=True)
class _Card:
    """A card that is open while the page is walked through: its date, and the stories that await it."""

    element: object
    when: datetime | date | None = None
    tried: int = 0
    stories: list[str] = field(default_factory=list)


class _Reader:
    """One walk through a page, which takes as long as the page is large, whatever stands in what."""

    def __init__(
        self,
        base: str | None,
        pattern: re.Pattern[str],
        owns: Callable[[str], bool],
        clock: Clock,
        origin: Origin,
        skip: Skip,
    ) -> None:
        self.stories: dict[str, Link] = {}
        self._base, self._pattern, self._owns = base, pattern, owns
        self._clock, self._origin, self._skip = clock, origin, skip

    def read(
        self, root: etree._Element, cards: Collection[etree._Element] | None, dates: Collection[etree._Element]
    ) -> None:
        """Take in the links of the innermost card around each, dated by what stands in it; of None, all links."""
        around: list[_Card] = []
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "end":
                if around and around[-1].element is element:
                    self._date(around.pop(), around[-1] if around else None)
                continue
            if cards is not None and element in cards:
                around.append(_Card(element))
            if around and element in dates and around[-1].when is None and around[-1].tried < _MOST_DATES:
                around[-1].tried += 1
                around[-1].when = self._when(element)
            if element.tag == "a" and (around or cards is None) and (identity := self._link(element)) and around:
                around[-1].stories.append(identity)

    def _date(self, card: _Card, outer: _Card | None) -> None:
        """Date a card's stories; where it says nothing, the card around it may."""
        if card.when is None and outer is not None:
            outer.stories += card.stories
        for identity in card.stories:
            link = self.stories[identity]
            if card.when is not None and link.published is None:
                self.stories[identity] = replace(link, published=card.when)

    def _when(self, element: etree._Element) -> datetime | date | None:
        written = (element.get("datetime"), _text(element, _DATE))
        return next((value for text in written if (value := self._clock.read(text)) is not None), None)

    def _link(self, anchor: etree._Element) -> str | None:
        """The identity of the story that an anchor leads to, which has been taken in."""
        href = anchor.get("href")
        if href is None:
            return None
        try:
            url = joined(self._base, href).partition("#")[0]
            identity = article_identity(url, self._pattern) if self._owns(host_of(url)) else None
        except UnusableError as error:
            self._skip(str(error))
            return None
        except ValueError:
            return None  # mailto:, javascript: and what an editor mistyped
        if identity is None:
            return None
        if identity not in self.stories and len(self.stories) == MAX_LINKS:
            self._skip("too-many")
            return None
        self._add(identity, Link(url, title=read_title(_headline(anchor)), origin=self._origin))
        return identity

    def _add(self, identity: str, link: Link) -> None:
        """A story's card often links it twice, around the picture and around the headline: the longer text is the
        title."""
        before = self.stories.get(identity)
        if before is None:
            self.stories[identity] = link
        elif len(link.title or "") > len(before.title or ""):
            self.stories[identity] = replace(before, title=link.title)


def _headline(anchor: etree._Element) -> str:
    """A card that is one big link holds its headline in a heading, beside the date and the teaser."""
    within = islice(anchor.iterdescendants(), _LOOKED_AT)
    heading = next((element for element in within if element.tag in _HEADINGS), anchor)
    return _title_in(heading)


def _title_in(heading: etree._Element) -> str:
    """What is written inside a headline, its words apart wherever a tag parts them."""
    parts: list[str] = []
    left = _TITLE
    walk = etree.iterwalk(heading, events=("start", "end", "comment", "pi"))
    for event, element in islice(walk, 2 * _LOOKED_AT):
        text = element.text if event == "start" else None if element is heading else element.tail
        parts.append(("" if element.tag in INSIDE_WORDS else " ") + (text or "")[:left])
        left -= len(parts[-1])
        if left <= 0:
            break
    return "".join(parts)


def _text(element: etree._Element, limit: int) -> str:
    """The first `limit` characters of what is written inside an element."""
    parts: list[str] = []
    for part in islice(map(str, element.itertext("*")), _LOOKED_AT):
        parts.append(part[:limit])
        limit -= len(part)
        if limit <= 0:
            break
    return " ".join(parts)
