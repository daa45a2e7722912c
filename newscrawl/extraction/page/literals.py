"""JavaScript object literals as JSON: bare keys, single quotes, comments, undefined; in one pass."""

from __future__ import annotations

import re

_POINT = re.compile(r"[\"']|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/|[A-Za-z_$][\w$]*+")
# A string up to the quote that ends it; where none does, up to the end of its line.
_INSIDE = {
    '"': re.compile(r'(?:[^"\\\n]++|\\.)*+'),
    "'": re.compile(r"(?:[^'\\\n]++|\\.)*+"),
}
_COLON = re.compile(r"\s*+:")


def as_json(text: str) -> str:
    """The text with its keys quoted, its strings in double quotes and its comments left out."""
    pieces: list[str] = []
    done = at = 0
    # Where nothing ends a quote, nothing ends a later one of its kind up to where the search stopped.
    unended = {'"': 0, "'": 0}
    while point := _POINT.search(text, at):
        start, at = point.span()
        sign = point[0]
        if sign in unended:
            if start < unended[sign]:
                continue
            end = _end(_INSIDE[sign], text, at)
            if text[end : end + 1] != sign:
                unended[sign] = end
                continue
            inside, at = text[at:end], end + 1
            if sign == '"':
                continue
            piece = '"' + inside.replace('"', '\\"').replace("\\'", "'") + '"'
        elif sign.startswith("/"):
            piece = ""
        elif _COLON.match(text, at):
            piece = f'"{sign}"'
        elif sign == "undefined" and not text[start - 1 : start].isdigit():
            piece = "null"
        else:
            continue
        pieces += [text[done:start], piece]
        done = at
    return "".join([*pieces, text[done:]])


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
