"""Bylines: persons, agencies and the city, told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from itertools import dropwhile

from newscrawl.arabic.agencies import (
    UNNAMED,
    Segment,
    agencies_of,
    byline_words,
    credit_agencies,
    place_kind,
    segments,
    strip_labels,
)
from newscrawl.arabic.cleaning import clean
from newscrawl.arabic.dates import parse_dates
from newscrawl.arabic.folding import fold
from newscrawl.arabic.lexicon import forms, rows

_CONTACT = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+|(?<!\w)@\w+|\b\w+\.(?:com|net|org)\b", re.IGNORECASE)
_PHOTO_LABELS = frozenset({"تصوير", "عدسه", "photo"})
_TRANSLATION_LABELS = frozenset({"ترجمه", "ترجمها", "ترجمته", "تعريب"})
_AND_TEXT = frozenset({"ونص", "وكتابه", "وتحقيق", "وتقرير", "وحوار", "واعداد", "وتحرير"})
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u064b-\u065f\u0670\u0640\u200c'’.\-])*")
# "ن.بلعيدي": an initial and a family name are two words.
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.(?=[^\W\d_]{3})")
_ARTICLE = re.compile("ال\\w{2}|(?:al|el)(?: |$)")
_PREFIX = re.compile("^(?:وال|بال|وبال|ال|وب|ب(?=\\w{4}))")
# The labels of a slider of pictures that stands before a byline.
_SLIDER = re.compile(
    r"^\s*(?:(?:next|previous|prev|التالي|السابق)\b[\s|/:<>«»‹›-]*)+|(?:\s+(?:next|previous|prev)\b)+\s*$",
    re.IGNORECASE,
)
# "By Jane Doe and John Roe in Cairo"
_IN_TOWN = re.compile(r"(?<=[A-Za-z\u00c0-\u024f])\s+in\s+[A-Z][\w ,.-]*$")
_MAX_WORDS, _AGENCY_WORDS = 6, 5
_MAX_NAME, _MAX_CREDIT = 60, 80
#: A line longer than this, in characters, is no byline.
_MAX_LINE = 400


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote: persons as the page spells them, agencies by canonical name, the city if the line has one."""

    persons: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    dateline: str | None = None


@cache
def _given_names() -> frozenset[str]:
    return frozenset(fold(name) for (cell,) in rows("given_names.txt") for name in forms(cell))


@cache
def _waw_names() -> frozenset[str]:
    return frozenset(fold(name) for (name,) in rows("waw_names.txt"))


def _is_desk(text: str) -> bool:
    folded = fold(text)
    return folded in byline_words("desk") | byline_words("paper") or folded.split(" ", 1)[0] in byline_words(
        "starts_desk"
    )


@cache
def _article_names() -> frozenset[str]:
    return frozenset(fold(name) for (cell,) in rows("article_names.txt") for name in forms(cell))


@cache
def _date_words() -> frozenset[str]:
    """Words of weekdays and Gregorian months. One alone may be a person's (الخميس، نيسان), and those of the Hijri year
    mostly are."""
    names = [name for _, cell in rows("weekdays.tsv") for name in forms(cell)]
    names += [name for calendar, _, cell in rows("months.tsv") if calendar == "gregorian" for name in forms(cell)]
    return frozenset(word for name in names for word in fold(name).split())


def _is_thing(word: str) -> bool:
    """Whether a folded word is of a site's name, a section or a part of the page."""
    things = byline_words("thing")
    return word in things or _PREFIX.sub("", word) in things or word.removeprefix("و") in things


def _is_name(text: str, *, announced: bool) -> bool:
    """Whether `text` can be a person's name; one word only where the page announces a name."""
    words = _INITIAL.sub(r"\g<0> ", text).split()
    if not words or len(text) > _MAX_NAME or not all(_NAME.fullmatch(word) for word in words):
        return False
    titles, strange = byline_words("title"), byline_words("no_person")
    folded = [fold(word) for word in words]
    if any(word in strange or word.startswith("لل") for word in folded[1:]) or folded[0] in strange - titles:
        return False
    # Only before a name: "الكاتب" is a family name, too.
    proper = list(dropwhile(titles.__contains__, folded))
    if byline_words("field").issuperset(proper) and len(proper) < len(folded):
        return False
    if any(map(_is_thing, proper)) or _date_words().issuperset(proper):
        return False
    if proper and not announced and _ARTICLE.match(proper[0]) and proper[0] not in _article_names():
        return False
    if announced and len(proper) == 1:
        return len(proper[0]) >= 3
    return len(proper) >= 2 and len(words) <= _MAX_WORDS


def clean_person(text: str) -> str | None:
    """The name in `text` without labels (كتب، بقلم), addresses and handles; None when it is a desk, a place, an
    agency or no name."""
    if len(text) > _MAX_LINE:
        return None
    bare, announced = strip_labels(_CONTACT.sub(" ", clean(text)).strip(" \n:-–—/|،,.•*ـ"))
    name = " ".join(bare.strip(" :-–—/|،,•*ـ").split())
    if not name or _is_desk(name) or place_kind(name) or any(credit_agencies(segments(name))):
        return None
    name = _before_role(name)
    return name if _is_name(name, announced=announced) else None


