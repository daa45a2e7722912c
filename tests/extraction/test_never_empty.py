"""Whatever carries a story's text, it is read, whole and under its headline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl import extract
from tests.extraction.own_page import page, read
from tests.extraction.shells import SHELLS, STORY, TITLE

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", SHELLS)
def test_story_is_read_whole(name: str) -> None:
    article = extract(SHELLS[name]().encode(), url="https://www.rabwa.test/local/8123", fetched_at=NOW)
    assert (article.body or "").split("\n") == list(STORY)


@pytest.mark.parametrize("name", SHELLS)
def test_headline_is_the_story_s(name: str) -> None:
    article = extract(SHELLS[name]().encode(), url="https://www.rabwa.test/local/8123", fetched_at=NOW)
    assert article.title == TITLE


def test_headline_of_one_word_is_no_reason_to_take_a_line_of_the_story() -> None:
    lines = (
        "قل لي ما الذي تنتظره من صباح لا يشبه الصباح الذي مضى؟",
        "من زرع في الخريف لم يسأل الربيع متى يجيء.",
        "الصبر باب لا يفتحه إلا من طرقه طويلا.",
        "وكلما ضاقت الطريق بالسائرين اتسعت في القلب طريق لا يراها إلا من مشى فيها وحده زمنا طويلا وعاد ليحكي ما رآه.",
    )
    article = read(page(title="خواطر", story="".join(f"<p>{line}</p>" for line in lines)))
    assert (article.title, (article.body or "").split("\n")) == ("خواطر", list(lines))


def test_sentence_that_is_mostly_a_date_stays() -> None:
    last = "ويبدأ العمل بهذا القرار من «الساعة السابعة من صباح الأحد الموافق 30 أغسطس 2026»."
    story = [*STORY, last]
    article = read(page(story="".join(f"<p>{line}</p>" for line in story)))
    assert (article.body or "").split("\n") == story
