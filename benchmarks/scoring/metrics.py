"""How near an extracted article is to what people read on the page.

Every text is evened out first (`words`): marks, tatweel, invisible characters, digit forms, the forms of alef and yeh,
punctuation and letter case make no difference. All scores lie between 0 and 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain

SHINGLE = 4
_VOWEL_MARKS = [*range(0x064B, 0x0653), 0x0670]
_INVISIBLE = [0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
_TATWEEL = 0x0640
_EVEN: dict[int, str | None] = {
    **dict.fromkeys([*_VOWEL_MARKS, *_INVISIBLE, _TATWEEL]),
    **{zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)},
    **{ord(form): letter for form, letter in ("ىي", "یي", "کك", "آا", "أا", "إا")},
}
_WORD = re.compile(r"\w+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

#: The columns of every table, in order.
METRICS = ("f1", "rouge", "perfect", "leak", "title", "day", "wrong_day", "instant", "authors")
LOWER_IS_BETTER = frozenset({"leak", "wrong_day"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What people read on a page. None for title, published and authors: not judged.

    `optional` names paragraphs that another reader might leave out; `must_not`, lines that are not the story.
    """

    title: str | None = None
    paragraphs: Sequence[str] = ()
    optional: Sequence[str] = ()
    authors: Sequence[str] | None = None
    published: str | None = None
    must_not: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a program made of the page; nothing at all when it failed."""

    title: str | None = None
    paragraphs: Sequence[str] = ()
    authors: Sequence[str] = ()
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a page by the names of METRICS, without those that the truth does not judge; what leaked."""

    values: dict[str, float]
    leaks: list[str] = field(default_factory=list)

    def without(self, names: Collection[str]) -> Scores:
        """The scores without some metrics."""
        return Scores({name: value for name, value in self.values.items() if name not in names}, self.leaks)


def words(text: str | None) -> list[str]:
    """The words of a text, evened out."""
    return _WORD.findall(unicodedata.normalize("NFKC", text or "").translate(_EVEN).lower())


def harmonic(hits: float, found: float, wanted: float) -> float:
    """F1 of `hits` among `found` and `wanted`; 1 where nothing was wanted and nothing found."""
    if not found and not wanted:
        return 1.0
    return 2 * hits / (found + wanted)


def multiset_f1(wanted: Counter[str], found: Counter[str]) -> float:
    """F1 of two multisets."""
    return harmonic((wanted & found).total(), found.total(), wanted.total())


def shingles(tokens: Sequence[str]) -> Counter[str]:
    """The runs of four words; a shorter text is one run."""
    if not tokens:
        return Counter()
    last = max(len(tokens) - SHINGLE, 0)
    return Counter(" ".join(tokens[start : start + SHINGLE]) for start in range(last + 1))


def common_subsequence(one: Sequence[str], other: Sequence[str]) -> set[int]:
    """The places in `one` of a longest common subsequence; of several, the one that lies earliest in `one`."""
    if one == other:
        return set(range(len(one)))
    shared = set(one) & set(other)
    places = [place for place, word in enumerate(one) if word in shared]
    rest = [word for word in other if word in shared]
    lengths = [[0] * (len(rest) + 1)]
    for place in places:
        above, row = lengths[-1], [0]
        for column, word in enumerate(rest):
            row.append(above[column] + 1 if word == one[place] else max(above[column + 1], row[column]))
        lengths.append(row)
    chosen: set[int] = set()
    end = len(rest)
    for index in range(len(places), 0, -1):
        length = lengths[index][end]
        if length > lengths[index - 1][end]:
            chosen.add(places[index - 1])
            end = lengths[index].index(length) - 1
    return chosen


def rouge_lsum(wanted: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> float:
    """Summary-level ROUGE-L, F1: a paragraph's words count once, however many found paragraphs hold them."""
    hits: Counter[str] = Counter()
    for paragraph in wanted:
        known = set(paragraph)
        places = set().union(*(common_subsequence(paragraph, other) for other in found if not known.isdisjoint(other)))
        hits.update(paragraph[place] for place in places)
    in_found = Counter(chain.from_iterable(found))
    return harmonic((hits & in_found).total(), in_found.total(), sum(map(len, wanted)))


def moment(text: str | None) -> datetime | None:
    """An ISO 8601 date or moment, or the day that another text begins with; None for anything else."""
    text = (text or "").strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        day = _DAY.match(text)
    try:
        return datetime.fromisoformat(day.group()) if day else None
    except ValueError:
        return None


def _dates(truth: str, answer: str | None) -> dict[str, float]:
    """Whether the calendar day is right, whether a wrong one was given, and whether the minute is right."""
    given, real = moment(answer), moment(truth)
    right = given is not None and given.date() == date.fromisoformat(truth[:10])
    scores = {"day": float(right), "wrong_day": float(bool(answer) and not right)}
    if "T" in truth and real is not None and real.tzinfo is not None:
        is_known = given is not None and given.tzinfo is not None
        scores["instant"] = float(
            is_known and given is not None and abs(given.astimezone(UTC) - real.astimezone(UTC)).total_seconds() < 60
        )
    return scores


def _body(truth: Truth, answer: Answer) -> dict[str, float]:
    """Shingle F1, ROUGE and equality word for word, each optional paragraph with or without, whichever fits best."""
    found = [words(text) for text in answer.paragraphs]
    said = list(chain.from_iterable(found))
    optional = set(truth.optional)
    readings = [list(truth.paragraphs)]
    if optional:
        shown = f" {' '.join(said)} "
        held = {text for text in optional if f" {' '.join(words(text))} " in shown}
        readings.append([text for text in truth.paragraphs if text not in optional])
        readings.append([text for text in truth.paragraphs if text not in optional or text in held])
    judged = []
    for reading in readings:
        wanted = [words(text) for text in reading]
        story = list(chain.from_iterable(wanted))
        judged.append((story == said, multiset_f1(shingles(story), shingles(said)), wanted))
    perfect, f1, wanted = max(judged, key=lambda verdict: verdict[:2])
    return {"f1": f1, "rouge": rouge_lsum(wanted, found), "perfect": float(perfect)}


def _leaks(truth: Truth, answer: Answer) -> list[str]:
    """The lines of boilerplate that the body holds as whole words, wherever a paragraph begins or ends."""
    said = f" {' '.join(chain.from_iterable(words(text) for text in answer.paragraphs))} "
    return [line for line in truth.must_not if (key := words(line)) and f" {' '.join(key)} " in said]


def judge(truth: Truth, answer: Answer) -> Scores:
    """The scores of one page."""
    leaks = _leaks(truth, answer)
    values = {**_body(truth, answer), "leak": float(bool(leaks))}
    if truth.title:
        values["title"] = float(words(truth.title) == words(answer.title))
    if truth.published:
        values |= _dates(truth.published, answer.published)
    if truth.authors is not None:
        names = [Counter(" ".join(words(name)) for name in people) for people in (truth.authors, answer.authors)]
        values["authors"] = multiset_f1(names[0], names[1])
    return Scores(values, leaks)


def means(scores: Sequence[Scores]) -> dict[str, float]:
    """The mean of every metric over the pages that it was judged on."""
    found = {name: [s.values[name] for s in scores if name in s.values] for name in METRICS}
    return {name: sum(values) / len(values) for name, values in found.items() if values}
