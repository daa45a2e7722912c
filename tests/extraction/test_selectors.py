"""Selectors find what parsel's own wording of them finds, in its order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from parsel.csstranslator import HTMLTranslator

from newscrawl.extraction.page.selectors import SelectorError, Tree, select

_NAMES = st.sampled_from(["", "a", "b", "ab", "a b", " b  a ", "a-b", "A"])
_CSS = (".a", ".a .b", "p.a", ".a.b", "#a", "p#b", ".a > .b", ".a + .b", ".a:not(.b)", "[class=a]", ".a, #b",
        ".b::text", ".a p", ".a .a", ".a p .b", ".a .b::text", ".a p > .b", ".a div:first-child", ".a p, .b p",
         ".a::attr(id)", "div .a:first-child", "[class~=b]", "[id='a b'] p")  # fmt: skip


@st.composite
def _markup(draw: st.DrawFn, depth: int = 3) -> str:
    tag = draw(st.sampled_from(["div", "p", "span"]))
    inside = "" if depth == 0 else "".join(draw(st.lists(_markup(depth=depth - 1), max_size=3)))
    return f'<{tag} class="{draw(_NAMES)}" id="{draw(_NAMES)}">x{inside}</{tag}>'


@given(_markup(), st.sampled_from(_CSS))
def test_a_selector_finds_the_same_as_parsels_wording(markup: str, css: str) -> None:
    root = etree.fromstring(markup, etree.XMLParser())
    assert select(Tree(root), css) == root.xpath(HTMLTranslator().css_to_xpath(css))


@pytest.mark.parametrize("selector", ["..a", "//p[", "p::nothing(x)"])
def test_a_broken_selector_is_said(selector: str) -> None:
    with pytest.raises(SelectorError, match="is not a selector"):
        select(Tree(etree.fromstring("<p/>")), selector)
