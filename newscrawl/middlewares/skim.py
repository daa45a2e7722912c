"""A page at a glance, in one pass and linear time: title, headings and visible words, whatever the markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from newscrawl.arabic.references import unescape
from newscrawl.urls import ascii_digits

# What stands between one "<" and the next: a tag's slash, its name, the rest of it, and what is shown behind it.
_PIECE = re.compile(r"<?(/?)([a-zA-Z][a-zA-Z0-9]{0,15})?[^<>]*+>?+\s*+([^<]*+)")
_UNSEEN = frozenset({"script", "style", "template", "svg", "iframe", "textarea", "select"})
_MOST_CHARACTERS = 2_000_000
_MOST_TEXT_PARTS = 400
# A sentence; what an error page says of itself is shorter, and so are the headlines that it offers instead.
_PARAGRAPH_WORDS = 12
_BEFORE_LINES = frozenset({"p", "br", "div"})
_INSIDE_LINES = frozenset(
    {"", "a", "abbr", "b", "cite", "em", "font", "i", "mark", "q", "small", "span", "strong", "u"}
)
_OFFERS, _HEADLINE_WORDS = frozenset({"a", "h2", "h3", "h4"}), 4
_MARKS = re.compile("[\u0640\u064b-\u0652]")


@dataclass(slots=True)
class Skim:
    """`words` counts the visible words (noscript included); `text` holds the first few hundred; `paragraphs` counts
    those that tell something and follow each other with no headline and no linked one between them.

    Titles, headings and text are without vowel marks and elongation, their digits in ASCII.
    """

    title: str = ""
    headings: tuple[str, ...] = ()
    words: int = 0
    paragraphs: int = 0
    shown: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Made when asked for, which few pages need."""
        return _line(self.shown)


def skim(markup: str, *, words_enough: int = _MOST_CHARACTERS, paragraphs_enough: int = _MOST_CHARACTERS) -> Skim:
    """What a reader of the first 2 million characters would see, without building a tree.

    Reading ends where a title, more than `words_enough` words and `paragraphs_enough` paragraphs have been seen; what
    is counted is then that far.
    """
    title: list[str] = []
    headings: list[list[str]] = []
    text: list[str] = []
    words = paragraphs = run = line = 0
    is_line = False
    unseen: str | None = None
    inside: list[str] | None = None
    for piece in _PIECE.finditer(markup, 0, _MOST_CHARACTERS):
        slash, written, shown = piece.groups()
        if written is None:
            name, closing, shown = "", False, piece[0].removeprefix("<").lstrip()
        else:
            name, closing = written.lower(), slash == "/"
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
        if name not in _INSIDE_LINES:
            is_line, line = name in _BEFORE_LINES and not closing, 0
        if not shown:
            continue
        if inside is not None:
            inside.append(shown)
        if inside is not title:
            count = len(shown.split())
            words += count
            if is_line:
                run += line < _PARAGRAPH_WORDS <= line + count
                line += count
                paragraphs = max(paragraphs, run)
            if name in _OFFERS and not closing and count >= _HEADLINE_WORDS and line in (0, count):
                run = 0
            if len(text) < _MOST_TEXT_PARTS:
                text.append(shown)
            if words > words_enough and paragraphs >= paragraphs_enough and title:
                break
    return Skim(_line(title), tuple(map(_line, headings)), words, paragraphs, tuple(text))


def _line(parts: Iterable[str]) -> str:
    return " ".join(ascii_digits(_MARKS.sub("", unescape(" ".join(parts)))).split())
