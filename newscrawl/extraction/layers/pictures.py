"""The story's pictures: where each lies, what is written below it, and whom it is credited to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml import etree

from newscrawl.arabic import canonical_agency, clean
from newscrawl.arabic.agencies import credit_agencies, segments
from newscrawl.arabic.names import names_in
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.cards.teasers import is_linked_picture
from newscrawl.extraction.elements.roles import Role, own_roles
from newscrawl.extraction.page.page import Page

_TAGS = ("img", "amp-img")
_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-url", "data-image", "data-full-url", "src")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
# "a.jpg 320w, b,c.jpg 1200w": a comma inside an address has no blank behind it.
_DESCRIPTOR = re.compile(r"([\d.]+)[wxh](?:,|$)")
_NOT_STORY = re.compile(
    r"logo|icon|avatar|sprite|pixel|spinner|placeholder|blank\.|loading|banner|\.svg|gravatar|emoji", re.I
)
_CREDIT_IN_BRACKETS = re.compile(r"^(.*?)\s*[(\[«]\s*([^()\[\]«»]{2,40}?)\s*[)\]»]\s*\.?$", re.DOTALL)
_CREDIT_AFTER_DASH = re.compile(r"^(.+?)\s+[-–—/|]\s*([^-–—/|]{2,30})$", re.DOTALL)
_CREDIT_AFTER_RIGHTS = re.compile(r"^(.+?)\s*(?:©|\([cC]\))\s*(.{2,30})$", re.DOTALL)
_BRACKETS_FIRST = re.compile(r"^[(\[]\s*([^()\[\]]{2,30}?)\s*[)\]]\s+(?:[-–—/|:]\s+)?(.+)$", re.DOTALL)
_CREDIT_FIRST = re.compile(
    r"^[©(\[\s]*(?:تصوير|عدسة|مصدر الصورة)?\s*:?\s*([^-–—/|:)\]]{2,30}?)\s*[)\]]?\s*[-–—/|:]\s+(.+)$", re.DOTALL
)
_RIGHTS = re.compile(r"^\s*(?:©|\(c\)|copyright\b|حقوق الصورة\s*:?)\s*(?:(?:19|20)\d\d\s*)?", re.IGNORECASE)
_LABEL = re.compile(
    r"^\s*(?:صدر الصورة|مصدر الصورة|المصدر|التعليق على الصورة|تعليق الصورة|الصورة|صورة|تصوير|عدسة)\s*[،,:]\s*"
)
_TAKEN_BY = re.compile(
    r"^(.*?)\s*[-–—/|(\[،,.\s]*(?:تصوير|بعدسة|عدسة|كاميرا|photo by)\s*[:/|-]?\s*([^\d:()\[\]،,.-]{4,40}?)\s*[)\].]*$",
    re.DOTALL | re.IGNORECASE,
)
_PICTURE_BOX = re.compile(
    r"featured|hero|cover|thumb|banner|(?:post|article|main|lead|news|story)-?(?:image|img|photo|pic)", re.I
)
_STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]+?)['\"]?\s*\)")
_MOST, _LEVELS, _SMALLEST = 20, 4, 100
# A picture's box is small: no more of a larger one is looked at.
_MOST_IN_BOX, _MOST_TEXT = 200, 400


class Picture(NamedTuple):
    """An absolute URL, the caption without its credit, the credit as an agency's canonical name, the element."""

    url: str | None
    caption: str | None
    credit: str | None
    element: etree._Element | None = None


