"""The archived response of a stored article: as it came, and read again with the verdict on every block."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Request, Response
from scrapy.statscollectors import StatsCollector

from newscrawl.extraction.explain import render
from newscrawl.extraction.page.page import Page
from newscrawl.loaders import load
from newscrawl.spiders import registry
from newscrawl.storage import StorageError
from newscrawl.storage.warc import read_response

# As much as a crawl takes of a page: what was archived may be a bomb all the same.
_MOST_BYTES = 16 << 20


def response_of(record: dict[str, Any], data_dir: Path) -> Response | None:
    """The response that a record was read from, decompressed; None where none is kept. StorageError."""
    place = record.get("archive")
    if not place:
        return None
    path = data_dir / place["file"]
    if not path.resolve().is_relative_to(data_dir.resolve()):
        raise StorageError(f"{path} lies outside {data_dir}")
    if not path.exists():
        raise StorageError(
            f"the response was kept in {place['file']}, which is no longer there (pruned, or moved away)"
        )
    response = read_response(path, place["offset"]).response()
    try:
        request = Request(response.url, meta={"download_maxsize": _MOST_BYTES})
        plain = _decompression().process_response(request, response)
    except Exception as error:
        # Bytes from the web: whatever a decoder makes of them is a sentence, no traceback.
        raise StorageError(f"the response at {place['offset']} of {path} cannot be decompressed: {error}") from error
    assert isinstance(plain, Response)
    return plain


def _decompression() -> HttpCompressionMiddleware:
    """Scrapy's own, outside a crawl."""
    crawler = Crawler(Spider)
    crawler.stats = StatsCollector(crawler)
    return HttpCompressionMiddleware(crawler=crawler)


def explained(record: dict[str, Any], response: Response) -> str:
    """The page of `extract --explain` for a kept response, by the rules of today; ValueError for no page."""
    page = Page(response.body, response.url)
    publisher = registry.publishers().get(record.get("source") or "")
    source = publisher.source() if publisher else registry.source_of(page.url)
    fetched = datetime.fromisoformat(record["fetched_at"]) if record.get("fetched_at") else datetime.now(UTC)
    article, reading = load(page, source, fetched_at=fetched)
    return render(article, reading.blocks, reading.fields)
