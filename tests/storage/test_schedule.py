"""When a URL is visited again, and how moments are read and kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from newscrawl.storage.schedule import REVISIT_AFTER, Schedule, instant, seconds

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_fresh_article_is_seen_again_after_an_hour_six_a_day_and_three() -> None:
    assert [timedelta(seconds=after) / HOUR for after in REVISIT_AFTER] == [1, 6, 24, 72]
    schedule = Schedule()
    now, visits = NOON, []
    while (visit := schedule.next_visit(first_seen=NOON, now=now, published=None)) is not None:
        visits.append((visit - NOON) / HOUR)
        now = visit
    assert visits == [1, 6, 24, 72]


def test_a_visit_that_was_missed_is_not_made_up_for() -> None:
    assert Schedule().next_visit(first_seen=NOON, now=NOON + 7 * HOUR, published=None) == NOON + 24 * HOUR
    unordered = Schedule(revisit_after=[7200, 3600])
    assert unordered.next_visit(first_seen=NOON, now=NOON, published=None) == NOON + HOUR
    assert Schedule(revisit_after=[]).next_visit(first_seen=NOON, now=NOON, published=None) is None


@pytest.mark.parametrize(("hours", "is_old"), [(0, False), (72, False), (72.1, True), (1000, True), (-5, False)])
def test_what_was_old_when_it_was_found_changes_no_more(hours: float, is_old: bool) -> None:
    visit = Schedule().next_visit(first_seen=NOON, now=NOON, published=NOON - hours * HOUR)
    assert (visit is None) == is_old


@pytest.mark.parametrize(("hours", "step"), [(0, 0), (0.9, 0), (1, 1), (5.9, 1), (6, 2), (24, 3), (71, 3), (72, 4)])
def test_the_step_counts_the_visits_that_are_over(hours: float, step: int) -> None:
    assert Schedule().step(first_seen=NOON, now=NOON + hours * HOUR) == step


def test_a_failure_is_tried_again_linearly_later_and_four_times_at_most() -> None:
    waits = [Schedule().next_attempt(attempts=attempts, now=NOON) for attempts in range(1, 7)]
    assert waits == [NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR, NOON + 4 * HOUR, None, None]


def test_a_hint_is_a_moment_or_none() -> None:
    beirut = timezone(2 * HOUR)
    assert instant("2026-11-22T14:00:00+02:00") == NOON
    assert instant(datetime(2026, 11, 22, 14, 0, tzinfo=beirut)) == NOON
    assert instant("2026-11-22T12:00:00") == instant(datetime(2026, 11, 22, 12, 0)) == NOON
    assert instant("2026-11-22") == instant(date(2026, 11, 22)) == datetime(2026, 11, 22, tzinfo=UTC)
    assert instant("0001-01-01T00:00:00+05:00") is None
    for nothing in ("yesterday", "", None, 7, [], {}):
        assert instant(nothing) is None
    for read in ("2026-11-22T14:00:00+02:00", "2026-11-22T12:00:00", date(2026, 11, 22)):
        found = instant(read)
        assert found is not None
        assert found.tzinfo == UTC


def test_seconds_are_rounded_down_also_before_1970() -> None:
    assert seconds(datetime(1970, 1, 1, 0, 0, 1, 999_999, tzinfo=UTC)) == 1
    assert seconds(datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)) == -1
