"""</body> and </html> in the middle of a page close nothing: pages are put together of files that each end so."""

from __future__ import annotations

import random
import re
from datetime import datetime
from typing import Any

import pytest

from newscrawl import extract
from newscrawl.extraction.page.page import Page
from tests.extraction.test_zoo import PAGES, ZOO, gold

_BLOCK = re.compile(rb"<script.*?</script|<!--.*?-->|(<(?:article|main|section|div|h1|p|ul|time|td)\b)", re.DOTALL)
_ENDS = (
    b"</html>",
    b"</html x=1>",
    b"</body></html>",
    b"</BODY >\n</HTML >",
    b"</body>",
    b"</html><html><head></head><body>",
)


def record(name: str, page: bytes) -> dict[str, Any]:
    wanted = gold(name)
    read = extract(
        page,
        url=wanted["url"],
        headers=wanted.get("headers"),
        generic=True,
        fetched_at=datetime.fromisoformat(wanted["fetched_at"]),
    )
    return {"title": read.title, "body": read.body, "published_at": read.published_at, "authors": read.authors}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_ended_in_the_middle_reads_the_same(name: str) -> None:
    page = (ZOO / name / "page.html").read_bytes()
    chance = random.Random(name)
    places = [found.start() for found in _BLOCK.finditer(page) if found[1]] or [len(page)]
    at, end = chance.choice(places), chance.choice(_ENDS)

    assert record(name, page[:at] + end + page[at:]) == record(name, page)


def test_what_stands_behind_the_end_is_in_the_body() -> None:
    page = b"<html><body><div>a</div></body> t1 <p>b</p></html> t2 <i>c</i></body></html>t3<html lang=ar><b>d</b> t4"

    root = Page(page, "http://paper.test/").root

    assert root.getnext() is None
    assert [child.tag for child in root] == ["body"]
    assert "".join(root.itertext()).split() == ["a", "t1", "b", "t2", "ct3d", "t4"]


def test_metadata_of_a_second_head_count() -> None:
    page = b"<html><body><p>a</p></body></html><html><head><meta name='author' content='b'></head><body><p>c</p></body>"

    assert Page(page, "http://paper.test/").first_meta("author") == "b"
