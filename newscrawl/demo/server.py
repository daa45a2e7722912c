"""The newspaper on loopback: a real HTTP server that is used as a plain HTTP proxy.

Requests come in absolute form (GET http://www.aldifaf.test/...), as to a proxy, or in origin form with a Host header.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlsplit

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.sites import NOT_FOUND, SITES, AlwahaSite, Answer


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as it was answered."""

    url: str
    status: int
    user_agent: str


def _now() -> datetime:
    return datetime.now(UTC)


class NewsServer:
    """Serves the newsroom's papers from a thread; a context manager.

    `delay` is how long (s) every answer takes; `clock` tells the papers the time. `hits` records what was asked for.
    One article of الواحة answers its first request with 503.
    """

    def __init__(
        self, newsroom: Newsroom, *, port: int = 0, delay: float = 0.0, clock: Callable[[], datetime] = _now
    ) -> None:
        self._newsroom = newsroom
        self._clock = clock
        self._delay = delay
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stalling = {newsroom.pieces[AlwahaSite.slug][-10].url}
        self.hits: list[Hit] = []
        self._http = _Http(("127.0.0.1", port), _Handler)
        self._http.news = self

    @property
    def proxy(self) -> str:
        """The server's address, for use as an HTTP proxy."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def turn_to(self, newsroom: Newsroom) -> None:
        """Serve another edition from now on."""
        self._newsroom = newsroom

    def statuses(self) -> Counter[int]:
        """How many requests got which status."""
        with self._lock:
            return Counter(hit.status for hit in self.hits)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._http.serve_forever, name="demo newspaper", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def answer(self, url: str, user_agent: str, unchanged: Callable[[Answer], bool]) -> Answer:
        """The answer to a request, recorded; `unchanged` says whether the client already has it."""
        if self._delay:
            time.sleep(self._delay)
        answer = self._find(url)
        if answer.status == 200 and unchanged(answer):
            answer = Answer(304, etag=answer.etag, changed=answer.changed)
        with self._lock:
            self.hits.append(Hit(url, answer.status, user_agent))
        return answer

    def _find(self, url: str) -> Answer:
        with self._lock:
            if url in self._stalling:
                self._stalling.discard(url)
                return Answer(503, "الخادم مشغول".encode(), "text/plain; charset=utf-8", {"Retry-After": "1"})
        parts = urlsplit(url)
        newsroom = self._newsroom
        for kind in SITES:
            if parts.hostname == newsroom.papers[kind.slug].host:
                return kind(newsroom, self._clock()).answer(parts.path + (f"?{parts.query}" if parts.query else ""))
        return NOT_FOUND


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    news: NewsServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing of a client that has gone, as a crawl that is stopped does; a fault of ours as ever."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newscrawl-demo"

    def do_GET(self) -> None:
        url = self.path if self.path.startswith("http") else f"http://{self.headers.get('Host', '')}{self.path}"
        news = cast(_Http, self.server).news
        answer = news.answer(url, self.headers.get("User-Agent", ""), self._has)
        self.send_response(answer.status)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        if answer.etag:
            self.send_header("ETag", answer.etag)
        if answer.changed:
            self.send_header("Last-Modified", format_datetime(answer.changed.astimezone(UTC), usegmt=True))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(answer.body)

    do_HEAD = do_GET  # noqa: N815

    def _has(self, answer: Answer) -> bool:
        """RFC 9110 section 13.1: If-None-Match decides; If-Modified-Since only without it."""
        if (tags := self.headers.get("If-None-Match")) is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return answer.etag in known
        if (since := self.headers.get("If-Modified-Since")) is not None and answer.changed is not None:
            try:
                return answer.changed.replace(microsecond=0) <= parsedate_to_datetime(since)
            except (ValueError, TypeError):
                return False  # an unreadable date is to be ignored, says the same section
        return False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing on stderr: `hits` is the log."""
