"""Times of day and time zones: "02:35 م", "الساعة الثالثة والنصف عصرا", "14h35", "بتوقيت مكة المكرمة", "GMT+3"."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from newscrawl.arabic.dates.model import Line, TimeOfDay

_FRACTIONS = {"half", "quarter", "third", "quarter_to", "third_to", "five"}
_OPENING = {"(", "[", ",", "-", "|", "/"}


def zone_info(name: str) -> tzinfo:
    """The zone of an IANA name."""
    return UTC if name == "UTC" else ZoneInfo(name)


def _offset(line: Line, index: int, after_name: bool) -> tuple[tzinfo, int] | None:
    """+03:00, +0300 and, after GMT or UTC, +3; the index after it."""
    sign = line.raw(index)
    if sign not in {"+", "-"} or line.kind(index + 1) != "number" or not line.glued(index + 1):
        return None
    raw, stop = line.raw(index + 1), index + 2
    if line.raw(stop) == ":" and len(line.raw(stop + 1)) == 2 and line.kind(stop + 1) == "number" and line.glued(stop):
        raw, stop = raw.zfill(2) + line.raw(stop + 1), stop + 2
    elif len(raw) <= 2:
        # "+00" behind seconds is PostgreSQL's way, and before a year that of `date`; a dash before a day is not.
        is_glued = line.glued(index) and not (line.glued(stop) and line.kind(stop) == "sign")
        is_before_year = sign == "+" and line.kind(stop) == "number" and len(line.raw(stop)) == 4
        if not after_name and not (len(raw) == 2 and (is_glued or is_before_year)):
            return None
        raw = raw.zfill(2) + "00"
    if len(raw) != 4 or int(raw[:2]) > 14 or int(raw[2:]) > 59:
        return None
    delta = timedelta(hours=int(raw[:2]), minutes=int(raw[2:]))
    if not delta:
        return UTC, stop
    return timezone(delta if sign == "+" else -delta), stop


def zone_at(line: Line, index: int) -> tuple[tzinfo | None, int] | None:
    """A zone at `index` (None: local time, said so) and the index after it; None when there is no zone."""
    kind = line.kind(index)
    if kind == "localzone":
        return None, index + 1
    if kind == "zone":
        name = line.items[index].value
        if name == "UTC" and (shift := _offset(line, index + 1, after_name=True)):
            return shift
        return zone_info(name), index + 1
    if kind == "zoneword":
        if line.kind(index + 1) in {"place", "zone"}:
            name = line.items[index + 1].value
            shift = _offset(line, index + 2, after_name=True) if name == "UTC" else None
            return shift or (zone_info(name), index + 2)
        return None
    return _offset(line, index, after_name=False)


def _begins_clock(line: Line, index: int) -> bool:
    at = index + (line.raw(index) in {":", ")", "]"})
    return line.kind(at) == "number" and line.raw(at + 1) == ":"


def _zone_after(line: Line, at: int) -> tuple[tzinfo | None, int] | None:
    """The zone behind a clock that ends before `at`, and the index after it."""
    found = zone_at(line, at) or (zone_at(line, at + 1) if line.raw(at) in _OPENING else None)
    if found is None and line.raw(at) in {"(", "["} and line.kind(at + 1) == "place":
        name = line.items[at + 1].value
        shift = _offset(line, at + 2, after_name=True) if name == "UTC" else None
        found = shift or (zone_info(name), at + 2)
    return found


def _zone_before(line: Line, start: int) -> tzinfo | None:
    """The zone that stands before a clock at `start`, unless it belongs to an earlier clock; a place without a word
    that says that it is a zone only where every clock of the line has one before it."""
    at = start - 1 - (line.raw(start - 1) in {":", ")", "]"})
    kind, first = line.kind(at), at - (line.kind(at - 1) == "zoneword")
    if kind not in {"zone", "place"} or (kind == "place" and first == at and not _all_after_places(line)):
        return None
    first -= line.raw(start - 1) in {")", "]"}
    is_of_earlier = line.kind(first - 1) == "ampm" or (line.kind(first - 1) == "number" and line.raw(first - 2) == ":")
    return None if is_of_earlier else zone_info(line.items[at].value)


def _all_after_places(line: Line) -> bool:
    clocks = [at for at in range(len(line.items)) if _begins_clock(line, at) and line.kind(at) == "number"]
    return len(clocks) > 1 and all(line.kind(at - 1 - (line.raw(at - 1) == ":")) in {"zone", "place"} for at in clocks)


def _zone_beside(line: Line, clock: TimeOfDay) -> None:
    """Puts the zone that stands beside a clock into it."""
    before = _zone_before(line, clock.start)
    found = _zone_after(line, clock.stop)
    if found is not None and _begins_clock(line, found[1]) and (before or line.raw(clock.stop) in _OPENING):
        found = None  # "KSA 14:35 - GMT 11:35"
    if found is None:
        if before is None:
            return
        found = before, clock.stop
    clock.zone, stop = found
    clock.local = clock.zone is None
    clock.stop = max(clock.stop, stop + (line.raw(stop) in {")", "]"}))


def _half_of_day(hour: int, half: str) -> int:
    """The hour on the 24-hour clock; an hour past 12 was on it already, whatever the page says ("16:10 pm")."""
    if hour > 12:
        return hour
    if half in {"am", "midnight"}:
        return hour % 12
    if half == "noon":
        return hour if hour >= 10 else hour + 12
    if half == "night":
        return hour % 12 if hour == 12 or hour <= 4 else hour + 12
    return hour % 12 + 12


def _half_before(line: Line, start: int) -> str | None:
    """ص or م before the time, unless it is the era sign of a year or belongs to an earlier time."""
    if line.kind(start - 1) != "ampm" or line.kind(start - 2) == "number":
        return None
    half: str = line.items[start - 1].value
    return half


def _finish(line: Line, clock: TimeOfDay) -> TimeOfDay | None:
    stop = clock.stop
    if line.kind(stop) == "ampm" or (line.raw(stop) in {"(", "-", ":"} and line.kind(stop + 1) == "ampm"):
        at = stop if line.kind(stop) == "ampm" else stop + 1
        half: str | None = line.items[at].value
        clock.stop = at + 1 + (line.raw(at + 1) == ")" and line.raw(stop) == "(")
    else:
        half = _half_before(line, clock.start)
        if half:
            clock.start -= 1
    if half:
        if clock.hour == 0 and clock.minute == 0 and clock.second == 0:
            # A 12-hour clock has no 00:00: an empty field printed.
            clock.precision = "day"
        clock.hour = _half_of_day(clock.hour, half)
    if clock.hour > 23 or clock.minute > 59 or clock.second > 59:
        return None
    _zone_beside(line, clock)
    return clock


def _fraction(line: Line, index: int) -> tuple[int, int]:
    """Minutes of "والنصف", "إلا ربعا", "و20 دقيقة" and the index after it."""
    minutes = 0
    number = line.items[index + 1] if line.kind(index) == "and" and line.kind(index + 1) == "number" else None
    if number is not None and len(number.raw) <= 2 and line.raw(index + 2) not in {":", "/", "-"}:
        is_unit = line.kind(index + 2) == "unit" and line.items[index + 2].value[0] == "minute"
        return number.value, index + 2 + is_unit
    for _ in range(2):
        at = index + (line.kind(index) == "and")
        if line.kind(at) not in _FRACTIONS:
            break
        minutes += line.items[at].value
        index = at + 1
    return minutes, index


def _spoken(line: Line, index: int, start: int) -> TimeOfDay | None:
    """A time in words ("الساعة الثالثة والنصف عصرا") whose hour is at `index`."""
    hour, after = line.items[index].value, index + 1
    minutes, after = _fraction(line, after)
    if not 1 <= hour <= 24:
        return None
    total = hour * 60 + minutes
    return _finish(line, TimeOfDay(start, after, total // 60, total % 60))


def clock_at(line: Line, index: int) -> TimeOfDay | None:
    """A time whose hour is the item `index`."""
    item = line.items[index]
    marked = line.kind(index - 1) == "clock" or (line.raw(index - 1) == ":" and line.kind(index - 2) == "clock")
    start = (index - 1 - (line.raw(index - 1) == ":")) if marked else index
    if item.kind != "number":
        return _spoken(line, index, start) if marked else None
    if len(item.raw) > 2 or (
        line.raw(index - 1) == ":"
        and line.kind(index - 2) == "number"
        and line.glued(index)
        and len(line.raw(index - 2)) <= 2
    ):
        return None
    sign, minute = line.raw(index + 1), line.items[index + 2] if index + 2 < len(line.items) else None
    has_minute = minute is not None and minute.kind == "number" and len(minute.raw) == 2
    if has_minute and minute is not None and _joins(line, index + 1, sign, marked):
        return _digital(line, index, start, minute.value)
    half_follows = line.kind(index + 1) == "ampm" and (len(line.raw(index + 1)) > 1 or marked)
    if sign in {"h", "س"} and line.glued(index + 1) and marked:
        return _finish(line, TimeOfDay(start, index + 2, item.value, 0))
    if marked or (half_follows and 1 <= item.value <= 12):
        minutes, after = _fraction(line, index + 1)
        if item.value > 24:
            return None
        total = item.value * 60 + minutes
        return _finish(line, TimeOfDay(start, after, total // 60, total % 60))
    return None


def _joins(line: Line, index: int, sign: str, marked: bool) -> bool:
    """Whether the sign at `index` joins an hour and its minutes."""
    glued = line.glued(index) and line.glued(index + 1)
    if sign == ":":
        return glued or (line.kind(index + 2) not in {"month", "hijri", "of"} and line.raw(index + 2) not in {"/", "-"})
    if sign in {"h", "س"}:
        return glued
    if sign == "." and glued:
        return marked or line.kind(index + 2) in {"ampm", "zone", "zoneword", "localzone"}
    return False


def _digital(line: Line, index: int, start: int, minute: int) -> TimeOfDay | None:
    clock = TimeOfDay(start, index + 3, line.items[index].value, minute)
    at = index + 3
    if line.raw(at) == ":" and line.kind(at + 1) == "number" and len(line.raw(at + 1)) == 2 and line.glued(at):
        clock.second, clock.precision, clock.stop = line.items[at + 1].value, "second", at + 2
        fraction = line.raw(at + 3)
        if (
            line.raw(at + 2) in {".", ","}
            and line.kind(at + 3) == "number"
            and line.glued(at + 3)
            and len(fraction) <= 9
        ):
            clock.microsecond, clock.stop = int(fraction[:6].ljust(6, "0")), at + 4
    return _finish(line, clock)
