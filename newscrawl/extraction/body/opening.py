"""The first and last lines of a body that a finder chose: dates, captions, standfirst and tools around the story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile, zip_longest

from lxml import etree

from newscrawl.arabic import fold, parse_byline
from newscrawl.arabic.agencies import place_kind, segments
from newscrawl.arabic.bylines import is_credit
from newscrawl.arabic.names import is_desk, names_in
from newscrawl.arabic.sentences import ends_sentence, pauses
from newscrawl.extraction.body import closing
from newscrawl.extraction.elements.blocks import Block, kept
from newscrawl.extraction.elements.cards import excerpts
from newscrawl.extraction.elements.roles import OwnRoles, Role, roles
from newscrawl.extraction.elements.topics import without_topics
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.elements.wording import (
    COLUMNS,
    EXCLUSIVE,
    LINE_PARTS,
    TOWN_AND_NAME,
    WRITTEN_BY,
    is_name_from_town,
    is_person,
    is_row_of_names,
    names_writer,
)
from newscrawl.extraction.facts.dates import Dates
from newscrawl.extraction.fields import GENERIC, RawFields

_FIRST, _LAST, _NAMED_BELOW = 6, 3, 4
_MOST_WORDS_OF_STAMP = 24
_NO_LEAD = Role.CAPTION | Role.AUTHOR | Role.DATE | Role.TAG | Role.CRUMB
# How an excerpt is cut.
_CUT = re.compile(r"\s*(?:\[?(?:…|\.{3})\]?|\[&hellip;\])\s*$")
_LONGEST_CAPTION = 15
_NUMBERED = re.compile(r"\d+\s*[-–.):]")
_PHOTOGRAPHER = re.compile(r"[(\[]\s*(?:تصوير|عدسة|صورة)\s*:[^()\[\]]{2,40}[)\]]\s*\.?$")
_FEWEST_VERSES, _FEWEST_WORDS_OF_FLASH = 8, 5
_FEWEST_WORDS_OF_SENTENCE, _MOST_WORDS_OF_PREAMBLE = 9, 5
# "الجمعة 10 جمادى الآخرة 1448هـ - 20 نوفمبر 2026م - العدد 21345": a printed paper's head.
_TWO_CALENDARS = re.compile(r"\b1[34]\d\d\s*هـ?\b.{0,40}\b(?:19|20)\d\d")
_FEWEST_PARTS, _MOST_WORDS_OF_PART = 3, 4
_FEWEST_ENTRIES, _FEWEST_WORDS_OF_PROSE = 3, 12
_CLOCK = re.compile(
    r"(?:[01]?\d|2[0-3])[:.][0-5]\d"
    r"(?:\s*(?:ص|م|صباحا|مساء|ظهرا|عصرا|ليلا|فجرا|GMT|جمت|ت\.?\s?غ|بتوقيت\s\S+|[AaPp][Mm]))?$"
)
# A question of an interview, a salutation, and how a statement opens.
_SPOKEN = re.compile(
    r"(?:بسم الله|السلام عليكم|معالي|سعادة|فخامة|جلالة|سماحة|سيدي|سيدتي|عزيز[يت]|أعزائي|الأخ|الأخت|السيد"
    r"|كيف|ماذا|ما|من|هل|لماذا|لم|متى|أين|كم|أي|بماذا|بم)(?:\s|$)"
)
_FIRST_PART = re.compile(r"[(\[]?\s*[1١]\s*[)\]]?[.-]?$")
_DASHES = ("- ", "• ", "– ")
_FEWEST_ROWS, _FEWEST_DASHES, _FEWEST_WORDS_OF_ITEM, _MOST_WORDS_OF_DETAIL = 3, 2, 3, 3
# A line that says of itself why it stands there: "آخر تحديث", "نشر", or a clock.
_STAMP = re.compile(r"تحديث|نشر|تعديل|:")
_NUMBERED_DAY = re.compile(r"\d\s*[\u0621-\u064a/-]")


def is_live(blocks: Iterable[Block]) -> bool:
    """Whether the lines are entries of a live blog, each below its time of day."""
    return sum(1 for block in blocks if block.dropped is None and _CLOCK.match(block.text)) >= _FEWEST_ENTRIES


def leads(found: list[Block], blocks: list[Block], fields: RawFields) -> list[Block]:
    """Of the prose that stands between the headline and a body's own `blocks` what belongs to the body.

    A heading or what a designer named so is the standfirst, and offered as such; what the body says, too, sums the
    story up in points, or stands in a box of its writer, its picture or its date is left out.
    """
    told = "\n".join(fold(block.text) for block in blocks if block.dropped is None) if found else ""
    known = OwnRoles()
    own = []
    for block in found:
        named = roles(block.element, known)
        is_point = block.text.startswith(_DASHES) or _is_stamp(block) or closing.is_biography(block.text)
        is_point = is_point or (block.words < _MOST_WORDS_OF_STAMP and is_row_of_names(block.text))
        if block.dropped or is_point or named & _NO_LEAD or fold(_CUT.sub("", block.text)) in told:
            continue
        if block.kind == "heading" or named & (Role.SUBTITLE | Role.STANDFIRST):
            fields.offer("subtitle", block.text, GENERIC)
        else:
            own.append(block)
    return own


def _is_stamp(block: Block) -> bool:
    is_short = block.words < _MOST_WORDS_OF_STAMP and not pauses(block.text)
    return is_short and bool(_STAMP.search(block.text)) and any(map(str.isdigit, block.text))


def drop_preamble(blocks: list[Block], fields: RawFields, *, is_led: bool = False) -> bool:
    """Drops the lines before the first sentence of a container that a finder chose: bylines, sections, counters.

    What is too long for these or asks something stays; so does all of a body without any sentence, a poem or a flash.
    Below a lead (`is_led`) a short line may be a sub-heading: only names and towns go. Returns whether there is a
    sentence.
    """
    lines = kept(blocks)
    names = {fold(str(name)) for offer in (*fields.of("byline"), *fields.of("authors")) for name in offer.value}
    if not any(map(_is_sentence, lines)):
        is_list = sum(block.kind in ("row", "item") for block in lines) >= _FEWEST_ROWS
        is_flash = any(block.words >= _FEWEST_WORDS_OF_FLASH for block in lines)
        if is_led or is_list or len(lines) >= _FEWEST_VERSES or is_flash:
            return is_led
        preamble = lines
    else:
        preamble = _preamble(lines, names, is_led)
        # A writer's name may stand between a lead and the rest.
        preamble += [b for b in lines[:_NAMED_BELOW] if b not in preamble and fold(b.text) in names]
    for block in preamble:
        block.dropped = Verdict.PREAMBLE
    told = (b for b in preamble if b.kind not in ("item", "row") or TOWN_AND_NAME.match(b.text))
    fields.offer("town_and_name", [line for b in told if (line := without_topics(b.element, b.text))], GENERIC)
    return True


def _preamble(lines: list[Block], names: set[str], is_led: bool) -> list[Block]:
    found = []
    entries = is_live(lines)
    for block in lines:
        is_name = fold(block.text) in names or (block is lines[0] and _is_signed(lines))
        if not is_name and (_is_sentence(block) or _begins(block, lines)):
            break
        if (entries and _CLOCK.match(block.text)) or _TWO_CALENDARS.search(block.text):
            continue
        is_told = _names_who_or_where(block) if is_led else _is_preamble(block)
        if is_name or _is_town_and_name(block.text) or is_told:
            found.append(block)
    return found


def _names_who_or_where(block: Block) -> bool:
    """Whether a short line is a person's name, or names an agency, a desk or a town beside another part."""
    if block.kind == "heading" or block.words > _MOST_WORDS_OF_PREAMBLE:
        return False
    byline = parse_byline(block.text)
    is_parted = TOWN_AND_NAME.match(block.text) is not None
    return "||" in block.text or bool(names_in(block.text)) or (is_parted and bool(byline.agencies or byline.dateline))


