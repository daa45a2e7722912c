"""Which lines and pictures near a story announce another one: those in a small box with a link to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree

from newscrawl.extraction.elements import furniture
from newscrawl.extraction.elements.blocks import INLINE_TAGS, text_of
from newscrawl.extraction.elements.roles import Role, own_roles, roles_of
from newscrawl.extraction.elements.wording import is_byline, is_desk_line
from newscrawl.extraction.page.page import Page

_NONE, _TEASER, _TOO_LARGE = range(3)
# How far up a box is looked for, characters of a headline, characters of a box that is one story's.
_LEVELS, _LONG_LINK, _LARGEST = 4, 18, 400
_LEVELS_OF_PICTURE = 4
_FEWEST_WRITERS, _FEWEST_WORDS_OF_TITLE, _FEWEST_WORDS_BESIDE = 3, 3, 2
_DAY = re.compile(r"\d\d?\s*[/.-]\s*\d\d?\s*[/.-]\s*\d{2,4}|(?:19|20)\d\d|[٠-٩]{4}")
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)(?:$|[?#])", re.IGNORECASE)


class Teasers:
    """The teasers of a page; `around` are the elements that hold the headline, `site_names` (folded) the site's own."""

    def __init__(self, page: Page, around: set[etree._Element], site_names: frozenset[str]) -> None:
        self._path = page.path
        # Where the query names the story, a link with another one leads elsewhere.
        self._query = page.url.partition("#")[0].partition("?")[2]
        self._address = f"{self._path}?{self._query}" if self._query else self._path
        self._around = around
        self._site_names = site_names
        self._known: dict[etree._Element, bool] = {}
        self._boxes: dict[etree._Element, int] = {}
        self._links: dict[etree._Element, bool] = {}

    def hold(self, element: etree._Element) -> bool:
        """Whether a line belongs to another story: a box around it, without the headline, holds a long link to one."""
        found = self._known.get(element)
        if found is None:
            found = self._known[element] = self._has_one_around(element)
        return found

    def _has_one_around(self, element: etree._Element) -> bool:
        node: etree._Element | None = element
        for _ in range(_LEVELS):
            if node is None or node in self._around:
                return False
            verdict = self._boxes.get(node)
            if verdict is None:
                verdict = self._boxes[node] = self._verdict(node)
            if verdict != _NONE:
                return verdict == _TEASER
            node = node.getparent()
        return False

    def _verdict(self, box: etree._Element) -> int:
        if not any(self._leads(link) for link in box.iterdescendants("a")):
            return _TEASER if _is_in_row(box) else _NONE
        return _TEASER if len(text_of(box)) < _LARGEST else _TOO_LARGE

    def _leads(self, link: etree._Element) -> bool:
        """_leads_to_a_story, asked once: most links stand in several of the boxes that are looked at."""
        found = self._links.get(link)
        if found is None:
            found = self._links[link] = self._leads_to_a_story(link)
        return found

    def _leads_to_a_story(self, link: etree._Element) -> bool:
        """Whether a link is a headline: long, and neither a name, a date, a section nor a link to the page itself."""
        text = text_of(link)
        if len(text) < _LONG_LINK or is_byline(text) or is_desk_line(text, self._site_names):
            return False
        href = link.get("href", "")
        parent = link.getparent()
        named = own_roles(link) | roles_of(href) | (own_roles(parent) if parent is not None else Role.NONE)
        if named & (Role.AUTHOR | Role.DATE | Role.TAG | Role.CATEGORY) or link.find(".//time") is not None:
            return False
        target = href.partition("#")[0]
        return len(self._path) < 2 or not (target if self._query else target.partition("?")[0]).endswith(self._address)


def _is_in_row(box: etree._Element) -> bool:
    """Whether a box and one beside it that is called like it both have a day and a link to something else."""
    name, holder = box.get("class"), box.getparent()
    if not name or holder is None:
        return False
    alike = (other for other in holder.iterchildren(str(box.tag)) if other is not box and other.get("class") == name)
    first = list(islice(alike, _FEWEST_WRITERS))
    return bool(first) and _has_day_and_link(box) and any(map(_has_day_and_link, first))


def _has_day_and_link(box: etree._Element) -> bool:
    text = text_of(box)
    if len(text) >= _LARGEST or not _DAY.search(text):
        return False
    links = (text_of(link) for link in box.iterdescendants("a"))
    return any(" " in link and not any(map(str.isdigit, link)) for link in links)


def is_linked_picture(image: etree._Element) -> bool:
    """Whether a picture leads to another story: it is in a link that goes to no picture, or in a box of furniture."""
    node = image.getparent()
    for _ in range(_LEVELS_OF_PICTURE):
        if node is None or node.tag in ("figure", "article", "main", "body"):
            return False
        if node.tag == "noscript":
            return True
        if node.tag == "a":
            href = node.get("href", "")
            return not _PICTURE.search(href) and not href.startswith("#")
        names = furniture.labels(node)
        if names and furniture.names_furniture(names) and not own_roles(node) & Role.CAPTION and "widget" not in names:
            return True
        node = node.getparent()
    return False


def writers_strips(bylines: Iterable[etree._Element]) -> set[etree._Element]:
    """What holds the paper's columnists: three or more boxes of a kind side by side, each with a byline and a link to
    something else."""
    found: dict[tuple[etree._Element | None, str, str | None], set[etree._Element]] = {}
    for byline in bylines:
        box = next((a for a in byline.iterancestors() if a.tag not in INLINE_TAGS), None)
        if box is not None and len({a.get("href") for a in box.iterdescendants("a") if text_of(a)}) > 1:
            found.setdefault((box.getparent(), str(box.tag), box.get("class")), set()).add(box)
        link = next(byline.iterancestors("a"), None)
        if link is not None and len(text_of(link).split()) >= len(text_of(byline).split()) + _FEWEST_WORDS_OF_TITLE:
            found.setdefault((link.getparent(), "a", link.get("class")), set()).add(link)  # name and headline in a link
    return {holder for (holder, *_), boxes in found.items() if len(boxes) >= _FEWEST_WRITERS and holder is not None}


def is_one_of_many(byline: etree._Element, around: set[etree._Element]) -> bool:
    """Whether a byline above a headline, which is in `around`, stands in one of several boxes of a kind, each with a
    link and more words than a name: what columnists wrote."""
    for box in islice(byline.iterancestors(), _LEVELS):
        if box in around:
            return False
        beside = (box.getprevious(), box.getnext())
        # Few boxes have their like beside them: the words are counted last.
        if any(other is not None and _is_alike(box, other) for other in beside) and _says_more(box, byline):
            return True
    return False


def _says_more(box: etree._Element, byline: etree._Element) -> bool:
    return len(text_of(box).split()) >= len(text_of(byline).split()) + _FEWEST_WORDS_BESIDE


def _is_alike(box: etree._Element, other: etree._Element) -> bool:
    is_kind = other.tag == box.tag and other.get("class") == box.get("class")
    return is_kind and next(other.iter("a"), None) is not None and next(box.iter("a"), None) is not None
