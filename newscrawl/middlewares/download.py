"""The HTTP download handler: Scrapy's own, with a look at who is at the other end and a limit on headers."""

from __future__ import annotations

from functools import partial
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol

from .outcomes import HeaderFloodError, Refused
from .resolver import AddressPolicy

MAX_HEADER_BYTES = 256 * 1024


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Gives up on a response whose headers, interim responses included, go on for more than MAX_HEADER_BYTES."""

    _header_bytes: int

    def request(self, request: Any) -> Any:
        self._header_bytes = 0
        return super().request(request)

    def dataReceived(self, bytes: bytes) -> None:  # noqa: N802, A002 (the parameter's name is Twisted's)
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._header_bytes += len(bytes)
            if self._header_bytes > MAX_HEADER_BYTES + 65536:  # one read may carry the start of the body
                flood = HeaderFloodError(f"more than {MAX_HEADER_BYTES} bytes of headers")
                self._giveUp(Failure(flood))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(bytes)  # type: ignore[no-untyped-call]


class _GuardedFactory(_LenientHTTP11ClientFactory):
    def __init__(self, policy: AddressPolicy, quiescent_callback: Any, metadata: str) -> None:
        super().__init__(quiescent_callback, metadata)  # type: ignore[no-untyped-call]
        self._policy = policy

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802
        # The last gate: the socket is open and not a byte has been sent.
        if addr is not None and (name := self._policy.refuses_peer(addr.host)):
            raise Refused("forbidden-address", f"Connected to {addr.host}, which is not a public address ({name})")
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """For `http` and `https` in DOWNLOAD_HANDLERS; asks the crawl's own AddressPolicy before each new connection."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.policy = AddressPolicy.of(crawler)
        # Scrapy has no public seat for the connection factory; the fault catalogue notices when it moves.
        self._pool._factory = partial(_GuardedFactory, self.policy)  # type: ignore[assignment]

    async def close(self) -> None:
        """As Scrapy's own, which raises in the event loop when connections close in the moment at which time is up."""
        closing: Deferred[None] = self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]

        def give_up() -> None:
            if not closing.called:
                closing.callback(None)

        timer = call_later(self._disconnect_timeout, give_up)
        try:
            await maybe_deferred_to_future(closing)
        finally:
            timer.cancel()
