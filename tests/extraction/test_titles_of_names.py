"""Authors are named without their academic titles, however these are written."""

from __future__ import annotations

import pytest

from newscrawl import extract

PAGE = """<html lang="ar"><head><title>جسر جديد بين الضفتين</title><meta name="author" content="{author}"></head>
<body><article><h1>جسر جديد بين الضفتين</h1>
<p>افتتحت البلدية صباح اليوم جسرا جديدا يربط ضفتي النهر بعد عامين من العمل المتواصل، بحضور حشد من الأهالي.</p>
<p>وقال رئيس البلدية إن الجسر سيختصر الطريق إلى السوق القديمة بنصف ساعة، وإن عبوره سيبقى بلا رسوم.</p>
</article></body></html>"""


@pytest.mark.parametrize(
    "author",
    [
        "ليلى الحسن",
        "د. ليلى الحسن",
        "د.ليلى الحسن",
        "د/ ليلى الحسن",
        "أ.د. ليلى الحسن",
        "أ. د. ليلى الحسن",
        "الدكتورة ليلى الحسن",
        "الأستاذة الدكتورة ليلى الحسن",
        "م. ليلى الحسن",
    ],
)
def test_a_title_is_no_part_of_the_name(author: str) -> None:
    article = extract(PAGE.format(author=author).encode(), url="https://paper.test/news/1")
    assert article.authors == ["ليلى الحسن"]


def test_the_same_person_with_and_without_is_one() -> None:
    page = PAGE.format(author="د. ليلى الحسن").replace("</head>", '<meta name="author" content="ليلى الحسن"></head>')
    assert extract(page.encode(), url="https://paper.test/news/1").authors == ["ليلى الحسن"]
