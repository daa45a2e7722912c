"""The index: what it finds, in what order, for how long, across runs and processes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import sqlalchemy as sa

from newscrawl.dedup import near, schema
from newscrawl.dedup.near import Match, NearIndex
from newscrawl.storage.errors import StorageError
from tests.dedup.wording import commit, story, text

Opener = Callable[..., NearIndex]


def count(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def put(index: NearIndex, *args: object, **options: object) -> Match | None:
    made = story(*args, **options)  # type: ignore[arg-type]
    match = index.match(made)
    index.add(made, match)
    return match


def test_reprint_points_to_the_earlier_story_and_its_cluster(engine: sa.Engine, open_index: Opener) -> None:
    index = open_index()
    assert put(index, "a", text(1)) is None
    commit(engine, index)
    second = put(index, "b", text(1) + "\n" + text(2, 10))
    assert second is not None
    assert (second.id, second.cluster) == ("a", "a")
    assert second.similarity == round(118 / 128, 4)
    third = put(index, "c", text(1) + "\n" + text(2, 10) + " " + text(3, 5))
    assert third is not None
    assert (third.id, third.cluster) == ("b", "a")


def test_unlike_stories_do_not_match(open_index: Opener) -> None:
    index = open_index()
    assert [put(index, str(seed), text(seed)) for seed in range(50)] == [None] * 50


def test_half_of_a_story_is_no_duplicate(open_index: Opener) -> None:
    index = open_index()
    put(index, "a", text(1, 200))
    assert put(index, "b", text(1, 200)[: len(text(1, 200)) // 2]) is None


def test_of_several_the_nearest_and_of_equals_the_first(engine: sa.Engine, open_index: Opener) -> None:
    index = open_index()
    put(index, "far", text(1) + "\n" + text(2, 40))
    put(index, "first", text(1))
    commit(engine, index)
    put(index, "second", text(1))
    match = put(index, "new", text(1))
    assert match is not None
    assert match.id == "first"


def test_versions_are_not_duplicates_of_themselves_nor_of_their_copies(engine: sa.Engine, open_index: Opener) -> None:
    index = open_index()
    put(index, "original", text(1))
    commit(engine, index)
    copy = put(index, "copy", text(1))
    assert copy is not None
    commit(engine, index)
    assert put(index, "original", text(1) + " " + text(9, 4)) is None
    assert put(index, "original", text(1) + " " + text(8, 4)) is None
    commit(engine, index)
    assert count(engine, schema.stories) == 2
    later = put(index, "third", text(1) + " " + text(8, 4))
    assert later is not None
    assert later.id == "original"
    assert later.similarity == 1.0


def test_a_later_version_is_found_by_its_new_text_only(engine: sa.Engine, open_index: Opener) -> None:
    for young in (1, 100):
        index = open_index(young=young)
        put(index, f"a{young}", text(10 + young))
        commit(engine, index)
        put(index, f"a{young}", text(2000 + young))
        assert index.match(story("x", text(10 + young))) is None
        assert index.match(story("x", text(2000 + young))) is not None
        commit(engine, index)
        assert index.match(story("x", text(10 + young))) is None
        assert index.match(story("x", text(2000 + young))) is not None


def test_thirty_days_and_seven_tenths_where_nothing_else_is_said(open_index: Opener) -> None:
    index = open_index()
    put(index, "a", text(1), published=0)
    assert index.match(story("b", text(1), published=30)) is not None
    assert index.match(story("b", text(1), published=30.1)) is None
    # Of 118 shingles of three words, 118 / 168 and 118 / 170 are shared.
    alike = [index.match(story("b", f"{text(1)} {text(2, more)}", published=1)) for more in (50, 52)]
    assert [round(match.similarity, 2) if match else None for match in alike] == [0.7, None]


def test_window_by_publication(open_index: Opener) -> None:
    index = open_index(window_days=30)
    put(index, "old", text(1), published=-40)
    assert index.match(story("new", text(1), published=0)) is None
    assert index.match(story("near", text(1), published=-15)) is not None
    assert index.match(story("thirty", text(1), published=-10)) is not None  # to the second
    assert index.match(story("undated", text(1))) is not None


def test_what_was_seen_before_the_window_is_not_found(engine: sa.Engine, open_index: Opener) -> None:
    index = open_index(window_days=30)
    put(index, "old", text(1), days=-31)
    commit(engine, index)
    assert index.match(story("new", text(1))) is None
    assert index.match(story("new", text(1), days=-2)) is not None
    assert index.match(story("new", text(1), days=-1)) is not None  # to the second
    assert index.match(story("new", text(1), days=-1 + 1 / 86_400)) is None


def test_a_short_item_without_a_date_is_that_of_the_day_before_to_the_second(open_index: Opener) -> None:
    index = open_index(window_days=30)
    put(index, "old", text(1, 20))
    assert index.match(story("new", text(1, 20), days=1)) is not None
    assert index.match(story("new", text(1, 20), days=1 + 1 / 86_400)) is None


def test_size_stays_that_of_the_window(engine: sa.Engine, open_index: Opener) -> None:
    index = open_index(window_days=10, young=40)
    sizes = []
    for number in range(600):
        put(index, str(number), text(number, 60), days=number / 10)
        if number % 20 == 19:
            commit(engine, index)
            sizes.append((count(engine, schema.stories), count(engine, schema.keys)))
    stories, keys = zip(*sizes[10:], strict=True)
    assert max(stories) <= 100 + 60
    assert min(stories) >= 100
    assert max(keys) <= 160 * 30
    assert index.match(story("copy", text(590, 60), days=60)) is not None


@pytest.mark.parametrize("young", [1, 7, 1000])
def test_a_new_run_finds_what_earlier_ones_wrote(engine: sa.Engine, open_index: Opener, young: int) -> None:
    index = open_index(young=young)
    for number in range(40):
        put(index, str(number), text(number))
        if number % 8 == 7:
            commit(engine, index)
    again = open_index(young=young)
    for number in range(40):
        match = again.match(story("copy", text(number)))
        assert match is not None
        assert match.id == str(number)
        assert match.similarity == 1.0


@pytest.mark.parametrize("young", [1, 5, 1000])
def test_runs_at_the_same_time_find_each_others_stories(engine: sa.Engine, open_index: Opener, young: int) -> None:
    one, two = open_index(young=young), open_index(young=young)
    for number in range(0, 40, 2):
        for index, mine in ((one, number), (two, number + 1)):
            put(index, str(mine), text(mine))
            commit(engine, index)
    for index in (one, two):
        for number in range(40):
            match = index.match(story("copy", text(number)))
            assert match is not None
            assert match.id == str(number)
    assert count(engine, schema.stories) == 40


def test_a_transaction_that_fails_is_tried_again(engine: sa.Engine, open_index: Opener) -> None:
    for young in (1, 100):
        index = open_index(young=young)
        stories = {f"{young} {number}": text(1000 * young + number) for number in range(5)}
        for name, body in stories.items():
            put(index, name, body)
        with engine.connect().execution_options(writes=True) as connection:
            transaction = connection.begin()
            index.write(connection)
            transaction.rollback()
        commit(engine, index)
        index.written()  # a commit of the state in which nothing was staged here
        other = open_index(young=young)
        for name, body in stories.items():
            for each in (index, other):
                match = each.match(story("copy", body))
                assert match is not None
                assert match.id == name


def test_nothing_is_kept_of_a_run_that_dies_before_its_commit(engine: sa.Engine, open_index: Opener) -> None:
    index = open_index()
    put(index, "lost", text(1))
    assert open_index().match(story("copy", text(1))) is None


def test_other_rules_begin_the_index_anew(
    engine: sa.Engine, open_index: Opener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = open_index(young=1)
    put(index, "a", text(1))
    commit(engine, index)
    monkeypatch.setattr(near, "STAMP", "fold 99")
    changed = open_index(young=1)
    assert "begun anew" in caplog.text
    assert changed.match(story("copy", text(1))) is None
    assert count(engine, schema.keys) == count(engine, schema.stories) == 0
    put(changed, "a", text(1))
    commit(engine, changed)
    caplog.clear()
    assert open_index(young=1).match(story("copy", text(1))) is not None
    assert not caplog.records


def test_a_flood_of_copies_costs_no_more_than_a_few(engine: sa.Engine, open_index: Opener) -> None:
    index = open_index(young=50)
    for number in range(1500):
        index.add(story(str(number), text(1)))
        if number % 100 == 99:
            commit(engine, index)
    seen: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    match = index.match(story("copy", text(1)))
    assert match is not None
    assert match.similarity == 1.0
    assert len(seen) < 40


def test_recall_and_precision_on_edited_text(engine: sa.Engine, open_index: Opener) -> None:
    index, rng = open_index(young=100), Random(5)
    bodies = [text(number, 160) for number in range(200)]
    for number, body in enumerate(bodies):
        put(index, str(number), body)
        if number % 50 == 49:
            commit(engine, index)
    found = wanted = 0
    for number, body in enumerate(bodies):
        words = body.split()
        share = rng.choice((0.01, 0.03, 0.05, 0.2))
        edited = [f"لا{word}" if rng.random() < share else word for word in words]
        before, after = (set(zip(w, w[1:], w[2:], strict=False)) for w in (words, edited))
        exact = len(before & after) / len(before | after)
        match = index.match(story(f"copy {number}", " ".join(edited)))
        if match is not None:
            assert match.id == str(number)
            assert exact >= 0.69
        wanted += exact >= 0.8
        found += exact >= 0.8 and match is not None
    assert wanted > 20
    assert found >= 0.95 * wanted


def test_a_closed_database_is_one_clear_error(engine: sa.Engine, open_index: Opener) -> None:
    index = open_index()
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE near_keys")
    with pytest.raises(StorageError, match="near_keys"):
        index.match(story("a", text(1)))
