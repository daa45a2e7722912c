"""Sending: to the addresses that apprise understands (the extra `alerts`), and to the URL of a dead man's switch.

An address may hold a password or a token, and so may the requests that are made of it: nothing here names more of it
than its kind, and the loggers of those who send are silent.
"""

from __future__ import annotations

import http.client
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

from newscrawl.program import lacks
from newscrawl.storage import StorageError

if TYPE_CHECKING:
    import apprise

#: Whose lines would hold whole addresses.
_TALKATIVE = ("apprise", "urllib3", "requests_oauthlib", "oauthlib")
_SILENT = logging.CRITICAL + 1
_PING_SECONDS = 10
# What healthchecks keeps of a body.
_PING_BYTES = 100_000


def addresses_of(entries: Iterable[str]) -> list[str]:
    """The addresses of ALERTS: an entry `@FILE` stands for the lines of a file. StorageError if it is not readable."""
    found: list[str] = []
    for entry in entries:
        if not entry.startswith("@"):
            found.append(entry)
            continue
        path = Path(entry[1:]).expanduser()
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError as error:
            raise StorageError.of(error, path, "read") from error
        except UnicodeDecodeError:
            raise StorageError(f"cannot read {path}: it is not UTF-8") from None
        found += [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return found


def send(addresses: Iterable[str], title: str, text: str) -> list[str]:
    """Sends a message to each address; a sentence for each that did not take it."""
    try:
        import apprise
    except ImportError:
        return [lacks("alerts need apprise", "alerts")]
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(_SILENT)
    return [
        f"the alert to address {number}{_kind(address)} was not sent: {why}"
        for number, address in enumerate(addresses, 1)
        if (why := _refusal(apprise.Apprise(), address, title, text))
    ]


def _refusal(sender: apprise.Apprise, address: str, title: str, text: str) -> str:
    """Why an address did not take a message; empty where it did."""
    try:
        if not sender.add(address):
            return "apprise does not understand it"
        return "" if sender.notify(title=title, body=text) else "it was refused, or nobody answers"
    except Exception as error:  # noqa: BLE001  # one of a hundred services, and no alert may break a run
        return type(error).__name__


def _kind(address: str) -> str:
    scheme = address.partition("://")[0]
    return f" ({scheme}://)" if scheme.isalnum() and scheme != address else ""


def ping(url: str, *, failed: bool, text: str) -> str:
    """Tells a dead man's switch how a run went, as healthchecks has it: POST to the URL, and below it to `/fail`.

    A sentence where that failed, else an empty string.
    """
    parts = urlsplit(url)
    if failed:
        parts = parts._replace(path=f"{parts.path.rstrip('/')}/fail")
    body = text.encode()[:_PING_BYTES]
    try:
        request = Request(urlunsplit(parts), data=body, headers={"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310
        with urlopen(request, timeout=_PING_SECONDS):  # noqa: S310  # setting_values lets http and https in alone
            return ""
    except HTTPError as error:
        return f"PING_URL was not told: HTTP {error.code}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"PING_URL was not told: {getattr(error, 'reason', None) or type(error).__name__}"
