"""When a story was published and changed: every date string that the layers offer, read, weighed and checked.

Machine dates (JSON-LD, meta, microdata) come first. Three things that sites get wrong are mended where the page
itself shows it: local time that is labelled UTC, a clock without a zone, and midnight for "only the day is known".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newscrawl.arabic import ParsedDate, parse_date
from newscrawl.extraction.fields import Offer, RawFields

_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/\-_.]|$)")
_MACHINE = frozenset({"json-ld", "meta", "microdata", "open-graph"})


@dataclass(frozen=True, slots=True)
class Instant:
    """A date of the record: ISO 8601 text, the string it was read from, and the layer that offered it."""

    text: str
    raw: str
    layer: str


@dataclass(frozen=True, slots=True)
class Clock:
    """What dates are read against: the fetch time (aware), the site's zone, and its house habits."""

    now: datetime
    zone: str | None
    false_utc: bool = False
    month_first: bool = False

    @property
    def tz(self) -> tzinfo | None:
        return ZoneInfo(self.zone) if self.zone else None


def published(fields: RawFields, url: str, clock: Clock) -> Instant | None:
    """The publication instant; the day alone when no more is known; None rather than a guess."""
    shown = _shown(fields, clock)
    offset = _page_offset(fields, clock)
    best: tuple[Offer, date] | None = None
    for offer in fields.of("published"):
        parsed = _parse(offer.value, clock)
        if parsed is None:
            continue
        value = _settle(parsed, offer, clock, shown, offset)
        if isinstance(value, datetime):
            return Instant(_iso(value), str(offer.value), offer.layer)
        if best is None:
            best = (offer, value)
    for offer in (*fields.of("visible_date"), *_url_days(url), *fields.of("loose_date")):
        parsed = _parse(offer.value, clock)
        if parsed is None or parsed.precision in ("month", "year") or (parsed.approximate and offer.layer != "url"):
            continue
        if offer.layer != "url" and 2 * (parsed.span[1] - parsed.span[0]) < len(offer.value):
            continue
        if best is not None and _day(parsed.value) != best[1]:
            continue
        value = _settle(parsed, offer, clock, [], offset)
        if isinstance(value, datetime):
            return Instant(_iso(value), str(offer.value), offer.layer)
        if best is None:
            best = (offer, value)
    return Instant(_iso(best[1]), str(best[0].value), best[0].layer) if best else None


def modified(fields: RawFields, clock: Clock) -> Instant | None:
    """The instant of the last change, from rules and machine dates only."""
    shown = _shown(fields, clock)
    offset = _page_offset(fields, clock)
    for offer in fields.of("modified"):
        parsed = _parse(offer.value, clock)
        if parsed is not None:
            return Instant(_iso(_settle(parsed, offer, clock, shown, offset)), str(offer.value), offer.layer)
    return None


def _parse(text: object, clock: Clock) -> ParsedDate | None:
    if not isinstance(text, str) or len(text) > 300:
        return None
    return parse_date(text, now=clock.now, timezone=clock.zone, day_first=not clock.month_first)


def _shown(fields: RawFields, clock: Clock) -> list[datetime]:
    """The clock times that the page shows its readers, as naive wall-clock times."""
    found = []
    for offer in (*fields.of("visible_date"), *fields.of("loose_date")):
        parsed = _parse(offer.value, clock)
        if parsed is not None and isinstance(parsed.value, datetime) and not parsed.relative and parsed.zone != "text":
            found.append(parsed.value.replace(tzinfo=None))
    return found


def _page_offset(fields: RawFields, clock: Clock) -> tzinfo | None:
    """The zone that the page's own machine dates use, when one of them has an offset other than UTC's."""
    for offer in (*fields.of("published"), *fields.of("modified")):
        parsed = _parse(offer.value, clock)
        if parsed is not None and parsed.zone == "text" and isinstance(parsed.value, datetime) and parsed.value.utcoffset():
            return parsed.value.tzinfo
    return None


def _settle(
    parsed: ParsedDate, offer: Offer, clock: Clock, shown: list[datetime], offset: tzinfo | None
) -> datetime | date:
    value = parsed.value
    if not isinstance(value, datetime):
        return value
    if parsed.relative and parsed.precision not in ("second", "minute", "hour"):
        return _day(value)
    wall = value.replace(tzinfo=None)
    if parsed.zone == "text" and value.utcoffset() == timedelta(0) and clock.tz is not None:
        minute = wall.replace(second=0, microsecond=0)
        if clock.false_utc or (offer.layer in _MACHINE and minute in shown):
            value = wall.replace(tzinfo=clock.tz)
    if value.tzinfo is None:
        zone = clock.tz or offset
        if zone is None:
            return wall.date()
        value = wall.replace(tzinfo=zone)
    if wall.time() == time(0, 0) and not any(s.date() == wall.date() for s in shown):
        return wall.date()
    return value


def _url_days(url: str) -> Iterator[Offer]:
    match = _URL_DAY.search(urlsplit(url).path)
    if match:
        yield Offer("-".join(match.groups()), "url")


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _iso(value: datetime | date) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None and str(value.tzinfo) in ("UTC", "tzutc()"):
        value = value.replace(tzinfo=UTC)
    return value.isoformat()
