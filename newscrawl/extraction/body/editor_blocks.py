"""Stories that lie in scripts as an editor's typed blocks: Editor.js, ProseMirror, Slate, Sanity, Contentful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

_KIND_KEYS = ("type", "_type", "nodeType", "blockType", "kind")
_PROSE = frozenset(
    "paragraph text block header heading quote blockquote list listitem list-item ordered-list unordered-list "
    "bulletlist orderedlist p h2 h3 h4 heading-2 heading-3 heading-4 richtext rich-text html".split()
)
_HOLDERS = frozenset("doc document root body article section div fragment post story content news newsarticle".split())
_TITLE_KEYS = frozenset({"title", "headline"})
_TEXT_KEYS = ("text", "value", "html", "content", "children", "data", "items", "content_html")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_MAX_DEPTH = 30


def markup_of(story: dict[str, Any]) -> str:
    """The typed blocks below a story's object as paragraphs of HTML, in order; "" where it holds none.

    Blocks of other types (images, embeds, related stories) and objects with a title of their own are left out.
    """
    lines = [line for value in story.values() if isinstance(value, list | dict) for line in _lines(value, 0)]
    return "".join(f"<p>{line if _TAG.search(line) else escape(line, quote=False)}</p>" for line in lines)


def _lines(value: Any, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for member in value:
            yield from _lines(member, depth + 1)
    elif isinstance(value, dict):
        kind = _kind(value)
        if kind in _PROSE:
            yield from _texts(value, depth)
        elif (kind is None or kind in _HOLDERS) and not _TITLE_KEYS & value.keys():
            for member in value.values():
                if isinstance(member, list | dict):
                    yield from _lines(member, depth + 1)


def _kind(node: dict[str, Any]) -> str | None:
    for key in _KIND_KEYS:
        kind = node.get(key)
        if isinstance(kind, str):
            return kind.lower()
    return None


def _texts(node: dict[str, Any], depth: int) -> Iterator[str]:
    """The lines of one block: an item of a list each, all inline pieces of anything else together."""
    is_list = "list" in (_kind(node) or "") and "item" not in (_kind(node) or "")
    for key in _TEXT_KEYS:
        value = node.get(key)
        if isinstance(value, dict):
            value = next((value[k] for k in _TEXT_KEYS if k in value), None)
        if is_list and isinstance(value, list):
            lines = [_joined(member, depth) for member in value]
        else:
            lines = [_joined(value, depth)]
        lines = [line.strip() for line in lines if line.strip()]
        if lines:
            yield from lines
            return


def _joined(value: Any, depth: int) -> str:
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_joined(member, depth + 1) for member in value)
    if isinstance(value, dict):
        return next((text for key in _TEXT_KEYS if key in value and (text := _joined(value[key], depth + 1))), "")
    return ""
