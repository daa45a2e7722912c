"""The publishers that there are: by slug, and by the URL of a page. Only the files that are asked for are imported."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import Spider

import newscrawl.spiders
from newscrawl.discovery.identity import article_identity
from newscrawl.extraction.source import Source
from newscrawl.spiders.news import NewsSpider
from newscrawl.tables import read_table

_PACKAGE = newscrawl.spiders.__name__


@cache
def modules() -> dict[str, str]:
    """The module of each publisher by its slug, which is the name of the file: newscrawl.spiders.eg.youm7."""
    return {
        found.name: f"{_PACKAGE}.{country.name}.{found.name}"
        for country in pkgutil.iter_modules(newscrawl.spiders.__path__)
        if country.ispkg
        for found in pkgutil.iter_modules([str(Path(path, country.name)) for path in newscrawl.spiders.__path__])
    }


@cache
def publisher(slug: str) -> type[NewsSpider]:
    """The class of a publisher. KeyError for an unknown slug, LookupError where its file declares no such publisher."""
    for value in vars(import_module(modules()[slug])).values():
        if isinstance(value, type) and issubclass(value, NewsSpider) and getattr(value, "name", None) == slug:
            return value
    raise LookupError(f"{modules()[slug]} declares no publisher with the name {slug!r}")


@cache
def publishers() -> dict[str, type[NewsSpider]]:
    """Every publisher's class by its slug."""
    return {slug: publisher(slug) for slug in modules()}


def domain_rows() -> Iterator[str]:
    """What tables/domains.tsv has to hold: a domain and the slug of a publisher, parted by a tab."""
    return (f"{domain}\t{slug}" for slug, spider in sorted(publishers().items()) for domain in spider.allowed_domains)


@cache
def _by_domain() -> dict[str, list[str]]:
    """The slugs of the publishers on each domain; a file that the table does not know yet is imported for it."""
    rows = [row.split("\t") for row in read_table(_PACKAGE, "domains.tsv")]
    new = modules().keys() - {slug for _, slug in rows}
    rows += [[domain, slug] for slug in sorted(new) for domain in publisher(slug).allowed_domains]
    found: dict[str, list[str]] = {}
    for domain, slug in rows:
        if slug in modules():
            found.setdefault(domain, []).append(slug)
    return found


def is_demo(spider: type[Spider]) -> bool:
    """Whether it is a paper of the demo, which exists only while `demo` serves it."""
    return spider.__module__.startswith(f"{_PACKAGE}.demo.")


def source(slug: str) -> Source:
    """The publisher with this slug. Raises LookupError, naming the nearest slugs."""
    if slug in modules():
        return publisher(slug).source()
    from difflib import get_close_matches

    near = get_close_matches(slug, modules(), 3)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise LookupError(f"there is no publisher {slug!r}{hint}")


def source_of(url: str) -> Source | None:
    """The publisher of a URL, the one whose article pattern fits where domains are shared; None when unknown."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return None
    labels = host.rstrip(".").split(".")
    slugs = (slug for at in range(len(labels)) for slug in _by_domain().get(".".join(labels[at:]), ()))
    owners = [publisher(slug).source() for slug in dict.fromkeys(slugs)]
    if len(owners) < 2:
        return owners[0] if owners else None
    return next((s for s in owners if s.article_url and article_identity(url, s.article_url)), owners[0])
