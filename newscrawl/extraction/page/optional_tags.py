"""Pages that leave out <body>, as HTML allows, or end it too early: what of theirs the parser leaves outside."""

from __future__ import annotations

import re

from lxml import etree

# What a head may hold (HTML Standard, 13.2.6.4.4, "in head"); with anything else the body begins.
_OF_HEAD = frozenset(
    {
        "base",
        "basefont",
        "bgsound",
        "link",
        "meta",
        "title",
        "style",
        "script",
        "noscript",
        "template",
        "noframes",
        "object",
    }
)
_ENDS = re.compile(rb"</(?:body|html)(?:[ \t\r\n\f/][^<>]*)?>", re.IGNORECASE)


def ends_early(root: etree._Element) -> bool:
    """Whether something to read stands behind </body> or </html>: libxml2 leaves it beside the body, or begins another
    root there."""
    body = root.find("body")
    return root.getnext() is not None or (
        body is not None
        and (bool(body.tail and body.tail.strip()) or any(stray.tag not in _OF_HEAD for stray in body.itersiblings()))
    )


def without_ends(source: bytes) -> bytes:
    """A page without </body> and </html>, which close nothing for a browser (HTML Standard, 13.2.6.4.7, 13.2.6.4.19 and
    13.2.6.4.22): what is put together of files has them in the middle."""
    return _ENDS.sub(b"", source)


def begin_body(root: etree._Element) -> None:
    """Moves what no head may hold into the body: libxml2 begins one at the tags of HTML 4 alone, and takes <article>,
    <main>, <header> and those of frameworks for a part of the head."""
    head = root.find("head")
    strange = (
        [child for child in head if isinstance(child.tag, str) and child.tag not in _OF_HEAD]
        if head is not None
        else []
    )
    if head is None or not strange:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    elif body.text and body.text.strip():
        strange[-1].tail = f"{strange[-1].tail or ''} {body.text}"
        body.text = None
    body[0:0] = strange
