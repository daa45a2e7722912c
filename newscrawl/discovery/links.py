"""A link to an article as discovery found it, with what its listing says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit, urlunsplit

Origin = Literal["feed", "sitemap", "section", "archive", "urls"]
# Told why an entry of a listing is left out: "no-link", "malformed", "not-http", "too-long", "too-many", and why all
# that would follow is, or may be: "too-large", "broken-off", "not-closed".
Skip = Callable[[str], None]
# The longest URL that is fetched, as Scrapy's URLLENGTH_LIMIT has it: no browser or server is known to need more.
URL_LIMIT = 2083
# What a reader does not see at the ends of a pasted address: white space, marks of direction, byte order marks.
AROUND = (
    " \t\r\n\f\v\xa0\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_SCHEME = re.compile(r"[a-z]{2,10}://", re.IGNORECASE)
# An address that is as it is to be: nearly all are, and need no taking apart.
_PLAIN = re.compile(r"https?://(?:[\w-]++\.)*+[\w-]++(?::\d++)?/[!-~\w]*+")
# An ampersand that was escaped more often than it was resolved; the one before the first parameter is none.
_ESCAPED_AMPERSAND = re.compile(r"([?&])(?:(?:amp|#0{0,6}38|#x0{0,6}26)(?:;|%3b))+", re.IGNORECASE)
# A scheme that was written twice, or without one of its signs: "https://http://", "http:/paper.example/", "https:\\\\".
_TWICE = re.compile(r"(?:https?:?[/\\]{1,3})+(?=https?:?[/\\]{2})", re.IGNORECASE)
_MISWRITTEN = re.compile(
    r"(https?)(?::[/\\]{1,4}|[/\\]{2})(?=(?:[\w-]+\.)+[^\W\d]{2,}(?::\d+)?(?:[/\\?#]|$))", re.IGNORECASE
)
_HOST_ALONE = re.compile(r"www\.[\w-]+\.[\w.-]+(/|$)", re.IGNORECASE)


class UnusableError(ValueError):
    """Why an entry of a listing gives no link: its text is a reason for Skip."""


def unheard(_reason: str) -> None:
    """The Skip of a caller that counts nothing."""


def joined(base: str | None, reference: str) -> str:
    """`reference` as a whole URL in the form that is fetched; a base of None is one that no address can be as long as.

    Raises UnusableError before anything long is made, and ValueError for what cannot be a URL.
    """
    reference = reference.strip(AROUND)
    if len(reference) > URL_LIMIT or (base is None and not _SCHEME.match(reference)):
        raise UnusableError("too-long")
    reference = with_plain_ampersands(reference)
    if _PLAIN.fullmatch(reference) and not _TWICE.match(reference):
        return reference
    reference = _with_one_scheme(reference)
    if _HOST_ALONE.match(reference):
        reference = f"//{reference}"
    url = fetchable(urljoin(base or "", reference))
    if len(url) > URL_LIMIT:
        raise UnusableError("too-long")
    return url


def with_plain_ampersands(url: str) -> str:
    """A URL whose ampersands are ampersands, not "&amp;", "&#38;" or "&amp;amp;"."""
    return _ESCAPED_AMPERSAND.sub(r"\1", url)


def _with_one_scheme(reference: str) -> str:
    """An address whose scheme stands there once and is followed by "://"."""
    if reference[:4].lower() != "http":
        return reference
    reference = reference[match.end() :] if (match := _TWICE.match(reference)) else reference
    if match := _MISWRITTEN.match(reference):
        rest = reference[match.end() :]
        return f"{match[1].lower()}://{rest.replace(chr(92), '/') if chr(92) in match[0] else rest}"
    return reference


def fetchable(url: str) -> str:
    """A URL as it is asked for: without user and password, without the dot at the end of its host, the scheme in small
    letters, plain ampersands. Other schemes than http(s) are left alone; ValueError when it is malformed."""
    url = with_plain_ampersands(url)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return url
    host = parts.netloc.rpartition("@")[2]
    if not host.startswith("["):  # an IPv6 address
        name, colon, port = host.partition(":")
        host = name.rstrip(".") + colon + port
    if host == parts.netloc and url.startswith(parts.scheme):
        return url
    return urlunsplit(parts._replace(netloc=host))


def _read(value: str | None) -> datetime | date | None:
    if not value:
        return None
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


@dataclass(frozen=True, slots=True)
class Told:
    """One story in the words of its feed. `text` is HTML, bounded where it is read; `images` are whole URLs."""

    text: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    images: tuple[str, ...] = ()

    def to_json(self) -> str:
        """One line of JSON, without what is not told; "" where nothing is."""
        values = {name: getattr(self, name) for name in self.__slots__}
        told = {name: value for name, value in values.items() if value}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else ""

    @classmethod
    def from_json(cls, line: str | None) -> Told | None:
        """What `to_json` wrote."""
        if not line:
            return None
        told: dict[str, Any] = json.loads(line)
        return cls(told.get("text"), *(tuple(told.get(name, ())) for name in ("authors", "tags", "images")))


@dataclass(frozen=True, slots=True)
class Link:
    """A URL and the hints of the place where it stood; a `date` where only the day is known."""

    url: str
    title: str | None = None
    published: datetime | date | None = None
    modified: datetime | date | None = None
    language: str | None = None
    origin: Origin = "urls"
    told: Told | None = field(default=None, compare=False, repr=False)
    """What a feed tells of the story itself; kept apart from the hint."""

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
