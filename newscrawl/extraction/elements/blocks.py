"""A container element read into blocks: paragraphs, sub-headings, list items, quotes, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from newscrawl.extraction.elements import furniture
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.urls import Site

INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub "
    "sup time tt u var wbr td th rt ruby rp nobr g o".split()
)
# Inside a word; anything else stands apart even where the markup has no blank.
_GLUED_TAGS = INLINE_TAGS - {"img", "time", "td", "th"}
_KINDS = {
    "li": "item",
    "dd": "item",
    "dt": "item",
    "blockquote": "quote",
    "tr": "row",
    **dict.fromkeys(furniture.TITLE_TAGS, "heading"),
}
_BLANK_LINE = re.compile(r"\n\s*\n")
# Between two of these a reader sees a gap even where the markup has no blank.
_ROW_TAGS = frozenset({"span", "a", "time", "label"})


def text_of(element: etree._Element) -> str:
    """The text of an element on one line; a line break and the border of a block are a gap."""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    if _GLUED_TAGS.issuperset([inner.tag for inner in element.iterdescendants()]):
        return " ".join("".join(map(str, element.itertext())).split())
    pieces = [element.text or ""]
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner is element:
            continue
        if inner.tag not in _GLUED_TAGS:
            pieces.append(" ")
        pieces.append((inner.text if event == "start" else inner.tail) or "")
    return " ".join("".join(pieces).split())


@dataclass(slots=True, eq=False)
class Block:
    """A run of text that a reader sees as one piece.

    `kind` is "paragraph", "heading", "item", "quote", "row" or "furniture"; `links` the characters inside links;
    `dropped` says which net took the block out, None for the story's own. `element` is the one at
    whose border the block ends, `shown_by` the one whose text begins it.
    """

    text: str
    kind: str
    element: etree._Element
    links: int = 0
    bold: int = 0
    dropped: Verdict | None = None
    words: int = field(default=0)
    below_picture: bool = False
    shown_by: etree._Element | None = None

    @property
    def link_share(self) -> float:
        """The share of the block's characters that are inside links, 0 to 1."""
        return min(1.0, self.links / len(self.text)) if self.text else 0.0


