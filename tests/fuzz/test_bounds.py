# ruff: noqa: E501
"""Twice the input takes at most twice the time and the memory, with tenfold slack, whatever grows in it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings

from newscrawl.extraction.page.page import Page
from newscrawl.extraction.page.selectors import select
from tests.fuzz import shapes
from tests.fuzz.clock import bounded
from tests.fuzz.test_entry_points import ENTRY_POINTS, EXAMPLES, page

_TEXTS = ("date", "url", "text", "headers", "json-ld")


def _settings(examples: int) -> settings:
    return settings(max_examples=examples, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES <= 40)


@_settings(EXAMPLES)
@given(shapes.pages())
def test_pages_of_any_shape(data: bytes) -> None:
    bounded(page, data)


@pytest.mark.parametrize("name", _TEXTS)
def test_texts_of_any_shape(name: str) -> None:
    entry_point = ENTRY_POINTS[name][1]

    @_settings(EXAMPLES // 2)
    @given(shapes.repeated())
    def attempt(text: str) -> None:
        bounded(entry_point, text.encode())

    attempt()


def _script(text: str) -> bytes:
    return f"<title>x</title><p>نص<script>{text}</script>".encode()


def _linked(value: object) -> bytes:
    return f"<title>x</title><p>نص<script type='application/ld+json'>{json.dumps(value)}</script>".encode()


def _named_by_thousands(text: str) -> bytes:
    rows = f"1:T{len(text.encode()):x},{text}" + "".join(
        f'{n:x}:{{"body":"$1","title":"$1"}}\n' for n in range(2, 5000)
    )
    return _script(f"self.__next_f.push([1,{json.dumps(rows)}])")


_HOSTILE = {
    "pushes": _script("self.__next_f.push([1," * 8000),
    "calls": _script("window.__NUXT__=(function(a" * 8000),
    "capitals": _script("__A_" * 40_000),
    "a text named by thousands": _named_by_thousands("<p>ن" * 30_000),
    "a name that is no key": _script("").replace(b"<script>", b"<script type='application/ld+json'>{x" + b"a" * 60_000 + b"}"),
    "quotes that nothing ends": _script("").replace(b"<script>", b"<script type='application/ld+json'>{x" + b"'a\\" * 30_000 + b"}"),
    "lines before a quote": _script("").replace(b"<script>", b'<script type="application/ld+json">{"a"' + b"\n" * 60_000 + b"x}"),
    "quotes in a string": _script("").replace(b"<script>", b"<script type='application/ld+json'>{'a': \"" + b'" x' * 100_000 + b"}"),
    "values side by side": _script("").replace(b"<script>", b"<script type='application/ld+json'>" + b"{} " * 60_000),
    "one thing told of often": _linked([{"@id": "#a", f"k{n}": 1} for n in range(20_000)]),
    "one writer named often": _linked(
        [{"@type": "NewsArticle", "author": [{"@id": "#a"}] * 5000}, {"@id": "#a", "name": "ن" * 50_000}]
    ),
    "a number of thousand digits": b"<title>&amp;#" + b"9" * 6000 + b";</title><p>x",
    "headings in headings": "<h1>كلمة ".encode() * 20_000,
    "bold in bold": ("<b>" * 2000 + "</b>" * 2000).encode() * 20,
    "fields in boxes in boxes": ("<div class=card><form><input></form><h3>خبر</h3>" * 2500).encode(),
    "pictures without end": f"<p>x<img srcset='{',' * 30_000}'><img srcset='{' ' * 30_000}x y'>".encode(),
    "hashtags": f"<article>{'<p>قال الوزير إن العمل سيبدأ غدا في المدينة.</p>' * 5}<p>{'#a' * 60} x</p></article>".encode(),
    "properties": b"<meta property=a content=b>" * 60_000,
    "links to writers": "<a href=/author/1>علي حسن</a>".encode() * 30_000,
    "words below the story": f"<article>{'<p>قال الوزير إن العمل سيبدأ غدا في المدينة.</p>' * 5}{'<main>ك</main>' * 10_000}".encode(),
    "lines set as they stand": ("<pre>" + "كلمة\n" * 100_000 + "</pre>").encode(),
    "a wide table with many rows": f"<table><tr>{'<td>1' * 6000}</tr>{'<tr><td>1' * 6000}</table>".encode(),
    "lines behind the first": f"<p>{'منذ يومين<br>' * 6000}</p>".encode(),
    "warmth": f"<article>{'<p>قال الوزير إن العمل سيبدأ غدا في المدينة.</p>' * 5}<p>20℃ {'a' * 380}!</p></article>".encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", _HOSTILE)
def test_what_once_took_long(name: str) -> None:
    """Each took from seconds to hours, or failed."""
    bounded(page, _HOSTILE[name])


@pytest.mark.parametrize("selector", ["[itemprop=articleBody]", "[id=a]"])
@pytest.mark.parametrize("shape", ["row", "nest"])
def test_rules_on_pages_of_many_elements(selector: str, shape: str) -> None:
    """Selectors of a publisher's rules: they run in C, where no clock ends them."""
    one = "<div class=a id=a itemprop=articleBody>"
    body = f"{one}<p>x</p></div>" * 12_000 if shape == "row" else (one * 60 + "</div>" * 60) * 300
    tree = Page(f"<html><body>{body}".encode(), "https://paper.test/1").tree
    start = time.process_time()
    select(tree, selector)
    assert time.process_time() - start < 6


def test_the_clock_rings() -> None:
    with pytest.raises(AssertionError, match="too slow"):
        bounded(_for_ever, b"x")


def _for_ever(_: bytes) -> None:
    while True:
        pass
