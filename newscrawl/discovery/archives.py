"""Archive pages that a publisher files by date: the way back to what no feed lists any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta


def archive_pages(patterns: Iterable[str], since: date, until: date) -> Iterator[str]:
    """The archive URLs from `until` back to `since`, both included, newest first, each once.

    A pattern is a format string of `date`: "https://example.test/{date:%Y/%m/%d}/" or, without zero padding,
    "https://example.test/{date.year}/{date.month}"; one that names no day gives one URL a month or year.
    """
    patterns = list(patterns)
    last: dict[str, str] = {}
    day = until
    while day >= since:
        for pattern in patterns:
            url = pattern.format(date=day)
            if last.get(pattern) != url:
                last[pattern] = url
                yield url
        if day == date.min:
            return
        day -= timedelta(days=1)
