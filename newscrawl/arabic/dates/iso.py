"""The quick way for a text that is ISO 8601 and nothing else, as metadata nearly always is."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo

from newscrawl.arabic.dates.calendars import HIJRI_YEARS
from newscrawl.arabic.dates.model import ParsedDate, ZoneSource

_ISO = re.compile(
    r"\s*(?P<year>[0-9]{4})(-?)(?P<month>[0-9]{2})\2(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"\s?(?P<offset>[Zz]|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?)?\s*"
)


def whole_iso(text: str, default: tzinfo | None, earliest: date, latest: date) -> ParsedDate | None:
    """`text` as ISO 8601; None when it is anything else, no such day, or out of bounds."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, _, month, day, hour, minute, second, fraction, offset = match.groups()
    if int(year) in HIJRI_YEARS:
        return None
    span = (match.start("year"), max(match.end(name) for name in ("day", "minute", "second", "fraction", "offset")))
    zone: ZoneSource | None = None
    value: date | datetime
    try:
        if hour is None:
            value = date(int(year), int(month), int(day))
        else:
            info: tzinfo | None = default
            if offset:
                zone = "text"
                info = datetime.strptime(offset.replace(":", "").upper(), "%z").tzinfo
            elif default is not None:
                zone = "default"
            micro = int((fraction or "0")[:6].ljust(6, "0"))
            value = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro, info)
    except ValueError:
        return None
    found_day = value.date() if isinstance(value, datetime) else value
    if not earliest <= found_day <= latest:
        return None
    return ParsedDate(
        value, "day" if hour is None else "second" if second else "minute", "gregorian", zone, span, text[slice(*span)]
    )
