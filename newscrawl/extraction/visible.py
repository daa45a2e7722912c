"""What a reader sees around the story: headline, standfirst, byline, date, section, tags, lead picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.extraction import marks
from newscrawl.extraction.blocks import text_of
from newscrawl.extraction.fields import RawFields
from newscrawl.extraction.page import Page
from newscrawl.extraction.selectors import elements

GENERIC = "generic"
_HEADLINES = elements("//h1")
_NAMED_HEADLINES = elements(
    "//*[self::h2 or self::h3 or self::h4 or self::div or self::span or self::p or self::strong or self::a]"
    "[contains(@class,'itle') or contains(@class,'eadline') or contains(@id,'itle') or contains(@id,'eadline')"
    " or @itemprop='headline']"
)
_SUBTITLE_NAMES = re.compile(
    r"sub-?_?title|sub-?_?head|standfirst|stand-first|deck\b|kicker-sub|second-?title|alt-?title", re.I
)
_AUTHOR_NAMES = re.compile(
    r"author|writ(?:er|e-?by|ename)|byline|by-line|reporter|editor-?name|journalist|katib|kateb", re.I
)
_DATE_NAMES = re.compile(r"date|time|publish|calendar|posted|tarikh|tareekh", re.I)
_TAG_NAMES = re.compile(r"\btags?\b|tags?[-_]|[-_]tags?\b|keyword|hashtag|tag-?cloud|wosom", re.I)
_CRUMB_NAMES = re.compile(r"breadcrumb|breadcumb|bread-?crumb|crumbs", re.I)
_CATEGORY_NAMES = re.compile(r"categor|section-?name|post-?cat|cat-?name|sectionof", re.I)
_BYLINE_START = re.compile(
    r"^\s*(?:كتب(?:ت|ها|ه)?|بقلم|تحرير|إعداد|اعداد|حوار|حاورته?ا?|تقرير|أعده|أعدته|أجرى الحوار|ترجمة|متابعة|تحقيق|رصد|مراسل|By)"
    r"\s*[:/\-–ـ|]?\s+\S"
)
_DATE_LIKE = re.compile(r"[0-9٠-٩۰-۹]")
_CAPTION_NAMES = re.compile(r"caption|img-?cap|image-?desc|photo-?desc|pic-?desc|figcaption", re.I)
_CAPTION_NODES = elements("//figcaption | //*[@class][contains(@class,'aption') or contains(@class,'-cap')]")
_LATER_TIMES = elements("following::time")
_NEAR_BEFORE, _NEAR_AFTER = 14, 40
_LABEL_LEVELS = 5
_MOST_CAPTIONS = 16


class Line(NamedTuple):
    """A short line near the headline: its text, element, the labels of it and of its parents, its place."""

    text: str
    element: etree._Element
    labels: str
    at: int


def is_byline(text: str) -> bool:
    """Whether a line starts as bylines do: "كتب: ...", "بقلم ...", "حوار: ..."."""
    return len(text) < 90 and _BYLINE_START.match(text) is not None


@dataclass(slots=True)
class Headline:
    """The element that shows the headline, its text, and its place among Page.texts."""

    element: etree._Element
    text: str
    at: int


class Surroundings:
    """Reads what stands near the headline of a page; `claims` are the titles that the metadata name."""

    def __init__(self, page: Page, claims: list[str], site_names: frozenset[str] = frozenset()) -> None:
        self._page = page
        self._claims = [(folded, set(folded.split())) for claim in claims if (folded := fold(claim))]
        self._site_names = site_names

    @cached_property
    def headline(self) -> Headline | None:
        """The visible headline: the h1 that best agrees with the metadata, else an element named title that does."""
        best: tuple[float, etree._Element, str] | None = None
        for element in _HEADLINES(self._page.root)[:20]:
            text = text_of(element)
            score = self._agreement(text)
            if score is None or marks.is_hidden(element):
                continue
            if best is None or score > best[0]:
                best = (score, element, text)
        if best is None or (best[0] < 0.4 and self._claims and not self._lonely(best[2])):
            for element in _NAMED_HEADLINES(self._page.root)[:400]:
                if len(element) > 6 or marks.is_hidden(element):
                    continue
                text = text_of(element)
                score = self._agreement(text)
                if score is not None and score >= 0.75 and (best is None or score > best[0]):
                    best = (score, element, text)
        return self._place(best[1], best[2]) if best else None

    def _agreement(self, text: str) -> float | None:
        """How well a text agrees with what the metadata call the story, 0 to 1; None where it can be no headline."""
        folded = fold(text)
        words = set(folded.split())
        if len(words) < 2 or len(text) > 400 or folded in self._site_names:
            return None
        best = 0.0 if self._claims else 0.3
        for claim, claimed in self._claims:
            if len(words) > 3 and claim.startswith(folded):
                return 0.95
            best = max(best, len(words & claimed) / len(words | claimed))
        return best

    def _lonely(self, text: str) -> bool:
        """A single h1 of some length is the headline even where the search engines get another one."""
        return len(_HEADLINES(self._page.root)) == 1 and text.count(" ") >= 3

    def _place(self, element: etree._Element, text: str) -> Headline:
        inside = set(element.iter())
        at = next((i for i, (_, owner) in enumerate(self._page.texts) if owner in inside), 0)
        return Headline(element, text, at)

    def read(self, fields: RawFields, body_starts: etree._Element | None = None) -> None:
        """Offers what stands near the headline; `body_starts` ends the search for it."""
        if self.headline is not None:
            fields.offer("headline", self.headline.text, GENERIC)
        near = list(self._near(body_starts))
        self._offer_dates(near, fields)
        self._offer_authors(near, fields)
        self._offer_subtitle(near, fields)
        self._offer_section(near, fields)
        self._offer_tags(fields)
        self._offer_caption(fields)

    def _offer_dates(self, near: list[Line], fields: RawFields) -> None:
        """Dates below the headline come first, then those above it, nearest first: a header's clock is far away."""
        start = self.headline.at if self.headline else 0
        ordered = sorted(near, key=lambda line: (line.at < start, abs(line.at - start)))
        elements = [(line.element, line.text, bool(_DATE_NAMES.search(line.labels))) for line in ordered]
        if self.headline is not None:
            elements += [(e, text_of(e), True) for e in _LATER_TIMES(self.headline.element)[:3]]
        for element, text, named in elements:
            for attribute in ("datetime", "content", "data-date", "title"):
                stamp = element.get(attribute)
                if stamp and named and len(stamp) < 60 and _DATE_LIKE.search(stamp):
                    fields.offer("published", stamp, GENERIC)
            if len(text) >= 120 or not _DATE_LIKE.search(text):
                continue
            name = "visible_date" if named or element.tag == "time" else "loose_date"
            parent = element.getparent()
            whole = text_of(parent) if parent is not None and len(parent) <= 4 else ""
            if len(text) < len(whole) < 90:
                fields.offer(name, whole, GENERIC)
            fields.offer(name, text, GENERIC)

    def _near(self, body_starts: etree._Element | None) -> Iterator[Line]:
        """The short lines around the headline."""
        texts = self._page.texts
        start = self.headline.at if self.headline else 0
        inside = set(self.headline.element.iter()) if self.headline else set()
        seen: set[etree._Element] = set()
        for i in range(max(0, start - _NEAR_BEFORE), min(len(texts), start + _NEAR_AFTER)):
            raw, element = texts[i]
            if (
                body_starts is not None
                and i > start
                and (element is body_starts or body_starts in element.iterancestors())
            ):
                break
            if element in inside or element in seen:
                continue
            seen.add(element)
            # An inline element shows only part of its line.
            text = text_of(element) if len(element) <= 4 else " ".join(raw.split())
            if 2 < len(text) <= 300:
                yield Line(text, element, self._labels(element), i)

    @staticmethod
    def _labels(element: etree._Element) -> str:
        found = []
        node: etree._Element | None = element
        for _ in range(_LABEL_LEVELS):
            if node is None or node.tag in ("body", "article", "main"):
                break
            found.append(marks.labels(node))
            found.append(node.get("itemprop") or "")
            found.append(node.get("rel") or "")
            node = node.getparent()
        return " ".join(found)

    def _offer_authors(self, near: list[Line], fields: RawFields) -> None:
        linked, plain = [], []
        for text, element, labels, _ in near:
            if len(text) > 90:
                continue
            link = element if element.tag == "a" else element.getparent()
            href = (link.get("href") or "") if link is not None and link.tag == "a" else ""
            if is_byline(text) or (href and (_AUTHOR_NAMES.search(href) or _AUTHOR_NAMES.search(labels))):
                linked.append(text)
            elif _AUTHOR_NAMES.search(labels):
                plain.append(text)
        # Beside a linked name, what is not linked is a role, a city or a handle.
        fields.offer("byline", linked or plain, GENERIC)

    def _offer_subtitle(self, near: list[Line], fields: RawFields) -> None:
        for text, _, labels, _ in near:
            if _SUBTITLE_NAMES.search(labels) and text.count(" ") >= 2:
                fields.offer("subtitle", text, GENERIC)

    def _offer_section(self, near: list[Line], fields: RawFields) -> None:
        crumbs = [text for text, element, labels, _ in near if _CRUMB_NAMES.search(labels) and element.tag == "a"]
        fields.offer("breadcrumb", crumbs, GENERIC)
        for text, element, labels, _ in near:
            if element.tag == "a" and _CATEGORY_NAMES.search(labels) and len(text) < 40:
                fields.offer("section", text, GENERIC)

    def _offer_tags(self, fields: RawFields) -> None:
        start = self.headline.at if self.headline else 0
        tags: list[str] = []
        holder: etree._Element | None = None
        for _, element in self._page.texts[start:]:
            if element.tag != "a" or len(tags) >= 30:
                continue
            box = element.getparent()
            for _ in range(3):
                if box is None or box.tag in ("article", "main", "body") or _TAG_NAMES.search(marks.labels(box)):
                    break
                box = box.getparent()
            if box is None or box.tag in ("article", "main", "body"):
                continue
            if holder is None:
                holder = box
            if box is not holder and box.get("class") != holder.get("class"):
                break
            if (text := text_of(element).strip("# ")) and text.count(" ") < 8 and text not in tags:
                tags.append(text)
        fields.offer("tags", tags, GENERIC)

    def _offer_caption(self, fields: RawFields) -> None:
        if self.headline is None:
            return
        for element in _CAPTION_NODES(self._page.root)[:_MOST_CAPTIONS]:
            text = text_of(element)
            if 3 < len(text) < 400 and (element.tag == "figcaption" or _CAPTION_NAMES.search(element.get("class", ""))):
                fields.offer("caption", text, GENERIC)
