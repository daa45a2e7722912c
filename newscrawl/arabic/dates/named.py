"""Dates with a month name, Gregorian or Hijri: "22 آذار (مارس) 2019", "March 22, 2019", "الرابع من أغسطس", "رمضان
1440"."""

from __future__ import annotations

from datetime import date

from newscrawl.arabic.dates.calendars import FULL_YEARS, HIJRI_YEARS, gregorian_day, hijri_day, latest_day
from newscrawl.arabic.dates.model import Calendar, Day, Line
from newscrawl.arabic.dates.yearless import weekday_near

_MONTHS = ("month", "hijri")
_BEFORE_MONTH = {"/", "-", ".", ",", "\\", "_", "("}
_BEFORE_YEAR = {"/", "-", ".", ",", "\\", "_", "'"}
_ENGLISH_ORDINALS = {"st", "nd", "rd", "th", "er"}
_OPENING = {"/", "-", ",", "(", "[", "|"}
_CLOSING = {")", "]"}


def _month(line: Line, index: int) -> tuple[Calendar, int, bool, int]:
    """Calendar, month, whether it needs a year, and the index after it and after its second name."""
    kind = line.kind(index)
    month, needs_year = line.items[index].value
    after = index + 1
    if line.raw(index - 1) == "(" and line.raw(after) == ")":
        after += 1
    other = after + (line.raw(after) in _OPENING)
    if line.kind(other) == kind and line.items[other].value[0] == month:
        after = other + 1 + (line.raw(other + 1) in _CLOSING)
        needs_year = False
    return ("gregorian" if kind == "month" else "hijri"), month, needs_year, after


def _is_year_word(line: Line, index: int) -> bool:
    return line.kind(index) == "yearword" or line.raw(index) in {"عام", "سنه"}


def _skip_to_year(line: Line, index: int) -> int:
    start = index
    while index < start + 4 and (
        line.raw(index) in _BEFORE_YEAR or line.kind(index) == "of" or _is_year_word(line, index)
    ):
        index += 1
    return index


def _year(line: Line, index: int, calendar: Calendar, with_day: bool) -> tuple[int | None, int]:
    """A written year at or shortly after `index` and the index after it; (None, index) when there is none, (-1,
    index) when
    the number there is no year that a date may have."""
    at = _skip_to_year(line, index)
    item = line.items[at] if at < len(line.items) else None
    if item is None or item.kind != "number":
        return None, index
    digits = len(item.raw)
    if digits >= 3:
        right = digits == 4 and ((item.value in HIJRI_YEARS) == (calendar == "hijri")) and item.value >= HIJRI_YEARS[0]
        return (item.value if right else -1), at + 1
    # Two digits: only where nothing else can be meant by them.
    ends = at + 1 == len(line.items) or line.raw(at + 1) in {",", "|", "-", ")"} or line.raw(at + 2) == ":"
    if digits == 2 and with_day and calendar == "gregorian" and ends and line.raw(at + 1) != ":":
        return (2000 if item.value < 69 else 1900) + item.value, at + 1
    return None, index


