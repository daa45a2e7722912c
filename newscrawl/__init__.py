"""newscrawl: Arabic news sites into a clean, deduplicated, versioned corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from os import PathLike
from typing import TYPE_CHECKING

from newscrawl import schema
from newscrawl.program import VERSION

if TYPE_CHECKING:
    from newscrawl.extraction.source import Source
    from newscrawl.items import Article
    from newscrawl.loaders import ArticleLoader

__all__ = ["__version__", "crawl", "extract", "schema"]
__version__ = VERSION


def extract(
    body: bytes,
    *,
    url: str,
    headers: Mapping[str, str] | None = None,
    source: str | Source | None = None,
    generic: bool = False,
    fetched_at: datetime | None = None,
    markdown: bool = False,
    loader: type[ArticleLoader] | None = None,
    item: type[Article] | None = None,
) -> Article:
    """The Article of a page: `body` as it came, `url` as fetched, `headers` of the response where known.

    `source` is a publisher's slug or a Source; None finds it by the URL, and a page of an unknown site is read without
    rules, as every page is with `generic`. `fetched_at` (aware; now when not given) is what "three hours ago" is
    reckoned from. `markdown` fills the field of that name: the story's structure. `loader` and `item` are subclasses of
    loaders.ArticleLoader and items.Article to use instead. Raises extraction.page.PageError where the bytes hold no
    page, LookupError for an unknown slug, ValueError for a URL that cannot be read.
    """
    from newscrawl.items import Article
    from newscrawl.loaders import ArticleLoader, load_article
    from newscrawl.spiders import registry

    if isinstance(source, str):
        source = registry.source(source)
    elif source is None:
        source = registry.source_of(url)
    return load_article(
        body, url=url, headers=headers, source=source, generic=generic, fetched_at=fetched_at or datetime.now(UTC),
        markdown=markdown, loader=loader or ArticleLoader, item=item or Article,
    )  # fmt: skip


def crawl(
    *sources: str,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    contact: str | None = None,
    data: str | PathLike[str] | None = None,
    settings: Mapping[str, object] | None = None,
    **arguments: object,
) -> Iterator[Article]:
    """The articles of publishers (slugs), sites (addresses) and lists of them (OPML and text files), as they are read.

    Nothing is stored unless `data` names a directory: then the crawl goes on from what it holds, and gives what is new.
    `since`, `until`, `limit` (a source) and `arguments` (include, exclude, words, language, timezone) are spider
    arguments, `contact` is your address, `settings` are Scrapy's and newscrawl's. The crawl runs in a child process, so
    that it works in a notebook, too, and ends when the iterator is closed. Raises spiders.child.CrawlError, in one
    sentence, where it cannot begin or fails; ValueError without a source.
    """
    from newscrawl.spiders.child import crawl_in_child

    if not sources:
        raise ValueError("which source? name a publisher, an address or a file of addresses")
    given = {"since": since, "until": until, "limit": limit, **arguments}
    named = {name: value for name, value in given.items() if value is not None}
    options = {**({"CONTACT": contact} if contact else {}), **(settings or {})}
    return crawl_in_child(sources, named, options, data)
