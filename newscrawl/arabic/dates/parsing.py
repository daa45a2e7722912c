"""parse_date and parse_dates: a line into days and times of day, joined and ranked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from newscrawl.arabic.dates.clock import clock_at, zone_at
from newscrawl.arabic.dates.folding import LIMIT, fold_date_text, original_span
from newscrawl.arabic.dates.iso import whole_iso
from newscrawl.arabic.dates.model import Day, Label, Line, ParsedDate, ParsedTime, TimeOfDay, ZoneSource
from newscrawl.arabic.dates.named import day_month, month_first
from newscrawl.arabic.dates.numeric import digits_only, numeric
from newscrawl.arabic.dates.relative import age, day_word, near_weekday, now_word
from newscrawl.arabic.dates.vocabulary import read_items
from newscrawl.arabic.dates.yearless import numbers_and_weekday, part_of_sentence

#: Web news begins here; older years on a page are history that it tells.
EARLIEST = date(1990, 1, 1)

_SPAN_OF_DAYS = 2
_MECCA = "Asia/Riyadh"
# A line with more is a calendar or a trap.
_MOST_DAYS = 10
_HIJRI_AHEAD = timedelta(days=355)
# Nearer to the ends of what a datetime can say, the day after and the same moment elsewhere are none.
_FIRST_NOW, _LAST_NOW = datetime(2, 1, 1), datetime(9998, 12, 31)


def _zone(timezone: str | tzinfo | None) -> tzinfo | None:
    return ZoneInfo(timezone) if isinstance(timezone, str) else timezone


def _as_day(bound: date | None, default: date) -> date:
    if bound is None:
        return default
    return bound.date() if isinstance(bound, datetime) else bound


def _scan(line: Line) -> tuple[list[Day], list[TimeOfDay]]:
    """The days and the times of day of a line, in order."""
    days: list[Day] = []
    clocks: list[TimeOfDay] = []
    index = 0
    while index < len(line.items) and len(days) < _MOST_DAYS:
        found = _day_at(line, index)
        if found is not None:
            days.append(found)
            index = found.stop
            continue
        clock = clock_at(line, index) if line.kind(index) in {"number", "ordinal"} else None
        if clock is not None:
            clocks.append(clock)
            index = clock.stop
            continue
        index += 1
    return days, clocks


def _day_at(line: Line, index: int) -> Day | None:
    kind = line.kind(index)
    if kind == "number":
        if line.raw(index + 1) == ":" and clock_at(line, index):
            return None
        found = numeric(line, index) or numbers_and_weekday(line, index) or day_month(line, index)
        return found or digits_only(line, index) or age(line, index)
    if kind in {"month", "hijri"}:
        return month_first(line, index)
    if kind == "ordinal":
        return day_month(line, index) if line.kind(index - 1) != "clock" else None
    if kind in {"since", "ago", "unit", "cardinal", "about", "half", "quarter", "third"}:
        return age(line, index)
    if kind == "day":
        return day_word(line, index)
    if kind == "now":
        return now_word(line, index)
    if kind == "weekday":
        return near_weekday(line, index) or age(line, index)
    return None


def _groups(days: list[Day]) -> list[list[Day]]:
    """One day in two calendars is one group."""
    groups: list[list[Day]] = []
    for found in days:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and len(groups[-1]) == 1
            and last.value is not None
            and found.value is not None
            and last.calendar != found.calendar
            and abs((last.value - found.value).days) <= _SPAN_OF_DAYS
            and "day" == last.precision == found.precision
        ):
            groups[-1].append(found)
        else:
            groups.append([found])
    return groups


def _clock_of(groups: list[list[Day]], clocks: list[TimeOfDay]) -> list[TimeOfDay | None]:
    """The time of day of each group: the first after it and before the next; before the first when times come first."""
    if not groups:
        return []
    lead = [clock for clock in clocks if clock.stop <= groups[0][0].start]
    spaces = []
    for number, group in enumerate(groups):
        until = groups[number + 1][0].start if number + 1 < len(groups) else None
        inside = [clock for clock in clocks if clock.start >= group[0].stop and (until is None or clock.stop <= until)]
        spaces.append(inside)
    if lead and len(groups) > 1 and not spaces[-1] and all(spaces[:-1]):
        # "10:00 22 مارس - 11:00 25 مارس": every time stands before its day
        return [lead[-1], *(inside[-1] for inside in spaces[:-1])]
    chosen: list[TimeOfDay | None] = [inside[0] if inside else None for inside in spaces]
    if lead and chosen[0] is None:
        chosen[0] = lead[-1]
    return chosen


def _zone_anywhere(line: Line) -> tzinfo | None:
    """A zone that the line names away from its time."""
    for index, item in enumerate(line.items):
        if item.kind == "zoneword" or (item.kind == "zone" and len(item.raw) >= 3):
            found = zone_at(line, index)
            if found:
                return found[0]
    return None


def _is_umm_al_qura(line: Line) -> bool:
    """Whether a line says that its Hijri day is Mecca's, where the calendar is the official one."""
    return any(item.kind in {"zone", "place"} and item.value == _MECCA for item in line.items)


def _label_of(line: Line, day: Day) -> Label | None:
    for index in range(day.start - 1, -1, -1):
        if line.kind(index) == "label":
            label: Label = line.items[index].value
            return label
    return None


def _label_between(line: Line, day: Day, clock: TimeOfDay | None) -> Label | None:
    """What a time of day behind its day is said to be of: "28 آب 2013، آخر تحديث 14:00"."""
    for index in range(day.stop, clock.start if clock is not None else day.stop):
        if line.kind(index) == "label":
            label: Label = line.items[index].value
            return label
    return None