def _day_of(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    return gregorian_day(year, month, day) if calendar == "gregorian" else hijri_day(year, month, day)


def _finish(line: Line, start: int, stop: int, calendar: Calendar, parts: tuple[int | None, int, int]) -> Day:
    """The Day of (year or None, month, day), checked."""
    year, month, day = parts
    if year is None:
        value = latest_day(calendar, month, day, line.newest, weekday_near(line, start, stop))
    else:
        value = _day_of(calendar, year, month, day) if year > 0 else None
    if value is not None and not line.allows(value, calendar):
        value = None
    yearless = year is None
    # A Hijri day that falls on the weekday that stands beside it is no day off.
    is_off = calendar == "hijri" and (value is None or weekday_near(line, start, stop) != value.weekday())
    return Day(start, stop, value, "day", calendar, approximate=is_off or yearless, yearless=yearless)


def _ordinal_day(line: Line, index: int) -> tuple[int, int]:
    """The day that ordinal words say and the index after them: "الرابع والعشرين"."""
    day = line.items[index].value
    if (
        line.kind(index + 1) == "and"
        and line.kind(index + 2) == "ordinal"
        and line.items[index + 2].value in (20, 30)
        and day < 10
    ):
        return day + line.items[index + 2].value, index + 3
    return day, index + 1


def _day_number(line: Line, index: int) -> int:
    """The day that the number at `index` can be, else 0; one page wrote 011 for 11."""
    item = line.items[index]
    right = len(item.raw) <= 2 or (len(item.raw) == 3 and item.raw[0] == "0")
    return item.value if right and 1 <= item.value <= 31 else 0


def _to_month(line: Line, index: int) -> int:
    """The index of the month name that may follow a day ending before `index`, else -1."""
    if line.raw(index) in _ENGLISH_ORDINALS:
        index += 1
    for _ in range(3):
        if line.kind(index) in _MONTHS:
            return index
        if line.raw(index) in _BEFORE_MONTH or line.kind(index) == "of" or line.raw(index) in {"شهر", "من شهر", "لشهر"}:
            index += 1
        else:
            return -1
    return index if line.kind(index) in _MONTHS else -1


def _event_before(line: Line, index: int) -> bool:
    return line.kind(index - 1) == "event"


def day_month(line: Line, index: int) -> Day | None:
    """A date that begins with its day at `index`."""
    if line.kind(index) == "number":
        day, after = _day_number(line, index), index + 1
        if not day:
            return _bad_day(line, index)
    else:
        day, after = _ordinal_day(line, index)
    at = _to_month(line, after)
    if at < 0:
        return _range(line, index, day, after)
    calendar, month, needs_year, after = _month(line, at)
    year, stop = _year(line, after, calendar, with_day=True)
    if year is None:
        late_year = _year_after_clock(line, after) if line.raw(at).isascii() else 0
        if late_year:
            return _finish(line, index, after, calendar, (late_year, month, day))
        if needs_year or _event_before(line, index):
            return Day(index, after, None)
        borrowed = _borrowed_year(line, after, calendar, month)
        if borrowed:
            return _finish(line, index, after, calendar, (borrowed, month, day))
        if _reads_on(line, after, calendar, line.raw(at)):
            return Day(index, after, None)
        return _finish(line, index, after, calendar, (None, month, day))
    return _finish(line, index, line.after_era(stop), calendar, (year, month, day))


def _bad_day(line: Line, index: int) -> Day | None:
    """No date out of "34 رجب 1436", nor out of the "رجب 1436" in it."""
    if len(line.raw(index)) > 3:
        return year_first(line, index)
    at = _to_month(line, index + 1)
    if at < 0:
        return None
    after = _month(line, at)[3]
    return Day(index, _year(line, after, "gregorian", with_day=False)[1], None)


def _range(line: Line, index: int, day: int, after: int) -> Day | None:
    """The first day of "19 - 21 شوال 1436"."""
    sign = line.raw(after)
    last_at = after + 1 + (line.kind(after + 1) == "weekday")
    if not (sign in {"-", "/"} or line.kind(after) in {"range", "and"}) or line.kind(last_at) != "number":
        return None
    at = _to_month(line, last_at + 1)
    if _day_number(line, last_at) <= day or at < 0:
        return None
    alone = (
        index == 0
        or line.kind(index - 1) in {"of", "glue", "weekday", "label"}
        or line.raw(index - 1) in {"|", ":", "("}
    )
    if sign == "/" or (line.kind(after) == "sign" and not alone and not line.glued(after)):
        return None
    calendar, month, needs_year, stop = _month(line, at)
    year, stop = _year(line, stop, calendar, with_day=False)
    if year is None and needs_year:
        return Day(index, stop, None)
    found = _finish(line, index, line.after_era(stop) if year else stop, calendar, (year, month, day))
    found.approximate = True
    return found


def _reads_on(line: Line, after: int, calendar: Calendar, name: str) -> bool:
    """Whether the word behind a date without a year shows that it was none: رمضان and May are names and words too."""
    kind = line.kind(after)
    return kind == "event" or (
        kind == "word" and (calendar == "hijri" or name.isascii()) and after not in line.line_starts
    )


def _borrowed_year(line: Line, after: int, calendar: Calendar, month: int) -> int:
    """The year of "22 مارس - 5 أبريل 2019" for its first day, else 0."""
    if not _spans(line, after):
        return 0
    if line.kind(after + 1) != "number" or not _day_number(line, after + 1):
        return 0
    at = _to_month(line, after + 2)
    if at < 0:
        return 0
    other, last_month, _, stop = _month(line, at)
    year = _year(line, stop, other, with_day=False)[0]
    if not year or other != calendar:
        return 0
    return year - (month > last_month)


def _year_after_clock(line: Line, index: int) -> int:
    """The year of "Sep 25 10:36:28 UTC 2003", where zones without a name stand as "+03", else 0."""
    if line.kind(index) != "number" or line.raw(index + 1) != ":":
        return 0
    stop = index + 1
    while stop < index + 8 and (line.raw(stop) == ":" or (line.kind(stop) == "number" and len(line.raw(stop)) <= 2)):
        stop += 1
    while line.kind(stop) in {"zone", "ampm"}:
        stop += 1
    if line.raw(stop) in {"+", "-"} and len(line.raw(stop + 1)) in (2, 4) and line.glued(stop + 1):
        stop += 2
    item = line.items[stop] if stop < len(line.items) else None
    return item.value if item and item.kind == "number" and len(item.raw) == 4 else 0


def month_first(line: Line, index: int) -> Day | None:
    """A date that begins with its month at `index`: "مارس 22, 2019", "مارس 2019"."""
    calendar, month, needs_year, after = _month(line, index)
    year, stop = _year(line, after, calendar, with_day=False)
    if year is not None:
        return _whole_month(line, index, line.after_era(stop), calendar, year, month)
    at = after + (line.raw(after) in _BEFORE_MONTH)
    if line.kind(at) != "number" or not _day_number(line, at) or line.raw(at + 1) == ":":
        return None
    day, after = _day_number(line, at), at + 1
    after += line.raw(after) in _ENGLISH_ORDINALS
    year, stop = _year(line, after, calendar, with_day=False)
    if year is not None:
        return _finish(line, index, line.after_era(stop), calendar, (year, month, day))
    late_year = _year_after_clock(line, after)
    if late_year:
        return _finish(line, index, after, calendar, (late_year, month, day))
    if needs_year or _event_before(line, index) or line.kind(after) in {"word", "unit", "month", "hijri"}:
        return None
    return _finish(line, index, after, calendar, (None, month, day))


def _whole_month(line: Line, start: int, stop: int, calendar: Calendar, year: int, month: int) -> Day:
    """The first day of a month; a span of months is no date."""
    before = _spans(line, start - 1) and (line.kind(start - 2) in _MONTHS or line.kind(start - 3) in _MONTHS)
    behind = _spans(line, stop) and line.kind(stop + 1) in _MONTHS
    value = _day_of(calendar, year, month, 1) if year > 0 else None
    if before or behind or (value and not line.allows(value, calendar)):
        value = None
    return Day(start, stop, value, "month", calendar, approximate=calendar == "hijri")


def _spans(line: Line, index: int) -> bool:
    """Whether a dash or a word for "until" stands there."""
    return line.raw(index) == "-" or line.kind(index) == "range"


def year_first(line: Line, index: int) -> Day | None:
    """A date that begins with its year at `index`: "2019 مارس 22", "2019، 22 مارس"."""
    item = line.items[index]
    if len(item.raw) != 4:
        return None
    at = index + 1 + (line.raw(index + 1) in _BEFORE_MONTH)
    at += line.kind(at) == "weekday"
    if line.kind(at) == "number":
        return _year_day_month(line, index, at)
    if line.kind(at) not in _MONTHS:
        return None
    calendar, month, _, after = _month(line, at)
    if (item.value in HIJRI_YEARS) != (calendar == "hijri"):
        return None
    after += line.raw(after) in _BEFORE_MONTH
    if line.kind(after) != "number" or not _day_number(line, after) or line.kind(after + 1) in _MONTHS:
        return None
    return _finish(line, index, after + 1, calendar, (item.value, month, _day_number(line, after)))


def _year_day_month(line: Line, index: int, at: int) -> Day | None:
    """The year at `index` before a day at `at` and a month that has no year of its own."""
    year, day = line.items[index].value, _day_number(line, at)
    month_at = _to_month(line, at + 1) if day else -1
    if month_at < 0 or (line.kind(index - 1) == "word" and index not in line.line_starts):
        return None
    calendar, month, _, stop = _month(line, month_at)
    right = year in HIJRI_YEARS if calendar == "hijri" else year in FULL_YEARS
    if not right or _year(line, stop, calendar, with_day=True)[0] is not None:
        return None
    return _finish(line, index, stop, calendar, (year, month, day))
