"""Every way in which a request can end without an article, each with one name that stats and the state record."""

from __future__ import annotations

import re
import zlib

import brotli
from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed


class Refused(IgnoreRequest):
    """We do not send this request, or do not take its answer; `reason` is the name that is counted."""

    def __init__(self, reason: str, message: str, response: Response | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.response = response


class Postponed(Refused):
    """Not now: the URL stays pending in the state, and a later run may fetch it."""


class Reserved(Postponed):
    """The site reserves the page from a use that the user wants to respect; others may be free."""


class Blocked(Refused):
    """The publisher answered with a wall or an empty shell in place of a page; `reason` is its kind."""


class HeaderFloodError(Exception):
    """A response whose header section is larger than any honest one."""


#: HTTP statuses of a wall.
WALLED = frozenset({401, 402, 403, 451})
# Kinds of Blocked that are walls, not pages that are missing.
_WALLS = frozenset({"challenge", "captcha", "consent", "login", "js-shell", "refused"})

_BY_CLASS: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "connection-refused"),
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, "too-large"),
    (ResponseDataLossError, "truncated"),
    (UnsupportedURLSchemeError, "scheme"),
    (HeaderFloodError, "header-flood"),
    (TLSError, "tls"),
    (VerificationError, "tls"),
    (ParseError, "malformed-response"),
    (ConnectionClosed, "reset"),
    (ConnectError, "unreachable"),
    (zlib.error, "bad-encoding"),
    (brotli.error, "bad-encoding"),
    (EOFError, "bad-encoding"),
)
_DECOMPRESSION = re.compile(r"exceeded DOWNLOAD_MAXSIZE")


def is_wall(error: BaseException) -> bool:
    """Whether an answer is no page though the publisher has the story: others may read it, and its feed may tell it."""
    if isinstance(error, HttpError):
        return error.response.status in WALLED
    return isinstance(error, Blocked) and error.reason in _WALLS


def reason_of(error: BaseException) -> str:
    """The name of a download's failure: one lower-case word or two, the same for the same cause."""
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, HttpError):
        return f"http-{error.response.status}"
    if isinstance(error, IgnoreRequest):
        return _reason_of_ignored(str(error))
    if isinstance(error, DownloadFailedError) and isinstance(error.__cause__, ResponseFailed):
        return _reason_of_failed(error.__cause__)
    for kind, name in _BY_CLASS:
        if isinstance(error, kind):
            return name
    if type(error).__name__ == "ZstdError" or isinstance(error, OSError):
        return "bad-encoding"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()


def _reason_of_ignored(message: str) -> str:
    # Scrapy tells its own refusals apart by their text alone.
    if message == "max redirections reached":
        return "redirect-loop"
    if message.startswith("Filtered offsite"):
        return "offsite"
    return "too-large" if _DECOMPRESSION.search(message) else "ignored"


def _reason_of_failed(failed: ResponseFailed) -> str:
    """The most telling of the reasons that Twisted collected for one response."""
    causes = [cause.value for cause in failed.reasons]
    for kind, name in _BY_CLASS:
        if any(isinstance(cause, kind) for cause in causes):
            return name
    return "malformed-response" if any(isinstance(cause, ValueError | KeyError) for cause in causes) else "reset"
