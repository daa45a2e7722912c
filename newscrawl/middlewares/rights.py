"""Reads once a run and site what the site reserves, and leaves out what SKIP_RESERVED names."""

from __future__ import annotations

import asyncio
import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from .outcomes import Reserved
from .reserved import TDM_PATH, RobotsRights, TdmRights

logger = logging.getLogger(__name__)


class RightsMiddleware:
    """Stands behind the robots middleware, which leaves the site's RobotsRights in the request's meta.

    An article's request gets `newscrawl_reserved`, what the site reserves of the page; that of a replay has it from the
    archive. The request is put off when SKIP_RESERVED names one of it. Counted under newscrawl/reserved/<name>.
    """

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self._crawler = crawler
        self._stats = crawler.stats
        self._replays = bool(crawler.settings.get("ARCHIVE_REPLAY"))
        self._skipped = frozenset(crawler.settings.getlist("SKIP_RESERVED"))
        self._tdm: dict[tuple[str, str], asyncio.Future[TdmRights]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises Reserved for an article that is reserved from a use that the user wants to respect."""
        if "newscrawl_id" not in request.meta:
            return
        if not self._replays:
            robots: RobotsRights | None = request.meta.pop("newscrawl_robots_rights", None)
            tdm = await self._tdm_of(request)
            request.meta["newscrawl_reserved"] = [*(robots.at(request.url) if robots else []), *tdm.at(request.url)]
        reserved: list[str] = request.meta.get("newscrawl_reserved", [])
        for name in reserved:
            self._stats.inc_value(f"newscrawl/reserved/{name}")
        if wanted := self._skipped.intersection(reserved):
            reason = f"reserved-{min(wanted)}"
            self._stats.inc_value(f"newscrawl/postponed/{reason}")
            raise Reserved(reason, f"{request.url} is reserved: {', '.join(sorted(wanted))}")

    async def _tdm_of(self, request: Request) -> TdmRights:
        url = urlparse_cached(request)
        origin = (url.scheme, url.netloc)
        if origin not in self._tdm:
            self._tdm[origin] = asyncio.get_running_loop().create_future()
            self._tdm[origin].set_result(await self._fetch(origin))
        return await self._tdm[origin]

    async def _fetch(self, origin: tuple[str, str]) -> TdmRights:
        wanted = Request(
            f"{origin[0]}://{origin[1]}{TDM_PATH}",
            priority=1000,
            callback=NO_CALLBACK,
            meta={"allow_offsite": True, "handle_httpstatus_all": True, "max_retry_times": 0},
        )
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(wanted)
        except Exception as error:  # noqa: BLE001 (whatever went wrong, nothing is known to be reserved)
            logger.debug("%s cannot be read: %s", wanted.url, error)
            return TdmRights(b"")
        return TdmRights(response.body if response.status == 200 else b"")
