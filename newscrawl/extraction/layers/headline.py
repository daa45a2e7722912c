"""The visible headline of a page, found with the help of what the metadata call the story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.extraction.elements import furniture
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.furniture import TITLE_TAGS
from newscrawl.extraction.elements.markup import plain_text
from newscrawl.extraction.elements.wording import LINE_PARTS
from newscrawl.extraction.layers.large_lines import large_line
from newscrawl.extraction.page.page import Page

_LESSER = ("h2", "h3", "h4", "h5", "h6")
_LINKED = ("h2", "h3", "h4")
_NAMED_HEADLINES = ("h2", "h3", "h4", "div", "span", "p", "strong", "a")
_LOGO = re.compile(r"\b(?:logo|brand|navbar|site-?title|site-?name)\b", re.IGNORECASE)
_PROSE = 90
_MOST_HEADLINES, _MOST_NAMED = 20, 400
_LONGEST_LABEL, _LONGEST_KICKER = 14, 40
_MOST_LESSER = 100
_SURE, _MOST_WORDS_OF_NAME = 0.95, 4


def _named_class(element: etree._Element) -> tuple[object, str | None]:
    """The tag of an element and its class, or that of the box around it where it has none."""
    parent = element.getparent()
    return element.tag, element.get("class") or (parent.get("class") if parent is not None else None)


def _named_headlines(page: Page) -> Iterator[etree._Element]:
    """The first elements that are named a title or a headline."""
    named = (element for element in page.root.iter(*_NAMED_HEADLINES) if _is_named_headline(element))
    return islice(named, _MOST_NAMED)


def _is_named_headline(element: etree._Element) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return "itle" in names or "eadline" in names or element.get("itemprop") == "headline"


def _lesser(page: Page) -> Iterator[etree._Element]:
    """The lesser headings without a link."""
    return (heading for heading in page.root.iter(*_LESSER) if not _has_link(heading))


def _has_link(heading: etree._Element) -> bool:
    return next(heading.iter("a"), None) is not None


def _rank(element: etree._Element) -> int:
    """The level of a heading, that of a standfirst's box behind all."""
    return int(element.tag[1]) if element.tag in TITLE_TAGS else 0


def _without_names(claim: str, site_names: frozenset[str]) -> Iterator[str]:
    """A folded claim without the site's name before or behind it."""
    for name in site_names:
        for rest in (claim.removeprefix(f"{name} "), claim.removesuffix(f" {name}")):
            if rest != claim and " " in rest:
                yield rest


@dataclass(slots=True)
class Headline:
    """The element that shows the headline, its text, and its place among Page.texts."""

    element: etree._Element
    text: str
    at: int


