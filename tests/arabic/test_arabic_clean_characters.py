"""Every character that is taken out, or takes another's place, by name: in cleaning and in folding."""

from __future__ import annotations

import unicodedata

import pytest

from newscrawl.arabic import clean, fold


def _from(*ranges: str) -> str:
    """The characters of ranges as Unicode writes them: "200B", "202A-202E"."""
    ends = (each.partition("-") for each in ranges)
    return "".join(chr(code) for first, _, last in ends for code in range(int(first, 16), int(last or first, 16) + 1))


CONTROLS = _from("0-8", "E-1F", "7F-84", "86-9F")
# Soft hyphen, the Mongolian vowel separator, zero widths, joiners of words, invisible operators, old shapers, byte
# order marks, interlinear signs.
INVISIBLE = _from("AD", "180E", "200B", "2060-2064", "206A-206F", "FEFF", "FFF9-FFFB")
DIRECTIONS = _from("61C", "200E", "200F", "202A-202E", "2066-2069")
SPACES = _from("9", "A0", "1680", "2000-200A", "202F", "205F", "3000")
BREAKS = _from("B-D", "85", "2028", "2029")
LETTER_FORMS = _from("FB50-FBB1", "FBD3-FBE9", "FBFC-FBFF", "FE80-FEFC")


def _named(characters: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("char", characters, ids=[f"{ord(char):04X}" for char in characters])


@_named(CONTROLS + INVISIBLE + DIRECTIONS)
def test_what_nobody_sees_goes(char: str) -> None:
    assert clean(f"نص{char}نص {char}") == "نصنص"


@_named(SPACES)
def test_a_space_is_a_space(char: str) -> None:
    assert clean(f"{char}نص{char}{char}نص{char}") == "نص نص"


@_named(BREAKS)
def test_a_break_is_a_new_line(char: str) -> None:
    assert clean(f"نص{char}نص") == "نص\nنص"


def test_one_blank_line_is_the_most() -> None:
    assert [clean(f"نص{breaks}نص") for breaks in ("\n", "\n\n", "\n\n\n", "\n \n\t\n\n")] == [
        "نص\nنص",
        "نص\n\nنص",
        "نص\n\nنص",
        "نص\n\nنص",
    ]


def test_letters_stand_for_their_shapes() -> None:
    for char in filter(unicodedata.name, (c for c in LETTER_FORMS if unicodedata.name(c, ""))):
        letters = clean(f"نص {char}").removeprefix("نص ")
        assert letters == unicodedata.normalize("NFC", unicodedata.normalize("NFKC", char)), f"{ord(char):04X}"
        assert not any("\ufb50" <= letter <= "\ufefc" for letter in letters), f"{ord(char):04X}"


@_named("\ufc5e\ufcf2\ufd3e\ufd3f\ufdf2\ufdfa\ufdfb\ufdfc\ufdfd")
def test_ligatures_that_a_reader_sees_stay(char: str) -> None:
    assert clean(f"نص {char} نص") == f"نص {char} نص"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&#0;", "&#0;"),
        ("&#xD7FF;", "\ud7ff"),
        ("&#xD800;", "&#xD800;"),
        ("&#xDFFF;", "&#xDFFF;"),
        ("&#x10FFFF;", "\U0010ffff"),
        ("&#x110000;", "&#x110000;"),
        ("&#1578;", "ت"),
        ("&nosuchthing;", "&nosuchthing;"),
    ],
)
def test_a_reference_is_a_character_or_stays(written: str, shown: str) -> None:
    assert clean(f"نص {written} نص") == f"نص {shown} نص"


FOLDED = {
    "ا": "أإآٱ\u0672\u0673",
    "ي": "ىیېےۍ",
    "ه": "ةہۀەھ",
    "ك": "کڪ",
    **{str(value): f"{chr(0x660 + value)}{chr(0x6F0 + value)}" for value in range(10)},
}


@pytest.mark.parametrize(("base", "char"), [(base, char) for base, chars in FOLDED.items() for char in chars])
def test_a_variant_is_folded_into_its_letter(base: str, char: str) -> None:
    assert fold(f"سلم{char}") == f"سلم{base}"
    # Beside a character that is in no usual news text.
    assert fold(f"\u0600 سلم{char}") == f"سلم{base}"


MARKS = _from("610-61A", "64B-65F", "670", "6D6-6DC", "6DF-6E4", "6E7", "6E8", "6EA-6ED", "8D3-8E1", "8E3-8FF")


@_named(f"{MARKS}\u0640")
def test_a_mark_or_a_tatweel_makes_no_other_word(char: str) -> None:
    # Behind a letter that no mark composes with.
    assert fold(f"سلم{char}س") == "سلمس"


@_named("\ufdfa\ufdfb\ufdfd")
def test_an_honorific_is_no_word(char: str) -> None:
    assert fold(f"النبي {char} قال") == "النبي قال"
