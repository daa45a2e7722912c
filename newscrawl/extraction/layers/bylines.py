"""Which of the short lines around a headline are bylines."""

from __future__ import annotations

import re
from itertools import islice, zip_longest

from lxml import etree

from newscrawl.arabic import parse_byline
from newscrawl.arabic.agencies import place_kind
from newscrawl.arabic.bylines import without_dates
from newscrawl.arabic.names import names_in
from newscrawl.extraction.elements.blocks import INLINE_TAGS, text_of
from newscrawl.extraction.elements.cards.teasers import Teasers, is_one_of_many, writers_strips
from newscrawl.extraction.elements.roles import Role, roles_of
from newscrawl.extraction.elements.topics import is_topic_link, without_topics
from newscrawl.extraction.elements.wording import (
    FROM_NAME,
    LINE_PARTS,
    TRANSLATED,
    WRITERS_ROLE,
    is_bare_label,
    is_byline,
    names_writer,
    without_date,
)
from newscrawl.extraction.fields import GENERIC, RawFields
from newscrawl.extraction.layers.guesses import DATED, guesses
from newscrawl.extraction.layers.near import Line, is_beside

_LABEL_INSIDE = re.compile(r"\d.*[\s،,](?:بقلم|كتب(?:ت|ه|ها)?|بواسطة|[إا]عداد|تحرير)[\s:/]")
_LEVELS_OF_COMMENT, _LEVELS_OF_STRIP = 3, 4
_LONGEST, _MOST_BLANKS_OF_NAMES, _MOST_WORDS_OF_NAME = 90, 8, 4


def is_in_comment(element: etree._Element, around: set[etree._Element]) -> bool:
    """Whether an element stands in a reader's comment; `around` are the boxes around the headline."""
    boxes = (element, *islice(element.iterancestors(), _LEVELS_OF_COMMENT))
    names = (f"{box.get('class', '')} {box.get('itemprop', '')}".lower() for box in boxes if box not in around)
    return any("comment" in name for name in names)


def offer(
    near: list[Line],
    start: int,
    teasers: Teasers,
    around: set[etree._Element],
    site_names: frozenset[str],
    fields: RawFields,
) -> None:
    """Offers the bylines among the lines `near` a headline that is the text number `start` of its page."""
    near = [line for line in near if line.element.tag != "button"]
    linked: list[str] = []
    plain: list[str] = []
    guessed: list[str] = []
    translated: list[str] = []
    strips = writers_strips(line.element for line in near if line.roles & Role.AUTHOR)
    label = ""
    signed: Line | None = None
    for line, following in zip_longest(near, near[1:]):
        text, element, named, at = line
        before, label = label, ""
        above, signed = signed, None
        if len(text) > _LONGEST or named & Role.CAPTION or is_in_comment(element, around):
            continue
        if strips and not strips.isdisjoint(islice(element.iterancestors(), _LEVELS_OF_STRIP)):
            continue
        if at < start and is_one_of_many(element, around):
            continue
        if _is_label(text, element):
            label = text
            continue
        if before and _names_somebody(text) and not teasers.hold(element):
            linked.append(f"{before.rstrip(' :')}: {without_date(text)}")
            continue
        told = _told(text, element)
        parts = _byline_parts(told)
        by_link = _is_writers_link(element, named)
        if TRANSLATED.match(told) and not by_link:
            translated.append(without_date(told))
            continue
        by_form = (
            names_writer(told)
            or (above is not None and is_beside(line, above) and names_in(told) == [told])
            or (FROM_NAME.match(told) and following is not None and DATED.search(following.text))
            or parts
            or (at > start and following is not None and _is_writer_above(told, following.text))
        )
        if not told:
            continue
        if by_form:
            signed = line
        if not (by_link or by_form or named & Role.AUTHOR):
            guessed += guesses(line, told, near, start, teasers, around, site_names)
        elif not teasers.hold(element):
            lines = [without_date(part) for part in parts or [told]] if by_form else [told]
            if by_link and (town := _town_before(element, told)):
                lines = [f"{town} - {told}"]
            (linked if by_link or by_form else plain).extend(lines)
    # Beside a linked name, what is not linked is a role, a city or a handle; who translated is no writer.
    names_somebody = any(parse_byline(shown).persons for shown in linked)
    fields.offer("byline", linked + (plain if not names_somebody else []) or translated, GENERIC)
    fields.offer("town_and_name", guessed, GENERIC)


def _is_label(text: str, element: etree._Element) -> bool:
    """Whether a line announces the name in the next element; the head of a row needs no colon for it."""
    is_head = element.tag in ("dt", "th") or (element.tag == "td" and element.getnext() is not None)
    return is_bare_label(text) or (is_head and is_bare_label(f"{text}:"))


def _byline_parts(told: str) -> list[str]:
    """The bylines among the parts of a row: "26 نوفمبر | بقلم فلان", "نشر في 26 نوفمبر، بقلم فلان"."""
    row = without_dates(told) if _LABEL_INSIDE.search(told) else told
    parts = (part.strip(" ،,-–—") for part in LINE_PARTS.split(row)) if "|" in row else ()
    return [part for part in parts if is_byline(part)]


def _town_before(element: etree._Element, name: str) -> str:
    """The town that stands before a linked name in the same line: "تونس - <a>فلان</a>"."""
    box = next((box for box in element.iterancestors() if box.tag not in INLINE_TAGS), None)
    town = text_of(box).removesuffix(name).rstrip(" -–—:/") if box is not None else ""
    return town if place_kind(town) else ""


def _names_somebody(text: str) -> bool:
    """Whether a line behind a bare label is the name that the label announces."""
    persons = parse_byline(without_date(text)).persons
    return 0 < text.count(" ") <= _MOST_BLANKS_OF_NAMES and bool(persons) and all(" " in person for person in persons)


def _is_writer_above(text: str, below: str) -> bool:
    """Whether a line is a name and nothing else, and the line below says that its bearer writes, or who translated."""
    is_told = bool(WRITERS_ROLE.match(below) or TRANSLATED.match(below))
    return is_told and text.count(" ") < _MOST_WORDS_OF_NAME and names_in(text) == [text]


def _told(text: str, element: etree._Element) -> str:
    """A line without its links to topics, unless what stands before them announces a writer."""
    rest = without_topics(element, text)
    return text if rest and text.startswith(rest) and is_bare_label(rest) else rest


def _is_writers_link(element: etree._Element, named: int) -> bool:
    link = element if element.tag == "a" else element.getparent()
    href = (link.get("href") or "") if link is not None and link.tag == "a" else ""
    if not href or href.startswith(("mailto:", "tel:", "whatsapp:")) or (link is not None and is_topic_link(link)):
        return False
    return bool((named | roles_of(href)) & Role.AUTHOR)
