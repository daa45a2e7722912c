"""The values in a page's scripts: JSON-LD, framework data, variables, React rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from newscrawl.extraction.page import embedded, flight

_NUXT = re.compile(r"window\.__NUXT__\s*=\s*\(function\(([\w$,\s]*)\)\s*\{\s*return\s*(?=\{)")
_IS_JSON = re.compile(r"\s*+[{\[]")
_VARIABLE = re.compile(r"(?:__[A-Z][A-Z_]{0,40}__|Fusion\.globalContent)\s*=\s*(?=[{\[])")
_PARSED = re.compile(r"=\s*JSON\.parse\(\s*(decodeURIComponent\(\s*)?(?=\")")
# A name that stands for a value, outside strings.
_ARGUMENT = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([:,\[]\s*+)([A-Za-z_$][\w$]*+)(?=\s*+[,}\]])')
#: Times its own length that a script may have when its arguments stand in their places.
_MOST_GROWTH = 4


def script_values(scripts: list[tuple[str, str]], script: str) -> Iterator[Any]:
    """The JSON values that a page's scripts, pairs as in Page.scripts, hold under a name (see rules.Embedded)."""
    if script == "__next_f":
        yield from flight.rows(text for _, text in scripts)
        return
    for kind, text in scripts:
        if script == "json-ld":
            if "ld+json" in kind.lower():
                yield embedded.loads(text)
        elif script == "__NEXT_DATA__":
            if kind == "__NEXT_DATA__":
                yield embedded.loads(text)
        else:
            yield from flight.values_behind(re.compile(re.escape(script) + r"\s*+"), text)


def states(scripts: list[tuple[str, str]]) -> Iterator[Any]:
    """The data that a page brings for its framework, but for React rows: JSON scripts, variables of Nuxt and others."""
    for kind, text in scripts:
        if _IS_JSON.match(text):
            if "ld+json" not in kind.lower():
                value = embedded.loads(_without_escapes(text))
                yield _unfolded(value) if kind == "__NUXT_DATA__" else value
        # Most scripts are none of these: a word tells it sooner than an expression.
        elif "__NUXT__" in text and (call := _NUXT.search(text)):
            yield _called(text, call)
        elif ("__" in text or "Fusion." in text) and (variable := _VARIABLE.search(text)):
            yield embedded.loads(text[variable.end() :])
        elif "JSON.parse" in text and (parsed := _PARSED.search(text)):
            yield _parsed(text[parsed.end() :], is_quoted=parsed[1] is not None)


def _parsed(text: str, *, is_quoted: bool) -> Any:
    """The value of JSON.parse("..."), which may be a text of percent signs."""
    inside, _ = embedded.read_at(text, 0)
    return embedded.loads(unquote(inside) if is_quoted else inside) if isinstance(inside, str) else None


def _unfolded(value: Any) -> Any:
    """Nuxt's payload is one list in which every value is the place of another: objects with the strings themselves."""
    if not isinstance(value, list):
        return value

    def told(at: Any) -> Any:
        is_place = isinstance(at, int) and not isinstance(at, bool) and 0 <= at < len(value)
        return value[at] if is_place and isinstance(value[at], str) else at

    return [{key: told(at) for key, at in node.items()} for node in value if isinstance(node, dict)]


def _without_escapes(text: str) -> str:
    """Angular writes its state with signs of its own for quotes and brackets."""
    if "&q;" not in text:
        return text
    for sign, char in (("&q;", '"'), ("&s;", "'"), ("&l;", "<"), ("&g;", ">"), ("&a;", "&")):
        text = text.replace(sign, char)
    return text


def _called(text: str, call: re.Match[str]) -> Any:
    """The value of Nuxt's (function(a,b){return {...}}(1,2)): the literal with the arguments in their places."""
    literal, closed, arguments = text[call.end() :].rpartition("}(")
    given = embedded.loads(f"[{arguments.rpartition('))')[0].replace('void 0', 'null')}]")
    if not closed or not isinstance(given, list):
        return None
    written = (json.dumps(value, ensure_ascii=False) for value in given)
    names = dict(zip((name.strip() for name in call[1].split(",")), written, strict=False))
    left = _MOST_GROWTH * len(text)

    def placed(match: re.Match[str]) -> str:
        nonlocal left
        value = names.get(match[2])
        if value is None or (left := left - len(value)) < 0:
            return match[0]
        return f"{match[1]}{value}"

    return embedded.loads(_ARGUMENT.sub(placed, literal))
