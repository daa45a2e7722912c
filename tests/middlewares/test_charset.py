"""What a response's headers say, whatever bytes a server writes into them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Headers

from newscrawl.middlewares.charset import header_texts
from tests.spiders.site import Site, crawl


def test_headers_of_any_charset_are_read() -> None:
    name = "attachment; filename=خبر.html"
    for value, text in ((name.encode(), name), ("é".encode("latin-1"), "é"), (b"\xff\xfe", "ÿþ")):
        found = header_texts(Headers({"Content-Type": "text/html", "X-Name": value}))
        assert found == {"Content-Type": "text/html", "X-Name": text}


def test_several_values_are_one() -> None:
    assert header_texts(Headers({"Link": [b"<a>", b"<b>"]})) == {"Link": "<a>,<b>"}


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_bytes_never_raise(name: bytes, value: bytes) -> None:
    header_texts(Headers({name: value}))


def test_a_story_with_such_a_header_is_stored(tmp_path: Path) -> None:
    site = Site()
    site.article(1, **{"X-Name": "\xce\xc8\xd1"})
    site.feed([1])
    with site.served():
        run = crawl(site, tmp_path, attributes="feeds = ['http://paper.test/feed']")
    assert (run.code, run.stat("stored")) == (0, 1), run.stderr
