"""Feeds: RSS 2.0 and its forebears, RDF (RSS 1.0), Atom, JSON Feed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from newscrawl.discovery.characters import pieces
from newscrawl.discovery.entries import Entries, Entry, Wanted, relations, usable
from newscrawl.discovery.hints import Clock, newest_first, read_language, read_title
from newscrawl.discovery.json_feed import json_feed_links
from newscrawl.discovery.links import Link, Skip, UnusableError, unheard
from newscrawl.discovery.told import TEXT_BYTES, told_by, whole_texts

MAX_ITEMS = 5000
MAX_BYTES = 16 * 1024 * 1024  # uncompressed; DOWNLOAD_MAXSIZE holds before
_PUBLISHED = (
    *("pubdate", "published", "dcterms:issued", "issued", "dc:date", "dcterms:date", "dcterms:created", "date"),
    *("prism:publicationdate", "dcterms:available"),
)
_MODIFIED = ("updated", "dcterms:modified", "modified", "lastbuilddate")
_ADDRESSES = ("feedburner:origlink", "link", "guid", "id")
_ADDRESS, _DATE, _TITLE = 4096, 200, 10_000  # characters that are read
WANTED = Wanted(
    kinds=frozenset({"item", "entry"}),
    fields={
        "title": _TITLE,
        "language": _DATE,
        "dc:language": _DATE,
        **dict.fromkeys(_ADDRESSES, _ADDRESS),
        **dict.fromkeys(_PUBLISHED + _MODIFIED, _DATE),
    },
)
# A feed's own text is read to its end, or to where it is longer than what is kept.
_TOLD = replace(
    WANTED,
    fields={
        **WANTED.fields,
        "content:encoded": TEXT_BYTES + 1,
        "content": TEXT_BYTES + 1,
        **dict.fromkeys(("category", "dc:subject", "dc:creator", "author", "name"), _DATE),
    },
    many=frozenset({"category", "dc:subject", "dc:creator", "author", "name"}),
    rich=frozenset({"content:encoded", "content"}),
    inside={"name": "author"},
)
# Pages that an alternate may be: the better ones first; a link without a type is a page.
_PAGES = ("text/html", "application/xhtml+xml", "", "text/plain")
# What a link to the entry's own page is called: the better ones first.
_RELATIONS = ("alternate", "canonical", "bookmark", "self")
_OTHER_SCHEME = re.compile(r"\s*(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOME = re.compile(r"\s*(?:https?://[^/?#\s]*)?/?\s*", re.IGNORECASE)


def parse_feed(
    body: bytes, url: str, *, clock: Clock, charset: str | None = None, skip: Skip = unheard, texts: bool = False
) -> list[Link]:
    """The links of a feed, newest first, at most MAX_ITEMS; empty when the document is no feed.

    `skip` is told of each item without a usable link; nothing that is wrong with one item touches another. With `texts`
    the links have what the feed tells of the stories.
    """
    text = pieces(body, MAX_BYTES, skip, charset)
    head = next(text, "")
    if head.lstrip()[:1] == "{":
        document = head + "".join(text)
        links = json_feed_links(document, url, clock=clock, skip=skip, texts=texts)
    else:
        entries = Entries(chain((head,), text), url, _TOLD if texts else WANTED, skip)
        links = feed_links(entries, clock, skip, texts=texts)
    return newest_first(whole_texts(list(_bounded(links, skip))))


def _bounded(links: Iterator[Link], skip: Skip) -> Iterator[Link]:
    for given, link in enumerate(links):
        if given >= MAX_ITEMS:
            skip("too-many")
        else:
            yield link


def feed_links(entries: Entries, clock: Clock, skip: Skip, *, texts: bool = False) -> Iterator[Link]:
    """The links of a feed's entries, in its own order."""
    for entry in entries:
        if (link := usable(partial(feed_link, entries.document, clock, texts=texts), entry, skip)) is not None:
            yield link


