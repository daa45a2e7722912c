"""Lines near a headline that may name who wrote it, though no label, link or markup says so.

What a guess names is an author only where a town, a title or a given name tells, and the story does not tell of him:
facts/people.py decides.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile

from lxml import etree

from newscrawl.arabic import clean, fold
from newscrawl.arabic.agencies import place_kind
from newscrawl.arabic.bylines import without_contacts
from newscrawl.arabic.names import names_in
from newscrawl.arabic.references import unescape
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.cards.teasers import Teasers
from newscrawl.extraction.elements.roles import Role
from newscrawl.extraction.elements.wording import (
    COLUMNS,
    DOCTORS_TITLE,
    PHOTO_CREDIT,
    TOWN_AND_NAME,
    TOWN_BEFORE_NAME,
    is_bracketed_town,
    is_desk_line,
    is_name_from_town,
    is_row_of_names,
    name_before_role,
    without_date,
    writes,
)
from newscrawl.extraction.layers.near import NEAR_ABOVE, Line, is_beside

#: What says the date: a figure, or how long ago.
DATED = re.compile(r"[0-9٠-٩۰-۹]|^\s*(?:منذ|قبل)\s")
_PICTURES = re.compile(r"\s*صور\s*:")
_LINES_TO_DATE = 2
_LINKED_ROLES = Role.CATEGORY | Role.CRUMB | Role.TAG
_MOST_BLANKS_OF_GUESS, _LEVELS_OF_PORTRAIT = 12, 3


def guesses(
    line: Line,
    told: str,
    near: list[Line],
    start: int,
    teasers: Teasers,
    around: set[etree._Element],
    site_names: frozenset[str],
) -> list[str]:
    """What a line may name; `told` is its text without links to topics, `start` the place of the headline."""
    if line.roles & _LINKED_ROLES:
        return []
    told = without_contacts(clean(unescape(told))).strip("*• ")
    # Above the headline a town and a name stand beside the date, or they are another story's.
    is_near = line.at > start or (line.at > start - NEAR_ABOVE and DATED.search(told))
    if is_near and (is_desk_line(told, site_names) or _may_be_byline(told, line.element, site_names)):
        return [told]
    if teasers.hold(line.element):
        return []
    if line.at > start:
        return _names_beside_date(told, near, line, around, site_names)
    is_name = line.at > start - NEAR_ABOVE and _is_name(told)
    return [told] if is_name and _has_portrait(line.element, told, around) else []


def _may_be_byline(text: str, element: etree._Element, site_names: frozenset[str]) -> bool:
    """Whether a line reads like a town and a name, and is neither written below a picture nor credits one."""
    bare = without_date(text)
    if bare.count(" ") >= _MOST_BLANKS_OF_GUESS:
        return False
    named = TOWN_BEFORE_NAME.match(bare)
    is_signed = named is not None and place_kind(named[1]) is not None and bool(names_in(named[2]))
    is_signed = is_signed or is_bracketed_town(bare) or name_before_role(bare) is not None
    is_signed = is_signed or any(map(TOWN_AND_NAME.match, (text, bare))) or writes(bare)
    is_signed = is_signed or is_row_of_names(bare, site_names) or is_name_from_town(bare)
    if not is_signed:
        return False
    if PHOTO_CREDIT.match(text) or (_PICTURES.match(text) and _is_below_picture(element, text)):
        return False
    return all(box.tag != "figure" for box in element.iterancestors())


def _is_name(text: str) -> bool:
    """Whether a text is a person's name and nothing else; a doctor's title may stand before it."""
    bare = DOCTORS_TITLE.sub("", text)
    return names_in(bare) == [bare]


def _has_portrait(element: etree._Element, name: str, around: set[etree._Element]) -> bool:
    """Whether the box of a name, which does not hold the headline, has a picture that is called like it."""
    boxes = islice((box for box in element.iterancestors() if box not in around), _LEVELS_OF_PORTRAIT)
    return any(fold(image.get("alt", "")).endswith(fold(name)) for box in boxes for image in box.iter("img"))


def _names_beside_date(
    told: str, near: list[Line], line: Line, around: set[etree._Element], site_names: frozenset[str]
) -> list[str]:
    """The name that is a line beside a line with a date, or a part of a row with one, with the names in a list with
    it: a guess, whoever it is."""
    team = _colleagues(near, line)
    first, last = near.index(team[0]), near.index(team[-1])
    beside = near[max(0, first - _LINES_TO_DATE) : last + _LINES_TO_DATE + 1]
    is_in_picture = _is_below_picture(line.element, told) and not _has_portrait(line.element, told, around)
    if is_in_picture or not any(DATED.search(other.text) for other in beside):
        return []
    if len(team) > 1 and line.element.tag == "a":
        return []  # whom stories tell of
    if len(team) > 1:
        return ["، ".join(other.text for other in team)]
    parts = [part.strip(" ،-–—") for part in COLUMNS.split(without_date(told))]
    papers = [part for part in parts if fold(part) in site_names]
    named = [part for part in parts if part not in papers and _is_name(part)]
    is_row = all(part in (*named, *papers) or place_kind(part) or DATED.search(part) for part in parts)
    return named if is_row else []


def _colleagues(near: list[Line], line: Line) -> list[Line]:
    """A line, and those around it that are names in the same list as it."""
    if not _is_all_name(line):
        return [line]
    at = near.index(line)

    def is_colleague(other: Line) -> bool:
        return is_beside(other, line) and _is_all_name(other)

    above = list(takewhile(is_colleague, reversed(near[:at])))
    return [*reversed(above), line, *takewhile(is_colleague, near[at + 1 :])]


def _is_all_name(line: Line) -> bool:
    return names_in(line.text) == [line.text]


def _is_below_picture(element: etree._Element, told: str) -> bool:
    """Whether a line and a picture have a box to themselves: who is to be seen on it."""
    box = element.getparent()
    return box is not None and next(box.iter("img", "picture"), None) is not None and text_of(box) == told
