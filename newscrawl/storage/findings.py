"""What a comparison of the state with the files has found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_EXAMPLES = 5
# Kinds of disagreement, with what each means.
MEANINGS = {
    "unsealed": "files that a killed run left; the next crawl of the source heals them",
    "unread": "whole files that the state has not taken in; the next crawl of the source reads those of this disk",
    "damaged": "lines that are no stored article, or broken files; `state rebuild` sets them aside into rejected/",
    "twice": "versions of an article that are stored more than once, here or here and on another machine",
    "unknown": "stored articles that the state does not know: they would be fetched and stored again",
    "missing": "articles that the state calls stored and no file holds: they would never be fetched again",
    "unfinished": "removals of articles that were cut off; the next crawl of the source finishes them",
    "returned": "lines of articles that were removed before",
    "differs": "articles whose text in the files is not the text that the state remembers",
    "shipped": "articles whose file is in the object store alone: not checked, STORE_URL would let them be",
    "elsewhere": "articles that an ARTICLE_STORE of your own keeps: not checked",
    "busy": "sources that a run is writing now: not checked",
}


@dataclass(slots=True)
class Audit:
    """What was compared and what disagrees: counts by kind, with a few examples of each."""

    articles: int = 0
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)
    """Of articles that lie on the disks of other machines, and were not looked at, how many on which."""
    examples: dict[str, list[str]] = field(default_factory=dict)

    def found(self, kind: str, example: str) -> None:
        """Count one disagreement."""
        self.counts[kind] += 1
        some = self.examples.setdefault(kind, [])
        if len(some) < _EXAMPLES:
            some.append(example)

    @property
    def clean(self) -> bool:
        """Whether all that could be compared agrees."""
        return not set(self.counts) - {"busy", "shipped", "elsewhere"}
