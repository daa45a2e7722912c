"""The words of date lines, from the tables, and the reading of a folded line into items."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from newscrawl.arabic.dates.folding import fold_date_text
from newscrawl.arabic.lexicon import forms, rows


class Item(NamedTuple):
    """One word, number or sign of a line: its kind, its meaning, as folded, and where."""

    kind: str
    value: Any
    raw: str
    start: int
    end: int


# kinds: number, sign, word (unknown), month, hijri, weekday, zone, place, and the kinds of time_words.tsv and
# numbers.tsv
_TOKEN = re.compile(r"[0-9]+|[a-z]+|[\u0620-\u064a\u066e-\u06d3\u06d5]+|\s|.", re.DOTALL)
_Phrases = dict[str, list[tuple[tuple[str, ...], str, Any]]]


def _words(form: str) -> list[str]:
    return [token for token in _TOKEN.findall(fold_date_text(form)[0]) if not token.isspace()]


def _value(kind: str, cell: str) -> Any:
    if kind == "unit":
        name, count = cell.split(":")
        return name, None if count == "*" else int(count)
    return int(cell) if cell.lstrip("-").isdigit() else cell


@cache
def phrases() -> _Phrases:
    """First word -> (further words, kind, value), longest first."""
    table: dict[tuple[str, ...], tuple[str, Any]] = {}

    def add(form: str, kind: str, value: Any) -> None:
        table.setdefault(tuple(_words(form)), (kind, value))

    for calendar, month, names in rows("months.tsv"):
        for name in forms(names):
            bare = name.removeprefix("year:")
            kind = "month" if calendar == "gregorian" else "hijri"
            add(bare, kind, (int(month), bare is not name))
    for day, names in rows("weekdays.tsv"):
        for name in forms(names):
            add(name, "weekday", int(day))
    for table_name in ("time_words.tsv", "numbers.tsv"):
        for kind, cell, names in rows(table_name):
            for name in forms(names):
                add(name, kind, _value(kind, cell))
    for zone, sort, names in rows("zones.tsv"):
        for name in forms(names):
            add(name, "zone" if sort == "abbr" else "place", zone)
    for (word,) in rows("event_words.txt"):
        add(word, "event", None)
    by_first: _Phrases = {}
    for words, (kind, value) in sorted(table.items(), key=lambda entry: -len(entry[0])):
        by_first.setdefault(words[0], []).append((words[1:], kind, value))
    return by_first


def _match(tokens: list[str], index: int, rest: tuple[str, ...]) -> int:
    """Index after `rest` when it stands at tokens[index:], spaces skipped; else -1."""
    for word in rest:
        if index < len(tokens) and tokens[index].isspace():
            index += 1
        if index >= len(tokens) or tokens[index] != word:
            return -1
        index += 1
    return index


def read_items(folded: str) -> tuple[list[Item], set[int]]:
    """The items of a folded line, and the numbers of those that begin a new line."""
    known = phrases()
    tokens = _TOKEN.findall(folded)
    items: list[Item] = []
    line_starts: set[int] = set()
    index, position = 0, 0
    while index < len(tokens):
        word = tokens[index]
        size = len(word)
        if word.isspace():
            if word != " ":
                line_starts.add(len(items))
            index += 1
            position += size
            continue
        if word[0] in "0123456789":
            items.append(Item("number", int(word) if size < 16 else -1, word, position, position + size))
            index += 1
            position += size
            continue
        entries = known.get(word)
        if entries is None and size > 1 and word[0] == "و" and word[1:] in known:
            # "and" is written onto the next word: وعشرين، والنصف
            items.append(Item("and", "و", "و", position, position + 1))
            tokens[index] = word[1:]
            position += 1
            continue
        kind, value, after = ("word" if word[0].isalpha() else "sign"), None, index + 1
        for rest, entry_kind, entry_value in entries or ():
            end = _match(tokens, index + 1, rest) if rest else index + 1
            if end > 0:
                kind, value, after = entry_kind, entry_value, end
                break
        end_position = position + sum(map(len, tokens[index:after]))
        items.append(Item(kind, value, folded[position:end_position], position, end_position))
        index, position = after, end_position
    return items, line_starts
