"""Stories that a page's tree does not hold, or not whole: of the texts that it carries unseen, which one is read."""

from __future__ import annotations

from typing import Any

from newscrawl.arabic import fold
from newscrawl.extraction.body import boilerplate
from newscrawl.extraction.body.carriers import Carried, carried
from newscrawl.extraction.elements.blocks import Block, kept, words_left
from newscrawl.extraction.elements.fragments import markup_blocks
from newscrawl.extraction.fields import EMBEDDED, JSON_LD
from newscrawl.extraction.layers import json_ld
from newscrawl.extraction.page.page import Page

_FEWEST_WORDS = 12
# What is far longer than the next longest is the story; a story speaks of what its headline says.
_FAR_LONGER, _FEWEST_SHARED = 3, 2
_SHORTEST_STEM, _LONGEST_STEM = 3, 4


def read_instead(
    page: Page,
    node: dict[str, Any] | None,
    blocks: list[Block],
    layer: str,
    title: str | None,
    captions: list[str],
) -> tuple[list[Block], str]:
    """The blocks and their layer, as given or as a longer text that lies in scripts or in JSON-LD gives them.

    What the page shows of a story stays before a text that goes on with it.
    """
    best, best_words, best_layer = blocks, words_left(kept(blocks)), layer
    shown = [block for block in kept(blocks) if block.words >= _FEWEST_WORDS]
    for markup, name, is_named in _texts(page, node, title):
        candidate = markup_blocks(markup)
        boilerplate.sift(candidate, title=title, captions=captions)
        found = kept(candidate)
        told = "\n".join(fold(block.text) for block in found)
        is_rest = bool(shown) and not is_named and not any(fold(block.text) in told for block in shown)
        words = words_left(found) + (words_left(shown) if is_rest else 0)
        if words > max(2 * best_words, _FEWEST_WORDS):
            best, best_words, best_layer = [*shown, *candidate] if is_rest else candidate, words, name
    return best, best_layer


def _texts(page: Page, node: dict[str, Any] | None, title: str | None) -> list[tuple[str, str, bool]]:
    """(markup or text, layer, whether it is sure to be the whole story): of what names the headline, else the text that
    is far longer than the rest; then JSON-LD."""
    found = list(carried(page, title))
    texts = [(text.markup, EMBEDDED, True) for text in found if text.is_named]
    texts += [(markup, EMBEDDED, False) for markup in _outstanding(found, title)]
    body = json_ld.article_body(node)
    return [*texts, (body, JSON_LD, True)] if body else texts


def _outstanding(found: list[Carried], title: str | None) -> list[str]:
    """The text that is far longer than the next longest, if it speaks of what the headline says."""
    longest = sorted({text.markup for text in found}, key=len)[-2:]
    if not longest or (len(longest) > 1 and len(longest[-1]) < _FAR_LONGER * len(longest[0])):
        return []
    stems = {word.removeprefix("ال")[:_LONGEST_STEM] for word in fold(title or "").split()}
    wanted = {stem for stem in stems if len(stem) >= _SHORTEST_STEM}
    text = fold(longest[-1])
    return longest[-1:] if sum(stem in text for stem in wanted) >= min(_FEWEST_SHARED, len(wanted)) else []
