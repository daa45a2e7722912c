"""A story as the near-duplicate index takes it: its id, its times, its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from newscrawl.dedup.shingles import Fingerprint, fingerprint


@dataclass(frozen=True, slots=True)
class Story:
    """One version of one story; times in seconds since 1970 UTC."""

    id: str
    fingerprint: Fingerprint
    seen: float
    """When it was first seen: what counts as earlier, and what the index forgets by."""
    published: float | None = None

    @classmethod
    def of(
        cls,
        id: str,  # noqa: A002
        title: str | None,
        body: str | None,
        *,
        seen: str,
        published: str | None = None,
    ) -> Story | None:
        """The story of an article's fields, times in ISO 8601; None when it has too few words to be compared."""
        made = fingerprint(title, body)
        if made is None:
            return None
        return cls(id, made, instant(seen), None if published is None else instant(published))


def instant(text: str) -> float:
    """Seconds since 1970 UTC of an ISO 8601 date or time; without offset it is taken as UTC; ValueError otherwise."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
