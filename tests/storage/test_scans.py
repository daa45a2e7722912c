"""Questions for which every row is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from newscrawl.storage import State
from newscrawl.storage.names import Shipped
from newscrawl.storage.scans import aliases, shipped, with_url

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def state(state_url: str) -> Iterator[State]:
    opened = State(state_url)
    yield opened
    opened.close()


def the(number: int) -> str:
    return f"{number:016x}"


def discover(state: State, number: int, source: str = "paper", url: str = "") -> None:
    state.discover(source, the(number), url or f"https://paper.test/{number}", f"id={number}", now=NOW)


def test_the_other_ids_under_which_an_article_was_met(state: State) -> None:
    for number, of in ((2, 1), (3, 1), (4, 9), (5, 1)):
        discover(state, number)
        state.alias("paper", the(number), the(of), now=NOW)
    discover(state, 6, "other")
    state.alias("other", the(6), the(1), now=NOW)
    discover(state, 1)
    # One that is gone by now leads nowhere.
    state.gone("paper", the(5), "http-404", now=NOW)
    assert aliases(state, "paper", the(1)) == {the(2), the(3)}
    assert aliases(state, "other", the(1)) == {the(6)}
    assert aliases(state, "paper", the(2)) == aliases(state, "none", the(1)) == set()


def test_whose_a_url_is(state: State) -> None:
    for number, source in ((1, "paper"), (2, "other"), (3, "paper")):
        discover(state, number, source, "https://paper.test/same" if number < 3 else "")
    assert sorted(with_url(state, "https://paper.test/same")) == [("other", the(2)), ("paper", the(1))]
    assert with_url(state, "https://paper.test/3") == [("paper", the(3))]
    assert with_url(state, "https://paper.test/") == []


def test_what_the_store_has_beside_articles(state: State) -> None:
    for name in ("archive/a.warc.gz", "articles/b.jsonl", "rejected/c.jsonl", "runs/d.json"):
        state.mark_shipped("paper", name, Shipped(1, 1))
    state.mark_shipped("paper", "runs/d.json", None)
    assert shipped(state) == {"archive/a.warc.gz", "rejected/c.jsonl"}
