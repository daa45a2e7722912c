"""When a story was published and changed: every date string that the layers offer, read, weighed and checked.

Machine dates (JSON-LD, meta, microdata) come first. Three things that sites get wrong are mended where the page
itself shows it: local time that is labelled UTC, a clock without a zone, and midnight for "only the day is known".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import chain
from zoneinfo import ZoneInfo

from newscrawl.arabic import ParsedDate, parse_date, parse_dates, parse_time
from newscrawl.arabic.sentences import ends_sentence
from newscrawl.extraction.fields import JSON_LD, META, MICRODATA, OPEN_GRAPH, URL, Offer, RawFields
from newscrawl.urls import url_day

_AMBIGUOUS = re.compile(r"^\s*(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|1[0-2])[/.-]\d{4}")
_MOST_SHOWN = 8
_AGE = re.compile(
    r"^\s*(?:منذ|قبل)\s+(?:(?:حوالي|نحو|بضع|عدة)\s+)?(?:ثانية|ثوان[يى]?|لحظات|دقيقة|دقيقتين|دقائق|ساعة|ساعتين|ساعات"
    r"|يوم|يومين|[أا]يام|[أا]سبوع|[أا]سبوعين|شهر|شهرين)(?:\s+(?:واحدة?|قليلة))?\s*$"
)
_MACHINE = frozenset({JSON_LD, META, MICRODATA, OPEN_GRAPH})


@dataclass(frozen=True, slots=True)
class Instant:
    """A date of the record: ISO 8601 text, the string it was read from, and the layer that offered it."""

    text: str
    raw: str
    layer: str


@dataclass(frozen=True, slots=True)
class DateContext:
    """What dates are read against: the fetch time (aware), the site's zone, and its house habits."""

    now: datetime
    zone: str | None
    false_utc: bool = False
    month_first: bool = False

    @property
    def tz(self) -> tzinfo | None:
        return ZoneInfo(self.zone) if self.zone else None


