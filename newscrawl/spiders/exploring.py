"""A site asked what it offers, and some of its stories fetched, so that they can be looked at; nothing is stored."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawl.extraction.page.page import Page, PageError
from newscrawl.middlewares.charset import header_texts
from newscrawl.middlewares.outcomes import reason_of
from newscrawl.spiders.founding import Gathered
from newscrawl.spiders.site import Discovery

logger = logging.getLogger(__name__)

# Stories that are fetched of a site that named none.
MOST_PAGES = 8


class Exploring(Discovery):
    """Discovery, and then `pages`: those at the addresses that were `wanted`, else the newest stories that were found.

    `failed` says by its address why a page could not be had.
    """

    wanted: ClassVar[list[str]] = []

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.pages: list[Gathered] = []
        self.failed: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Any]:
        await self.prepare()
        assert self.found is not None
        for url in self.wanted or self.found.articles[:MOST_PAGES]:
            await self._fetch(url)
        nothing: tuple[Any, ...] = ()
        for request in nothing:
            yield request

    async def _fetch(self, url: str) -> None:
        assert self.crawler.engine is not None
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, meta={"allow_offsite": True})
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 (whatever went wrong is told)
            self.failed[url] = reason_of(error)
            return
        if response.status != 200:
            self.failed[url] = f"status {response.status}"
            return
        self._take(response, url)

    def _take(self, response: Response, url: str) -> None:
        headers = header_texts(response.headers)
        try:
            self.pages.append(Gathered(Page(response.body, response.url, headers), response.body))
        except PageError as error:
            self.failed[url] = str(error)
