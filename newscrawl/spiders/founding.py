"""What a new publisher's file would say, from pages of its site and from what discovery found there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from newscrawl.discovery.addresses import take_apart
from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.shapes import Shapes, learn
from newscrawl.discovery.sites import Offer, SiteReader
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.facts.zones import country_of, zone_of_country
from newscrawl.extraction.layers.addresses import is_front_page
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.source import Publisher, Source
from newscrawl.loaders.proposal import FEWEST_PAGES, Proposal, propose, sample
from newscrawl.loaders.proposed_fields import Sample
from newscrawl.spiders.asking import Found
from newscrawl.urls import is_same_site

# A page with fewer words in its story is a list, or empty.
_FEWEST_WORDS = 20
_TITLE_PARTS = re.compile(r"\s+[-–—|•·»:]+\s+|\|")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_LOCALE = re.compile(r"[a-z]{2,3}[-_]([A-Za-z]{2})\b")
# What Facebook calls Arabic of no country.
_NO_COUNTRY = "AR"
_UNKNOWN_COUNTRY, _UNKNOWN_ZONE = "XX", "UTC"
# Feeds, sitemaps and desks that are declared, each: a publisher's file has 40 lines at most.
_MOST_LISTS = 6
# Addresses that are kept to test article_url with.
_MOST_OTHERS = 12


class FoundingError(ValueError):
    """Pages that no publisher's file can be made of; str() is one sentence."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A page, and the bytes that it was parsed from."""

    page: Page
    body: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """What the file of a publisher would say, what its rules were proposed from, and addresses for and against its
    `article_url`."""

    name: str
    attributes: dict[str, Any]
    proposal: Proposal
    articles: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def draft(
    gathered: Sequence[Gathered],
    found: Found | None = None,
    *,
    now: datetime,
    country: str | None = None,
    timezone: str | None = None,
) -> Draft:
    """The draft for the site of some story pages; `found` is what discovery says of it, where it was asked.

    FoundingError for pages of two sites, for fewer than FEWEST_PAGES, and for pages that tell no story.
    """
    pages = [one.page for one in gathered]
    host = _one_host(pages)
    publisher = _publisher(pages, host, found, country, timezone)
    offer = _offer(gathered, found)
    source = Source(name="site", publisher=publisher, domains=(host,), zone_is_known=timezone is not None)
    for page in pages:
        _refuse_listing(sample(page, source, now))
    article_url = _article_url(pages, offer, found)
    proposal = propose(pages, source, fetched_at=now)
    shapes = Shapes(article_url)
    attributes = {
        "publisher": {
            "name": publisher.name,
            "name_en": publisher.name_en,
            "country": publisher.country,
            "timezone": publisher.timezone,
        },
        "allowed_domains": found.domains if found is not None and found.domains else [host],
        "article_url": article_url,
        "feeds": offer.feeds[:_MOST_LISTS],
        "sitemaps": offer.sitemaps[:_MOST_LISTS],
        "sections": offer.sections[:_MOST_LISTS],
        "zone_is_known": timezone is not None,
    }
    others = [url for url in dict.fromkeys((*offer.sections, *offer.feeds, *offer.others)) if not shapes.identity(url)]
    return Draft(_slug(host), attributes, proposal, [page.url for page in pages], others[:_MOST_OTHERS])


def _one_host(pages: Sequence[Page]) -> str:
    """The host that all pages are below, without its marks for browsers and telephones."""
    if len(pages) < FEWEST_PAGES:
        few = "1 page does" if len(pages) == 1 else f"{len(pages)} pages do"
        raise FoundingError(f"{few} not tell what a site's pages share: give {FEWEST_PAGES} or more")
    for page in pages[1:]:
        if not is_same_site(page.host, pages[0].host):
            raise FoundingError(f"these are pages of two sites: {pages[0].host} and {page.host}")
    addresses = Counter(normalise_url(page.url) for page in pages)
    if (twice := addresses.most_common(1)[0])[1] > 1:
        raise FoundingError(f"one page stands there {twice[1]} times: {twice[0]}")
    return min((take_apart(page.url).host.removeprefix("www.") for page in pages), key=len)


