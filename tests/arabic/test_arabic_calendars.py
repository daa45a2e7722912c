"""Days of both calendars, and the year that a line leaves out."""

from __future__ import annotations

from datetime import date

import pytest

from newscrawl.arabic.dates.calendars import gregorian_day, hijri_day, latest_day

NEWEST = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("year", "month", "day", "found"),
    [
        (1448, 6, 1, date(2026, 11, 11)),
        (1448, 6, 29, date(2026, 12, 9)),
        # The 30th of a month of 29 days is the day after; a month of 30 has it.
        (1448, 6, 30, date(2026, 12, 10)),
        (1448, 7, 30, date(2027, 1, 8)),
        (1448, 12, 30, date(2027, 6, 5)),
        (1448, 6, 0, None),
        (1448, 6, 31, None),
        (1448, 0, 1, None),
        (1448, 13, 1, None),
        (1448, 13, 30, None),
        (1448, 0, 30, None),
        (1448, -1, 30, None),
        # hijridate's months of 31 days.
        (1345, 5, 31, None),
        (1348, 11, 31, None),
        # Outside the years that the calendar has been published for.
        (1342, 1, 1, None),
        (1501, 1, 30, None),
    ],
)
def test_a_hijri_day(year: int, month: int, day: int, found: date | None) -> None:
    assert hijri_day(year, month, day) == found


def test_a_gregorian_day() -> None:
    assert gregorian_day(2028, 2, 29) == date(2028, 2, 29)
    assert gregorian_day(2026, 2, 29) is None
    assert gregorian_day(2026, 13, 1) is None


@pytest.mark.parametrize(
    ("calendar", "month", "day", "newest", "weekday", "found"),
    [
        ("gregorian", 11, 22, NEWEST, None, NEWEST),
        ("gregorian", 11, 23, NEWEST, None, date(2025, 11, 23)),
        ("gregorian", 11, 22, NEWEST, 6, NEWEST),
        ("gregorian", 11, 22, NEWEST, 5, date(2025, 11, 22)),
        # No year of the last six has it on a Thursday: the newest day all the same.
        ("gregorian", 11, 22, date(2027, 11, 21), 3, date(2026, 11, 22)),
        ("gregorian", 2, 29, NEWEST, None, date(2024, 2, 29)),
        ("gregorian", 2, 29, date(2103, 1, 1), None, None),  # 2100 is no leap year
        ("gregorian", 2, 30, NEWEST, None, None),
        ("hijri", 6, 1, NEWEST, None, date(2026, 11, 11)),
        ("hijri", 7, 1, NEWEST, None, date(2025, 12, 21)),
        ("hijri", 1, 1, date(2090, 1, 1), None, hijri_day(1500, 1, 1)),
        ("hijri", 1, 1, date(1900, 1, 1), None, None),
    ],
)
def test_the_latest_day(
    calendar: str, month: int, day: int, newest: date, weekday: int | None, found: date | None
) -> None:
    assert latest_day(calendar, month, day, newest, weekday) == found
