"""Frames of news stories, and how a frame becomes a text whose words agree.

A topic table (tables/topic_*.txt) holds vocabulary and events. Lines of a table:

    @slot value,gender | value        words for {slot}; @role gives the masculine / feminine name of an office
    == event                          the frames of one kind of event; "== pool" holds paragraphs that fit any of them
    N name low-high[/step] noun       a number of the event; {name} counts the noun, {name#} is the bare number
    T / S / L / P / C / *             headline, standfirst, lead, paragraph, caption, pool paragraph

Inside a frame, {slot} is a word of the vocabulary, {name:low-high noun} a number of that sentence alone, and
{masculine|feminine@slot} the form that agrees with the slot's gender. A slot keeps its value through a story.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random

from newscrawl.demo import lexicon
from newscrawl.demo.counting import Noun, count

_FIELD = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"(\w+)[: ](\d+)-(\d+)(?:/(\d+))?(?: (\S+))?$")
_PEOPLE = {
    "person": "m", "scorer": "m", "person_f": "f", "runner_f": "f", "author_f": "f", "singer_f": "f", "pupil_f": "f",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a slot and its gender ("m" or "f")."""

    text: str
    gender: str = "m"


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers that a slot may take, and the noun that they count (None: the bare number)."""

    low: int
    high: int
    step: int
    noun: str | None


@dataclass(slots=True)
class Event:
    """The frames of one kind of event; `key` is unique among all topics."""

    key: str
    numbers: dict[str, Range] = field(default_factory=dict)
    frames: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in "TSLPC"})


@dataclass(slots=True)
class Topic:
    """A topic table; `closed` says that no paragraph of the general pool suits it."""

    name: str
    closed: bool = False
    vocabulary: dict[str, list[Word]] = field(default_factory=dict)
    roles: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    pool: list[str] = field(default_factory=list)

    def event(self, key: str) -> Event:
        """The event of that key; StopIteration when the topic has none."""
        return next(event for event in self.events if event.key == key)


def _word(entry: str) -> Word:
    text, _, gender = entry.strip().rpartition(",")
    return Word(text, gender) if text and gender in ("m", "f") else Word(entry.strip())


def _range(match: re.Match[str]) -> Range:
    noun = match[5] if match[5] != "-" else None
    return Range(int(match[2]), int(match[3]), int(match[4] or 1), noun)


@cache
def topic(name: str) -> Topic:
    """The topic of that name; ValueError names a line that cannot be read."""
    found = Topic(name)
    for line in lexicon.lines(f"topic_{name}.txt"):
        kind, _, rest = line.partition(" ")
        if kind == "@role":
            masculine, feminine = rest.split(" / ")
            found.roles.append((masculine, feminine))
        elif kind == "@tag":
            found.tags = [tag.strip() for tag in rest.split("|")]
        elif kind.startswith("@"):
            found.vocabulary[kind[1:]] = [_word(entry) for entry in rest.split("|")]
        elif kind == "*":
            found.pool.append(rest)
        elif kind == "==":
            if rest == "pool closed":
                found.closed = True
            elif rest != "pool":
                found.events.append(Event(f"{name}/{rest}"))
        elif kind == "N":
            for entry in rest.split("|"):
                match = _RANGE.match(entry.strip())
                if match is None:
                    raise ValueError(f"topic_{name}.txt: cannot read the number {entry.strip()!r}")
                found.events[-1].numbers[match[1]] = _range(match)
        elif kind in found.events[-1].frames:
            found.events[-1].frames[kind].append(rest)
        else:
            raise ValueError(f"topic_{name}.txt: cannot read {line!r}")
    return found


@cache
def nouns() -> Mapping[str, Noun]:
    """The nouns that stories count."""
    return {row[0]: Noun(*row) for row in lexicon.rows("nouns.tsv")}


def person(rng: Random, gender: str | None = None) -> Word:
    """A person's name, of either gender unless one is asked for."""
    people = lexicon.rows("people.tsv")
    gender = gender or rng.choice("mf")
    first = rng.choice([name for kind, name, sex in people if kind == "first" and sex == gender])
    last = rng.choice([name for kind, name, _ in people if kind == "last"])
    return Word(f"{first} {last}", gender)


class Telling:
    """One story being told: fills frames and remembers what every slot stands for."""

    def __init__(self, topic: Topic, event: Event, rng: Random, given: Mapping[str, Word]) -> None:
        self._topic = topic
        self._numbers = dict(event.numbers)
        self._rng = rng
        self._words = dict(given)
        self._drawn: dict[str, int] = {}

    def fill(self, frame: str) -> str:
        """The frame with every field filled; KeyError names a slot that no table knows."""
        return _FIELD.sub(self._replace, frame)

    def _replace(self, match: re.Match[str]) -> str:
        inner = match[1]
        if "@" in inner:
            forms, _, slot = inner.rpartition("@")
            masculine, feminine = forms.split("|")
            return masculine if self._gender(slot) == "m" else feminine
        before = match.string[: match.start()]
        value = self._value(inner)
        # "ل" before the article is written "لل"; only here is the article sure to be one.
        if re.search(r"(^|\s)[وف]?ل$", before) and value.startswith("ال"):
            return value[1:]
        return value

    def _value(self, inner: str) -> str:
        local = _RANGE.match(inner)
        if local:
            self._numbers.setdefault(local[1], _range(local))
            inner = local[1]
        name = inner.rstrip("#")
        if name in self._numbers:
            allowed = self._numbers[name]
            number = self._number(name, allowed)
            return str(number) if allowed.noun is None or inner.endswith("#") else count(number, nouns()[allowed.noun])
        return self._word(inner).text

    def _number(self, name: str, allowed: Range) -> int:
        if name not in self._drawn:
            candidates = range(allowed.low, allowed.high + 1, allowed.step)
            self._drawn[name] = self._rng.choice([n for n in candidates if n % 100 not in (1, 2)])
        return self._drawn[name]

    def _gender(self, slot: str) -> str:
        return self._word(slot).gender

    def _word(self, slot: str) -> Word:
        if slot not in self._words:
            kind = slot.rstrip("0123456789")
            if kind in ("official", "official_f"):
                self._words[slot] = self._official("f" if kind == "official_f" else None)
            elif kind in _PEOPLE:
                self._words[slot] = person(self._rng, _PEOPLE[kind])
            else:
                self._words[slot] = self._rng.choice(self._topic.vocabulary[kind])
        return self._words[slot]

    def _official(self, gender: str | None) -> Word:
        who = person(self._rng, gender)
        role = self._rng.choice(self._topic.roles)["mf".index(who.gender)]
        return Word(f"{self.fill(role)} {who.text}", who.gender)
