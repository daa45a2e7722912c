"""Rows: the stories of a site that one number, code or title tells apart, and the expression that finds them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from newscrawl.discovery.addresses import announces, word_count, words
from newscrawl.discovery.shape_keys import Key
from newscrawl.discovery.shape_patterns import Prefix, alternatives, digits_pattern, literal, prefix_pattern

# A meeting of two numbers counts as chance when chance would bring more than this many.
_CHANCE = 0.01
# Words of a title that nothing but its length tells from a page about the site, and the fewest that are believed.
_TITLE_WORDS, _FEWEST_WORDS = 4, 3
# The share of titles in Arabic letters from which on others are none.
_ARABIC_SHARE = 0.8
_ARABIC = re.compile("[\u0621-\u064a]")
# Of many addresses, rows with a smaller share are somebody's mistake: an advertisement, a page about the site.
_MANY, _SHARE = 30, 0.03
# Figures from which on a number in a form for print or telephones is a story's, wherever it stands.
_LONG = 5
_DIGITS = re.compile(r"\d+")
_END, _END_OF_TAIL = "(?=[-_/.?]|$)", "(?=[/.?]|$)"


@dataclass(slots=True)
class Refused:
    """What addresses that fitted and are none have taught: words, lengths of numbers and titles, values of a query."""

    words: set[str] = field(default_factory=set)
    figures: set[int] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    title_words: int = 0

    @property
    def size(self) -> tuple[int, ...]:
        """Grows with all that is learned."""
        return len(self.words), len(self.figures), len(self.pairs), self.title_words


@dataclass(slots=True)
class Row(ABC):
    """Stories that one part of the address tells apart."""

    keys: list[Key]
    refused: Refused

    @abstractmethod
    def pattern(self) -> str:
        """The expression for what follows the host; a group's name may stand several times."""


@dataclass(slots=True)
class NumberRow(Row):
    """Stories by their number, whichever of several forms their addresses have."""

    @property
    def names(self) -> tuple[str, ...]:
        """The groups of the pattern."""
        if self.keys[0].with_date:
            return ("date", "id")
        return ("section", "id") if self._meet_by_chance() else ("id",)

    def _meet_by_chance(self) -> bool:
        """Whether one number stands under two sections so that it may well be two stories."""
        numbers = {key.number for key in self.keys}
        if len(numbers) == len(self.keys) or {key.role for key in self.keys} != {"whole"}:
            return False
        span = max(numbers) - min(numbers) + 1
        return len(self.keys) * (len(self.keys) - 1) / (2 * span) > _CHANCE

    def overlaps(self, other: NumberRow) -> bool:
        """Whether the numbers of two forms are of one counter."""
        mine, theirs = [key.number for key in self.keys], [key.number for key in other.keys]
        return min(mine) <= max(theirs) and min(theirs) <= max(mine)

    def pattern(self) -> str:
        forms = list(self._forms())
        ends = _END_OF_TAIL if all(key.role == "tail" for key in self.keys) else _END
        return f"{alternatives(forms)}(?P<id>{self._figures()}){ends}"

    def _figures(self) -> str:
        lengths = [len(key.value) for key in self.keys]
        shortest, longest = min(lengths), max(lengths)
        if self.keys[0].with_date:
            return digits_pattern(1, longest + 1, longest)
        least = 1 if self._is_named() else max(shortest - 1, 4) if shortest > 4 else shortest
        taught = [count for count in self.refused.figures if count < shortest]
        return digits_pattern(max([least, *(count + 1 for count in taught)]), longest + 1, longest)

    def _is_named(self) -> bool:
        """Whether the word before the number says that it is one story's."""
        return all(
            key.role == "whole" and key.prefix and key.prefix[-1].text.lower() in words("single") for key in self.keys
        )

    def _is_long(self) -> bool:
        return min(len(key.value) for key in self.keys) >= _LONG

    def _forms(self) -> Iterable[str]:
        names = self.names
        for role in ("whole", "lead", "tail"):
            keys = [key for key in self.keys if key.role == role]
            if not keys:
                continue
            prefixes = [_dated(key.prefix) if key.with_date else key.prefix for key in keys]
            section = "section" if "section" in names else None
            prefix = prefix_pattern(prefixes, self.refused.words, group=section, loose=self._is_long())
            if role == "lead" and not self._is_long():
                prefix += r"(?=\d+[-_])"
            elif role == "tail":
                prefix += _inside([key.inside for key in keys]) + r"(?=\d+(?:\.[a-z]+)?(?:[/?]|$))"
            yield prefix
        if names == ("id",) and self._is_long():
            if not any(key.prefix for key in self.keys):
                yield "(?:story|node)/"
            yield r"(?:(?<=/amp/)|(?:[^/?]+/)*?(?:amp|print)[a-zA-Z]*/)(?:[^/?]+/)*?"


