"""The body of a page: found by rules or by a finder, then judged line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.extraction.body import boilerplate, closing, hidden, opening
from newscrawl.extraction.body.finder import ContentFinder
from newscrawl.extraction.body.listing import is_listing
from newscrawl.extraction.elements.blocks import Block, kept, read, words_left
from newscrawl.extraction.elements.forms import form_boxes
from newscrawl.extraction.elements.furniture import TITLE_TAGS
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.facts.dates import Dates
from newscrawl.extraction.fields import GENERIC, RawFields
from newscrawl.extraction.layers import by_rules
from newscrawl.extraction.layers.headline import Headline
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.rules import Rules

# A block of so many words, and most of it no link, is prose: the lines around the headline end above it.
_FEWEST_WORDS_OF_PROSE, _LARGEST_LINK_SHARE = 12, 0.5
# A shorter body may be the beginning of a story that lies in a script.
_FEW_WORDS = 120
# The shortest flash: "قتيلان في حريق بالقاهرة صباحا".
_FEWEST_WORDS_OF_FLASH = 5
# Characters of a text that may be a paragraph, where nothing is weighed.
_SHORTEST_PARAGRAPH = 60

# A dateline stands in one of these.
_FIRST_LINES = 4


@dataclass(slots=True)
class Body:
    """The blocks of a body, what they were read from, and the layer that found it.

    `first_prose` is its first block of prose; `leads` stand above it, `rest` below it; `finder` looked at the page,
    None where it raised.
    """

    blocks: list[Block]
    containers: list[etree._Element]
    layer: str
    headline: Headline | None
    first_prose: Block | None
    finder: ContentFinder | None
    leads: list[Block] = field(default_factory=list)
    rest: list[Block] = field(default_factory=list)


def find(page: Page, rules: Rules | None, headline: Headline | None, fields: RawFields) -> Body:
    """The body by the publisher's rules, else as a finder sees it below the headline.

    A way that raises is noted in `fields.failures`, and gives way to the next; the last weighs nothing.
    """
    finder: ContentFinder | None = None
    with fields.spared("body"):
        shown, at = (headline.element, headline.at) if headline else (None, 0)
        finder = ContentFinder(page.outline, shown, at, page.host)
    ways = (_by_rules, _by_finder) if rules is not None else (_by_finder,)
    for way in ways:
        with fields.spared("body"):
            if body := way(page, rules, headline, finder, fields):
                return body
    body = Body([], [], GENERIC, headline, None, finder)
    with fields.spared("body"):
        body.blocks, body.containers = _largest_box(page, headline)
        body.first_prose = _first_prose(body.blocks, headline)
    return body


def _by_rules(
    page: Page, rules: Rules | None, headline: Headline | None, finder: ContentFinder | None, _: RawFields
) -> Body | None:
    if rules is None or rules.body is None:
        return None
    shown = headline.element if headline else None

    def sifted(container: etree._Element, skip: Mapping[etree._Element, Verdict]) -> list[Block]:
        return _found(container, finder, shown, page.host, skip)

    blocks, containers = by_rules.read_body(page, rules, sifted)
    if not words_left(blocks):
        return None
    return Body(blocks, containers, rules.label, headline, _first_prose(blocks, headline), finder)


def _by_finder(
    page: Page, _: Rules | None, headline: Headline | None, finder: ContentFinder | None, fields: RawFields
) -> Body | None:
    if finder is None:
        return None
    shown = headline.element if headline else None
    containers = finder.containers()
    blocks = [block for container in containers for block in _found(container, finder, shown, page.host)]
    body = Body(blocks, containers, GENERIC, headline, _first_prose(blocks, headline), finder)
    if containers:
        leads: list[etree._Element] = []
        with fields.spared("body"):
            leads = finder.beside.leads(containers[0])
            above = finder.beside.bare_leads(containers[0], page.host)
            above += [b for element in leads for b in read(element, host=page.host)]
            body.leads = opening.leads(above, blocks, fields)
        with fields.spared("body"):
            below = finder.beside.rest(containers[-1], leads)
            body.rest = [b for element in below for b in read(element, host=page.host)]
    return body


def _largest_box(page: Page, headline: Headline | None) -> tuple[list[Block], list[etree._Element]]:
    """What the box with the most text in paragraphs shows, and the box."""
    sizes: Counter[etree._Element] = Counter()
    for text, element in page.texts:
        if len(text) >= _SHORTEST_PARAGRAPH:
            around = element.getparent()
            sizes[element if around is None or element.tag != "p" else around] += len(text)
    if not sizes:
        return [], []
    box = max(sizes, key=sizes.__getitem__)
    return read(box, headline=headline.element if headline else None, host=page.host), [box]


def _found(
    container: etree._Element,
    finder: ContentFinder | None,
    shown: etree._Element | None,
    host: str,
    skip: Mapping[etree._Element, Verdict] = MappingProxyType({}),
) -> list[Block]:
    others = {**(finder.others if finder is not None else {}), **skip}
    blocks = read(container, form_boxes(container) | others, headline=shown, host=host)
    if not any(b.dropped is None and b.kind != "heading" and b.words >= _FEWEST_WORDS_OF_FLASH for b in blocks):
        blocks = read(container, others, headline=shown, host=host)  # its only box holds a form, too
    return blocks


def _first_prose(blocks: list[Block], headline: Headline | None) -> Block | None:
    """The first block of prose, which the headline is not, however long."""
    shown = set(headline.element.iter()) | set(headline.element.iterancestors(*TITLE_TAGS)) if headline else set()
    title = fold(headline.text) if headline else ""
    for block in blocks:
        is_long = block.words >= _FEWEST_WORDS_OF_PROSE and block.link_share < _LARGEST_LINK_SHARE
        if block.dropped is None and is_long and block.element not in shown and fold(block.text) != title:
            return block
    return None


def judge(
    body: Body,
    page: Page,
    node: dict[str, Any] | None,
    fields: RawFields,
    dates: Dates,
    *,
    title: str | None,
    site_names: frozenset[str],
    learned: Container[str],
) -> None:
    """Gives every block its verdict, and offers what lines around the story say of it.

    Where the page's tree holds no story, or not the whole, its blocks become those of a text in scripts or JSON-LD.
    A step that raises is noted in `fields.failures` and left out.
    `title` is the headline; `site_names` and `learned` are folded.
    """
    inside, blocks = body.blocks, body.leads + body.blocks + body.rest
    captions = [str(offer.value) for offer in (*fields.of("caption"), *fields.of("any_caption"))]
    # The publisher's own rule says what the story is.
    recurring = learned if body.layer == GENERIC else ()
    has_sentence = True
    with fields.spared("body"):
        opening.read_last_lines(inside, fields)
    with fields.spared("body"):
        if body.rest:
            closing.drop(kept(inside), site_names)
    with fields.spared("body"):
        boilerplate.sift(blocks, title=title, captions=captions, site_names=site_names, learned=recurring)
    with fields.spared("body"):
        is_led = bool(kept(body.leads))
        has_sentence = body.layer != GENERIC or opening.drop_preamble(inside, fields, is_led=is_led)
    with fields.spared("body"):
        opening.read_lines(inside, body.headline.element if body.headline else None, fields)
    with fields.spared("body"):
        if words_left(blocks) < _FEW_WORDS or not has_sentence:
            blocks, body.layer = hidden.read_instead(page, node, blocks, body.layer, title, captions)
    with fields.spared("body"):
        if body.layer == GENERIC and node is None and is_listing(page, body.headline, blocks):
            for block in kept(blocks):
                block.dropped = Verdict.LISTING
    fields.offer("opening", [block.text for block in blocks if block.kind != "furniture"][:_FIRST_LINES], GENERIC)
    with fields.spared("body"):
        if body.layer == GENERIC:
            opening.trim(blocks, dates, fields)
    body.blocks = blocks


def coverage(body: Body) -> float | None:
    """The share that a judged story has of the page's sentences outside furniture; None where there is none."""
    return body.finder.coverage(body.blocks) if body.finder is not None else None
