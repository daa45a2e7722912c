"""A page at a glance, in one pass and linear time: title, headings and visible words, whatever the markup."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newscrawl.arabic.references import unescape

_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_UNSEEN = frozenset({"script", "style", "template", "svg", "iframe", "textarea", "select"})
_MOST_CHARACTERS = 2_000_000
_MOST_TEXT_WORDS = 400
# A sentence; what an error page says of itself is shorter, and so are the headlines that it offers instead.
_PARAGRAPH_WORDS = 12
_MARKS = re.compile("[\u0640\u064b-\u0652]")


@dataclass(slots=True)
class Skim:
    """`words` counts all visible words (noscript included); `text` holds the first few hundred; `paragraphs` counts
    those that tell something. Titles, headings and text are without vowel marks and elongation."""

    title: str = ""
    headings: tuple[str, ...] = ()
    words: int = 0
    text: str = ""
    paragraphs: int = 0


def skim(markup: str) -> Skim:
    """What a reader of the first 2 million characters would see, without building a tree."""
    title: list[str] = []
    headings: list[list[str]] = []
    text: list[str] = []
    words = paragraphs = 0
    unseen: str | None = None
    inside: list[str] | None = None
    for chunk in markup[:_MOST_CHARACTERS].split("<"):
        tag = _TAG.match(chunk)
        name = tag[2].lower() if tag else ""
        closing = bool(tag and tag[1])
        if unseen:
            if not (closing and name == unseen):
                continue
            unseen = None
        elif name in _UNSEEN and not closing:
            unseen = name
            continue
        if name == "title":
            inside = None if closing else title
        elif name in ("h1", "h2"):
            inside = None
            if not closing:
                headings.append(inside := [])
        shown = chunk.partition(">")[2] if tag else chunk
        if not shown or shown.isspace():
            continue
        if inside is not None:
            inside.append(shown)
        if inside is not title:
            count = len(shown.split())
            words += count
            paragraphs += name == "p" and not closing and count >= _PARAGRAPH_WORDS
            if len(text) < _MOST_TEXT_WORDS:
                text.append(shown)
    return Skim(_line(title), tuple(_line(heading) for heading in headings), words, _line(text), paragraphs)


def _line(parts: list[str]) -> str:
    return " ".join(_MARKS.sub("", unescape(" ".join(parts))).split())
