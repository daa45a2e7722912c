"""One hash for copies that differ in marks, spaces and letter variants; another for another text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dedup.exact import HASH_VERSION, content_hash, possible_hashes
from newscrawl.items import StoryLine

TITLE, BODY = "إعلان الحكومة الجديدة", "قال رئيس الوزراء إن الحكومة ستبدأ عملها غدًا\nوأضاف أنها تضم ٢٠ وزيرًا"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("اعلان الحكومه الجديده", BODY),
        (TITLE, "قالَ رئيسُ الوزراءِ إنّ الحكومة ستبدأ عملها غداً\nوأضاف أنها تضم 20 وزيراً"),
        (TITLE, "قال  رئيس الوزراء إن الحكومة ستبدأ عملها غدًا وأضاف\u00a0أنها تضم ٢٠ وزيرًا."),
        ("إعلان الحكومـــة الجديدة", BODY),
    ],
)
def test_equal(title: str, body: str) -> None:
    assert content_hash(title, body) == content_hash(TITLE, BODY)


@pytest.mark.parametrize(
    ("title", "body"),
    [(TITLE, BODY.replace("٢٠", "٢١")), (TITLE + " اليوم", BODY), (None, BODY), (TITLE, None), (TITLE + BODY, None)],
)
def test_different(title: str | None, body: str | None) -> None:
    assert content_hash(title, body) != content_hash(TITLE, BODY)


def test_a_text_has_the_same_hash_in_every_release() -> None:
    """`printf 'TITLE\\nBODY' | b2sum -l 128` of the folded texts; another hash needs another HASH_VERSION."""
    assert HASH_VERSION == 2
    assert content_hash("افتتاح المكتبة", "افتتحت البلديةُ\nمكتبة عامّة.") == "9e90a260ee19991e299f9db65f70e418"


def test_form() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", content_hash(None, None))


LINES = st.lists(st.tuples(st.text(max_size=20), st.booleans(), st.booleans()), max_size=7)


@given(title=st.none() | st.text(max_size=20), lines=LINES)
def test_whatever_was_known_of_recurring_lines_gives_a_possible_hash(
    title: str | None, lines: list[tuple[str, bool, bool]]
) -> None:
    stored = "\n".join(text for text, recurs, was_known in lines if not (recurs and was_known))
    possible = list(possible_hashes(title, [StoryLine(text, recurs) for text, recurs, _ in lines]))
    if any(recurs for _, recurs, _ in lines):
        assert content_hash(title, stored) in possible
    else:
        assert possible == []


def test_with_many_recurring_lines_all_or_none_count() -> None:
    lines = [StoryLine(f"سطر {number}", number > 0) for number in range(30)]
    assert list(possible_hashes(TITLE, lines)) == [
        content_hash(TITLE, "\n".join(line.text for line in lines)), content_hash(TITLE, "سطر 0")
    ]  # fmt: skip
