"""The guard: only http(s), only public addresses, only the publisher's own domains after a redirect."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.urls import host_of, is_within

from .addresses import forbidden, literal
from .outcomes import Refused
from .resolver import AddressPolicy, GuardedResolver

logger = logging.getLogger(__name__)

_PRIVATE_NAME = re.compile(r"(^|\.)(localhost|local|internal|intranet|lan|home|home\.arpa|corp|localdomain)\.?$")
_WELL_KNOWN_PORTS = frozenset({80, 443})


def _nothing_is(_url: str) -> bool:
    return False


class GuardMiddleware:
    """Looks at every request just before it leaves, at every hop, for articles, feeds, sitemaps and robots.txt alike.
    What a spider's `is_forgotten` says was removed on request is not asked for.

    With a proxy in use the proxy resolves the names, so then only literal addresses and private names are caught here.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.policy = AddressPolicy.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        guard = cls(crawler)
        crawler.signals.connect(guard.spider_opened, signals.spider_opened)
        crawler.signals.connect(guard.spider_closed, signals.spider_closed)
        return guard

    def spider_opened(self) -> None:
        GuardedResolver.on_reactor().policies.append(self.policy)

    def spider_closed(self) -> None:
        GuardedResolver.on_reactor().policies.remove(self.policy)

    def process_request(self, request: Request) -> None:
        """Raises Refused for what must not be sent."""
        if proxy := request.meta.get("proxy"):
            self.policy.proxies.add(urlsplit(proxy if "//" in proxy else f"//{proxy}").hostname or "")
        if getattr(self.crawler.spider, "is_forgotten", _nothing_is)(request.url):
            self._count("forgotten")
            raise Refused("forgotten", "the article was removed on request")
        url = urlparse_cached(request)
        host = (url.hostname or "").lower()
        if url.scheme not in ("http", "https"):
            raise self._refused("scheme", request, f"scheme {url.scheme!r} is not http or https")
        try:
            port = url.port or 443
        except ValueError:
            raise self._refused("forbidden-port", request, "the port is not a number") from None
        if port < 1024 and port not in _WELL_KNOWN_PORTS:
            raise self._refused("forbidden-port", request, f"port {port} is not a web port")
        if name := self._forbidden_host(host):
            raise self._refused("forbidden-address", request, f"host {host!r} is not public ({name})")
        if request.meta.get("redirect_times") and not self._on_site(request, host):
            raise self._refused("offsite-redirect", request, f"{request.meta['redirect_urls'][-1]} leads off the site")

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises Refused for an answer from an address that this crawl may not read."""
        if response.ip_address and (name := self.policy.refuses_peer(str(response.ip_address))):
            raise self._refused("forbidden-address", request, f"answered from {response.ip_address} ({name})")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Tells a name that the resolver refused from one that does not exist."""
        host = urlparse_cached(request).hostname or ""
        if isinstance(exception, CannotResolveHostError) and (seen := self.policy.refused.get(host)):
            raise self._refused("forbidden-address", request, f"{host} resolves to {seen}") from exception
        if isinstance(exception, Refused) and exception.reason == "forbidden-address":
            self._count(exception.reason)
            raise exception

    def _forbidden_host(self, host: str) -> str | None:
        address = literal(host)
        if address:
            return forbidden(address, allow_loopback=self.policy.allow_loopback)
        if host == "localhost" and self.policy.allow_loopback:
            return None
        if host in self.policy.proxies:
            return "the user's proxy"
        return "private name" if not host or "." not in host or _PRIVATE_NAME.search(host) else None

    def _on_site(self, request: Request, host: str) -> bool:
        # RFC 9309, 2.3.1.2: robots.txt may be redirected across authorities.
        if request.meta.get("newscrawl_robots"):
            return True
        spider: Spider | None = self.crawler.spider
        domains = [*(getattr(spider, "allowed_domains", None) or [])]
        if request.meta.get("allow_offsite") or not domains:
            domains.append(host_of(request.meta["redirect_urls"][0]).removeprefix("www."))
        return is_within(host, domains)

    def _refused(self, reason: str, request: Request, why: str) -> Refused:
        self._count(reason)
        message = f"Refused {request.url}: {why}"
        logger.warning("%s", message)
        return Refused(reason, message)

    def _count(self, reason: str) -> None:
        self.crawler.stats.inc_value(f"newscrawl/refused/{reason}")
