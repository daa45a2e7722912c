"""The publishers that there are: by slug, and by the URL of a page."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from urllib.parse import urlsplit

from scrapy import Spider

import newscrawl.spiders
from newscrawl.discovery.identity import article_identity
from newscrawl.extraction.source import Source
from newscrawl.spiders.news import NewsSpider


@cache
def publishers() -> dict[str, type[NewsSpider]]:
    """Every publisher's class by its slug."""
    found: dict[str, type[NewsSpider]] = {}
    for module in pkgutil.walk_packages(newscrawl.spiders.__path__, "newscrawl.spiders."):
        if module.name in (__name__, "newscrawl.spiders.news"):
            continue
        for value in vars(import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, NewsSpider) and getattr(value, "name", None):
                found[value.name] = value
    return found


@cache
def _by_domain() -> dict[str, list[Source]]:
    found: dict[str, list[Source]] = {}
    for spider in publishers().values():
        for domain in spider.source().domains:
            found.setdefault(domain, []).append(spider.source())
    return found


def is_demo(spider: type[Spider]) -> bool:
    """Whether it is a paper of the demo, which exists only while `demo` serves it."""
    return spider.__module__.startswith("newscrawl.spiders.demo.")


def source(slug: str) -> Source:
    """The publisher with this slug. Raises LookupError, naming the nearest slugs."""
    try:
        return publishers()[slug].source()
    except KeyError:
        from difflib import get_close_matches

        near = get_close_matches(slug, publishers(), 3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise LookupError(f"there is no publisher {slug!r}{hint}") from None


def source_of(url: str) -> Source | None:
    """The publisher of a URL, the one whose article pattern fits where domains are shared; None when unknown."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return None
    labels = host.rstrip(".").split(".")
    named = (found for at in range(len(labels)) for found in _by_domain().get(".".join(labels[at:]), ()))
    owners = list({found.name: found for found in named}.values())
    if len(owners) < 2:
        return owners[0] if owners else None
    return next((s for s in owners if s.article_url and article_identity(url, s.article_url)), owners[0])
