"""Who is told: a server on loopback that keeps what is posted to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hook:
    """`posts` are pairs of path and body, in the order in which they came; `status` is what is answered."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, str]] = []
        self.status = 200
        self.port = 0

    @contextmanager
    def served(self) -> Iterator[Hook]:
        """Answers on a port of its own."""
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                hook.posts.append((self.path, body))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.port = server.server_port
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    @property
    def address(self) -> str:
        """As apprise has it, with a password."""
        return f"json://desk:s3cret@127.0.0.1:{self.port}/alerts/t0ken"

    @property
    def url(self) -> str:
        """Of the dead man's switch."""
        return f"http://127.0.0.1:{self.port}/ping/t0ken"
