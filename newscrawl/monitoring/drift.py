"""Drift: what a publisher's articles used to have and lately lack, which is how a redesign of its site shows.

The latest articles are compared with those before them over the summaries of the runs; a change counts only when it is
both large and too unlikely to be chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from newscrawl.monitoring.runs import Run

FIELDS = (
    "title", "subtitle", "body", "authors", "agencies", "dateline", "section", "tags", "images", "published_at",
    "modified_at",
)  # fmt: skip
# Articles that the comparison needs on either side, and the most that it looks back over.
_RECENT, _BEFORE, _MOST_BEFORE = 20, 60, 1000
_LEAST_DROP = 0.25
# One-sided p of 1 in 10,000: fifty sources with fourteen shares each give one false alarm a fortnight at most.
_LEAST_Z = 3.7
# The mean length of bodies that have lost half of it: a wall, a teaser, or a container that is no longer found.
_SHORTER = 0.5


@dataclass(frozen=True, slots=True)
class Drift:
    """A share of the articles (0 to 1), or a mean, as it was and as it is."""

    what: str
    before: float
    now: float

    def __str__(self) -> str:
        if self.what == "words":
            return f"bodies have {self.now:.0f} words on average, they had {self.before:.0f}"
        if self.what == "coverage":
            return f"stories hold {self.now:.0%} of their pages' sentences on average, it was {self.before:.0%}"
        return f"{self.what}: {self.now:.0%} of the articles, it was {self.before:.0%}"


def drifts(runs: Sequence[Run]) -> list[Drift]:
    """What has drifted in one source's runs (oldest first), the largest drop first; none while too little is known."""
    recent, before = _split([run for run in runs if run.stored])
    articles_now, articles_before = _articles(recent), _articles(before)
    if articles_now < _RECENT or articles_before < _BEFORE:
        return []
    found = []
    for what, count in _shares():
        had, has = sum(map(count, before)), sum(map(count, recent))
        drop = had / articles_before - has / articles_now
        if drop >= _LEAST_DROP and _z(had, articles_before, has, articles_now) >= _LEAST_Z:
            found.append(Drift(what, had / articles_before, has / articles_now))
    found.sort(key=lambda drift: drift.now - drift.before)
    long, short = (sum(run.words for run in side) / _articles(side) for side in (before, recent))
    if short < _SHORTER * long:
        found.append(Drift("words", long, short))
    whole, half = (_coverage(side) for side in (before, recent))
    if whole is not None and half is not None and whole - half >= _LEAST_DROP:
        found.append(Drift("coverage", whole, half))
    return found


def _coverage(runs: Sequence[Run]) -> float | None:
    measured = sum(run.measured for run in runs)
    return sum(run.covered for run in runs) / measured if measured else None


def _split(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """The latest runs that together hold enough articles, and the runs before them."""
    recent: list[Run] = []
    before: list[Run] = []
    for run in reversed(runs):
        if _articles(recent) < _RECENT:
            recent.append(run)
        elif _articles(before) < _MOST_BEFORE:
            before.append(run)
    return recent, before


def _articles(runs: Sequence[Run]) -> int:
    return sum(run.stored for run in runs)


def _shares() -> list[tuple[str, Callable[[Run], int]]]:
    """What is counted: each field, and the body, title and date that came by the publisher's own rules."""
    shares: list[tuple[str, Callable[[Run], int]]] = [
        (name, lambda run, name=name: run.filled.get(name, 0))  # type: ignore[misc]
        for name in FIELDS
    ]
    return shares + [
        (f"{name} by rule", lambda run, name=name: _by_rule(run, name)) for name in ("title", "body", "published_at")
    ]


def _by_rule(run: Run, name: str) -> int:
    return sum(count for key, count in run.layers.items() if key.startswith(f"{name} rule"))


def _z(had: int, of_before: int, has: int, of_now: int) -> float:
    """The pooled z of two proportions: how many standard errors the share has fallen."""
    pooled = (had + has) / (of_before + of_now)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of_before + 1 / of_now))
    return (had / of_before - has / of_now) / error if error else 0.0
