"""Where a page carries text that its tree does not show: framework data, attributes, templates in scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

from newscrawl.arabic import fold
from newscrawl.extraction.body import editor_blocks
from newscrawl.extraction.elements.fragments import MARKUP
from newscrawl.extraction.page import embedded
from newscrawl.extraction.page.page import Page

_SHORTEST_TEXT, _FEWEST_ELEMENTS = 200, 2
_ARABIC = re.compile(r"[\u0621-\u064a]")
_TEMPLATES = ("text/template", "text/html", "text/x-template", "text/x-handlebars", "text/ng-template")
_PROSE_TAGS = frozenset({"p", "h2", "h3", "h4", "li", "blockquote"})
_MAX_DEPTH = 30


class Carried(NamedTuple):
    """A text as markup; `is_named` where what holds it names the page's headline."""

    markup: str
    is_named: bool


def carried(page: Page, title: str | None) -> Iterator[Carried]:
    """The texts that a page carries unseen, in the order of the page."""
    key = fold(title or "")
    for value in page.states:
        yield from _in_data(value, key)
    for element in page.root.iter():
        if not isinstance(element.tag, str) or element.tag in ("meta", "script", "style"):
            continue
        values: Any = element.values()
        for text in values:
            if len(text) <= _SHORTEST_TEXT or not _ARABIC.search(text):
                continue
            if text.lstrip().startswith(("{", "[")):
                yield from _in_data(embedded.loads(text), key)
            elif MARKUP.search(text):
                yield Carried(text, bool(key) and any(fold(v) == key for v in values if len(v) < _SHORTEST_TEXT))
    for kind, text in page.scripts:
        if kind.lower() in _TEMPLATES and _is_markup(text):
            yield Carried(text, False)


def _in_data(value: Any, key: str) -> Iterator[Carried]:
    for holder in embedded.walk(value):
        texts = [text for text in holder.values() if isinstance(text, str) and _is_markup(text)]
        is_story = bool(key) and any(isinstance(v, str) and fold(v) == key for v in holder.values())
        if is_story and not texts and len(markup := editor_blocks.markup_of(holder)) > _SHORTEST_TEXT:
            texts = [markup]
        if not texts and len(markup := _of_elements(holder.get("children"))) > _SHORTEST_TEXT:
            texts = [markup]
        yield from (Carried(text, is_story) for text in texts)


def _is_markup(text: str) -> bool:
    return len(text) > _SHORTEST_TEXT and bool(MARKUP.search(text)) and bool(_ARABIC.search(text))


def _of_elements(children: Any) -> str:
    """The paragraphs among React elements, ["$", tag, key, {"children": ...}], as markup."""
    if not isinstance(children, list):
        return ""
    paragraphs = [child for child in children if _tag(child) in _PROSE_TAGS]
    if len(paragraphs) < _FEWEST_ELEMENTS:
        return ""
    return "".join(f"<{_tag(p)}>{escape(_text(p), quote=False)}</{_tag(p)}>" for p in paragraphs)


def _tag(element: Any) -> str | None:
    is_element = isinstance(element, list) and len(element) > 3 and element[0] == "$" and isinstance(element[1], str)
    return element[1] if is_element else None


def _text(value: Any, depth: int = 0) -> str:
    if isinstance(value, str):
        return value
    if depth > _MAX_DEPTH:
        return ""
    if _tag(value) is not None:
        return _text(value[3].get("children"), depth + 1) if isinstance(value[3], dict) else ""
    return "".join(_text(child, depth + 1) for child in value) if isinstance(value, list) else ""
