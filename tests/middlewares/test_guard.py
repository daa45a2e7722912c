"""The guard's own gates, each without the ones before it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.utils.test import get_crawler
from twisted.internet.address import IPv4Address, IPv6Address

from newscrawl.middlewares.download import _BoundedProtocol, _GuardedFactory
from newscrawl.middlewares.guard import GuardMiddleware
from newscrawl.middlewares.outcomes import Refused
from newscrawl.middlewares.resolver import AddressPolicy


def guard() -> GuardMiddleware:
    return GuardMiddleware.from_crawler(get_crawler())


GUARD = guard()


@settings(deadline=None)
@given(st.integers(1, 65535))
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
