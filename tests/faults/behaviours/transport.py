"""Sockets, framing and headers."""

from __future__ import annotations

import asyncio

from tests.faults.pages import article_page
from tests.faults.server import Exchange, fault

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


@fault("reset-after-request")
async def _(exchange: Exchange) -> None:
    exchange.reset()


@fault("reset-mid-headers")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    await asyncio.sleep(0.05)
    exchange.reset()


@fault("reset-mid-body")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Content-Length: 9000\r\n\r\n" + article_page(exchange.slug).encode()[:500])
    await asyncio.sleep(0.05)
    exchange.reset()


@fault("close-without-answer")
async def _(exchange: Exchange) -> None:
    exchange.close()


@fault("short-body")
async def _(exchange: Exchange) -> None:
    body = article_page(exchange.slug).encode()
    await exchange.send(_HEAD + f"Content-Length: {len(body) + 500}\r\n\r\n".encode() + body)
    exchange.close()


@fault("long-body")
async def _(exchange: Exchange) -> None:
    body = article_page(exchange.slug).encode()
    await exchange.send(_HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body + b"<p>junk</p>" * 50)
    exchange.close()


@fault("no-length")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Connection: close\r\n\r\n" + article_page(exchange.slug).encode())
    exchange.close()


@fault("http-1-0")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + article_page(exchange.slug).encode())
    exchange.close()


@fault("http-0-9")
async def _(exchange: Exchange) -> None:
    await exchange.send(article_page(exchange.slug).encode())
    exchange.close()


@fault("garbage-status-line")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 OKAY 200\r\nContent-Length: 2\r\n\r\nhi")
    exchange.close()


@fault("binary-garbage")
async def _(exchange: Exchange) -> None:
    await exchange.send(bytes(range(256)) * 40 + b"\r\n\r\n")
    exchange.close()


@fault("chunked-good")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    body = article_page(exchange.slug).encode()
    for start in range(0, len(body), 700):
        piece = body[start : start + 700]
        await exchange.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    await exchange.send(b"0\r\n\r\n")


@fault("chunked-bad-size")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n")
    exchange.close()


@fault("chunked-cut")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n400\r\n<html>")
    exchange.close()


@fault("chunked-endless-size-line")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 100_000)
    exchange.close()


@fault("unknown-transfer-encoding")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Transfer-Encoding: morse\r\n\r\n-- --- .-.")
    exchange.close()


@fault("two-content-lengths")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\nhello you")
    exchange.close()


@fault("negative-content-length")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Content-Length: -7\r\n\r\nhello")
    exchange.close()


@fault("wordy-content-length")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Content-Length: many\r\n\r\nhello")
    exchange.close()


@fault("bad-header-line")
async def _(exchange: Exchange) -> None:
    body = article_page(exchange.slug).encode()
    await exchange.send(_HEAD + b"this is no header\r\n" + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)


@fault("header-flood")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        await exchange.send(f"X-Flood-{number}: {'a' * 200}\r\n".encode())


@fault("header-long-line")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 2_000_000 + b"\r\n\r\nhi")
    exchange.close()


@fault("endless-continue")
async def _(exchange: Exchange) -> None:
    for _ in range(200_000):
        await exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n")


@fault("early-hints")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    await exchange.article()


@fault("slow-headers")
async def _(exchange: Exchange) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: y\r\n" * 100:
        await exchange.send(bytes([byte]))
        await asyncio.sleep(0.2)


@fault("slow-body")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Content-Length: 5000\r\n\r\n")
    for _ in range(500):
        await exchange.send(b"<p>")
        await asyncio.sleep(0.2)


@fault("silent")
async def _(exchange: Exchange) -> None:
    await asyncio.sleep(60)


@fault("endless-body")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"\r\n<html>")
    for _ in range(100_000):
        await exchange.send(b"<p>more and more</p>" * 3000)


@fault("declared-too-large")
async def _(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Content-Length: 10000000000\r\n\r\n<html>")
    await asyncio.sleep(5)


@fault("junk-after-answer")
async def _(exchange: Exchange) -> None:
    await exchange.article()
    await exchange.send(b"\x00\xff surprise \r\n\r\n" * 20)


@fault("two-answers")
async def _(exchange: Exchange) -> None:
    await exchange.article()
    await exchange.reply("<h1>not asked for</h1>")


@fault("closes-kept-connection")
async def _(exchange: Exchange) -> None:
    await exchange.article()
    exchange.close()


@fault("fails-once")
async def _(exchange: Exchange) -> None:
    if exchange.hit == 1:
        exchange.reset()
    else:
        await exchange.article()


@fault("no-content-type")
async def _(exchange: Exchange) -> None:
    body = article_page(exchange.slug).encode()
    await exchange.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


@fault("tls-reset-in-answer")
async def _(exchange: Exchange) -> None:
    exchange.reset()
