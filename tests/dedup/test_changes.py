"""Paragraph and word differences: both texts can be read back out of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dedup.alignment import Effort, align
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


@given(st.lists(words), st.lists(words), st.integers(0, 300))
def test_runs_hold_every_piece_once_with_any_effort(before: list[str], after: list[str], steps: int) -> None:
    i = j = 0
    for is_same, i1, i2, j1, j2 in align(before, after, Effort(steps)):
        assert (i1, j1) == (i, j)
        assert not is_same or before[i1:i2] == after[j1:j2]
        i, j = i2, j2
    assert (i, j) == (len(before), len(after))


def test_an_inserted_line_is_found_in_what_is_too_long_for_difflib() -> None:
    old = [f"سطر {number}" for number in range(20_000)]
    paragraphs = compare("\n".join(old), "\n".join([*old[:70], "جديد", *old[70:]]))
    assert [(at, p.kind) for at, p in enumerate(paragraphs) if p.kind != "same"] == [(70, "added")]


_TWICE = {
    "words of two kinds": lambda n: ("قال و " * n, "قال في " * n),
    "lines of two kinds": lambda n: ("قال و\n" * n, "قال في\n" * n),
    "lines by turns": lambda n: ("ا\nب\n" * n, "ا\nب\nب\n" * n),
    "lines that are all alike": lambda n: tuple("\n".join(f"خبر {i} {x}" for i in range(n)) for x in "اب"),
    "one long paragraph": lambda n: tuple(" ".join(f"{i % k}" for i in range(n)) for k in (7, 11)),
    "what recurs between what does not": lambda n: tuple(
        "".join(f"سطر {i}\n" + x * 150 for i in range(n // 150)) for x in ("ا\n", "ا\nب\n")
    ),
}


@pytest.mark.parametrize("name", _TWICE)
def test_no_two_texts_take_long_to_compare(name: str) -> None:
    """20,000 pieces took hours."""
    old, new = _TWICE[name](20_000)
    start = time.process_time()
    paragraphs = compare(old, new)
    assert time.process_time() - start < 20
    assert " ".join(read(paragraphs, "added")).split() == old.split()
    assert " ".join(read(paragraphs, "removed")).split() == new.split()
