"""An Article at its beginning: its id, and whose it is."""

from __future__ import annotations

from datetime import UTC, datetime

from newscrawl.discovery.identity import article_id, url_identity
from newscrawl.extraction.facts import zones
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.source import Source
from newscrawl.items import Article


def begun(item_class: type[Article], page: Page, source: Source | None, fetched_at: datetime) -> Article:
    """The Article of a page of which nothing has been read: its id, and whose it is."""
    pattern = source.article_url if source else None
    is_web = page.url.startswith(("http:", "https:"))
    identity = url_identity(page.url, pattern) if is_web else page.url
    slug = source.name if source else page.host.removeprefix("www.") or None
    return item_class(
        id=article_id(slug or "", identity),
        source=slug,
        publisher=(source.publisher.name or None) if source else None,
        country=(source.publisher.country or None) if source else zones.country_of(page.host),
        url=page.url,
        fetched_at=fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
    )
