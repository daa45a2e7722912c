"""Languages: lines written for this test, and the paragraphs of real pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic import detect_language
from tests.arabic.arabic_samples import shared

_LINES = [
    line.split("\t")
    for line in Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8").splitlines()
    if line[0] != "#"
]


def test_arabic_is_kept_and_nothing_else_is_called_arabic() -> None:
    arabic = [text for code, text in _LINES if code == "ar"]
    others = [text for code, text in _LINES if code != "ar"]
    assert len(arabic) >= 40
    assert len(others) >= 80
    lost = [text for text in arabic if detect_language(text) != "ar"]
    taken = [text for text in others if detect_language(text) == "ar"]
    assert len(lost) <= len(arabic) / 100, lost
    assert len(taken) <= len(others) / 100, taken


@pytest.mark.parametrize("code", ["fa", "ur", "ckb", "ug", "ps", "ar-Latn", "und-Latn"])
def test_other_languages_by_name_or_not_at_all(code: str) -> None:
    answers = [detect_language(text) for own, text in _LINES if own == code]
    assert {answer for answer in answers if answer is not None} == {code}
    assert answers.count(code) >= 0.7 * len(answers)


@pytest.mark.parametrize(
    "text", ["", " ", "12345", "...", "نص", "Президент России", "中国政府宣布", "ישראל היום", "سنڌ جي ثقافت ۽ ٻولي"]
)
def test_none_when_unsure(text: str) -> None:
    assert detect_language(text) is None


def test_paragraphs_of_real_pages_are_arabic() -> None:
    texts = []
    for name in ("gold.jsonl", "templates/gold.jsonl"):
        for line in shared(f"realnews/{name}").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            texts += [text for text in (record["title"], *record["paragraphs"]) if len(text.split()) >= 3]
    assert len(texts) > 200  # two words ("2-source", an agency in brackets) are too little to tell
    assert sum(detect_language(text) == "ar" for text in texts) >= 0.99 * len(texts)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert detect_language(text) in {None, "ar", "fa", "ur", "ckb", "ug", "ps", "ar-Latn", "und-Latn"}
