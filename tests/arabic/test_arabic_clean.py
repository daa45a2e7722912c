"""Display cleaning and match folding: the policies, and what holds for any text."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.arabic import FOLD_VERSION, clean, fold, repair_mojibake
from tests.arabic.arabic_samples import shared

_NASTY = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "&",
                    "amp;",
                    "#38;",
                    "&quot;",
                    "&shy;",
                    "&nbsp;",
                    "&#x200c;",
                    "ط",
                    "ظ",
                    "Ø",
                    "Ù",
                    "Ç",
                    "á",
                    "§",
                    "„",
                    "ˆ",
                ),
                *(
                    "ا",
                    "ل",
                    "ه",
                    "ة",
                    "أ",
                    "ﻻ",
                    "ﺍ",
                    "ﷺ",
                    "ﷲ",
                    "ـ",
                    "\u064b",
                    "\u0653",
                    "\u0654",
                    "\u200c",
                    "\u200d",
                    "\u200f",
                ),
                *(
                    "\ufeff",
                    "\xad",
                    " ",
                    "\n",
                    "\r",
                    "\t",
                    "\xa0",
                    "\u2028",
                    "\x85",
                    "\0",
                    "\u0301",
                    "\u0345",
                    "\u2df2",
                    "e",
                    "İ",
                ),
                *("ß", "ﬁ", "ᄀ", "ᅡ", "\ud800", "👨", "👩", "\ufe0f", "٣", "²", "Ω", "\u06dd", "_", "1440ه"),
            ]
        ),
        st.characters(),
    ),
    max_size=14,
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&quot;نص&quot;", '"نص"'),
        ("&amp;quot;نص&amp;#8221;", '"نص”'),
        ("AT&T و R&D;", "AT&T و R&D;"),
        ("قال&shy;وا", "قالوا"),
        ("ا\u0653لة", "آلة"),
        ("ﻣﺎﺭﺱ ﻻ", "مارس لا"),
        ("قال ﷺ ﴿نص﴾ ١٠٠ ﷼ الله ﷲ", "قال ﷺ ﴿نص﴾ ١٠٠ ﷼ الله ﷲ"),
        ("\u202bنص\u202c \u200f22\u200f/\u200e03\ufeff", "نص 22/03"),
        ("می\u200cرود", "می\u200cرود"),
        ("1440ه\u200d سنة", "1440ه\u200d سنة"),
        ("نص\u200c .", "نص ."),
        ("👨\u200d👩", "👨\u200d👩"),
        ("a\u200db", "ab"),
        ("نص\xa0\u2003 نص\t", "نص نص"),
        ("سطر\u2028سطر\x85سطر\r\nسطر", "سطر\nسطر\nسطر\nسطر"),
        (" أول \n\n\n\n ثان ", "أول\n\nثان"),
        ("نـــص «قال» ، 14هـ ؟ 5٪ ٣٫٥ ی ک گ", "نـــص «قال» ، 14هـ ؟ 5٪ ٣٫٥ ی ک گ"),
        ("“نص” ‘نص’ …", "“نص” ‘نص’ …"),
        ("مُحَمَّدٌ", "مُحَمَّدٌ"),
        ("نص\ufffdنص", "نص\ufffdنص"),
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أإآٱا", "ااااا"),
        ("مُحَمَّد ﷺ", "محمد"),
        ("القاهـــرة، «مصر»", "القاهره مصر"),
        ("موسى على مستشفى", "موسي علي مستشفي"),
        ("ایران کشور", "ايران كشور"),
        ("مسؤول رئيس ماء", "مسؤول رئيس ماء"),
        ("گال چاي پژ ڤيديو", "گال چاي پژ ڤيديو"),
        ("١٢٣ ۴۵۶", "123 456"),
        ("iPhone_17 — Straße", "iphone 17 strasse"),
        ("﴿نص﴾", "نص"),
        ("ﻣﺎﺭﺱ", "مارس"),
        ("می\u200cرود", "ميرود"),
        ("؟!…", ""),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_the_fold_has_a_version() -> None:
    assert FOLD_VERSION == 1


@given(st.one_of(st.text(), _NASTY))
@example("\u0678\u2df2\u0670\u200c\u0626")
@example("ظˆظƒ\u06dd")
@example("&am&#112;;")
@example("&sh&shy;y;")
def test_idempotent_for_any_text(text: str) -> None:
    cleaned, folded = clean(text), fold(text)
    assert clean(cleaned) == cleaned
    assert fold(cleaned) == folded
    assert fold(folded) == folded


@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآء ،.", min_size=1))
def test_good_text_is_only_trimmed(text: str) -> None:
    assert clean(text) == " ".join(text.split())


def _damaged(text: str, right: str, wrong: str) -> str:
    return "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in text.encode(right))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "cp1256"), ("cp1256", "latin-1"), ("cp1256", "cp1252")],
)
def test_mojibake_is_undone(right: str, wrong: str) -> None:
    text = "أعلنت وزارة التعليم، اليوم، عن خطة لتطوير 120 مدرسة في المحافظات الجنوبية"
    assert repair_mojibake(_damaged(text, right, wrong)) == text
    assert clean(_damaged(text, right, wrong)) == text


def test_twice_damaged_text_is_undone() -> None:
    text = "أعلنت وزارة التعليم عن خطة"
    assert clean(_damaged(_damaged(text, "utf-8", "cp1252"), "utf-8", "cp1252")) == text


@pytest.mark.parametrize(
    "text", ["Élévation à l'été: Ça ira", "ظل الظالم في الظلام طويلا", "Ø 20 mm", "Ñandú señor ÁÉÍ", "ØÙ"]
)
def test_text_that_only_looks_damaged_stays(text: str) -> None:
    assert repair_mojibake(text) == text


def test_real_paragraphs_are_not_changed() -> None:
    paragraphs = []
    for name in ("gold.jsonl", "templates/gold.jsonl"):
        for line in shared(f"realnews/{name}").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            paragraphs += [record["title"], *record["paragraphs"]]
    assert len(paragraphs) > 200
    # Two marks on one letter stand in either order on the web and look the same: NFC has one order for them.
    assert [text for text in paragraphs if clean(text) != unicodedata.normalize("NFC", text)] == []


@pytest.mark.parametrize(
    "piece",
    [
        "&amp;",
        "amp;",
        "&am&#112;;",
        "&sh&shy;y;",
        "Ø§",
        "ط§",
        "ÇáÚ",
        "\u200c",
        "ا\u200c",
        "\u0301",
        " \n",
        "&#",
        "ﻻ\u0653",
    ],
)
def test_a_megabyte_of_anything(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert fold(clean(text)) == fold(text)


@given(st.integers(0, 80), st.integers(25, 120))
def test_a_long_text_keeps_thirty_marks_on_one_letter_wherever_it_stands(before: int, marks: int) -> None:
    rest = "س" * 4100
    cleaned = clean("ب" * before + "ا" + "\u064b" * marks + rest)
    assert cleaned.count("\u064b") == min(marks, 30)
    assert cleaned.endswith(rest)
