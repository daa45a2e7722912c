"""What a result shows of an article: the headline with what was found in it, and a passage around the first find."""

from __future__ import annotations

from typing import Any

from newscrawl.arabic import Query, marked
from newscrawl.arabic.search import searched

Pieces = list[tuple[str, bool]]

# Letters of a passage, and of it before what was found.
_LENGTH, _BEFORE = 300, 90


def headline(record: dict[str, Any], query: Query) -> Pieces:
    """The headline in pieces, each with whether it was found."""
    return marked(record.get("title") or record.get("url") or record["id"], query)


def passage(record: dict[str, Any], query: Query) -> Pieces:
    """Some 300 letters of standfirst and body, around the first find or from the start."""
    text = " ".join(searched(record)[1].split())
    at = 0
    for piece, hit in marked(text, query) if query.wanted else ():
        if hit:
            break
        at += len(piece)
    else:
        at = 0
    start = text.rfind(" ", 0, at - _BEFORE) + 1 if at > _BEFORE else 0
    end = start + _LENGTH
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + _LENGTH // 2)
    shown = marked(text[start:end], query)
    if start:
        shown.insert(0, ("… ", False))
    if end < len(text):
        shown.append((" …", False))
    return shown
