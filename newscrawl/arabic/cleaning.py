"""Display cleaning: what a reader cannot see is put right, everything a reader can see stays.

Kept on purpose: marks, tatweel, Persian letters, digits of every system, Arabic punctuation, quotes, honorific
ligatures.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from newscrawl.arabic.mojibake import repair_mojibake

# Presentation forms that stand for one letter (or lam-alef). Honorifics (FDF0-FDFF), ornate brackets and ligatures of
# several letters stay: spelling them out would change the text, some with spaces inside a word.
_FORMS = "\ufb50-\ufbb1\ufbd3-\ufbe9\ufbfc-\ufbff\ufe80-\ufefc"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_DELETED = f"{_CONTROLS}\xad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb{_BIDI}"
_JOINERS = "\u200c\u200d"
_SPACES = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BREAKS = "\x0b\x0c\r\x85\u2028\u2029"
_ARABIC = "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u0870-\u0887\u08a0-\u08c9"
_ARABIC_MARKS = "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"

_RARE = re.compile(f"[{_FORMS}{_DELETED}{_JOINERS}{_SPACES}{_BREAKS}]")
_FORM_RUN = re.compile(f"[{_FORMS}]+")
_DELETE = re.compile(f"[{_DELETED}]+")
# A joiner says something between two Arabic letters, after the heh of a Hijri year (1440ه‍) and inside an emoji.
_JOINER_RUN = re.compile(
    f"(?:(?<=[{_ARABIC}{_ARABIC_MARKS}])([{_JOINERS}])[{_JOINERS}]*(?=[{_ARABIC}])"
    f"|(?<=[0-9٠-٩۰-۹]\u0647)(\u200d)[{_JOINERS}]*(?![{_ARABIC}{_ARABIC_MARKS}])"
    f"|(?<=[{_EMOJI}])(\u200d)[{_JOINERS}]*(?=[{_EMOJI}])"
    f"|[{_JOINERS}]+)"
)
_SPACE = re.compile(f"[{_SPACES}]+")
_BREAK = re.compile(f"\r\n?|[{_BREAKS}]")
_SPACE_RUN = re.compile(" {2,}")
_LINE_EDGE = re.compile(" ?\n ?")
_BLANK_LINES = re.compile("\n{3,}")
_ENTITY = re.compile(
    r"&(?:(?:amp|#0{0,4}38|#[xX]0{0,4}26);)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,7});"
)
_ENTITY_SIGN = re.compile("[A-Za-z0-9#;&]")
_INVISIBLE = re.compile(f"[{_DELETED}{_JOINERS}]")
# More marks on one letter than Unicode's stream-safe format allows (UAX 15); shorter texts need no such care.
_MOST_MARKS, _LONG = 30, 4000


@cache
def _mark_run() -> re.Pattern[str]:
    marks = "".join(char for char in map(chr, range(0x300, 0x1E94B)) if unicodedata.combining(char))
    return re.compile(f"([{marks}]{{{_MOST_MARKS}}})[{marks}]+")


def _bounded(text: str) -> str:
    """Normalising takes time quadratic in the number of marks on one letter, so there are no more than some."""
    if len(text) <= _LONG:
        return text
    # Too many in a row would stand at one of these places at least; to look at all of them takes ten times as long as
    # all other cleaning.
    every_so_many = text[_MOST_MARKS :: _MOST_MARKS + 1]
    return _mark_run().sub(r"\1", text) if any(map(unicodedata.combining, every_so_many)) else text


def _keep_joiner(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3] or ""


def _judge_joiners(text: str) -> str:
    """Joiners without a task out; again when that let marks change places before another joiner, which happens once
    at most."""
    while (judged := _JOINER_RUN.sub(_keep_joiner, unicodedata.normalize("NFC", text))) != text:
        text = judged
    return text


def _unfold_forms(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _tidy(text: str) -> str:
    """Code points and white space; no decoding of any kind."""
    if _RARE.search(text):
        text = _DELETE.sub("", text)
        text = _FORM_RUN.sub(_unfold_forms, text)
        if "\u200c" in text or "\u200d" in text:
            text = _judge_joiners(_bounded(text))
        text = _BREAK.sub("\n", _SPACE.sub(" ", text))
    if "  " in text:
        text = _SPACE_RUN.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = _LINE_EDGE.sub("\n", text)
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return unicodedata.normalize("NFC", _bounded(text.strip(" \n")))


def _unescape(match: re.Match[str]) -> str:
    from html.entities import html5  # 2 000 names that almost no text needs

    name = match[1]
    if name[0] != "#":
        char = html5.get(name + ";", "")
    else:
        code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    # A reference that another reference could be built with is a text about references: it stays as it is.
    if not char or _ENTITY_SIGN.match(unicodedata.normalize("NFC", char)):
        return match[0] if char != "&" else char
    start, end = match.span()
    if _INVISIBLE.match(char) and _ENTITY_SIGN.match(match.string, start - 1) and _ENTITY_SIGN.match(match.string, end):
        return match[0]
    return char


def _undo_layer(text: str) -> str:
    """Escaping and one wrong decoding off."""
    if "&" in text:
        text = _ENTITY.sub(_unescape, text)
    return repair_mojibake(text)


def clean(text: str) -> str:
    """`text` as a reader should get it: left-over entities and mojibake undone, NFC, letters instead of
    presentation forms,
    invisible controls out, one kind of space and of line break, at most one blank line. Idempotent.
    """
    # Mojibake first: some of its characters are controls and spaces, which the next step touches.
    while (repaired := repair_mojibake(text)) != text:
        text = repaired
    current = _tidy(text)
    if current == text and "&" not in text:
        return text
    while (undone := _undo_layer(current)) != current:
        current = _tidy(undone)
    return current
