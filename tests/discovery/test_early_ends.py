"""</body> and </html> in the middle of a page of links close nothing."""

from __future__ import annotations

import re

import pytest

from newscrawl.discovery.page_links import page_links
from newscrawl.discovery.sections import Listing, parse_section, section_selector
from tests.discovery.test_sections import CLOCK, URL

ENDS = ["", "</html>", "</body></html>", "</BODY >\n</HTML\n>", "</body>", "</html><!DOCTYPE html><html><body>"]
PAGE = """<html><head><title>أخبار</title></head><body><a href="/story/1">الأكثر قراءة</a>{}
<div class="card"><h3><a href="/story/2">افتتاح المكتبة</a></h3></div>{}
<div class="card"><h3><a href="/story/3">معرض الكتاب</a></h3></div></body></html>"""


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("listing", [Listing(), Listing(item=".card")])
def test_cards_behind_the_end_are_read(end: str, listing: Listing) -> None:
    pattern = re.compile(r"/story/(?P<id>\d+)")
    page = section_selector(PAGE.format(end, end))
    links = parse_section(page, URL, listing=listing, article_url=pattern, owns="paper.test".__eq__, clock=CLOCK)
    assert [link.title for link in links] == ["الأكثر قراءة", "افتتاح المكتبة", "معرض الكتاب"][-len(links) :]
    assert len(links) == (2 if listing.item else 3)


@pytest.mark.parametrize("end", ENDS)
def test_links_behind_the_end_are_seen(end: str) -> None:
    found = page_links(PAGE.format(end, end).encode(), URL)
    assert [link.url.rpartition("/")[2] for link in found.links] == ["1", "2", "3"]