def credited(text: str) -> tuple[str | None, str | None]:
    """(caption, credit) of a line: "… (أ.ف.ب)" and "… - رويترز" end in a credit; a bare agency is nothing but one."""
    text = _LABEL.sub("", " ".join(clean(text).split()))
    for pattern in (_CREDIT_IN_BRACKETS, _CREDIT_AFTER_DASH, _CREDIT_AFTER_RIGHTS):
        match = pattern.match(text)
        if match and (agency := canonical_agency(match.group(2))):
            return match.group(1).strip() or None, agency
    taken = _TAKEN_BY.match(text)
    if taken and names_in(taken[2]) == [taken[2]]:
        return taken[1].strip() or None, taken[2]
    first = _BRACKETS_FIRST.match(text) or _CREDIT_FIRST.match(text)
    if first and _is_credit(first.group(1)):
        return first.group(2).strip() or None, canonical_agency(first.group(1))
    bare = _RIGHTS.sub("", text)
    agency = canonical_agency(bare)
    return (None, agency) if agency else (text or None, None)


def _is_credit(text: str) -> bool:
    """Whether a piece is an agency and nothing else ("واشنطن - رويترز" is one with its town)."""
    parts = segments(text)
    return bool(parts) and all(credit_agencies(parts))


def lead(page: Page, url: str | None, headline: etree._Element | None, prose: etree._Element | None) -> Picture | None:
    """The picture at the story's head: the one that metadata name (`url`), else one between headline and `prose`."""
    if headline is None:
        return Picture(url, None, None) if url else None
    between, named = None, None
    stem = _stem(url)
    is_below, is_above_prose = False, True
    tags = {*_TAGS, str(headline.tag), *([str(prose.tag)] if prose is not None else [])}
    # lxml takes a name from a broken page ("p\x1b") for no name when asked for it.
    for element in page.root.iter(*(tags if all(name.replace("-", "").isalnum() for name in tags) else ())):
        if element is headline:
            is_below = True
        elif element is prose:
            is_above_prose = False
        elif is_below and element.tag in _TAGS and (source := _source(element)):
            if stem and _stem(source) == stem:
                named = element
                break
            if between is None and is_above_prose and not is_linked_picture(element):
                between = element
    image = named if named is not None else between
    if image is None:
        url = url or _background(page, headline)
        return Picture(url, None, None) if url else None
    return _described(image, url or page.absolute(_source(image) or ""))


def _background(page: Page, headline: etree._Element) -> str | None:
    """The picture that a box named after it shows as its background, where the headline stands in it or beside it."""
    around = list(islice(headline.iterancestors(), _LEVELS))
    for box in (*around, *(child for holder in around[:2] for child in holder)):
        style = box.get("style") or ""
        if "background" in style and _PICTURE_BOX.search(box.get("class") or "") and (told := _STYLE_URL.search(style)):
            return None if _NOT_STORY.search(told[1].rpartition("/")[2]) else page.absolute(told[1])
    return None


def in_body(page: Page, body: list[etree._Element], first: Picture | None, boxes: set[etree._Element]) -> list[Picture]:
    """The pictures between the paragraphs, in order, without the lead's copies and those inside `boxes`."""
    seen = {_stem(first.url)} if first else set()
    found = []
    for container in body:
        for image in container.iterdescendants(*_TAGS):
            source = _source(image)
            is_first = first is not None and image is first.element
            if not source or is_first or _stem(source) in seen or is_linked_picture(image):
                continue
            if boxes.isdisjoint(image.iterancestors()):
                seen.add(_stem(source))
                found.append(_described(image, page.absolute(source)))
                if len(found) == _MOST:
                    return found
    return found


def _source(image: etree._Element) -> str | None:
    """The address of an image that may be the story's, as written: no icon, no spacer, no inline data."""
    width = image.get("width", "")
    if width.isdigit() and int(width) < _SMALLEST:
        return None
    given = (image.get(name, "") for name in _SOURCES)
    for href in (*given, *_largest(image)):
        if href and not href.startswith("data:") and not _NOT_STORY.search(href.rpartition("/")[2] or href):
            return href
    # A script's placeholder has the picture beside it, for readers without scripts.
    for beside in (image.getnext(), image.getprevious()):
        if beside is not None and beside.tag == "noscript" and (shown := beside.find(".//img")) is not None:
            return _source(shown)
    return None


