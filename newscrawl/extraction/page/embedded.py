"""JSON as pages bring it, with its usual breakage, and a walk through what it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from newscrawl.arabic.references import unescape
from newscrawl.extraction.page import literals, mending

if TYPE_CHECKING:
    from newscrawl.extraction.rules import Embedded

MAX_DEPTH = 60
MAX_NODES = 50_000
_DECODER = json.JSONDecoder(strict=False)
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MISSING_COMMA = re.compile(r'(?<=["\]}])(?=[^\S\n]*+\n\s*+")')
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_VALUE = re.compile(r"[^ \t\r\n,;]|$")
# What stands before the first value: wrappers, comments, the variable that a script assigns it to.
_PREAMBLE = re.compile(r"(?:(?://\s*)?<!\[CDATA\[|//[^\n{\[<]*+|/\*(?:[^*]++|\*(?!/))*+\*/|[^{\[/<]++|[/<])*+")
# A first key in escaped quotes, or in quotes that a text filter made typographic.
_ESCAPED_KEY = re.compile(r"[{\[\s]*+&(?:amp;)?(?:quot|ldquo|rdquo|laquo|#0*(?:34|822[0-3]|8243|171)|#[xX]0*22);")
_TYPOGRAPHIC_KEY = re.compile(r"[{\[\s]*+[“”„‟″«»]")
_TYPOGRAPHIC = re.compile(r"[“”„‟″]|«[ \xa0\u202f]?|[ \xa0\u202f]?»")
_CONTROL = re.compile(r"[\x00-\x1f]")


def loads(text: str) -> Any:
    """The value of a JSON text, repaired where it is broken in a usual way; None where it stays unreadable.

    Repairs: CDATA and comment wrappers, control characters in strings, trailing and missing commas, wrong escapes,
    a cut or repeated tail, JavaScript literals, escaped or typographic quotes all over, quotes in strings, values left
    out. Nesting beyond what the parser bears counts as unreadable.
    """
    text = text.strip()
    if not (text.startswith(("{", "[")) and text.endswith(("}", "]", ";"))):
        text = _COMMENT.sub("", text).strip()
    text = text.rstrip(";").lstrip("\ufeff")
    if _ESCAPED_KEY.match(text):
        text = unescape(unescape(text))
    if _TYPOGRAPHIC_KEY.match(text):
        text = _TYPOGRAPHIC.sub('"', text)
    for attempt in (_as_is, _without_trailing_commas, _without_bad_escapes, _as_script, _as_mended):
        try:
            value = attempt(text)
            return _without_lone_surrogates(value) if _SURROGATE.search(text) else value
        except (ValueError, RecursionError):
            continue
    return None


def _without_lone_surrogates(value: Any) -> Any:
    """Half of an escaped pair is no character, and no file of UTF-8 can hold it."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _as_is(text: str) -> Any:
    return _DECODER.raw_decode(text)[0]


def _without_trailing_commas(text: str) -> Any:
    return _DECODER.raw_decode(_MISSING_COMMA.sub(",", _TRAILING_COMMA.sub(r"\1", text)))[0]


def _without_bad_escapes(text: str) -> Any:
    text = _CONTROL.sub(" ", _BAD_ESCAPE.sub(r"\\\\", text))
    return _DECODER.raw_decode(_TRAILING_COMMA.sub(r"\1", text))[0]


def _as_script(text: str) -> Any:
    return _DECODER.raw_decode(_TRAILING_COMMA.sub(r"\1", literals.as_json(text)))[0]


def _as_mended(text: str) -> Any:
    if len(text) > mending.LONGEST:
        raise ValueError("too long to be mended")
    return _DECODER.raw_decode(mending.mended(text))[0]


def each(text: str) -> Iterator[Any]:
    """The values of a text that holds one JSON value behind the other, as some plug-ins write them; each as `loads`."""
    text = text.strip()
    text = text[_PREAMBLE.match(text).end() :] or text  # type: ignore[union-attr]
    at, end = 0, 0 if _SURROGATE.search(text) else len(text)
    while at < end and text[at] in "{[":
        value, following = read_at(text, at)
        if value is None:
            break
        yield value
        at = _VALUE.search(text, following).start()  # type: ignore[union-attr]
    if at < len(text):
        yield loads(text[at:])


def read_at(text: str, at: int) -> tuple[Any, int]:
    """The good JSON value that begins at a place of a text, and where it ends; (None, at) where none does."""
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, at


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON value, outermost first, at most MAX_NODES and MAX_DEPTH."""
    stack = [(value, 0)]
    seen = 0
    while stack and seen < MAX_NODES:
        node, depth = stack.pop()
        seen += 1
        if isinstance(node, dict):
            yield node
            members = list(node.values())
        elif isinstance(node, list):
            members = node
        else:
            continue
        if depth < MAX_DEPTH:
            stack.extend((member, depth + 1) for member in reversed(members))


def values(found: Iterable[Any], wanted: Embedded) -> Iterator[Any]:
    """What `wanted` names in the values of its script, in order."""
    for value in found:
        for node in walk(value):
            if wanted.key in node and all(name in node for name in wanted.beside):
                yield node[wanted.key]
