"""Coverage: what share of a page's sentences outside furniture its story holds."""

from __future__ import annotations

from datetime import UTC, datetime

from newscrawl.extraction.explain import render
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import Reading
from newscrawl.loaders import load
from tests.extraction.own_page import STORY, URL, page

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
ARCHIVE = "".join(f"<p>{line.replace('البلدة', 'القرية')}</p>" for line in STORY)
ASIDE = f"<hr><b>من الأرشيف</b><div class='col'>{ARCHIVE}</div>"


def read(body: bytes) -> Reading:
    return load(Page(body, URL), fetched_at=NOW).reading


def test_a_story_that_is_all_of_its_page() -> None:
    assert read(page()).coverage == 1.0


def test_furniture_does_not_count() -> None:
    cards = "".join(
        f'<div class="c"><h3><a href="/n/{at}">{line[:40]}</a></h3><p>{line}</p></div>' for at, line in enumerate(STORY)
    )
    assert read(page(below=f"<aside><p>{STORY[0][::-1]}</p></aside>{cards}")).coverage == 1.0


def test_prose_that_was_not_taken_lowers_it() -> None:
    coverage = read(page(below=ASIDE)).coverage
    assert coverage is not None
    assert 0.4 < coverage < 0.6


def test_a_page_without_sentences_has_none() -> None:
    assert read(page(story="<img src='/a.jpg'>")).coverage is None


def test_it_is_shown_and_not_recorded() -> None:
    article, reading = load(Page(page(), URL), fetched_at=NOW)
    assert "coverage" not in article.to_dict()
    assert "100% of the page" in render(article, reading.blocks, reading.fields, reading.coverage)
