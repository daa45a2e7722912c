"""Watches: searches that are asked of every new article. `watches.toml` holds one table a watch.

[olives]
words = '"زيت الزيتون" -إعلان'     # as in the reader's search; may be missing where a filter stands
sources = ["aldifaf"]               # any of these; likewise sections and countries (ISO 3166)
copies = true                       # reprints of a story that is stored already, too
alerts = ["mailto://..."]           # who is told; digest = true: once a run, not for each article
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newscrawl.arabic import Query, Text, fold, parse_query
from newscrawl.arabic.search import searched
from newscrawl.storage.errors import StorageError

FILE = "watches.toml"
# A watch names its feed's file.
_NAME = re.compile(r"[\w-]{1,64}")
_LISTS = ("sources", "sections", "countries", "alerts")
_SWITCHES = ("copies", "digest")


class WatchError(ValueError):
    """A watch that cannot be used; str() is one clear sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A search with a name; without `copies` an article that resembles an earlier one is passed over."""

    name: str
    words: str = ""
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    copies: bool = False
    alerts: tuple[str, ...] = ()
    digest: bool = False
    query: Query = field(default_factory=Query)

    @classmethod
    def of(cls, name: str, said: Mapping[str, Any]) -> Watch:
        """A watch from its table; WatchError."""
        if not _NAME.fullmatch(name):
            raise WatchError(f"a watch is called {name!r}; letters, digits, - and _ make a name")
        expected: dict[str, type] = {"words": str, **dict.fromkeys(_LISTS, list), **dict.fromkeys(_SWITCHES, bool)}
        for key, value in said.items():
            if key not in expected:
                raise WatchError(f"watch {name}: there is no {key}; there are {', '.join(expected)}")
            if not isinstance(value, expected[key]) or (isinstance(value, list) and not _are_strings(value)):
                kind = {str: "a string", list: "a list of strings", bool: "true or false"}[expected[key]]
                # An address may hold a password.
                shown = "not usable" if key == "alerts" else repr(value)
                raise WatchError(f"watch {name}: {key} is {shown}; expected: {kind}")
        values: dict[str, Any] = {key: tuple(value) if key in _LISTS else value for key, value in said.items()}
        try:
            query = parse_query(values.get("words", ""))
        except ValueError as error:
            raise WatchError(f"watch {name}: {error}") from None
        if not query and not any(values.get(key) for key in ("sources", "sections", "countries")):
            raise WatchError(f"watch {name} would match every article; give words, sources, sections or countries")
        values["countries"] = tuple(country.upper() for country in values.get("countries", ()))
        return cls(name=name, query=query, **values)

    def wants(self, record: Mapping[str, Any]) -> bool:
        """Whether an article passes all but the words."""
        return (
            (self.copies or not record.get("duplicate_of"))
            and (not self.sources or record.get("source") in self.sources)
            and (not self.sections or record.get("section") in self.sections)
            and (not self.countries or record.get("country") in self.countries)
        )


class Watches:
    """Many watches, asked at once: what an article says picks out the few that can match."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self.all = tuple(watches)
        self._without_words: list[Watch] = []
        self._by_word: dict[str, list[Watch]] = {}
        for watch in self.all:
            if not watch.query.wanted:
                self._without_words.append(watch)
                continue
            # One term is enough to find the watch by: the one that fewest words would wake.
            rarest = min(watch.query.wanted, key=lambda term: len(term.phrases))
            for first in {phrase[0] for phrase in rarest.phrases}:
                self._by_word.setdefault(first, []).append(watch)

    def __bool__(self) -> bool:
        return bool(self.all)

    def matching(self, record: Mapping[str, Any]) -> list[Watch]:
        """The watches that an article matches, in their order in the file."""
        text = Text(*map(fold, searched(record)))
        woken = {watch.name: watch for word in self._by_word.keys() & text.words for watch in self._by_word[word]}
        woken |= {watch.name: watch for watch in self._without_words}
        found = {name for name, watch in woken.items() if watch.wants(record) and text.matches(watch.query)}
        return [watch for watch in self.all if watch.name in found] if found else []


def read_watches(path: Path) -> Watches:
    """The watches of a file; none where it is missing. WatchError, StorageError."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Watches(())
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    except UnicodeDecodeError:
        raise WatchError(f"{path} is not UTF-8") from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WatchError(f"{path}: {error}") from None
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise WatchError(f"{path}: {name} stands outside a watch; begin one with [name]")
    try:
        return Watches(Watch.of(name, table) for name, table in tables.items())
    except WatchError as error:
        raise WatchError(f"{path}: {error}") from None


def toml_of(
    words: str, sources: Sequence[str] = (), sections: Sequence[str] = (), countries: Sequence[str] = ()
) -> str:
    """The table of a watch for a search."""
    # What JSON writes, TOML reads as a basic string, but for the one control that JSON leaves as it is.
    lines = ["[my-watch]"]
    lines += [f"words = {_string(words)}"] if words else []
    lists = {"sources": sources, "sections": sections, "countries": countries}
    lines += [f"{key} = [{', '.join(map(_string, values))}]" for key, values in lists.items() if values]
    return "\n".join(lines)


def _are_strings(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
