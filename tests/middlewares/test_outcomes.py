"""Every way in which a request ends has one name, and walls are told from pages that are missing."""

from __future__ import annotations

import zlib

import brotli
import pytest
from backports import zstd
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
from twisted.internet.error import ConnectError, ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed

from newscrawl.middlewares.outcomes import Blocked, HeaderFloodError, Postponed, Refused, is_wall, reason_of


def answered(status: int) -> HttpError:
    return HttpError(Response("http://paper.test/", status=status))


def failed(*causes: Exception) -> DownloadFailedError:
    """As Scrapy has it where Twisted collected causes."""
    error = DownloadFailedError("failed")
    error.__cause__ = ResponseFailed([Failure(cause) for cause in causes])
    return error


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (Refused("robots", "closed"), "robots"),
        (Postponed("host-down", "later"), "host-down"),
        (Blocked("captcha", "a wall"), "captcha"),
        (answered(404), "http-404"),
        (answered(503), "http-503"),
        (CannotResolveHostError(), "dns"),
        (DownloadConnectionRefusedError(), "connection-refused"),
        (DownloadTimeoutError(), "timeout"),
        (DownloadCancelledError(), "too-large"),
        (ResponseDataLossError(), "truncated"),
        (UnsupportedURLSchemeError(), "scheme"),
        (HeaderFloodError(), "header-flood"),
        (TLSError(), "tls"),
        (VerificationError([]), "tls"),
        (ParseError("x", b""), "malformed-response"),
        (ConnectionLost(), "reset"),
        (ConnectError(), "unreachable"),
        (zlib.error(), "bad-encoding"),
        (brotli.error(), "bad-encoding"),
        (zstd.ZstdError(), "bad-encoding"),
        (EOFError(), "bad-encoding"),
        (IgnoreRequest("max redirections reached"), "redirect-loop"),
        (IgnoreRequest("Filtered offsite request to 'other.test'"), "offsite"),
        (IgnoreRequest("Ignoring response: it exceeded DOWNLOAD_MAXSIZE"), "too-large"),
        (IgnoreRequest("no reason"), "ignored"),
        # The most telling of several causes; what is our own is called by its name.
        (failed(ConnectionLost(), HeaderFloodError()), "header-flood"),
        (failed(ConnectionLost(), ParseError("x", b"")), "malformed-response"),
        (failed(ConnectionLost()), "reset"),
        (failed(ValueError()), "malformed-response"),
        (failed(RuntimeError()), "reset"),
        (RuntimeError(), "runtime-error"),
    ],
)
def test_every_end_has_a_name(error: Exception, name: str) -> None:
    assert reason_of(error) == name


@pytest.mark.parametrize("status", [401, 402, 403, 451])
def test_a_status_that_refuses_is_a_wall(status: int) -> None:
    assert is_wall(answered(status))


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_a_status_that_says_something_else_is_none(status: int) -> None:
    assert not is_wall(answered(status))


@pytest.mark.parametrize("kind", ["challenge", "captcha", "consent", "login", "js-shell", "refused"])
def test_a_page_in_the_publishers_way_is_a_wall(kind: str) -> None:
    assert is_wall(Blocked(kind, ""))
    # Who is refused by us has met none.
    assert not is_wall(Refused(kind, ""))


@pytest.mark.parametrize("kind", ["not-found", "error-page", "parked", "not-a-page", "partial", "unasked-304"])
def test_a_page_that_is_missing_is_no_wall(kind: str) -> None:
    assert not is_wall(Blocked(kind, ""))


def test_no_failure_of_the_network_is_a_wall() -> None:
    for error in (DownloadTimeoutError(), CannotResolveHostError(), failed(ConnectionLost())):
        assert not is_wall(error)
