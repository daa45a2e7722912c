"""Searching Arabic: the words of a query, the proclitics that texts glue to them, and whether a text has them.

The reader's index and the watches ask here, so that a watch finds what the search finds. Folding alone finds a bare
noun in half of the texts that use it: the other half writes it with a proclitic (measured on 31,030 news articles).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from newscrawl.arabic.folding import fold
from newscrawl.arabic.lexicon import forms as cells
from newscrawl.arabic.lexicon import rows

#: A query of more terms than this is refused: nobody types it, and each term stands for dozens of words.
MOST_TERMS = 32

Phrase = tuple[str, ...]

# Shorter stems are left to the definite forms: الحب is الـ and حب, but what is left of الله or التي is no word.
_SHORTEST_STEM = 3
# Letters of the present tense; أ (I) only where it is written, for bare alef begins far too many nouns.
_PRESENT = "يتن"
_SHORTEST_VERB = 3
_SHORTEST_FIRST_PERSON = 4
_WRITTEN_HAMZA = "أإآ"
# Directional marks and isolates come along when a query is pasted from a right-to-left page.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TERM = re.compile(
    r'(?P<sign>[-−–]?)(?P<exact>=?)(?:"(?P<straight>[^"]*)"?|«(?P<angled>[^»]*)»?|“(?P<curled>[^”]*)”?|(?P<word>\S+))'
)
# A displayed word together with the marks and tatweel that folding drops.
_PIECE = re.compile("[^\\W_][\\w\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u200c\u200d]*")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: any of the phrases (of folded words) stands in the text, or none when `negated`."""

    phrases: tuple[Phrase, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold; without terms it holds for every text."""

    terms: tuple[Term, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that a text must have."""
        return tuple(term for term in self.terms if not term.negated)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        """The terms that a text must not have."""
        return tuple(term for term in self.terms if term.negated)

    def __bool__(self) -> bool:
        return bool(self.terms)


class Text:
    """A text made ready for queries; a phrase never runs from one of its parts (title, body) into the next."""

    __slots__ = ("_parts", "words")

    def __init__(self, *folded: str) -> None:
        """`folded`: the parts as fold() gives them."""
        self._parts = tuple(f" {part} " for part in folded)
        self.words = frozenset(word for part in folded for word in part.split(" ") if word)

    def has(self, term: Term) -> bool:
        """Whether a term holds."""
        return any(map(self._has, term.phrases)) is not term.negated

    def matches(self, query: Query) -> bool:
        """Whether all terms hold."""
        return all(map(self.has, query.terms))

    def _has(self, phrase: Phrase) -> bool:
        if len(phrase) == 1:
            return phrase[0] in self.words
        if phrase[0] not in self.words:
            return False
        run = f" {' '.join(phrase)} "
        return any(run in part for part in self._parts)


def parse_query(text: str) -> Query:
    """The terms of what a person typed; ValueError for more than MOST_TERMS.

    Words must all be there; `"several words"` (or «…», “…”) in this order; `-word` must not be there; `=word` and
    `="several words"` as written, without proclitics. Signs and marks alone ask for nothing.
    """
    terms = tuple(_terms(_DIRECTION.sub("", text)))
    if len(terms) > MOST_TERMS:
        raise ValueError(f"a search takes at most {MOST_TERMS} words, this one has {len(terms)}")
    return Query(tuple(dict.fromkeys(terms)))


def _terms(text: str) -> Iterator[Term]:
    for found in _TERM.finditer(text):
        typed = next(part for part in found.group("straight", "angled", "curled", "word") if part is not None)
        first, *rest = fold(typed).split(" ")
        if first:
            starts = (first,) if found["exact"] else forms(typed)
            yield Term(tuple((start, *rest) for start in starts), negated=bool(found["sign"]))


@lru_cache(maxsize=4096)
def forms(typed: str) -> tuple[str, ...]:
    """The folded words that a text may have for the first word typed: itself, then with proclitics.

    The article is taken off first, unless a hamza shows that alef and lam belong to the word (إلغاء). A form that is
    a word of its own (tables/own_words.txt) is left out.
    """
    word = fold(typed).split(" ", 1)[0]
    if len(word) < 2:
        return (word,)
    shown = _shown(typed)
    found = [word]
    stem = word[2:] if word.startswith("ال") and not shown.startswith(tuple(_WRITTEN_HAMZA)) else ""
    if stem:
        found += _definite(stem)
    if len(stem) >= _SHORTEST_STEM:
        found += [stem, *_bare(stem)]
    found += [*_bare(word), *_definite(word)]
    if _is_present(word, shown):
        found += [prefix + word for prefix in _prefixes()["verbal"]]
    return tuple(dict.fromkeys(form for form in found if form == word or form not in _own_words()))


def _shown(typed: str) -> str:
    """The first word as it was typed, hamza and all."""
    piece = _PIECE.search(typed)
    return piece[0] if piece else ""


def _bare(stem: str) -> list[str]:
    """A stem after conjunctions and prepositions; where the last one makes a word of its own, none before it helps."""
    return [prefix + stem for prefix in _prefixes()["bare"] if prefix[-1] + stem not in _own_words()]


def _definite(stem: str) -> list[str]:
    """A stem with the article; after ل, a lam of its own takes the place of the article's (للغة)."""
    forms = []
    for prefix in _prefixes()["definite"]:
        assimilated = prefix.endswith("لل") and stem.startswith("ل")
        forms.append((prefix[:-1] if assimilated else prefix) + stem)
    return forms


def _is_present(word: str, shown: str) -> bool:
    if shown.startswith("أ"):
        return len(word) >= _SHORTEST_FIRST_PERSON
    return word[0] in _PRESENT and len(word) >= _SHORTEST_VERB


@cache
def _prefixes() -> dict[str, tuple[str, ...]]:
    return {kind: tuple(cells(found)) for kind, found in rows("proclitics.tsv")}


@cache
def _own_words() -> frozenset[str]:
    return frozenset(word for (line,) in rows("own_words.txt") for word in line.split())


def marked(text: str, query: Query) -> list[tuple[str, bool]]:
    """A text for showing in pieces, each with whether the query found it."""
    phrases: dict[str, list[Phrase]] = {}
    for term in query.wanted:
        for phrase in term.phrases:
            phrases.setdefault(phrase[0], []).append(phrase)
    pieces = [(found.span(), fold(found[0]).split(" ")) for found in _PIECE.finditer(text)]
    words = [(word, number) for number, (_, folded) in enumerate(pieces) for word in folded if word]
    hits: set[int] = set()
    for at, (word, _) in enumerate(words):
        for phrase in phrases.get(word, ()):
            run = words[at : at + len(phrase)]
            if tuple(each for each, _ in run) == phrase:
                hits.update(number for _, number in run)
    found_pieces = []
    end = 0
    for number, ((start, stop), _) in enumerate(pieces):
        if number in hits:
            found_pieces += [(text[end:start], False), (text[start:stop], True)]
            end = stop
    return [piece for piece in (*found_pieces, (text[end:], False)) if piece[0]]


def searched(record: Mapping[str, Any]) -> tuple[str, str]:
    """The parts of a stored record that a search looks into: the headline, then the standfirst and the body."""
    return record.get("title") or "", "\n".join(filter(None, (record.get("subtitle"), record.get("body"))))
