"""Answers into scores with intervals: means over pages, resampled by story (percentile bootstrap)."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from scoring.metrics import METRICS, Answer, Scores, judge

from .pages import Page

RESAMPLES = 2000
LEVEL = 0.95
_SEED = 20261130
_OF_BODY = {"f1", "rouge", "perfect", "leak"}


def answer_of(row: dict[str, Any]) -> Answer:
    """An extractor's answer as the metrics take it."""
    text, authors = row.get("text") or "", row.get("authors") or ()
    return Answer(
        title=row.get("title") or None,
        paragraphs=[line.strip() for line in text.split("\n") if line.strip()],
        authors=[authors] if isinstance(authors, str) else [str(name) for name in authors],
        published=str(row["date"]) if row.get("date") else None,
    )


def score(page: Page, row: dict[str, Any]) -> Scores:
    """The scores of one page, of what its gold judges."""
    scores = judge(page.truth, answer_of(row))
    return scores if "paragraphs" in page.judged else scores.without(_OF_BODY)


def summary(pages: Sequence[Page], answers: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """For each set, and for all of them, every metric's mean, its interval and the number of pages."""
    scored = [(page, score(page, row).values) for page, row in zip(pages, answers, strict=True)]
    never = _never_given(answers)
    names = ["all", *dict.fromkeys(page.set for page in pages)]
    return {
        name: {
            metric: _mean([(p.story, v[metric]) for p, v in scored if name in ("all", p.set) and metric in v])
            for metric in METRICS
            if metric not in never
        }
        for name in names
    }


def _never_given(answers: Sequence[dict[str, Any]]) -> set[str]:
    """Metrics of what a program never gives: it does not try, so it is not scored."""
    dates = set() if any(row.get("date") for row in answers) else {"day", "wrong_day", "instant"}
    return dates | (set() if any(row.get("authors") for row in answers) else {"authors"})


def _mean(values: Sequence[tuple[str, float]]) -> dict[str, Any] | None:
    """Mean and interval of a metric; stories are drawn, each with all its pages."""
    if not values:
        return None
    stories: dict[str, list[float]] = defaultdict(list)
    for story, value in values:
        stories[story].append(value)
    sums = [(sum(each), len(each)) for each in stories.values()]
    chance = random.Random(_SEED)  # drawn again the same, not secret
    means = []
    for _ in range(RESAMPLES):
        drawn = chance.choices(sums, k=len(sums))
        means.append(sum(total for total, _ in drawn) / sum(count for _, count in drawn))
    means.sort()
    tail = (1 - LEVEL) / 2
    low, high = means[int(tail * RESAMPLES)], means[min(RESAMPLES - 1, int((1 - tail) * RESAMPLES))]
    mean = sum(value for _, value in values) / len(values)
    return {"mean": round(mean, 4), "low": round(low, 4), "high": round(high, 4), "pages": len(values)}