def _is_signed(lines: list[Block]) -> bool:
    """Whether the first line of a body is its writer's or a desk's: "كتبت - منى حسن:", "الطائف - علي سعد:", "منى حسن:",
    "السفير – متابعات:"."""
    line, name = lines[0].text, lines[0].text.rstrip(": ")
    if not line.endswith(":"):
        return False
    is_writer = is_person(name) and names_in(name) and not any(name.split()[-1] in b.text for b in lines[1:])
    return bool(is_writer) or names_writer(line) or _is_town_and_name(line) or _is_desk(name)


def _is_desk(line: str) -> bool:
    """Whether a short line credits a desk or an agency, alone or beside a paper: "متابعات", or a town and whoever is
    there: "حماة - السفير الجديد"."""
    parts = segments(line)
    is_placed = len(parts) > 1 and place_kind(parts[0].text) == "city"
    is_named = line.count(" ") < _MOST_WORDS_OF_PREAMBLE and (is_placed or any(is_desk(part.text) for part in parts))
    return is_named or is_credit(line)


def _is_sentence(block: Block) -> bool:
    if _is_meta_row(block.text):
        return False
    is_long = block.words >= _FEWEST_WORDS_OF_SENTENCE and not _TWO_CALENDARS.search(block.text)
    return is_long or pauses(block.text)


