"""One search as an address says it: words, filters, order; and what FTS5 is asked for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

from newscrawl.arabic import Query, fold, parse_query
from newscrawl.arabic.search import Term
from newscrawl.browse.entry import AGENCY, AUTHOR, FIELDS, SECTION
from newscrawl.browse.schema import first_of

NEWEST, BEST = "newest", "best"
ORIGINAL, REPRINT = "original", "reprint"
#: Switches, each with the word that marks its articles.
SWITCHES = ("corrected", "walled", "reserved")
_LONGEST = 1000
# What nothing has: a filter by a name that the index does not know finds nothing.
_NOTHING = "nothing"


class SearchError(ValueError):
    """A search that cannot be made; str() is one clear sentence."""


class Arguments(Protocol):
    """The part of werkzeug's MultiDict that is asked."""

    def getlist(self, key: str) -> list[str]:
        """All values of a key."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search; `source`, `country` and `section` may name several, any of which will do. Days are inclusive."""

    q: str = ""
    source: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    agency: str = ""
    author: str = ""
    since: date | None = None
    until: date | None = None
    copies: str = ""
    corrected: bool = False
    walled: bool = False
    reserved: bool = False
    missing: str = ""
    order: str = NEWEST
    query: Query = field(default_factory=Query, compare=False)

    @classmethod
    def read(cls, arguments: Arguments) -> Search:
        """The search of an address; SearchError for what is none."""

        def one(name: str) -> str:
            return next((value.strip() for value in arguments.getlist(name) if value.strip()), "")

        def some(name: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(value for value in arguments.getlist(name) if value))

        q = one("q")
        if len(q) > _LONGEST:
            raise SearchError(f"a search takes at most {_LONGEST} letters")
        return cls(
            q=q,
            source=some("source"),
            country=tuple(country.upper() for country in some("country")),
            section=some("section"),
            agency=one("agency"),
            author=one("author"),
            since=_day("from", one("from")),
            until=_day("to", one("to")),
            copies=_choice("copies", one("copies"), ("", ORIGINAL, REPRINT)),
            corrected=bool(one("corrected")),
            walled=bool(one("walled")),
            reserved=bool(one("reserved")),
            missing=_choice("missing", one("missing"), ("", *FIELDS)),
            order=_choice("order", one("order"), ("", NEWEST, BEST)) or NEWEST,
            query=_query(q),
        )

    def arguments(self, **changed: Any) -> list[tuple[str, str]]:
        """What an address says for this search, or for one that differs in the arguments given (None: without)."""
        names = {"since": "from", "until": "to"}
        said: dict[str, Any] = {names.get(f.name, f.name): getattr(self, f.name) for f in fields(self)}
        del said["query"]
        if said["order"] == NEWEST:
            del said["order"]
        said.update(changed)
        pairs = []
        for name, value in said.items():
            values = value if isinstance(value, tuple) else (value,)
            pairs += [(name, "1" if each is True else str(each)) for each in values if each not in (None, False, "")]
        return pairs

    def address(self, path: str = "/", **changed: Any) -> str:
        """The address of this search, or of one that differs."""
        pairs = self.arguments(**changed)
        return f"{path}?{urlencode(pairs)}" if pairs else path

    @property
    def filters(self) -> int:
        """How many conditions stand beside the words."""
        return len([name for name, _ in self.arguments(q=None, order=None)])


@dataclass(frozen=True, slots=True)
class Asked:
    """What SQLite is asked: an FTS5 expression and the range of the rows' numbers."""

    match: str
    first: int
    end: int

    def where(self) -> tuple[str, tuple[str, int, int]]:
        """The condition and its values."""
        return "text MATCH ? AND rowid >= ? AND rowid < ?", (self.match, self.first, self.end)


def asked(search: Search, connection: sqlite3.Connection) -> Asked:
    """The search in the terms of an index."""
    conditions = [_words(term) for term in search.query.wanted]
    conditions += [_meta(words) for words in _meta_words(search, connection)]
    match = " AND ".join(conditions) or _meta(["all"])
    if unwanted := search.query.unwanted:
        match = f"({match}) NOT ({' OR '.join(map(_words, unwanted))})"
    first = first_of(search.since) if search.since else 0
    end = first_of(search.until + timedelta(days=1)) if search.until and search.until < date.max else 1 << 62
    return Asked(match, first, end)


def _words(term: Term) -> str:
    return f"{{title body}} : ({' OR '.join(_quoted(' '.join(phrase)) for phrase in term.phrases)})"


def _meta(words: Iterable[str]) -> str:
    return f"meta : ({' OR '.join(map(_quoted, words))})"


def _quoted(text: str) -> str:
    """A string of FTS5; folded text holds no quotation marks."""
    return f'"{text}"'


def _meta_words(search: Search, connection: sqlite3.Connection) -> Iterable[list[str]]:
    """For each filter the words of which an article must have one."""
    if search.source:
        yield _numbers(connection, "s", "SELECT n FROM source WHERE name = ?", ((name,) for name in search.source))
    if search.country:
        yield [f"c{fold(country)}" for country in search.country if fold(country).isalpha()] or [_NOTHING]
    by_name = "SELECT n FROM name WHERE kind = ? AND name = ?"
    if search.section:
        yield _numbers(connection, "x", by_name, ((SECTION, name) for name in search.section))
    if search.agency:
        yield _numbers(connection, "g", by_name, [(AGENCY, search.agency)])
    if search.author:
        yield _numbers(connection, "u", by_name, [(AUTHOR, fold(search.author))])
    if search.copies:
        yield [search.copies]
    yield from ([name] for name in SWITCHES if getattr(search, name))
    if search.missing:
        yield [f"no{search.missing.replace('_', '')}"]


def _numbers(connection: sqlite3.Connection, letter: str, query: str, keys: Iterable[tuple[str, ...]]) -> list[str]:
    found = (connection.execute(query, key).fetchone() for key in keys)
    return [f"{letter}{row[0]}" for row in found if row] or [_NOTHING]


def _query(text: str) -> Query:
    try:
        return parse_query(text)
    except ValueError as error:
        raise SearchError(str(error)) from None


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(fold(text).replace(" ", "-"))
    except ValueError:
        raise SearchError(f"{name}: {text} is no day; write 2026-11-29") from None


def _choice(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise SearchError(f"{name}: {text} is none of {', '.join(filter(None, allowed))}")
    return text


class Fields(dict[str, list[str]]):
    """Arguments that come from no address."""

    def getlist(self, key: str) -> list[str]:
        """All values of a key."""
        return self.get(key, [])

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Fields:
        """Lists of strings from single values or sequences of them."""
        return cls(
            {
                key: [str(v) for v in (value if isinstance(value, list | tuple) else [value])]
                for key, value in values.items()
            }
        )
