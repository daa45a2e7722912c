"""JSON inside scripts: JSON-LD with its usual breakage, framework data, variables, React rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newscrawl.extraction.page import mending

if TYPE_CHECKING:
    from newscrawl.extraction.rules import Embedded

MAX_DEPTH = 60
MAX_NODES = 50_000
_DECODER = json.JSONDecoder(strict=False)
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MISSING_COMMA = re.compile(r'(["\]}])(\s*\n\s*")')
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_CONTROL = re.compile(r"[\x00-\x1f]")
_LITERAL = re.compile(
    r"""("(?:[^"\\\n]|\\.)*")|'((?:[^'\\\n]|\\.)*)'|([A-Za-z_$][\w$]*)(?=\s*:)|//[^\n]*$|\b(undefined)\b""",
    re.MULTILINE,
)
_NUXT = re.compile(r"window\.__NUXT__\s*=\s*\(function\(([\w$,\s]*)\)\s*\{\s*return\s*(?=\{)")
_VARIABLE = re.compile(r"(?:window\.|self\.)?(?:__[A-Z][A-Z_]*__|Fusion\.globalContent)\s*=\s*(?=[{\[])")
_PARSED = re.compile(r"=\s*JSON\.parse\(\s*(decodeURIComponent\(\s*)?(?=\")")
# A name that stands for a value, outside strings.
_ARGUMENT = re.compile(r'"(?:[^"\\]|\\.)*"|([:,\[]\s*)([A-Za-z_$][\w$]*)(?=\s*[,}\]])')
_ROW = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_ROW_HEAD = re.compile(rb"\s*([0-9a-f]+):(?:T([0-9a-f]+),)?")


def loads(text: str) -> Any:
    """The value of a JSON text, repaired where it is broken in a usual way; None where it stays unreadable.

    Repairs: CDATA and comment wrappers, control characters in strings, trailing and missing commas, wrong escapes,
    a cut or repeated tail, JavaScript literals, escaped quotes all over, quotes in strings, values left out. Nesting
    beyond what the parser bears counts as unreadable.
    """
    text = text.strip()
    if not (text.startswith(("{", "[")) and text.endswith(("}", "]", ";"))):
        text = _COMMENT.sub("", text).strip()
    text = text.rstrip(";").lstrip("\ufeff")
    if "&quot;" in text and '"' not in text:
        text = unescape(text)
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
    return _DECODER.raw_decode(_MISSING_COMMA.sub(r"\1,\2", _TRAILING_COMMA.sub(r"\1", text)))[0]


def _without_bad_escapes(text: str) -> Any:
    text = _CONTROL.sub(" ", _BAD_ESCAPE.sub(r"\\\\", text))
    return _DECODER.raw_decode(_TRAILING_COMMA.sub(r"\1", text))[0]


def _as_script(text: str) -> Any:
    """A JavaScript object literal: bare keys, single quotes, comments."""

    def quoted(match: re.Match[str]) -> str:
        double, single, key, undefined = match.groups()
        if double is not None:
            return str(double)
        if single is not None:
            return '"' + single.replace('"', '\\"').replace("\\'", "'") + '"'
        if key is not None:
            return f'"{key}"'
        return "null" if undefined else ""

    return _DECODER.raw_decode(_TRAILING_COMMA.sub(r"\1", _LITERAL.sub(quoted, text)))[0]


def _as_mended(text: str) -> Any:
    if len(text) > mending.LONGEST:
        raise ValueError("too long to be mended")
    return _DECODER.raw_decode(mending.mended(text))[0]


def each(text: str) -> Iterator[Any]:
    """The values of a text that holds one JSON value behind the other, as some plug-ins write them; each as `loads`."""
    rest = text.strip()
    while rest.startswith(("{", "[")) and not _SURROGATE.search(rest):
        try:
            value, end = _DECODER.raw_decode(rest)
        except (ValueError, RecursionError):
            break
        yield value
        rest = rest[end:].lstrip(" \t\r\n,;")
    if rest:
        yield loads(rest)


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


def script_values(scripts: list[tuple[str, str]], script: str) -> Iterator[Any]:
    """The JSON values that a page's scripts, pairs as in Page.scripts, hold under a name (see rules.Embedded)."""
    if script == "__next_f":
        yield from _next_rows(scripts)
        return
    for kind, text in scripts:
        if script == "json-ld":
            if "ld+json" in kind.lower():
                yield loads(text)
        elif script == "__NEXT_DATA__":
            if kind == "__NEXT_DATA__":
                yield loads(text)
        else:
            at = text.find(script)
            while at >= 0:
                yield loads(text[at + len(script) :].lstrip())
                at = text.find(script, at + len(script))


def states(scripts: list[tuple[str, str]]) -> Iterator[Any]:
    """The data that a page brings for its framework, but for React rows: JSON scripts, variables of Nuxt and others."""
    for kind, text in scripts:
        if text.lstrip().startswith(("{", "[")):
            if "ld+json" not in kind.lower():
                value = loads(_without_escapes(text))
                yield _unfolded(value) if kind == "__NUXT_DATA__" else value
        elif call := _NUXT.search(text):
            yield _called(text, call)
        elif variable := _VARIABLE.search(text):
            yield loads(text[variable.end() :])
        elif parsed := _PARSED.search(text):
            yield _parsed(text[parsed.end() :], is_quoted=parsed[1] is not None)


def _parsed(text: str, *, is_quoted: bool) -> Any:
    """The value of JSON.parse("..."), which may be a text of percent signs."""
    try:
        inside = _DECODER.raw_decode(text)[0]
    except ValueError:
        return None
    return loads(unquote(inside) if is_quoted else inside) if isinstance(inside, str) else None


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
    given = loads(f"[{arguments.rpartition('))')[0].replace('void 0', 'null')}]")
    if not closed or not isinstance(given, list):
        return None
    names = dict(zip((name.strip() for name in call[1].split(",")), given, strict=False))

    def placed(match: re.Match[str]) -> str:
        if match[2] not in names:
            return match[0]
        return match[1] + json.dumps(names[match[2]], ensure_ascii=False)

    return loads(_ARGUMENT.sub(placed, literal))


def _next_rows(scripts: list[tuple[str, str]]) -> Iterator[Any]:
    """The values of the React rows that self.__next_f.push() brings; a row may be cut over several pushes.

    A row is "<hex id>:<JSON>" up to the end of the line, or "<hex id>:T<hex length in bytes>,<text>": a long string,
    which other rows name as "$<hex id>" and which is put in their place here.
    """
    stream = bytearray()
    for _, text in scripts:
        for push in _ROW.finditer(text):
            chunk = loads(text[push.end() :])
            if isinstance(chunk, list) and len(chunk) > 1 and isinstance(chunk[1], str):
                stream += chunk[1].encode("utf-8", "replace")
    rows: list[Any] = []
    texts: dict[str, str] = {}
    at = 0
    while head := _ROW_HEAD.match(stream, at):
        if head[2] is not None:
            end = head.end() + int(head[2], 16)
            texts["$" + head[1].decode()] = stream[head.end() : end].decode("utf-8", "replace")
            at = end
        else:
            end = stream.find(b"\n", head.end())
            end = len(stream) if end < 0 else end
            if bytes(stream[head.end() : head.end() + 1]) in (b"[", b"{"):
                rows.append(loads(stream[head.end() : end].decode("utf-8", "replace")))
            at = end
    for row in rows:
        for node in walk(row) if texts else ():
            for key, value in node.items():
                if isinstance(value, str) and value in texts:
                    node[key] = texts[value]
        yield row
