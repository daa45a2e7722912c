"""Date strings in one spelling, with the way back to the place in the given text."""

from __future__ import annotations

import html
import re
import unicodedata

#: What is read of a text: more than any date line, little enough that hostile text costs nothing.
LIMIT = 300
_RAW_LIMIT = 4 * LIMIT

_ONE_TO_ONE = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیېے", "ي"),
        **dict.fromkeys("ةہۀەھ", "ه"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("،٬", ","),
        **dict.fromkeys("–—−‐‑‒―", "-"),
        **dict.fromkeys("٫", "."),
        **dict.fromkeys("⁄∕", "/"),
        **dict.fromkeys("’‘ʼ", "'"),
        **dict.fromkeys("éèê", "e"),
        **dict.fromkeys("ûùú", "u"),
        **dict.fromkeys("àâ", "a"),
        **{chr(0x660 + digit): str(digit) for digit in range(10)},
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
        **{chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)},
    }
)
# Everything whose length changes. A tatweel that joins no letters is a dash, elsewhere it is no letter.
_UNEVEN = re.compile(
    r"(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)"
    r"|(?P<dash>(?<![\u0621-\u0655\u0670-\u06d5])\u0640+(?![\u0621-\u0655\u0670-\u06d5]))"
    r"|(?P<gone>[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    r"\u0300-\u036f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+|\u0640+)"
    r"|(?P<forms>[\ufb50-\ufdc7\ufe70-\ufefc\uff01-\uff5e]+)"
    r"|(?P<space>[^\S ]\s*| \s+)"
)
_WORD_TAIL = re.compile(r"\w+$")


def _replacement(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "gone":
        return ""
    if kind == "space":
        return "\n" if "\n" in match[0] else " "
    if kind == "dash":
        return "-"
    if kind == "entity":
        char = html.unescape(match[0])
        return _UNEVEN.sub(_replacement, char) if len(char) == 1 else match[0]
    return unicodedata.normalize("NFKC", match[0])


def fold_date_text(text: str) -> tuple[str, list[int] | None]:
    """The folded head of `text` and, when lengths differ, the offset in `text` of every folded character (one more
    at the end)."""
    cut = len(text) > _RAW_LIMIT
    if cut:
        text = text[:_RAW_LIMIT]
    if _UNEVEN.search(text) is None:
        folded, offsets = text.translate(_ONE_TO_ONE), None
    else:
        pieces: list[str] = []
        starts: list[int] = []
        last = 0
        for match in _UNEVEN.finditer(text):
            begin, end = match.span()
            plain = text[last:begin]
            new = _replacement(match)
            pieces += (plain, new)
            starts.extend(range(last, begin))
            starts.extend([begin] * len(new))
            last = end
        pieces.append(text[last:])
        starts.extend(range(last, len(text) + 1))
        folded, offsets = "".join(pieces).translate(_ONE_TO_ONE), starts
    if len(folded) > LIMIT or cut:
        # A number cut in two would be another number.
        whole = folded[:LIMIT]
        folded = _WORD_TAIL.sub("", whole) if cut or folded[LIMIT].isalnum() else whole
    return folded, offsets


def original_span(start: int, end: int, offsets: list[int] | None) -> tuple[int, int]:
    """The span in the given text of folded[start:end]."""
    if offsets is None:
        return start, end
    return offsets[start], offsets[end - 1] + 1
