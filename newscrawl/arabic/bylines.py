"""Bylines: persons, agencies and the city, told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from newscrawl.arabic.agencies import (
    UNNAMED,
    Segment,
    agencies_of,
    credit_agencies,
    place_kind,
    segments,
    strip_labels,
)
from newscrawl.arabic.cleaning import clean
from newscrawl.arabic.dates import parse_dates
from newscrawl.arabic.folding import fold
from newscrawl.arabic.names import (
    before_role,
    has_given_name,
    is_desk,
    is_name,
    names_in,
    persons_in,
    without_profession,
)

# Possessive, and an address from the beginning of its run alone: a run without spaces is read once, however long.
_CONTACT = re.compile(
    r"(?<!\S)\S[^\s@]*+@\S[^\s.]*+\.\S++|https?://\S++|www\.\S++|(?<!\w)@\w++|\b\w++\.(?:com|net|org)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_COMMAS, _STROKES = frozenset(",،;؛+&"), frozenset("|/\n")
# "كتب فلان في صحيفة الأخبار"
_IN_PAPER = re.compile(r"\s+في\s+(?:صحيفة|جريدة|مجلة|موقع)\s.*$")
_PHOTO_LABELS = frozenset({"تصوير", "عدسه", "photo"})
_TRANSLATION_LABELS = frozenset({"ترجمه", "ترجمها", "ترجمته", "تعريب"})
_AND_TEXT = frozenset({"ونص", "وكتابه", "وتحقيق", "وتقرير", "وحوار", "واعداد", "وتحرير"})
# The labels of a slider of pictures that stands before a byline.
_SLIDER = re.compile(
    r"^\s*(?:(?:next|previous|prev|التالي|السابق)\b[\s|/:<>«»‹›-]*)+|(?:\s+(?:next|previous|prev)\b)+\s*$",
    re.IGNORECASE,
)
#: What leads to a date in a line, and goes with it.
BEFORE_DATE = re.compile(r"(?:\s(?:في|يوم|بتاريخ))+\s*:?\s*$")
# "By Jane Doe and John Roe in Cairo"
_IN_TOWN = re.compile(r"(?<=[A-Za-z\u00c0-\u024f])\s+in\s+[A-Z][\w ,.-]*$")
_AGENCY_WORDS, _MAX_CREDIT = 5, 80
#: A line longer than this, in characters, is no byline.
_MAX_LINE = 400


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote: persons as the page spells them, agencies by canonical name, the city if the line has one."""

    persons: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    dateline: str | None = None


def clean_person(text: str) -> str | None:
    """The name in `text` without labels (كتب، بقلم), addresses and handles; None when it is a desk, a place, an
    agency or no name."""
    if len(text) > _MAX_LINE:
        return None
    bare, announced = strip_labels(_CONTACT.sub(" ", clean(text)).strip(" \n:-–—/|،,.•*ـ"))
    name = " ".join(bare.strip(" :-–—/|،,•*ـ").split())
    if not name or is_desk(name) or place_kind(name) or any(credit_agencies(segments(name))):
        return None
    name = before_role(name)
    return name if is_name(name, announced=announced) else None


def _before_agencies(text: str) -> tuple[str, list[str]]:
    """The names without the agency written behind them ("أحمد علي وكالات"), and that agency."""
    words = text.split()
    for index in range(max(2, len(words) - _AGENCY_WORDS), len(words)):
        last = " ".join(words[index:])
        found = agencies_of(last, trusted=False) or agencies_of(last.removeprefix("و"), trusted=False)
        if found:
            return " ".join(words[:index]), found
    return text, []


def _without_labels(names: list[str]) -> list[str]:
    """The names of "منى حسن وترجمة علي سعد" as bare names; who took the pictures is not among them."""
    bare = []
    for name in names:
        rest, has_label = strip_labels(name)
        if not has_label:
            bare.append(name)
        elif rest and fold(name).split()[0] not in _PHOTO_LABELS:
            bare.append(rest)
    return bare


