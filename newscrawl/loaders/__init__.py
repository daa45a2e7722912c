"""A reading in, one clean Article out."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from newscrawl.discovery.links import Link
from newscrawl.extraction.body.memory import RecurringLines
from newscrawl.extraction.body.recurring import places
from newscrawl.extraction.fields import GENERIC
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import Reading, read_page
from newscrawl.extraction.source import Source
from newscrawl.items import Article
from newscrawl.loaders.article import ArticleLoader

__all__ = ["ArticleLoader", "Loaded", "begin", "load", "load_article"]


def load_article(
    body: bytes,
    *,
    url: str,
    headers: Mapping[str, str] | None = None,
    source: Source | None = None,
    generic: bool = False,
    fetched_at: datetime,
    hint: Link | None = None,
    memory: RecurringLines | None = None,
    learn: bool = False,
    markdown: bool = False,
    loader: type[ArticleLoader] = ArticleLoader,
    item: type[Article] = Article,
) -> Article:
    """The Article of a page.

    `fetched_at` (aware) is what relative dates and the choice of rules go by; `hint` is what the feed or sitemap said;
    `memory` knows the lines that recur on the publisher's pages, and takes in this page's with `learn`; `markdown`
    fills the field of that name; `loader` and `item` are subclasses to use instead.
    Raises extraction.page.PageError where the bytes hold no page.
    """
    page = Page(body, url, headers)
    return load(
        page, source, generic=generic, fetched_at=fetched_at, hint=hint, memory=memory, learn=learn,
        markdown=markdown, loader=loader, item=item,
    ).article  # fmt: skip


class Loaded(NamedTuple):
    """An Article, and the reading that it was made of."""

    article: Article
    reading: Reading


def load(page: Page, source: Source | None = None, **how: Any) -> Loaded:
    """What `load_article` does, for a page that is parsed already; with the reading, to explain it."""
    loader = begin(page, source, **how)
    return Loaded(loader.load_item(), loader.reading)


def begin(
    page: Page,
    source: Source | None = None,
    *,
    generic: bool = False,
    fetched_at: datetime,
    hint: Link | None = None,
    memory: RecurringLines | None = None,
    learn: bool = False,
    markdown: bool = False,
    loader: type[ArticleLoader] = ArticleLoader,
    item: type[Article] = Article,
) -> ArticleLoader:
    """The loader of a page that has been read, before it loads: whatever is added now comes before the layers."""
    learned: Container[str] = memory if memory is not None and memory.learns else ()
    reading = read_page(page, source, now=fetched_at, generic=generic, learned=learned)
    if memory is not None and learn and reading.body_layer == GENERIC:
        with reading.fields.spared("learned"):
            memory.observe(block.text for block in places(reading.candidates))
    return loader(
        page=page, reading=reading, source=source, fetched_at=fetched_at, hint=hint, memory=memory, item_class=item,
        markdown=markdown,
    )  # fmt: skip
