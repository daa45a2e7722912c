"""Redirects that the guard has seen before they are followed, so that a refused one reaches the request's errback."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware, MetaRefreshMiddleware, RedirectMiddleware
from scrapy.http import Response

from .guard import GuardMiddleware
from .outcomes import Refused


class _Guarded(BaseRedirectMiddleware):
    """A target that another page led to already is fetched again: the duplicate filter would drop it without a word."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        followed = super()._redirect(redirected, request, reason)
        if guard := self.crawler.get_downloader_middleware(GuardMiddleware):
            guard.process_request(followed)
        followed.dont_filter = True
        return followed


class GuardedRedirectMiddleware(_Guarded, RedirectMiddleware):
    """In the place of Scrapy's."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            return super().process_response(request, response)
        except ValueError as error:
            raise _unreadable(response, error) from error


class GuardedMetaRefreshMiddleware(_Guarded, MetaRefreshMiddleware):
    """The same for `<meta http-equiv="refresh">`."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            return super().process_response(request, response)
        except ValueError as error:
            raise _unreadable(response, error) from error


def _unreadable(response: Response, error: ValueError) -> Refused:
    return Refused("bad-redirect", f"{response.url} redirects to no URL: {error}", response)