class HeadlineFinder:
    """Weighs the headings of a page against `claims`, the titles that the metadata name, and the site's own names."""

    def __init__(self, page: Page, claims: list[str], site_names: frozenset[str]) -> None:
        self._page = page
        self._raw_claims = [" ".join(claim.split()) for claim in claims]
        told = [folded for claim in claims if (folded := fold(claim))]
        told += [bare for folded in told for bare in _without_names(folded, site_names)]
        self._claims = [(folded, set(folded.split())) for folded in dict.fromkeys(told)]
        parts = (LINE_PARTS.split(claim)[0] for claim in claims)
        self._first_words = {folded for part in parts if (folded := fold(part)) and " " not in folded}
        self._site_names = site_names

    def find(self) -> Headline | None:
        """The visible headline: the h1 that best agrees with the metadata, else an element named title that does."""
        best: tuple[float, etree._Element, str] | None = None
        for element in self._page.tagged("h1")[:_MOST_HEADLINES]:
            text = text_of(element)
            score = self._agreement(text)
            if score is None or furniture.is_hidden(element) or (score < 0.75 and self._is_logo(element)):
                continue
            if best is None or score > best[0]:
                best = (score, element, text)
        if best is None or (best[0] < 0.4 and self._claims):
            # A lonely h1 that the metadata do not know is a headline of its own, unless a lesser heading is theirs.
            is_lonely = best is not None and self._lonely(best[2])
            for element in (*_named_headlines(self._page), *islice(_lesser(self._page), _MOST_LESSER)):
                if len(element) > 6 or furniture.is_hidden(element):
                    continue
                text = text_of(element)
                score = self._agreement(text)
                is_lesser = element.tag not in ("h2", "h3") and (score or 0.0) < _SURE
                if is_lonely and (is_lesser or (best is not None and best[0] > 0 and element.tag not in ("h2", "h3"))):
                    continue
                if score is not None and score >= 0.75 and (best is None or score > best[0]):
                    best = (score, element, text)
        if best is None:
            best = self._linked_heading() or self._claimed_text() or self._unclaimed()
        if best is None:
            # A line that looks no larger than those around it gives way to a heading, be it of one word.
            best = self._large_line(or_nearest=False) or self._one_word() or self._large_line(or_nearest=True)
        return self._place(best[1], best[2]) if best else None

    def _one_word(self) -> tuple[float, etree._Element, str] | None:
        """The h1 of one word with which a claim begins: "كراسي - اسم الشاعرة - الموقع"."""
        for element in self._page.tagged("h1")[:_MOST_HEADLINES]:
            text = text_of(element)
            if fold(text) in self._first_words - self._site_names and not furniture.is_hidden(element):
                return (0.3, element, text)
        return None

    def _linked_heading(self) -> tuple[float, etree._Element, str] | None:
        """The heading that is a link and all but the claim: old themes link the headline to its own page."""
        for element in islice(filter(_has_link, self._page.root.iter(*_LINKED)), _MOST_LESSER):
            text = text_of(element)
            if (self._agreement(text) or 0.0) >= _SURE and not furniture.is_hidden(element):
                return (_SURE, element, text)
        return None

    def _large_line(self, *, or_nearest: bool) -> tuple[float, etree._Element, str] | None:
        """Where metadata know no more than the site's name or a few words: the largest line above the prose."""
        if any(folded not in self._site_names and len(words) > _MOST_WORDS_OF_NAME for folded, words in self._claims):
            return None
        found = large_line(self._page, or_nearest=or_nearest)
        return (0.3, *found) if found else None

    def _claimed_text(self) -> tuple[float, etree._Element, str] | None:
        """Where no element is named a title: the first text outside links with which a claim begins."""
        for raw, element in self._page.texts:
            words = raw.count(" ") + 1
            if 4 <= words <= 40 and element.tag not in ("a", "title"):
                folded = fold(raw)
                for claim, _ in self._claims:
                    # Its end, where the site's name stands before it.
                    if (claim.startswith(folded) or claim.endswith(folded)) and len(folded) >= 0.5 * len(claim):
                        return (0.9, element, " ".join(raw.split()))
        return None

    def _unclaimed(self) -> tuple[float, etree._Element, str] | None:
        """Where neither an h1 nor the metadata know the headline: the last line named as a title before the prose."""
        first_prose = next((e for text, e in self._page.texts if len(text.strip()) > _PROSE), None)
        if first_prose is None:
            return None
        wanted = {e for e in (*_named_headlines(self._page), *_lesser(self._page)) if len(e) <= 3}
        classes = Counter(_named_class(e) for e in wanted)
        found: tuple[float, etree._Element, str] | None = None
        for _, element in self._page.texts:
            if element is first_prose:
                break
            if found is not None and _rank(element) > _rank(found[1]):
                continue  # what stands below a larger heading is its standfirst
            if element in wanted and classes[_named_class(element)] == 1 and not furniture.is_hidden(element):
                text = text_of(element)
                if 4 <= text.count(" ") + 1 <= 30 and fold(text) not in self._site_names:
                    found = (0.3, element, text)
        return found

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

    def _is_logo(self, element: etree._Element) -> bool:
        """Whether an h1 is the site's name plate: it links home, or stands in a menu or a box named after a logo."""
        links = element if element.tag == "a" else element.find(".//a")
        href = links.get("href", "") if links is not None else ""
        if href.rstrip("/") in ("", f"https://{self._page.host}", f"http://{self._page.host}") and href:
            return True
        return any(a.tag == "nav" or _LOGO.search(furniture.labels(a)) for a in (element, *element.iterancestors()))

    def _lonely(self, text: str) -> bool:
        """A single h1 of some length is the headline even where the search engines get another one."""
        return len(self._page.tagged("h1")) == 1 and text.count(" ") >= 3

    def _place(self, element: etree._Element, text: str) -> Headline:
        for claim in self._raw_claims:
            label = text.removesuffix(claim)
            is_label = label[-1:].isalpha() or label.rstrip().endswith(("/", "|"))
            if is_label and label != text and len(label) <= _LONGEST_LABEL:
                text = claim  # <span>عاجل</span>هزة ..., with nothing between, or "اقتصادي / هزة ..."
        text = plain_text(self._without_kicker(element, text))
        inside = set(element.iter())
        at = next((i for i, (_, owner) in enumerate(self._page.texts) if owner in inside), 0)
        return Headline(element, text, at)

    def _without_kicker(self, element: etree._Element, text: str) -> str:
        """The headline without a kicker or a date that has an element of its own inside it, if that is a claim."""
        claims = {claim for claim, _ in self._claims}
        for child in element:
            own = text_of(child)
            if 0 < len(own) < _LONGEST_KICKER:
                for rest in (text.removeprefix(own).strip(), text.removesuffix(own).strip()):
                    if rest != text and fold(rest) in claims:
                        return rest
        return text