def feed_link(document: Entry, clock: Clock, entry: Entry, *, texts: bool = False) -> Link:
    """The link of an entry of a feed; ValueError when it has none."""
    fields = entry.fields
    languages = (fields.get("dc:language"), entry.attributes.get("xml:lang"))
    language = next((tag for text in languages if (tag := read_language(text))), _language(document))
    reference = _reference(entry, language)
    if reference is None:
        raise UnusableError("no-link")
    target = entry.resolve(reference)
    if not target.startswith(("http://", "https://")):
        raise UnusableError("not-http")
    return Link(
        target,
        title=read_title(fields.get("title")),
        published=_first_date(fields, _PUBLISHED, clock),
        modified=_first_date(fields, _MODIFIED, clock),
        language=language,
        origin="feed",
        told=told_by(entry) if texts else None,
    )


def _first_date(fields: dict[str, str], names: tuple[str, ...], clock: Clock) -> datetime | date | None:
    return next((value for name in names if (value := clock.read(fields.get(name))) is not None), None)


def _language(document: Entry) -> str | None:
    written = (document.fields.get("language"), document.fields.get("dc:language"), document.attributes.get("xml:lang"))
    return next((tag for text in written if (tag := read_language(text))), None)


def _reference(entry: Entry, language: str | None) -> str | None:
    """The address of the page: what the feed calls its link, where the text is said to be, or an identifier that is
    one. Where none of them is said to be a page, whatever else is said to be the entry."""
    fields = entry.fields
    alternates = _alternates(entry, language)
    is_link = all(attributes.get("ispermalink", "true").lower() != "false" for attributes in _of(entry, "guid"))
    identifiers = (fields.get("guid") if is_link else None, entry.attributes.get("rdf:about"), fields.get("id"))
    addresses = [text for text in identifiers if text and text.lower().startswith(("http://", "https://"))]
    link = fields.get("link")
    if link and addresses and _is_home(link):
        # The site's front page is not the story.
        link = None
    if link and alternates.pages and " " in link:
        # The words that a page would show for the link.
        link = None
    told = (fields.get("feedburner:origlink"), link, *alternates.pages, *_sources(entry), *addresses)
    return next((written for written in (*told, *alternates.others) if written), fields.get("link"))


def _is_home(address: str) -> bool:
    return _HOME.fullmatch(address) is not None


def _of(entry: Entry, name: str) -> Iterator[Mapping[str, str]]:
    return (attributes for called, attributes in entry.elements if called == name)


class _Alternates(NamedTuple):
    """The addresses that an entry is said to have, the better ones first: of pages, and of what else it is."""

    pages: list[str]
    others: list[str]


def _alternates(entry: Entry, language: str | None) -> _Alternates:
    """The links that are written as attributes; Atom may name the entry in several formats, languages and forms."""
    pages: list[tuple[tuple[int, ...], str]] = []
    others: list[tuple[tuple[int, ...], str]] = []
    for attributes in _of(entry, "link"):
        named = relations(attributes)
        href = attributes.get("href")
        if not href or not (kinds := [_RELATIONS.index(name) for name in named if name in _RELATIONS]):
            continue
        kind, type_ = min(kinds), _media_type(attributes)
        if _RELATIONS[kind] == "self" and "html" not in type_:
            continue  # the entry as a document of its own
        rank = (kind, _foreign(attributes, language), bool(attributes.get("media")))
        if type_ in _PAGES and not _OTHER_SCHEME.match(href):
            pages.append(((*rank, _PAGES.index(type_)), href))
        else:
            others.append((rank, href))
    return _Alternates(*([href for _, href in sorted(found, key=itemgetter(0))] for found in (pages, others)))


def _media_type(attributes: Mapping[str, str]) -> str:
    type_ = attributes.get("type", "").partition(";")[0].strip().lower()
    return "text/html" if type_ == "html" else type_


def _foreign(attributes: Mapping[str, str], language: str | None) -> int:
    """How far the language of a link's target is from the feed's, or from Arabic where the feed does not say."""
    written = read_language(attributes.get("hreflang"))
    own = _primary(language or "ar")
    return 1 if written is None else 0 if _primary(written) == own else 2


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def _sources(entry: Entry) -> Iterator[str]:
    """Where the text of an entry lies, when it is no part of the feed (RFC 4287, 4.1.3.2)."""
    for attributes in _of(entry, "content"):
        if (address := attributes.get("src")) and _media_type(attributes) in _PAGES:
            yield address
