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

from newscrawl.arabic import ParsedDate, parse_time
from newscrawl.arabic.datelines import dateline_day
from newscrawl.extraction.facts.date_lines import HIJRI_YEAR, DateLines, day_of
from newscrawl.extraction.fields import JSON_LD, META, MICRODATA, OPEN_GRAPH, URL, Offer
from newscrawl.urls import url_day

_DAYS_OF_DOUBT = 1
_ISO = re.compile(r"\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_MACHINE = frozenset({JSON_LD, META, MICRODATA, OPEN_GRAPH})


@dataclass(frozen=True, slots=True)
class Instant:
    """A date of the record: ISO 8601 text, the string it was read from, and the layer that offered it."""

    text: str
    raw: str
    layer: str

    @property
    def day(self) -> str:
        """Its day alone, ISO 8601."""
        return self.text[: len("2026-08-27")]


class Dates(DateLines):
    """Weighs the date offers of one page."""

    def published(self) -> Instant | None:
        """The publication instant; the day alone when no more is known; None rather than a guess."""
        return self._published

    @cached_property
    def _published(self) -> Instant | None:
        best: tuple[Offer, date] | None = None
        for offer in self._fields.each("published"):
            parsed = self.parse(offer.value)
            if parsed is None:
                continue
            value = self._settle(parsed, offer)
            if isinstance(value, datetime):
                return Instant(_iso(value), str(offer.value), offer.layer)
            if best is None:
                best = (offer, value)
        for offer, parsed in (*self._told_dates(), *self.read_offers("updated", "created")):
            if best is not None and day_of(parsed.value) != best[1]:
                continue
            value = self._settle(parsed, offer)
            if isinstance(value, datetime):
                return Instant(_iso(value), str(offer.value), offer.layer)
            if best is None:
                best = (offer, value)
        if best is None:
            return self._in_dateline or self._changed() or self._below()
        return self._with_clock(*best) or Instant(_iso(best[1]), str(best[0].value), best[0].layer)

    def _told_dates(self) -> Iterator[tuple[Offer, ParsedDate]]:
        """What readers see of the publication, the date in the address among it, but no header's clock, no date of a
        change and none after the last change."""
        for offer in (*self.visible(), *_url_days(self._url), *self.loose()):
            parsed = self.parse(offer.value)
            if parsed is None or parsed.label == "modified" or not self.fills(parsed, offer):
                continue
            if not self._is_clock(parsed) and day_of(parsed.value) <= self._last_change:
                yield offer, parsed
        # Far above the headline today's date is the paper's own.
        for offer, parsed in self.read_offers("header_date"):
            is_told = parsed.label != "modified" and self.fills(parsed, offer) and not parsed.relative
            if is_told and not self._is_of_today(parsed) and day_of(parsed.value) <= self._last_change:
                yield offer, parsed

    def _changed(self) -> Instant | None:
        """The date of the last change, where a page tells no other."""
        shown = ((o, d) for o, d in self.read_offers("visible_date", "loose_date") if d.label == "modified")
        for offer, parsed in (*self.read_offers("changed"), *shown):
            if self.fills(parsed, offer):
                return self._instant(parsed, offer)
        return None

    def _below(self) -> Instant | None:
        """The date below the story, where a page tells no other."""
        for offer, parsed in self.read_offers("date_below"):
            if self.fills(parsed, offer):
                return self._instant(parsed, offer)
        return None

    @cached_property
    def _last_change(self) -> date:
        """The day after the last change that machine dates name: zones part a day from the next."""
        days = [day_of(parsed.value) for _, parsed in self.read_offers("modified", "updated", "changed")]
        return max(days) + timedelta(days=1) if days else date.max

    @cached_property
    def _in_dateline(self) -> Instant | None:
        """The day that the story's dateline names."""
        newest = min(self._context.now.date() + timedelta(days=1), self._last_change)
        for offer in self._fields.of("opening"):
            for line in offer.value:
                if found := dateline_day(line, newest=newest):
                    return Instant(_iso(found[0]), found[1], offer.layer)
        return None

    def _with_clock(self, offer: Offer, day: date) -> Instant | None:
        """A day and the time that stands in a line of its own and names its zone ("17:52 ت م"), as agencies sign."""
        for shown in self.told():
            clock = parse_time(shown.value) if self.parse(shown.value) is None else None
            if clock is not None and clock.zone is not None and clock.span == (0, len(shown.value)):
                moment = datetime.combine(day, time(clock.hour, clock.minute, clock.second), clock.zone)
                return Instant(_iso(moment), f"{offer.value} {shown.value}", offer.layer)
        return None

    def modified(self) -> Instant | None:
        """The instant of the last change: as rules and machine dates name it, else as the page shows its readers."""
        return next(filter(None, map(self.read, self._fields.of("modified"))), None) or self._shown_change()

    def _shown_change(self) -> Instant | None:
        """The change that a label tells of, or else a date named after it that is not the publication's again; none
        that would be before the publication. Of what names the same day the first with a clock counts."""
        said = self._published.text if self._published else ""
        changes = [
            self._instant(parsed, offer) for offer, parsed in self._told_changes() if self.tells_change(parsed, offer)
        ]
        named = (self._instant(parsed, offer) for offer, parsed in self.read_offers("updated"))
        changes += [change for change in named if change.text != said]
        changes = [change for change in changes if self._published is None or change.day >= self._published.day]
        alike = [change for change in changes if change.day == changes[0].day]
        return next((change for change in alike if change.text != change.day), next(iter(alike), None))

    def _told_changes(self) -> Iterator[tuple[Offer, ParsedDate]]:
        """The dates that a label says are those of a change: in the line itself, or before it."""
        for offer in (*self.changed(), *self.told()):
            yield from ((offer, parsed) for parsed in self.dates_in(offer.value) if parsed.label == "modified")
        for offer in self.changed():
            parsed = self.parse(offer.value)
            if parsed is not None and parsed.label is None:
                yield offer, parsed

    def read(self, offer: Offer) -> Instant | None:
        """One date string, read as the page's others are; None when it is none."""
        parsed = self.parse(offer.value)
        return self._instant(parsed, offer) if parsed is not None else None

    def _instant(self, parsed: ParsedDate, offer: Offer) -> Instant:
        return Instant(_iso(self._settle(parsed, offer)), str(offer.value), offer.layer)

    def _is_of_today(self, parsed: ParsedDate) -> bool:
        now = self._context.now
        return day_of(parsed.value) in (now.astimezone(self._context.tz).date(), now.date())

    def _is_clock(self, parsed: ParsedDate) -> bool:
        """Whether a date is the header's, of today, where the address, the dateline or a Hijri day tells another."""
        if not self._is_of_today(parsed):
            return False
        today = self._context.now.astimezone(self._context.tz).date()
        return any(abs(day - today) > timedelta(days=_DAYS_OF_DOUBT) for day in self._days_told_otherwise)

    @cached_property
    def _days_told_otherwise(self) -> list[date]:
        days = [day] if (day := url_day(self._url)) else []
        days += [day_of(parsed.value) for _, parsed in self.read_offers("created")]
        if self._in_dateline is not None:
            days.append(date.fromisoformat(self._in_dateline.text))
        hijri = (d for _, d in self.read_offers("visible_date", "loose_date") if d.calendar == "hijri")
        return [*days, *(day_of(d.value) for d in hijri if HIJRI_YEAR.search(d.text))]

    @cached_property
    def _shown(self) -> dict[datetime, tzinfo | None]:
        """The clock times that the page shows its readers, as naive wall-clock times, with the zones that they name."""
        found: dict[datetime, tzinfo | None] = {}
        for _, parsed in self.read_offers("visible_date", "loose_date", "header_date", "changed"):
            if isinstance(parsed.value, datetime) and not parsed.relative and not _ISO.match(parsed.text):
                wall = parsed.value.replace(tzinfo=None, second=0, microsecond=0)
                found.setdefault(wall, parsed.value.tzinfo if parsed.zone == "text" else None)
        return found

    @cached_property
    def _page_offset(self) -> tzinfo | None:
        """The zone that the page's own machine dates use, when one of them has an offset other than UTC's."""
        for offer in chain(self._fields.each("published"), self._fields.of("modified")):
            parsed = self.parse(offer.value)
            value = parsed.value if parsed is not None and parsed.zone == "text" else None
            if isinstance(value, datetime) and value.utcoffset():
                return value.tzinfo
        return None

    def _true_zone(self, wall: datetime, offer: Offer) -> tzinfo | None:
        """The zone of local time that is labelled UTC, where the house does so or readers see the same clock without
        a zone or with another."""
        if self._context.false_utc:
            return self._context.tz
        minute = wall.replace(second=0, microsecond=0)
        is_machine = offer.layer in _MACHINE or _ISO.match(str(offer.value)) is not None
        if not is_machine or minute not in self._shown:
            return None
        return self._shown[minute] or self._context.tz

    def _settle(self, parsed: ParsedDate, offer: Offer) -> datetime | date:
        value = parsed.value
        if not isinstance(value, datetime):
            return value
        if parsed.relative and parsed.precision not in ("second", "minute", "hour"):
            return day_of(value)
        context = self._context
        if str(offer.value).strip().isdigit() and value.tzinfo is not None and context.tz is not None:
            # An epoch knows no zone: the site's own is what its readers would be shown.
            return value.astimezone(context.tz)
        wall = value.replace(tzinfo=None)
        if parsed.zone == "text" and not value.utcoffset():
            value = wall.replace(tzinfo=self._true_zone(wall, offer) or value.tzinfo)
        if value.tzinfo is None:
            zone = context.tz or self._page_offset
            if zone is None:
                return wall.date()
            value = wall.replace(tzinfo=zone)
        if wall.time() == time(0, 0) and not any(s.date() == wall.date() for s in self._shown):
            return wall.date()
        return value


def _url_days(url: str) -> Iterator[Offer]:
    day = url_day(url)
    if day is not None:
        yield Offer(day.isoformat(), URL)


def _iso(value: datetime | date) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None and str(value.tzinfo) in ("UTC", "tzutc()"):
        value = value.replace(tzinfo=UTC)
    return value.isoformat()
