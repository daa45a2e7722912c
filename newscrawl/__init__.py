"""newscrawl: Arabic news sites into a clean, deduplicated, versioned corpus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.extraction.source import Source
    from newscrawl.items import Article
    from newscrawl.loaders import ArticleLoader

__all__ = ["__version__", "extract"]
__version__ = "0.1.0"


def extract(
    body: bytes,
    *,
    url: str,
    headers: Mapping[str, str] | None = None,
    source: str | Source | None = None,
    generic: bool = False,
    fetched_at: datetime | None = None,
    loader: type[ArticleLoader] | None = None,
    item: type[Article] | None = None,
) -> Article:
    """The Article of a page: `body` as it came, `url` as fetched, `headers` of the response where known.

    `source` is a publisher's slug or a Source; None finds it by the URL, and a page of an unknown site is read without
    rules, as every page is with `generic`. `fetched_at` (aware; now when not given) is what "three hours ago" is
    reckoned from. `loader` and `item` are subclasses of loaders.ArticleLoader and items.Article to use instead. Raises
    extraction.page.PageError where the bytes hold no page, LookupError for an unknown slug, ValueError for a URL that
    cannot be read.
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
        loader=loader or ArticleLoader, item=item or Article,
    )  # fmt: skip
