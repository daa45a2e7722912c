"""How large a change of a publisher's articles must be, and of how many of them, to be told."""

from __future__ import annotations

import pytest

from newscrawl.monitoring.drift import drifts
from newscrawl.monitoring.runs import Run


def run(stored: int, share: float = 1.0, words: int = 200) -> Run:
    """A run whose articles have authors to a share, and bodies of so many words."""
    return Run(
        run="r",
        source="paper",
        started_at="2026-11-30T06:00:00+00:00",
        seconds=1,
        finish_reason="finished",
        stored=stored,
        filled={"authors": round(stored * share)},
        words=stored * words,
    )


def told(*runs: Run) -> list[str]:
    return [drift.what for drift in drifts(runs)]


@pytest.mark.parametrize(("share", "is_told"), [(0.8, False), (0.6, False), (0.56, False), (0.54, True), (0.3, True)])
def test_a_field_that_a_quarter_of_the_articles_has_lost(share: float, is_told: bool) -> None:
    assert told(run(400, 0.8), run(200, share)) == ["authors"] * is_told


def test_a_loss_that_may_be_chance_is_none() -> None:
    """One in ten thousand: of twenty articles a quarter is too few, of a hundred it is enough."""
    assert told(run(400, 0.8), run(20, 0.5)) == []
    assert told(run(400, 0.8), run(100, 0.5)) == ["authors"]


def test_a_field_that_was_never_there_or_comes_is_no_drift() -> None:
    assert told(run(400, 0.0), run(100, 0.0)) == told(run(400, 0.2), run(100, 0.9)) == []


@pytest.mark.parametrize(("words", "is_told"), [(101, False), (100, False), (99, True), (10, True), (900, False)])
def test_bodies_that_have_lost_more_than_half(words: int, is_told: bool) -> None:
    assert told(run(100), run(20, words=words)) == ["words"] * is_told


@pytest.mark.parametrize(
    ("before", "recent", "is_told"), [(60, 20, True), (59, 20, False), (60, 19, False), (500, 19, False)]
)
def test_twenty_articles_are_compared_with_sixty_at_the_least(before: int, recent: int, is_told: bool) -> None:
    assert told(run(before), run(recent, 0.0)) == ["authors"] * is_told


def test_a_thousand_articles_are_looked_back_over_and_no_more() -> None:
    long_ago, lately = [run(500, 0.0)] * 4, [run(250, 0.8)] * 4
    assert told(*long_ago, *lately, run(100, 0.3)) == ["authors"]
    # What the field was before that does not count.
    assert told(*[run(500, 0.8)] * 4, *[run(250, 0.3)] * 4, run(100, 0.3)) == []
