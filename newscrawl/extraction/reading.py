"""The layers put together: what a page says of itself, by rules, by metadata, by what a reader sees; read once."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newscrawl.arabic.references import unescape
from newscrawl.extraction.body import story
from newscrawl.extraction.elements.blocks import Block, kept
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.facts import zones
from newscrawl.extraction.facts.date_lines import DateContext
from newscrawl.extraction.facts.dates import Dates
from newscrawl.extraction.fields import GENERIC, RawFields
from newscrawl.extraction.layers import by_rules, framework, json_ld, metadata, pictures
from newscrawl.extraction.layers.headline import Headline, HeadlineFinder
from newscrawl.extraction.layers.site_names import site_names
from newscrawl.extraction.layers.visible import Surroundings
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.source import Source

_BOX_TAGS = frozenset({"section", "aside", "ul", "nav", "form"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What extraction found, final: the offers for every field, and all blocks of the body with their verdicts.

    `fields` are closed; `dates` reads its offers; `site_names` (folded) are how the site calls itself; `coverage` is
    the share that the story has of the page's sentences outside furniture, None where there is none.
    """

    fields: RawFields
    blocks: tuple[Block, ...]
    body_layer: str | None
    dates: Dates
    site_names: frozenset[str]
    coverage: float | None

    @property
    def story(self) -> list[Block]:
        """The blocks of the story, in order."""
        return kept(self.blocks)

    @property
    def candidates(self) -> list[Block]:
        """The story's blocks and those that only the crawl's memory took out."""
        return [b for b in self.blocks if b.dropped in (None, Verdict.LEARNED)]


def read_page(
    page: Page,
    source: Source | None = None,
    *,
    now: datetime,
    generic: bool = False,
    learned: Container[str] = (),
) -> Reading:
    """Runs the layers over a page, and judges every block of its body. A part that raises is left out, and noted in
    the failures of the reading's fields.

    `now` (aware) is when the page was fetched: it chooses the version of the rules, and relative dates count from it.
    `generic` leaves the rules out; `learned` holds the folded lines that recur on the publisher's pages.
    """
    rules = None if generic or source is None else source.rules_on(now.date())
    fields = RawFields()
    with fields.spared("rules"):
        if rules is not None:
            by_rules.read_fields(page, rules, fields)
    node: dict[str, Any] | None = None
    with fields.spared("json_ld"):
        node = json_ld.story_node(page)
    with fields.spared("metadata"):
        metadata.read(page, node, fields)
    claims = [unescape(unescape(str(offer.value))) for offer in fields.of("title")]
    if page.title:
        claims.append(page.title)
    names: frozenset[str] = frozenset()
    with fields.spared("site_names"):
        names = site_names(page, node, source)
    headline: Headline | None = None
    with fields.spared("headline"):
        headline = HeadlineFinder(page, claims, names).find()
    with fields.spared("framework"):
        framework.read(page, headline.text if headline else None, fields)
    body = story.find(page, rules, headline, fields)
    # Byline, date and picture may stand below a lead.
    with fields.spared("surroundings"):
        Surroundings(page, headline, names).read(fields, body.first_prose)
    with fields.spared("images"):
        fields.offer("pictures", _pictures(page, body, fields), GENERIC)
    title = headline.text if headline else next(iter(claims), None)
    dates = Dates(fields, page.url, _date_context(page, source, now))
    story.judge(body, page, node, fields, dates, title=title, site_names=names, learned=learned)
    coverage: float | None = None
    with fields.spared("coverage"):
        coverage = story.coverage(body)
    fields.close()
    layer = body.layer if kept(body.blocks) else None
    return Reading(fields, tuple(body.blocks), layer, dates, names, coverage)


def _pictures(page: Page, body: story.Body, fields: RawFields) -> list[pictures.Picture]:
    claimed = next(filter(None, (page.absolute(str(offer.value)) for offer in fields.of("image"))), None)
    shown = body.headline.element if body.headline else None
    first = pictures.lead(page, claimed, shown, body.first_prose.element if body.first_prose else None)
    boxes = {b.element for b in body.blocks if b.kind == "furniture" and b.element.tag in _BOX_TAGS}
    others = pictures.in_body(page, body.containers, first, boxes)
    if first is None and (told := page.links("image_src")) and (url := page.absolute(told[0])):
        first = pictures.Picture(url, None, None)
    return [first, *others] if first else others


def _date_context(page: Page, source: Source | None, now: datetime) -> DateContext:
    if source is None:
        return DateContext(now, zones.zone_of(page.host))
    zone = source.publisher.timezone if source.zone_is_known else None
    return DateContext(now, zone, source.false_utc, source.month_first)
