"""Text from the web cannot steer the terminal that shows it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.monitoring.terminal import terminal_safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("خبر عاجل", "خبر عاجل"),
        ("\x1b[31mأحمر\x1b[0m", "أحمر"),
        ("\x1b]0;owned\x07عنوان", "عنوان"),
        ("\x1b]8;;http://x.test\x1b\\رابط\x1b]8;;\x1b\\", "رابط"),
        ("\x9b2Jمسح", "مسح"),
        ("\x1bcreset", "reset"),
        ("أ\u202eب\u2066ج", "أبج"),
        ("سطر\nآخر\tهنا\r", "سطر آخر هنا "),
        ("a\x00b\x08c", "a�b�c"),
        ("بي\u200cخبر\u200f", "بي\u200cخبر\u200f"),
        ("\x1b]never ends", ""),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert terminal_safe(text) == shown


def test_what_is_invisible_goes_and_what_is_no_character_is_shown_as_such() -> None:
    """All of Unicode's format characters but those that shape Arabic; private ones and halves are U+FFFD."""
    shaping = "\u200c\u200d\u200e\u200f\u061c"
    invisible = [c for c in map(chr, range(0xF0000)) if unicodedata.category(c) == "Cf" and c not in shaping]
    assert len(invisible) > 100
    for character in invisible:
        assert terminal_safe(f"نص{character}نص") == "نصنص", f"{ord(character):04X}"
    assert terminal_safe(f"نص{shaping}نص") == f"نص{shaping}نص"
    for character in "\ue000\uf8ff\ud800\x01\x7f":
        assert terminal_safe(f"نص{character}نص") == "نص\ufffdنص", f"{ord(character):04X}"


def test_newlines_are_kept_on_request() -> None:
    assert terminal_safe("سطر\nآخر\x1b[1m", keep_newlines=True) == "سطر\nآخر"


@given(st.text())
def test_nothing_that_steers_is_left(text: str) -> None:
    shown = terminal_safe(text)
    assert all(unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") for character in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert terminal_safe(shown) == shown
