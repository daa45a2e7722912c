"""The dates that feeds, sitemaps and cards write, read by one reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from newscrawl.arabic import parse_date
from newscrawl.arabic.dates import EARLIEST
from newscrawl.discovery.zones import take_zone

_LIMIT = 200
# RFC 5322 with the zone as a number or as GMT: nearly all of a feed's dates, and ten times quicker to read than prose.
_MAIL = re.compile(
    r"(?:[A-Z][a-z]{2,8},?\s{0,3})?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ?"
    r"(?:([+-])(\d\d):?(\d\d)|GMT|UTC|Z)"
)
# ISO 8601 with its offset, as sitemaps have it: the same.
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# "(Arabian Standard Time)" behind an offset is a comment (RFC 5322, 3.2.2), and so is Java's "[Asia/Riyadh]".
_COMMENT = re.compile(r"((?:[+-]\d\d:?(?:\d\d)?|(?<=\d)Z))\s*(?:\([^()]{0,60}\)|\[[^\[\]]{0,60}\])\s*$")
# An offset apart from its sign; "10:30 - 11:30" is a span of time.
_APART = re.compile(
    r"(\d\d?:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?\s*)(?:\+\s+(?=(?:0\d|1[0-4]):?[0-5]\d\s*$)|(-)\s+(?=(?:0\d|1[0-4])[0-5]\d\s*$))"
)
# "+03" is what PHP's date("T") prints for Riyadh.
_NAME_APART = re.compile(r"\b(GMT|UTC)\s*([+-])\s+(?=\d{1,2}(?::?\d\d)?\)?\s*$)", re.IGNORECASE)
_DOTTED_OFFSET = re.compile(r"([+-]\d\d)\.(?=[0-5]\d\s*$)")
_HOURS_ALONE = re.compile(r"(\d\d?:\d\d?(?::\d\d?)?(?:\.\d+)?(?:\s?[AaPp]\.?[Mm]\.?)?)\s*([+-])(\d\d?)$")
# Year first is month second (ISO 8601); in a listing, whatever makes it otherwise is a program's error.
_NO_MONTH = re.compile(r"\d{4}\s?([-/.])\s?(?:1[3-9]|[2-9]\d|00)\s?\1")
_ONE_DIGIT = re.compile(r"(?<![\d:])(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?![\d:])")
_NO_OFFSET = re.compile(r"(?<=\d)\s*-00:?00\s*$")


@dataclass(frozen=True, slots=True)
class Clock:
    """How the dates of a listing are read: relative ones from `now` (aware), bare ones in the publisher's zone.

    Where that zone is a guess (`zone_is_known` is False) a clock without a zone tells the day only.
    """

    now: datetime
    timezone: str | None = None
    zone_is_known: bool = True

    def read(self, text: str | None) -> datetime | date | None:
        """An aware moment, the day where no more is said, or None where nothing readable is.

        Days before 1990 and after tomorrow are no dates of news: drafts and imports leave such ones behind.
        """
        text = (text or "").strip()[:_LIMIT]
        if not text or _NO_MONTH.match(text):
            return None
        if (mail := _MAIL.fullmatch(text)) is not None:
            return self._bounded(_moment(mail))
        if _ISO.fullmatch(text) is not None:
            return self._bounded(_iso_moment(text))
        usual: tzinfo = ZoneInfo(self.timezone) if self.timezone else UTC
        zone = usual if self.zone_is_known else None
        text = _NO_OFFSET.sub(" +0000", _COMMENT.sub(r"\1", text))
        text = _APART.sub(lambda found: f"{found[1]}{found[2] or '+'}", text)
        text = _NAME_APART.sub(r"\1\2", text)
        text = _DOTTED_OFFSET.sub(r"\1:", text)
        text = _HOURS_ALONE.sub(lambda found: f"{found[1]} {found[2]}{found[3].zfill(2)}00", text)
        text, named = take_zone(text, zone, self.now.year)
        zone = named or zone
        text = _ONE_DIGIT.sub(_two_digits, text)
        parsed = parse_date(text, now=self.now if zone else self.now.astimezone(usual), timezone=zone)
        if parsed is None or parsed.precision in ("month", "year"):
            return None
        value = parsed.value
        if not isinstance(value, datetime) or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=zone) if zone else value.date()

    def _bounded(self, value: datetime | None) -> datetime | None:
        if value is None or not EARLIEST <= value.date() <= (self.now + timedelta(days=1)).date():
            return None
        return value


def _iso_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _moment(mail: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second, sign, hours, minutes = mail.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset) if offset else UTC
        number = _MONTHS.index(month) + 1
        return datetime(int(year), number, int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
    except ValueError:
        return None


def _two_digits(match: re.Match[str]) -> str:
    return ":".join(part.zfill(2) for part in match.groups() if part)


def moment(value: datetime | date) -> datetime:
    """A hint's date as an aware datetime, for comparing; a day counts from its first moment in UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time.min, UTC)
