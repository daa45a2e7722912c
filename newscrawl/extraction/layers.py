"""The three layers put together: what a page says of itself, by rules, by metadata, by what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from html import escape, unescape
from typing import Any

from lxml import etree, html

from newscrawl.arabic import fold, parse_byline
from newscrawl.extraction import boilerplate, editor_blocks, embedded, metadata, pictures, selectors
from newscrawl.extraction.blocks import Block, form_boxes, read, text_of
from newscrawl.extraction.body import ContentFinder
from newscrawl.extraction.fields import RawFields
from newscrawl.extraction.headline import Headline
from newscrawl.extraction.lines import EXCLUSIVE, LINE_PARTS, TOWN_AND_NAME, is_byline
from newscrawl.extraction.page import Page
from newscrawl.extraction.rules import Embedded, Rules, Selector
from newscrawl.extraction.source import Source
from newscrawl.extraction.visible import GENERIC, Surroundings

_LISTS = frozenset({"authors", "tags"})
_TEXTS = ("title", "subtitle", "authors", "dateline", "section", "tags", "image", "caption", "published", "modified")
_FEWEST_WORDS, _FEW_WORDS = 12, 60
_FEWEST_VERSES, _FEWEST_WORDS_OF_FLASH = 8, 5
_FEWEST_WORDS_OF_SENTENCE, _MOST_WORDS_OF_PREAMBLE = 9, 5
_LONGEST_SITE_NAME = 5
_BOX_TAGS = frozenset({"section", "aside", "ul", "nav", "form"})
_MARKUP = re.compile(r"</p>|<br\s*/?>|</div>", re.IGNORECASE)
# "الجمعة 10 جمادى الآخرة 1448هـ - 20 نوفمبر 2026م - العدد 21345": a printed paper's head.
_TWO_CALENDARS = re.compile(r"\b1[34]\d\d\s*هـ?\b.{0,40}\b(?:19|20)\d\d")
_CLOCK, _FEWEST_ENTRIES = re.compile(r"\d{1,2}[:.]\d{2}(?:\s*\S{1,6})?$"), 3
_SITE_WORD = re.compile(r"\s*(?:وكالة|صحيفة|جريدة|موقع|قناة|شبكة|بوابة|إذاعة|مجلة|يومية|تلفزيون)\s")
_QUESTION = re.compile(r"(?:كيف|ماذا|ما|من|هل|لماذا|لم|متى|أين|كم|أي|بماذا|بم)\s")
_ARABIC = re.compile(r"[\u0621-\u064a]")


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
        return [b for b in self.blocks if b.dropped in (None, boilerplate.LEARNED)]


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
        _read_rules(page, rules, fields)
    node = metadata.story_node(page)
    metadata.read(page, node, fields)
    claims = [unescape(unescape(str(offer.value))) for offer in fields.of("title")]
    if page.title:
        claims.append(page.title)
    names = _site_names(page, node, source)
    surroundings = Surroundings(page, claims, names)
    headline = surroundings.headline
    blocks: list[Block] = []
    containers: list[etree._Element] = []
    layer: str | None = None
    if rules is not None and rules.body is not None:
        blocks, containers = _rule_blocks(page, rules)
        layer = rules.label
    if _words(blocks) == 0:
        shown = headline.element if headline else None
        finder = ContentFinder(page.outline, shown, headline.at if headline else 0, page.host)
        containers = finder.containers()
        for container in containers:
            skip = finder.cards | form_boxes(container)
            blocks += read(container, skip, headline=shown, host=page.host)
        if containers and _is_live(blocks):
            introduction = finder.introduction(containers[0])
            blocks = [b for element in introduction for b in read(element, host=page.host)] + blocks
        layer = GENERIC
    is_prose = (b.element for b in blocks if b.dropped is None and b.words >= _FEWEST_WORDS and b.link_share < 0.5)
    prose = next(is_prose, None)
    surroundings.read(fields, prose)
    captions = [str(offer.value) for offer in (*fields.of("caption"), *fields.of("any_caption"))]
    title = headline.text if headline else next(iter(claims), None)
    boilerplate.sift(blocks, title=title, captions=captions, site_names=names, learned=learned)
    has_sentence = True
    if layer == GENERIC:
        has_sentence = _drop_preamble(blocks, fields)
    _read_opening(blocks, headline, fields)
    if _words(boilerplate.kept(blocks)) < _FEW_WORDS or not has_sentence:
        blocks, layer = _fallback(page, node, blocks, layer, title, captions)
    shown = headline.element if headline else None
    claimed = next((page.absolute(str(offer.value)) for offer in fields.of("image")), None)
    first = pictures.lead(page, claimed, shown, prose)
    boxes = {b.element for b in blocks if b.kind == "furniture" and b.element.tag in _BOX_TAGS}
    others = pictures.in_body(page, containers, first, boxes)
    fields.offer("pictures", [first, *others] if first else others, GENERIC)
    return Reading(fields, blocks, layer if boilerplate.kept(blocks) else None, captions, names)


def _site_names(page: Page, node: dict[str, Any] | None, source: Source | None) -> frozenset[str]:
    """How the site calls itself, folded: og:site_name, the publisher's names, the JSON-LD publisher, the host."""
    names = [page.first_meta("og:site_name", "application-name", "apple-mobile-web-app-title") or ""]
    if node is not None:
        for key in ("publisher", "sourceOrganization"):
            holder = node.get(key)
            if isinstance(holder, dict) and isinstance(holder.get("name"), str):
                names.append(holder["name"])
    kinds = ("Organization", "NewsMediaOrganization", "WebSite")
    names += [o["name"] for o in page.json_ld if o.get("@type") in kinds and isinstance(o.get("name"), str)]
    if source is not None:
        names += [source.publisher.name, source.publisher.name_en, *source.own_names]
    names += _title_names(page)
    host = page.host.removeprefix("www.")
    names += [host, host.partition(".")[0]]
    return frozenset(folded for name in names if (folded := fold(name)))


