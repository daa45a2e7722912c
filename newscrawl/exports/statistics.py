"""What a data card says of the articles that it comes with."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from newscrawl.exports.selection import day_of
from newscrawl.items import Article
from newscrawl.monitoring.drift import FIELDS

_LENGTHS = ((100, "up to 100"), (300, "101 to 300"), (1000, "301 to 1,000"))
_LONGEST = "more than 1,000"


@dataclass(slots=True)
class Part:
    """Articles that have something in common: how many, their words, and the first and the last day."""

    articles: int = 0
    words: int = 0
    first: str = ""
    last: str = ""

    def add(self, article: Article) -> None:
        """One more."""
        self.articles += 1
        self.words += article.word_count
        if day := day_of(article):
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)


@dataclass(slots=True)
class Statistics:
    """Counts that grow article by article; `left_out` are the reserved ones, by what their publishers reserve."""

    all: Part = field(default_factory=Part)
    sources: dict[str, Part] = field(default_factory=lambda: defaultdict(Part))
    splits: dict[str, Part] = field(default_factory=lambda: defaultdict(Part))
    months: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    agencies: Counter[str] = field(default_factory=Counter)
    lengths: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    reserved: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    left_out_articles: int = 0
    copies: int = 0
    corrected: int = 0
    walled: int = 0

    def add(self, article: Article, split: str) -> None:
        """One article of the dataset."""
        self.all.add(article)
        self.sources[article.source or ""].add(article)
        self.splits[split].add(article)
        self.months[day_of(article)[:7]] += 1
        self.languages[article.language or ""] += 1
        self.agencies.update(article.agencies or ())
        self.lengths[next((name for most, name in _LENGTHS if article.word_count <= most), _LONGEST)] += 1
        self.filled.update(name for name in FIELDS if getattr(article, name))
        self.reserved.update(article.restrictions or ())
        self.copies += article.duplicate_of is not None
        self.corrected += article.version > 1
        self.walled += bool(article.paywalled)

    def leave_out(self, article: Article) -> None:
        """One article that is not in the dataset, because its publisher reserves something."""
        self.left_out_articles += 1
        self.left_out.update(article.restrictions or ())

    def length_rows(self) -> list[tuple[str, int]]:
        """Lengths in words from short to long, and how many articles have them."""
        return [(name, self.lengths[name]) for name in (*(name for _, name in _LENGTHS), _LONGEST)]

    def share(self, count: int) -> str:
        """A count as a share of all articles, in per cent."""
        return f"{count / self.all.articles:.1%}" if self.all.articles else "-"
