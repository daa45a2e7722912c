"""Ages and days told from today: "منذ 3 ساعات", "قبل يومين", "أمس 10:15", "الأحد الماضي", "5 ساعات ago"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from newscrawl.arabic.dates.model import Day, Line, Precision

_KEYS: dict[str, tuple[str, Precision]] = {
    "second": ("seconds", "second"),
    "minute": ("minutes", "minute"),
    "hour": ("hours", "hour"),
    "day": ("days", "day"),
    "week": ("weeks", "day"),
    "month": ("months", "month"),
    "year": ("years", "year"),
}
_ORDER: list[Precision] = ["second", "minute", "hour", "day", "month", "year"]
# A page that prints bare ages goes over to the next unit here; "24 ساعة" is no age.
_NEXT_UNIT = {"second": 60, "minute": 60, "hour": 24, "day": 31, "week": 6, "month": 0, "year": 0}
_MINUTES = {"half": 30, "quarter": 15, "third": 20, "quarter_to": -15, "third_to": -20, "five": 5}
_LARGEST = {"second": 10_000, "minute": 10_000, "hour": 2_000, "day": 4_000, "week": 1_000, "month": 500, "year": 100}
_PAST = {"مضي", "مضت"}
# What may stand behind an age or a day word; anything else makes it part of a sentence (قبل يومين من الانتخابات).
_BORDERS = {"sign", "label", "ago", "clock", "weekday", "zoneword", "zone", "ampm", "now", "day", "since"}


def _count(line: Line, index: int) -> tuple[int, int]:
    """A count in digits or words at `index` and the index after it; 0 when there is none."""
    kind = line.kind(index)
    if kind == "number":
        return (line.items[index].value if len(line.raw(index)) <= 5 else 0), index + 1
    two = kind == "weekday" and line.raw(index) == "اثنين"
    if kind != "cardinal" and not two:
        return 0, index
    total, index = 2 if two else line.items[index].value, index + 1
    if line.kind(index) == "and" and line.kind(index + 1) == "cardinal" and total < 10:
        return total + line.items[index + 1].value, index + 2
    return total, index


def _amount(line: Line, index: int) -> tuple[str, int, int, int] | None:
    """Unit, count, extra minutes and the index after "3 ساعات", "ساعتين", "ساعة ونصف", "نصف ساعة"."""
    extra = 0
    if line.kind(index) in {"half", "quarter", "third"} and line.kind(index + 1) == "unit":
        if line.items[index + 1].value[0] == "hour":
            return "minute", _MINUTES[line.kind(index)], 0, index + 2
        return None
    count, after = _count(line, index)
    if line.kind(after) != "unit":
        return None
    unit, own = line.items[after].value
    after += 1
    if not count:
        if own is None:
            return None
        count = own
        if own == 1 and line.kind(after) in {"cardinal", "ordinal"} and line.items[after].value == 1:
            after += 1
        if own == 2 and line.raw(after) in {"اثنين", "اثنتين", "اثنان"}:
            after += 1
    at = after + (line.kind(after) == "and")
    if unit == "hour" and line.kind(at) in _MINUTES:
        extra, after = _MINUTES[line.kind(at)], at + 1
    return (unit, count, extra, after) if count <= _LARGEST[unit] else None


def _ends(line: Line, index: int) -> bool:
    """Whether an expression may end before `index`."""
    kind = line.kind(index)
    if line.raw(index) == "من" or (kind == "sign" and line.raw(index) in {"%", "+"}):
        return False
    if kind == "glue":
        return line.kind(index + 1) in {"clock", "weekday", "glue"} or _is_time(line, index + 1)
    if kind == "number":
        return _is_time(line, index)
    return kind == "" or kind in _BORDERS or index in line.line_starts


def _is_time(line: Line, index: int) -> bool:
    return line.kind(index) == "number" and line.raw(index + 1) == ":"


def _begins(line: Line, index: int) -> bool:
    """Whether an expression may begin at `index`: a name before it makes "اليوم" part of the name (المصري اليوم)."""
    kind = line.kind(index - 1)
    return kind in {"", "sign", "label", "glue", "ampm", "number", "weekday", "since"} or index in line.line_starts


def _back(line: Line, start: int, stop: int, amounts: list[tuple[str, int, int]]) -> Day | None:
    from dateutil.relativedelta import relativedelta  # a third of the layer's import time, and few lines tell an age

    delta: dict[str, Any] = {}
    finest = len(_ORDER) - 1
    for unit, count, extra in amounts:
        key, precision = _KEYS[unit]
        delta[key] = delta.get(key, 0) + count
        finest = min(finest, _ORDER.index(precision))
        if extra:
            delta["minutes"] = delta.get("minutes", 0) + extra
            finest = min(finest, 1)
    try:
        moment = line.now - relativedelta(**delta)
    except (ValueError, OverflowError):  # before the year 1
        return None
    precision = _ORDER[finest]
    value = moment.date() if line.allows(moment.date()) else None
    fine = value is not None and finest <= _ORDER.index("hour")
    return Day(start, stop, value, precision, relative=True, moment=moment if fine else None)


def age(line: Line, index: int) -> Day | None:
    """An age at `index`, with or without a word that says it is one; a bare amount only when it is all that the
    line says."""
    start, at = index, index
    since = line.kind(at) == "since" or line.raw(at) in _PAST
    at += since
    approximate = line.kind(at) == "about"
    at += approximate
    amounts: list[tuple[str, int, int]] = []
    while len(amounts) < 3:
        amount = _amount(line, at)
        if amount is None:
            break
        unit, count, extra, at = amount
        amounts.append((unit, count, extra))
        joined = at + (line.kind(at) == "and" or line.raw(at) == ",")
        if joined == at and not (line.kind(at) == "number" and line.kind(at + 1) == "unit"):
            break
        if _amount(line, joined) is None:
            break
        at = joined
    if not amounts:
        return None
    ago = line.kind(at) == "ago" or (line.kind(at) == "since" and line.kind(at + 1) in {"", "sign"})
    at += ago
    if not since and not ago:
        unit, count, _ = amounts[0]
        if not _is_whole(line, start, at) or count >= _NEXT_UNIT[unit]:
            return None
        approximate = True
    if not _ends(line, at):
        return None
    found = _back(line, start, at, amounts)
    if found:
        found.approximate = approximate
    return found


def _is_whole(line: Line, start: int, stop: int) -> bool:
    outside = [*line.items[:start], *line.items[stop:]]
    return all(item.kind == "label" or item.raw in {":", "-", "|", ".", "(", ")"} for item in outside)


def day_word(line: Line, index: int) -> Day | None:
    """أمس، اليوم، غدا at `index`."""
    if not _begins(line, index) or not _ends(line, index + 1):
        return None
    value = line.now.date() + timedelta(days=line.items[index].value)
    return Day(index, index + 1, value if line.allows(value) else None, "day", relative=True)


def now_word(line: Line, index: int) -> Day | None:
    """الآن، منذ لحظات at `index`."""
    if not _begins(line, index) or not _ends(line, index + 1):
        return None
    return Day(index, index + 1, line.now.date(), "minute", relative=True, moment=line.now)


def near_weekday(line: Line, index: int) -> Day | None:
    """الأحد الماضي، الخميس القادم at `index`."""
    which = line.kind(index + 1)
    if which not in {"last", "next"} or not _ends(line, index + 2):
        return None
    today = line.now.date()
    if which == "last":
        value = today - timedelta(days=(today.weekday() - line.items[index].value - 1) % 7 + 1)
    else:
        value = today + timedelta(days=(line.items[index].value - today.weekday() - 1) % 7 + 1)
    return Day(index, index + 2, value if line.allows(value) else None, "day", relative=True)
