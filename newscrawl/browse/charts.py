"""The geometry of the charts, which the templates draw as SVG: no script, no library, time from left to right.

Arabic papers print their charts so, too. Lengths are in units of the viewBox.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# Up to so many days a bar is a day, up to so many a week, beyond them a month.
_DAYS, _WEEKS = 62, 430
_MOST_LABELS = 8
# Of few bars each would else be a wall.
_WIDEST = 48.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of days and what was counted in it."""

    first: date
    last: date
    count: float

    @property
    def label(self) -> str:
        """The stretch in short."""
        if self.first == self.last:
            return self.first.isoformat()
        whole_month = self.first.day == 1 and (self.last + timedelta(days=1)).day == 1
        return f"{self.first:%Y-%m}" if whole_month else f"{self.first} – {self.last}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle for a bucket; `tick` is a label for the axis, where there is room for one."""

    bucket: Bucket
    x: float
    y: float
    width: float
    height: float
    tick: str | None


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its points as SVG wants them, and the value of each bucket."""

    name: str
    points: str
    values: tuple[float, ...]
    address: str = ""


def unit_of(first: date, last: date) -> str:
    """How long a bucket of a stretch of time is: day, week or month."""
    days = (last - first).days + 1
    return "day" if days <= _DAYS else "week" if days <= _WEEKS else "month"


def buckets(counts: Mapping[int, float], first: date, last: date) -> list[Bucket]:
    """Counts by the ordinal of the day, gathered; empty stretches are there, too."""
    unit = unit_of(first, last)
    sums: dict[date, float] = {}
    starts: dict[date, date] = {}
    day = first
    while day <= last:
        start = _start(day, unit)
        starts[start] = day
        sums[start] = sums.get(start, 0) + counts.get(day.toordinal(), 0)
        day += timedelta(days=1)
    return [Bucket(start, _last(start, unit), sums[start]) for start in starts]


def _start(day: date, unit: str) -> date:
    if unit == "day":
        return day
    return day - timedelta(days=day.weekday()) if unit == "week" else day.replace(day=1)


def _last(start: date, unit: str) -> date:
    if unit == "day":
        return start
    if unit == "week":
        return start + timedelta(days=6)
    return (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def bars(found: Sequence[Bucket], width: float = 900, height: float = 80) -> list[Bar]:
    """A bar for each bucket; what is there is at least one unit high."""
    top = max((bucket.count for bucket in found), default=0) or 1
    step = width / max(1, len(found))
    every = -(-len(found) // _MOST_LABELS) or 1
    drawn = []
    for number, bucket in enumerate(found):
        high = max(1.0, height * bucket.count / top) if bucket.count else 0.0
        tick = _tick(bucket) if number % every == 0 else None
        wide = min(_WIDEST, step - min(2.0, step / 5))
        x = number * step + (step - wide) / 2
        drawn.append(Bar(bucket, round(x, 2), round(height - high, 2), round(wide, 2), round(high, 2), tick))
    return drawn


def _tick(bucket: Bucket) -> str:
    return f"{bucket.first:%m-%d}" if (bucket.last - bucket.first).days < 7 else f"{bucket.first:%Y-%m}"


def ceiling(value: float) -> float:
    """The smallest round number (1, 2, 4, 6, 8 or 10 times a power of ten) that is not below a value: halves of it are
    round, too."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value * (1 - 1e-9))


def series(
    name: str, values: Iterable[float], top: float, width: float = 900, height: float = 220, address: str = ""
) -> Series:
    """A line through values, `top` being the highest that the chart shows."""
    found = tuple(values)
    step = width / max(1, len(found) - 1)
    points = " ".join(f"{n * step:.1f},{height - height * value / (top or 1):.1f}" for n, value in enumerate(found))
    return Series(name, points, found, address)


def sparkline(counts: Mapping[int, float], last: date, days: int) -> str:
    """The points of a small line over the last days, in whole units of a box of 120 by 22: there are many of them."""
    values = [counts.get((last - timedelta(days=back)).toordinal(), 0) for back in reversed(range(days))]
    top = max(values, default=0) or 1
    return " ".join(f"{120 * n // max(1, days - 1)},{22 - round(22 * value / top)}" for n, value in enumerate(values))


def shade(share: float) -> int:
    """A share (0 to 1) as one of eleven shades; only nothing is 0 and only all is 10."""
    return 0 if share <= 0 else 10 if share >= 1 else min(9, max(1, round(share * 10)))
