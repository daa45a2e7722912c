"""Generated Arabic news and the edits that newsrooms make to each other's copy, for benchmarks of near duplicates.

Story n of a seed is always the same, made on demand: a corpus of any size takes no memory.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from newscrawl.arabic import fold

_ROOTS = 2400
_PATTERNS: tuple[str, ...] = ("{0}{1}{2}", "{0}ا{1}{2}", "م{0}{1}و{2}", "ت{0}{1}ي{2}", "ا{0}ت{1}ا{2}", "{0}{1}ي{2}ة")
_PATTERNS += ("است{0}{1}ا{2}", "أ{0}{1}{2}", "{0}{1}{2}ى", "م{0}ا{1}{2}ة", "إ{0}{1}ا{2}", "{0}{1}ا{2}ي", "{0}و{1}{2}")
_PATTERNS += ("ي{0}{1}{2}ون", "{0}{1}{2}ات", "مت{0}{1}{2}")
_PREFIXES = ("", "", "", "ال", "ال", "و", "وال", "بال", "لل", "ف")
_LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمنه"
_SMALL = (
    *("في", "من", "على", "إلى", "عن", "أن", "إن", "التي", "الذي", "بعد", "قبل", "خلال", "مع", "كما", "وقال", "وأضاف"),
    *("وأكد", "بين", "حتى", "هذا", "هذه", "ذلك", "كان", "كانت", "قد", "لم", "لا"),
)
_CITIES = (
    *("القاهرة", "بيروت", "دبي", "الرياض", "بغداد", "عمان", "تونس", "الرباط", "الجزائر", "الدوحة", "لندن", "باريس"),
    *("واشنطن", "أنقرة", "دمشق", "الخرطوم"),
)
_AGENCIES = ("رويترز", "أ ف ب", "أ.ف.ب", "واس", "د ب أ", "سانا", "وام", "قنا", "وكالات", "الأناضول")
_CREDITS = ("المصدر: {}", "({})", "نقلا عن {}", "المصدر: {} + وكالات")
_FURNITURE = ("اقرأ أيضا: {}", "تابعونا على تويتر وفيسبوك", "للمزيد من الأخبار اضغط هنا", "جميع الحقوق محفوظة")
_MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_VARIANTS = {"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ي": "ى"}

Paragraphs = list[list[str]]


@dataclass(frozen=True)
class Printed:
    """A story as a publisher printed it; `told` is its own text without datelines, credits and furniture."""

    title: str
    body: str
    told: Paragraphs
    edit: str
    source: int | None

    @cached_property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        """The exact set of folded word triples of the told text."""
        words = fold(" ".join(word for paragraph in self.told for word in paragraph)).split()
        return frozenset(zip(words, words[1:], words[2:], strict=False))


def jaccard(one: Printed, other: Printed) -> float:
    """The exact Jaccard similarity of two stories."""
    shared = len(one.shingles & other.shingles)
    return shared / (len(one.shingles) + len(other.shingles) - shared or 1)


class EditedNews:
    """A corpus in which every fifth story is another's copy, edited, from at most `reach` stories before."""

    def __init__(self, seed: int = 1, *, copies: float = 0.2, reach: int = 40_000) -> None:
        self._seed = seed
        self._copies = copies
        self._reach = reach
        rng = random.Random(f"words {seed}")
        roots = ["".join(rng.sample(_LETTERS, 3)) for _ in range(_ROOTS)]
        made = (p.format(*root) for root in roots for p in rng.sample(_PATTERNS, 8))
        words = [rng.choice(_PREFIXES) + word for word in made for _ in range(3)]
        rng.shuffle(words)
        self.words = [*_SMALL, *dict.fromkeys(words)]
        self.story = lru_cache(500)(self._story)  # a copy's source is asked for again when the copy is judged
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(len(self.words))))

    def _story(self, number: int) -> Printed:
        """The story of that number."""
        rng = random.Random(f"{self._seed} {number}")
        if not self._is_copy(number):
            return self._printed(rng, self._told(rng), "original", None)
        source = rng.randrange(max(0, number - self._reach), number)
        while self._is_copy(source):
            source = source - 1 if source else 0
        told = self.story(source).told
        names = [rng.choice(list(EDITS))] if rng.random() < 0.7 else rng.sample(list(EDITS), 2)
        for name in names:
            told = EDITS[name](self, rng, told)
        return self._printed(rng, told, "+".join(names), source)

    def urgent(self, rng: random.Random) -> list[str]:
        """The words of a short urgent item with a number and a city."""
        words = [self.word(rng) for _ in range(rng.randint(7, 13))]
        return [*words[:3], str(rng.randint(2, 90)), *words[3:], "في", rng.choice(_CITIES)]

    def word(self, rng: random.Random) -> str:
        """A word, the usual ones more often."""
        return rng.choices(self.words, cum_weights=self._weights)[0]

    def paragraph(self, rng: random.Random, size: int) -> list[str]:
        """So many words."""
        return rng.choices(self.words, cum_weights=self._weights, k=size)

    def _is_copy(self, number: int) -> bool:
        return number > 0 and random.Random(f"{self._seed} {number} copy").random() < self._copies

    def _told(self, rng: random.Random) -> Paragraphs:
        size = min(1500, max(60, int(rng.lognormvariate(5.2, 0.5))))
        told: Paragraphs = []
        while size > 0:
            told.append(self.paragraph(rng, min(size, rng.randint(25, 60))))
            size -= len(told[-1])
        return told

    def _printed(self, rng: random.Random, told: Paragraphs, edit: str, source: int | None) -> Printed:
        """With the dateline, credit and furniture of some publisher, in its spelling, under its own headline."""
        lines = [" ".join(paragraph) + "." for paragraph in told]
        agency, city = rng.choice(_AGENCIES), rng.choice(_CITIES)
        lines[0] = rng.choice((f"{city} ({agency}) - ", f"{city} - {agency}: ", f"{city}: ", "", "")) + lines[0]
        if rng.random() < 0.4:
            lines.append(rng.choice(_CREDITS).format(agency))
        if rng.random() < 0.4:
            title = " ".join(self.paragraph(rng, 6))
            lines.insert(rng.randint(1, len(lines)), rng.choice(_FURNITURE).format(title))
        return Printed(" ".join(self.paragraph(rng, 8)), "\n".join(lines), told, edit, source)

    def cut_end(self, rng: random.Random, told: Paragraphs) -> Paragraphs:
        """The last words go, up to half of the story."""
        left = int(sum(map(len, told)) * rng.uniform(0.5, 0.98))
        kept: Paragraphs = []
        for paragraph in told:
            if left <= 0:
                break
            kept.append(paragraph[:left])
            left -= len(paragraph)
        return kept

    def headline_and_dateline(self, _rng: random.Random, told: Paragraphs) -> Paragraphs:
        """Nothing else: every printed story has its own anyway."""
        return told

    def spelling(self, rng: random.Random, told: Paragraphs) -> Paragraphs:
        """Hamzas, final letters and marks of another house style, and a real misspelling here and there."""
        share = rng.uniform(0.1, 1)

        def spelt(word: str) -> str:
            if rng.random() < 0.01:
                return word + rng.choice(_LETTERS)
            if rng.random() > share:
                return word
            word = "".join(_VARIANTS.get(char, char) for char in word)
            return word[:2] + rng.choice((*_MARKS, "ـ")) + word[2:] if rng.random() < 0.2 else word

        return [[spelt(word) for word in paragraph] for paragraph in told]

    def added_paragraph(self, rng: random.Random, told: Paragraphs) -> Paragraphs:
        """One or two paragraphs of background."""
        told = list(told)
        for _ in range(rng.randint(1, 2)):
            told.insert(rng.randint(1, len(told)), self.paragraph(rng, rng.randint(8, 50)))
        return told

    def reordered(self, rng: random.Random, told: Paragraphs) -> Paragraphs:
        """The paragraphs in another order."""
        return rng.sample(told, len(told))

    def reworded(self, rng: random.Random, told: Paragraphs) -> Paragraphs:
        """Words changed throughout: from a light hand to a story told anew, which is no duplicate any more."""
        share = rng.choice((0.01, 0.02, 0.04, 0.07, 0.1, 0.2))
        return [[self.word(rng) if rng.random() < share else word for word in paragraph] for paragraph in told]


EDITS: dict[str, Callable[[EditedNews, random.Random, Paragraphs], Paragraphs]] = {
    "cut from the end": EditedNews.cut_end,
    "new headline and dateline": EditedNews.headline_and_dateline,
    "spelling": EditedNews.spelling,
    "added paragraphs": EditedNews.added_paragraph,
    "reordered": EditedNews.reordered,
    "reworded": EditedNews.reworded,
}
