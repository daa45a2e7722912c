"""What feeds tell of articles: kept until the page has been read, and no longer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from newscrawl.storage.feed_texts import FeedTexts
from newscrawl.storage.rows import id_text
from newscrawl.storage.schema import feed_texts
from newscrawl.storage.state import State

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WAITS, READ, UNKNOWN = (id_text(number) for number in (1, 2, 3))


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    for id_ in (WAITS, READ):
        state.discover("paper", id_, f"https://paper.test/{id_}", f"id={id_}", now=NOW)
    state.discover("another", READ, f"https://another.test/{READ}", f"id={READ}", now=NOW)
    while (row := state.get("paper", READ)) is not None and row.status != "gone":
        state.gone("paper", READ, "http-404", now=NOW)
    state.commit()
    return state


def rows(state: State) -> list[str]:
    with state.reading() as connection:
        return sorted(connection.scalars(sa.select(feed_texts.c.text)))


def test_what_is_told_is_there_at_once_and_until_it_is_dropped(state: State) -> None:
    texts = FeedTexts(state, "paper")
    assert texts.get(WAITS) is None
    texts.keep(WAITS, "before", now=NOW)
    texts.keep(WAITS, "told", now=NOW)
    assert (texts.get(WAITS), rows(state)) == ("told", [])
    state.commit()
    assert (texts.get(WAITS), rows(state)) == ("told", ["told"])
    assert FeedTexts(state, "another").get(WAITS) is None
    texts.drop(WAITS)
    assert texts.get(WAITS) is None
    state.commit()
    assert rows(state) == []


def test_what_waits_for_nobody_goes(state: State) -> None:
    texts, others = FeedTexts(state, "paper"), FeedTexts(state, "another")
    for id_ in (WAITS, READ, UNKNOWN):
        texts.keep(id_, f"of {id_}", now=NOW)
    others.keep(READ, "another's", now=NOW)
    texts.tidy()
    assert rows(state) == ["another's", f"of {WAITS}"]
    assert (texts.get(WAITS), texts.get(READ)) == (f"of {WAITS}", None)
    others.tidy()  # whose article is still to be read
    assert rows(state) == ["another's", f"of {WAITS}"]


def test_so_many_are_told_of_without_a_commit(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.storage.feed_texts._MOST_STAGED", 2)
    texts = FeedTexts(state, "paper")
    texts.keep(WAITS, "one", now=NOW)
    assert rows(state) == []
    texts.keep(READ, "two", now=NOW)
    assert rows(state) == ["one", "two"]


def test_where_nothing_waits_the_database_is_not_asked(state: State) -> None:
    texts = FeedTexts(state, "paper")
    texts.tidy()
    asked: list[str] = []
    sa.event.listen(state.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert texts.get(WAITS) is None
    assert asked == []
    texts.keep(WAITS, "told", now=NOW)
    assert texts.get(WAITS) == "told"
