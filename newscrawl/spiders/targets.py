"""What a user may name to crawl: a source, an address, an OPML file, a text file of addresses."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from newscrawl.arabic.charset import marked_text
from newscrawl.spiders import registry
from newscrawl.spiders.arguments import ArgumentError
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.site import full_address, site_class, slug_of

# A list is somebody else's: it may be long, but not without end.
MAX_BYTES, MAX_ADDRESSES, MAX_LENGTH = 5 << 20, 2000, 2000
_LIST = re.compile(r"\.(?:opml|txt|xml|csv)$", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|$)", re.IGNORECASE)


@dataclass(slots=True)
class _Site:
    home: str
    feeds: list[str] = field(default_factory=list)


def is_target(name: str) -> bool:
    """Whether a name is that of a file that is there, or an address; otherwise it is a source's."""
    return Path(name).expanduser().is_file() or _names_file(name) or _ADDRESS.match(name) is not None


def spiders_of(names: Iterable[str], *, timezone: str | None = None) -> list[type[NewsSpider]]:
    """The spiders for addresses and files of addresses, one for each site; a declared publisher's where it owns the
    address. ArgumentError, in one sentence, for what cannot be used.
    """
    declared: dict[str, type[NewsSpider]] = {}
    sites: dict[str, _Site] = {}
    for name in names:
        for address in _addresses(name):
            owner = registry.source_of(address)
            if owner is not None:
                declared[owner.name] = registry.publisher(owner.name)
                continue
            site = sites.setdefault(slug_of(address), _Site(""))
            if _is_feed(address):
                site.feeds.append(address)
            elif not site.home:
                site.home = address
    found: list[type[NewsSpider]] = list(declared.values())
    for site in sites.values():
        # Who names a home page wants all that it offers.
        feeds = [] if site.home else list(dict.fromkeys(site.feeds))
        found.append(site_class(site.home or _home_of(feeds[0]), feeds, timezone=timezone))
    return found


def _is_feed(address: str) -> bool:
    from newscrawl.discovery.feed_links import is_feed_service, looks_like_feed

    return looks_like_feed(address) or is_feed_service(address)


def _home_of(feed: str) -> str:
    """The address that a source of feeds alone goes by: at a service of many sites its root is nobody's."""
    from newscrawl.discovery.feed_links import is_feed_service

    return feed if is_feed_service(feed) else urljoin(feed, "/")


def _names_file(name: str) -> bool:
    """Whether a name is that of a list of addresses, whether it is there or not: no domain ends so."""
    return "://" not in name and _LIST.search(name) is not None


def _addresses(name: str) -> Iterator[str]:
    path = Path(name).expanduser()
    if not path.is_file():
        if _names_file(name):
            raise ArgumentError(f"{name}: {'it is no file' if path.exists() else 'there is no such file'}")
        yield full_address(name)
        return
    listed = list(_listed(path))
    usable = [address for address in listed if len(address) <= MAX_LENGTH and _is_usable(address)]
    if not usable:
        raise ArgumentError(f"{name}: it holds no addresses of sites or feeds")
    yield from map(full_address, list(dict.fromkeys(usable))[:MAX_ADDRESSES])


def _is_usable(address: str) -> bool:
    try:
        return urlsplit(full_address(address)).scheme in ("http", "https")
    except ArgumentError:
        return False


def _listed(path: Path) -> Iterator[str]:
    """The feeds of an OPML file, or the lines of a text file without comments."""
    from newscrawl.discovery.opml import feeds_in

    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ArgumentError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    if len(body) > MAX_BYTES:
        raise ArgumentError(f"{path}: it is larger than {MAX_BYTES >> 20} MiB")
    if b"<" in body[:200]:
        yield from feeds_in(body, limit=MAX_BYTES)
        return
    text = marked_text(body)
    if path.suffix.lower() == ".csv":
        yield from _first_addresses(text)
        return
    for line in text.splitlines():
        address = line.partition(" #")[0].strip()
        if address and not address.startswith("#"):
            yield address.split()[0]


def _first_addresses(text: str) -> Iterator[str]:
    """The first address of each row of a table, up to where it is no CSV any more."""
    with suppress(csv.Error):
        for row in csv.reader(text.replace("\0", "").splitlines()):
            yield from [cell.strip() for cell in row if _ADDRESS.match(cell.strip())][:1]
