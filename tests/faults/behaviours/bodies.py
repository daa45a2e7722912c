"""Bodies that are hostile to parsers, terminals and file systems."""

from __future__ import annotations

import json

from tests.faults.pages import article_page, story
from tests.faults.server import Exchange, fault


def _head(name: str, head: str) -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        await exchange.article(head=head)


def _json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


_head("json-ld-deep", _json_ld("[" * 200_000 + "]" * 200_000))
_head("json-ld-huge-integer", _json_ld('{"@type":"NewsArticle","wordCount":' + "9" * 20_000 + "}"))
_head("json-ld-broken", _json_ld('{"@type":"NewsArticle","headline":"نصف'))
_head(
    "json-ld-wrong-types",
    _json_ld('{"@type":["NewsArticle",7],"author":[[null]],"image":{"url":{"a":1}},"headline":9}'),
)
_head("json-ld-thousand-graphs", _json_ld('{"@graph":[' + ",".join(['{"@type":"Thing"}'] * 20_000) + "]}"))
_head("meta-flood", '<meta property="article:tag" content="وسم">' * 20_000)
_head("date-mad", '<meta property="article:published_time" content="99999-99-99T99:99:99+99:99">')
_head("canonical-script", '<link rel="canonical" href="javascript:alert(1)">')
_head("canonical-offsite", '<link rel="canonical" href="http://elsewhere.test/news/1.html">')
_head("base-offsite", '<base href="http://elsewhere.test/">')
_head("image-private", '<meta property="og:image" content="http://169.254.169.254/latest/x.jpg">')
_head("unclosed-script", "<style>p{}</style><!--[if IE]><script>var a='</scr'+'ipt>';</script><![endif]-->")


@fault("deep-nesting")
async def _(exchange: Exchange) -> None:
    await exchange.article(tail="<div>" * 60_000 + "قاع" + "</div>" * 60_000)


@fault("million-tags")
async def _(exchange: Exchange) -> None:
    await exchange.article(tail="<br>" * 600_000)


@fault("attribute-flood")
async def _(exchange: Exchange) -> None:
    attributes = " ".join(f'a{number}="x"' for number in range(50_000))
    await exchange.article(tail=f"<i {attributes}>x</i>")


@fault("long-line")
async def _(exchange: Exchange) -> None:
    await exchange.article(tail=f"<footer>{'ا' * 3_000_000}</footer>")


@fault("entity-flood")
async def _(exchange: Exchange) -> None:
    await exchange.article(tail="<footer>" + "&amp;&#0;&#xD800;&#9999999999;&bogus;" * 30_000 + "</footer>")


@fault("image-as-html")
async def _(exchange: Exchange) -> None:
    await exchange.reply(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 200)


@fault("pdf")
async def _(exchange: Exchange) -> None:
    await exchange.reply(b"%PDF-1.7\n" + bytes(range(256)) * 100, "200 OK", {"Content-Type": "application/pdf"})


@fault("json-as-html")
async def _(exchange: Exchange) -> None:
    await exchange.reply(json.dumps({"title": story("x")[0], "deep": [[[]]]}))


@fault("control-characters")
async def _(exchange: Exchange) -> None:
    title = f"\x1b[31m{story(exchange.slug)[0]}\x1b]0;owned\x07 \u202eجلاع\u202c"
    await exchange.reply(article_page(exchange.slug, title=title))


@fault("formula-title")
async def _(exchange: Exchange) -> None:
    await exchange.reply(article_page(exchange.slug, title=f"=HYPERLINK(1) {story(exchange.slug)[0]}"))


@fault("path-in-section")
async def _(exchange: Exchange) -> None:
    await exchange.article(head='<meta property="article:section" content="../../../../tmp/owned">')


@fault("line-separators")
async def _(exchange: Exchange) -> None:
    await exchange.reply(article_page(exchange.slug).replace(". ", ".\u2028 \x85 \u2029"))


@fault("markup-only")
async def _(exchange: Exchange) -> None:
    await exchange.reply("<html>" + "<div><span></span></div>" * 5000 + "</html>")
