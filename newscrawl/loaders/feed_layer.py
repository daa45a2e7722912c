"""The last layer: what the listing says that named a page, and what a feed tells of the story itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from newscrawl.arabic import fold
from newscrawl.discovery.links import Link, Told
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.facts.dates import Instant
from newscrawl.extraction.facts.people import PeopleReader
from newscrawl.extraction.feed_text import read_feed_text
from newscrawl.extraction.fields import FEED, Offer, RawFields
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import Reading
from newscrawl.extraction.source import Source
from newscrawl.items import Image

# A page that shows so little may be a teaser, though it does not say so: the feed's text, if it begins alike, tells.
_MOST_WORDS_OF_TEASER = 100
_FULLER = 1.5
_COMPARED = 40  # characters
_DESKS = frozenset(map(fold, ("admin", "administrator", "editor", "webmaster", "uncategorized", "غير مصنف", "عام")))


class FeedLayer:
    """Offers of one article's listing, each the last of its field."""

    def __init__(self, hint: Link | None, url: str, source: Source | None, now: datetime) -> None:
        self._hint = hint
        self._told = (hint.told if hint is not None else None) or Told()
        self._url, self._source, self._now = url, source, now

    @cached_property
    def text(self) -> tuple[Page, Reading] | None:
        """The feed's text as a page and as it was read; None where there is none, or only an excerpt."""
        if not self._told.text:
            return None
        title = self._hint.title if self._hint is not None else None
        return read_feed_text(self._told.text, self._url, title=title, source=self._source, now=self._now)

    def tells_more(self, paragraphs: list[str], *, is_walled: bool) -> bool:
        """Whether the feed has the story of which the page shows only these paragraphs."""
        shown = sum(len(paragraph.split()) for paragraph in paragraphs)
        if not self._told.text or not shown or not (is_walled or shown <= _MOST_WORDS_OF_TEASER):
            return False
        story = self._story()
        if not story:
            return False
        if sum(block.words for block in story) < _FULLER * shown:
            return False
        return is_walled or fold(story[0].text)[:_COMPARED] == fold(paragraphs[0])[:_COMPARED]

    def _story(self) -> list[Block]:
        return self.text[1].story if self.text is not None else []

    def offers(self, field_name: str) -> Iterator[Offer]:
        """The offer for a field, if the listing has one."""
        if (value := self._value(field_name)) not in (None, []):
            yield Offer(value, FEED)

    def _value(self, field_name: str) -> object:
        hint, told = self._hint, self._told
        match field_name:
            case "title":
                return hint.title if hint else None
            case "published_at":
                return Instant(hint.published.isoformat(), "", FEED) if hint and hint.published else None
            case "body":
                return [block.text for block in self._story()]
            case "tags":
                return [tag for tag in told.tags if fold(tag) not in _DESKS]
            case "authors":
                return self._authors()
            case "images":
                return [Image(url=url) for url in told.images] or self._pictures()
        return None

    def _pictures(self) -> list[Image]:
        if "<img" not in (self._told.text or "") or self.text is None:
            return []
        found = (picture for offer in self.text[1].fields.of("pictures") for picture in offer.value)
        return [Image(url=p.url, caption=p.caption, credit=p.credit) for p in found if p.url]

    def _authors(self) -> list[str]:
        fields = RawFields()
        fields.offer("authors", [author for author in self._told.authors if fold(author) not in _DESKS], FEED)
        return PeopleReader(fields, self._names).read("\n", []).authors

    @cached_property
    def _names(self) -> frozenset[str]:
        if self._source is None:
            return frozenset()
        publisher = self._source.publisher
        return frozenset(map(fold, (publisher.name, publisher.name_en, *self._source.own_names)))
