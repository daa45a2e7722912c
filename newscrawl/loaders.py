"""Layers of raw fields in, one clean Article out."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from newscrawl.arabic import clean, detect_language, fold
from newscrawl.dedup.exact import content_hash
from newscrawl.discovery.identity import article_id, url_identity
from newscrawl.discovery.links import Link
from newscrawl.extraction.body.memory import RecurringLines
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.facts import zones
from newscrawl.extraction.facts.people import PeopleReader
from newscrawl.extraction.facts.rights import restrictions
from newscrawl.extraction.fields import FEED, GENERIC, Field, RawFields, is_rule
from newscrawl.extraction.layers import pictures
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import Reading, read_page
from newscrawl.extraction.source import Source
from newscrawl.items import Article, Image
from newscrawl.urls import host_of, is_same_site

T = TypeVar("T")
_SUFFIX = re.compile(r"\s+[|\-–—:»«·•]{1,2}\s+|\s*\|\s*|\s+::\s+")
_DAY_AT_END = re.compile(r"\s+\d{1,2}[/-]\d{1,2}[/-]\d{4}$")
_HOME = frozenset(fold(name) for name in ("الرئيسية", "الصفحة الرئيسية", "رئيسية", "Home", "الرئيسيه", "أخبار الآن"))
# Marks alone are no word.
_WORD = re.compile(r"[^\W_]")
_MOST_TAGS = 40
_LANGUAGE_SAMPLE = 500


def load_article(
    body: bytes,
    *,
    url: str,
    headers: Mapping[str, str] | None = None,
    source: Source | None = None,
    generic: bool = False,
    fetched_at: datetime,
    hint: Link | None = None,
    memory: RecurringLines | None = None,
    learn: bool = False,
) -> Article:
    """The Article of a page.

    `fetched_at` (aware) is what relative dates and the choice of rules go by; `hint` is what the feed or sitemap said;
    `memory` knows the lines that recur on the publisher's pages, and takes in this page's with `learn`. Raises
    extraction.page.PageError where the bytes hold no page.
    """
    page = Page(body, url, headers)
    return load(page, source, generic=generic, fetched_at=fetched_at, hint=hint, memory=memory, learn=learn).article


class Loaded(NamedTuple):
    """An Article, and the reading that it was made of."""

    article: Article
    reading: Reading


def load(
    page: Page,
    source: Source | None = None,
    *,
    generic: bool = False,
    fetched_at: datetime,
    hint: Link | None = None,
    memory: RecurringLines | None = None,
    learn: bool = False,
) -> Loaded:
    """What `load_article` does, for a page that is parsed already; with the reading, to explain it."""
    learned: Container[str] = memory if memory is not None else ()
    reading = read_page(page, source, now=fetched_at, generic=generic, learned=learned)
    if memory is not None and learn:
        memory.observe(block.text for block in reading.candidates)
    return Loaded(ArticleLoader(page, reading, source, fetched_at, hint).load(), reading)


class ArticleLoader:
    """Cleans, splits and shapes the offers of a reading; the first offer that stands wins its field."""

    def __init__(
        self, page: Page, reading: Reading, source: Source | None, fetched_at: datetime, hint: Link | None = None
    ) -> None:
        self._page = page
        self._reading = reading
        self._fields: RawFields = reading.fields
        self._source = source
        self._fetched_at = fetched_at
        self._hint = hint
        self._names = reading.site_names
        self._provenance: dict[str, str] = {}

    def load(self) -> Article:
        """Shapes the Article."""
        source = self._source
        pattern = source.article_url if source else None
        is_web = self._page.url.startswith(("http:", "https:"))
        identity = url_identity(self._page.url, pattern) if is_web else self._page.url
        slug = source.name if source else self._page.host.removeprefix("www.") or None
        article = Article(
            id=article_id(slug or "", identity),
            source=slug,
            publisher=source.publisher.name if source else None,
            country=source.publisher.country if source else zones.country_of(self._page.host),
            url=self._page.url,
            fetched_at=self._fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        )
        article.title = self._headline()
        if article.title is None and self._hint is not None and self._hint.title:
            article.title = self._answer("title", self._title(self._hint.title), FEED)
        self._load_body(article)
        article.subtitle = self._first("subtitle", lambda text: self._subtitle(text, article))
        self._load_people(article)
        article.section = self._section(article)
        article.tags = self._first("tags", self._tags) or []
        article.images = self._images()
        article.canonical_url = self._first("canonical", self._canonical)
        self._load_dates(article)
        free = self._first("free", lambda value: value)
        article.paywalled = None if free is None else not free
        article.language = detect_language(f"{article.title or ''}\n{(article.body or '')[:_LANGUAGE_SAMPLE]}")
        # With the lines that the crawl has learned to drop: learning one is no new version of the story.
        article.content_hash = content_hash(article.title, "\n".join(b.text for b in self._reading.candidates) or None)
        article.restrictions = restrictions(self._page.headers, self._page.root.find("head"))
        article.provenance = self._provenance
        return article

    def _first(self, name: Field, shape: Callable[[Any], T | None]) -> T | None:
        for offer in self._fields.each(name):
            value = shape(offer.value)
            if value is not None and value != "" and value != []:
                return self._answer(name, value, offer.layer)
        return None

    def _answer(self, name: str, value: T, layer: str) -> T:
        field = {"canonical": "canonical_url", "free": "paywalled", "published": "published_at",
                 "modified": "modified_at"}.get(name, name)  # fmt: skip
        self._provenance[field] = layer
        return value

    def _headline(self) -> str | None:
        """Rules first, then the headline that readers see: what search engines get is often rewritten."""
        offers = self._fields.of("title")
        ruled = [o for o in offers if is_rule(o.layer)]
        for offer in (*ruled, *self._fields.of("headline"), *offers):
            title = self._title(str(offer.value), is_shown=offer.layer == GENERIC)
            if title:
                return self._answer("title", title, offer.layer)
        return None

    def _title(self, text: str, *, is_shown: bool = False) -> str | None:
        """A title without the site's names; of one that readers see the bars are its own."""
        title = " ".join(clean(text).split())
        if not is_shown:
            title = _DAY_AT_END.sub("", title)
        for _ in range(2):
            parts = _SUFFIX.split(title)
            if len(parts) < 2:
                break
            if len(parts) > 2 and "|" in title and not is_shown:
                return max(parts, key=len)
            if fold(parts[-1]) in self._names:
                title = title[: title.rindex(parts[-1])].rstrip(" |-–—:»«·•")
            elif fold(parts[0]) in self._names:
                title = title[title.index(parts[0]) + len(parts[0]) :].lstrip(" |-–—:»«·•")
            else:
                break
        return title if title and fold(title) not in self._names else None

    def _load_body(self, article: Article) -> None:
        lines = [clean(block.text).strip() for block in self._reading.story]
        body = "\n".join(line for line in lines if line)
        if body:
            article.body = self._answer("body", body, self._reading.body_layer or GENERIC)
        else:
            self._provenance["body"] = "empty"
        article.word_count = sum([word[0].isalnum() or _WORD.search(word) is not None for word in body.split()])

    def _subtitle(self, text: str, article: Article) -> str | None:
        subtitle = " ".join(clean(text).split())
        key = fold(subtitle)
        if key == fold(article.title or "") or not key:
            return None
        first = (article.body or "").partition("\n")[0]
        return None if key == fold(first) else subtitle

    def _load_people(self, article: Article) -> None:
        blocks = self._reading.blocks
        dropped = [block.text for block in blocks if block.dropped]
        credits_ = [block.text for block in blocks if block.dropped == Verdict.CREDIT]
        reader = PeopleReader(self._fields, self._names)
        people = reader.read(f"{article.title or ''}\n{article.body or ''}", dropped, credits_)
        article.authors, article.agencies, article.dateline = people.authors, people.agencies, people.dateline
        self._provenance.update(people.layers)

    def _section(self, article: Article) -> str | None:
        section = self._first("section", self._short)
        if section is not None:
            return section
        title = fold(article.title or "")

        def last_crumb(crumbs: list[str]) -> str | None:
            names = [self._short(c) for c in crumbs]
            good = [n for n in names if n and fold(n) not in _HOME and fold(n) != title and fold(n) not in self._names]
            return good[-1] if good else None

        section = self._first("breadcrumb", last_crumb)
        if section is not None:
            self._provenance["section"] = self._provenance.pop("breadcrumb")
        return section

    @staticmethod
    def _short(text: str) -> str | None:
        text = " ".join(clean(text).split())
        return text if 0 < len(text) <= 60 else None

    def _tags(self, values: list[str]) -> list[str]:
        parts = (part for value in values[: 2 * _MOST_TAGS] for part in re.split(r"[,،]", value))
        tags = (" ".join(clean(part).split()).strip("# ") for part in parts)
        good = [t for t in tags if t and len(t) <= 80 and fold(t) not in self._names]
        return list(dict.fromkeys(good))[:_MOST_TAGS]

    def _images(self) -> list[Image]:
        found = [
            Image(url=p.url, caption=p.caption, credit=p.credit) for o in self._fields.of("pictures") for p in o.value
        ]
        ruled = next(iter(self._fields.of("caption")), None)
        if ruled is not None:
            found = found or [Image()]
            caption, credit = pictures.credited(str(ruled.value))
            found[0] = Image(url=found[0].url, caption=caption, credit=credit or found[0].credit)
        if found:
            layer = next((offer.layer for offer in self._fields.of("image")), GENERIC)
            self._provenance["images"] = ruled.layer if ruled is not None else layer
        return found

    def _canonical(self, href: str) -> str | None:
        url = self._page.absolute(href)
        if url is None:
            return None
        host = host_of(url)
        if self._source is not None:
            return url if self._source.owns(host) else None
        return url if is_same_site(host, self._page.host) else None

    def _load_dates(self, article: Article) -> None:
        dates = self._reading.dates
        published = dates.published()
        if published is not None:
            article.published_at = self._answer("published", published.text, published.layer)
            article.published_raw = published.raw
        elif self._hint is not None and self._hint.published is not None:
            article.published_at = self._answer("published", self._hint.published.isoformat(), FEED)
        modified = dates.modified()
        if modified is not None:
            article.modified_at = self._answer("modified", modified.text, modified.layer)