def without_contacts(line: str) -> str:
    """`line` without addresses and handles."""
    return " ".join(_CONTACT.sub(" ", line).split())


def without_dates(line: str) -> str:
    """`line` with a bar in the place of every date."""
    if not any(map(str.isdigit, line)):
        return line
    far = datetime(2099, 1, 1, tzinfo=UTC)
    for found in reversed(parse_dates(line, now=far, earliest=date(1900, 1, 1))):
        line = f"{BEFORE_DATE.sub('', line[: found.span[0]])}|{line[found.span[1] :]}"
    return line


def _took_pictures(label: str) -> bool:
    """Whether a label names the photographer, and not who wrote, too: "تصوير", but not "تصوير ونص"."""
    words = fold(label).split()
    return words[0] in _PHOTO_LABELS and not (len(words) > 1 and words[1] in _AND_TEXT)


def _translated(label: str) -> bool:
    """Whether a label names the translator alone; behind the writer's name it names no second writer."""
    return fold(label).split()[0] in _TRANSLATION_LABELS


def _is_pictures(line: str, part: Segment) -> bool:
    """Whether a segment labels who took the pictures: "فلان (صور: فلان)"; at the head of a line it is the town."""
    before = line[: part.start].rstrip()
    is_inside = bool(before) and (before != line[: part.start] or not before[-1].isalnum())
    return fold(part.text) == "صور" and is_inside and line[part.end :].lstrip().startswith(":")


def _parted(line: str) -> list[Segment]:
    """The segments of a byline; a known town, and the label of who took the pictures, are parted from what stands
    beside them with a space alone ("جدة  محسن سالم", "عدن أ ف ب", "علي سعد تصوير: سامي عمر")."""
    parts: list[Segment] = []
    for part in segments(line):
        cut = _end_of_first(part.text)
        if cut is None:
            parts.append(part)
            continue
        middle = line.index(part.text, part.start) + cut
        parts.append(Segment(part.text[:cut].rstrip(), part.quoted, part.start, middle))
        parts.append(Segment(part.text[cut:].strip(), part.quoted, middle, part.end))
    return parts


def _end_of_first(text: str) -> int | None:
    """Where the second of two credits that a segment holds begins."""
    starts = [match.start() for match in _WORD.finditer(text)]
    if len(starts) < 2:
        return None
    if fold(text[starts[-1] :]) in _PHOTO_LABELS:
        return starts[-1]
    for start in starts[1:]:
        first, second = text[:start].rstrip(), text[start:]
        if (place_kind(first) == "city" and _is_credit_beside_town(second)) or (
            place_kind(second) == "city" and _is_credit_beside_town(first)
        ):
            return start
    return None


def _is_credit_beside_town(text: str) -> bool:
    is_name = names_in(text) == [text] and has_given_name(text)
    return is_name or is_desk(text) or bool(agencies_of(text, trusted=True))


def _unknown_towns(parts: list[Segment], named: dict[int, list[str]], *, is_placed: bool) -> set[int]:
    """Which of the segments that may name persons are towns that no table has; `named`: segment -> its names.

    No given name begins them, and they stand before a country or, at the head, before any brackets and a name ("سان
    أنطونيو (تكساس): فلان"), or alone beside an agency in a byline that names no town else ("بورت جنتيل - أ ف ب").
    """
    unsure = _unsure(named)
    before = {at for at in unsure if at + 1 < len(parts) and parts[at + 1].quoted}
    towns = {at for at in before if place_kind(parts[at + 1].text) == "country"}
    if len(unsure) == len(named) and 0 in before and max(named) > 1:
        towns |= {0, 1} & unsure
    if not is_placed and len(named) == 1 and any(credit_agencies(parts)):
        towns |= unsure
    return towns


def _strangers(line: str, parts: list[Segment], named: dict[int, list[str]]) -> set[int]:
    """Which of the segments that may name persons are a town, a part of the paper or a profession, at either end of a
    byline without a known town: no given name begins them, and no comma parts them from a name that is sure."""
    unsure = _unsure(named)
    if len(unsure) == len(named):
        return set()
    return {at for at in unsure if _stands_apart(line, parts, at, min(named), max(named))}


