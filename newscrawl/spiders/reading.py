"""Single pages from the network, as politely as in a crawl, with nothing stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.middlewares.outcomes import reason_of
from newscrawl.urls import host_of

# What crawls store, and what they print about it.
_STORES = ("ValidatePipeline", "DeduplicatePipeline", "StorePipeline")

Got = Callable[[str, Response | None, str], None]


class ReadPages(Spider):
    """Asks for each of `urls` once and tells `got`: the URL that was asked for, its answer or None, and why there is
    none. robots.txt, CONTACT, guard and walls hold as in any crawl.
    """

    name = "extract"
    custom_settings: ClassVar[dict[str, Any] | None] = {  # type: ignore[misc]
        "ITEM_PIPELINES": {f"newscrawl.pipelines.{name}": None for name in _STORES},
        "PROGRESS": False,
        "SUMMARY_PRINT": False,
    }

    def __init__(self, urls: list[str], got: Got) -> None:
        super().__init__()
        self.allowed_domains = list(dict.fromkeys(host_of(url).removeprefix("www.") for url in urls))
        self._urls = urls
        self._got = got

    async def start(self) -> AsyncIterator[Request]:
        for url in self._urls:
            yield Request(url, callback=self.parse, errback=self.failed, dont_filter=True, cb_kwargs={"asked": url})

    def parse(self, response: Response, asked: str) -> None:
        """Hands an answer on."""
        self._got(asked, response, "")

    def failed(self, failure: Failure) -> None:
        """Hands on why there is no answer."""
        assert failure.value is not None
        request: Request = failure.request  # type: ignore[attr-defined]
        self._got(request.cb_kwargs["asked"], None, reason_of(failure.value))
