"""Name resolution that gives out only addresses a crawler may talk to.

Twisted connects to exactly the addresses that this resolver hands on, so a name that answers differently the second
time (DNS rebinding) gains nothing: there is no second time.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from twisted.internet.interfaces import IAddress, IHostnameResolver
from zope.interface import implementer

from .addresses import forbidden, literal


@dataclass(slots=True, eq=False)
class AddressPolicy:
    """What one crawl may connect to.

    The user's own proxies are let through by name: they are the user's choice, and the guard refuses them as targets.
    """

    allow_loopback: bool = False
    proxies: set[str] = field(default_factory=set)
    proxy_addresses: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, crawler: Crawler) -> AddressPolicy:
        """The crawl's one policy, from GUARD_ALLOW_LOOPBACK and the proxies in the environment."""
        if crawler not in _policies:
            # The environment's no_proxy, which comes along, names hosts that are reached without one.
            addresses = [url for scheme, url in getproxies().items() if scheme != "no"]
            hosts = {urlsplit(url if "//" in url else f"//{url}").hostname for url in addresses}
            _policies[crawler] = cls(crawler.settings.getbool("GUARD_ALLOW_LOOPBACK"), {host for host in hosts if host})
        return _policies[crawler]

    def refuses(self, host: str, address: str) -> str | None:
        """Why `host` at `address` (a literal) may not be connected to; None when it may. Remembers refused hosts."""
        if host in self.proxies:
            self.proxy_addresses.add(address)
            return None
        name = forbidden(ipaddress.ip_address(address.partition("%")[0]), allow_loopback=self.allow_loopback)
        if name:
            self.refused[host] = f"{address}, {name}"
        return name

    def refuses_peer(self, address: str) -> str | None:
        """Why a connection that was made to `address` may not be used; None when it may."""
        if address in self.proxy_addresses or address in self.proxies:
            return None
        return forbidden(ipaddress.ip_address(address.partition("%")[0]), allow_loopback=self.allow_loopback)


_policies: WeakKeyDictionary[Crawler, AddressPolicy] = WeakKeyDictionary()


class _FilteringReceiver:
    """Passes on the addresses that some open crawl allows."""

    def __init__(self, receiver: Any, host: str, policies: Sequence[AddressPolicy]) -> None:
        self._receiver = receiver
        self._host = host
        self._policies = policies

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        # Every policy is asked, so that each remembers what it refused.
        verdicts = [policy.refuses(self._host, address.host) for policy in self._policies]
        if not verdicts or None in verdicts:
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Wraps the reactor's resolver, whichever it is; one a process, shared by the crawls that run in it."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.policies: list[AddressPolicy] = []

    @classmethod
    def on_reactor(cls) -> GuardedResolver:
        """The guarded resolver of the running reactor, installed over the present one when it is not there yet."""
        from twisted.internet import reactor

        current = reactor.nameResolver
        if isinstance(current, cls):
            return current
        guarded = cls(current)
        reactor.installNameResolver(guarded)
        return guarded

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        receiver = _FilteringReceiver(resolutionReceiver, hostName, tuple(self.policies))
        # The C library reads "127.1" and "0x7f000001" as addresses; told apart here, both resolvers agree.
        address = literal(hostName)
        name = str(address) if address and address.version == 4 else hostName
        return self._inner.resolveHostName(receiver, name, portNumber, addressTypes, transportSemantics)
