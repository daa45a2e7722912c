"""Who may ask the reader: the right host, by GET, with the password where there is one; and what browsers are told.

A page on the web can make its name lead to this machine (DNS rebinding); the Host header then still bears its name.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from newscrawl.browse.listening import is_loopback

_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
#: What every page is told: nothing from elsewhere, no script, no frame around it, forms only to here.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: A page whose pictures were asked for.
WITH_PICTURES = POLICY.replace("img-src 'none'", "img-src https: http:")
#: A page of another making, which brings its own style and must not do anything.
EMBEDDED = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guard(app: Flask, host: str, password: str | None) -> None:
    """Has every request and every answer of an application checked."""

    @app.before_request
    def _check() -> Response | None:
        if not _is_ours(request.headers.get("Host", ""), host):
            abort(421)
        if request.method not in ("GET", "HEAD"):
            abort(405, response=Response("only GET\n", 405, {"Allow": "GET, HEAD"}, mimetype="text/plain"))
        if password is not None and not _knows(password):
            realm = {"WWW-Authenticate": 'Basic realm="newscrawl", charset="UTF-8"'}
            return Response(
                "the password is in the file that newscrawl browse was given\n", 401, realm, mimetype="text/plain"
            )
        return None

    @app.after_request
    def _tell(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _is_ours(header: str, host: str) -> bool:
    """Whether a Host header names the place that we listen on."""
    try:
        asked = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if is_loopback(host):
        return asked in _LOCAL
    if asked in (host, *_LOCAL, socket.gethostname().lower(), socket.getfqdn().lower()):
        return True
    # On all addresses: each of them, but no name that somebody else may have given them.
    try:
        ipaddress.ip_address(asked)
    except ValueError:
        return False
    return host in ("0.0.0.0", "::")  # noqa: S104


def _knows(password: str) -> bool:
    given = request.authorization.password if request.authorization and request.authorization.type == "basic" else None
    return given is not None and hmac.compare_digest(given.encode(), password.encode())
