"""Keywords as metadata write them: a list, or one string with whatever sign between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newscrawl.arabic import fold
from newscrawl.arabic.references import unescape
from newscrawl.extraction.elements.markup import plain_text

_BREAKS = re.compile(r"<(?:br|/?p|/?li|/?div)\b[^<>]*>", re.IGNORECASE)
_SIGNS = re.compile(r"\s*[,،，、;؛|•·\n\t]+\s*")
_IN_QUOTES = re.compile(r'^(["“”«])([^"“”«»]+)["“”»]$')
_QUOTED = re.compile(r'"([^"]+)"')
# What some sites write before each keyword for their own search.
_KIND = re.compile(r"(?:tag|keyword|topic|subject)s?:\s*", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n\t]{2,}")
_HASHES = re.compile(r"\s*#")
# Between two words these may as well be part of one keyword; three words parted by one of them are three.
_LOOSE_SIGNS = (re.compile(r"\s+[-–—]\s+"), re.compile(r"\s*/\s*"), re.compile(r"\s+\+\s+"))
_FEWEST = 3
_MOST_WORDS, _SHORTEST_TOLD, _FEWEST_TOLD = 6, 3, 2


def keywords(values: Iterable[str]) -> list[str]:
    """The keywords in `values`, each of which may be one or many."""
    return [word for value in values for line in _lines(value) for word in _parted(line)]


def bare_tag(text: str) -> str:
    """A tag without the sign of a hashtag, whose words an underscore parts: "#صيد_بحري"."""
    text = text.strip()
    bare = text.strip("# ")
    return bare.replace("_", " ") if text.startswith("#") else bare


def told_of(story: str, title: str, values: Iterable[str]) -> list[str]:
    """The keywords in `values` where they are this story's: some sites write the same on every page, or the headline
    word by word. Of the story's own the text has half or more, and two at least."""
    of_title = fold(title).split()
    found = [word for word in keywords(values) if word.count(" ") < _MOST_WORDS and fold(word) != " ".join(of_title)]
    folded = [fold(word) for word in found]
    text = fold(story)
    told = sum(len(word) >= _SHORTEST_TOLD and word.removeprefix("ال") in text for word in folded)
    is_headline = 2 * sum(word in folded for word in of_title) > len(of_title)
    return found if not is_headline and 2 * told >= max(len(found), 2 * _FEWEST_TOLD) else []


def _lines(value: str) -> Iterator[str]:
    for line in _BREAKS.split(unescape(unescape(value))) if "<" in value or "&" in value else (value,):
        yield _BLANKS.sub(" ", unescape(plain_text(line))).strip(" ")


def _parted(value: str) -> list[str]:
    is_list = value.startswith("[") and value.endswith("]") and '"' in value
    parts = _QUOTED.findall(value) if is_list else _SIGNS.split(value)
    if len(parts) == 1 and value.count("#") > 1:
        parts = [f"#{part}" for part in _HASHES.split(value) if part]
    for sign in _LOOSE_SIGNS:
        if len(parts) == 1 and len(found := sign.split(value)) >= _FEWEST:
            parts = found
    return [word for part in parts if (word := bare_tag(_KIND.sub("", _IN_QUOTES.sub(r"\2", part.strip()), count=1)))]