def _result(
    line: Line,
    day: Day,
    clock: TimeOfDay | None,
    zones: tuple[tzinfo | None, tzinfo | None],
    text: str,
    offsets: list[int] | None,
) -> ParsedDate | None:
    """The date of a day and a clock; `zones` are the one that the line names away from any clock, and the site's."""
    elsewhere, default = zones
    label = _label_of(line, day)
    between = _label_between(line, day, clock)
    if between == "modified" and label == "published":
        clock = None  # "نشر 27 أغسطس، آخر تحديث 14:00"
    label = label or between
    if day.value is None or (day.yearless and part_of_sentence(line, day, clock, label is not None)):
        return None
    value: date | datetime = day.value
    precision = day.precision
    zone_source: ZoneSource | None = None
    start, stop = day.start, day.stop
    moment = day.moment
    if moment is not None:
        if moment.tzinfo is None and default is not None:
            moment = moment.replace(tzinfo=default)
        zone_source = "default" if moment.tzinfo is not None else None
        value = moment
    elif clock is not None and precision == "day":
        start, stop = min(start, clock.start), max(stop, clock.stop)
        if clock.precision != "day":
            stated = clock.zone or (None if clock.local else elsewhere)
            zone = stated or default
            zone_source = "text" if stated else "default" if default else None
            value = datetime.combine(day.value, time(clock.hour, clock.minute, clock.second, clock.microsecond), zone)
            precision = clock.precision
    span = original_span(line.items[start].start, line.items[stop - 1].end, offsets)
    return ParsedDate(
        value,
        precision,
        day.calendar,
        zone_source,
        span,
        text[slice(*span)],
        day.relative,
        day.approximate and not (day.calendar == "hijri" and not day.yearless and _is_umm_al_qura(line)),
        label,
    )


def _read(
    text: str,
    now: datetime,
    timezone: str | tzinfo | None,
    day_first: bool,
    earliest: date | None,
    latest: date | None,
) -> tuple[list[Day], list[ParsedDate | None], list[ParsedDate]]:
    """Days, and for every group its best reading; and all readings."""
    default = _zone(timezone)
    now = min(max(now, _FIRST_NOW.replace(tzinfo=now.tzinfo)), _LAST_NOW.replace(tzinfo=now.tzinfo))
    if default is not None:
        now = now.astimezone(default) if now.tzinfo else now.replace(tzinfo=default)
    low = _as_day(earliest, EARLIEST)
    high = _as_day(latest, (now + timedelta(days=1)).date())
    quick = whole_iso(text[:LIMIT], default, low, high) if len(text) <= LIMIT else None
    if quick is not None:
        return [], [quick], [quick]
    folded, offsets = fold_date_text(text)
    items, line_starts = read_items(folded)
    # Without a bound of the caller's, a Hijri year that is written out may be the coming one.
    high_hijri = high if latest is not None else high + _HIJRI_AHEAD
    line = Line(items, line_starts, now, day_first, low, high, high_hijri)
    days, clocks = _scan(line)
    groups = _groups(days)
    zones = (None if any(clock.zone for clock in clocks) else _zone_anywhere(line), default)
    best: list[ParsedDate | None] = []
    every: list[ParsedDate] = []
    for group, clock in zip(groups, _clock_of(groups, clocks), strict=True):
        readings = [_result(line, day, clock, zones, text, offsets) for day in group]
        every += [reading for reading in readings if reading is not None]
        gregorian = [reading for reading, day in zip(readings, group, strict=True) if day.calendar == "gregorian"]
        best.append((gregorian or readings)[0])
    return days, best, every


def _rank(found: ParsedDate) -> tuple[bool, bool, bool, bool]:
    """What is preferred among the dates of one line; ties go to the first."""
    return (found.label == "modified", found.relative, found.calendar == "hijri", found.precision == "month")


def parse_date(
    text: str,
    *,
    now: datetime,
    timezone: str | tzinfo | None = None,
    day_first: bool = True,
    earliest: date | None = None,
    latest: date | None = None,
) -> ParsedDate | None:
    """The date that a date line states, or None: no guess is made from a bare year, a count or a name.

    now: when the page was fetched; ages and missing years are reckoned from it. timezone: the site's zone (IANA name or
    tzinfo), used where the text names none. day_first: how 03/04/2018 is meant; a weekday beside it overrules. Days
    outside
    earliest..latest (1990 .. the day after now) are refused. Publication goes before update, Gregorian before
    Hijri, a day
    before an age. The first 300 characters are read. Raises ZoneInfoNotFoundError for an unknown zone name.
    """
    found = [reading for reading in _read(text, now, timezone, day_first, earliest, latest)[1] if reading is not None]
    return min(found, key=_rank) if found else None


def parse_dates(
    text: str,
    *,
    now: datetime,
    timezone: str | tzinfo | None = None,
    day_first: bool = True,
    earliest: date | None = None,
    latest: date | None = None,
) -> list[ParsedDate]:
    """Every date of a line in order, both of a day that is printed in two calendars; arguments as for parse_date."""
    return _read(text, now, timezone, day_first, earliest, latest)[2]


def parse_time(text: str) -> ParsedTime | None:
    """The time of day of a line that states no day ("18:07 ت م"), to be joined with a day known from elsewhere."""
    folded, offsets = fold_date_text(text)
    items, line_starts = read_items(folded)
    now = datetime(2000, 1, 1, tzinfo=UTC)
    line = Line(items, line_starts, now, True, EARLIEST, now.date(), now.date())
    clocks = _scan(line)[1]
    if not clocks:
        return None
    clock = clocks[0]
    span = original_span(items[clock.start].start, items[clock.stop - 1].end, offsets)
    zone = clock.zone or (None if clock.local else _zone_anywhere(line))
    return ParsedTime(clock.hour, clock.minute, clock.second, zone, span)
