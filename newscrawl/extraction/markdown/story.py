"""A reading as Markdown: headings, lists, quotes, tables, links, pictures and embeds where the story has them.

Without its mark-up, that is without pictures and embeds, the text is the body: what cannot be shown so is shown plain.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from lxml import etree

from newscrawl.arabic import clean
from newscrawl.extraction.elements.blocks import INLINE_TAGS, Block, text_of
from newscrawl.extraction.layers.pictures import Picture
from newscrawl.extraction.markdown.inline import address, escaped, escaped_line, linked
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import Reading
from newscrawl.tables import read_table
from newscrawl.urls import host_of, is_within

_HOSTS = tuple(read_table("newscrawl.extraction", "embed_hosts.txt"))
_TITLE_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Its last link, or one of these attributes, says what an embedded post is.
_POSTS = frozenset({"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed", "fb-post", "fb-video"})
_ADDRESSES = ("data-instgrm-permalink", "data-href", "cite", "src", "data-src", "data-lazy-src")
# Above it stands the headline.
_HIGHEST, _LOWEST = 2, 6
# Columns of a table: every row is filled up to the longest one.
_WIDEST = 60


class _Piece(NamedTuple):
    """A piece of Markdown; pieces of one `group` (an element) are parted by `joint`, others by a blank line."""

    text: str
    group: object = None
    joint: str = "\n\n"


@dataclass(frozen=True, slots=True)
class _At:
    """Something that stands at a place of the page."""

    place: int
    piece: _Piece


def plain(body: str) -> str:
    """A text without structure: its lines as paragraphs."""
    return "\n\n".join(escaped_line(escaped(line)) for line in body.split("\n") if line.strip())


def markdown(page: Page, reading: Reading, lines: Sequence[str]) -> str:
    """The story of a page; `lines` are the texts of `reading.story` as the body has them."""
    story = [(block, line) for block, line in zip(reading.story, lines, strict=True) if line]
    pictures = [picture for offer in reading.fields.of("pictures") for picture in offer.value]
    order = {element: at for at, element in enumerate(page.root.iter())} if story else {}
    found = sorted((*_pictures(pictures, order), *_embeds(page, reading, order)), key=lambda found: found.place)
    beside = deque(found)
    pieces: list[_Piece] = []
    for _, blocks in groupby(story, key=lambda pair: _table(pair[0])):
        told = list(blocks)
        place = _place(told[0][0], order)
        while beside and place is not None and beside[0].place < place:
            pieces.append(beside.popleft().piece)
        pieces += _rows(told, page.absolute) or [_piece(block, line, page.absolute) for block, line in told]
    return _joined([*pieces, *(found.piece for found in beside)])


def _joined(pieces: list[_Piece]) -> str:
    texts = [piece.text for piece in pieces[:1]]
    for before, piece in pairwise(pieces):
        texts += [piece.joint if piece.group is not None and piece.group is before.group else "\n\n", piece.text]
    return "".join(texts)


def _place(block: Block, order: dict[etree._Element, int]) -> int | None:
    return order.get(block.shown_by if block.shown_by is not None else block.element)


def _around(block: Block, *tags: str) -> Iterator[etree._Element]:
    """The elements of these names that a block stands in, the innermost first."""
    element = block.shown_by if block.shown_by is not None else block.element
    if element.tag in tags:
        yield element
    yield from element.iterancestors(*tags)


def _piece(block: Block, line: str, absolute: Callable[[str], str | None]) -> _Piece:
    text = (linked(block.runs, line, absolute) if block.runs else None) or escaped(line)
    if block.kind == "heading":
        tag = next((element.tag for element in _around(block, *_TITLE_TAGS)), "")
        level = min(max(int(tag[1:] or _HIGHEST), _HIGHEST), _LOWEST) if tag else _HIGHEST
        # "# " at the end of a heading is mark-up.
        return _Piece(f"{'#' * level} {text.replace('#', chr(92) + '#')}")
    text = escaped_line(text)
    if block.kind == "item":
        return _item(block, text)
    if block.kind == "quote":
        return _Piece(f"> {text}", next(_around(block, "blockquote"), None), "\n>\n")
    return _Piece(text)


def _item(block: Block, text: str) -> _Piece:
    lists = list(_around(block, "ul", "ol", "dl"))
    depth = max(0, len(lists) - 1)
    mark = "1." if lists and lists[0].tag == "ol" else "-"
    indent = " " * (len(mark) + 1) * depth
    return _Piece(f"{indent}{mark} {text}", lists[-1] if lists else None, "\n")


def _table(block: Block) -> object:
    return next(_around(block, "table"), block) if block.kind == "row" else block


def _rows(told: list[tuple[Block, str]], absolute: Callable[[str], str | None]) -> list[_Piece]:
    """A table of GFM; nothing where its cells do not give the lines, stand in one column, or in more than _WIDEST."""
    rows = []
    for block, line in told:
        row = next(_around(block, "tr"), None) if block.kind == "row" else None
        cells = [cell for cell in row if cell.tag in ("td", "th")] if row is not None else []
        texts = [clean(text_of(cell)).strip() for cell in cells]
        if " ".join(filter(None, texts)) != line:
            return []
        linking = [linked(_runs(cell), text, absolute) for cell, text in zip(cells, texts, strict=True)]
        rows.append([link or escaped(text) for link, text in zip(linking, texts, strict=True)])
    width = max(map(len, rows))
    if not 2 <= width <= _WIDEST:
        return []
    shown = ["| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |" for cells in rows]
    return [_Piece("\n".join([shown[0], "|" + " --- |" * width, *shown[1:]]))]


def _runs(cell: etree._Element) -> Iterator[tuple[str, str | None]]:
    """The pieces of a cell's text, and the address of the link that each stands in, if any."""
    href: str | None = None
    yield cell.text or "", None
    for event, inner in etree.iterwalk(cell, events=("start", "end")):
        if inner is cell or not isinstance(inner.tag, str):
            continue
        if inner.tag not in INLINE_TAGS:
            yield " ", href
        if inner.tag == "a":
            href = inner.get("href") if event == "start" else None
        yield (inner.text if event == "start" else inner.tail) or "", href