def kept(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that are the story."""
    return [b for b in blocks if b.dropped is None]


def words_left(blocks: Iterable[Block]) -> int:
    """The words of the blocks that no net has taken out."""
    return sum(block.words for block in blocks if block.dropped is None)


class _Reader:
    """Collects inline text until a block boundary, then makes a Block of it."""

    def __init__(self, site: Site) -> None:
        self.blocks: list[Block] = []
        self._site = site
        self._pieces: list[str] = []
        self._shown_by: etree._Element | None = None
        self._links = 0
        self._outward = 0
        self._is_outward = False
        self._bold = 0
        self.in_link = 0
        self.in_bold = 0
        self.below_picture = False

    def add(self, text: str, shown_by: etree._Element | None = None) -> None:
        if self._shown_by is None and not text.isspace():
            self._shown_by = shown_by
        self._pieces.append(text)
        if self.in_link:
            self._links += len(text.strip())
            if self._is_outward:
                self._outward += len(text.strip())
        if self.in_bold:
            self._bold += len(text.strip())

    def part(self, *, glued: bool) -> None:
        """Sets a blank between elements that touch; between `glued` ones only where no word can go on."""
        if not (glued and self._pieces and self._pieces[-1][-1:].isalpha()):
            self._pieces.append(" ")

    def flush(self, kind: str, element: etree._Element) -> None:
        if not self._pieces:
            return
        text = " ".join("".join(self._pieces).split())
        if text:
            # A heading that leads to another site heads what the story says of that: a book, a shop, a film.
            links = 0 if kind == "heading" and self._outward == self._links else self._links
            block = Block(text, kind, element, links, self._bold, words=text.count(" ") + 1)
            block.below_picture, block.shown_by = self.below_picture, self._shown_by
            self.below_picture = False
            self.blocks.append(block)
        self._pieces.clear()
        self._shown_by = None
        self._links = self._bold = self._outward = 0

    def enter_link(self, href: str) -> None:
        self.in_link += 1
        self._is_outward = self._site.is_left_by(href)

    def drop_all(self, reason: Verdict) -> None:
        for block in self.blocks:
            block.dropped = block.dropped or reason


def _kind(stack: list[str]) -> str:
    for tag in reversed(stack):
        kind = _KINDS.get(tag)
        if kind:
            return kind
    return "paragraph"


def read(
    container: etree._Element,
    skip: Mapping[etree._Element, Verdict] = MappingProxyType({}),
    *,
    trust: bool = False,
    headline: etree._Element | None = None,
    host: str = "",
) -> list[Block]:
    """The blocks below (and of) an element.

    Furniture and the elements of `skip`, for the reasons it gives, become blocks of kind "furniture"; with `trust`
    only tags that never hold prose, and `skip`, count as furniture: a publisher's rule knows its container. What
    stands before the `headline`, when that is inside, is dropped. `host` is the page's.
    """
    reader = _Reader(Site(host))
    stack: list[str] = []
    passed: etree._Element | None = None
    walk = etree.iterwalk(container, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if headline is not None and element is headline:
                reader.flush(_kind(stack), element)
                reader.drop_all(Verdict.BEFORE_THE_HEADLINE)
            if element is not container and not isinstance(tag, str):
                continue
            if element is not container and (element in skip or _furniture(element, trust)):
                walk.skip_subtree()
                passed = element
                reader.below_picture |= element.find(".//img") is not None
                if tag not in INLINE_TAGS:
                    reader.flush(_kind(stack), element)
                _note_furniture(reader, element, tag in INLINE_TAGS, skip.get(element, Verdict.STRUCTURE))
                continue
            if tag == "img":
                reader.flush(_kind(stack), element)
                reader.below_picture = True
            elif tag == "br":
                reader.flush(_kind(stack), element)
            elif tag not in INLINE_TAGS:
                reader.flush(_kind(stack), element)
                stack.append(tag)
            else:
                if tag in _ROW_TAGS and (before := element.getprevious()) is not None and not before.tail:
                    reader.part(glued=_is_cut(before, element))
                if tag == "a":
                    reader.enter_link(element.get("href", ""))
                reader.in_bold += tag in ("strong", "b")
            if tag == "pre" and "\n" in (element.text or "").strip():
                for line in _lines(element.text or ""):
                    reader.add(line, element)
                    reader.flush(_kind(stack), element)
            elif element.text:
                reader.add(element.text, element)
            continue
        if element is not passed and isinstance(tag, str) and tag != "br":
            if tag not in INLINE_TAGS:
                reader.flush(_kind(stack), element)
                stack.pop()
            elif tag == "a":
                reader.in_link -= 1
            elif tag in ("strong", "b"):
                reader.in_bold -= 1
            elif tag in ("td", "th"):
                reader.add(" ")
        if element is not container and element.tail:
            reader.add(element.tail, element.getparent())
    reader.flush(_kind(stack), container)
    return reader.blocks


def _lines(text: str) -> list[str]:
    """The paragraphs of text that is set as it stands: parted by blank lines, or by lines where there are none."""
    return _BLANK_LINE.split(text) if _BLANK_LINE.search(text.strip()) else text.splitlines()


def _is_cut(before: etree._Element, element: etree._Element) -> bool:
    """Whether two inline elements that touch may be one word that an editor cut: spans without a class."""
    return element.tag == before.tag == "span" and not (element.get("class") and before.get("class"))


def _furniture(element: etree._Element, trust: bool) -> bool:
    return furniture.is_skipped(element) or furniture.is_hidden(element) if trust else furniture.is_furniture(element)


def _note_furniture(reader: _Reader, element: etree._Element, inline: bool, reason: Verdict) -> None:
    if inline or element.tag in ("script", "style", "noscript", "template", "svg", "iframe"):
        return
    if text := text_of(element):
        reader.blocks.append(Block(text, "furniture", element, dropped=reason, words=text.count(" ") + 1))
