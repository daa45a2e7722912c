"""Pages that list stories have no body; pages that tell one beside many others keep it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl import extract
from tests.extraction.listing_pages import MAKERS, pages, teasers
from tests.extraction.shells import PARAGRAPHS, STORY, TITLE

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
REAL = Path(__file__).parents[2].parent / "shared" / "realnews" / "listings"


def test_two_hundred_listings_have_no_body() -> None:
    told = {}
    for name, page in pages():
        article = extract(page.encode(), url="https://www.saqiya.test/section/sport", fetched_at=NOW)
        if article.body:
            told[name] = article.body[:200]
    assert told == {}


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real listings in {REAL}")
def test_real_listings_have_no_body() -> None:
    told = {}
    for path in sorted(REAL.glob("*.html")):
        article = extract(path.read_bytes(), url=f"https://{path.stem}/section/1", generic=True, fetched_at=NOW)
        if article.body:
            told[path.name] = article.body[:200]
    assert told == {}


@pytest.mark.parametrize("name", MAKERS)
def test_a_story_above_a_listing_is_read(name: str) -> None:
    """Three sentences of one story are a body, whatever is announced below them."""
    listing = MAKERS[name](teasers(3, 8), "رياضة")
    start = listing.index("</header>") + len("</header>")
    story = f'<article><h1>{TITLE}</h1><div class="article-body">{PARAGRAPHS}</div></article>'
    page = (listing[:start] + story + listing[start:]).replace("<title>", f"<title>{TITLE} - ", 1)
    article = extract(page.encode(), url="https://www.saqiya.test/news/4711", fetched_at=NOW)
    assert article.title == TITLE
    assert set(STORY) <= set((article.body or "").split("\n"))
