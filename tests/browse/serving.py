"""A reader that is running, and what it answers over loopback."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from lxml import html

from newscrawl.browse.index import update
from newscrawl.browse.server import Server
from tests.patience import PATIENCE


class Asked:
    """A running reader."""

    def __init__(self, server: Server) -> None:
        self.port = server.port

    def raw(self, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest(method, target, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        answer = response.status, dict(response.getheaders()), response.read()
        connection.close()
        return answer

    def page(self, path: str, status: int = 200, **arguments: Any) -> html.HtmlElement:
        """A page as a tree."""
        query = urlencode({name.rstrip("_"): value for name, value in arguments.items()}, doseq=True)
        found, headers, body = self.raw(quote(path) + (f"?{query}" if query else ""))
        assert found == status, body.decode()
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        return html.document_fromstring(body.decode())


@contextmanager
def serving(data_dir: Path, **options: Any) -> Iterator[Asked]:
    update(data_dir)
    server = Server(data_dir, **{"host": "127.0.0.1", "port": 0, **options})
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Asked(server)
    finally:
        server.close()
        thread.join(PATIENCE)
