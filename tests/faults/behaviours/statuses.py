"""Statuses, waiting and robots.txt."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.faults.server import OFFSITE, Exchange, fault

for _status in ("400 Bad Request", "404 Not Found", "410 Gone", "418 Teapot", "500 Oops", "501 No", "599 Odd"):

    def _make(status: str) -> None:
        @fault(f"status-{status[:3]}")
        async def _(exchange: Exchange) -> None:
            await exchange.reply(f"<h1>{status}</h1>", status)

    _make(_status)

for _status in ("401 Unauthorized", "403 Forbidden", "451 Unavailable For Legal Reasons"):
    _make(_status)


@fault("status-999")
async def _(exchange: Exchange) -> None:
    await exchange.reply("no", "999 Request denied")


@fault("status-204")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 204 No Content\r\n\r\n")


@fault("status-304-unasked")
async def _(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 304 Not Modified\r\n\r\n")


@fault("status-206-unasked")
async def _(exchange: Exchange) -> None:
    await exchange.reply("<p>half", "206 Partial Content", {"Content-Range": "bytes 0-6/9000"})


@fault("empty-200")
async def _(exchange: Exchange) -> None:
    await exchange.reply("")


@fault("storm-5xx")
async def _(exchange: Exchange) -> None:
    await exchange.reply("<h1>broken</h1>", ("500 A", "502 B", "503 C", "504 D")[exchange.hit % 4])


@fault("bad-gateway-once")
async def _(exchange: Exchange) -> None:
    await (exchange.reply("", "502 Bad Gateway") if exchange.hit == 1 else exchange.article())


@fault("retry-after-seconds")
async def _(exchange: Exchange) -> None:
    wait = {"Retry-After": "1"}
    await (exchange.reply("", "429 Too Many Requests", wait) if exchange.hit == 1 else exchange.article())


@fault("retry-after-date")
async def _(exchange: Exchange) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    wait = {"Retry-After": moment}
    await (exchange.reply("", "503 Service Unavailable", wait) if exchange.hit == 1 else exchange.article())


@fault("retry-after-garbage")
async def _(exchange: Exchange) -> None:
    wait = {"Retry-After": "soon, inshallah"}
    await (exchange.reply("", "429 Too Many Requests", wait) if exchange.hit == 1 else exchange.article())


@fault("retry-after-tomorrow")
async def _(exchange: Exchange) -> None:
    await exchange.reply("", "429 Too Many Requests", {"Retry-After": "86400"})


@fault("retry-after-overflow")
async def _(exchange: Exchange) -> None:
    await exchange.reply("", "429 Too Many Requests", {"Retry-After": "9" * 400})


def _robots(name: str, body: str | bytes, status: str = "200 OK") -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        if exchange.path == "/robots.txt":
            await exchange.reply(body, status, {"Content-Type": "text/plain"})
        else:
            await exchange.article()


_robots("robots-disallow", "User-agent: *\nDisallow: /news/\nAllow: /news/*-good.html\n")
_robots("robots-disallow-us", "User-agent: newscrawl\nDisallow: /news/\nAllow: /news/*-good.html\n")
_robots("robots-allow-us", "User-agent: *\nDisallow: /\n\nUser-agent: newscrawl\nAllow: /\n")
_robots("robots-500", "", "500 Oops")
_robots("robots-401", "", "401 Unauthorized")
_robots("robots-429", "", "429 Too Many Requests")
_robots("robots-html", "<!DOCTYPE html><html><body><h1>مرحبا</h1></body></html>")
_robots("robots-binary", b"\x00\xff\xfe" * 1000)
_robots("robots-huge", "User-agent: *\nDisallow: /private/\n" + "# filler\n" * 100_000 + "Disallow: /\n")
_robots("robots-wildcards", "User-agent: *\n" + "Disallow: /" + "*a" * 400 + "$\n")
_robots("robots-crawl-delay", "User-agent: *\nCrawl-delay: 0.5\nRequest-rate: 1/1\n")
_robots("robots-crawl-delay-mad", "User-agent: *\nCrawl-delay: 1e308\nRequest-rate: 0/0\n")


@fault("robots-silent")
async def _(exchange: Exchange) -> None:
    await (asyncio.sleep(30) if exchange.path == "/robots.txt" else exchange.article())


@fault("robots-elsewhere")
async def _(exchange: Exchange) -> None:
    if exchange.path == "/robots.txt":
        port = exchange.headers["host"].rpartition(":")[2]
        await exchange.reply("", "301 Moved", {"Location": f"http://{OFFSITE}:{port}/robots.txt"})
    else:
        await exchange.article()


@fault("robots-loop")
async def _(exchange: Exchange) -> None:
    if exchange.path.startswith("/robots.txt"):
        await exchange.reply("", "302 Found", {"Location": f"/robots.txt?{exchange.hit}"})
    else:
        await exchange.article()
