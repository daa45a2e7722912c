"""Keys: which part of each address tells its story from the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from newscrawl.discovery.addresses import Address, Part, is_year, word_count

# How many of a part's values must be there once only: a story may be filed twice, a section's number is everywhere.
_DISTINCT = 0.85
# The share of titles with a number before or after them from which on the number is not the title's own.
_NUMBERED = 0.8
# Figures of a number that tells a story by itself; shorter ones number sections, and a lone one could be anything.
_FIGURES, _LONE_FIGURES = 4, 5
# Words of a title, on average, and of one that nothing else is known of.
_TITLE, _LONE_TITLE = 2.5, 4
_LEAD = re.compile(r"(\d+)[-_].*")
_TAIL = re.compile(r"(.*\D)(\d+)")
# "12345", and with the title behind it as Joomla writes it; or a code.
_QUERY_VALUE = re.compile(r"(\d+)(?:[:-].*)?|((?=.*\d)[A-Za-z0-9_-]{6,40})")
_TAIL_CODE = re.compile(r".*[-_]([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{6,})")
_LEAD_CODE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{6,})[-_].*")
# The share of codes that must have letters and figures: some have none by chance, words nearly all.
_MIXED = 0.6
_QUERY_NAME = re.compile(r"\w*id|p|n|no|\w*no|story|article|news|news_?code", re.IGNORECASE)

Role = Literal["whole", "lead", "tail", "code", "lead-code", "tail-code", "query", "title"]
_BESIDE_TITLES: tuple[Role, ...] = ("lead", "tail")
_CODES_BESIDE: tuple[Role, ...] = ("lead-code", "tail-code")


@dataclass(frozen=True, slots=True)
class Key:
    """What tells a story, and what stands before it.

    role      whole, lead, tail: a number alone, before or after a title; code; query; title
    inside    what stands before the number in its own segment; of a code, on which side of the title it stands
    with_date  numbers begin anew each day
    """

    role: Role
    value: str
    prefix: tuple[Part, ...] = ()
    inside: str = ""
    with_date: bool = False
    extension: str = ""
    parameter: str = ""
    file: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> int:
        """The value as a number."""
        return int(self.value)

    @property
    def is_dated(self) -> bool:
        """Whether a date with at least a month stands before it."""
        return any(part.kind == "D" and not is_year(part.text) for part in self.prefix)

    @property
    def make(self) -> str:
        """Of which make a code is, and beside a title where."""
        if re.fullmatch(r"[\d-]+", self.value):
            return "stamp"
        kind = "uuid" if "-" in self.value else "mixed" if re.search("[A-Z]", self.value) else "lower"
        return kind + self.inside


def keys_of(stories: Sequence[Address]) -> list[Key]:
    """The keys of all stories in which one was found."""
    plain = {_unasked(address) for address in stories if not address.query}
    keys: list[Key] = []
    told: dict[Address, None] = {}
    by_names: dict[tuple[str, ...], list[Address]] = {}
    for address in stories:
        if address.query and not _has_own_number(address):
            by_names.setdefault(tuple(sorted(name for name, _ in address.query)), []).append(address)
        else:
            told[_unasked(address)] = None
    for alike in by_names.values():
        paths = dict.fromkeys(map(_unasked, alike))
        found = [] if 2 * len(plain & paths.keys()) >= len(paths) else list(_query_keys(alike))
        keys += found
        if not found and len(paths) > 1 and len(paths) >= _DISTINCT * len(set(alike)):
            # A query that tells nothing of paths that do: it says where the reader came from.
            told |= paths
    by_kinds: dict[str, list[Address]] = {}
    for address in told:
        if address.parts:
            by_kinds.setdefault(address.kinds, []).append(address)
    for alike in by_kinds.values():
        keys += _path_keys(alike)
    return keys


def _unasked(address: Address) -> Address:
    return replace(address, query=()) if address.query else address


def _has_own_number(address: Address) -> bool:
    return any(part.kind == "N" and len(part.text) >= _LONE_FIGURES for part in address.parts)


def _query_keys(alike: Sequence[Address]) -> Iterator[Key]:
    """The keys of addresses whose queries have the same names."""
    values = {name: [dict(address.query)[name] for address in alike] for name, _ in alike[0].query}
    best = _best_parameter(values)
    if best is None:
        return
    for address in alike:
        if match := _QUERY_VALUE.fullmatch(dict(address.query)[best]):
            file = "".join(part.text for part in address.parts[-1:])
            yield Key(
                "query",
                match[1] or match[2],
                address.parts[:-1],
                parameter=best,
                file=f"{file}.{address.extension}" if address.extension else file,
                others=tuple(pair for pair in address.query if pair[0] != best),
            )


def _best_parameter(values: dict[str, list[str]]) -> str | None:
    """The parameter whose values are numbers or codes, as good as all different, and the longest."""
    fitting = {}
    for name, texts in values.items():
        numbers = [match[1] or match[2] for text in texts if (match := _QUERY_VALUE.fullmatch(text))]
        if len(numbers) >= _NUMBERED * len(texts) and _distinct(numbers) >= _DISTINCT:
            fitting[name] = (_QUERY_NAME.fullmatch(name) is not None, median(map(len, numbers)))
    if all(len(texts) == 1 for texts in values.values()):
        fitting = {name: score for name, score in fitting.items() if score[0]}
    return max(fitting, key=lambda name: (_distinct(values[name]), fitting[name]), default=None)


def _distinct(values: Sequence[str]) -> float:
    return len(set(values)) / len(values) if values else 0.0


def _path_keys(alike: list[Address]) -> Iterable[Key]:
    """The keys of addresses whose parts are of the same kinds."""
    kinds = alike[0].kinds
    columns = [[address.parts[at].text for address in alike] for at in range(len(kinds))]
    titles = {at for at, kind in enumerate(kinds) if kind == "W" and _is_title(columns[at])}
    found = (
        _number(kinds, columns, alike) or _code(kinds, columns) or _numbered(kinds, columns) or _coded(kinds, columns)
    )
    if found is None:
        return _titles(kinds, alike)
    role, at, with_date = found
    return list(_cut(alike, role, at, titles - {at}, with_date))


def _is_title(texts: Sequence[str]) -> bool:
    many = len(texts) > 2
    return (not many or _distinct(texts) > 0.5) and sum(map(word_count, texts)) / len(texts) >= _TITLE


def _number(kinds: str, columns: list[list[str]], alike: list[Address]) -> tuple[Role, int, bool] | None:
    """Where a number alone in its segment tells the story."""
    places = [at for at, kind in enumerate(kinds) if kind == "N"]
    if not places:
        return None
    # A number that rises with the date, an issue's, is there many times.
    best = max(places, key=lambda at: (_distinct(columns[at]) >= _DISTINCT, median(map(len, columns[at])), at))
    figures = median(map(len, columns[best]))
    least = _LONE_FIGURES if len(alike) == 1 else _FIGURES
    filed = ["/".join(row) for row in zip(*columns[: best + 1], strict=True)]
    if figures >= least and max(_distinct(columns[best]), _distinct(filed)) >= _DISTINCT:
        return "whole", best, False
    dated = kinds.rfind("D", 0, places[-1])
    if dated >= 0 and places[-1] == len(kinds) - 1:
        days = [f"{day} {number}" for day, number in zip(columns[dated], columns[-1], strict=True)]
        if _distinct(days) >= _DISTINCT and all(re.search(r"\d.\d+.\d", day) for day in columns[dated]):
            return "whole", places[-1], True
    return None


def _code(kinds: str, columns: list[list[str]]) -> tuple[Role, int, bool] | None:
    places = [at for at, kind in enumerate(kinds) if kind == "C" and _distinct(columns[at]) >= _DISTINCT]
    return ("code", places[-1], False) if places else None


def _numbered(kinds: str, columns: list[list[str]]) -> tuple[Role, int, bool] | None:
    """Where a number stands before or after a title in the same segment."""
    least = _LONE_FIGURES if len(columns[0]) == 1 else _FIGURES
    for at in reversed(range(len(kinds))):
        if kinds[at] != "W":
            continue
        for role in _BESIDE_TITLES:
            numbers = [number for text in columns[at] if (number := _number_in(text, role)) and len(number) >= least]
            if len(numbers) >= _NUMBERED * len(columns[at]) and _distinct(numbers) >= _DISTINCT:
                return role, at, False
    return None


def _coded(kinds: str, columns: list[list[str]]) -> tuple[Role, int, bool] | None:
    """Where a code, always of one length, stands before or after a title in the same segment."""
    for at in reversed(range(len(kinds))):
        for role in _CODES_BESIDE if kinds[at] == "W" else ():
            codes = [code for text in columns[at] if (code := _code_in(text, role))]
            mixed = [code for code in codes if re.search(r"\d", code) and re.search("[A-Za-z]", code)]
            if (
                len(codes) >= _NUMBERED * len(columns[at])
                and len(mixed) >= _MIXED * len(codes)
                and len(set(map(len, codes))) == 1
                and _distinct(codes) >= _DISTINCT
            ):
                return role, at, False
    return None


def _code_in(text: str, role: str) -> str | None:
    match = (_LEAD_CODE if role == "lead-code" else _TAIL_CODE).fullmatch(text)
    return match[1] if match else None


def _number_in(text: str, role: str) -> str | None:
    match = (_LEAD if role == "lead" else _TAIL).fullmatch(text)
    if match is None:
        return None
    number = match[1] if role == "lead" else match[2]
    return None if is_year(number) or not number.isascii() else number


def _cut(alike: list[Address], role: Role, at: int, titles: set[int], with_date: bool) -> Iterator[Key]:
    for address in alike:
        text = address.parts[at].text
        if role in ("whole", "code"):
            number: str | None = text
        else:
            number = _code_in(text, role) if role in _CODES_BESIDE else _number_in(text, role)
        if not number:
            continue
        prefix = tuple(
            replace(part, kind="T") if place in titles else part for place, part in enumerate(address.parts[:at])
        )
        inside = text.removesuffix(number) if role == "tail" else role if role in _CODES_BESIDE else ""
        yield Key("code" if role in _CODES_BESIDE else role, number, prefix, inside, with_date, address.extension)


def _titles(kinds: str, alike: list[Address]) -> Iterator[Key]:
    """Keys where no number tells the story: the title at the end, behind a date or long enough to be one."""
    if not kinds or kinds[-1] not in "WC":
        return
    for address in alike:
        key = Key("title", address.parts[-1].text, address.parts[:-1], extension=address.extension)
        if key.is_dated or len(alike) > 1 or word_count(key.value) >= _LONE_TITLE:
            yield key
