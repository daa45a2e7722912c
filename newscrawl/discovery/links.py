"""A link to an article as discovery found it, with what its listing says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Origin = Literal["feed", "sitemap", "section", "archive", "urls"]
# Told why an entry of a listing is left out: "no-link", "malformed", "not-http", "too-many".
Skip = Callable[[str], None]


def unheard(_reason: str) -> None:
    """The Skip of a caller that counts nothing."""


def _read(value: str | None) -> datetime | date | None:
    if not value:
        return None
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


@dataclass(frozen=True, slots=True)
class Link:
    """A URL and the hints of the place where it stood; a `date` where only the day is known."""

    url: str
    title: str | None = None
    published: datetime | date | None = None
    modified: datetime | date | None = None
    language: str | None = None
    origin: Origin = "urls"

    @property
    def latest(self) -> datetime | date | None:
        """The last day or moment at which the listing says that something happened to the article."""
        return self.modified or self.published

    def to_hint(self) -> dict[str, Any]:
        """The link as plain JSON values, without its URL: what the state keeps of it."""
        hint = {
            "title": self.title,
            "published": self.published.isoformat() if self.published else None,
            "modified": self.modified.isoformat() if self.modified else None,
            "language": self.language,
            "origin": self.origin,
        }
        return {key: value for key, value in hint.items() if value}

    @classmethod
    def from_hint(cls, url: str, hint: dict[str, Any] | None) -> Link:
        """The link that `to_hint` described; without a hint, the bare URL."""
        hint = hint or {}
        return cls(
            url,
            title=hint.get("title"),
            published=_read(hint.get("published")),
            modified=_read(hint.get("modified")),
            language=hint.get("language"),
            origin=hint.get("origin", "urls"),
        )
