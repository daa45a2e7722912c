"""JSON that hands and templates broke: quotes in strings, values left out or no values, braces twice, a cut end."""

from __future__ import annotations

import re

#: Characters of the longest text that is mended.
LONGEST = 1_000_000
_BLANKS = re.compile(r"\s+")
_LITERAL = re.compile(r"(?:-?\d[\d.eE+-]*|true|false|null)(?=[\s,}\]]|$)")
_COMMENT = re.compile(r"/\*(?:[^*]++|\*(?!/))*+\*/|//[^\n]*+")
_VALUE_FOLLOWS = re.compile(r'\s*(?:["{\[}\]]|-?\d|true\b|false\b|null\b)')
# A key and its colon, the object's end, a comment, or the cut end of the text.
_MEMBER_FOLLOWS = re.compile(r'\s*(?:"[^"\n]*(?:"\s*:|$)|\}|/[/*]|$)')
# Where a value that is none ends: JSON goes on behind it.
_GOES_ON = re.compile(r'(?=[}\]]\s*(?:[,}\]]|$)|,\s*"[^"\n]*"\s*:|[}\]]\s*$)')
_CONTROL = re.compile(r"[\x00-\x1f]")
_WHOLE_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_CLOSING = {"{": "}", "[": "]"}


def mended(text: str) -> str:
    """The first value of a text as good JSON: a quote that ends no string is escaped, a missing value and what is no
    value (NaN, the message of a failed template) are null, a second brace and comments are left out, what is still open
    at the end is closed. What is beyond that is left for the parser to refuse."""
    tokens: list[str] = []
    open_: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        is_inside = bool(open_) and open_[-1] == "{"
        awaits_key = is_inside and tokens[-1] in ("{", ",")
        if char == '"':
            end = _end_of_string(text, at, is_key=awaits_key, is_member=is_inside)
            tokens.append(_quoted(text[at + 1 : end]))
            at = end + 1
        elif char == "{" and awaits_key:
            at += 1
        elif char in "{[":
            open_.append(char)
            tokens.append(char)
            at += 1
        elif char in "}]":
            if not open_ or _CLOSING[open_[-1]] != char:
                break
            _finish(tokens, open_.pop(), char)
            at += 1
            if not open_:
                return "".join(tokens)
        elif char in ",:":
            if char == "," and tokens and tokens[-1] == ":":
                tokens.append("null")
            if char == ":" or not tokens or tokens[-1] not in ("{", "[", ","):
                tokens.append(char)  # nothing stands between two commas, or before the first
            at += 1
        elif found := _BLANKS.match(text, at) or _COMMENT.match(text, at):
            at = found.end()
        elif literal := _LITERAL.match(text, at):
            tokens.append(literal[0])
            at = literal.end()
        elif tokens[-1:] == [":"] and (end_of_it := _GOES_ON.search(text, at)):
            tokens.append("null")
            at = end_of_it.start()
        else:
            break
    while open_:
        kind = open_.pop()
        _finish(tokens, kind, _CLOSING[kind])
    return "".join(tokens)


def _end_of_string(text: str, start: int, *, is_key: bool, is_member: bool) -> int:
    """Where the string that begins at `start` ends: at a quote behind which JSON goes on, else where the text ends."""
    at = start + 1
    while True:
        at = text.find('"', at)
        if at < 0:
            return len(text)
        first = at
        while first > start + 1 and text[first - 1] == "\\":
            first -= 1
        if (at - first) % 2 == 0 and _ends(text, at + 1, is_key=is_key, is_member=is_member):
            return at
        at += 1


def _ends(text: str, at: int, *, is_key: bool, is_member: bool) -> bool:
    match = _BLANKS.match(text, at)
    at = match.end() if match else at
    following = text[at : at + 1]
    if not following or (is_key and following == ":"):
        return True
    if is_key:
        return False
    if following == ",":
        return (_MEMBER_FOLLOWS if is_member else _VALUE_FOLLOWS).match(text, at + 1) is not None
    if following not in "}]":
        return False
    rest = text[at + 1 : at + 40].lstrip()
    return not rest or rest[0] in ",}];<"


def _quoted(inside: str) -> str:
    pieces, at = [], 0
    for escape in _WHOLE_ESCAPE.finditer(inside):
        pieces += [_bare(inside[at : escape.start()]), escape[0]]
        at = escape.end()
    return '"' + "".join([*pieces, _bare(inside[at:])]) + '"'


def _bare(piece: str) -> str:
    return _CONTROL.sub(" ", piece.replace("\\", "\\\\").replace('"', '\\"'))


def _finish(tokens: list[str], kind: str, closing: str) -> None:
    """Closes an object or a list behind what the last token leaves to say."""
    if tokens[-1] == ",":
        tokens.pop()
    if tokens[-1] == ":":
        tokens.append("null")
    elif kind == "{" and tokens[-1].startswith('"') and tokens[-2:-1] in (["{"], [","]):
        tokens.append(":null")
    tokens.append(closing)