def _before_role(text: str) -> str:
    """The name without what its bearer is ("أحمد علي كاتب وصحفي")."""
    words = text.split()
    roles = byline_words("role")
    end = next((index for index, word in enumerate(words) if fold(word) in roles), len(words))
    return " ".join(words[:end])


def _without_profession(text: str) -> str:
    """The name without a title that says its field, and the field ("المحلل السياسي أحمد علي")."""
    words = text.split()
    titles, fields = byline_words("title"), byline_words("field")
    if len(words) < 4 or fold(words[0]) not in titles or fold(words[1]) not in fields:
        return text
    return " ".join(words[2:])


def _before_agencies(text: str) -> tuple[str, list[str]]:
    """The names without the agency written behind them ("أحمد علي وكالات"), and that agency."""
    words = text.split()
    for index in range(max(2, len(words) - _AGENCY_WORDS), len(words)):
        last = " ".join(words[index:])
        found = agencies_of(last, trusted=False) or agencies_of(last.removeprefix("و"), trusted=False)
        if found:
            return " ".join(words[:index]), found
    return text, []


def has_given_name(name: str) -> bool:
    """Whether a name begins with a well-known given name, titles left out; many more names there are."""
    titles = byline_words("title")
    words = dropwhile(titles.__contains__, fold(name).split())
    return next(words, "") in _given_names()


def names_in(text: str) -> list[str]:
    """The persons that `text` names, when it is names without titles and nothing else; else none."""
    found = _persons(text)
    titles, roles = byline_words("title"), byline_words("role")
    if not roles.isdisjoint(map(fold, text.split())) or any(fold(n.partition(" ")[0]) in titles for n in found):
        return []
    return found if all(_is_name(n, announced=False) and not _is_desk(n) for n in found) else []


def _persons(text: str) -> list[str]:
    """The names of a segment, parted at "و"; a name that begins with waw stays whole."""
    names: list[list[str]] = [[]]
    words = text.split()
    for index, word in enumerate(words):
        rest = len(words) - index
        joined = word.startswith("و") and len(word) > 3 and (word.startswith("وو") or fold(word) not in _waw_names())
        if word in {"و", "&", "and", "et"} and names[-1]:
            names.append([])
        elif joined and len(names[-1]) >= 2 and rest >= 2:
            names.append([word[1:]])
        else:
            names[-1].append(word)
    return [" ".join(name) for name in names if name]


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
        line = f"{line[: found.span[0]]}|{line[found.span[1] :]}"
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


def parse_byline(text: str) -> Byline:
    """The persons, agencies and city of a byline ("القاهرة - أحمد علي ومنى حسن، رويترز")."""
    if len(text) > _MAX_LINE:
        return Byline()
    line = without_dates(_CONTACT.sub(" ", _SLIDER.sub("", clean(text))))
    parts = segments(line)
    persons: list[str] = []
    agencies: list[str] = []
    places: list[str] = []
    announced = is_others = in_paper = False
    for part, hits in zip(parts, credit_agencies(parts), strict=True):
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
            is_others = _took_pictures(part.text) or (bool(persons) and _translated(part.text))
        if not bare or is_others:
            continue
        if place := place_kind(bare):
            if place != "word" or not has_label:  # مصدر الخبر
                places.append(bare)
            continue
        bare = _IN_TOWN.sub("", bare)
        name, _, town = bare.rpartition(" من ") if " من " in bare else bare.rpartition(" في ")
        if name and place_kind(town):
            bare = name
            places.append(town)
        if _is_desk(bare):
            continue
        bare, credited = _before_agencies(_before_role(bare))
        names = _without_labels(_persons(_without_profession(bare)))
        found = [name for name in names if not _is_desk(name) and _is_name(name, announced=announced)]
        persons += [name for name in found if name not in persons]
        if found:
            agencies += [name for name in credited if name not in agencies]
    if len(agencies) > 1 and UNNAMED in agencies:
        agencies.remove(UNNAMED)
        agencies.append(UNNAMED)
    return Byline(persons, agencies, "، ".join(places) or None)


def is_credit(text: str) -> bool:
    """Whether a line is a credit and nothing else ("المصدر | رويترز", "وكالات - أبوظبي", "غرفة الأخبار - علي سعد"):
    labels, agencies, desks, and the places and names beside them."""
    if len(text) > _MAX_CREDIT:
        return False
    parts = segments(text)
    is_credited = False
    for part, hits in zip(parts, credit_agencies(parts), strict=True):
        bare, has_label = strip_labels(part.text)
        if hits or has_label or _is_desk(bare):
            is_credited = True
        if not hits and bare and not (place_kind(bare) or _is_desk(bare)):
            beside = is_credited or part is parts[0]
            if not (beside and (_is_name(bare, announced=True) or " " not in bare)):
                return False
    return is_credited
