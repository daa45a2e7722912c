"""Which keywords are a story's own: some sites write the same on every page, or the headline word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extraction.layers.keywords import bare_tag, keywords, told_of

TITLE = "افتتاح سوق الحرفيين في المدينة القديمة"
STORY = "افتتح المجلس سوق الحرفيين بعد ترميمه.\nويضم السوق ورشا للنحاس والفخار يعمل فيها أربعون حرفيا."


def test_keywords_of_the_story() -> None:
    assert told_of(STORY, TITLE, ["سوق الحرفيين, النحاس, تراث"]) == ["سوق الحرفيين", "النحاس", "تراث"]
    assert told_of(STORY, TITLE, ["فخار | نحاس"]) == ["فخار", "نحاس"]


def test_keywords_of_the_site() -> None:
    assert told_of(STORY, TITLE, ["أخبار, عاجل, رياضة, سياسة, سوق, المدينة"]) == []
    assert told_of(STORY, TITLE, ["سوق"]) == []
    assert told_of("", "", ["سوق, نحاس"]) == []


def test_the_headline_is_no_keyword() -> None:
    assert told_of(STORY, TITLE, [",".join(TITLE.split())]) == []
    assert told_of(STORY, TITLE, [f"{TITLE},"]) == []


def test_hashtags() -> None:
    assert list(map(bare_tag, ["#سوق_الحرف", " #نحاس# ", "covid_19"])) == ["سوق الحرف", "نحاس", "covid_19"]


@given(st.text(max_size=60), st.text(max_size=30), st.lists(st.text(max_size=40), max_size=4))
def test_none_is_made_up(story: str, title: str, values: list[str]) -> None:
    assert set(told_of(story, title, values)) <= set(keywords(values))
