"""The three layers put together: what a page says of itself, by rules, by metadata, by what a reader sees."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from html import unescape

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.extraction.body import boilerplate, hidden, opening
from newscrawl.extraction.body.finder import ContentFinder
from newscrawl.extraction.elements.blocks import Block, form_boxes, read, words_left
from newscrawl.extraction.elements.furniture import TITLE_TAGS
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.fields import GENERIC, RawFields
from newscrawl.extraction.layers import by_rules, json_ld, metadata, pictures
from newscrawl.extraction.layers.headline import Headline
from newscrawl.extraction.layers.site_names import site_names
from newscrawl.extraction.layers.visible import Surroundings
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.source import Source

_FEWEST_WORDS, _FEW_WORDS, _FEWEST_WORDS_OF_FLASH = 12, 60, 5
_BOX_TAGS = frozenset({"section", "aside", "ul", "nav", "form"})


@dataclass(slots=True)
class Reading:
    """What the layers found: the offers for every field, and all blocks of the body with their verdicts."""

    fields: RawFields
    blocks: list[Block]
    body_layer: str | None
    captions: list[str] = field(default_factory=list)
    site_names: frozenset[str] = frozenset()

    @property
    def story(self) -> list[Block]:
        """The blocks of the story, in order."""
        return boilerplate.kept(self.blocks)

    @property
    def candidates(self) -> list[Block]:
        """The story's blocks and those that only the crawl's memory took out."""
        return [b for b in self.blocks if b.dropped in (None, Verdict.LEARNED)]


def read_page(
    page: Page,
    source: Source | None = None,
    *,
    generic: bool = False,
    day: date | None = None,
    learned: Container[str] = (),
) -> Reading:
    """Runs the layers over a page. `day` chooses the version of the rules; `generic` leaves them out."""
    rules = None if generic or source is None or day is None else source.rules_on(day)
    fields = RawFields()
    if rules is not None:
        by_rules.read_fields(page, rules, fields)
    node = json_ld.story_node(page)
    metadata.read(page, node, fields)
    claims = [unescape(unescape(str(offer.value))) for offer in fields.of("title")]
    if page.title:
        claims.append(page.title)
    names = site_names(page, node, source)
    surroundings = Surroundings(page, claims, names)
    headline = surroundings.headline
    shown = headline.element if headline else None
    blocks: list[Block] = []
    containers: list[etree._Element] = []
    leads: list[Block] = []
    layer: str | None = None
    if rules is not None and rules.body is not None:
        blocks, containers = by_rules.read_body(page, rules)
        layer = rules.label
    if words_left(blocks) == 0:
        finder = ContentFinder(page.outline, shown, headline.at if headline else 0, page.host)
        containers = finder.containers()
        for container in containers:
            skip = finder.others
            found = read(container, form_boxes(container) | skip, headline=shown, host=page.host)
            if not any(b.dropped is None and b.kind != "heading" and b.words >= _FEWEST_WORDS_OF_FLASH for b in found):
                found = read(container, skip, headline=shown, host=page.host)  # its only box holds a form, too
            blocks += found
        if containers:
            above = [b for element in finder.leads(containers[0]) for b in read(element, host=page.host)]
            leads = opening.leads(above, blocks, fields)
        layer = GENERIC
    # Byline, date and picture may stand below a lead.
    first_prose = _first_prose(blocks, headline)
    surroundings.read(fields, first_prose)
    opening.read_last_lines(blocks, fields)
    blocks = leads + blocks
    captions = [str(offer.value) for offer in (*fields.of("caption"), *fields.of("any_caption"))]
    title = headline.text if headline else next(iter(claims), None)
    boilerplate.sift(blocks, title=title, captions=captions, site_names=names, learned=learned)
    has_sentence = True
    if layer == GENERIC:
        has_sentence = opening.drop_preamble(blocks, fields)
    opening.read_lines(blocks, shown, fields)
    if words_left(blocks) < _FEW_WORDS or not has_sentence:
        blocks, layer = hidden.read_instead(page, node, blocks, layer, title, captions)
    claimed = next(filter(None, (page.absolute(str(offer.value)) for offer in fields.of("image"))), None)
    first = pictures.lead(page, claimed, shown, first_prose.element if first_prose else None)
    boxes = {b.element for b in blocks if b.kind == "furniture" and b.element.tag in _BOX_TAGS}
    others = pictures.in_body(page, containers, first, boxes)
    fields.offer("pictures", [first, *others] if first else others, GENERIC)
    return Reading(fields, blocks, layer if boilerplate.kept(blocks) else None, captions, names)


def _first_prose(blocks: list[Block], headline: Headline | None) -> Block | None:
    """The first block of prose, which the headline is not, however long."""
    shown = set(headline.element.iter()) | set(headline.element.iterancestors(*TITLE_TAGS)) if headline else set()
    title = fold(headline.text) if headline else ""
    for block in blocks:
        is_prose = block.dropped is None and block.words >= _FEWEST_WORDS and block.link_share < 0.5
        if is_prose and block.element not in shown and fold(block.text) != title:
            return block
    return None
