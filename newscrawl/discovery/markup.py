"""Markup as a stream of tags and texts, read in one pass, with every error that feeds and sitemaps are known to hold.

Listings are read so, and not by an XML parser, because what the program wants of them survives what XML forbids: bare
ampersands, warnings of a server before the document, undeclared prefixes, two documents in one, missing end tags. There
are no entities, no document types and no tree, so there is nothing that a small document could blow up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain
from typing import Literal

# XML knows no "<" inside a tag, so no tag is looked for behind the next one: one pass, however broken the document is.
_NAME = r"([^\W\d][\w:.\-]{0,200}+)"
_TAG = re.compile(rf"""<(/?){_NAME}((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
_LOOSE_TAG = re.compile(rf"<(/?){_NAME}([^<>]*+)>")
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])([^\s=/"'<>]++)\s*+=\s*+(?:"([^"]*+)(?:"|\Z)|'([^']*+)(?:'|\Z)|([^\s"'<>]++))"""
)
# The longest tag whose attributes are looked at: an address has 2,083 characters at most.
_TAG_LIMIT = 1 << 14
# A text without a tag is handed on when it has reached this length.
_HELD = 1 << 18
# What is no element ends with the first of these: a declaration may have lost its "?".
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": ">", "<!": ">"}


# (kind, value, attributes, closed): a start tag with its name in small letters, what is written behind the name and
# whether it ends itself; an end tag with its name; a text with references, or one meant literally (CDATA).
Token = tuple[Literal["start", "end", "text", "literal"], str, str, bool]


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a start tag, from what is written behind its name.

    Names in small letters, values as they are written; the first of a name counts. A value that the limit cuts is
    longer than any address.
    """
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(written[:_TAG_LIMIT]):
        found.setdefault(name.lower(), double or single or bare)
    return found


def tokens(pieces: Iterable[str], broken: Callable[[str], None] = lambda _what: None) -> Iterator[Token]:
    """The tags and texts of a document that comes in pieces; memory is a few pieces at most.

    `broken` is told "broken-off" where the document ends inside of a comment, a CDATA section or a declaration: what
    stood in it, maybe all the rest, is lost.
    """
    held, end, literal = "", "", False
    last = object()
    for piece in chain(pieces, (last,)):
        final = piece is last
        text = held if final else held + str(piece)
        position, last_tag = 0, text.rfind("<")
        while True:
            if end:
                stop = text.find(end, position)
                if literal:
                    upto = stop if stop >= 0 else max(position, len(text) - (0 if final else len(end) - 1))
                    if upto > position:
                        yield ("literal", text[position:upto], "", False)
                    position = upto
                if stop < 0:
                    if final:
                        broken("broken-off")
                    held = text[max(position, len(text) - len(end) + 1) :]
                    break
                position, end, literal = stop + len(end), "", False
            # The last tag may be cut in two by the end of the piece.
            cut = max(last_tag, position)
            if final or len(text) - cut > _HELD:
                cut = len(text)
            position, opened = yield from _tokens(text, position, cut)
            if opened is None:
                held = text[position:]
                break
            end, literal = _ENDS[opened], opened == "<![CDATA["


def _tokens(text: str, position: int, cut: int) -> Generator[Token, None, tuple[int, str | None]]:
    """Tokens of text[position:cut]; gives back where it stopped, and what was opened there that is no element."""
    while position < cut:
        start = text.find("<", position, cut)
        if start < 0:
            yield ("text", text[position:cut], "", False)
            return cut, None
        if start > position:
            yield ("text", text[position:start], "", False)
        match = _TAG.match(text, start, cut) or _LOOSE_TAG.match(text, start, cut)
        if match is not None:
            slash, name, attributes = match.groups()
            if slash:
                yield ("end", name.lower(), "", False)
            else:
                yield ("start", name.lower(), attributes, attributes.endswith("/"))
            position = match.end()
            continue
        opened = next((mark for mark in _ENDS if text.startswith(mark, start, cut)), None)
        if opened is not None:
            # "<!-->" is a whole comment to a browser.
            return start + (2 if opened == "<!--" else len(opened)), opened
        yield ("text", "<", "", False)
        position = start + 1
    return position, None
