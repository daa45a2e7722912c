"""One hash for copies that differ in marks, spaces and letter variants; another for another text."""

from __future__ import annotations

import re

import pytest

from newscrawl.dedup.exact import content_hash

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


def test_form() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", content_hash(None, None))
