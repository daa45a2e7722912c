"""How much of a page's prose its story holds: what stands outside furniture and was not taken shows a half reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lxml import etree

from newscrawl.extraction.elements.blocks import INLINE_TAGS, Block
from newscrawl.extraction.elements.prose import Prose

#: Characters, pauses weighed in, of the shortest text that counts as a sentence (see prose.Run.weight).
LEAST_SENTENCE = 60.0


def coverage(prose: Prose, is_aside: Callable[[etree._Element], bool], blocks: Iterable[Block]) -> float | None:
    """The share, 0 to 1, that the story has of the characters of all sentences outside furniture, cards and comments.

    None where the page has no sentence. `blocks` are all that were judged; what a net took counts as looked at.
    """
    told = sum(len(block.text) for block in blocks if block.dropped is None)
    seen: set[etree._Element] = set()
    for block in blocks:
        for element in (block.element, block.shown_by):
            while element is not None and element.tag in INLINE_TAGS and element not in prose.runs:
                element = prose.parents.get(element)
            if element is not None:
                seen.add(element)
                if block.kind == "furniture":
                    seen.update(inner for inner in element.iter() if inner in prose.runs)
    missed = (
        run.prose
        for element, run in prose.runs.items()
        if run.weight >= LEAST_SENTENCE and element not in seen and element not in prose.early and not is_aside(element)
    )
    whole = told + sum(missed)
    return told / whole if whole else None
