"""Year, month and day of either calendar into a day, and the year that a line left out."""

from __future__ import annotations

from datetime import date, timedelta

from hijridate import Gregorian, Hijri

HIJRI_YEARS = range(1300, 1501)
FULL_YEARS = range(1800, 2200)
_OLDER_YEARS = 6
_LONGEST_HIJRI_MONTH = 30  # hijridate takes the 31st in three months of the 1340s


def gregorian_day(year: int, month: int, day: int) -> date | None:
    """The day, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def hijri_day(year: int, month: int, day: int) -> date | None:
    """The day by the Umm al-Qura calendar, or None. The 30th of a month that it gives 29 days is the day after: the
    moon is seen on another day elsewhere."""
    if day > _LONGEST_HIJRI_MONTH:
        return None
    extra = 0
    try:
        try:
            found = Hijri(year, month, day).to_gregorian()
        except ValueError:
            if day != _LONGEST_HIJRI_MONTH:
                return None
            found, extra = Hijri(year, month, 29).to_gregorian(), 1
    except (ValueError, OverflowError):  # outside the years that the calendar has been published for
        return None
    return date(found.year, found.month, found.day) + timedelta(days=extra)


def _hijri_year(day: date) -> int:
    """The Hijri year of a day; the last that the calendar has been published for where it has none: of a day before
    it, no day of that year is older."""
    try:
        year: int = Gregorian(day.year, day.month, day.day).to_hijri().year
    except (ValueError, OverflowError):
        return HIJRI_YEARS[-1]
    return year


def latest_day(calendar: str, month: int, day: int, newest: date, weekday: int | None) -> date | None:
    """The newest such day until `newest`; with a weekday, the newest that falls on it, if one of the last years has
    it."""
    if calendar == "hijri":
        this_year, make = _hijri_year(newest), hijri_day
    else:
        this_year, make = newest.year, gregorian_day
    first = None
    for year in range(this_year, this_year - _OLDER_YEARS, -1):
        found = make(year, month, day)
        if found is None or found > newest:
            continue
        if weekday is None or found.weekday() == weekday:
            return found
        first = first or found
    return first
