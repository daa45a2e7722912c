"""When a URL is visited again: pure arithmetic on the row, no clock."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

REVISIT_AFTER = (3600, 21600, 86400, 259200)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds after first sight at which a fresh article is looked at again, and how failures are retried."""

    revisit_after: Sequence[int] = REVISIT_AFTER
    retry_after: int = 3600
    give_up_after: int = 5

    def next_visit(self, *, first_seen: datetime, now: datetime, published: datetime | None) -> datetime | None:
        """The next revisit of a stored article; None when it has had its last or was old when first seen."""
        window = timedelta(seconds=max(self.revisit_after, default=0))
        if published is not None and first_seen - published > window:
            return None
        visits = (first_seen + timedelta(seconds=seconds) for seconds in sorted(self.revisit_after))
        return next((visit for visit in visits if visit > now), None)

    def step(self, *, first_seen: datetime, now: datetime) -> int:
        """How many of the revisits of an article first seen then are over by now."""
        return sum(first_seen + timedelta(seconds=seconds) <= now for seconds in self.revisit_after)

    def next_attempt(self, *, attempts: int, now: datetime) -> datetime | None:
        """When a URL that has failed `attempts` times is tried again: linearly later; None when given up."""
        if attempts >= self.give_up_after:
            return None
        return now + timedelta(seconds=self.retry_after * attempts)


def instant(value: Any) -> datetime | None:
    """An aware UTC datetime of a datetime, a date or ISO 8601; None of what is none (a hint is only a hint)."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        except OverflowError:  # the first and the last hours of the calendar
            return None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None


def seconds(value: datetime) -> int:
    """Whole seconds since 1970 UTC, rounded down."""
    return math.floor(value.timestamp())
