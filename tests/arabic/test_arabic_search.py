"""Searching: a page of traps that defeat searches made for English, and properties that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic import Text, fold, marked, parse_query
from newscrawl.arabic.lexicon import rows

# query, a text that has it
FOUND = [
    ("القدس", "في القُدْسِ أمس"),
    ("القُدْس", "بلدية القدس"),
    ("المدرسه", "أبواب المدرسة"),
    ("المدرسة", "ابواب المدرسه"),
    ("الي", "سافر إلى عمّان"),
    ("إلى", "سافر الي عمان"),
    ("امس", "وقع أمسِ"),
    ("أمس", "وقع امس"),
    ("مبني", "مبنى البلدية"),
    ("كتاب", "كتـــاب جديد"),
    ("2026", "في عام ٢٠٢٦"),
    ("٢٠٢٦", "في عام 2026"),
    ("۲۰۲۶", "في عام 2026"),
    ("الصبر", "عليكم بالصبر"),
    ("صبر", "عليكم بالصبر"),
    ("الصبر", "صبر جميل"),
    ("صبر", "الصبرُ مفتاح"),
    ("مدرسة", "وللمدرسة باب"),
    ("المدرسة", "وبالمدرسة ملعب"),
    ("المدرسة", "فكالمدرسة"),
    ("اللغة", "للغة العربية"),
    ("لغة", "وباللغة العربية"),
    ("الله", "الحمد لله"),
    ("الحب", "وللحب أحكام"),
    ("حب", "الحبّ أعمى"),
    ("يقول", "سيقول الوزير"),
    ("يقول", "وسيقول الوزير"),
    ("أقول", "سأقول لكم"),
    ("إلغاء", "لإلغاء القرار"),
    ("الغاء", "بالإلغاء"),
    ("القاهرة", "والقاهرة"),
    ("رد", "بالرد على"),
    ("أمل", "وأمل جديد"),
    ("مال", "بالمال وحده"),
    ("زيتون", "ولزيتونٍ"),
    ("٢٠٢٦", "وبـ2026"),
    ("covid-19", "مرض COVID 19"),
    ("bbc", "لـBBC"),
    ("أ ف ب", "القاهرة (أ.ف.ب)"),
    ('"وزير الخارجية"', "التقى لوزير الخارجية"),
    ('"وزير الخارجية"', "قال وزير الخارجيّة"),
    ("«وزير الخارجية»", "قال وزيرُ الخارجية"),
    ("“وزير الخارجية”", "قال وزير الخارجية"),
    ('"وزير الخارجية', "قال وزير الخارجية"),
    ("=بالصبر", "عليكم بالصبر"),
    ('="وزير الخارجية"', "قال وزير الخارجية"),
    ("القدس -حيفا", "القدس ويافا"),
    ("-حيفا", "القدس"),
    ("\u200fالقدس\u200f", "القدس"),
    ("القدس -", "القدس"),
    ("؟!", "أي نص"),
    ("", "أي نص"),
]
# query, a text that has it not
NOT_FOUND = [
    ("رد", "ورد في البيان"),
    ("رد", "وبرد الشتاء"),
    ("أمل", "عام كامل"),
    ("مال", "كمال الدين"),
    ("يد", "السيد الوزير"),
    ("أحد", "عام واحد"),
    ("قراء", "مساعدة الفقراء"),
    ("حر", "على البحر"),
    ("حر", "في بحر هادئ"),
    ("بالون", "ون"),
    ("دين", "عن الوالدين"),
    ("والدين", "رجل دين"),
    ("إلغاء", "غاء"),
    ("مدرسة", "مدرستان"),
    ("القدس", "المقدسي"),
    ("=الصبر", "عليكم بالصبر"),
    ("=صبر", "الصبر"),
    ('="وزير الخارجية"', "لوزير الخارجية"),
    ('"وزير الخارجية"', "وزير الشؤون الخارجية"),
    ('"وزير الخارجية"', "الخارجية وزير"),
    ("القدس حيفا", "القدس ويافا"),
    ("القدس -حيفا", "القدس وحيفا"),
    ("-حيفا", "لحيفا"),
    ('-"وزير الخارجية"', "قال وزير الخارجية"),
    ("و", "ولو"),
]


@pytest.mark.parametrize(("query", "text"), FOUND)
def test_traps_that_hide_a_word(query: str, text: str) -> None:
    assert Text(fold(text)).matches(parse_query(query))


@pytest.mark.parametrize(("query", "text"), NOT_FOUND)
def test_traps_that_feign_a_word(query: str, text: str) -> None:
    assert not Text(fold(text)).matches(parse_query(query))


@pytest.mark.parametrize("word", ["مدرسة", "زيتون", "قدس", "حكومة", "صبر"])
def test_every_proclitic_and_combination_is_found(word: str) -> None:
    glued = [prefix for kind, cell in rows("proclitics.tsv") if kind != "verbal" for prefix in cell.split("|")]
    assert {"و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "فبال", "ولل"} <= set(glued)
    for prefix in glued:
        assert Text(fold(prefix + word)).matches(parse_query(word)), prefix
        assert Text(fold(prefix + word)).matches(parse_query(f"ال{word}")), prefix


def test_a_phrase_does_not_run_from_the_title_into_the_body() -> None:
    query = parse_query('"وزير الخارجية"')
    assert not Text(fold("قال وزير"), fold("الخارجية أعلنت")).matches(query)
    assert Text(fold("قال وزير"), fold("الخارجية أعلنت")).matches(parse_query("وزير خارجية"))


def test_the_table_of_own_words_is_folded_and_hides_something() -> None:
    words = [word for (line,) in rows("own_words.txt") for word in line.split()]
    assert len(words) == len(set(words)) > 200
    for word in words:
        assert fold(word) == word
        assert word[0] in "وفبلكس"


def test_too_many_words_are_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="at most 32 words, this one has 40"):
        parse_query(" ".join(f"كلمة{number}" for number in range(40)))


def test_what_was_found_is_marked() -> None:
    text = "قال «وزير الخارجيّة» في القُدْس، إن الوزير غادر."
    query = parse_query('"وزير خارجية" القدس')
    assert [piece for piece, hit in marked(text, query) if hit] == ["القُدْس"]
    query = parse_query('"وزير الخارجية" القدس')
    assert [piece for piece, hit in marked(text, query) if hit] == ["وزير", "الخارجيّة", "القُدْس"]


_letters = st.text('ابتلوفكسردمنيىةهءأإآ٠١2aBc\u064b\u0651\u0640 -="«».،()\n', max_size=60)
_any = st.one_of(_letters, st.text(max_size=60))


@given(_any)
def test_any_query_is_read_or_refused(text: str) -> None:
    query = parse_query(text)
    for term in query.terms:
        for phrase in term.phrases:
            assert phrase
            assert all(word == fold(word) and " " not in word and word for word in phrase)


@given(_any, _any)
def test_marking_changes_no_text_and_marks_what_was_asked_for(text: str, asked: str) -> None:
    query = parse_query(asked)
    pieces = marked(text, query)
    assert "".join(piece for piece, _ in pieces) == text
    for piece, hit in pieces:
        if hit:
            assert {word for word in fold(piece).split(" ") if word} & {
                word for term in query.wanted for phrase in term.phrases for word in phrase
            }


@given(_any)
def test_a_text_is_found_by_each_of_its_own_words(text: str) -> None:
    folded = fold(text)
    prepared = Text(folded)
    for word in folded.split():
        assert prepared.matches(parse_query(word))
        assert prepared.matches(parse_query(f"={word}"))
        assert not prepared.matches(parse_query(f"-{word}"))