def _dated(prefix: Prefix) -> Prefix:
    """A prefix whose last date, the one that the numbers behind it are of, is captured."""
    at = max(at for at, part in enumerate(prefix) if part.kind == "D")
    return (*prefix[:at], replace(prefix[at], form=f"(?P<date>{prefix[at].form})"), *prefix[at + 1 :])


def _inside(texts: Sequence[str]) -> str:
    """What stands before the number in its own segment: always the same, or a title."""
    masks = {_DIGITS.sub("0", text) for text in texts}
    # Of one address alone nobody knows whether the words before its number vary.
    lone_title = len(texts) == 1 and texts[0].endswith("-") and not _DIGITS.search(texts[0])
    if len(masks) > 1 or (lone_title and not announces(texts[0].rstrip("-"))):
        return r"[^/?]*[^/?\d]"
    return r"\d+".join(literal([piece]) if piece else "" for piece in masks.pop().split("0"))


@dataclass(slots=True)
class CodeRow(Row):
    """Stories by a code of letters and figures."""

    def pattern(self) -> str:
        prefix = prefix_pattern([key.prefix for key in self.keys], self.refused.words)
        side = self.keys[0].inside
        title, end = (
            ("[^/?]*[-_]" if side == "tail-code" else ""),
            ("(?=[-_])" if side == "lead-code" else _END_OF_TAIL),
        )
        return f"{prefix}{title}(?P<id>{self._signs()}){end}"

    def _signs(self) -> str:
        texts = [key.value for key in self.keys]
        shortest, longest = min(map(len, texts)), max(map(len, texts))
        if all(re.fullmatch(r"[\d-]+", text) for text in texts):
            return rf"(?:19|20)\d\d-[\d-]{{{shortest - 5},{longest - 5}}}"
        count = f"{{{shortest},{longest}}}" if shortest != longest else f"{{{shortest}}}"
        if all("-" in text for text in texts):
            return f"[0-9a-fA-F-]{count}"
        if any(re.search("[A-Z]", text) for text in texts):
            return f"[A-Za-z0-9_=]{count}"
        if self.keys[0].inside:
            return f"[a-z0-9]{count}"
        # A word of the same length is a desk's: a code has a figure in it.
        return rf"(?=[a-z]*\d)[a-z0-9]{count}"


@dataclass(slots=True)
class QueryRow(Row):
    """Stories by a parameter of the query."""

    def pattern(self) -> str:
        where = prefix_pattern([key.prefix for key in self.keys]) + alternatives(_path(key) for key in self.keys)
        asked = "".join(rf"(?=\?(?:.*&)?{wanted}(?:&|$))" for wanted in self._constant())
        parameter = self.keys[0].parameter
        group = re.sub(r"\W", "", parameter.lower(), flags=re.ASCII).lstrip("0123456789_") or "id"
        return rf"{where}{asked}\?(?:.*&)?{re.escape(parameter)}=(?P<{group}>{self._value()})(?=[&:-]|$)"

    def _value(self) -> str:
        lengths = [len(key.value) for key in self.keys]
        shortest, longest = min(lengths), max(lengths)
        if all(key.value.isdigit() for key in self.keys):
            return digits_pattern(max(shortest - 1, 1), longest + 1, longest)
        return rf"[\w-]{{{shortest},{longest}}}"

    def _constant(self) -> Iterable[str]:
        """What else all queries say, in words: the language, the kind of page; a page for print says it differently."""
        shared = Counter(pair for key in self.keys for pair in key.others)
        for (name, value), count in sorted(shared.items()):
            told_apart = any(pair[0] == name and pair[1] != value for pair in self.refused.pairs)
            if count == len(self.keys) and value and (told_apart or not value.isdigit()):
                kind = "|print" if value.lower() in words("story") else ""
                yield f"{re.escape(name)}=(?:{re.escape(value)}{kind})" if kind else re.escape(f"{name}={value}")