def _refuse_listing(one: Sample) -> None:
    url = one.page.url
    if is_front_page(url):
        raise FoundingError(f"{url} is a front page: give the pages of stories")
    if not one.reading.story and any(block.dropped == Verdict.LISTING for block in one.reading.blocks):
        raise FoundingError(f"{url} lists stories and tells none: give the pages of stories")
    if one.article.word_count < _FEWEST_WORDS or not one.article.title:
        raise FoundingError(f"no story is read on {url}: give the pages of stories")


def _offer(gathered: Sequence[Gathered], found: Found | None) -> Offer:
    """What the site offers: as discovery found it, else as the stories' own pages say."""
    if found is not None and not found.is_empty:
        return Offer(found.feeds, found.sitemaps, found.sections, found.articles, others=found.others)
    offers = []
    for one in gathered:
        reader = SiteReader(urljoin(one.page.url, "/"))
        reader.read(one.body, one.page.url, one.page.headers)
        offers.append(reader.offer())
    # What all pages share is the menu; the rest belongs to the stories that they tell.
    desks = Counter(normalise_url(url) for offer in offers for url in offer.sections)
    return Offer(
        _once(url for offer in offers for url in offer.feeds),
        _once(url for offer in offers for url in offer.sitemaps),
        [url for url in offers[0].sections if desks[normalise_url(url)] == len(offers)],
        _once(url for offer in offers for url in offer.articles),
        others=_once(url for offer in offers for url in offer.others),
    )


def _once(urls: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(urls))


def _article_url(pages: Sequence[Page], offer: Offer, found: Found | None) -> str:
    """An expression that finds every page, each with an identity of its own."""
    own = [page.url for page in pages]
    tries = [Shapes(found.article_url)] if found is not None and found.article_url else []
    tries += [learn([*own, *offer.articles], offer.sections), learn(own, offer.sections), learn(own)]
    for shapes in tries:
        identities = {shapes.identity(url) for url in own}
        if None not in identities and len(identities) == len(own):
            return shapes.article_url
    raise FoundingError("the addresses of these pages have no shape in common: are all of them stories?")


def _publisher(
    pages: Sequence[Page], host: str, found: Found | None, country: str | None, timezone: str | None
) -> Publisher:
    country = country or country_of(host) or next(_countries(pages), _UNKNOWN_COUNTRY)
    zone = timezone or zone_of_country(country) or _UNKNOWN_ZONE
    label = _slug(host).replace("_", " ").title()
    named = Counter(name for page in pages if (name := page.first_meta("og:site_name", "application-name")))
    claims = [*(name for name, _ in named.most_common()), *_titled(pages), found.title if found is not None else ""]
    name = next((text for text in claims if _ARABIC.search(text)), label)
    return Publisher(" ".join(name.split()), label, country, zone)


def _titled(pages: Sequence[Page]) -> list[str]:
    """What the titles of all pages have in common beside the headlines: "جريدة الواحة" of "جريدة الواحة :: عنوان"."""
    parts = [[part.strip() for part in _TITLE_PARTS.split(page.title)] for page in pages]
    return [part for part in parts[0] if part and all(part in others for others in parts)]


def _countries(pages: Sequence[Page]) -> Iterator[str]:
    for page in pages:
        for text in (page.first_meta("og:locale") or "", page.root.get("lang", "")):
            match = _LOCALE.match(text)
            if match and match[1].upper() != _NO_COUNTRY and zone_of_country(match[1].upper()):
                yield match[1].upper()


def _slug(host: str) -> str:
    """What a publisher is called by its domain: "almithal" of almithal.jo."""
    label = take_apart(f"https://{host}/").domain.partition(".")[0]
    slug = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_") or "site"
    return slug if slug[0].isalpha() else f"site_{slug}"


def home_of(urls: Sequence[str]) -> str:
    """The address of the home page of the site that stories lie on."""
    parts = urlsplit(urls[0])
    return f"{parts.scheme}://{parts.netloc}/"
