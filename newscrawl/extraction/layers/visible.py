"""What a reader sees around the story: headline, standfirst, byline, date, section, tags, lead picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from lxml import etree

from newscrawl.extraction.elements.blocks import Block, text_of
from newscrawl.extraction.elements.cards.teasers import Teasers
from newscrawl.extraction.elements.furniture import LABEL_ATTRIBUTES, TITLE_TAGS, labels
from newscrawl.extraction.elements.roles import OwnRoles, Role, roles
from newscrawl.extraction.elements.wording import (
    COLUMNS,
    LINE_PARTS,
    SOURCE_LINE,
    is_byline,
    without_date,
)
from newscrawl.extraction.fields import GENERIC, Field, RawFields
from newscrawl.extraction.layers import bylines
from newscrawl.extraction.layers.bylines import is_in_comment
from newscrawl.extraction.layers.headline import Headline
from newscrawl.extraction.layers.near import NEAR_ABOVE, Line
from newscrawl.extraction.layers.story_box import StoryBox
from newscrawl.extraction.page.page import Page

_DATE_LIKE = re.compile(r"[0-9٠-٩۰-۹]|^\s*(?:منذ|قبل)\s+(?:ساع|يوم|دقيق|[أا]سبوع|شهر)\S*\s*$")
# A whole line, and a day only where its element is named as a date.
_DAY_WORD = re.compile(r"\s*(?:اليوم|(?:[أا]ول\s+)?[أا]مس)\s*")
_EPOCH = re.compile(r"1[4-9]\d{8}(?:\d{3})?")
_CHANGE_WORDS = (
    r"(?:(?:تاريخ|تم|وقت)\s*)?(?:[آا]خر\s*)?(?:(?:ال)?(?:تحديث|تعديل)|حُ?د[ّ]?ث|عُ?د[ّ]?ل)(?!\w)"
    r"|(?:last\s*)?(?:updated?|modified)\b"
)
_CHANGE = re.compile(rf"\W*(?:{_CHANGE_WORDS})", re.IGNORECASE)
_CHANGE_AT_END = re.compile(rf"(?:{_CHANGE_WORDS})\W*+(?:(?:في|يوم|بتاريخ|on)\W*+)?$", re.IGNORECASE)
_PUBLISHED = re.compile(r"نشر|publish", re.IGNORECASE)
_LONGEST_LABEL = 30
_DATE_LABELS = LABEL_ATTRIBUTES | {"itemprop"}
_STAMPS = ("datetime", "content", "data-date", "title")
_NEXT_LINES = 3
_NEAR_BEFORE, _NEAR_AFTER = 14, 40
_LONGEST_CREDIT, _LONGEST_LINE = 80, 300
# Characters of a line that says a date, of a row of day, clock and counters, of an attribute; elements of such a row.
_LONGEST_DATE, _LONGEST_ROW, _LONGEST_STAMP, _MOST_SIDE_BY_SIDE = 120, 90, 60, 4
_MOST_TIMES, _LEVELS_OF_CARD = 3, 2


def _says_updated(element: etree._Element) -> bool:
    """Whether names say that a date is that of the last change; themes put it beside or before the other."""
    names = labels(element, _DATE_LABELS).lower()
    is_of_entry = "publish" in names or "entry-date" in names  # WordPress, of a story that was never changed
    return ("updated" in names or "modif" in names or "lastupdate" in names) and not is_of_entry


def _is_change(element: etree._Element, text: str) -> bool:
    """Whether a date is said to be that of the last change: by microdata, or by a label in it or before it."""
    if element.get("itemprop", "").lower() == "datemodified":
        return True
    before = element.getprevious()
    around = element.getparent()
    if before is not None:
        label = (before.tail or "").strip() or text_of(before)
    else:
        label = around.text or "" if around is not None else ""
    label = label.strip()
    return bool(_CHANGE.match(text) or _CHANGE_AT_END.search(label[-_LONGEST_LABEL:]))


def _stamps(element: etree._Element) -> Iterator[str]:
    """What the attributes of an element say of its date."""
    for attribute in _STAMPS:
        stamp = element.get(attribute, "")
        if 0 < len(stamp) < _LONGEST_STAMP and _DATE_LIKE.search(stamp):
            yield stamp


def _epoch(element: etree._Element) -> str:
    """The seconds or milliseconds since 1970 that an element has for its script, or ""."""
    epoch = element.get("data-timestamp") or element.get("data-time") or ""
    return epoch if _EPOCH.fullmatch(epoch) else ""


def _date_lines(element: etree._Element, text: str) -> Iterator[str]:
    """The line of a date with what stands beside it, as it is, and in parts."""
    parent = element.getparent()
    # Day, clock and counters stand side by side, often with nothing between.
    pieces = map(str, parent.itertext()) if parent is not None and len(parent) <= _MOST_SIDE_BY_SIDE else ()
    whole = " ".join(" ".join(pieces).split())
    if len(text) < len(whole) < _LONGEST_ROW:
        yield whole
    yield text
    tail = text[len(without_date(text)) :] if is_byline(text) else ""
    for part in dict.fromkeys((*COLUMNS.split(text), *LINE_PARTS.split(text), tail)):
        if part != text and _DATE_LIKE.search(part):
            yield part.strip(" -–|،,/")


class Surroundings:
    """Reads what stands near the visible `headline` of a page; `site_names` are folded."""

    def __init__(self, page: Page, headline: Headline | None, site_names: frozenset[str]) -> None:
        self.headline = headline
        self._page = page
        self._site_names = site_names
        self._own_roles = OwnRoles()

    def read(self, fields: RawFields, body_starts: Block | None = None) -> None:
        """Offers what stands near the headline; the block with which the body starts ends the search for it."""
        if self.headline is not None:
            fields.offer("headline", self.headline.text, GENERIC)
        near = list(self._near(body_starts))
        fields.defer(
            lambda asking: self._offer_dates(near, asking),
            "published", "visible_date", "loose_date", "header_date", "updated", "changed",
        )  # fmt: skip
        bylines.offer(near, self._start, self._teasers, self._around, self._site_names, fields)
        self._offer_subtitle(near, fields)
        self._offer_section(near, fields)
        fields.defer(lambda asking: asking.offer("tags", self._box.tags(), GENERIC), "tags")
        fields.defer(
            lambda asking: asking.offer("author_box", self._box.writer(), GENERIC),
            "author_box",
        )
        fields.defer(self._offer_date_below, "date_below")
        for caption in self._box.captions():
            fields.offer("any_caption", caption, GENERIC)
        self._offer_credit_line(fields)

    def _offer_credit_line(self, fields: RawFields) -> None:
        """The line "المصدر: رويترز" below a story; the label and the name may be elements side by side."""
        start = self._start
        for text, element in self._page.texts[start:]:
            if "المصدر" not in text or len(text) > _LONGEST_CREDIT:
                continue
            for box in (element, element.getparent()):
                line = text_of(box) if box is not None else ""
                if SOURCE_LINE.match(line) and len(line) <= _LONGEST_CREDIT:
                    fields.offer("credit_line", line, GENERIC)
                    return

    def _offer_dates(self, near: list[Line], fields: RawFields) -> None:
        start = self._start
        # Right below the headline a long link beside the date is a section or a name.
        next_lines = {line.element for line in near if start < line.at <= start + _NEXT_LINES}
        headed = {line.element for line in near if line.at < start and self._is_headed(line.element)}
        far_above = {line.element for line in near if line.at < start - NEAR_ABOVE and not self._is_in_article(line)}
        for element, text, is_named in self._dated(near, start):
            if element in headed:
                continue
            is_change = _is_change(element, text)
            stamped: Field = "changed" if is_change else "updated" if _says_updated(element) else "published"
            for stamp in _stamps(element) if is_named else ():
                if not self._teasers.hold(element):
                    fields.offer(stamped, stamp, GENERIC)
            if (epoch := _epoch(element)) and not self._teasers.hold(element):
                fields.offer("published", epoch, GENERIC)
            is_day = is_named and _DAY_WORD.fullmatch(text) is not None
            if len(text) >= _LONGEST_DATE or not (is_day or _DATE_LIKE.search(text)):
                continue
            if element in next_lines or not self._teasers.hold(element):
                name: Field = "visible_date" if is_named or element.tag == "time" else "loose_date"
                if is_change and not _PUBLISHED.search(text) and not any(map(_CHANGE.match, COLUMNS.split(text)[1:])):
                    name = "changed"
                if element in far_above and not _PUBLISHED.search(text):
                    name = "header_date"
                for line in _date_lines(element, text):
                    fields.offer(name, line, GENERIC)
        for part in LINE_PARTS.split(self._page.title):
            if _DATE_LIKE.search(part):
                fields.offer("loose_date", part, GENERIC)

    def _offer_date_below(self, fields: RawFields) -> None:
        """The only date below the headline that is named as one: some systems have their details below the story."""
        found: dict[str, etree._Element] = {}
        for element, names in self._page.outline.classed:
            text = text_of(element) if self._own_roles[element] & Role.DATE and "omment" not in names else ""
            if len(text) < _LONGEST_DATE and _DATE_LIKE.search(text):
                found[text] = element
        if len(found) != 1:
            return
        [(text, element)] = found.items()
        inside = set(element.iter())
        is_below = any(shown in inside for _, shown in self._page.texts[self._start :])
        is_of_another = self._teasers.hold(element) or is_in_comment(element, self._around) or self._is_headed(element)
        box = element.getparent()
        if is_below and not is_of_another and box is not None and "°" not in text_of(box):  # no weather
            fields.offer("date_below", text, GENERIC)

    def _is_in_article(self, line: Line) -> bool:
        return any(box.tag == "article" and box in self._around for box in line.element.iterancestors())

    def _is_headed(self, element: etree._Element) -> bool:
        """Whether a box around a line, which does not hold the headline, has a heading: another story's."""
        boxes = (box for box in islice(element.iterancestors(), _LEVELS_OF_CARD) if box not in self._around)
        own = {*element.iter(), *element.iterancestors()}  # Blogger shows the day itself as a heading
        return any(head not in own for box in boxes for head in box.iter(*TITLE_TAGS))

    def _dated(self, near: list[Line], start: int) -> list[tuple[etree._Element, str, bool]]:
        """(element, line, whether it is named as a date) of what may say the date: below the headline first, then
        above it, nearest first, for a header's clock is far away; what names the last change comes last."""
        told = [line for line in near if not is_in_comment(line.element, self._around)]
        ordered = sorted(told, key=lambda line: (line.at < start, abs(line.at - start)))
        # Far above the headline a named date is the header's.
        named = {line.at for line in ordered if line.roles & Role.DATE and line.at >= start - NEAR_ABOVE}
        found = [(line.element, self._with_label(line), line.at in named) for line in ordered]
        for line in ordered:
            raw = " ".join(self._page.texts[line.at][0].split())
            if raw != line.text:
                found.append((line.element, raw, line.at in named))
        if self.headline is not None:
            found += [(e, text_of(e), True) for e in islice(self._box.element.iter("time"), _MOST_TIMES)]
        return sorted(found, key=lambda dated: _says_updated(dated[0]))

    def _with_label(self, line: Line) -> str:
        """A line with the label before it in an element of its own: "<b>تم التحديث في:</b> 29 آب 2026<br>"."""
        label, owner = self._page.texts[line.at - 1] if line.at else ("", line.element)
        says_when = bool(_CHANGE.match(label) or _PUBLISHED.search(label)) and len(label) <= _LONGEST_LABEL
        is_label = says_when and owner.getparent() is line.element and label.rstrip().endswith(":")
        return f"{label.strip()} {line.text}" if is_label and label.strip() not in line.text else line.text

    def _near(self, body_starts: Block | None) -> Iterator[Line]:
        """The short lines around the headline, up to where the body starts."""
        texts = self._page.texts
        start = self._start
        seen = set(self.headline.element.iter()) if self.headline else set()
        end = self._place_of(body_starts) if body_starts is not None else len(texts)
        for i in range(max(0, start - _NEAR_BEFORE), min(end, start + _NEAR_AFTER)):
            raw, element = texts[i]
            if element in seen:
                continue
            # An inline element shows only part of its line; a line break parts one element's text into lines.
            is_whole = 0 < len(element) <= 4 and element.find("br") is None
            text = text_of(element) if is_whole else ""
            if not 0 < len(text) <= _LONGEST_LINE:
                # A run of text straight in a large box is a line of its own.
                is_whole, text = False, " ".join(raw.split())
            if is_whole or len(element) == 0:
                seen.add(element)
            if 2 < len(text) <= _LONGEST_LINE:
                yield Line(text, element, roles(element, self._own_roles), i)

    def _place_of(self, block: Block) -> int:
        """Where a block's text begins among Page.texts; their number where it is none of them, below the headline."""
        texts = self._page.texts
        for i in range(self.headline.at + 1 if self.headline else 0, len(texts)):
            text, element = texts[i]
            if element is block.shown_by and block.text.startswith(" ".join(text.split())):
                return i
        return len(texts)

    @property
    def _start(self) -> int:
        """Where the story begins among the page's texts: at the headline, with the page where there is none."""
        return self.headline.at if self.headline else 0

    @cached_property
    def _around(self) -> set[etree._Element]:
        return set(self.headline.element.iterancestors()) if self.headline else set()

    @cached_property
    def _teasers(self) -> Teasers:
        return Teasers(self._page, self._around, self._site_names)

    @cached_property
    def _box(self) -> StoryBox:
        shown = self.headline.element if self.headline else None
        return StoryBox(self._page, shown, self._teasers, self._own_roles)

    def _offer_subtitle(self, near: list[Line], fields: RawFields) -> None:
        for line in near:
            if line.roles & Role.SUBTITLE and line.text.count(" ") >= 2:
                fields.offer("subtitle", line.text, GENERIC)

    def _offer_section(self, near: list[Line], fields: RawFields) -> None:
        start = self._start
        links = [line for line in near if line.element.tag == "a"]
        fields.offer("breadcrumb", [line.text for line in links if line.roles & Role.CRUMB], GENERIC)
        for line in sorted(links, key=lambda line: abs(line.at - start)):
            if line.roles & Role.CATEGORY and len(line.text) < 40:
                fields.offer("section", line.text, GENERIC)