def _path(key: Key) -> str:
    """The file that answers, and the one that prints what it answers."""
    if not key.file:
        return ""
    name, dot, extension = key.file.partition(".")
    plain = re.escape(name)
    printed = re.sub(r"details?", "Print[A-Za-z]*", plain, flags=re.IGNORECASE) if dot else plain
    return (plain if printed == plain else f"(?:{plain}|{printed})") + (re.escape(dot + extension) if dot else "")


@dataclass(slots=True)
class TitleRow(Row):
    """Stories by their whole path: no number tells them, a date or the length of the title does."""

    def pattern(self) -> str:
        dated = [key for key in self.keys if key.is_dated]
        bare = [key for key in self.keys if not key.is_dated]
        unwanted = self.refused.words
        options = []
        if dated:
            prefix = prefix_pattern([key.prefix for key in dated], unwanted)
            options.append(rf"{prefix}(?!(?:\d+|index)(?:[/.?]|$))[^/?]+?")
        if bare:
            options.append(prefix_pattern([key.prefix for key in bare], unwanted) + self._title(bare))
        extension = r"\.html?" if all(key.extension.startswith("htm") for key in self.keys) else r"(?:\.[a-z]{3,5})?"
        return rf"(?P<path>{alternatives(options)}){extension}(?:/amp)?(?=[?]|$)"

    def _title(self, keys: list[Key]) -> str:
        texts = [key.value for key in keys]
        shortest = min(map(word_count, texts))
        if all(key.prefix and key.prefix[-1].text.lower() in words("single") for key in keys):
            fewest = 1
        else:
            # Pages about the site lie at its root.
            filed = all(key.prefix for key in keys)
            fewest = max(min(shortest, _FEWEST_WORDS), 2) if filed else max(min(shortest, _TITLE_WORDS), _FEWEST_WORDS)
        fewest = max(fewest, min(self.refused.title_words + 1, shortest))
        arabic = sum(1 for text in texts if _ARABIC.search(text)) / len(texts) >= _ARABIC_SHARE
        letters = r"(?=[^/?]*[\u0621-\u064a])" if arabic else ""
        more = rf"(?:[-_]+[^/?_-]+){{{fewest - 1},}}"
        return rf"{letters}[-_]*[^/?_-]+{more}[-_]*?"


def rows_of(keys: Sequence[Key], refused: Refused) -> list[Row]:
    """The rows that keys are of, the largest first."""
    numbers: list[NumberRow] = []
    by_form: dict[tuple[str, bool], list[Key]] = {}
    codes: dict[str, list[Key]] = {}
    queries: dict[str, list[Key]] = {}
    titles: list[Key] = []
    for key in keys:
        if key.role == "query":
            queries.setdefault(key.parameter, []).append(key)
        elif key.role == "code":
            codes.setdefault(key.make, []).append(key)
        elif key.role == "title":
            titles.append(key)
        else:
            by_form.setdefault((key.role, key.with_date), []).append(key)
    for form in by_form.values():
        row = NumberRow(form, refused)
        same = next((other for other in numbers if row.names == other.names == ("id",) and row.overlaps(other)), None)
        if same is None:
            numbers.append(row)
        else:
            numbers[numbers.index(same)] = NumberRow(same.keys + row.keys, refused)
    rows: list[Row] = [*numbers]
    rows += [CodeRow(alike, refused) for alike in codes.values()]
    rows += [QueryRow(alike, refused) for alike in queries.values()]
    rows += [TitleRow(titles, refused)] if titles else []
    least = _SHARE * len(keys) if len(keys) >= _MANY else 0
    return sorted((row for row in rows if len(row.keys) > least), key=lambda row: -len(row.keys))
