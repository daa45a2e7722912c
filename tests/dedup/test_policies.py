"""Near duplicates on the way of an item: what the pipeline writes on articles of several publishers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from newscrawl.dedup import index, schema, shared
from newscrawl.dedup.exact import content_hash
from newscrawl.items import Article
from newscrawl.pipelines import DeduplicatePipeline, StorePipeline
from newscrawl.storage import Session, State
from tests.dedup.wording import NOW, text


def made(number: int, body: str) -> Article:
    """An article as a spider gives it."""
    article = Article(
        id=f"{number:016x}",
        url=f"https://x.test/{number}",
        title=f"عنوان {number}",
        body=body,
        fetched_at=NOW.isoformat(),
    )
    article.content_hash = content_hash(article.title, article.body)
    return article


class Run:
    """One crawl of one publisher."""

    def __init__(self, source: str, data: Path, policy: str) -> None:
        spider = type("Publisher", (Spider,), {"name": source})
        self.crawler: Crawler = get_crawler(spider, {"DATA_DIR": str(data), "NEAR_DUPLICATES": policy})
        self._deduplicate = DeduplicatePipeline.from_crawler(self.crawler)
        self._store = StorePipeline.from_crawler(self.crawler)

    def put(self, number: int, body: str) -> Article | None:
        """The article as stored; None when it was dropped."""
        try:
            stored = self._store.process_item(self._deduplicate.process_item(made(number, body)))
        except DropItem:
            return None
        assert isinstance(stored, Article)
        return stored

    def kill(self) -> None:
        """What kill -9 leaves: the lines, and nothing that was still staged."""
        Session.of(self.crawler)._lock.release()
        another_process()

    def close(self) -> None:
        self._deduplicate.close_spider()
        Session.of(self.crawler).close()


def another_process() -> None:
    """What follows has an index of its own, as in a process of its own; what this one has staged stays unwritten."""
    shared._open.clear()


def test_flagged_copies_of_other_publishers_and_runs(tmp_path: Path) -> None:
    first = Run("first", tmp_path, "flag")
    original = first.put(1, "القاهرة (رويترز) - " + text(1))
    assert original is not None
    assert (original.duplicate_of, original.cluster_id, original.similarity) == (None, None, None)
    first.close()
    second = Run("second", tmp_path, "flag")
    copy = second.put(2, text(1) + "\nالمصدر: رويترز")
    assert copy is not None
    assert (copy.duplicate_of, copy.cluster_id, copy.similarity) == (original.id, original.id, 1.0)
    nearer = second.put(3, text(1) + " " + text(5, 3))
    assert nearer is not None
    assert (nearer.duplicate_of, nearer.cluster_id) == (original.id, original.id)
    second.close()


def test_a_changed_original_is_no_copy_of_its_copies(tmp_path: Path) -> None:
    run = Run("first", tmp_path, "flag")
    run.put(1, text(1))
    other = Run("second", tmp_path, "flag")
    run.close()
    copy = other.put(2, text(1) + " تحديث")
    assert copy is not None
    other.close()
    again = Run("first", tmp_path, "flag")
    # A story is revisited hours later; the state keeps whole seconds.
    Session.of(again.crawler).started_at += timedelta(hours=1)
    changed = again.put(1, text(1) + " إضافة أخيرة")
    assert changed is not None
    assert (changed.version, changed.duplicate_of) == (2, None)
    again.close()


def test_dropped_copies_are_counted_remembered_and_point_nowhere(tmp_path: Path) -> None:
    run = Run("first", tmp_path, "drop")
    original = run.put(1, text(1))
    assert original is not None
    assert run.put(2, text(1) + " " + text(5, 12)) is None
    # Nearer to the dropped copy than to the original: still it can only be a copy of what is stored.
    assert run.put(3, text(1) + " " + text(5, 12) + " " + text(6, 4)) is None
    assert run.crawler.stats.get_value("newscrawl/duplicates/near") == 2
    state = Session.of(run.crawler).state
    for number in (2, 3):
        row = state.get("first", f"{number:016x}")
        assert row is not None
        assert (row.status, row.alias_of) == ("alias", original.id)
    run.close()


def test_a_healed_story_is_found_whenever_the_healing_run_is_killed(tmp_path: Path) -> None:
    """A start that reads in what a killed run left may be killed itself, before or after the index is written."""
    first = Run("first", tmp_path, "flag")
    original = first.put(1, text(1))
    assert original is not None
    first.kill()
    # Killed in the midst of starting: the session has read the file in, the near-duplicate index has not.
    crawler = get_crawler(type("Publisher", (Spider,), {"name": "first"}), {"DATA_DIR": str(tmp_path)})
    assert len(Session.of(crawler).healed) == 1
    Session.of(crawler)._lock.release()
    # Killed right after starting.
    Run("first", tmp_path, "flag").kill()
    second = Run("second", tmp_path, "flag")
    copy = second.put(2, text(1))
    assert copy is not None
    assert copy.duplicate_of == original.id
    second.close()
    third = Run("first", tmp_path, "flag")
    assert Session.of(third.crawler).healed == []
    third.close()


def test_crawls_side_by_side_in_a_process_find_each_others_stories_before_a_commit(tmp_path: Path) -> None:
    first, second = Run("first", tmp_path, "flag"), Run("second", tmp_path, "flag")
    original = first.put(1, text(1))
    copy = second.put(2, text(1))
    assert original is not None
    assert copy is not None
    assert copy.duplicate_of == original.id
    # The copy's commit must not make it the earlier of the two.
    second.close()
    Session.of(first.crawler).started_at -= timedelta(hours=1)
    first.close()
    again = Run("first", tmp_path, "flag")
    Session.of(again.crawler).started_at += timedelta(hours=1)
    changed = again.put(1, text(1) + " إضافة أخيرة")
    assert changed is not None
    assert (changed.version, changed.duplicate_of) == (2, None)
    again.close()
    assert shared._open == {}


def test_an_index_outlives_the_crawl_that_opened_it(tmp_path: Path) -> None:
    first, second = Run("first", tmp_path, "flag"), Run("second", tmp_path, "flag")
    original = first.put(1, text(1))
    first.close()
    copy = second.put(2, text(1))
    assert original is not None
    assert copy is not None
    assert copy.duplicate_of == original.id
    second.close()


def test_other_windows_have_other_indexes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    holds = [shared.SharedIndex(url, window_days=days) for days in (30, 30, 7)]
    assert holds[0].index is holds[1].index
    assert holds[0].index is not holds[2].index
    for hold in (*holds, holds[0]):
        hold.release()
    assert shared._open == {}


def test_a_process_finds_what_another_has_committed_while_both_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PICK_UP_SECONDS", 0)
    first = Run("first", tmp_path, "flag")
    another_process()
    second = Run("second", tmp_path, "flag")
    assert second.put(2, text(2)) is not None
    original = first.put(1, text(1))
    assert original is not None
    Session.of(first.crawler).state.commit()
    copy = second.put(3, text(1))
    assert copy is not None
    assert copy.duplicate_of == original.id


def test_of_two_processes_that_meet_copies_at_once_one_stores(tmp_path: Path) -> None:
    first = Run("first", tmp_path, "drop")
    another_process()
    second = Run("second", tmp_path, "drop")
    assert first.put(1, text(1)) is not None
    assert second.put(2, text(1)) is None
    assert second.put(3, text(3)) is not None
    assert first.put(4, text(3)) is None


def test_a_copy_that_was_dropped_for_a_story_that_a_kill_took_is_due_again(tmp_path: Path) -> None:
    first = Run("first", tmp_path, "drop")
    another_process()
    second = Run("second", tmp_path, "drop")
    assert first.put(1, text(1)) is not None
    # The second's line is reserved and, the moment of death, not written.
    second._deduplicate.process_item(made(2, text(2)))
    assert first.put(3, text(2)) is None
    first.close()
    second.kill()
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    assert state.counts("first") == {"done": 1, "alias": 1}
    # The story's page is gone meanwhile; so its copy has to come back.
    Run("second", tmp_path, "drop").close()
    assert state.counts("first") == {"done": 1, "pending": 1}
    state.close()
    again = Run("first", tmp_path, "drop")
    assert again.put(3, text(2)) is not None
    again.close()


def test_a_story_that_was_stored_before_a_kill_keeps_its_place(tmp_path: Path) -> None:
    first = Run("first", tmp_path, "drop")
    another_process()
    second = Run("second", tmp_path, "drop")
    assert first.put(1, text(1)) is not None
    assert second.put(2, text(1)) is None
    second.close()
    first.kill()
    healed = Run("first", tmp_path, "drop")
    with Session.of(healed.crawler).state.engine.connect() as connection:
        assert connection.execute(sa.select(schema.reserved)).all() == []
    another_process()
    third = Run("third", tmp_path, "drop")
    assert third.put(3, text(1)) is None
    state = Session.of(third.crawler).state
    assert state.counts("second") == {"alias": 1}


def test_what_is_stored_is_reserved_no_longer(tmp_path: Path) -> None:
    run = Run("first", tmp_path, "drop")
    for number in range(1, 6):
        assert run.put(number, text(number)) is not None
    state = Session.of(run.crawler).state
    with state.reading() as connection:
        assert len(connection.execute(sa.select(schema.reserved)).all()) == 5
    state.commit()
    with state.reading() as connection:
        assert connection.execute(sa.select(schema.reserved)).all() == []
    run.close()