def _largest(image: etree._Element) -> Iterator[str]:
    """Of each set of candidates, its own or that of a <picture> around it, the largest; the last of equals."""
    around = next(image.iterancestors("picture"), None)
    sources = around.iterdescendants("source") if around is not None else ()
    for element in (image, *sources):
        for name in _SETS:
            found = [(size, at, url) for at, (url, size) in enumerate(_candidates(element.get(name, "")))]
            if found:
                yield max(found)[2]


def _candidates(value: str) -> Iterator[tuple[str, float]]:
    """(address, its width or density, 0 where none is told) of every candidate of a set."""
    url = ""
    for word in value.split():
        told = _DESCRIPTOR.match(word) if url else None
        if told:
            yield url, _number(told[1])
            word = word[told.end() :]
        bare = word.rstrip(",")
        url = bare if bare == word else ""
        if bare and bare != word:
            yield bare, 0.0
    if url:
        yield url, 0.0


def _number(figures: str | None) -> float:
    try:
        return float(figures or 0)
    except ValueError:
        return 0.0


def _stem(url: str | None) -> str:
    """The file name of a picture without its extension and size suffix: crops of one picture share it."""
    if not url:
        return ""
    name = url.partition("?")[0].partition("#")[0].rpartition("/")[2].lower()
    return re.sub(r"(?:[-_]\d{2,4}x\d{2,4})?(?:\.(?:jpe?g|png|webp|avif|gif)){1,3}$", "", name)


def _described(image: etree._Element, url: str | None) -> Picture:
    box = _box(image)
    caption, credit = None, None
    if box is not None:
        for element in _inside(box):
            if element.tag == "figcaption" or (element is not box and _is_caption(element)):
                caption, credit = _told_in_pieces(element) or credited(text_of(element))
                break
        if credit is None:
            credit = _credit_beside(box)
    return Picture(url, caption, credit or canonical_agency(image.get("alt", "")), image)


def _told_in_pieces(element: etree._Element) -> tuple[str | None, str] | None:
    """(caption, credit) where a credit has an element or a line of its own."""
    pieces = [" ".join(str(text).split()) for text in islice(element.itertext(), _MOST_IN_BOX)]
    pieces = [piece for piece in pieces if piece.strip(" -–—|/:")]
    for at, piece in enumerate(pieces):
        bare = _RIGHTS.sub("", _LABEL.sub("", clean(piece)))
        if len(pieces) > 1 and _is_credit(bare) and (agency := canonical_agency(bare)):
            return credited(" ".join(pieces[:at] + pieces[at + 1 :]))[0], agency
    return None


def _box(image: etree._Element) -> etree._Element | None:
    """The figure of a picture, or the nearest box around it that holds a caption."""
    node = image.getparent()
    nearest = None
    seen: set[etree._Element] = set()
    for _ in range(_LEVELS):
        if node is None or node.tag in ("article", "main", "body"):
            break
        if node.tag == "figure":
            return node
        if nearest is None and _has_little_text(node):
            held = {e for e in _inside(node) if e is not node and e not in seen}
            nearest = node if any(e.tag == "figcaption" or _is_caption(e) for e in held) else None
            seen |= held
        node = node.getparent()
    return nearest


def _inside(box: etree._Element) -> Iterator[etree._Element]:
    return islice(box.iter(), _MOST_IN_BOX)


def _has_little_text(element: etree._Element) -> bool:
    total = 0
    for number, piece in enumerate(element.itertext()):
        total += len(str(piece).strip())
        if total >= _MOST_TEXT or number >= 2 * _MOST_IN_BOX:
            return False
    return True


def _is_caption(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and bool(own_roles(element) & Role.CAPTION)


def _credit_beside(box: etree._Element) -> str | None:
    for element in _inside(box):
        if isinstance(element.tag, str) and element.tag != "figcaption" and _has_little_text(element):
            text = text_of(element)
            if 2 < len(text) < 60 and (agency := canonical_agency(_LABEL.sub("", text))):
                return agency
    return None
