"""What a fetched article is to the ones that are stored, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.dedup.exact import content_hash
from newscrawl.dedup.lineage import (
    Kind,
    Verdict,
    has_todays_hashes,
    judge,
    keep_up_with_folding,
    note_todays_hashes,
    record_hash,
)
from newscrawl.items import Article, StoryLine
from newscrawl.storage.state import State

# A run that began half a second after a full one; the state keeps whole seconds.
STARTED = datetime(2026, 11, 22, 12, 0, 0, 500_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(f"sqlite:///{tmp_path / 'state.sqlite'}")


def article(number: int, text: str) -> Article:
    made = Article(id=f"{number:016x}", url=f"https://paper.test/{number}", source="paper", title="عنوان", body=text)
    made.content_hash = content_hash(made.title, made.body)
    return made


def store(state: State, made: Article, fetched: datetime, version: int = 1) -> None:
    values = {"content_hash": made.content_hash, "version": version, "file": "x.jsonl", "first_seen": fetched}
    state.done("paper", made.id, url=made.url, now=fetched, published=None, **values)  # type: ignore[arg-type]
    state.commit()
    state.forget_recent()


def verdict(state: State, made: Article) -> Verdict:
    return judge(state, "paper", made, run_started=STARTED)


def test_an_article_that_nobody_knows_is_new(state: State) -> None:
    assert verdict(state, article(1, "نص")) == Verdict(Kind.NEW, 1)
    # So is one that was only listed, and whose text is its own.
    state.discover("paper", f"{1:016x}", "https://paper.test/1", "1", now=STARTED)
    assert verdict(state, article(1, "نص")) == Verdict(Kind.NEW, 1)


@pytest.mark.parametrize(
    ("fetched", "is_this_runs"),
    [
        (STARTED.replace(microsecond=0), True),
        (STARTED.replace(microsecond=0) + SECOND, True),
        (STARTED.replace(microsecond=0) - SECOND, False),
        # Stored by a run whose clock was wrong.
        (datetime.now(UTC) + timedelta(days=1), False),
    ],
)
def test_what_this_run_has_stored_has_no_second_version(state: State, fetched: datetime, is_this_runs: bool) -> None:
    store(state, article(1, "نص قديم"), fetched, version=3)
    expected = Verdict(Kind.SAME_IDENTITY, 3) if is_this_runs else Verdict(Kind.VERSION, 4)
    assert verdict(state, article(1, "نص جديد")) == expected


def test_the_same_text_is_no_version(state: State) -> None:
    store(state, article(1, "أعلنت الوزارة"), STARTED - 60 * SECOND, version=2)
    assert verdict(state, article(1, "أعلنت الوزارة")) == Verdict(Kind.UNCHANGED, 2)
    assert verdict(state, article(1, "اعلنت  الوزارة")) == Verdict(Kind.UNCHANGED, 2)
    assert verdict(state, article(1, "نفت الوزارة")) == Verdict(Kind.VERSION, 3)


def test_a_text_with_another_choice_of_its_recurring_lines_is_no_version(state: State) -> None:
    """What the crawl has learned since drops a line, or no longer does."""
    store(state, article(1, "أعلنت الوزارة\nللمزيد تابعونا"), STARTED - 60 * SECOND, version=2)
    lines = (StoryLine("أعلنت الوزارة", recurs=False), StoryLine("للمزيد تابعونا", recurs=True))
    today = article(1, "أعلنت الوزارة")
    today.lines = lines
    assert verdict(state, today) == Verdict(Kind.UNCHANGED, 2)
    today = article(1, "نفت الوزارة")
    today.lines = (StoryLine("نفت الوزارة", recurs=False), lines[1])
    assert verdict(state, today) == Verdict(Kind.VERSION, 3)


def test_another_articles_text_makes_a_copy_and_no_version(state: State) -> None:
    first, second = article(1, "نص الأول"), article(2, "نص الثاني")
    for made in (first, second):
        store(state, made, STARTED - 60 * SECOND)
    assert verdict(state, article(3, "نص الأول")) == Verdict(Kind.SAME_CONTENT, of=first.id)
    # One with versions of its own keeps its line.
    assert verdict(state, article(2, "نص الأول")) == Verdict(Kind.VERSION, 2)
    # And one that was never stored and has this very text is new.
    nameless = article(4, "نص الأول")
    nameless.content_hash = None
    assert verdict(state, nameless) == Verdict(Kind.NEW, 1)


def test_hashes_of_an_older_folding_are_made_anew_once(state: State, tmp_path: Path) -> None:
    assert not has_todays_hashes(state, "paper")
    keep_up_with_folding(state, tmp_path, "paper")  # nothing is stored
    assert has_todays_hashes(state, "paper")
    assert not has_todays_hashes(state, "other")
    state.set_note("hash paper", "1.1")
    assert not has_todays_hashes(state, "paper")
    note_todays_hashes(state, "paper")
    assert has_todays_hashes(state, "paper")
    made = article(1, "نص")
    assert record_hash(made.to_dict()) == made.content_hash
