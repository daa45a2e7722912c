"""Redirects that the guard has seen before they are followed, so that a refused one reaches the request's errback."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware

from .guard import GuardMiddleware


class GuardedRedirectMiddleware(RedirectMiddleware):
    """In the place of Scrapy's.

    A target that another page led to already is fetched again: the duplicate filter would drop it without a word.
    """

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        followed = super()._redirect(redirected, request, reason)
        return _checked(self.crawler.get_downloader_middleware(GuardMiddleware), followed)


class GuardedMetaRefreshMiddleware(MetaRefreshMiddleware):
    """The same for `<meta http-equiv="refresh">`."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        followed = super()._redirect(redirected, request, reason)
        return _checked(self.crawler.get_downloader_middleware(GuardMiddleware), followed)


def _checked(guard: GuardMiddleware | None, request: Request) -> Request:
    if guard:
        guard.process_request(request)
    request.dont_filter = True
    return request