class Dates:
    """Reads the date offers of one page; no string is parsed twice, and none that is not needed."""

    def __init__(self, fields: RawFields, url: str, context: DateContext) -> None:
        self._fields = fields
        self._url = url
        self._context = context
        self._parsed: dict[str, ParsedDate | None] = {}
        self._found: dict[str, list[ParsedDate]] = {}

    def published(self) -> Instant | None:
        """The publication instant; the day alone when no more is known; None rather than a guess."""
        best: tuple[Offer, date] | None = None
        for offer in self._fields.each("published"):
            parsed = self._parse(offer.value)
            if parsed is None:
                continue
            value = self._settle(parsed, offer)
            if isinstance(value, datetime):
                return Instant(_iso(value), str(offer.value), offer.layer)
            if best is None:
                best = (offer, value)
        for offer in (*self._visible(), *_url_days(self._url), *self._fields.of("loose_date")[:_MOST_SHOWN]):
            parsed = self._parse(offer.value)
            if parsed is None or not self._fills(parsed, offer) or self._is_clock(parsed):
                continue
            if best is not None and _day(parsed.value) != best[1]:
                continue
            value = self._settle(parsed, offer)
            if isinstance(value, datetime):
                return Instant(_iso(value), str(offer.value), offer.layer)
            if best is None:
                best = (offer, value)
        if best is None:
            return None
        return self._with_clock(*best) or Instant(_iso(best[1]), str(best[0].value), best[0].layer)

    def _with_clock(self, offer: Offer, day: date) -> Instant | None:
        """A day and the time that stands in a line of its own and names its zone ("17:52 ت م"), as agencies sign."""
        for shown in self._told():
            clock = parse_time(shown.value) if self._parse(shown.value) is None else None
            if clock is not None and clock.zone is not None and clock.span == (0, len(shown.value)):
                moment = datetime.combine(day, time(clock.hour, clock.minute, clock.second), clock.zone)
                return Instant(_iso(moment), f"{offer.value} {shown.value}", offer.layer)
        return None

    def modified(self) -> Instant | None:
        """The instant of the last change, from rules and machine dates only."""
        for offer in self._fields.of("modified"):
            parsed = self._parse(offer.value)
            if parsed is not None:
                return Instant(_iso(self._settle(parsed, offer)), str(offer.value), offer.layer)
        return None

    @cached_property
    def machine_days(self) -> frozenset[date]:
        """The days that rules and machine dates name, of publication and of change."""
        offers = (*self._fields.of("published"), *self._fields.of("modified"))
        return frozenset(_day(parsed.value) for offer in offers if (parsed := self._parse(offer.value)) is not None)

    def is_date(self, line: str) -> bool:
        """Whether most of a line is a date, in one calendar or two."""
        if not any(map(str.isdigit, line)):
            return _AGE.match(line) is not None
        found = self._dates_in(line)
        return any(map(_is_sure, found)) and 2 * _length(found) >= len(line)

    def is_dateline(self, line: str) -> bool:
        """Whether most of a line is a date, and no other day than those that the page's machine dates name; a stamp
        of theirs with its time of day makes a line with a section or a name beside it one, too."""
        if not self.is_date(line):
            return self._is_stamped(line)
        found = self._dates_in(line)
        return not found or not self.machine_days or any(d.label or d.relative or self._is_near(d) for d in found)

    def _is_stamped(self, line: str) -> bool:
        if not any(map(str.isdigit, line)) or ends_sentence(line):
            return False
        stamps = [d for d in self._dates_in(line) if d.precision == "minute" and _day(d.value) in self.machine_days]
        return 4 * _length(stamps) >= len(line)

    def _dates_in(self, line: str) -> list[ParsedDate]:
        if line not in self._found:
            self._found[line] = parse_dates(line, now=self._context.now, timezone=self._context.zone)
        return self._found[line]

    def _is_near(self, found: ParsedDate) -> bool:
        day = _day(found.value)
        if found.precision == "month":
            return any((day.year, day.month) == (known.year, known.month) for known in self.machine_days)
        return any(abs(day - known) <= timedelta(days=1) for known in self.machine_days)

    def _visible(self) -> list[Offer]:
        return self._fields.of("visible_date")[:_MOST_SHOWN]

    def _told(self) -> list[Offer]:
        return [*self._visible(), *self._fields.of("loose_date")[:_MOST_SHOWN]]

    def _parse(self, text: object) -> ParsedDate | None:
        if not isinstance(text, str) or len(text) > 300:
            return None
        if text not in self._parsed:
            self._parsed[text] = self._read(text, day_first=not self._context.month_first)
            if _AMBIGUOUS.match(text):
                self._parsed[text] = self._as_shown(text) or self._parsed[text]
        return self._parsed[text]

    def _read(self, text: str, *, day_first: bool) -> ParsedDate | None:
        return parse_date(text, now=self._context.now, timezone=self._context.zone, day_first=day_first)

    def _as_shown(self, text: str) -> ParsedDate | None:
        """The reading of "11/7/2026" whose day the page shows its readers in words."""
        shown = [str(offer.value) for offer in self._told()]
        days = {_day(found.value) for line in shown if not _AMBIGUOUS.match(line) and (found := self._parse(line))}
        readings = [self._read(text, day_first=day_first) for day_first in (True, False)]
        return next((found for found in readings if found is not None and _day(found.value) in days), None)

    def _is_clock(self, parsed: ParsedDate) -> bool:
        """Whether a date is the header's, of today, where the URL tells another day."""
        told = next((found for offer in _url_days(self._url) if (found := self._parse(offer.value))), None)
        today = self._context.now.date()
        return told is not None and _day(parsed.value) == today and abs(_day(told.value) - today) > timedelta(days=1)

    def _fills(self, parsed: ParsedDate, offer: Offer) -> bool:
        """Whether a visible line is there to say the date: all of a date, in one calendar or two, fills most of it."""
        if offer.layer == URL:
            return True
        if parsed.precision in ("month", "year") or not _is_sure(parsed):
            return False
        if parsed.label == "published":
            return True
        start, end = parsed.span
        if 2 * (end - start) >= len(offer.value):
            return True
        return 2 * _length(self._dates_in(offer.value)) >= len(offer.value)

    @cached_property
    def _shown(self) -> list[datetime]:
        """The clock times that the page shows its readers, as naive wall-clock times."""
        found = []
        for offer in self._told():
            parsed = self._parse(offer.value)
            if (
                parsed is not None
                and isinstance(parsed.value, datetime)
                and not parsed.relative
                and parsed.zone != "text"
            ):
                found.append(parsed.value.replace(tzinfo=None))
        return found

    @cached_property
    def _page_offset(self) -> tzinfo | None:
        """The zone that the page's own machine dates use, when one of them has an offset other than UTC's."""
        for offer in chain(self._fields.each("published"), self._fields.of("modified")):
            parsed = self._parse(offer.value)
            value = parsed.value if parsed is not None and parsed.zone == "text" else None
            if isinstance(value, datetime) and value.utcoffset():
                return value.tzinfo
        return None

    def _settle(self, parsed: ParsedDate, offer: Offer) -> datetime | date:
        value = parsed.value
        if not isinstance(value, datetime):
            return value
        if parsed.relative and parsed.precision not in ("second", "minute", "hour"):
            return _day(value)
        context = self._context
        if str(offer.value).strip().isdigit() and value.tzinfo is not None and context.tz is not None:
            # An epoch knows no zone: the site's own is what its readers would be shown.
            return value.astimezone(context.tz)
        wall = value.replace(tzinfo=None)
        if parsed.zone == "text" and not value.utcoffset() and context.tz is not None:
            minute = wall.replace(second=0, microsecond=0)
            if context.false_utc or (offer.layer in _MACHINE and minute in self._shown):
                value = wall.replace(tzinfo=context.tz)
        if value.tzinfo is None:
            zone = context.tz or self._page_offset
            if zone is None:
                return wall.date()
            value = wall.replace(tzinfo=zone)
        if wall.time() == time(0, 0) and not any(s.date() == wall.date() for s in self._shown):
            return wall.date()
        return value


def _length(dates: list[ParsedDate]) -> int:
    """How many characters of a line its dates are."""
    return sum(found.span[1] - found.span[0] for found in dates)


def _is_sure(found: ParsedDate) -> bool:
    """Whether a date is stated whole; of a day with a time of day the year goes without saying."""
    if not found.approximate:
        return True
    return found.calendar == "gregorian" and found.precision == "minute" and not found.relative


def _url_days(url: str) -> Iterator[Offer]:
    day = url_day(url)
    if day is not None:
        yield Offer(day.isoformat(), URL)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _iso(value: datetime | date) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None and str(value.tzinfo) in ("UTC", "tzutc()"):
        value = value.replace(tzinfo=UTC)
    return value.isoformat()
