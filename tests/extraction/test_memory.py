"""Lines that recur are learned, fade, and survive being stored."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic import fold
from newscrawl.extraction.body.memory import HALF_LIFE, RecurringLines
from newscrawl.loaders import load_article

PROMO = "حمّل دليل المدينة واحصل على خصم للقراء"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def page(number: int) -> bytes:
    story = f"افتتحت البلدية رقم {number} جسرا جديدا فوق النهر، وقالت إن العمل فيه استغرق {number} أشهر كاملة."
    more = f"وأضافت أن المرحلة {number + 7} تشمل رصف الطريق المؤدي إليه، وأن الحركة عليه تبدأ الأسبوع المقبل."
    return (
        f"<html><body><article><h1>افتتاح الجسر رقم {number} في المدينة</h1><div class='entry-content'>"
        f"<p>{story}</p><p>{PROMO}</p><p>{more}</p></div></article></body></html>"
    ).encode()


def load(number: int, memory: RecurringLines, *, learn: bool = True) -> str:
    url = f"https://paper.example/news/{number}"
    return load_article(page(number), url=url, fetched_at=NOW, memory=memory, learn=learn).body or ""


def test_a_line_of_three_articles_is_dropped_from_the_fourth() -> None:
    memory = RecurringLines()
    bodies = [load(number, memory) for number in range(1, 5)]
    assert [PROMO in body for body in bodies] == [True, True, True, False]
    assert all("الحركة عليه تبدأ" in body for body in bodies)


def test_revisits_teach_nothing() -> None:
    memory = RecurringLines()
    load(1, memory)
    for _ in range(5):
        assert PROMO in load(1, memory, learn=False)


def test_learning_a_line_is_no_new_version() -> None:
    memory = RecurringLines()
    url = "https://paper.example/news/1"
    before = load_article(page(1), url=url, fetched_at=NOW, memory=memory, learn=True)
    for number in range(2, 5):
        load(number, memory)
    after = load_article(page(1), url=url, fetched_at=NOW, memory=memory)
    assert before.body != after.body
    assert before.content_hash == after.content_hash


def test_one_in_twenty_is_needed() -> None:
    memory = RecurringLines()
    for number in range(100):
        memory.observe([PROMO] if number < 4 else [f"خبر {number}"])
    assert fold(PROMO) not in memory


def test_what_no_longer_recurs_is_forgotten() -> None:
    memory = RecurringLines()
    for _ in range(30):
        memory.observe([PROMO])
    assert fold(PROMO) in memory
    for number in range(3 * HALF_LIFE):
        memory.observe([f"خبر {number}"])
    assert fold(PROMO) not in memory


def test_long_lines_are_never_learned() -> None:
    memory = RecurringLines()
    line = (
        "وكانت الوزارة قد أعلنت في وقت سابق من الشهر الجاري أنها ستبدأ تنفيذ المشروع فور الانتهاء من أعمال التصميم "
        "والحصول على الموافقات اللازمة من الجهات المختصة"
    )
    for _ in range(10):
        memory.observe([line])
    assert fold(line) not in memory


@given(st.lists(st.lists(st.text(max_size=40), max_size=6), max_size=20))
def test_storing_changes_nothing_that_matters(articles: list[list[str]]) -> None:
    memory = RecurringLines()
    for lines in articles:
        memory.observe(lines)
    again = RecurringLines.load(memory.dump())
    for lines in articles:
        for line in lines:
            assert (fold(line) in memory) == (fold(line) in again)


def test_an_older_fold_starts_afresh() -> None:
    assert fold(PROMO) not in RecurringLines.load('{"fold": -1, "articles": 9, "counts": {}}')
    assert RecurringLines.load(None).dump() == RecurringLines().dump()
