"""Which of the short lines around a headline are bylines."""

from __future__ import annotations

import re
from itertools import islice, zip_longest
from typing import NamedTuple

from lxml import etree

from newscrawl.arabic import parse_byline
from newscrawl.arabic.agencies import place_kind
from newscrawl.arabic.bylines import names_in
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.cards.teasers import Teasers, writers_strips
from newscrawl.extraction.elements.roles import Role, roles_of
from newscrawl.extraction.elements.topics import is_topic_link, without_topics
from newscrawl.extraction.elements.wording import (
    COLUMNS,
    FROM_NAME,
    LINE_PARTS,
    PHOTO_CREDIT,
    TOWN_AND_NAME,
    TOWN_BEFORE_NAME,
    TRANSLATED,
    WRITERS_ROLE,
    is_bare_label,
    is_byline,
    is_desk_line,
    names_writer,
    without_date,
)
from newscrawl.extraction.fields import GENERIC, RawFields

#: How far above the headline, in texts, its date and byline may stand.
NEAR_ABOVE = 4
_LINES_TO_DATE = 2
_DATED = re.compile(r"[0-9٠-٩۰-۹]|^\s*(?:منذ|قبل)\s")
_LINKED_ROLES = Role.CATEGORY | Role.CRUMB | Role.TAG
_MOST_BLANKS_OF_GUESS, _LEVELS_OF_COMMENT, _LEVELS_OF_STRIP = 12, 3, 4
_LONGEST, _MOST_BLANKS_OF_NAMES, _MOST_WORDS_OF_NAME = 90, 8, 4


class Line(NamedTuple):
    """A short line near the headline: its text, element, what names say of it, its place among Page.texts."""

    text: str
    element: etree._Element
    roles: int
    at: int


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
    linked: list[str] = []
    plain: list[str] = []
    guesses: list[str] = []
    translated: list[str] = []
    strips = writers_strips(line.element for line in near if line.roles & Role.AUTHOR)
    label = ""
    for line, following in zip_longest(near, near[1:]):
        text, element, named, at = line
        before, label = label, ""
        if len(text) > _LONGEST or named & Role.CAPTION or is_in_comment(element, around):
            continue
        if strips and not strips.isdisjoint(islice(element.iterancestors(), _LEVELS_OF_STRIP)):
            continue
        if is_bare_label(text):
            label = text
            continue
        if before and _names_somebody(text) and not teasers.hold(element):
            linked.append(f"{before.rstrip(' :')}: {without_date(text)}")
            continue
        told = _told(text, element)
        by_link = _is_writers_link(element, named)
        if TRANSLATED.match(told) and not by_link:
            translated.append(without_date(told))
            continue
        by_form = (
            names_writer(told)
            or (FROM_NAME.match(told) and following is not None and _DATED.search(following.text))
            or ("|" in told and any(map(is_byline, LINE_PARTS.split(told))))
            or (at > start and following is not None and _is_writer_above(told, following.text))
        )
        if not told:
            continue
        if not (by_link or by_form or named & Role.AUTHOR):
            # Above the headline a town and a name stand beside the date, or they are another story's.
            is_near = at > start or (at > start - NEAR_ABOVE and _DATED.search(told))
            is_byline_by_form = is_desk_line(told, site_names) or _may_be_byline(told, element)
            if is_near and not named & _LINKED_ROLES and is_byline_by_form:
                guesses.append(told)
            elif at > start and not named & _LINKED_ROLES and not teasers.hold(element):
                guesses += _names_beside_date(told, near, line)
        elif not teasers.hold(element):
            parts = [part for part in LINE_PARTS.split(told) if is_byline(part)] if "|" in told else []
            lines = [without_date(part) for part in parts or [told]] if by_form or parts else [told]
            (linked if by_link or by_form or parts else plain).extend(lines)
    # Beside a linked name, what is not linked is a role, a city or a handle; who translated is no writer.
    fields.offer("byline", linked or plain or translated, GENERIC)
    fields.offer("town_and_name", guesses, GENERIC)


def _names_somebody(text: str) -> bool:
    """Whether a line behind a bare label is the name that the label announces."""
    persons = parse_byline(without_date(text)).persons
    return 0 < text.count(" ") <= _MOST_BLANKS_OF_NAMES and bool(persons) and all(" " in person for person in persons)


def _names_beside_date(told: str, near: list[Line], line: Line) -> list[str]:
    """The name that is a line beside a line with a date, or a part of a row with one: a guess, whoever it is."""
    at = near.index(line)
    beside = near[max(0, at - _LINES_TO_DATE) : at + _LINES_TO_DATE + 1]
    if _is_below_picture(line.element, told) or not any(_DATED.search(other.text) for other in beside):
        return []
    parts = [part.strip(" ،-–—") for part in COLUMNS.split(without_date(told))]
    named = [part for part in parts if names_in(part) == [part]]
    is_row = all(part in named or place_kind(part) or _DATED.search(part) for part in parts)
    return named if is_row else []


def _is_below_picture(element: etree._Element, told: str) -> bool:
    """Whether a line and a picture have a box to themselves: who is to be seen on it."""
    box = element.getparent()
    return box is not None and next(box.iter("img", "picture"), None) is not None and text_of(box) == told


def _is_writer_above(text: str, below: str) -> bool:
    """Whether a line is a name and nothing else, and the line below says that its bearer writes, or who translated."""
    names = names_in(text)
    is_name = names == [text] and text.count(" ") < _MOST_WORDS_OF_NAME
    return is_name and bool(WRITERS_ROLE.match(below) or TRANSLATED.match(below))


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


def _may_be_byline(text: str, element: etree._Element) -> bool:
    """Whether a line reads like a town and a name, and is neither written below a picture nor credits one."""
    bare = without_date(text)
    named = TOWN_BEFORE_NAME.match(bare)
    is_signed = named is not None and place_kind(named[1]) is not None and bool(names_in(named[2]))
    if not (TOWN_AND_NAME.match(text) or is_signed) or bare.count(" ") >= _MOST_BLANKS_OF_GUESS:
        return False
    return not PHOTO_CREDIT.match(text) and all(box.tag != "figure" for box in element.iterancestors())
