"""Which addresses a crawler may talk to, however they are spelled."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.utils.test import get_crawler

from newscrawl.middlewares.addresses import _embedded, forbidden, literal
from newscrawl.middlewares.resolver import AddressPolicy

PUBLIC = ["8.8.8.8", "1.1.1.1", "185.15.59.224", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"]
FORBIDDEN = {
    "127.0.0.1": "loopback",
    "::1": "loopback",
    "::ffff:127.0.0.1": "loopback",
    "10.1.2.3": "private",
    "172.16.0.1": "private",
    "192.168.1.1": "private",
    "169.254.169.254": "link-local",
    "::ffff:169.254.169.254": "link-local",
    "64:ff9b::a9fe:a9fe": "link-local",
    "2002:7f00:1::": "loopback",
    "168.63.129.16": "cloud-metadata",
    "100.100.100.200": "cloud-metadata",
    "fd00:ec2::254": "cloud-metadata",
    "100.64.0.1": "not-global",
    "0.0.0.0": "unspecified",
    "::": "ipv4-compatible",
    "224.0.0.1": "multicast",
    "255.255.255.255": "reserved",
    "fe80::1": "link-local",
    "fc00::1": "private",
    "fec0::1": "site-local",
    "198.18.0.1": "private",
    "203.0.113.9": "private",
    "2001:db8::1": "private",
    "64:ff9b:1::a00:1": "nat64-local",
    "::10.0.0.1": "ipv4-compatible",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert forbidden(ipaddress.ip_address(address)) is None


@pytest.mark.parametrize(("address", "name"), FORBIDDEN.items())
def test_other_addresses_are_named(address: str, name: str) -> None:
    assert forbidden(ipaddress.ip_address(address)) == name


def test_loopback_is_allowed_by_explicit_setting_alone() -> None:
    for address in ("127.0.0.1", "::1", "::ffff:127.9.9.9"):
        assert forbidden(ipaddress.ip_address(address), allow_loopback=True) is None
    assert forbidden(ipaddress.ip_address("10.0.0.1"), allow_loopback=True) == "private"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "127.0.0.1.",
    ],
)
def test_every_spelling_of_loopback_is_read(host: str) -> None:
    assert literal(host) == ipaddress.ip_address("127.0.0.1")


@pytest.mark.parametrize("host", ["10.0.0.15", "0xa00000f", "0xa.0xf", "012.0.0.0xf", "10.0xf"])
def test_a_spelling_may_end_in_a_letter(host: str) -> None:
    assert literal(host) == ipaddress.ip_address("10.0.0.15")


@pytest.mark.parametrize("host", ["[::1]", "::1", "[::1%25lo]", "0:0:0:0:0:0:0:1"])
def test_ipv6_literals_are_read(host: str) -> None:
    assert literal(host) == ipaddress.ip_address("::1")


@pytest.mark.parametrize(
    "host", ["example.com", "10.example.com", "a1.b2", "", "127.0.0.1.example.com", "1.2.3.4.5", "0xg", "1.2.3.4 x"]
)
def test_names_are_no_addresses(host: str) -> None:
    assert literal(host) is None


@given(st.text("0123456789abcdefx.", max_size=20))
def test_we_read_every_address_that_the_c_library_reads(host: str) -> None:
    try:
        expected = ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return
    assert literal(host) == expected


@given(st.ip_addresses(v=4))
def test_an_address_inside_ipv6_counts_as_itself(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    nat64 = ipaddress.IPv6Address(ipaddress.IPv6Address("64:ff9b::").packed[:12] + address.packed)
    assert forbidden(mapped) == forbidden(address)
    if forbidden(address):
        assert forbidden(nat64) == forbidden(address)


def test_what_nat64_leads_to_is_read_to_the_last_bit() -> None:
    for last in (14, 15):
        assert list(_embedded(ipaddress.IPv6Address(f"64:ff9b::5db8:d7{last:02x}"))) == [
            ipaddress.IPv4Address(f"93.184.215.{last}")
        ]


def test_no_proxy_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.test:3128")
    monkeypatch.setenv("no_proxy", "www.paper.test,10.0.0.5")
    policy = AddressPolicy.of(get_crawler())
    assert policy.proxies == {"proxy.test"}
    assert policy.refuses_peer("10.0.0.5") is not None
