"""Text from the web, made safe to print."""

from __future__ import annotations

import re
import unicodedata

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_].*?(?:\x07|\x1b\\|\x9c|$)|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]", re.DOTALL
)
# Embeddings, overrides and isolates can reorder what stands around them; marks (U+200E, U+200F, U+061C) cannot.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c")


def terminal_safe(text: str, *, keep_newlines: bool = False) -> str:
    """`text` without escape sequences, control characters, line separators and bidirectional overrides.

    A newline or tab becomes a space unless `keep_newlines`; invisible format characters go, other controls become
    U+FFFD.
    """
    return "".join(_shown(character, keep_newlines) for character in _ESCAPE_SEQUENCE.sub("", text))


def _shown(character: str, keep_newlines: bool) -> str:
    if character in "\n\t":
        return character if keep_newlines else " "
    if character in "\r\u2028\u2029\x85":
        return " "
    if character in _REORDERING:
        return ""
    if character in _JOINERS:
        return character
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return "�" if category in ("Cc", "Cs", "Co") else character
