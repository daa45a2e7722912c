"""Names of persons: what can be one, and what is a desk, a section or a thing."""

from __future__ import annotations

import re
from functools import cache
from itertools import dropwhile

from newscrawl.arabic.agencies import byline_words
from newscrawl.arabic.folding import fold
from newscrawl.arabic.lexicon import forms, gregorian_months, rows

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u064b-\u065f\u0670\u0640\u200c'’.\-])*")
# "ن.بلعيدي": an initial and a family name are two words.
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.(?=[^\W\d_]{3})")
_ARTICLE = re.compile("ال\\w{2}|(?:al|el)(?: |$)")
_PREFIX = re.compile("^(?:وال|بال|وبال|ال|وب|ب(?=\\w{4}))")
#: Folded words that join the parts of a name, or are half of one.
JOINING = frozenset({"بن", "بنت", "ابن", "ولد", "منت", "ال", "عبد", "ابو", "ابي", "ام", "بو"})
# A title that is a given name, too: "السيد الحراني".
_KUNYA = frozenset({"ابو", "ام"})
_TITLES_AS_NAMES = frozenset({"السيد"})
_MAX_PARTS, _MAX_NAME = 6, 60


@cache
def _given_names() -> frozenset[str]:
    return frozenset(fold(name) for (cell,) in rows("given_names.txt") for name in forms(cell))


@cache
def _waw_names() -> frozenset[str]:
    return frozenset(fold(name) for (name,) in rows("waw_names.txt"))


def is_desk(text: str) -> bool:
    folded = fold(text)
    is_named = folded in byline_words("desk") or folded in byline_words("paper")
    return is_named or folded.split(" ", 1)[0] in byline_words("starts_desk")


@cache
def _article_names() -> frozenset[str]:
    return frozenset(fold(name) for (cell,) in rows("article_names.txt") for name in forms(cell))


@cache
def _date_words() -> frozenset[str]:
    """Words of weekdays and Gregorian months. One alone may be a person's (الخميس، نيسان), and those of the Hijri year
    mostly are."""
    weekdays = (name for _, cell in rows("weekdays.tsv") for name in forms(cell))
    return frozenset(word for name in (*weekdays, *gregorian_months()) for word in fold(name).split())


def _is_thing(word: str) -> bool:
    """Whether a folded word is of a site's name, a section or a part of the page."""
    things = byline_words("thing")
    return word in things or _PREFIX.sub("", word) in things or word.removeprefix("و") in things


def is_name(text: str, *, announced: bool) -> bool:
    """Whether `text` can be a person's name; one word only where the page announces a name."""
    words = (_INITIAL.sub(r"\g<0> ", text) if "." in text else text).split()
    if not words or len(text) > _MAX_NAME or not all(_NAME.fullmatch(word) for word in words):
        return False
    titles, strange = byline_words("title"), byline_words("no_person")
    folded = [fold(word) for word in words]
    if any(word in strange or word.startswith("لل") for word in folded[1:]):
        return False
    if folded[0] in strange and folded[0] not in titles:
        return False
    # Only before a name: "الكاتب" is a family name, too.
    proper = list(dropwhile(titles.__contains__, folded))
    if byline_words("field").issuperset(proper) and len(proper) < len(folded):
        return False
    if any(map(_is_thing, proper)) or _date_words().issuperset(proper):
        return False
    if proper and not announced and _ARTICLE.match(proper[0]) and proper[0] not in _article_names():
        return False
    if len(proper) == 1 and (announced or (len(folded) == 2 and folded[0] in _TITLES_AS_NAMES)):
        return len(proper[0]) >= 3
    return len(proper) >= 2 and len([word for word in proper if word not in JOINING]) <= _MAX_PARTS


def before_role(text: str) -> str:
    """The name without what its bearer is ("أحمد علي كاتب وصحفي")."""
    words = text.split()
    roles = byline_words("role")
    end = next((index for index, word in enumerate(words) if fold(word) in roles), len(words))
    # "سعود كاتب": what is left alone is a given name, and the role his family's.
    return text if end == 1 and len(words) == 2 and has_given_name(text) else " ".join(words[:end])


def without_profession(text: str) -> str:
    """The name without a title that says its field, and the field ("المحلل السياسي أحمد علي")."""
    words = text.split()
    titles, fields = byline_words("title"), byline_words("field")
    if len(words) < 4 or fold(words[0]) not in titles or fold(words[1]) not in fields:
        return text
    return " ".join(words[2:])


def has_given_name(name: str) -> bool:
    """Whether a name begins with a well-known given name, titles left out; many more names there are."""
    titles = byline_words("title")
    first, *rest = list(dropwhile(titles.__contains__, fold(name).split())) or [""]
    if first in _KUNYA and rest:
        first = rest[0]
    return first in _given_names()


def names_in(text: str) -> list[str]:
    """The persons that `text` names, when it is names without titles and nothing else; else none."""
    found = persons_in(text)
    titles, roles = byline_words("title"), byline_words("role")
    if not roles.isdisjoint(map(fold, text.split())) or any(fold(n.partition(" ")[0]) in titles for n in found):
        return []
    return found if all(is_name(n, announced=False) and not is_desk(n) for n in found) else []


def persons_in(text: str, *, is_continued: bool = False) -> list[str]:
    """The names of a segment, parted at "و"; a name that begins with waw stays whole. `is_continued`: names stand
    before it, and it may itself begin with "and" ("علي سعد، وهدى سالم")."""
    names: list[list[str]] = [[]]
    words = text.split()
    for index, word in enumerate(words):
        rest = len(words) - index
        joined = word.startswith("و") and len(word) > 3 and (word.startswith("وو") or fold(word) not in _waw_names())
        if word in {"و", "&", "and", "et"} and names[-1]:
            names.append([])
        elif joined and rest >= 2 and (len(names[-1]) >= 2 or (is_continued and index == 0)):
            names.append([word[1:]])
        else:
            names[-1].append(word)
    return [" ".join(name) for name in names if name]
