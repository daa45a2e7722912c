"""Which address a page claims for its story."""

from __future__ import annotations

import pytest

from newscrawl.extraction.layers.addresses import claimed_by_file, is_front_page
from newscrawl.extraction.page import Page
from tests.extraction.own_page import URL, linked, page, read, story_object

HOME = '<link rel="canonical" href="https://www.rabwa.test/">'


@pytest.mark.parametrize(
    "head",
    [
        f'{HOME}<meta property="og:url" content="{URL}">',
        f'<link rel="canonical" href="https://www.rabwa.test"><meta property="og:url" content="{URL}">',
        f'<link rel="canonical" href="https://www.rabwa.test/ar/"><meta property="og:url" content="{URL}">',
        f'<link rel="canonical" href="https://www.rabwa.test/index.php"><meta property="og:url" content="{URL}">',
        f'<link rel="canonical" href="{URL}"><meta property="og:url" content="https://www.rabwa.test/">',
        HOME + linked(story_object(url=URL)),
        HOME + linked(story_object(mainEntityOfPage={"@type": "WebPage", "@id": URL})),
        HOME + linked(story_object(mainEntityOfPage=URL)),
        HOME + linked({"@graph": [story_object(**{"@id": f"{URL}#article"})]}),
        f'{HOME}<meta name="twitter:url" content="{URL}">',
    ],
)
def test_the_storys_own_address(head: str) -> None:
    source = page(head=head)
    assert claimed_by_file(Page(source, "file:///tmp/saved.html")) == URL
    assert read(source).canonical_url in (URL, None)


def test_a_front_page_has_its_own() -> None:
    home = "https://www.rabwa.test/"
    assert claimed_by_file(Page(page(head=HOME), "file:///tmp/saved.html")) == home
    assert claimed_by_file(Page(page(), "file:///tmp/saved.html")) is None
    assert read(page(head=HOME), url=home).canonical_url == home
    assert read(page(head=HOME)).canonical_url is None


@pytest.mark.parametrize("path", ["", "/", "/ar", "/ar/", "/index.html", "/en/index.php", "/home/", "/default.aspx"])
def test_front_pages(path: str) -> None:
    assert is_front_page(f"https://www.rabwa.test{path}")


@pytest.mark.parametrize("path", ["/local/1", "/?p=7", "/index.php?id=3", "/ar/1", "/news", "/2026/08/27/", "/7.html"])
def test_no_front_pages(path: str) -> None:
    assert not is_front_page(f"https://www.rabwa.test{path}")