def _pictures(pictures: list[Picture], order: dict[etree._Element, int]) -> Iterator[_At]:
    for picture in pictures:
        if picture.url and picture.element in order:
            told = picture.caption or ""
            if picture.credit:
                told = f"{told} ({picture.credit})".strip()
            told = " ".join(told.split())
            yield _At(order[picture.element], _Piece(f"![{escaped(told)}]({address(picture.url)})"))


def _embeds(page: Page, reading: Reading, order: dict[etree._Element, int]) -> Iterator[_At]:
    """Players and posts of other sites between the first line of the story and what stands below its last."""
    story = [place for block in reading.story if (place := _place(block, order)) is not None]
    if not story:
        return
    boxes = {block.element for block in reading.blocks if block.kind == "furniture"}
    first, last = min(story), max(story)
    end = min((order[box] for box in boxes if order.get(box, 0) > last and not _is_embed(box)), default=len(order))
    seen = set()
    for element, place in order.items():
        if not (first < place < end and _is_embed(element)):
            continue
        url = _embedded(page, element)
        around = (box for box in element.iterancestors() if box in boxes)
        if url and url not in seen and all(_is_embed(box) for box in around):
            seen.add(url)
            yield _At(place, _Piece(f"<{address(url)}>"))


def _is_embed(element: etree._Element) -> bool:
    return element.tag == "iframe" or not _POSTS.isdisjoint((element.get("class") or "").split())


def _embedded(page: Page, element: etree._Element) -> str | None:
    links = [link.get("href") for link in element.iter("a")][-1:]
    for given in (*map(element.get, _ADDRESSES), *links):
        if given and (url := page.absolute(given)) and is_within(host_of(url), _HOSTS):
            return url
    return None
