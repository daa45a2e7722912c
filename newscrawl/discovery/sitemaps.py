"""Sitemaps, sitemap indexes and Google News sitemaps, read as a stream whatever their size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import chain

from newscrawl.discovery.characters import pieces, unescaped
from newscrawl.discovery.entries import Entries, Entry, Wanted, usable
from newscrawl.discovery.feeds import WANTED as FEED
from newscrawl.discovery.feeds import feed_link
from newscrawl.discovery.hints import Clock, moment, read_language, read_title
from newscrawl.discovery.links import URL_LIMIT, Link, Skip, UnusableError, joined, unheard

MAX_BYTES = 100 * 1024 * 1024  # twice what sitemaps.org allows, uncompressed
MAX_URLS = 100_000
_ADDRESS, _DATE, _TITLE = 4096, 200, 10_000  # characters that are read
_KINDS = frozenset({"url", "sitemap"})
# sitemaps.org allows a feed in the place of a sitemap.
_WANTED = Wanted(
    kinds=frozenset({*FEED.kinds, *_KINDS}),
    fields={
        **FEED.fields,
        "loc": _ADDRESS,
        "lastmod": _DATE,
        "news:title": _TITLE,
        "news:publication_date": _DATE,
        "news:language": _DATE,
    },
)
_HEAD = 4096
# A sitemap that a page shows instead of being one.
_SHOWN = re.compile(r"&lt;(?:urlset|sitemapindex)\b", re.IGNORECASE)
_LONGEST_REFERENCE = 40
_TAG = re.compile(r"<[a-z/][^<>]*>", re.IGNORECASE)
# What PHP prints before a document, and what a document that is not text has in its head.
_WARNING = re.compile(r"\s*<(?:br|b)\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"<(?:[?!]|/?(?:[\w-]+:)?(?:urlset|sitemapindex|url|sitemap|loc|rss|channel|item|feed|entry|html|head|body|a)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A further sitemap that an index names, and when it last changed."""

    url: str
    modified: datetime | date | None = None


def parse_sitemap(
    body: bytes, url: str, *, clock: Clock, charset: str | None = None, skip: Skip = unheard
) -> Iterator[Link | Sitemap]:
    """What a sitemap lists, in its own order, at most MAX_URLS entries; nothing when the document is no sitemap.

    A plain text sitemap (one URL a line) is read, too, and a feed. `skip` is told of each entry without a usable link;
    nothing that is wrong with one entry touches another.
    """
    text = pieces(body, MAX_BYTES, skip, charset)
    head = ""
    for piece in text:
        head += piece
        if len(head) >= _HEAD:
            break
    whole: Iterable[str] = chain((head,), text)
    if _SHOWN.search(head):
        whole = _as_meant(whole)
        head = unescaped(head)
    found = _listed_in_text(whole, url, skip) if _is_text(head) else _listed_in_markup(whole, url, clock, skip)
    for given, entry in enumerate(found):
        if given == MAX_URLS:
            skip("too-many")
            return
        yield entry


def _as_meant(text: Iterable[str]) -> Iterator[str]:
    """A document that stands in a page to be looked at, its markup as markup."""
    held = ""
    for piece in text:
        held += piece
        cut = max(held.rfind("&", len(held) - _LONGEST_REFERENCE), 0) or len(held)
        yield unescaped(held[:cut])
        held = held[cut:]
    yield unescaped(held)


def _is_text(head: str) -> bool:
    """Whether the lines of a document are addresses: one of them stands before anything that could be a tag, or there
    are only the tags of a server's warning."""
    before = head if _WARNING.match(head) and not _MARKUP.search(head) else head.partition("<")[0]
    return any(_is_address(line) for line in before.splitlines())


def _is_address(line: str) -> bool:
    return line.strip(" \t\ufeff").lower().startswith(("http://", "https://"))


def _lines(text: Iterable[str]) -> Iterator[str]:
    """The lines of a text that comes in pieces, none longer than what is known to be too long."""
    held = ""
    for piece in text:
        *lines, held = f"{held[: URL_LIMIT + 1]}{piece}\0".splitlines()
        yield from lines
        held = held[:-1]
    yield held


def _listed_in_text(text: Iterable[str], url: str, skip: Skip) -> Iterator[Link]:
    for written in _lines(text):
        line = _TAG.sub(" ", written).strip()
        try:
            target = joined(None, line) if _is_address(line) else ""
        except UnusableError as error:
            skip(str(error))
        except ValueError:
            skip("malformed")
        else:
            if target and target != url:
                yield Link(target, origin="sitemap")
            elif line.strip(" \t\ufeff") and not target:
                skip("not-http")


def _listed_in_markup(text: Iterable[str], url: str, clock: Clock, skip: Skip) -> Iterator[Link | Sitemap]:
    entries = Entries(text, url, _WANTED, skip)
    for entry in entries:
        read = partial(_read, clock) if entry.kind in _KINDS else partial(_from_feed, entries.document, clock)
        if (found := usable(read, entry, skip)) is not None:
            yield found


def _from_feed(document: Entry, clock: Clock, entry: Entry) -> Link:
    return replace(feed_link(document, clock, entry), origin="sitemap")


def _read(clock: Clock, entry: Entry) -> Link | Sitemap:
    fields = entry.fields
    if not fields.get("loc"):
        raise UnusableError("no-link")
    target = entry.resolve(fields["loc"])
    if not target.startswith(("http://", "https://")):
        raise UnusableError("not-http")
    modified = clock.read(fields.get("lastmod"))
    if entry.kind == "sitemap":
        return Sitemap(target, modified)
    return Link(
        target,
        title=read_title(fields.get("news:title")),
        published=clock.read(fields.get("news:publication_date")),
        modified=modified,
        language=read_language(fields.get("news:language")),
        origin="sitemap",
    )


def wanted(sitemaps: list[Sitemap], since: datetime | date | None) -> list[Sitemap]:
    """The sitemaps of an index that can hold something since then, newest first; those without a date come first.

    An index writes the date of its last change, so what did not change since then holds nothing new.
    """
    undated = [sitemap for sitemap in sitemaps if sitemap.modified is None]
    dated = [(moment(sitemap.modified), sitemap) for sitemap in sitemaps if sitemap.modified is not None]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    floor = moment(since) if since else None
    return undated + [sitemap for changed, sitemap in dated if floor is None or changed >= floor]


def telling(sitemaps: list[Sitemap]) -> Sitemap:
    """Of an index's sitemaps, one at least, the one that tells most of its stories: the newest, of those that are named
    for posts or news where there are any. Desks' and tags' maps come first in no index that was seen.
    """
    dated = sorted(sitemaps, key=lambda sitemap: str(sitemap.modified or ""), reverse=True)
    return next((sitemap for sitemap in dated if "post" in sitemap.url or "news" in sitemap.url), dated[0])
