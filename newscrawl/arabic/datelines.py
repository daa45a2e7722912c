"""Datelines: the city, the agency and the date that open a story, split from its first sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Literal

from newscrawl.arabic.agencies import agencies_of, byline_words, credit_agencies, place_kind, segments, strip_labels
from newscrawl.arabic.bylines import BEFORE_DATE
from newscrawl.arabic.cleaning import clean
from newscrawl.arabic.dates import ParsedDate, parse_date
from newscrawl.arabic.dates.calendars import latest_day
from newscrawl.arabic.folding import fold
from newscrawl.arabic.lexicon import rows
from newscrawl.arabic.names import has_given_name, names_in

_HEAD = 130
# Where a dateline may end: a colon, dashes with a space, or the bracket or quote around a name.
_END = re.compile(
    r"(?P<closer>[)»\"”])?(?:\s*:\s*(?!//)|\s*/\s+|\s*[-–—]{2,}\s*|\s+[-–—ـ_]\s*|(?<=[)»\"”])[-–—ـ]\s*|[-–—ـ]\s+|(?<=[)»\"”])\s+|\s*$)"
)
_SPA = re.compile(r"(?P<place>[^\d:()،.]{2,40}?)\s+(?P<date>\d.{8,80}?)\s+واس(?=$|[\s:\-–—.])[\s:\-–—.]*")
_CITY_AND_MORE = re.compile(r"(?P<city>[^\W\d_]+(?: [^\W\d_]+){0,2})\s*[-–—ـ/]+\s*(?P<more>[^\W\d_].*)")
_CLOSERS = ')»"”'
_OPENERS = '«"“'
_LEADING = " \n\t-–—:ـ_.،"
_MAX_UNKNOWN_WORDS = 3
_CLAUSE = re.compile("(?:التي|الذي|الذين|اللذين|كما|حيث|وليس|بل)(?!\\w)")
# KUNA and SANA write the day so; elsewhere it may be a score.
_DAY_AND_MONTH = re.compile(r"(0?[1-9]|[12]\d|3[01])\s*[-/]\s*(1[0-2]|0?[1-9])(?![\d/-]|\s*[-/]\s*\d)")
_SECOND_DASH = re.compile(r"\s[-–—ـ]+\s")
_CLAUSE_LENGTH = 60

Kind = Literal["agency", "desk", "place"]


@dataclass(frozen=True, slots=True)
class Dateline:
    """What opens a story: the place as written, canonical agency names, and the text without them.

    persons: the reporters named between the city and the text ("القاهرة - أحمد علي: نص"). kind: "agency" when an agency
    is named, "desk" when the paper names itself or its desk, "place" for a place alone, None when there is no dateline
    and `text` is the paragraph as given. day: the date in it, as written.
    """

    dateline: str | None
    agencies: list[str] = field(default_factory=list)
    text: str = ""
    kind: Kind | None = None
    persons: list[str] = field(default_factory=list)
    day: str | None = None


@cache
def _sentence_words() -> frozenset[str]:
    return frozenset(fold(word) for (word,) in rows("dateline_words.txt"))


def _day_in(text: str) -> ParsedDate | None:
    """The day that `text` states, of any year."""
    found = parse_date(text, now=datetime(2099, 1, 1, tzinfo=UTC), earliest=date(1900, 1, 1), latest=date(2099, 1, 1))
    return found if found is not None and found.precision == "day" and not found.relative else None


def _date_span(head: str) -> tuple[int, int] | None:
    """Where the date of a dateline stands (سان فرانسيسكو 20 يوليو تموز, الكويت - 27 - 8)."""
    first = next((index for index, char in enumerate(head) if char.isdigit()), None)
    if first is None:
        return None
    if found := _day_in(head[first:]):
        return first + found.span[0], first + found.span[1]
    numbers = _DAY_AND_MONTH.match(head, first)
    return numbers.span() if numbers else None


def _without_date(head: str) -> str:
    span = _date_span(head)
    return BEFORE_DATE.sub("", head[: span[0]]) + "،" + head[span[1] :] if span else head


def dateline_day(paragraph: str, *, newest: date) -> tuple[date, str] | None:
    """The day that the dateline of a story's first paragraph states, and its text; without a year the latest such day
    until `newest`. None without a dateline that names a day."""
    text = split_dateline(paragraph).day
    if text is None:
        return None
    if numbers := _DAY_AND_MONTH.fullmatch(text):
        found = latest_day("gregorian", int(numbers[2]), int(numbers[1]), newest, None)
        return (found, text) if found else None
    stated = parse_date(text, now=datetime(newest.year, newest.month, newest.day, tzinfo=UTC), latest=newest)
    if stated is None or stated.precision != "day" or stated.calendar != "gregorian":
        return None
    return stated.value, text


def _has_bare_numbers(head: str) -> bool:
    span = _date_span(head)
    return span is not None and _DAY_AND_MONTH.fullmatch(head, *span) is not None


def _read_head(head: str, sign: str) -> tuple[list[str], list[str], Kind, list[str]] | None:
    """Places, agencies, kind and who is named behind an agency ("إربد (بترا) علي سعد"), when all is a dateline."""
    parts = segments(_without_date(head))
    if not parts or len(parts) > 5:
        return None
    places: list[str] = []
    agencies: list[str] = []
    reporters: list[str] = []
    desks = papers = unknown = cities = 0
    for part, hits in zip(parts, credit_agencies(parts), strict=True):
        if hits:
            agencies += [name for name in hits if name not in agencies]
            continue
        kind = place_kind(part.text)
        if kind:
            places.append(part.text)
            cities += kind == "city"
        elif fold(part.text) in byline_words("desk"):
            desks += 1
        elif fold(part.text) in byline_words("paper"):
            papers += 1
        else:
            words = fold(part.text).split()
            if len(words) > _MAX_UNKNOWN_WORDS or any(word in _sentence_words() or word.isdigit() for word in words):
                return None
            unknown += 1
            if unknown == 1 and part is parts[0] and not part.quoted:
                places.append(part.text)
            if agencies and not part.quoted:
                reporters += filter(has_given_name, names_in(part.text))
    if any(name.endswith("syndication") for name in agencies):
        return None
    if head[0] in _OPENERS and not places:  # «رويترز»: what a headline tells of it
        return None
    if agencies:
        # Without a dash or a colon only a known city, or the bracket that opens the line, shows that it ends here.
        if sign:
            sure = unknown <= 1
        elif head[0] in "([" and head[-1] in _CLOSERS:
            sure = True
        else:
            # ... or a line of credits and nothing else
            credits_only = not places and unknown == 0 and head[-1] not in _CLOSERS
            sure = credits_only or (bool(cities) and (unknown == 0 or (unknown == 1 and bool(hits))))
        return (places, agencies, "agency", reporters) if sure else None
    if (not sign and not (parts[-1].quoted and cities)) or _has_bare_numbers(head):
        return None
    if unknown:
        # Another paper's name in quotes beside a known city: لندن: «الشرق الأوسط»
        if unknown == 1 and cities and parts[-1].quoted:
            return [name for name in places if place_kind(name)], [], "desk", []
        return None
    if desks or (papers and cities):
        return places, [], "desk", []
    return (places, [], "place", []) if cities and sign else None


def _unparted(text: str) -> Dateline | None:
    """A known city, a sign, an agency, and the text with nothing between: "دمشق-سانا أعلنت الوزارة"."""
    match = _CITY_AND_MORE.match(text[:_HEAD])
    if match is None or place_kind(match["city"]) not in {"city", "country"}:
        return None
    words = match["more"].split()
    for count in range(min(3, len(words)), 0, -1):
        agencies = agencies_of(" ".join(words[:count]), trusted=False)
        if agencies and not agencies[0].endswith("syndication"):
            start = match.start("more")
            for word in words[:count]:
                start = text.index(word, start) + len(word)
            rest = text[start:].lstrip(_LEADING)
            span = _date_span(rest[:_HEAD])
            if span is None or span[0] > 0:
                return Dateline(match["city"], agencies, rest, "agency")
            return Dateline(match["city"], agencies, rest[span[1] :].lstrip(_LEADING), "agency", day=rest[: span[1]])
    return None


def _spa(text: str) -> Dateline | None:
    """The opening of SPA: "الرياض 08 جمادى الآخرة 1445 هـ الموافق 21 ديسمبر 2023 م واس"."""
    match = _SPA.match(text[: 2 * _HEAD])
    if match is None or not _day_in(match["date"]):
        return None
    return Dateline(match["place"].strip(), ["SPA"], text[match.end() :].strip(), "agency", day=match["date"].strip())


def split_dateline(paragraph: str) -> Dateline:
    """Splits a story's opening ("القاهرة - رويترز: نص", "القدس (أ.ف.ب) - نص", "تبوك: نص") from the text; meant for
    the first
    paragraph only. A paragraph that is a plain sentence comes back whole, with kind None.
    """
    text = clean(paragraph)
    found = _spa(text)
    if found:
        return found
    head = text[:_HEAD].split("\n", 1)[0]
    best: Dateline | None = None
    for match in _END.finditer(head):
        end = match.end()
        if match.start() == 0 or (match.start() == len(head) and len(text) > len(head) and text[len(head)] != "\n"):
            continue
        opening = head[: match.start()] + (match["closer"] or "")
        read = _read_head(opening, match[0].lstrip(_CLOSERS).strip())
        if read is None or (match[0].strip() == "/" and not read[1]):
            continue
        places, agencies, kind, persons = read
        rest = text[end:].lstrip(_LEADING)
        if kind == "place" and not _may_follow(rest, dashed=":" not in match[0]):
            continue
        span = _date_span(opening)
        day = opening[span[0] : span[1]] if span else None
        best = Dateline("، ".join(places) or None, agencies, rest, kind, persons, day)
    if best is None or best.kind == "place":
        best = _unparted(text) or best
    if best is not None and best.kind == "place":
        return _with_reporters(best)
    return best or Dateline(None, [], paragraph, None)


def _with_reporters(found: Dateline) -> Dateline:
    """`found` without the names that open its text, up to a colon; a quote behind them is what they say."""
    head, colon, rest = found.text[:_CLAUSE_LENGTH].partition(":")
    rest = found.text[len(head) + 1 :].strip()
    if not colon or not rest or rest[0] in _OPENERS:
        return found
    parts = [names_in(part) for part in re.split("[،,]", strip_labels(head.strip())[0])]
    if not all(parts):
        return found
    return replace(found, text=rest, persons=[name for names in parts for name in names])


def _may_follow(rest: str, *, dashed: bool) -> bool:
    """Whether a story may begin so after a place alone.

    Not a clause about the place (بيروت - عاصمة لبنان - مدينة ...) and not a bare figure (القاهرة: 35 درجة).
    """
    if not rest or _CLAUSE.match(rest) or (dashed and _SECOND_DASH.search(rest[:_CLAUSE_LENGTH])):
        return False
    return not (rest[0].isdigit() and len(rest.split()) < 6)
