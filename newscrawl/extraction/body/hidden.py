"""Stories that a page's tree does not hold, or not whole: texts in framework data and in JSON-LD."""

from __future__ import annotations

import re
from typing import Any

from newscrawl.arabic import fold
from newscrawl.extraction.body import boilerplate, editor_blocks
from newscrawl.extraction.elements.blocks import Block, kept, words_left
from newscrawl.extraction.elements.fragments import MARKUP, markup_blocks
from newscrawl.extraction.fields import EMBEDDED, JSON_LD
from newscrawl.extraction.layers import json_ld
from newscrawl.extraction.page import embedded
from newscrawl.extraction.page.page import Page

_FEWEST_WORDS = 12
_SHORTEST_TEXT = 200
_ARABIC = re.compile(r"[\u0621-\u064a]")


def read_instead(
    page: Page,
    node: dict[str, Any] | None,
    blocks: list[Block],
    layer: str,
    title: str | None,
    captions: list[str],
) -> tuple[list[Block], str]:
    """The blocks and their layer, as given or as a longer text that lies in scripts or in JSON-LD gives them."""
    best, best_words, best_layer = blocks, words_left(kept(blocks)), layer
    for markup, name in _texts(page, node, title, is_shown=best_words >= _FEWEST_WORDS):
        candidate = markup_blocks(markup)
        boilerplate.sift(candidate, title=title, captions=captions)
        words = words_left(kept(candidate))
        if words > max(2 * best_words, _FEWEST_WORDS):
            best, best_words, best_layer = candidate, words, name
    return best, best_layer


def _texts(page: Page, node: dict[str, Any] | None, title: str | None, *, is_shown: bool) -> list[tuple[str, str]]:
    """Texts with markup in framework data: of the object that names the headline, else one far longer than the rest.

    With `is_shown` the page shows some text itself, and only what names the headline may stand for more of it.
    """
    key = fold(title or "")
    named: list[str] = []
    others: list[str] = []
    for value in page.states:
        for holder in embedded.walk(value):
            texts = _markup_in(holder)
            is_story = key and any(isinstance(v, str) and fold(v) == key for v in holder.values())
            if is_story and not texts and len(markup := editor_blocks.markup_of(holder)) > _SHORTEST_TEXT:
                texts = [markup]
            (named if is_story else others).extend(texts)
    if not named and not is_shown:
        named = sorted(set(others), key=len)[-2:]
        named = named[-1:] if len(named) < 2 or len(named[-1]) >= 3 * len(named[0]) else []
    body = json_ld.article_body(node)
    return [*((text, EMBEDDED) for text in named), *([(body, JSON_LD)] if body else [])]


def _markup_in(holder: dict[str, Any]) -> list[str]:
    texts = [value for value in holder.values() if isinstance(value, str) and len(value) > _SHORTEST_TEXT]
    return [text for text in texts if MARKUP.search(text) and _ARABIC.search(text)]
