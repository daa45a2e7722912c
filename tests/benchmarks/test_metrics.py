"""The metrics against numbers worked out by hand, and against the shared scorer where it is at hand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.metrics import (
    METRICS,
    Answer,
    Truth,
    common_subsequence,
    judge,
    means,
    moment,
    multiset_f1,
    rouge_lsum,
    shingles,
    words,
)

SCORER = Path(__file__).resolve().parents[3] / "shared" / "tools" / "score_extraction.py"
STORY = ["زار الوزير مدينة حلب أمس الأحد", "وقال إن المشروع سيبدأ غداً", "كلفة المشروع مليونا دولار"]
TEXTS = st.lists(st.text(alphabet="ابجدهو ", max_size=30), max_size=5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مُحَمَّد", "محمد"),
        ("اليـــوم", "اليوم"),
        ("٢٠٢٦", "2026"),
        ("۲۰۲۶", "2026"),
        ("إلى", "الي"),
        ("آخر، الأخبار!", "اخر الاخبار"),
        ("فارسی", "فارسي"),
        ("کتاب", "كتاب"),
        ("\u202bنص\u202c\u200f", "نص"),
        ("ﻻ", "لا"),
        ("BBC", "bbc"),
    ],
)
def test_what_makes_no_difference(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_what_makes_a_difference() -> None:
    assert words("مدرسة") != words("مدرسه")
    assert words(None) == words(" ،؛؟ ") == []


def test_shingles_overlap_by_three_words() -> None:
    assert shingles(["a", "b", "c", "d", "e"]) == Counter(["a b c d", "b c d e"])
    assert shingles(["a", "b"]) == Counter(["a b"])
    assert shingles([]) == Counter()


def test_multiset_f1() -> None:
    assert multiset_f1(Counter("aab"), Counter("ab")) == pytest.approx(0.8)
    assert multiset_f1(Counter(), Counter()) == 1
    assert multiset_f1(Counter("a"), Counter()) == 0


def test_common_subsequence() -> None:
    assert common_subsequence(list("abcbdab"), list("bdcaba")) == {1, 2, 3, 5}
    assert common_subsequence(list("abc"), list("abc")) == {0, 1, 2}
    assert common_subsequence(list("abc"), list("xyz")) == set()


@given(st.text("abcd", max_size=12), st.text("abcd", max_size=12))
def test_common_subsequence_is_common(one: str, other: str) -> None:
    chosen = "".join(one[place] for place in sorted(common_subsequence(list(one), list(other))))
    letters = iter(other)
    assert all(letter in letters for letter in chosen)


def test_rouge_takes_the_union_over_paragraphs_and_counts_words_once() -> None:
    # The textbook case: "w1 w2 w3 w4 w5" against "w1 w2 w6 w7 w8" and "w1 w3 w8 w9 w5" has the union w1 w2 w3 w5.
    wanted = [["w1", "w2", "w3", "w4", "w5"]]
    found = [["w1", "w2", "w6", "w7", "w8"], ["w1", "w3", "w8", "w9", "w5"]]
    assert rouge_lsum(wanted, found) == pytest.approx(2 * 4 / (10 + 5))
    assert rouge_lsum([["a", "a"]], [["a"]]) == pytest.approx(2 / 3)
    assert rouge_lsum([], []) == 1
    assert rouge_lsum([["a"]], []) == 0


def test_perfect_page() -> None:
    truth = Truth(
        title="عنوان", paragraphs=STORY, authors=["سلمى"], published="2026-08-30T00:30:00+03:00", must_not=["شارك"]
    )
    answer = Answer(title="عنوان", paragraphs=STORY, authors=["سلمى"], published="2026-08-30T00:30:20+03:00")
    scores = judge(truth, answer)
    assert scores.values == {name: 0.0 if name in ("leak", "wrong_day") else 1.0 for name in METRICS}


def test_paragraphs_may_be_cut_otherwise() -> None:
    scores = judge(Truth(paragraphs=STORY), Answer(paragraphs=[" ".join(STORY)]))
    assert scores.values["f1"] == scores.values["perfect"] == scores.values["rouge"] == 1


def test_no_answer_is_worth_nothing_but_is_not_wrong() -> None:
    truth = Truth(title="عنوان", paragraphs=STORY, authors=["سلمى"], published="2026-08-30T10:00:00+03:00")
    assert set(judge(truth, Answer()).values.values()) == {0.0}


def test_each_optional_paragraph_counts_for_itself() -> None:
    truth = Truth(paragraphs=["مقدمة طويلة", *STORY, "توقيع الكاتب"], optional=["مقدمة طويلة", "توقيع الكاتب"])
    for paragraphs in (truth.paragraphs, STORY, ["مقدمة طويلة", *STORY], [*STORY, "توقيع الكاتب"]):
        assert judge(truth, Answer(paragraphs=paragraphs)).values["perfect"] == 1.0


def test_optional_paragraphs_count_neither_way() -> None:
    truth = Truth(paragraphs=["مقدمة", *STORY], optional=["مقدمة"])
    assert judge(truth, Answer(paragraphs=STORY)).values["perfect"] == 1
    assert judge(truth, Answer(paragraphs=["مقدمة", *STORY])).values["perfect"] == 1


def test_leaks_are_whole_words() -> None:
    truth = Truth(paragraphs=STORY, must_not=["اقرأ أيضاً", "المشر"])
    assert judge(truth, Answer(paragraphs=STORY)).leaks == []
    assert judge(truth, Answer(paragraphs=[*STORY, "اقرأ أيضا: خبر"])).leaks == ["اقرأ أيضاً"]


@pytest.mark.parametrize(
    ("published", "day", "wrong", "instant"),
    [
        ("2026-08-30T00:30:00+03:00", 1, 0, 1),
        ("2026-08-29T21:30:00+00:00", 0, 1, 1),  # the same moment, but a reader in Riyadh saw another day
        ("2026-08-30", 1, 0, 0),
        ("2026-08-30T00:30:00", 1, 0, 0),
        ("2026-08-30T00:31:00+03:00", 1, 0, 0),
        ("Sun, 30 Aug 2026", 0, 1, 0),
        (None, 0, 0, 0),
    ],
)
def test_dates(published: str | None, day: float, wrong: float, instant: float) -> None:
    values = judge(Truth(published="2026-08-30T00:30:00+03:00"), Answer(published=published)).values
    assert (values["day"], values["wrong_day"], values["instant"]) == (day, wrong, instant)


def test_what_the_truth_does_not_know_is_not_judged() -> None:
    assert set(judge(Truth(paragraphs=STORY), Answer(title="x")).values) == {"f1", "rouge", "perfect", "leak"}
    assert "instant" not in judge(Truth(published="2026-08-30"), Answer()).values
    assert judge(Truth(authors=[]), Answer()).values["authors"] == 1
    assert judge(Truth(authors=[]), Answer(authors=["محرر"])).values["authors"] == 0


def test_moment() -> None:
    assert moment("2026-02-30") is None
    assert moment("2026-08-30 and more") == moment("2026-08-30")
    assert moment("") is None


def test_means_are_over_the_pages_that_are_judged() -> None:
    dated = judge(Truth(paragraphs=STORY, published="2026-08-30"), Answer(published="2026-08-30"))
    undated = judge(Truth(paragraphs=STORY), Answer(paragraphs=STORY))
    assert means([dated, undated])["day"] == 1
    assert means([dated, undated])["f1"] == 0.5
    assert "day" not in means([dated.without({"day"})])


@given(TEXTS, TEXTS)
def test_scores_lie_between_0_and_1_and_nothing_beats_the_truth(story: list[str], other: list[str]) -> None:
    truth = Truth(paragraphs=story)
    values = judge(truth, Answer(paragraphs=other)).values
    assert all(0 <= value <= 1 for value in values.values())
    best = judge(truth, Answer(paragraphs=story)).values
    assert best["f1"] == best["rouge"] == best["perfect"] == 1


def test_agrees_with_the_shared_scorer(tmp_path: Path) -> None:
    if not SCORER.is_file():
        pytest.skip(f"there is no {SCORER}")
    truth = Truth(
        title="عنوان القصة", paragraphs=["مقدمة", *STORY], optional=["مقدمة"], authors=["سلمى علي", "عمر"],
        published="2026-08-30T00:30:00+03:00", must_not=["اقرأ أيضاً", "شارك"],
    )  # fmt: skip
    right = Answer(title="عُنوان القصّة", paragraphs=STORY, authors=["عمر"], published="2026-08-30T00:30:09+03:00")
    answers = [
        right,
        replace(right, paragraphs=["شارك", *reversed(STORY)], published="2026-08-29"),
        replace(right, paragraphs=[STORY[0] + " " + STORY[2], "المشروع غداً سيبدأ المشروع"], title="غيره", authors=[]),
        Answer(),
    ]
    names = ("title", "paragraphs", "optional", "authors", "published", "must_not")
    gold, predicted = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    fields = {name: getattr(truth, name) for name in names}
    gold.write_text("\n".join(json.dumps({"id": str(n), "url": str(n), **fields}) for n in range(len(answers))))
    predicted.write_text(
        "\n".join(
            json.dumps({"id": str(n), **{k: getattr(a, k) for k in ("title", "paragraphs", "authors", "published")}})
            for n, a in enumerate(answers)
        )
    )
    line = subprocess.run([sys.executable, SCORER, gold, predicted], capture_output=True, text=True, check=True).stdout
    theirs = dict(zip(line.split()[::2], line.split()[1::2], strict=True))
    ours = means([judge(truth, answer) for answer in answers])
    their_name = {"day": "date", "wrong_day": "date_wrong", "instant": "minute"}
    assert {name: f"{ours[name]:.4f}" for name in METRICS} == {n: theirs[their_name.get(n, n)] for n in METRICS}
