"""Bylines: persons, agencies and the city, told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from itertools import dropwhile

from newscrawl.arabic.agencies import UNNAMED, byline_words, credit_agencies, place_kind, segments, strip_labels
from newscrawl.arabic.clean import clean
from newscrawl.arabic.fold import fold
from newscrawl.arabic.lexicon import rows

_CONTACT = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+|(?<!\w)@\w+|\b\w+\.(?:com|net|org)\b", re.IGNORECASE)
_PHOTO_LABELS = frozenset({"تصوير", "عدسه", "photo"})
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u064b-\u065f\u0670\u0640\u200c'’.\-])*")
_MAX_WORDS = 6
_MAX_NAME = 60
#: A line longer than this, in characters, is no byline.
_MAX_LINE = 400


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote: persons as the page spells them, agencies by canonical name, the city if the line has one."""

    persons: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    dateline: str | None = None


@cache
def _waw_names() -> frozenset[str]:
    return frozenset(fold(name) for (name,) in rows("waw_names.txt"))


def _is_desk(text: str) -> bool:
    folded = fold(text)
    return folded in byline_words("desk") | byline_words("paper") or folded.split(" ", 1)[0] in byline_words(
        "starts_desk"
    )


def _is_name(text: str, *, announced: bool) -> bool:
    """Whether `text` can be a person's name; one word only where the page announces a name."""
    words = text.split()
    if not words or len(text) > _MAX_NAME or not all(_NAME.fullmatch(word) for word in words):
        return False
    titles, strange = byline_words("title"), byline_words("no_person")
    folded = [fold(word) for word in words]
    if any(word in strange or word.startswith("لل") for word in folded[1:]) or folded[0] in strange - titles:
        return False
    # Only before a name: "الكاتب" is a family name, too.
    proper = list(dropwhile(titles.__contains__, folded))
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


def _persons(text: str) -> list[str]:
    """The names of a segment, parted at "و"; a name that begins with waw stays whole."""
    names: list[list[str]] = [[]]
    words = _before_role(text).split()
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


def parse_byline(text: str) -> Byline:
    """The persons, agencies and city of a byline ("القاهرة - أحمد علي ومنى حسن، رويترز")."""
    if len(text) > _MAX_LINE:
        return Byline()
    line = _CONTACT.sub(" ", clean(text))
    parts = segments(line)
    persons: list[str] = []
    agencies: list[str] = []
    places: list[str] = []
    announced = photo = False
    for part, hits in zip(parts, credit_agencies(parts), strict=True):
        if hits:
            agencies += [name for name in hits if name not in agencies]
            continue
        bare, has_label = strip_labels(part.text)
        announced, photo = (
            announced or has_label,
            (has_label and fold(part.text).split()[0] in _PHOTO_LABELS) or (photo and not has_label),
        )
        if not bare or photo:
            continue
        if place_kind(bare):
            places.append(bare)
            continue
        name, _, place = bare.rpartition(" من ") if " من " in bare else bare.rpartition(" في ")
        if name and place_kind(place):
            bare = name
            places.append(place)
        if _is_desk(bare):
            continue
        for candidate in _persons(bare):
            if not _is_desk(candidate) and _is_name(candidate, announced=announced) and candidate not in persons:
                persons.append(candidate)
    if len(agencies) > 1 and UNNAMED in agencies:
        agencies.remove(UNNAMED)
        agencies.append(UNNAMED)
    return Byline(persons, agencies, "، ".join(places) or None)
