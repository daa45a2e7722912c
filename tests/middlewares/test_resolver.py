"""Names lead to addresses that some crawl of the process may talk to, and to no others."""

from __future__ import annotations

from typing import Any

import pytest
import twisted.internet
from scrapy.utils.test import get_crawler
from twisted.internet.address import IPv4Address, IPv6Address

from newscrawl.middlewares.resolver import AddressPolicy, GuardedResolver

ADDRESSES = {
    "paper.example": ["8.8.8.8", "10.0.0.1"],
    "rebound.example": ["169.254.169.254"],
    "six.example": ["2606:4700::1111", "::1"],
    "127.0.0.1": ["127.0.0.1"],
}


class _Inner:
    """A resolver that knows these names."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def resolveHostName(self, receiver: Any, name: str, port: int, types: Any, transport: str) -> Any:  # noqa: N802
        self.asked.append(name)
        receiver.resolutionBegan(self)
        for address in ADDRESSES.get(name, []):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return self


class _Receiver:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self.heard.append("began")

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.heard.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.heard.append("complete")


def resolve(host: str, *policies: AddressPolicy) -> list[str]:
    resolver = GuardedResolver(_Inner())
    resolver.policies.extend(policies)
    receiver = _Receiver()
    resolver.resolveHostName(receiver, host, 80)
    assert (receiver.heard[0], receiver.heard[-1]) == ("began", "complete")
    return receiver.heard[1:-1]


def test_of_a_name_with_two_addresses_only_the_public_one_is_given_out() -> None:
    policy = AddressPolicy()
    assert resolve("paper.example", policy) == ["8.8.8.8"]
    assert resolve("six.example", policy) == ["2606:4700::1111"]
    assert resolve("rebound.example", policy) == []
    assert policy.refused == {
        "paper.example": "10.0.0.1, private",
        "six.example": "::1, loopback",
        "rebound.example": "169.254.169.254, link-local",
    }


def test_what_one_crawl_of_the_process_may_ask_is_given_out_and_each_remembers_what_it_may_not() -> None:
    strict, demo = AddressPolicy(), AddressPolicy(allow_loopback=True)
    for policies in ((strict, demo), (demo, strict)):
        assert resolve("127.0.0.1", *policies) == ["127.0.0.1"]
    assert strict.refused == {"127.0.0.1": "127.0.0.1, loopback"}
    assert demo.refused == {}
    # Without a crawl nobody is guarded: another library of the process may look names up.
    assert resolve("rebound.example") == ["169.254.169.254"]


def test_a_proxy_may_be_anywhere_and_only_it() -> None:
    policy = AddressPolicy(proxies={"paper.example"})
    assert resolve("paper.example", policy) == ["8.8.8.8", "10.0.0.1"]
    assert policy.refused == {}
    assert policy.refuses_peer("10.0.0.1") is None
    assert policy.refuses_peer("10.0.0.2") == "private"
    assert AddressPolicy(proxies={"10.0.0.7"}).refuses_peer("10.0.0.7") is None


def test_a_zone_of_an_interface_is_no_part_of_an_address() -> None:
    assert AddressPolicy().refuses("x.example", "fe80::1%eth0") == "link-local"
    assert AddressPolicy().refuses_peer("fe80::1%eth0") == "link-local"


@pytest.mark.parametrize(("host", "asked"), [("0x7f.1", "127.0.0.1"), ("paper.example", "paper.example")])
def test_every_spelling_of_an_address_is_looked_up_as_it_is_read_here(host: str, asked: str) -> None:
    inner = _Inner()
    GuardedResolver(inner).resolveHostName(_Receiver(), host, 80)
    assert inner.asked == [asked]


def test_proxies_are_those_of_the_environment_by_their_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://user:secret@proxy.example:3128")
    monkeypatch.setenv("https_proxy", "bare.example:3128")
    crawler = get_crawler(settings_dict={"GUARD_ALLOW_LOOPBACK": True})
    policy = AddressPolicy.of(crawler)
    assert policy.proxies >= {"proxy.example", "bare.example"}
    assert policy.allow_loopback
    assert AddressPolicy.of(crawler) is policy
    assert not AddressPolicy.of(get_crawler()).allow_loopback


def test_the_reactors_resolver_is_wrapped_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class _Reactor:
        nameResolver: Any = _Inner()  # noqa: N815

        def installNameResolver(self, resolver: Any) -> None:  # noqa: N802
            self.nameResolver = resolver

    reactor = _Reactor()
    monkeypatch.setattr(twisted.internet, "reactor", reactor, raising=False)
    guarded = GuardedResolver.on_reactor()
    assert reactor.nameResolver is guarded
    assert GuardedResolver.on_reactor() is guarded
    assert guarded.policies == []
