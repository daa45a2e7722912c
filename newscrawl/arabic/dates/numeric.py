"""Dates of numbers alone: 22/03/2019, 2019-03-22, 15-7-1440, 20190322, 1553254500."""

from __future__ import annotations

from datetime import UTC, date, datetime

from newscrawl.arabic.dates.calendars import FULL_YEARS, HIJRI_YEARS, gregorian_day, hijri_day
from newscrawl.arabic.dates.model import Calendar, Day, Line
from newscrawl.arabic.dates.yearless import weekday_near

_SIGNS = {"/", "-", ".", "\\", "_"}


def numeric(line: Line, index: int) -> Day | None:
    """Three numbers with one sign between them, at `index`."""
    sign = line.raw(index + 1)
    if (
        sign not in _SIGNS
        or line.kind(index + 2) != "number"
        or line.raw(index + 3) != sign
        or line.kind(index + 4) != "number"
    ):
        return None
    first, second, third = (line.items[index + step] for step in (0, 2, 4))
    stop = index + 5
    longer = (
        line.raw(stop) in {sign, "/"} and line.kind(stop + 1) == "number" and line.glued(stop) and line.glued(stop + 1)
    )
    if longer or (line.raw(index - 1) in {sign, "+", "."} and line.glued(index)):
        return Day(index, stop, None)
    sizes = (len(first.raw), len(second.raw), len(third.raw))
    if sizes[1] > 2:
        return None
    if sizes[0] == 4 and sizes[2] <= 2:
        year, month, day = first.value, second.value, third.value
        # With hyphens it is ISO 8601, and a month over 12 an error; else someone wrote the day before the month.
        orders = ((month, day), (day, month)) if month > 12 and sign != "-" else ((month, day),)
        found = _checked(line, index, stop, year, orders)
    elif sizes[0] <= 2 and sizes[2] == 4:
        found = _by_order(line, index, stop, third.value, first.value, second.value)
    elif sizes[0] <= 2 and sizes[2] == 2 and (sign == "/" or sizes == (2, 2, 2)) and not _clock_follows(line, stop):
        found = _by_order(line, index, stop, _full_year(third.value), first.value, second.value)
    else:
        return None
    found.stop = line.after_era(found.stop)
    return found


def _clock_follows(line: Line, stop: int) -> bool:
    return line.raw(stop) == ":" and line.glued(stop)


def _full_year(two_digits: int) -> int:
    return (2000 if two_digits < 69 else 1900) + two_digits


def _by_order(line: Line, start: int, stop: int, year: int, first: int, second: int) -> Day:
    """Day first or month first: a number over 12 settles it, then a weekday, then the habit of the house."""
    day_month, month_day = (second, first), (first, second)
    orders = (day_month, month_day) if line.day_first else (month_day, day_month)
    return _checked(line, start, stop, year, orders)


def _checked(line: Line, start: int, stop: int, year: int, orders: tuple[tuple[int, int], ...]) -> Day:
    hijri = year in HIJRI_YEARS
    if not hijri and year not in FULL_YEARS:
        return Day(start, stop, None)
    make = hijri_day if hijri else gregorian_day
    days = [day for month, number in orders if (day := make(year, month, number)) is not None]
    value: date | None = days[0] if days else None
    if len(days) == 2:
        weekday = weekday_near(line, start, stop)
        if weekday is not None and days[0].weekday() != weekday and days[1].weekday() == weekday:
            value = days[1]
    calendar: Calendar = "hijri" if hijri else "gregorian"
    if value is not None and not line.allows(value, calendar):
        value = None
    return Day(start, stop, value, "day", calendar, approximate=hijri)


def digits_only(line: Line, index: int) -> Day | None:
    """A number that is a whole date: 20190322, 08112023, 20190322143500, or seconds or milliseconds since 1970.

    Only when nothing but labels stands beside it: issue numbers and telephones look the same.
    """
    raw = line.items[index].raw
    if len(raw) not in (8, 10, 12, 13, 14) or not _alone(line, index):
        return None
    if len(raw) in (10, 13) and raw[0] == "1":
        seconds = int(raw[:10])
        moment = datetime.fromtimestamp(seconds, UTC)
        if len(raw) == 13:
            moment = moment.replace(microsecond=int(raw[10:]) * 1000)
        value = moment if line.allows(moment.date()) else None
        return Day(index, index + 1, value and value.date(), "second", moment=value)
    if len(raw) in (12, 14):
        return _stamp(line, index, raw)
    if len(raw) != 8:
        return None
    for parts in ((raw[:4], raw[4:6], raw[6:]), (raw[4:], raw[2:4], raw[:2])):
        day = gregorian_day(*map(int, parts))
        if day is not None and line.allows(day):
            return Day(index, index + 1, day)
    return None


def _alone(line: Line, index: int) -> bool:
    for other, item in enumerate(line.items):
        if other != index and item.kind not in {"label", "glue"} and item.raw not in {"=", ":", "&", "?"}:
            return False
    return True


def _stamp(line: Line, index: int, raw: str) -> Day | None:
    fields = [int(raw[:4]), *(int(raw[at : at + 2]) for at in range(4, len(raw), 2))]
    try:
        moment = datetime(*fields)  # type: ignore[arg-type]  # naive on purpose: the caller knows the zone
    except ValueError:
        return None
    if not line.allows(moment.date()):
        return None
    return Day(index, index + 1, moment.date(), "second" if len(raw) == 14 else "minute", moment=moment)
