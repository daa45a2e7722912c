"""How much of a page is read: the figures of SECURITY.md."""

from __future__ import annotations

import pytest

from newscrawl.extraction.page.page import Page, PageError

URL = "https://www.paper.example/news/7"


def page(markup: str) -> Page:
    return Page(markup.encode(), URL)


def levels(found: Page) -> int:
    """How deep the tree is."""
    deepest, level = 0, [found.root]
    while level:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest


def test_sixteen_mebibytes_and_not_one_byte_more() -> None:
    for more, is_read in ((0, True), (1, False)):
        body = b"<p>x</p>".ljust((16 << 20) + more)
        if is_read:
            assert Page(body, URL).root is not None
        else:
            with pytest.raises(PageError, match="more than 16777216"):
                Page(body, URL)


def test_the_first_hundred_and_twenty_thousand_tags_are_read() -> None:
    """Opening and closing ones, each a sign "<"."""
    read = page("<body>" + "<i>" * 10 + "<br>" * 200_000 + "<p>end")
    assert 119_000 < sum(1 for _ in read.root.iter("br")) < 120_000
    assert not list(read.root.iter("p"))
    whole = page("<body>" + "<br>" * 100_000 + "<p>end")
    assert sum(1 for _ in whole.root.iter("br")) == 100_000
    assert len(list(whole.root.iter("p"))) == 1


def test_a_tree_has_a_hundred_and_twenty_eight_levels_and_loses_no_text() -> None:
    deep = page("<body>" + "".join(f"<div>سطر {n} " for n in range(600)))
    assert levels(deep) in (128, 129)  # of elements, the root counted or not
    text = "".join(deep.root.itertext())
    assert all(f"سطر {n} " in text for n in range(600))


def test_an_address_has_eight_kibibytes_at_the_most() -> None:
    found = page("<p>x</p>")
    longest = "https://www.paper.example/"
    longest += "a" * (8192 - len(longest))
    assert found.absolute(longest) == longest
    assert found.absolute(f"{longest}a") is None
    assert found.absolute(longest[len("https://www.paper.example") :]) == longest
    assert found.absolute(f"{longest[len('https://www.paper.example') :]}a") is None
    # A base that is longer is none.
    assert page(f'<base href="{longest}a/">').absolute("x") == "https://www.paper.example/news/x"
