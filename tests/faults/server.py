"""A server on loopback that misbehaves in every way of the catalogue, each under a host name of its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.pages import article_page

DOMAIN = "faults.test"
OFFSITE = "elsewhere.test"
Behaviour = Callable[["Exchange"], Awaitable[None]]
BEHAVIOURS: dict[str, Behaviour] = {}


def fault(name: str) -> Callable[[Behaviour], Behaviour]:
    """Registers what the host `<name>.faults.test` does with a request for anything but its good article."""

    def register(behaviour: Behaviour) -> Behaviour:
        assert name not in BEHAVIOURS, name
        BEHAVIOURS[name] = behaviour
        return behaviour

    return register


@dataclass
class Exchange:
    """One request and the means to answer it badly."""

    name: str
    path: str
    method: str
    headers: dict[str, str]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    hit: int
    base: str

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def reply(
        self, body: bytes | str = b"", status: str = "200 OK", headers: dict[str, str] | None = None, **extra: str
    ) -> None:
        payload = body.encode() if isinstance(body, str) else body
        lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(payload))}
        lines |= headers or {}
        lines |= {name.replace("_", "-"): value for name, value in extra.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value != "-")
        await self.send(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + payload)

    async def article(self, **kwargs: str) -> None:
        await self.reply(article_page(self.slug, **kwargs))

    @property
    def slug(self) -> str:
        return self.path.rpartition("/")[2].partition("?")[0].removesuffix(".html") or self.name

    def url(self, path: str) -> str:
        return f"{self.base}{path}"

    def reset(self) -> None:
        """Ends the connection with RST in the place of FIN."""
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def close(self) -> None:
        self.writer.close()


@dataclass
class FaultServer:
    """Plain HTTP on `port`, TLS on `tls_port`, a port that refuses on `closed_port`."""

    contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)
    index: str = ""
    port: int = 0
    tls_port: int = 0
    closed_port: int = 0
    silent_port: int = 0
    rude_port: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    hosts_seen: Counter[str] = field(default_factory=Counter)
    log: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        plain = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        self.port = plain.sockets[0].getsockname()[1]
        self._servers.append(plain)
        if self.contexts:
            secure = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context(), limit=2**20)
            self.tls_port = secure.sockets[0].getsockname()[1]
            self._servers.append(secure)
        silent = await asyncio.start_server(self._say_nothing, "127.0.0.1", 0)
        self.silent_port = silent.sockets[0].getsockname()[1]
        self._servers.append(silent)
        rude = await asyncio.start_server(self._answer_in_plain, "127.0.0.1", 0)
        self.rude_port = rude.sockets[0].getsockname()[1]
        self._servers.append(rude)
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.closed_port = unused.getsockname()[1]

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _context(self) -> ssl.SSLContext:
        def choose(connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
            connection.context = self.contexts.get((host or "").partition(".")[0], self.contexts["tls-good"])

        default = self.contexts["tls-good"]
        default.sni_callback = choose
        return default

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            # A cancelled task must end as a finished one: asyncio's streams log any other end of a connection.
            with suppress(
                ConnectionError,
                asyncio.IncompleteReadError,
                asyncio.LimitOverrunError,
                asyncio.CancelledError,
                ssl.SSLError,
            ):
                while not writer.is_closing() and await self._answer(reader, writer):
                    pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _say_nothing(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(ConnectionError):
            await reader.read(-1)
        self._tasks.discard(task)
        writer.close()

    @staticmethod
    async def _answer_in_plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read(100)
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, path, _ = first.split(" ", 2)
        host = headers.get("host", "")
        name = host.partition(".")[0]
        self.hosts_seen[host.partition(":")[0]] += 1
        self.log.append((time.monotonic(), f"{name}{path}", headers))
        self.hits[f"{name}{path}"] += 1
        scheme = "https" if writer.get_extra_info("ssl_object") else "http"
        exchange = Exchange(
            name, path, method, headers, reader, writer, self.hits[f"{name}{path}"], f"{scheme}://{host}"
        )
        await self._dispatch(exchange)
        return not writer.is_closing()

    async def _dispatch(self, exchange: Exchange) -> None:
        name, path = exchange.name, exchange.path
        if path == "/robots.txt" and not name.startswith("robots-"):
            await exchange.reply("", "404 Not Found")
            if name == "dns-rebinding":
                exchange.close()
        elif path == "/index.xml":
            await exchange.reply(self.index, "200 OK", {"Content-Type": "application/rss+xml"})
        elif path.endswith("-good.html") or name not in BEHAVIOURS:
            await exchange.article()
        else:
            await BEHAVIOURS[name](exchange)
