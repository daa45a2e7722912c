"""Who wrote a story, where no markup says it: bare names above the body, accounts, those who built the site."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newscrawl import extract
from newscrawl.items import Article

_BODY = """
<p>تواصل ورش الصيانة أعمالها في الجسر القديم للأسبوع الثالث، وسط شكاوى من ازدحام المداخل الشرقية للمدينة.</p>
<p>وقال مدير المشروع سالم الحداد إن نسبة الإنجاز بلغت ستين في المئة، وإن الجسر سيفتح قبل نهاية الشهر.</p>
<p>وطالب سكان الأحياء المجاورة بمسار مؤقت للمشاة، بعدما طالت الطريق إلى المدارس والأسواق.</p>
"""


def _read(first_line: str, head: str = "") -> Article:
    page = (
        f"<html><head><title>أعمال الجسر القديم تدخل أسبوعها الثالث</title>{head}</head><body><article>"
        f'<h1>أعمال الجسر القديم تدخل أسبوعها الثالث</h1><div class="article-body">{first_line}{_BODY}</div>'
        "</article></body></html>"
    )
    return extract(page.encode(), url="https://www.jisr-mithal.com/a/77", fetched_at=datetime(2026, 5, 3, tzinfo=UTC))


def _json_ld(name: str) -> str:
    node = {"@type": "NewsArticle", "author": {"@type": "Person", "name": name}}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("<p>منى الكيلاني</p>", ["منى الكيلاني"]),
        ("<p>طرابلس - عبد الرحمن الزوي:</p>", ["عبد الرحمن الزوي"]),
        ("<p>أجرى الحوار: منى الكيلاني</p>", ["منى الكيلاني"]),
        ("<p>سالم الحداد</p>", []),  # whom the story tells of
        ("<p>شؤون محلية</p>", []),
        ("<p>جسور وطرقات</p>", []),
    ],
)
def test_a_line_above_the_body(line: str, authors: list[str]) -> None:
    article = _read(line)
    assert article.authors == authors
    assert article.body is not None
    assert article.body.startswith("تواصل ورش")


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ('<meta name="author" content="Blue Interactive">', []),
        ('<meta name="author" content="jisr editor">', []),
        ('<meta name="author" content="منى الكيلاني">', ["منى الكيلاني"]),
        (_json_ld("mithal account"), []),
        (_json_ld("Mona Kilani"), ["Mona Kilani"]),
    ],
)
def test_a_name_in_the_metadata(head: str, authors: list[str]) -> None:
    assert _read("", head).authors == authors
