"""A container element read into blocks: paragraphs, sub-headings, list items, quotes, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType
from typing import Literal

from lxml import etree

from newscrawl.extraction.elements import furniture
from newscrawl.extraction.elements.columns import CELL_TAGS, is_parted
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.urls import Site

INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub "
    "sup time tt u var wbr td th rt ruby rp nobr g o".split()
)
# Inside a word; anything else stands apart even where the markup has no blank.
_GLUED_TAGS = INLINE_TAGS - {"img", "time", "td", "th"}
#: What a block is.
Kind = Literal["paragraph", "heading", "item", "quote", "row", "furniture"]
_KINDS: dict[str, Kind] = {
    "li": "item",
    "dd": "item",
    "dt": "item",
    "blockquote": "quote",
    "tr": "row",
    **dict.fromkeys(furniture.TITLE_TAGS, "heading"),
}
# Elements inside one whose text is asked for: a headline, a line, a card, a box of furniture.
_MOST_INSIDE = 4000
_BLANK_LINE = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# A block takes the memory of a hundred letters.
_MOST_LINES = 10_000
BOLD_TAGS = frozenset({"strong", "b"})
# What shows no text of its own, or none to readers.
_SILENT_TAGS = frozenset({"script", "style", "noscript", "template", "svg", "iframe"})
# Between two of these a reader sees a gap even where the markup has no blank.
_ROW_TAGS = frozenset({"span", "a", "time", "label"})


def text_of(element: etree._Element) -> str:
    """The text of an element on one line; a line break and the border of a block are a gap. Of an element with more
    than _MOST_INSIDE others the text of the first of them."""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    inside = list(islice(element.iterdescendants(), _MOST_INSIDE))
    if len(inside) < _MOST_INSIDE and _GLUED_TAGS.issuperset([inner.tag for inner in inside]):
        return " ".join("".join(map(str, element.itertext())).split())
    pieces = [element.text or ""]
    for event, inner in islice(etree.iterwalk(element, events=("start", "end")), 2 * _MOST_INSIDE):
        if inner is element:
            continue
        if inner.tag not in _GLUED_TAGS:
            pieces.append(" ")
        pieces.append((inner.text if event == "start" else inner.tail) or "")
    return " ".join("".join(pieces).split())


@dataclass(slots=True, eq=False)
class Block:
    """A run of text that a reader sees as one piece.

    `links` the characters inside links; `runs` the pieces of the text and the address of the link that each stands in,
    where there are links;
    `dropped` says which net took the block out, None for the story's own. `element` is the one at
    whose border the block ends, `shown_by` the one whose text begins it.
    """

    text: str
    kind: Kind
    element: etree._Element
    links: int = 0
    bold: int = 0
    dropped: Verdict | None = None
    words: int = field(default=0)
    below_picture: bool = False
    shown_by: etree._Element | None = None
    runs: tuple[tuple[str, str | None], ...] = ()

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
    """Walks into and out of elements, and makes a Block of the inline text between two block boundaries."""

    def __init__(
        self, container: etree._Element, skip: Mapping[etree._Element, Verdict], site: Site, *, trust: bool
    ) -> None:
        self.blocks: list[Block] = []
        self._container = container
        self._skip = skip
        self._site = site
        self._trust = trust
        self._stack: list[str] = []
        self._pieces: list[str] = []
        self._hrefs: dict[int, str] = {}
        self._href = ""
        self._shown_by: etree._Element | None = None
        self._links = self._outward = self._bold = 0
        self._is_outward = False
        self._in_link = self._in_bold = 0
        self._below_picture = False
        self._columns: list[etree._Element] = []

    def is_skipped(self, element: etree._Element) -> bool:
        """Whether nothing in an element is the story's."""
        if element is self._container:
            return False
        if element in self._skip:
            return True
        if self._trust:
            return furniture.is_skipped(element) or furniture.is_hidden(element)
        return furniture.is_furniture(element)

    def begin_again(self, headline: etree._Element) -> None:
        """What was read so far stands before the headline."""
        self.flush(headline)
        for block in self.blocks:
            block.dropped = block.dropped or Verdict.BEFORE_THE_HEADLINE

    def pass_by(self, element: etree._Element) -> None:
        """Notes what is skipped as furniture."""
        self._below_picture |= element.find(".//img") is not None
        if element.tag in INLINE_TAGS:
            return
        self.flush(element)
        if element.tag not in _SILENT_TAGS and (text := text_of(element)):
            verdict = self._skip.get(element, Verdict.STRUCTURE)
            self.blocks.append(Block(text, "furniture", element, dropped=verdict, words=text.count(" ") + 1))

    def enter(self, element: etree._Element) -> None:
        """What stands before an element ends where that is a block; its own text begins."""
        tag = element.tag
        if tag in CELL_TAGS and is_parted(element):
            self.flush(element)
            self._columns.append(element)
        if tag in INLINE_TAGS and tag != "img":
            self._enter_inline(element)
        else:
            self.flush(element)
            if tag == "img":
                self._below_picture = True
            elif tag != "br":
                self._stack.append(tag)
        text = element.text or ""
        if tag == "pre" and "\n" in text.strip():
            for line in _lines(text):
                self._add(line, element)
                self.flush(element)
        elif text:
            self._add(text, element)

    def _enter_inline(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _ROW_TAGS and (before := element.getprevious()) is not None and not before.tail:
            self._part(glued=_is_cut(before, element))
        if tag == "a":
            self._in_link += 1
            self._href = element.get("href", "")
            self._is_outward = self._site.is_left_by(element.get("href", ""))
        elif tag in BOLD_TAGS:
            self._in_bold += 1

    def leave(self, element: etree._Element) -> None:
        """The reverse of `enter`; not for what was passed by."""
        tag = element.tag
        if tag == "br":
            return
        if tag not in INLINE_TAGS:
            self.flush(element)
            self._stack.pop()
        elif tag == "a":
            self._in_link -= 1
        elif tag in BOLD_TAGS:
            self._in_bold -= 1
        elif self._columns and self._columns[-1] is element:
            self.flush(element)
            self._columns.pop()
        elif tag in CELL_TAGS:
            self._add(" ")

    def read_tail(self, element: etree._Element) -> None:
        """The text behind an element is that of the one around it."""
        if element is not self._container and element.tail:
            self._add(element.tail, element.getparent())

    def _add(self, text: str, shown_by: etree._Element | None = None) -> None:
        if self._shown_by is None and not text.isspace():
            self._shown_by = shown_by
        if self._in_link:
            self._hrefs[len(self._pieces)] = self._href
        self._pieces.append(text)
        if self._in_link:
            self._links += len(text.strip())
            if self._is_outward:
                self._outward += len(text.strip())
        if self._in_bold:
            self._bold += len(text.strip())

    def _part(self, *, glued: bool) -> None:
        """Sets a blank between elements that touch; between `glued` ones only where no word can go on."""
        if not (glued and self._pieces and self._pieces[-1][-1:].isalpha()):
            self._pieces.append(" ")

    def flush(self, element: etree._Element) -> None:
        """Ends a block at the border of an element."""
        if not self._pieces:
            return
        text = " ".join("".join(self._pieces).split())
        if text:
            kind: Kind = next((_KINDS[tag] for tag in reversed(self._stack) if tag in _KINDS), "paragraph")
            if kind == "row" and (self._columns or (self._stack[-1] == "p" and _is_lone_cell(self._shown_by))):
                kind = "paragraph"  # a table that only lays the page out
            # A heading that leads to another site heads what the story says of that: a book, a shop, a film.
            links = 0 if kind == "heading" and self._outward == self._links else self._links
            block = Block(text, kind, element, links, self._bold, words=text.count(" ") + 1)
            block.below_picture, block.shown_by = self._below_picture, self._shown_by
            self._below_picture = False
            if self._hrefs:
                block.runs = tuple((piece, self._hrefs.get(at)) for at, piece in enumerate(self._pieces))
            self.blocks.append(block)
        self._pieces.clear()
        self._hrefs.clear()
        self._shown_by = None
        self._links = self._bold = self._outward = 0


def _is_lone_cell(element: etree._Element | None) -> bool:
    """Whether an element stands in a cell that is alone in its row."""
    row = next(element.iterancestors("tr"), None) if element is not None else None
    return row is not None and sum(cell.tag in CELL_TAGS for cell in row) == 1


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
    reader = _Reader(container, skip, Site(host), trust=trust)
    passed: etree._Element | None = None
    walk = etree.iterwalk(container, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is not passed:
                reader.leave(element)
            reader.read_tail(element)
            continue
        if headline is not None and element is headline:
            reader.begin_again(element)
        if reader.is_skipped(element):
            walk.skip_subtree()
            passed = element
            reader.pass_by(element)
        else:
            reader.enter(element)
    reader.flush(container)
    return reader.blocks


def _lines(text: str) -> list[str]:
    """The paragraphs of text that is set as it stands: parted by blank lines, or by lines where there are none.
    What is behind the first _MOST_LINES is one."""
    return (_BLANK_LINE if _BLANK_LINE.search(text.strip()) else _LINE_END).split(text, _MOST_LINES)


def _is_cut(before: etree._Element, element: etree._Element) -> bool:
    """Whether two inline elements that touch may be one word that an editor cut: spans without a class."""
    return element.tag == before.tag == "span" and not (element.get("class") and before.get("class"))
