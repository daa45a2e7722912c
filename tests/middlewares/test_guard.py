"""The guard's own gates, each without the ones before it."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.protocol import Protocol
from twisted.internet.testing import StringTransport
from twisted.web import _newclient as client
from twisted.web.http_headers import Headers

from newscrawl.middlewares import download
from newscrawl.middlewares.download import (
    MAX_HEADER_BYTES,
    GuardedDownloadHandler,
    _BoundedProtocol,
    _GuardedFactory,
)
from newscrawl.middlewares.guard import GuardMiddleware
from newscrawl.middlewares.outcomes import HeaderFloodError, Refused
from newscrawl.middlewares.resolver import AddressPolicy, GuardedResolver
from tests.patience import PATIENCE


def guard(**settings: Any) -> GuardMiddleware:
    return GuardMiddleware.from_crawler(get_crawler(settings_dict=settings))


GUARD = guard()


@given(st.integers(1, 65535))
@example(1024)
def test_ports_below_1024_are_for_the_web_or_for_nobody(port: int) -> None:
    request = Request(f"http://paper.example.com:{port}/")
    if port >= 1024 or port in (80, 443):
        GUARD.process_request(request)
    else:
        with pytest.raises(Refused) as refusal:
            GUARD.process_request(request)
        assert refusal.value.reason == "forbidden-port"


@pytest.mark.parametrize("port", [1, 25, 81, 999, 1000, 1001, 1023])
def test_the_last_ports_that_are_refused(port: int) -> None:
    with pytest.raises(Refused):
        guard().process_request(Request(f"http://paper.example.com:{port}/"))


@pytest.mark.parametrize(
    ("host", "is_refused"),
    [
        ("www.paper.example", False),
        ("paper.example", False),
        ("evilpaper.example", True),
        ("paper.example.evil.test", True),
        ("paperxexample.test", True),
    ],
)
def test_a_redirect_stays_on_the_site_whatever_the_other_host_looks_like(host: str, is_refused: bool) -> None:
    crawler = get_crawler()
    crawler.spider = crawler._create_spider("paper")
    crawler.spider.allowed_domains = ["paper.example"]  # type: ignore[attr-defined]
    meta = {"redirect_times": 1, "redirect_urls": ["http://paper.example/1"]}
    request = Request(f"http://{host}/1", meta=meta)
    middleware = GuardMiddleware.from_crawler(crawler)
    if is_refused:
        with pytest.raises(Refused) as refusal:
            middleware.process_request(request)
        assert refusal.value.reason == "offsite-redirect"
    else:
        middleware.process_request(request)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.3.4"])
def test_an_open_socket_to_a_forbidden_address_gets_no_byte(address: str) -> None:
    """The resolver may have been asked something else: this looks at who is at the other end."""
    factory = _GuardedFactory(AddressPolicy.of(get_crawler()), lambda protocol: None, "")
    with pytest.raises(Refused) as refusal:
        factory.buildProtocol(IPv4Address("TCP", address, 80))
    assert refusal.value.reason == "forbidden-address"
    with pytest.raises(Refused):
        factory.buildProtocol(IPv6Address("TCP", f"::ffff:{address}", 80))


def test_an_open_socket_to_a_public_address_is_used() -> None:
    factory = _GuardedFactory(AddressPolicy.of(get_crawler()), lambda protocol: None, "")
    assert isinstance(factory.buildProtocol(IPv4Address("TCP", "8.8.8.8", 80)), _BoundedProtocol)


def _redirected(domains: list[str], first: str, target: str, **meta: object) -> str | None:
    """Why a request that came from `first` by a redirect is refused; None when it is not."""
    crawler = get_crawler()
    crawler.spider = crawler._create_spider("paper")
    crawler.spider.allowed_domains = domains  # type: ignore[attr-defined]
    request = Request(target, meta={"redirect_times": 1, "redirect_urls": [first], **meta})
    try:
        GuardMiddleware.from_crawler(crawler).process_request(request)
    except Refused as refusal:
        return refusal.reason
    return None


def test_a_page_on_another_host_makes_that_host_none_of_the_publishers() -> None:
    first, target = "http://feeds.example/1", "http://feeds.example/2"
    assert _redirected(["paper.example"], first, target) == "offsite-redirect"
    # As for a feed that is declared there.
    assert _redirected(["paper.example"], first, target, allow_offsite=True) is None
    assert _redirected(["paper.example"], first, "http://evil.example/2", allow_offsite=True) == "offsite-redirect"


def test_a_spider_without_domains_stays_where_it_was_sent() -> None:
    hops = ["http://paper.example/1", "http://evil.example/2"]
    assert _redirected([], hops[0], "http://evil.example/3", redirect_urls=hops) == "offsite-redirect"
    assert _redirected([], hops[0], "http://paper.example/3", redirect_urls=hops) is None
    assert _redirected([], "http://www.paper.example/1", "http://paper.example/2") is None
    assert _redirected([], "http://www.paper.example/1", "http://evil.example/2") == "offsite-redirect"


def test_robots_txt_may_be_redirected_to_another_host_and_no_page() -> None:
    first, target = "http://paper.example/robots.txt", "http://other.example/robots.txt"
    assert _redirected(["paper.example"], first, target) == "offsite-redirect"
    assert _redirected(["paper.example"], first, target, newscrawl_robots=True) is None


def _refused(middleware: GuardMiddleware, url: str, **meta: object) -> Refused:
    with pytest.raises(Refused) as refusal:
        middleware.process_request(Request(url, meta=meta))
    return refusal.value


def _counted(middleware: GuardMiddleware, reason: str) -> int:
    assert middleware.crawler.stats is not None
    count = middleware.crawler.stats.get_value(f"newscrawl/refused/{reason}", 0)
    assert isinstance(count, int)
    return count


def test_a_redirect_off_the_site_is_told_by_the_hop_that_leads_there() -> None:
    crawler = get_crawler()
    crawler.spider = crawler._create_spider("paper")
    crawler.spider.allowed_domains = ["paper.example"]  # type: ignore[attr-defined]
    middleware = GuardMiddleware.from_crawler(crawler)
    hops = ["http://paper.example/1", "http://paper.example/2"]
    refusal = _refused(middleware, "http://evil.example/", redirect_times=2, redirect_urls=hops)
    assert str(refusal) == "Refused http://evil.example/: http://paper.example/2 leads off the site"
    assert _counted(middleware, "offsite-redirect") == 1


def test_a_port_that_is_none() -> None:
    """w3lib lets none through today; a request of another make may bring one."""
    request = Request("http://paper.example/")
    request._url = "http://paper.example:99999/"
    with pytest.raises(Refused, match="the port is not a number") as refusal:
        guard().process_request(request)
    assert refusal.value.reason == "forbidden-port"


def test_what_was_removed_on_request_is_counted_and_not_asked_for() -> None:
    crawler = get_crawler()
    crawler.spider = crawler._create_spider("paper")
    crawler.spider.is_forgotten = lambda url: url.endswith("/1")  # type: ignore[attr-defined]
    middleware = GuardMiddleware.from_crawler(crawler)
    assert _refused(middleware, "http://paper.example/1").reason == "forgotten"
    middleware.process_request(Request("http://paper.example/2"))
    assert _counted(middleware, "forgotten") == 1


def test_an_answer_from_a_forbidden_address_is_no_answer() -> None:
    middleware, request = guard(), Request("http://paper.example/")
    for address in (None, ipaddress.ip_address("93.184.215.14")):
        answer = Response(request.url, ip_address=address)
        assert middleware.process_response(request, answer) is answer
    with pytest.raises(Refused, match=r"answered from 10\.0\.0\.9 \(private\)") as refusal:
        middleware.process_response(request, Response(request.url, ip_address=ipaddress.ip_address("10.0.0.9")))
    assert refusal.value.reason == "forbidden-address"
    assert _counted(middleware, "forbidden-address") == 1


def test_a_refused_connection_is_counted_where_it_comes_back() -> None:
    middleware, request = guard(), Request("http://paper.example/")
    middleware.process_exception(request, Refused("offsite-redirect", "counted before"))
    refusal = Refused("forbidden-address", "Connected to 10.0.0.9")
    with pytest.raises(Refused) as raised:
        middleware.process_exception(request, refusal)
    assert raised.value is refusal
    assert [_counted(middleware, name) for name in ("offsite-redirect", "forbidden-address")] == [0, 1]


@pytest.mark.parametrize("proxy", ["http://proxy.example.com:3128", "proxy.example.com:3128"])
def test_the_users_proxy_is_used_and_no_target(proxy: str) -> None:
    """Its address may be private: it is let through by name, once it is looked up."""
    middleware = guard()
    middleware.process_request(Request("http://paper.example.com/", meta={"proxy": proxy}))
    assert middleware.policy.refuses_peer("10.0.0.9") is not None
    assert middleware.policy.refuses("proxy.example.com", "10.0.0.9") is None
    assert middleware.policy.refuses_peer("10.0.0.9") is None
    with pytest.raises(Refused) as refusal:
        middleware.process_request(Request("http://proxy.example.com/admin"))
    assert refusal.value.reason == "forbidden-address"


@pytest.mark.parametrize("is_allowed", [False, True])
def test_loopback_by_its_name_and_no_other_private_name(is_allowed: bool) -> None:
    middleware = guard(GUARD_ALLOW_LOOPBACK=is_allowed)
    for host, goes in (("localhost", is_allowed), ("127.0.0.1", is_allowed), ("router", False), ("nas.local", False)):
        if goes:
            middleware.process_request(Request(f"http://{host}:8080/"))
            continue
        with pytest.raises(Refused) as refusal:
            middleware.process_request(Request(f"http://{host}:8080/"))
        assert refusal.value.reason == "forbidden-address"


def test_a_name_that_the_resolver_refused_is_told_from_one_that_is_none() -> None:
    middleware, request = guard(), Request("http://inside.example/")
    failure = CannotResolveHostError("inside.example")
    middleware.process_exception(request, failure)
    middleware.policy.refused["inside.example"] = "10.0.0.9 (private)"
    middleware.process_exception(request, TimeoutError())
    with pytest.raises(Refused, match=r"inside\.example resolves to 10\.0\.0\.9") as refusal:
        middleware.process_exception(request, failure)
    assert refusal.value.reason == "forbidden-address"


def test_a_handler_that_is_closed_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Timer:
        cancelled = 0

        def cancel(self) -> None:
            self.cancelled += 1

    timer, pool = Timer(), Mock()
    pool.closeCachedConnections.return_value = succeed(None)
    monkeypatch.setattr(download, "call_later", lambda _delay, _call: timer)
    handler = GuardedDownloadHandler.__new__(GuardedDownloadHandler)
    handler._pool, handler._disconnect_timeout = pool, 1
    asyncio.run(handler.close())
    assert timer.cancelled == 1


def test_connections_that_do_not_close_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pool: Any = Mock()
    closing: Deferred[None] = Deferred()
    pool.closeCachedConnections.return_value = closing
    delays: list[float] = []

    def soon(delay: float, call: Callable[[], None]) -> Mock:
        delays.append(delay)
        asyncio.get_running_loop().call_later(0.05, call)
        return Mock()

    monkeypatch.setattr(download, "call_later", soon)
    handler = GuardedDownloadHandler.__new__(GuardedDownloadHandler)
    handler._pool, handler._disconnect_timeout = pool, 7
    asyncio.run(asyncio.wait_for(handler.close(), PATIENCE))
    assert delays == [7]
    assert closing.called


def test_a_handler_looks_at_each_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []

    def begin(self: Any, crawler: object) -> None:
        begun.append(crawler)
        self._pool = Mock()

    monkeypatch.setattr(HTTP11DownloadHandler, "__init__", begin)
    crawler = get_crawler()
    handler = GuardedDownloadHandler(crawler)
    assert begun == [crawler]
    assert handler._pool._factory.func is _GuardedFactory
    assert handler._pool._factory.args == (handler.policy,)


def test_a_crawl_that_is_over_forbids_nothing_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Mock(policies=[])
    monkeypatch.setattr(GuardedResolver, "on_reactor", lambda: resolver)
    first, second = guard(), guard()
    for each in (first, second):
        each.crawler.signals.send_catch_log(signals.spider_opened)
    assert resolver.policies == [first.policy, second.policy]
    first.crawler.signals.send_catch_log(signals.spider_closed)
    assert resolver.policies == [second.policy]


def test_what_is_refused_is_said_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    middleware = guard()
    with pytest.raises(Refused):
        middleware.process_request(Request("http://10.0.0.1/admin"))
    assert "Refused http://10.0.0.1/admin: host '10.0.0.1' is not public (private)" in caplog.text
    assert middleware.crawler.stats is not None
    assert middleware.crawler.stats.get_value("newscrawl/refused/forbidden-address") == 1


def _asked() -> tuple[_BoundedProtocol, list[object]]:
    """A connection on which a page was asked for, and what came of it."""
    protocol = _BoundedProtocol(lambda _: None)
    protocol.makeConnection(StringTransport())
    return protocol, _ask(protocol)


def _ask(protocol: _BoundedProtocol) -> list[object]:
    came: list[object] = []
    wanted = client.Request(b"GET", b"/", Headers({b"Host": [b"paper.example"]}), None, persistent=True)
    protocol.request(wanted).addBoth(came.append)
    return came


def _head(size: int) -> bytes:
    """The head of a response of so many bytes, without the empty line behind it."""
    start = b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n"
    line = b"X: " + b"a" * 995 + b"\r\n"
    lines, rest = divmod(size - len(start), len(line))
    return start + line * (lines - 1) + b"X: " + b"a" * (rest + 995) + b"\r\n"


_MOST = MAX_HEADER_BYTES + 65536


class _Sink(Protocol):
    """Takes a body."""


def test_headers_are_read_up_to_their_limit_and_bodies_are_none() -> None:
    protocol, came = _asked()
    protocol.dataReceived(_head(_MOST))
    assert came == []
    protocol, came = _asked()
    for _ in range(4):  # the count begins anew with each request on a connection
        protocol.dataReceived(_head(200_000) + b"\r\n")
        (response,) = came
        response.deliverBody(_Sink())  # type: ignore[attr-defined]
        for _ in range(2):
            protocol.dataReceived(b"x" * 100_000)
        came = _ask(protocol)


def test_one_byte_more_of_headers_ends_the_connection() -> None:
    protocol, came = _asked()
    protocol.dataReceived(_head(_MOST + 1))
    (failure,) = came
    assert [reason.type for reason in failure.value.reasons] == [HeaderFloodError]  # type: ignore[attr-defined]


def test_headers_that_come_in_pieces_are_counted_together() -> None:
    protocol, came = _asked()
    for at in range(0, _MOST + 1, 50_000):
        protocol.dataReceived(_head(_MOST + 1)[at : at + 50_000])
    assert len(came) == 1


def test_a_connection_without_a_request_ends_at_its_first_byte() -> None:
    """What a server says unasked is no answer to the next request."""
    protocol = _BoundedProtocol(lambda _: None)
    transport = StringTransport()
    protocol.makeConnection(transport)
    protocol.dataReceived(b"HTTP/1.1 200 OK\r\n")
    assert transport.disconnecting