def _title_names(page: Page) -> list[str]:
    """What <title> adds to the headline of the page: the site's names, and sections."""
    title = page.title.replace("::", "|")
    headlines = [text_of(heading) for heading in page.root.iter("h1")]
    headlines += page.meta.get("og:title", ())
    known = max((" ".join(h.split()) for h in headlines if " ".join(h.split()) in title), key=len, default="")
    if 0 < len(known) < len(title):
        parts = LINE_PARTS.split(title.replace(known, " | "))
    else:
        parts = LINE_PARTS.split(title)
        headings = set(map(fold, headlines))
        others = [part for part in parts if fold(part) not in headings]
        if len(others) == len(parts) and _SITE_WORD.match(parts[0]):
            return parts[:1]
        parts = others if len(others) < len(parts) else parts[1:]
    return [part for part in parts if part.count(" ") < _LONGEST_SITE_NAME]


def _words(blocks: list[Block]) -> int:
    return sum(b.words for b in blocks if b.dropped is None)


def _read_rules(page: Page, rules: Rules, fields: RawFields) -> None:
    for name in _TEXTS:
        for selector in rules.selectors(name):
            values = _values(page, selector)
            if name in _LISTS:
                fields.offer(name, values, rules.label)
            else:
                for value in values:
                    fields.offer(name, value, rules.label)


def _values(page: Page, selector: Selector) -> list[str]:
    if isinstance(selector, Embedded):
        found = embedded.values(page.script_values(selector.script), selector)
        return [text for value in found for text in _plain(value)]
    nodes = selectors.select(page.root, selector)
    texts = (node if isinstance(node, str) else text_of(node) for node in nodes)
    return [text for each in texts if (text := each.strip())]


def _plain(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for member in value for text in _plain(member)]
    if isinstance(value, dict):
        return _plain(value.get("name"))
    return [str(value)] if isinstance(value, str | int | float) and str(value).strip() else []


def _rule_blocks(page: Page, rules: Rules) -> tuple[list[Block], list[etree._Element]]:
    for selector in rules.selectors("body"):
        if isinstance(selector, Embedded):
            for value in embedded.values(page.script_values(selector.script), selector):
                if isinstance(value, str) and (blocks := _markup_blocks(value, rules.drop)):
                    return blocks, []
            continue
        chosen = [node for node in selectors.select(page.root, selector) if not isinstance(node, str)]
        inside = set(chosen)
        outer = [e for e in chosen if not any(a in inside for a in e.iterancestors())]
        skip = _dropped(page.root, rules.drop)
        blocks = [b for e in outer if e not in skip for b in read(e, skip, trust=True)]
        if _words(blocks):
            return blocks, outer
    return [], []


def _dropped(root: etree._Element, drop: tuple[str, ...] | list[str]) -> set[etree._Element]:
    return {node for selector in drop for node in selectors.select(root, selector) if not isinstance(node, str)}


def _markup_blocks(markup: str, drop: tuple[str, ...] | list[str] = ()) -> list[Block]:
    """The blocks of an HTML fragment that lay in a script, or of plain text whose lines are paragraphs."""
    if not _MARKUP.search(markup):
        markup = "<br>".join(escape(line) for line in markup.splitlines())
    tree = html.fragment_fromstring(markup.replace("\x00", ""), create_parent="div")
    return read(tree, _dropped(tree, drop), trust=bool(drop))


