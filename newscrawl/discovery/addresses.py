"""An article's address taken apart: host, dates, numbers, codes and words of its path, its query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import unquote, urlsplit

from newscrawl.arabic import fold
from newscrawl.arabic.lexicon import gregorian_months
from newscrawl.discovery.identity import normalise_url
from newscrawl.tables import read_table
from newscrawl.urls import ascii_digits

# D a date, N a number alone in its segment, C a code that a machine made, W words, alone or with a number, T a title.
Kind = Literal["D", "N", "C", "W", "T"]

_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_MONTH_AND_DAY = re.compile(r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DATE = re.compile(r"(?:19|20)\d\d-\d{1,2}-\d{1,2}|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9_]{6,}={1,2}|(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9]{8,}")
# Letters and figures mixed; "covid19" and "1st" are words.
_MIXED = re.compile(r"(?![a-z]+\d+$)(?!\d+[a-z]+$)(?=.*\d)(?=.*[a-z])[a-z0-9]{8,}")
# To the second, or with a counter: a title's place taken by the moment of its making.
_STAMP = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:-\d{2,4}){2,}")
_EXTENSION = re.compile(r"\.(html?|shtml|xhtml|aspx?|php|jsp|amp|lite)$", re.IGNORECASE)
_SEPARATOR = re.compile(r"[-_+\s]+")


@cache
def words(kind: str) -> frozenset[str]:
    """The words of one kind in tables/address_words.txt."""
    rows = (row.split("\t") for row in read_table("newscrawl.discovery", "address_words.txt"))
    return frozenset(word for name, word in rows if name == kind)


@dataclass(frozen=True, slots=True)
class Part:
    """One segment of a path, or the segments of one date, of which `form` is the expression."""

    kind: Kind
    text: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A URL without its marks for telephones, its digits in ASCII, its extension apart; `query` in the order of the
    normal form."""

    host: str
    parts: tuple[Part, ...]
    extension: str
    query: tuple[tuple[str, str], ...]

    @property
    def domain(self) -> str:
        """The ending of the host that one owner has, as well as it can be told without a list of registries."""
        labels = self.host.split(".")
        owned = 3 if len(labels) > 2 and labels[-2] in words("registry") else 2
        return ".".join(labels[-owned:])

    @property
    def kinds(self) -> str:
        """The kinds of its parts, one letter each."""
        return "".join(part.kind for part in self.parts)


def announces(word: str) -> bool:
    """Whether a word says that stories follow, or names the edition."""
    return word.lower() in words("story") or word.lower() in words("edition")


def word_count(text: str) -> int:
    """How many words a title in an address has."""
    return sum(1 for word in _SEPARATOR.split(text) if word)


def is_year(text: str) -> bool:
    """Whether four figures may be a year."""
    return _YEAR.fullmatch(text) is not None


def take_apart(url: str) -> Address:
    """The parts of a URL. ValueError when it is no http(s) URL."""
    parts = urlsplit(normalise_url(url))
    labels = parts.netloc.split(".")
    if len(labels) > 2 and labels[0] in words("host"):
        del labels[0]
    segments = [ascii_digits(unquote(segment)) for segment in parts.path.split("/") if segment]
    # "/index.php/…" is what a server without rewriting writes before every path.
    if len(segments) > 1 and segments[0] in words("form"):
        del segments[0]
    if len(segments) > 1 and segments[-1].lower() in ("amp", "amphtml"):
        del segments[-1]
    extension = ""
    if segments and (match := _EXTENSION.search(segments[-1])) and match.start():
        extension = match[1].lower()
        segments[-1] = segments[-1][: match.start()]
    pairs = (piece.partition("=") for piece in parts.query.split("&") if piece)
    query = tuple((unquote(key), ascii_digits(unquote(value))) for key, _, value in pairs)
    return Address(".".join(labels), tuple(_parts(segments)), extension, query)


def _parts(segments: list[str]) -> list[Part]:
    found: list[Part] = []
    at = 0
    while at < len(segments):
        segment, rest = segments[at], segments[at + 1 : at + 3]
        if is_year(segment):
            taken, form = _date_form(rest)
            found.append(Part("D", "/".join([segment, *rest[:taken]]), form))
            at += taken
        else:
            found.append(Part(kind_of(segment), segment, _form(segment)))
        at += 1
    return found


def _date_form(rest: list[str]) -> tuple[int, str]:
    """How many segments after a year belong to its date, and how the date is written."""
    if len(rest) == 2 and _MONTH.fullmatch(rest[0]) and _DAY.fullmatch(rest[1]):
        return 2, r"\d{4}/\d{1,2}/\d{1,2}"
    if rest and fold(rest[0]).replace("-", " ") in _month_names():
        is_day = len(rest) == 2 and _DAY.fullmatch(rest[1])
        return (2, r"\d{4}/[^/?\d]+/\d{1,2}") if is_day else (1, r"\d{4}/[^/?\d]+")
    if rest and _MONTH_AND_DAY.fullmatch(rest[0]):
        return 1, r"\d{4}/\d{4}"
    if rest and _MONTH.fullmatch(rest[0]):
        return 1, r"\d{4}/\d{1,2}"
    return 0, r"\d{4}"


@cache
def _month_names() -> frozenset[str]:
    return frozenset(map(fold, gregorian_months()))


def _form(date: str) -> str:
    return r"\d{4}-\d{1,2}-\d{1,2}" if "-" in date else r"\d{8}"


def kind_of(segment: str) -> Kind:
    """What a segment is by itself."""
    if _DATE.fullmatch(segment):
        return "D"
    if segment.isascii() and segment.isdigit():
        return "N"
    if any(form.fullmatch(segment) for form in (_UUID, _BASE64, _MIXED, _STAMP)):
        return "C"
    return "W"
