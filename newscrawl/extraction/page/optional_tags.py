"""Pages that leave out <body>, as HTML allows: what of theirs the parser leaves in the head."""

from __future__ import annotations

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