def _is_meta_row(line: str) -> bool:
    """Whether a line is a row of short parts, a number in one of them: "فلان | وهران | 19 نوفمبر | 3 دقائق قراءة"."""
    parts = COLUMNS.split(line) if any(map(str.isdigit, line)) else []
    return len(parts) >= _FEWEST_PARTS and all(part.count(" ") < _MOST_WORDS_OF_PART for part in parts)


def _begins(block: Block, lines: list[Block]) -> bool:
    """Whether a short line begins the story: a list or a table that opens it, a salutation, its first part."""
    if block.kind == "row":
        return sum(line.kind == "row" for line in lines) >= _FEWEST_ROWS
    if block.kind == "item":
        is_detail = block.words <= _MOST_WORDS_OF_DETAIL and any(map(str.isdigit, block.text))
        if lines[0].kind == "heading" or (block.words >= _FEWEST_WORDS_OF_ITEM and not is_detail):
            return True
    if block.text.startswith(_DASHES):
        return sum(line.text.startswith(_DASHES) for line in lines) >= _FEWEST_DASHES
    return bool(_SPOKEN.match(block.text) or _FIRST_PART.match(block.text))


def _is_town_and_name(line: str) -> bool:
    if not TOWN_AND_NAME.match(line):
        return is_name_from_town(line) or is_row_of_names(line)
    byline = parse_byline(line)
    is_told = byline.dateline or byline.agencies or EXCLUSIVE.search(line)
    return bool(byline.persons) and (bool(is_told) or any(map(is_person, byline.persons)))


def _is_preamble(block: Block) -> bool:
    if block.kind == "heading":
        return False
    return block.words <= _MOST_WORDS_OF_PREAMBLE or "|" in block.text or _is_meta_row(block.text)


def read_lines(blocks: list[Block], headline: etree._Element | None, fields: RawFields) -> None:
    """What the first lines of a container say of the story: its standfirst, its byline, its date."""
    opening = [b for b in blocks if b.kind != "furniture" and b.dropped != Verdict.BEFORE_THE_HEADLINE][:4]
    for block in opening:
        if headline is not None and block.kind == "heading" and block.element.getprevious() is headline:
            block.dropped = block.dropped or Verdict.STANDFIRST
            fields.offer("subtitle", block.text, GENERIC)
        elif (
            names_writer(block.text)
            and block.words < 18
            and not (ends_sentence(block.text) or block.text.endswith(":"))
        ):
            block.dropped = block.dropped or Verdict.BYLINE
            name, *others = LINE_PARTS.split(block.text)
            fields.offer("signed" if WRITTEN_BY.match(name) else "byline", [name], GENERIC)
            for part in others:
                fields.offer("visible_date", part, GENERIC)


