"""The zone that a listing's date names behind its time: an abbreviation, a name, or a place of the IANA database."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from newscrawl.tables import read_table

# Behind the time, or between the time and the year; an offset may stand before it ("+0300 GMT").
_NAME = re.compile(
    r"(?<=[\d.mM])(\s*(?:\b[AaPp]\.?\s?[Mm]\b\.?)?)\s*"
    r"[(\[]?\b([A-Za-z][A-Za-z./_ -]{0,50}(?:[+-]\d\d?)?)\.?[)\]]?(?=\s*$|\s+\d{4}\s*$)"
)
_BLANKS = re.compile(r"\s+")


@cache
def _named() -> dict[str, tzinfo]:
    """The zone of every abbreviation and name, in capitals without full stops."""
    found: dict[str, tzinfo] = {}
    for line in read_table("newscrawl.discovery", "zone_offsets.tsv"):
        written, names = line.split("\t")
        found.update(dict.fromkeys(map(_key, names.split("|")), _zone(written)))
    return found


def _zone(written: str) -> tzinfo:
    if written[0] not in "+-":
        return ZoneInfo(written)
    hours, minutes = int(written[:3]), int(written[0] + written[4:])
    return timezone(timedelta(hours=hours, minutes=minutes)) if hours or minutes else UTC


def _key(name: str) -> str:
    return _BLANKS.sub(" ", name.replace(".", "")).strip().upper()


@cache
def _places() -> dict[str, str]:
    """The names of the IANA database, in capitals, as it writes them."""
    return {name.upper(): name for name in available_timezones() if "/" in name}


@cache
def _own_names(zone: ZoneInfo, year: int) -> dict[str, tzinfo]:
    """What a zone calls itself in winter and in summer, and the offset of each."""
    halves = (datetime(year, month, 1, tzinfo=zone) for month in (1, 7))
    own = ((moment.tzname() or "", moment.utcoffset() or timedelta()) for moment in halves)
    return {name: timezone(offset) for name, offset in own if name.isalpha()}


def take_zone(text: str, usual: tzinfo | None, year: int) -> tuple[str, tzinfo | None]:
    """A date without the zone that it names, and that zone; `text` and None where it names none that is known.

    `usual` is the publisher's zone: what it calls itself is meant before what others call so.
    """
    match = _NAME.search(text)
    if match is None:
        return text, None
    key = _key(match[2])
    own = _own_names(usual, year) if isinstance(usual, ZoneInfo) else {}
    zone = own.get(key) or _named().get(key)
    if zone is None and (place := _places().get(match[2].strip().upper())):
        zone = ZoneInfo(place)
    return (text, None) if zone is None else (text[: match.end(1)] + text[match.end() :], zone)
