"""Which IP addresses a crawler of public news may talk to."""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from newscrawl.tables import read_table

Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")
_LEGACY_CHARACTERS = frozenset("0123456789abcdefx.")


@cache
def _special_networks() -> tuple[tuple[IPv4Network | IPv6Network, str], ...]:
    rows = (line.split("\t") for line in read_table("newscrawl.middlewares", "addresses.tsv"))
    return tuple((ipaddress.ip_network(network), name) for network, name, _ in rows)


def _embedded(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def forbidden(address: Address, *, allow_loopback: bool = False) -> str | None:
    """Why a crawler may not talk to this address ("loopback", "private", "link-local" ...), or None when it may.

    Addresses inside IPv6 (mapped, 6to4, Teredo, NAT64) count as themselves. Source: IANA's special-purpose registries.
    """
    for inner in _embedded(address):
        if name := forbidden(inner, allow_loopback=allow_loopback):
            return name
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in _NAT64):
        return None
    if address.is_loopback:
        return None if allow_loopback else "loopback"
    for network, name in _special_networks():
        if address in network:
            return name
    for name in ("unspecified", "link_local", "multicast", "reserved", "private"):
        if getattr(address, f"is_{name}"):
            return name.replace("_", "-")
    return None if address.is_global else "not-global"


@lru_cache(maxsize=1024)  # asked twice of every request, whose hosts are few
def literal(host: str) -> Address | None:
    """The address that a URL's host spells, or None for a name.

    Reads what the C library reads: dotted, short ("127.1"), decimal ("2130706433"), hexadecimal and octal IPv4 forms,
    full-width digits and ideographic stops, IPv6 with and without brackets or zone.
    """
    host = unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").partition("%")[0].rstrip(".").lower()
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if not host or not set(host) <= _LEGACY_CHARACTERS or not host[0].isdigit():
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
