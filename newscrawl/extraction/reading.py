"""The layers put together: what a page says of itself, by rules, by metadata, by what a reader sees; read once."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.extraction.body import boilerplate, closing, hidden, opening
from newscrawl.extraction.body.finder import ContentFinder
from newscrawl.extraction.elements.blocks import Block, kept, read, words_left
from newscrawl.extraction.elements.forms import form_boxes
from newscrawl.extraction.elements.furniture import TITLE_TAGS
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.facts import zones
from newscrawl.extraction.facts.date_lines import DateContext
from newscrawl.extraction.facts.dates import Dates
from newscrawl.extraction.fields import GENERIC, RawFields
from newscrawl.extraction.layers import by_rules, json_ld, metadata, pictures
from newscrawl.extraction.layers.headline import Headline
from newscrawl.extraction.layers.site_names import site_names
from newscrawl.extraction.layers.visible import Surroundings
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Source

# A block of so many words, and most of it no link, is prose: the lines around the headline end above it.
_FEWEST_WORDS_OF_PROSE, _LARGEST_LINK_SHARE = 12, 0.5
# A shorter body may be the beginning of a story that lies in a script.
_FEW_WORDS = 120
# The shortest flash: "قتيلان في حريق بالقاهرة صباحا".
_FEWEST_WORDS_OF_FLASH = 5
# A dateline stands in one of these.
_FIRST_LINES = 4
_BOX_TAGS = frozenset({"section", "aside", "ul", "nav", "form"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What extraction found, final: the offers for every field, and all blocks of the body with their verdicts.

    `fields` are closed; `dates` reads its offers; `site_names` (folded) are how the site calls itself.
    """

    fields: RawFields
    blocks: tuple[Block, ...]
    body_layer: str | None
    dates: Dates
    site_names: frozenset[str]

    @property
    def story(self) -> list[Block]:
        """The blocks of the story, in order."""
        return kept(self.blocks)

    @property
    def candidates(self) -> list[Block]:
        """The story's blocks and those that only the crawl's memory took out."""
        return [b for b in self.blocks if b.dropped in (None, Verdict.LEARNED)]


@dataclass(slots=True)
class _Body:
    """The blocks of a body, what it was read from, the layer that found it, and the blocks above and below it."""

    blocks: list[Block]
    containers: list[etree._Element]
    layer: str
    leads: list[Block] = field(default_factory=list)
    rest: list[Block] = field(default_factory=list)


def read_page(
    page: Page,
    source: Source | None = None,
    *,
    now: datetime,
    generic: bool = False,
    learned: Container[str] = (),
) -> Reading:
    """Runs the layers over a page, and judges every block of its body.

    `now` (aware) is when the page was fetched: it chooses the version of the rules, and relative dates count from it.
    `generic` leaves the rules out; `learned` holds the folded lines that recur on the publisher's pages.
    """
    rules = None if generic or source is None else source.rules_on(now.date())
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
    body = _body(page, rules, headline, fields)
    # Byline, date and picture may stand below a lead.
    first_prose = _first_prose(body.blocks, headline)
    surroundings.read(fields, first_prose)
    opening.read_last_lines(body.blocks, fields)
    blocks, layer = body.leads + body.blocks + body.rest, body.layer
    captions = [str(offer.value) for offer in (*fields.of("caption"), *fields.of("any_caption"))]
    title = headline.text if headline else next(iter(claims), None)
    if body.rest:
        closing.drop(kept(body.blocks), names)
    boilerplate.sift(blocks, title=title, captions=captions, site_names=names, learned=learned)
    is_led = bool(kept(body.leads))
    has_sentence = layer != GENERIC or opening.drop_preamble(body.blocks, fields, is_led=is_led)
    opening.read_lines(body.blocks, shown, fields)
    if words_left(blocks) < _FEW_WORDS or not has_sentence:
        blocks, layer = hidden.read_instead(page, node, blocks, layer, title, captions)
    claimed = next(filter(None, (page.absolute(str(offer.value)) for offer in fields.of("image"))), None)
    first = pictures.lead(page, claimed, shown, first_prose.element if first_prose else None)
    boxes = {b.element for b in blocks if b.kind == "furniture" and b.element.tag in _BOX_TAGS}
    others = pictures.in_body(page, body.containers, first, boxes)
    fields.offer("pictures", [first, *others] if first else others, GENERIC)
    above = [block.text for block in blocks if block.kind != "furniture"][:_FIRST_LINES]
    fields.offer("opening", above, GENERIC)
    dates = Dates(fields, page.url, _date_context(page, source, now))
    if layer == GENERIC:
        opening.trim(blocks, dates, fields)
    fields.close()
    return Reading(fields, tuple(blocks), layer if kept(blocks) else None, dates, names)


def _body(page: Page, rules: Rules | None, headline: Headline | None, fields: RawFields) -> _Body:
    """The body by the publisher's rules, else as a finder sees it."""
    if rules is not None and rules.body is not None:
        blocks, containers = by_rules.read_body(page, rules)
        if words_left(blocks):
            return _Body(blocks, containers, rules.label)
    shown, at = (headline.element, headline.at) if headline else (None, 0)
    finder = ContentFinder(page.outline, shown, at, page.host)
    containers = finder.containers()
    blocks = [block for container in containers for block in _found(container, finder, shown, page.host)]
    leads: list[Block] = []
    rest: list[Block] = []
    if containers:
        above = [b for element in finder.beside.leads(containers[0]) for b in read(element, host=page.host)]
        leads = opening.leads(above, blocks, fields)
        rest = [b for element in finder.beside.rest(containers[-1]) for b in read(element, host=page.host)]
    return _Body(blocks, containers, GENERIC, leads, rest)


def _found(container: etree._Element, finder: ContentFinder, shown: etree._Element | None, host: str) -> list[Block]:
    others = finder.others
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


def _date_context(page: Page, source: Source | None, now: datetime) -> DateContext:
    if source is None:
        return DateContext(now, zones.zone_of(page.host))
    return DateContext(now, source.publisher.timezone, source.false_utc, source.month_first)
