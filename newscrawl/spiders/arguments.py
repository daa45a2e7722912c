"""What `-a name=value` may say to a spider, read and checked before anything is fetched."""

from __future__ import annotations

import difflib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.arabic import parse_date
from newscrawl.spiders.filters import NAMES, Filters


class ArgumentError(ValueError):
    """A spider argument that cannot be used; str() is one clear sentence."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The typed spider arguments.

    since    articles published at or after this day or moment (Arabic or ISO 8601, in the publisher's zone)
    until    articles published up to the end of this day, or before this moment
    limit    stop after this many articles
    urls     a file of article URLs, one a line, to fetch in place of what feeds and sections list
    archive  a WARC file, or a directory of them, to replay without any network
    include, exclude, words, language   see spiders.filters.Filters

    `until` is kept as the first moment that is too late.
    """

    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    urls: Path | None = None
    archive: Path | None = None
    filters: Filters = field(default_factory=Filters)

    @classmethod
    def read(cls, given: dict[str, Any], *, now: datetime, timezone: str) -> Arguments:
        """The arguments of a crawl; ArgumentError, in one sentence, for the first that is wrong."""
        known = argument_names()
        for name in given:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                raise ArgumentError(f"there is no spider argument {name!r}: the arguments are {', '.join(known)}{hint}")
        arguments = cls(
            since=_day("since", given.get("since"), now, timezone)[0],
            until=_day("until", given.get("until"), now, timezone)[1],
            limit=_count(given.get("limit")),
            urls=_readable("urls", given.get("urls")),
            archive=_readable("archive", given.get("archive")),
            filters=_filters(given),
        )
        if arguments.since and arguments.until and arguments.since >= arguments.until:
            raise ArgumentError(f"since={given['since']} is later than until={given['until']}")
        if arguments.urls and arguments.archive:
            raise ArgumentError("urls and archive cannot be used together: a replay reads its URLs from the archive")
        # A pipe can be read only once.
        if arguments.urls and arguments.urls.is_file() and next(arguments.given_urls(), None) is None:
            raise ArgumentError(f"urls={given['urls']}: it holds no URLs")
        return arguments

    @property
    def name_articles(self) -> bool:
        """Whether the user said which articles to read, so that nothing else is looked for."""
        return self.urls is not None or self.archive is not None

    def given_urls(self) -> Iterator[str]:
        """The lines of `urls`, read as they are asked for; blank ones and those that start with "#" are left out."""
        if self.urls:
            with self.urls.open(encoding="utf-8-sig", errors="replace") as file:
                yield from (text for line in file if (text := line.strip()) and not text.startswith("#"))

    def days(self, now: datetime, zone: ZoneInfo) -> tuple[date, date] | None:
        """The first and the last day that is asked for, on the publisher's calendar; None without `since`."""
        if self.since is None:
            return None
        last = self.until - timedelta(microseconds=1) if self.until else now
        return self.since.astimezone(zone).date(), last.astimezone(zone).date()

    def too_old(self, published: datetime | date, zone: ZoneInfo) -> bool:
        """Whether something published then lies before `since`; a day counts until it is over."""
        if self.since is None:
            return False
        if isinstance(published, datetime):
            return published < self.since
        return datetime.combine(published + timedelta(days=1), time.min, zone) <= self.since

    def too_new(self, published: datetime | date, zone: ZoneInfo) -> bool:
        """Whether something published then lies after `until`."""
        if self.until is None:
            return False
        moment = published if isinstance(published, datetime) else datetime.combine(published, time.min, zone)
        return moment >= self.until


def argument_names() -> list[str]:
    """What every source may be told."""
    return [*(one.name for one in fields(Arguments) if one.name != "filters"), *NAMES]


def _filters(given: dict[str, Any]) -> Filters:
    try:
        return Filters.read(given)
    except ValueError as error:
        raise ArgumentError(str(error)) from None


def _day(name: str, value: Any, now: datetime, timezone: str) -> tuple[datetime | None, datetime | None]:
    """The first moment of what a date names, and the first after it; twice the same for a moment."""
    if value is None:
        return None, None
    text = str(value).strip()
    zone = ZoneInfo(timezone)
    parsed = parse_date(text, now=now, timezone=zone)
    if parsed is None and (beyond := parse_date(text, now=now, timezone=zone, earliest=date.min, latest=date.max)):
        start = beyond.value.date() if isinstance(beyond.value, datetime) else beyond.value
        which = "in the future" if start > now.date() else "too far in the past"
        raise ArgumentError(f"{name}={text!r} lies {which}")
    if parsed is None or text[: parsed.span[0]].strip() or text[parsed.span[1] :].strip():
        raise ArgumentError(
            f"{name}={text!r} is no date that can be understood: write 2026-08-27, 2026-08-27T09:00 or ٢٧ أغسطس ٢٠٢٦"
        )
    start = parsed.value
    if isinstance(start, datetime):
        start = start if start.tzinfo else start.replace(tzinfo=zone)
        return start, start
    if parsed.precision == "year":
        end = date(start.year + 1, 1, 1)
        start = date(start.year, 1, 1)
    elif parsed.precision == "month":
        start = start.replace(day=1)
        end = (start + timedelta(days=32)).replace(day=1)
    else:
        end = start + timedelta(days=1)
    return datetime.combine(start, time.min, zone), datetime.combine(end, time.min, zone)


def _count(value: Any) -> int | None:
    if value is None:
        return None
    text = str(value).strip()
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentError(f"limit={text!r} is no number of articles: write a whole number from 1 up")
    return int(text)


def _readable(name: str, value: Any) -> Path | None:
    if value is None:
        return None
    path = Path(str(value)).expanduser()
    try:
        if path.is_fifo():
            # To open it and close it again would send its writer away.
            if not os.access(path, os.R_OK):
                raise PermissionError(errno.EACCES, "permission denied", str(path))
        elif not path.is_dir():
            path.open("rb").close()
        elif name == "urls":
            raise ArgumentError(f"{name}={value}: it is a directory, not a file")
    except OSError as error:
        raise ArgumentError(f"{name}={value}: {(error.strerror or str(error)).lower()}") from error
    return path
