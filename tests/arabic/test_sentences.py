"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic.sentences import ENDS, asks, count_pauses, ends_sentence, is_cut, pauses

WORDS = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوي ", min_size=4).map(lambda text: f"قال {text} كلمة")
CLOSINGS = st.text(alphabet="»\"”’')]› \u200f\u200e\xa0")


@pytest.mark.parametrize(
    "line",
    [
        "وتساءل: «لماذا تأخر المشروع كل هذه السنين؟»",
        'وصاح أحدهم: "كفى!"',
        "(وقد عاد الفريق أمس.)",
        "وقال: «لا أعرف…»",
        "قال الوزير: «سنرد على ذلك.»",
        "قال الوزير: «سنرد على ذلك».",
        "وسأل: “متى نعود؟”",
        "وسأل: 'متى نعود?'",
        "[انتهت الجلسة مساء.]",
        "عاد المزارعون إلى حقولهم.\u200f",
        "عاد المزارعون إلى حقولهم. ",
        "عاد المزارعون إلى حقولهم.[3]",
        "عاد المزارعون إلى حقولهم. (12)",
        "ہم واپس آئے۔",
        "«لماذا تأخر المشروع كل هذه السنين؟!»",
        "**عاد المزارعون إلى حقولهم.**",
        "وفق ما نقلته أ.ف.ب.",
    ],
)
def test_a_sentence_ends(line: str) -> None:
    assert ends_sentence(line)
    assert pauses(line)


@pytest.mark.parametrize(
    "line",
    ["", " ", "»", "عودة المزارعين إلى حقولهم", "«عودة المزارعين»", "(أ.ف.ب.)", "م. ع.", "عودة المزارعين (2)", "2026"],
)
def test_no_sentence_ends(line: str) -> None:
    assert not ends_sentence(line)
    assert not pauses(line)


@pytest.mark.parametrize("line", ["وقال:", "وقال: «", "ثم عاد،", "«ثم عاد،»"])
def test_what_goes_on_is_no_end(line: str) -> None:
    assert not ends_sentence(line)
    assert pauses(line) == (line[-1] != "«")


@given(WORDS, st.sampled_from(ENDS), CLOSINGS)
def test_what_closes_behind_the_mark_changes_nothing(words: str, end: str, closing: str) -> None:
    assert ends_sentence(words + end + closing)
    assert not ends_sentence(words + closing)


@given(st.text())
def test_any_text_has_one_answer(text: str) -> None:
    assert pauses(text) or not ends_sentence(text)
    assert ends_sentence(text) == ends_sentence(f"{text}\u200f ")
    assert asks(text) <= (ends_sentence(text) or pauses(text))
    assert count_pauses(text + text) == 2 * count_pauses(text)


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("قالت البلدية إن الجسر ...", True),
        ("قالت البلدية إن الجسر…", True),
        ("قالت البلدية إن الجسر [...]", True),
        ("قالت البلدية إن الجسر […]\u200f", True),
        ("قالت البلدية إن الجسر (…)", True),
        ("وقال: «لا أعرف…»", False),
        ("(ثم عاد...)", False),
        ("عاد إلى البيت.", False),
        ("", False),
    ],
)
def test_an_excerpt_is_cut(line: str, cut: bool) -> None:
    assert is_cut(line) is cut


@pytest.mark.parametrize("line", ["متى نعود؟", "«متى نعود؟»", "متى نعود?"])
def test_a_question_asks(line: str) -> None:
    assert asks(line)
    assert not asks(f"{line} لا أحد يعرف.")
