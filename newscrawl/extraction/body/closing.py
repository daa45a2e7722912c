"""The lines that close a story and are not of it: initials, agencies, serial numbers, contacts, who the author is."""

from __future__ import annotations

import re
from collections.abc import Container

from newscrawl.arabic import fold
from newscrawl.arabic.agencies import credit_agencies, segments
from newscrawl.arabic.bylines import names_in
from newscrawl.arabic.sentences import ends_sentence
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.elements.wording import is_signed_with_paper, names_writer

_LONGEST_LINE, _MOST_WORDS, _MOST_WORDS_OF_CREDIT, _MOST_WORDS_OF_NAME = 400, 14, 8, 5
_FEWEST_WORDS_OF_SENTENCE = 8
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w+|^\s*(?:هاتف|فاكس|بريد|البريد|للتواصل|للاستفسار)\S*(?:\s+\S+)?\s*:")
# "انتهى", then one or two letters for everybody who wrote, edited and checked it: "(النهاية) س ع ج / م ص ع".
_INITIALS = re.compile(
    r"^[\s(\[/]*(?:(?:انتهى|النهاية)[\s/)\]\d-]*(?:$|(?=[\s/)]))|(?=[\u0621-\u064a]{1,2}(?:\W|$)))"
    r"(?:[\s./،,ـ()\[\]-]*[\u0621-\u064a]{1,2}(?=[\s./،,ـ()\[\]-]|$))*[\s./ـ()\[\]-]*$"
)
# "الخرطوم، نوفمبر 2026": where and when it was written belongs to the text, whoever signs above it.
_YEAR, _MOST_WORDS_OF_PLACE = re.compile(r"(?:19|20)\d\d\s*م?$"), 5
# "كريم. ع", "ن.بلعيدي"
_SIGNED = re.compile(r"^(?:[\u0621-\u064a]{3,12}\.\s?[\u0621-\u064a]|[\u0621-\u064a]\.\s?[\u0621-\u064a]{3,12})\.?$")
_HASHTAGS = re.compile(r"^\s*(?:#\S+\s*)+$")
# The wire's own clock and number: "14:24 ت م", "0107".
_SERIAL = re.compile(r"^[\d٠-٩:./\s-]+(?:ت\s?مـ?|جمت|بتوقيت غرينتش|GMT)?$")
_FEWEST_FIGURES = 4  # so many numbers in a row are a draw or a table
_NUMBER = re.compile(r"[\d٠-٩]+")
_COUNTER = re.compile(
    r"^(?:\d[\d.,٬٫]*\s*(?:مشاهدات?|قراء(?:ة|ات)|زيارة|تعليق(?:ات)?|views?|shares?)|"
    r"(?:مشاهدات|المشاهدات|views?|shares?)\s*:?\s*\d[\d.,٬٫]*)\s*$",
    re.IGNORECASE,
)
_TAKEN = re.compile(r"^[*•\s(-]*نقلا[ً]?\s+عن\s+(?:\S+\s+){0,7}\S+$")
_RIGHTS = re.compile(r"^\s*(?:©|\(c\)\s)", re.IGNORECASE)
_WRITER = (
    r"(?:كاتبة?|صحاف[يى]ة?|صحف[يى]ة?|باحثة?|أكاديم[يى]ة?|أستاذة?|محللة?"
    r"|شاعرة?|روائ[يى]ة?|ناقدة?|إعلام[يى]ة?|مدونة?)"
)
_OFFICE = r"(?:محام[يى]ة?|طبيبة?|خبيرة?|سفيرة?|وزيرة?|نائبة?|رئيسة?|مديرة?|عضوة?)"
_STARRED = re.compile(rf"^\s*[*•●]+\s*(?:{_WRITER}|{_OFFICE})\s[^:]*$")
# Without a star only what no news begins with: "كاتب وأكاديمي أردني", "فلان: شاعرة من تونس".
_WHO = re.compile(
    rf"^(?:[^\d.:،]{{4,30}}\s*[:،]\s*)?{_WRITER}\s+(?:[و(]|من\s|في\s"
    r"|\S+[يةى](?=\s*(?:[.،(*]|$)|\s+(?:و|من\s|في\s|مقيم|متخصص|مختص|لدى\s|\S+[يةى](?:\s|[.،]|$))))"
)
# Words of two letters that are an answer and no initials.
_ANSWERS = frozenset({"لا", "بل", "هو", "هي", "كم", "هل", "من", "عن", "ما", "لم", "أم"})
_PATTERNS = (_INITIALS, _SIGNED, _HASHTAGS, _COUNTER, _TAKEN, _RIGHTS)
_BIOGRAPHY = (_STARRED, _WHO)


def drop(lines: list[Block], site_names: Container[str] = ()) -> None:
    """Marks, in place, what closes the story among its `lines`; `site_names` are folded."""
    is_above_bio = False
    for block in reversed(lines):
        # The length is bounded, too: looking for an address takes time quadratic in that of a word. A list and the
        # rows of a table are the story's own.
        if block.words > _MOST_WORDS or len(block.text) > _LONGEST_LINE or block.kind in ("item", "row"):
            return
        is_bio = any(pattern.search(block.text) for pattern in _BIOGRAPHY)
        is_writer = is_above_bio and block.words <= _MOST_WORDS_OF_NAME and bool(names_in(block.text))
        if is_writer or _is_credit(block, site_names):
            block.dropped = Verdict.CREDIT
        elif is_bio or _closes(block):
            block.dropped = Verdict.CONTACT
        elif block.words > _MOST_WORDS_OF_PLACE or not _YEAR.search(block.text):
            return
        is_above_bio = is_bio


def _closes(block: Block) -> bool:
    line = block.text
    if line.strip(" .") in _ANSWERS:
        return False
    if _CONTACT.search(line):
        return block.words < _FEWEST_WORDS_OF_SENTENCE or not ends_sentence(line)
    if _SERIAL.search(line):
        return len(_NUMBER.findall(line)) < _FEWEST_FIGURES or ":" in line or "/" in line
    return any(pattern.search(line) for pattern in _PATTERNS)


def _is_credit(block: Block, site_names: Container[str]) -> bool:
    """Whether a line names agencies, or the site, and at most people beside them: "وام/مريم الهاجري/هدى رجب"."""
    line = block.text
    if block.words > _MOST_WORDS_OF_CREDIT or ends_sentence(line):
        return False
    if fold(line) in site_names or names_writer(line) or is_signed_with_paper(line, site_names):
        return True
    parts = segments(line)
    return any(credit_agencies(parts)) and all(part.text.count(" ") < 3 for part in parts)
