"""What of a story counts in the comparison."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic import fold
from newscrawl.dedup.compare import jaccard
from newscrawl.dedup.shingles import LEAD_WORDS, SHORT_WORDS, fingerprint, story_text, table, winnow
from tests.dedup.wording import text

BODY = "قالت وزارة الصحة إن عدد المصابين ارتفع في العاصمة خلال الأسبوع الماضي إلى مستوى لم يسجل منذ سنوات طويلة"
SECOND = "وأضافت الوزارة أن المستشفيات استقبلت مئات الحالات وأن الوضع تحت السيطرة"
PLAIN = f"{fold(BODY)} {fold(SECOND)}"


@pytest.mark.parametrize(
    "printed",
    [
        f"{BODY}.\n{SECOND}.",
        f"القاهرة (رويترز) - {BODY}\n{SECOND}",
        f"دبي - أ ف ب: {BODY}\n{SECOND}",
        f"القدس (أ.ف.ب) - {BODY}\n{SECOND}",
        f"الرياض - واس: {BODY}\n\n{SECOND}\n",
        f"{BODY} (رويترز)\n{SECOND}",
        f"{BODY}\n{SECOND}\nالمصدر: رويترز",
        f"{BODY}\n{SECOND}\n(أ ف ب)",
        f"{BODY}\nاقرأ أيضا: وزير الصحة يزور مستشفى العاصمة\n{SECOND}",
        f"{BODY}\n{SECOND}\nتابعونا على تويتر وفيسبوك",
        f"{BODY}\n{SECOND}\nجميع الحقوق محفوظة",
        f"عاجل | {BODY}\n{SECOND}",
        "\n".join("".join(char + "\u064b" if char == "م" else char for char in line) for line in (BODY, SECOND)),
        f"{BODY}\n{SECOND}".replace("أ", "ا").replace("ة", "ه").replace("ى", "ي"),
    ],
)
def test_other_prints_of_one_story_are_the_same_words(printed: str) -> None:
    assert story_text(printed) == PLAIN


@pytest.mark.parametrize(
    "kept",
    [
        "رويترز",
        "قال الوزير: إن الأمر لم يعد يحتمل التأجيل أكثر من ذلك وإن الحكومة ستجتمع غدا",
        "أعلن الرئيس (75 عاما) أنه لن يترشح لولاية ثانية في الانتخابات التي تجري في الخريف",
        "للمزيد من الضغوط على الحكومة دعت النقابات إلى إضراب عام يوم الخميس في كل القطاعات والمدن",
    ],
)
def test_what_only_looks_like_a_credit_stays(kept: str) -> None:
    assert story_text(kept) == fold(kept)


def test_headline_counts_only_where_there_is_no_body() -> None:
    assert fingerprint("عنوان أول للخبر نفسه", BODY) == fingerprint("عنوان آخر مختلف تماما", BODY)
    alone = fingerprint(f"عاجل: {BODY}", None)
    assert alone is not None
    assert alone.sketch == getattr(fingerprint("", BODY), "sketch", None)


@pytest.mark.parametrize("empty", [None, "", " \n ", "كلمتان فقط", "عاجل: كلمتان فقط", "...", "المصدر: رويترز\nرويترز"])
def test_too_few_words_give_none(empty: str | None) -> None:
    assert fingerprint(empty, empty) is None


def test_a_paragraph_that_is_a_dateline_and_nothing_else_says_nothing() -> None:
    assert story_text(f"عين اليوم – ديار بكر (تركيا)\n{BODY}") == story_text(f"(رويترز) -\n{BODY}") == fold(BODY)


def test_the_figures_are_those_of_the_page() -> None:
    """Up to twenty words are short (docs/near-duplicates.md) and looked for in the first 28 of a longer text."""
    assert (SHORT_WORDS, LEAD_WORDS) == (20, 28)


def test_short_is_up_to_the_limit() -> None:
    words = text(1, 60).replace(".", "").split()
    short, long = (fingerprint("", " ".join(words[:size])) for size in (SHORT_WORDS, SHORT_WORDS + 1))
    assert short is not None
    assert long is not None
    assert (short.short, long.short) == (True, False)
    assert len(short.lead) == 4 * SHORT_WORDS


def test_tables_are_folded_and_have_no_line_twice() -> None:
    for name in ("boilerplate.txt", "urgent.txt", "turning.txt"):
        assert len(table(name)) > 5
        assert all(line == fold(line) for line in table(name))


@given(st.text())
def test_any_text_can_be_compared_with_itself(anything: str) -> None:
    made = fingerprint(None, anything)
    if made is not None:
        assert made == fingerprint(None, anything)
        assert jaccard(made, made) == 1.0
        assert len(made.lead) <= 4 * LEAD_WORDS


def test_a_lone_surrogate_is_compared_too() -> None:
    assert fingerprint("", f"{BODY} \ud800 {SECOND}") is not None


@given(st.lists(st.integers(0, 50), unique=True, min_size=4), st.data())
def test_texts_that_share_a_run_share_a_winnowed_hash(shared: list[int], data: st.DataObject) -> None:
    around = st.lists(st.integers(100, 10**6), max_size=10)
    one, other = ([*data.draw(around), *shared, *data.draw(around)] for _ in range(2))
    assert set(winnow(one)) & set(winnow(other))
