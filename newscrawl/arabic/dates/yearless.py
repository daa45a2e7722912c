"""Dates without a year: what a weekday beside them settles, and where they are no dates but part of a sentence."""

from __future__ import annotations

from newscrawl.arabic.dates.calendars import latest_day
from newscrawl.arabic.dates.model import Day, Line, TimeOfDay

#: Unknown words that a line may hold beside a date without a year and still be a date line (a city, a name).
_MOST_WORDS = 6
_QUOTES = {"«", "»", '"', "“", "”", "%", "$", "#", "+", "*", "="}


def weekday_near(line: Line, start: int, stop: int) -> int | None:
    """The weekday written beside items[start:stop]."""
    for index in (start - 1, start - 2, start - 3, stop, stop + 1):
        kind = line.kind(index)
        if kind == "weekday":
            value: int = line.items[index].value
            return value
        if kind in {"number", "month", "hijri", "clock"}:
            if index < start:
                continue
            return None
    return None


def _weekday_beside(line: Line, start: int, stop: int) -> int | None:
    """The weekday that touches items[start:stop], but for one sign or يوم."""
    before = start - 1 - (line.raw(start - 1) in {",", "-", "|", "("} or line.kind(start - 1) == "glue")
    after = stop + (line.raw(stop) in {",", "-", "|", "("})
    for index in (before, after):
        if line.kind(index) == "weekday":
            value: int = line.items[index].value
            return value
    return None


def numbers_and_weekday(line: Line, index: int) -> Day | None:
    """الأحد 30/08 at the 30: only beside a weekday that such a day falls on, for 30/08 is also a fraction."""
    first, sign, stop = line.items[index], line.raw(index + 1), index + 3
    if sign not in {"/", "-"} or line.kind(index + 2) != "number" or not line.glued(index + 1):
        return None
    second = line.items[index + 2]
    if len(first.raw) > 2 or len(second.raw) > 2 or not line.glued(index + 2):
        return None
    longer = line.raw(stop) in {"/", "-", "."} and line.kind(stop + 1) == "number" and line.glued(stop)
    if longer or line.raw(stop) in {":", "%"} or line.kind(stop) == "ampm":
        return None
    # 3-2 is a score, 10-12 are hours; with both noughts and a time behind it, it is a day.
    if sign == "-" and not (len(first.raw) == len(second.raw) == 2 and _clock_near(line, stop)):
        return None
    weekday = _weekday_beside(line, index, stop)
    if weekday is None:
        return None
    orders = ((second.value, first.value), (first.value, second.value))
    for month, day in orders if line.day_first else orders[::-1]:
        found = latest_day("gregorian", month, day, line.newest, weekday)
        if found is not None and found.weekday() == weekday:
            value = found if line.allows(found) else None
            return Day(index, stop, value, approximate=True, yearless=True)
    return None


def _clock_near(line: Line, stop: int) -> bool:
    at = stop + (line.raw(stop) in {",", "-", "|"})
    return line.kind(at) == "clock" or (line.kind(at) == "number" and line.raw(at + 1) == ":")


def part_of_sentence(line: Line, day: Day, clock: TimeOfDay | None, labelled: bool) -> bool:
    """Whether a date without a year is not what its line is about (شركة 3 مارس، المركز الثالث من سبتمبر).

    A weekday, a time or a label beside it says that it is; else it stands between signs in a line of few words.
    """
    start = day.start
    while line.kind(start - 1) == "glue" and start not in line.line_starts:
        start -= 1
    if labelled or clock is not None or weekday_near(line, day.start, day.stop) is not None:
        return False
    if start not in line.line_starts and (line.kind(start - 1) not in {"", "sign"} or line.raw(start - 1) in _QUOTES):
        return True
    after = line.kind(day.stop)
    if after not in {"", "sign", "label", "zone", "zoneword"} and day.stop not in line.line_starts:
        return True
    return sum(item.kind in {"word", "event"} for item in line.items) > _MOST_WORDS
