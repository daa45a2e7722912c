"""Redirects and names that try to lead the crawler where it must not go."""

from __future__ import annotations

from tests.faults.pages import article_page
from tests.faults.server import OFFSITE, Exchange, fault


def _redirect(name: str, location: str | None, status: str = "302 Found") -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        port = exchange.headers["host"].rpartition(":")[2]
        headers = {} if location is None else {"Location": location.replace("PORT", port)}
        await exchange.reply("", status, headers)


_redirect("redirect-private", "http://10.0.0.1/admin")
_redirect("redirect-metadata", "http://169.254.169.254/latest/meta-data/")
_redirect("redirect-decimal", "http://2852039166/latest/meta-data/")
_redirect("redirect-hex", "http://0xa9.0xfe.0xa9.0xfe/")
_redirect("redirect-octal", "http://0251.0376.0251.0376/")
_redirect("redirect-mapped", "http://[::ffff:10.0.0.1]/")
_redirect("redirect-nat64", "http://[64:ff9b::a9fe:a9fe]/")
_redirect("redirect-link-local", "http://[fe80::1]/")
_redirect("redirect-carrier-nat", "http://100.64.0.7/")
_redirect("redirect-private-name", "http://router.internal/")
_redirect("redirect-single-label", "http://intranet/")
_redirect("redirect-offsite", f"http://{OFFSITE}:PORT/news/stolen-1.html")
_redirect("redirect-lookalike", f"http://faults.test.{OFFSITE}:PORT/news/stolen-2.html")
_redirect("redirect-userinfo", f"http://faults.test@{OFFSITE}:PORT/news/stolen-3.html")
_redirect("redirect-mail-port", "http://redirect-mail-port.faults.test:25/")
_redirect("redirect-file", "file:///etc/passwd")
_redirect("redirect-data", "data:text/html,<h1>hello</h1>")
_redirect("redirect-javascript", "javascript:alert(1)")
_redirect("redirect-gopher", "gopher://10.0.0.1:70/1")
_redirect("redirect-nowhere", None)
_redirect("redirect-empty", "")
_redirect("redirect-broken", "http://[::1")
_redirect("redirect-binary", "/\x01\x7f\xff/news")


@fault("redirect-loop")
async def _(exchange: Exchange) -> None:
    other = "/news/loop-b.html" if exchange.path != "/news/loop-b.html" else "/news/loop-a.html"
    await exchange.reply("", "301 Moved", {"Location": other})


@fault("redirect-endless")
async def _(exchange: Exchange) -> None:
    await exchange.reply(
        "", "307 Temporary Redirect", {"Location": f"/news/step-{exchange.hit}-{len(exchange.path)}x.html"}
    )


@fault("redirect-once")
async def _(exchange: Exchange) -> None:
    if exchange.path.endswith("?moved"):
        await exchange.article()
    else:
        await exchange.reply("", "301 Moved", {"Location": f"{exchange.path}?moved"})


@fault("refresh-loop")
async def _(exchange: Exchange) -> None:
    await exchange.reply(f'<html><meta http-equiv="refresh" content="0; url=/news/again-{exchange.hit}.html"></html>')


@fault("refresh-offsite")
async def _(exchange: Exchange) -> None:
    port = exchange.headers["host"].rpartition(":")[2]
    target = f"http://{OFFSITE}:{port}/news/stolen-4.html"
    await exchange.reply(f'<html><meta http-equiv="refresh" content="0; url={target}"></html>')


@fault("refresh-every-minute")
async def _(exchange: Exchange) -> None:
    await exchange.article(head='<meta http-equiv="refresh" content="60">')


@fault("dns-rebinding")
async def _(exchange: Exchange) -> None:
    await exchange.article()
    exchange.close()


@fault("dns-mixed")
async def _(exchange: Exchange) -> None:
    await exchange.article()


@fault("cookie-flood")
async def _(exchange: Exchange) -> None:
    cookies = "".join(f"Set-Cookie: c{number}={'x' * 500}; Domain=.test\r\n" for number in range(200))
    await exchange.send(f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{cookies}".encode())
    body = article_page(exchange.slug).encode()
    await exchange.send(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
