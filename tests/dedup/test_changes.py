"""Paragraph and word differences: both texts can be read back out of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dedup.changes import Paragraph, compare

words = st.sampled_from(["قال", "الوزير", "إن", "الخطة", "جديدة", "اليوم", "أمس", "5"])
texts = st.lists(st.lists(words, min_size=1, max_size=8).map(" ".join), max_size=6).map("\n".join)


def read(paragraphs: list[Paragraph], without: str) -> list[str]:
    joined = (" ".join(run.text for run in p.words if run.kind != without) for p in paragraphs if p.kind != without)
    return [text for text in joined if text]


@given(texts, texts)
def test_old_without_the_added_new_without_the_removed(old: str, new: str) -> None:
    paragraphs = compare(old, new)
    assert read(paragraphs, "added") == [line for line in old.split("\n") if line]
    assert read(paragraphs, "removed") == [line for line in new.split("\n") if line]


@given(texts)
def test_a_text_and_itself(text: str) -> None:
    paragraphs, lines = compare(text, text), [line for line in text.split("\n") if line]
    assert {paragraph.kind for paragraph in paragraphs} == ({"same"} if lines else set())
    assert read(paragraphs, "added") == lines


def test_an_inserted_paragraph_does_not_disturb_the_changed_one_after_it() -> None:
    old = "قال الوزير إن الخطة جديدة\nانتهى"
    new = "أضيفت هذه الفقرة كلها\nقال الوزير أمس إن الخطة جديدة\nانتهى"
    assert [paragraph.kind for paragraph in compare(old, new)] == ["added", "changed", "same"]


def test_absent_texts() -> None:
    assert compare(None, None) == []
    assert [paragraph.kind for paragraph in compare(None, "نص")] == ["added"]
    assert [paragraph.kind for paragraph in compare("نص", None)] == ["removed"]
