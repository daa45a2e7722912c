"""The fields of an Article: what answers them, and the processors that clean, split and shape."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from itertools import chain, islice
from typing import Any, ClassVar

from itemadapter import ItemAdapter
from itemloaders import ItemLoader
from itemloaders.processors import Identity, Join
from parsel import Selector

from newscrawl.arabic import clean, detect_language, fold
from newscrawl.arabic.bylines import is_credit
from newscrawl.dedup.exact import content_hash
from newscrawl.discovery.links import Link
from newscrawl.extraction.body.memory import RecurringLines
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.facts.dates import Instant
from newscrawl.extraction.facts.people import People, PeopleReader
from newscrawl.extraction.facts.rights import restrictions
from newscrawl.extraction.fields import ERROR, FEED, GENERIC, SPIDER, Field, Offer, is_rule
from newscrawl.extraction.layers import pictures
from newscrawl.extraction.layers.keywords import bare_tag, told_of
from newscrawl.extraction.markdown.story import markdown, plain
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import Reading
from newscrawl.extraction.source import Source
from newscrawl.items import Article, Image, StoryLine
from newscrawl.loaders.begun import begun
from newscrawl.loaders.feed_layer import FeedLayer
from newscrawl.loaders.layered import LayeredLoader
from newscrawl.loaders.titles import HOME, bare_title
from newscrawl.program import extractor
from newscrawl.urls import host_of, is_same_site

_log = logging.getLogger(__name__)
# Marks alone are no word.
_WORD = re.compile(r"[^\W_]")
_MOST_TAGS, _LONGEST_TAG, _LONGEST_SECTION = 40, 80, 60
_LANGUAGE_SAMPLE = 500
_NO_IMAGE = Image()
# Fields of the record that layers offer as they are, with the layers' name for them.
_OFFERED_AS: dict[str, Field] = {"subtitle": "subtitle", "canonical_url": "canonical"}


class ArticleLoader(LayeredLoader):
    """Cleans, splits and shapes what spider and layers say of an article; provenance names the layer that won.

    Its context has `page`, `reading`, `source` (or None), `hint` (or None), `fetched_at` and `layer`.
    """

    default_item_class = Article
    #: The fields that layers answer, in the order in which they are asked: the later ones look at the earlier.
    answered: ClassVar[tuple[str, ...]] = (
        "title", "body", "subtitle", "authors", "agencies", "dateline", "section", "tags", "images", "canonical_url",
        "published_at", "modified_at", "paywalled",
    )  # fmt: skip

    def __init__(
        self,
        item: Any = None,
        selector: Selector | None = None,
        parent: ItemLoader | None = None,
        *,
        page: Page,
        reading: Reading,
        fetched_at: datetime,
        source: Source | None = None,
        hint: Link | None = None,
        memory: RecurringLines | None = None,
        item_class: type[Article] = Article,
        **context: Any,
    ) -> None:
        self.page = page
        self.reading = reading
        self.source = source
        self.hint = hint
        self.fetched_at = fetched_at
        if item is None or parent is not None:
            # From a factory: of an item that is given, the defaults would count as collected values.
            first = begun(item_class, page, source, fetched_at) if item is None else item
            self.default_item_class = lambda: first  # type: ignore[assignment,misc]
            item = None
        super().__init__(
            item,
            Selector(root=page.root, type="html") if selector is None else selector,
            parent,
            page=page,
            reading=reading,
            fetched_at=fetched_at,
            source=source,
            hint=hint,
            item_class=item_class,
            **context,
        )
        self._names = reading.site_names
        self._feed = FeedLayer(hint, page.url, source, fetched_at)
        #: What raised, by the field that is left out for it.
        self.failures: dict[str, Exception] = dict(reading.fields.failures)
        self._memory = memory
        self._published_raw: str | None = None

    def load_item(self) -> Article:
        """The Article, with every field that the spider, a layer or a computation answers."""
        article: Article = self.item
        adapter = ItemAdapter(article)
        for name in (*self.answered, *(name for name in self._values if name not in self.answered)):
            with self._spared(name):
                value = self.get_output_value(name)
                if value is not None:
                    adapter[name] = value
        article.published_raw = article.published_raw or self._published_raw
        body = article.body or ""
        article.word_count = sum([word[0].isalnum() or _WORD.search(word) is not None for word in body.split()])
        with self._spared("language"):
            article.language = article.language or detect_language(f"{article.title or ''}\n{body[:_LANGUAGE_SAMPLE]}")
        article.content_hash = content_hash(article.title, article.body)
        if self._memory is not None and self._memory.has_dropped and self.layers.get("body") not in (SPIDER, FEED):
            article.lines = self._lines(self._memory)  # type: ignore[misc]  # a slot of the class above
        with self._spared("restrictions"):
            article.restrictions = article.restrictions or restrictions(self.page.headers, self.page.root.find("head"))
        if not article.body:
            self.layers["body"] = "empty"
        article.provenance = self.layers
        article.extractor = extractor()
        with self._spared("markdown"):
            article.markdown = self._markdown(body) if self.context.get("markdown") and body else None
        # A search that was put off may have raised since.
        self.failures = self.reading.fields.failures | self.failures
        for name, error in self.failures.items():
            _log.warning("%s: %s is left out: %r", self.page.url, name, error)
            _log.debug("%s of %s", name, self.page.url, exc_info=error)
        return article

    @contextmanager
    def _spared(self, name: str) -> Iterator[None]:
        """Leaves a field out that raises: the article is worth more than the field."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the article is worth more
            self.failures[name] = error
            self.layers[name] = ERROR

    def _lines(self, memory: RecurringLines) -> tuple[StoryLine, ...]:
        recurs = [memory.may_have_dropped(fold(block.text)) for block in self.reading.candidates]
        return tuple(map(StoryLine, self._texts(self.reading.candidates), recurs)) if any(recurs) else ()

    def _markdown(self, body: str) -> str:
        page, reading = self._told
        lines = self._texts(reading.story)
        # A body that the spider added, or that its own processors made, has no blocks.
        return markdown(page, reading, lines) if "\n".join(filter(None, lines)) == body else plain(body)

    @property
    def _told(self) -> tuple[Page, Reading]:
        """What the body was read from: the page, or the feed's text."""
        return (self._feed.text if self.layers.get("body") == FEED else None) or (self.page, self.reading)

    def _texts(self, blocks: list[Block]) -> list[str]:
        return ["\n".join(self._process_input_value("body", [block.text])) for block in blocks]

    def offers(self, field_name: str) -> Iterable[Offer]:
        """Those of the page's layers and of the listing that named the page."""
        own = self.reading.fields.each(_OFFERED_AS[field_name]) if field_name in _OFFERED_AS else None
        return chain(super().offers(field_name) if own is None else own, self._feed.offers(field_name))

    # Titles

    def title_offers(self) -> Iterator[Offer]:
        """Rules first, then the headline that readers see: what search engines get is often rewritten."""
        offers = self.reading.fields.of("title")
        yield from (offer for offer in offers if is_rule(offer.layer))
        yield from self.reading.fields.of("headline")
        yield from offers

    def title_in(self, values: Iterable[Any]) -> list[str]:
        """Titles without the site's names; of one that readers see the bars are its own."""
        is_shown = self.context["layer"] == GENERIC
        return [title for text in values if (title := bare_title(str(text), self._names, is_shown=is_shown))]

    def subtitle_in(self, values: Iterable[Any]) -> list[str]:
        """Lines that repeat neither the title nor the first paragraph, and credit nobody."""
        shown = {fold(self.item.title or ""), fold((self.item.body or "").partition("\n")[0]), ""}
        lines = (" ".join(clean(str(text)).split()) for text in values)
        return [line for line in lines if fold(line) not in shown and not is_credit(line)]

    # The story

    def body_offers(self) -> Iterator[Offer]:
        """The page's, unless it shows only the beginning of what the feed has whole."""
        shown = [block.text for block in self.reading.story]
        is_walled = next((not offer.value for offer in self.reading.fields.each("free")), False)
        if self._feed.tells_more(shown, is_walled=is_walled):
            yield from self._feed.offers("body")
        yield Offer(shown, self.reading.body_layer or GENERIC)

    def body_in(self, values: Iterable[Any]) -> list[str]:
        """Paragraphs."""
        return [line for text in values if (line := clean(str(text)).strip())]

    body_out = Join("\n")

    # People

    @cached_property
    def _people(self) -> People:
        blocks = self._told[1].blocks
        dropped = [block.text for block in blocks if block.dropped]
        credits_ = [block.text for block in blocks if block.dropped == Verdict.CREDIT]
        reader = PeopleReader(self.reading.fields, self._names)
        return reader.read(f"{self.item.title or ''}\n{self.item.body or ''}", dropped, credits_)

    def authors_offers(self) -> Iterator[Offer]:
        yield Offer(self._people.authors, self._people.layers.get("authors", ""))

    def agencies_offers(self) -> Iterator[Offer]:
        yield Offer(self._people.agencies, "")

    def dateline_offers(self) -> Iterator[Offer]:
        yield Offer(self._people.dateline, self._people.layers.get("dateline", ""))

    authors_out = agencies_out = Identity()

    # What stands around it

    def section_offers(self) -> Iterator[Offer]:
        yield from self.reading.fields.each("section")
        no_section = {*HOME, *self._names, fold(self.item.title or "")}
        for offer in self.reading.fields.each("breadcrumb"):
            yield Offer(
                [name for name in self.section_in(offer.value) if fold(name) not in no_section][-1:], offer.layer
            )

    def section_in(self, values: Iterable[Any]) -> list[str]:
        """Names of sections."""
        names = (" ".join(clean(str(text)).split()) for text in values)
        return [name for name in names if 0 < len(name) <= _LONGEST_SECTION]

    def tags_offers(self) -> Iterator[Offer]:
        """What is named a tag; else the words for search engines, where the story tells of them."""
        yield from self.reading.fields.each("tags")
        for offer in self.reading.fields.each("keywords"):
            yield Offer(told_of(self.item.body or "", self.item.title or "", offer.value), offer.layer)

    def tags_in(self, values: Iterable[Any]) -> list[str]:
        """Tags, one by one, without the site's names."""
        parts = (part for value in islice(values, 2 * _MOST_TAGS) for part in re.split(r"[,،]", str(value)))
        tags = (bare_tag(" ".join(clean(part).split())) for part in parts)
        good = [tag for tag in tags if tag and len(tag) <= _LONGEST_TAG and fold(tag) not in self._names]
        return list(dict.fromkeys(good))[:_MOST_TAGS]

    tags_out = Identity()

    def images_offers(self) -> Iterator[Offer]:
        fields = self.reading.fields
        offered = (picture for offer in fields.of("pictures") for picture in offer.value)
        found = [Image(url=p.url, caption=p.caption, credit=p.credit) for p in offered]
        ruled = next(iter(fields.of("caption")), None)
        if ruled is not None:
            found = found or [Image()]
            caption, credit = pictures.credited(str(ruled.value))
            found[0] = Image(url=found[0].url, caption=caption, credit=credit or found[0].credit)
        if found:
            layer = next((offer.layer for offer in fields.of("image")), GENERIC)
            yield Offer(found, ruled.layer if ruled is not None else layer)

    def images_in(self, values: Iterable[Any]) -> list[Image]:
        """Images; of an address that the spider added, the image there."""
        found = (v if isinstance(v, Image) else Image(url=self.page.absolute(str(v))) for v in values)
        return [image for image in found if image != _NO_IMAGE]

    images_out = Identity()

    def canonical_url_in(self, values: Iterable[Any]) -> list[str]:
        """Absolute addresses on the source's own hosts."""
        return [url for href in values if (url := self.page.absolute(str(href))) and self._is_own_host(host_of(url))]

    def _is_own_host(self, host: str) -> bool:
        return self.source.owns(host) if self.source is not None else is_same_site(host, self.page.host)

    def paywalled_offers(self) -> Iterator[Offer]:
        return (Offer(not offer.value, offer.layer) for offer in self.reading.fields.each("free"))

    # Dates

    def published_at_offers(self) -> Iterator[Offer]:
        if (published := self.reading.dates.published()) is not None:
            yield Offer(published, published.layer)

    def published_at_in(self, values: Iterable[Any]) -> list[str]:
        """Dates as ISO 8601, read as the page's own are."""
        found = self._instants(values)
        if found:
            self._published_raw = found[0].raw or None
        return [instant.text for instant in found]

    def modified_at_offers(self) -> Iterator[Offer]:
        if (modified := self.reading.dates.modified()) is not None:
            yield Offer(modified, modified.layer)

    def modified_at_in(self, values: Iterable[Any]) -> list[str]:
        """Dates as ISO 8601, read as the page's own are."""
        return [instant.text for instant in self._instants(values)]

    def _instants(self, values: Iterable[Any]) -> list[Instant]:
        read = self.reading.dates.read
        found = (value if isinstance(value, Instant) else read(Offer(str(value), SPIDER)) for value in values)
        return [instant for instant in found if instant is not None]