def _unsure(named: dict[int, list[str]]) -> set[int]:
    return {at for at, names in named.items() if len(names) == 1 and not _is_sure(names[0])}


def _is_sure(name: str) -> bool:
    return has_given_name(name) or name[0].isascii()


def _stands_apart(line: str, parts: list[Segment], at: int, first: int, last: int) -> bool:
    """Whether no comma and no stroke parts segment `at`, the first or the last with a name, from the other names."""
    if at not in (first, last):
        return False
    start, end = (parts[at].end, parts[at + 1].start) if at == first else (parts[at - 1].end, parts[at].start)
    return (_COMMAS | _STROKES).isdisjoint(line[start:end])


def parse_byline(text: str) -> Byline:
    """The persons, agencies and city of a byline ("القاهرة - أحمد علي ومنى حسن، رويترز")."""
    if len(text) > _MAX_LINE:
        return Byline()
    line = without_dates(_CONTACT.sub(" ", _SLIDER.sub("", clean(text))))
    parts = _parted(line)
    named: dict[int, list[str]] = {}
    agencies: list[str] = []
    places: dict[int, str] = {}
    announced = is_others = in_paper = False
    for at, (part, hits) in enumerate(zip(parts, credit_agencies(parts), strict=True)):
        if in_paper and part.quoted:  # كتبت فلانة في "جريدة"
            continue
        in_paper = part.text.endswith(" في")
        if hits:
            agencies += [name for name in hits if name not in agencies]
            continue
        if _is_pictures(line, part):
            announced = is_others = True
            continue
        bare, has_label = strip_labels(part.text.removesuffix(" في"))
        announced = announced or has_label
        if has_label:
            is_others = _took_pictures(part.text) or (bool(named) and _translated(part.text))
        if not bare or is_others:
            continue
        if place := place_kind(bare):
            if place != "word" or not has_label:  # مصدر الخبر
                places[at] = bare
            continue
        bare = _IN_PAPER.sub("", _IN_TOWN.sub("", bare))
        name, _, town = bare.rpartition(" من ") if " من " in bare else bare.rpartition(" في ")
        if name and place_kind(town):
            bare = name
            places[at] = town
        if is_desk(bare):
            continue
        bare, credited = _before_agencies(before_role(bare))
        is_continued = at - 1 in named and not _COMMAS.isdisjoint(line[parts[at - 1].end : part.start])
        names = _without_labels(persons_in(without_profession(bare), is_continued=is_continued))
        found = [name for name in names if not is_desk(name) and is_name(name, announced=announced)]
        if found:
            named[at] = found
            agencies += [name for name in credited if name not in agencies]
    if not announced:
        for at in _unknown_towns(parts, named, is_placed=bool(places)):
            places[at] = named.pop(at)[0]
        if not places:
            for at in _strangers(line, parts, named):
                del named[at]
    persons = dict.fromkeys(name for names in named.values() for name in names)
    if len(agencies) > 1 and UNNAMED in agencies:
        agencies.remove(UNNAMED)
        agencies.append(UNNAMED)
    return Byline(list(persons), agencies, "، ".join(places[at] for at in sorted(places)) or None)


def is_credit(text: str) -> bool:
    """Whether a line is a credit and nothing else ("المصدر | رويترز", "وكالات - أبوظبي", "غرفة الأخبار - علي سعد"):
    labels, agencies, desks, and the places and names beside them."""
    if len(text) > _MAX_CREDIT:
        return False
    parts = segments(text)
    is_credited = False
    for part, hits in zip(parts, credit_agencies(parts), strict=True):
        bare, has_label = strip_labels(part.text)
        if hits or has_label or is_desk(bare):
            is_credited = True
        if not hits and bare and not (place_kind(bare) or is_desk(bare)):
            beside = is_credited or part is parts[0]
            if not (beside and (is_name(bare, announced=True) or " " not in bare)):
                return False
    return is_credited