def _drop_preamble(blocks: list[Block], fields: RawFields) -> bool:
    """Drops the lines before the first sentence of a container that a finder chose: bylines, sections, counters.

    What is too long for these or asks something stays; so does all of a body without any sentence, a poem or a flash.
    Returns whether there is a sentence.
    """
    lines = boilerplate.kept(blocks)
    names = {fold(str(name)) for offer in (*fields.of("byline"), *fields.of("authors")) for name in offer.value}
    preamble = []
    is_live = _is_live(lines)
    for block in lines:
        is_long = block.words >= _FEWEST_WORDS_OF_SENTENCE and not _TWO_CALENDARS.search(block.text)
        if is_long or block.text.endswith((".", "؟", "!", "…", ":", "،")):
            break
        if (is_live and _CLOCK.match(block.text)) or _TWO_CALENDARS.search(block.text):
            continue
        if fold(block.text) in names or _is_town_and_name(block.text) or _is_preamble(block):
            preamble.append(block)
    else:
        if len(lines) >= _FEWEST_VERSES or any(block.words >= _FEWEST_WORDS_OF_FLASH for block in lines):
            return False
        preamble = lines
    for block in preamble:
        block.dropped = "preamble"
    fields.offer("town_and_name", [block.text for block in preamble], GENERIC)
    return True


def _is_town_and_name(line: str) -> bool:
    if not TOWN_AND_NAME.match(line):
        return False
    byline = parse_byline(line)
    return bool(byline.persons) and bool(byline.dateline or byline.agencies or EXCLUSIVE.search(line))


def _is_live(blocks: list[Block]) -> bool:
    """Whether the lines are entries of a live blog, each below its time of day."""
    return sum(1 for block in blocks if block.dropped is None and _CLOCK.match(block.text)) >= _FEWEST_ENTRIES


def _is_preamble(block: Block) -> bool:
    if block.kind == "heading":
        return False
    return (block.words <= _MOST_WORDS_OF_PREAMBLE or "|" in block.text) and not _QUESTION.match(block.text)


def _read_opening(blocks: list[Block], headline: Headline | None, fields: RawFields) -> None:
    """What the first lines of a container say of the story: its standfirst, its byline, its date."""
    opening = [b for b in blocks if b.kind != "furniture" and b.dropped != "before the headline"][:4]
    for block in opening:
        if headline is not None and block.kind == "heading" and block.element.getprevious() is headline.element:
            block.dropped = block.dropped or "standfirst"
            fields.offer("subtitle", block.text, GENERIC)
        elif is_byline(block.text) and block.words < 18 and not block.text.endswith((".", ":")):
            block.dropped = block.dropped or "byline"
            name, *others = LINE_PARTS.split(block.text)
            fields.offer("byline", [name], GENERIC)
            for part in others:
                fields.offer("visible_date", part, GENERIC)


def _fallback(
    page: Page,
    node: dict[str, Any] | None,
    blocks: list[Block],
    layer: str | None,
    title: str | None,
    captions: list[str],
) -> tuple[list[Block], str | None]:
    """Where the tree holds no story: text that lies in scripts, or JSON-LD's articleBody."""
    best, best_words, best_layer = blocks, _words(boilerplate.kept(blocks)), layer
    for markup, name in _hidden_texts(page, node, title, is_shown=best_words >= _FEWEST_WORDS):
        candidate = _markup_blocks(markup)
        boilerplate.sift(candidate, title=title, captions=captions)
        words = _words(boilerplate.kept(candidate))
        if words > max(2 * best_words, _FEWEST_WORDS):
            best, best_words, best_layer = candidate, words, name
    return best, best_layer


def _hidden_texts(
    page: Page, node: dict[str, Any] | None, title: str | None, *, is_shown: bool
) -> list[tuple[str, str]]:
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
            if is_story and not texts and len(markup := editor_blocks.markup_of(holder)) > 200:
                texts = [markup]
            (named if is_story else others).extend(texts)
    if not named and not is_shown:
        named = sorted(set(others), key=len)[-2:]
        named = named[-1:] if len(named) < 2 or len(named[-1]) >= 3 * len(named[0]) else []
    body = metadata.article_body(node)
    return [*((text, "embedded") for text in named), *([(body, metadata.JSON_LD)] if body else [])]


def _markup_in(holder: dict[str, Any]) -> list[str]:
    texts = [value for value in holder.values() if isinstance(value, str) and len(value) > 200]
    return [text for text in texts if _MARKUP.search(text) and _ARABIC.search(text)]
