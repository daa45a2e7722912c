"""What a parsed date is, and the circumstances under which a line is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from newscrawl.arabic.dates.vocabulary import Item

Precision = Literal["second", "minute", "hour", "day", "month", "year"]
Calendar = Literal["gregorian", "hijri"]
ZoneSource = Literal["text", "default"]
Label = Literal["published", "modified"]


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date that a text states.

    value: a date, or a datetime when a time of day was stated; aware unless no zone is known. A month or year stands as
    its first day, an age in months or years as the day that many before. span: the place in the given text. zone: where
    the zone came from. approximate: the year was missing, or the day is known from the Hijri calendar only and not said
    to be Mecca's (a day off, at most, outside Saudi Arabia), or the text gives a span of time. label: what the text
    says the date is of, if it says so.
    """

    value: date | datetime
    precision: Precision
    calendar: Calendar
    zone: ZoneSource | None
    span: tuple[int, int]
    text: str
    relative: bool = False
    approximate: bool = False
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class ParsedTime:
    """A time of day that a text states without a day; zone None when the text names none."""

    hour: int
    minute: int
    second: int
    zone: tzinfo | None
    span: tuple[int, int]


@dataclass(slots=True)
class Day:
    """A calendar day found among items[start:stop]; `value` None: it reads as a date and is none, so nothing may be
    made of it."""

    start: int
    stop: int
    value: date | None
    precision: Precision = "day"
    calendar: Calendar = "gregorian"
    approximate: bool = False
    relative: bool = False
    moment: datetime | None = None
    yearless: bool = False


@dataclass(slots=True)
class TimeOfDay:
    """A time of day found among items[start:stop]."""

    start: int
    stop: int
    hour: int
    minute: int
    second: int = 0
    microsecond: int = 0
    precision: Precision = "minute"
    zone: tzinfo | None = None
    local: bool = False


@dataclass(slots=True)
class Line:
    """The items of one text and how to read them."""

    items: list[Item]
    line_starts: set[int]
    now: datetime
    day_first: bool
    earliest: date
    latest: date
    latest_hijri: date

    def kind(self, index: int) -> str:
        """The kind of item `index`, "" outside the line."""
        return self.items[index].kind if 0 <= index < len(self.items) else ""

    def raw(self, index: int) -> str:
        """The letters of item `index`, "" outside the line."""
        return self.items[index].raw if 0 <= index < len(self.items) else ""

    def glued(self, index: int) -> bool:
        """Whether item `index` directly follows the one before it."""
        return 0 < index < len(self.items) and self.items[index - 1].end == self.items[index].start

    def after_era(self, index: int) -> int:
        """The index after an era sign (هـ، م), where one stands at `index`."""
        return index + (self.kind(index) == "era" or self.raw(index) == "م")

    def allows(self, day: date, calendar: Calendar = "gregorian") -> bool:
        """Whether `day` lies within the bounds."""
        return self.earliest <= day <= (self.latest if calendar == "gregorian" else self.latest_hijri)

    @property
    def newest(self) -> date:
        """The latest day that a date without a year may mean."""
        return min(self.latest, self.now.date() + timedelta(days=1))
