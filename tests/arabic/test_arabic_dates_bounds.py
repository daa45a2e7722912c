"""Where halves of the day, centuries, calendars and the day itself end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from newscrawl.arabic import parse_date

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def read(text: str, earliest: date | None = None) -> str | None:
    """What a line says, on the clock of Riyadh."""
    found = parse_date(text, now=NOW, timezone="Asia/Riyadh", earliest=earliest)
    return found.value.isoformat().removesuffix(":00+03:00") if found else None


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("10:30 ظهرا", "10:30"),
        ("11:15 ظهرا", "11:15"),
        ("12:05 ظهرا", "12:05"),
        ("1:30 ظهرا", "13:30"),
        ("12:10 ليلا", "00:10"),
        ("4:10 ليلا", "04:10"),
        ("8:10 ليلا", "20:10"),
        ("12:10 ص", "00:10"),
        ("12:10 م", "12:10"),
        ("16:10 م", "16:10"),
        ("23:59", "23:59"),
    ],
)
def test_halves_of_the_day(clock: str, expected: str) -> None:
    assert read(f"22/3/2026 {clock}") == f"2026-03-22T{expected}"


@pytest.mark.parametrize("clock", ["24:10", "25:00", "12:60"])
def test_what_is_no_time_leaves_the_day(clock: str) -> None:
    assert read(f"22/3/2026 {clock}") == "2026-03-22"


def test_a_clock_of_twelve_hours_has_no_hour_nought() -> None:
    """An empty field that was printed: only the day is known."""
    found = parse_date("22/3/2026 00:00 ص", now=NOW, timezone="Asia/Riyadh")
    assert found is not None
    assert (found.value, found.precision) == (date(2026, 3, 22), "day")
    assert read("22/3/2026 00:05 ص") == "2026-03-22T00:05"


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        ("ساعة إلا ربعا", "17:15"),
        ("ساعة إلا ثلثا", "17:20"),
        ("ساعة وربع", "16:45"),
        ("ساعة وثلث", "16:40"),
        ("ساعة ونصف", "16:30"),
        ("نصف ساعة", "17:30"),
        ("ثلث ساعة", "17:40"),
    ],
)
def test_parts_of_an_hour(age: str, expected: str) -> None:
    assert read(f"منذ {age}") == f"2026-11-22T{expected}"


@pytest.mark.parametrize("text", ["22/03/{}", "22 مارس {}"])
@pytest.mark.parametrize(("figures", "year"), [("69", 1969), ("75", 1975), ("99", 1999), ("00", 2000), ("26", 2026)])
def test_two_figures_are_a_year_of_a_hundred_of_which_most_are_past(text: str, figures: str, year: int) -> None:
    """As POSIX (strptime, %y) has it: 69 to 99 are of the last century."""
    assert read(text.format(figures), earliest=date(1960, 1, 1)) == f"{year}-03-22"


@pytest.mark.parametrize("text", ["22/03/{}", "22 مارس {}"])
@pytest.mark.parametrize("figures", ["28", "50", "55", "68"])
def test_two_figures_below_69_are_of_this_century_and_no_date_where_that_is_to_come(text: str, figures: str) -> None:
    assert read(text.format(figures), earliest=date(1920, 1, 1)) is None


def test_hijri_years_of_the_century_before_are_hijri() -> None:
    assert read("1 محرم 1400", earliest=date(1970, 1, 1)) == "1979-11-20"
    assert read("1 محرم 1399", earliest=date(1970, 1, 1)) == "1978-12-01"


def test_a_day_before_1990_is_refused_unless_it_is_asked_for() -> None:
    assert read("31/12/1989") is None
    assert read("1/1/1990") == "1990-01-01"
    assert read("31/12/1989", earliest=date(1989, 12, 31)) == "1989-12-31"


def test_the_day_after_today_is_the_last() -> None:
    assert read("23/11/2026") == "2026-11-23"
    assert read("24/11/2026") is None