def read_last_lines(blocks: list[Block], fields: RawFields) -> None:
    """Offers the dates that stand below the prose of a container, where wires and some papers have their clock."""
    last = list(takewhile(lambda b: b.words < _FEWEST_WORDS_OF_PROSE, reversed(blocks)))
    for block, above in zip_longest(last, last[1:]):
        is_of_card = above is not None and excerpts.is_link_line(above) and above.words >= _FEWEST_WORDS_OF_FLASH
        if block.kind != "furniture" and any(map(str.isdigit, block.text)) and not is_of_card:
            fields.offer("loose_date", block.text, GENERIC)


def trim(blocks: list[Block], dates: Dates, fields: RawFields) -> None:
    """Drops, in place, lines that say the date, what stands above such a line, and captions below a picture.

    A line above the date that is no sentence is offered as the standfirst.
    """
    excerpts.drop_days(blocks, dates.is_date)
    lines = kept(blocks)
    shown = [str(o.value) for o in fields.of("section")]
    shown += [str(name) for offer in fields.of("byline") for name in offer.value]
    opening, closing = lines[:_FIRST], lines[_FIRST:][-_LAST:]
    dated = [at for at, block in enumerate(opening) if block.words < 18 and _says_date(block, shown, dates)]
    days = {b.text for b in lines if b.words < 9 and _NUMBERED_DAY.search(b.text) and dates.is_date(b.text)}
    if len(days) > 1 and not any(map(_STAMP.search, days)):
        dated = []  # a chronology, an agenda, fixtures
    for at in dated:
        opening[at].dropped = Verdict.DATE
        fields.offer("visible_date", opening[at].text, GENERIC)
    for block in opening[: dated[0]] if dated else ():
        if not pauses(block.text):
            block.dropped = Verdict.STANDFIRST
            fields.offer("subtitle", block.text, GENERIC)
    captions = [block for block in lines if block.dropped is None and _is_caption(block)]
    prose = [b for b in lines if b.kind == "paragraph" and b.words >= _FEWEST_WORDS_OF_SENTENCE and b not in captions]
    if 2 * sum(pauses(block.text) for block in prose) < len(prose):
        # Where paragraphs end without a stop, to lack one tells nothing.
        captions = [b for b in captions if b.words <= _MOST_WORDS_OF_PREAMBLE or _PHOTOGRAPHER.search(b.text)]
    if len(captions) < len(kept(lines)):
        for block in captions:
            block.dropped = Verdict.CAPTION
    for block in closing:
        if block.words < 18 and dates.is_dateline(block.text):
            block.dropped = Verdict.DATE


def _says_date(block: Block, shown: list[str], dates: Dates) -> bool:
    """Whether a line is there to say the date, alone or in a row with the byline and the section (`shown`)."""
    if dates.is_dateline(block.text):
        return True
    rest = block.text
    for part in shown:
        rest = rest.replace(part, " ")
    return rest != block.text and not ends_sentence(block.text) and dates.is_dateline(" ".join(rest.split()))


def _is_caption(block: Block) -> bool:
    """Whether a short line that is neither a sentence nor a sub-heading is the first below a picture."""
    if not block.below_picture:
        return False
    if _PHOTOGRAPHER.search(block.text):
        return True
    if block.words > _LONGEST_CAPTION or pauses(block.text) or _NUMBERED.match(block.text):
        return False
    return block.kind not in ("heading", "row") and block.bold < 0.9 * len(block.text)
