"""A feed's text: what of it is the story, and when it is only an excerpt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extraction.feed_text import read_feed_text

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
FIRST = "أعلنت وزارة النقل مساء الأحد خطة جديدة تشمل طرقا وجسورا في سبع مدن، وقالت إن العمل يبدأ في الربيع القادم."
SECOND = "وأضاف المتحدث باسم الوزارة أن الجسر الأول يفتتح بعد عام، وأن سكان القرى القريبة لن يدفعوا رسوما لعبوره."
MARK = "<p>The post <a href='/1'>خطة النقل</a> appeared first on <a href='/'>الصحيفة</a>.</p>"
LONG = " ".join(f"وقالت الجهة رقم {n} إنها تدرس الخطة." for n in range(12))


def story(html: str) -> list[str] | None:
    read = read_feed_text(html, "https://paper.test/1", title="خطة النقل الجديدة", source=None, now=NOW)
    return None if read is None else [block.text for block in read[1].story]


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{FIRST}</p><p>{SECOND}</p>",
        f"{FIRST}<br><br>{SECOND}",
        f"&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;",
        f"<h1>خطة النقل الجديدة</h1><p>{FIRST}</p><p>{SECOND}</p>",
        f"<figure><img src='/a.jpg'><figcaption>الجسر بعد المطر</figcaption></figure><p>{FIRST}</p><p>{SECOND}</p>",
        f"<p>{FIRST}</p><script>alert(1)</script><style>p{{}}</style><p>{SECOND}</p>",
        f"<p>{FIRST}</p><p>{SECOND}</p><p>اقرأ أيضا: <a href='/2'>ميناء جديد في الشمال يفتح أبوابه</a></p>",
        f"<p>{FIRST}</p><p>{SECOND}</p><p>اقرأ المزيد: <a href='/2'>ميناء جديد في الشمال يفتح أبوابه</a></p>",
        f"<div><p>{FIRST}</p><p>{SECOND}</p></div>",
        f"<p>{FIRST}</p><p>{SECOND}</p>{MARK}",
        f"<p>{FIRST}</p><p>{SECOND}</p><p>ظهرت المقالة <a>خطة النقل</a> أولاً على <a>الصحيفة</a>.</p>",
    ],
)
def test_the_story_without_what_is_around_it(html: str) -> None:
    assert story(html) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{FIRST}</p><p>{SECOND[:60]}…</p>",
        f"<p>{FIRST[:60]} [&hellip;]</p>",
        f"<p>{FIRST[:60]}...</p>",
        f"<p>{FIRST}</p><p><a href='/1'>اقرأ المزيد</a></p>",
        f"<p>{FIRST} <a href='/1'>اقرأ المزيد »</a></p>",
        f"<p>{FIRST}</p><p>لقراءة الخبر كاملا اضغط هنا</p>",
        f"<p>{FIRST}</p><p><a href='/1'>متابعة القراءة خطة النقل الجديدة</a></p>",
        f"<p>{FIRST}</p><p>Continue reading خطة النقل &rarr;</p>",
        f"<p>{FIRST}</p><p>... المزيد</p>",
        f"<p>{FIRST}</p>{MARK}",
        "<p><img src='/a.jpg'></p>",
        "   ",
    ],
)
def test_an_excerpt_is_no_story(html: str) -> None:
    assert story(html) is None


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{FIRST}</p>",
        f"<p>{LONG}</p>{MARK}",
        f"<p>{FIRST}</p><p>ويريد سكان القرى القريبة من النهر المزيد.</p>",
        f"<p>{FIRST}</p><p>ورفضت الوزارة أن تعطي الصحفيين مزيدا من التفاصيل.</p>",
    ],
)
def test_short_stories_are_stories(html: str) -> None:
    assert story(html)


@given(st.text(alphabet="<>/&;ab اقر.…[]pdiv=\"'", max_size=300))
def test_any_text_is_read(html: str) -> None:
    found = story(html)
    assert found is None or all(found)
