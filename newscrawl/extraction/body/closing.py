"""The lines that close a story and are not of it: initials, agencies, serial numbers, contacts, who the author is."""

from __future__ import annotations

import re
from collections.abc import Collection, Container

from newscrawl.arabic import fold
from newscrawl.arabic.agencies import credit_agencies, segments
from newscrawl.arabic.sentences import ends_sentence, pauses
from newscrawl.extraction.body.notices import is_notice
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.elements.wording import (
    is_person,
    is_signed_with_paper,
    is_signed_with_town,
    name_before_role,
    names_signed,
    names_writer,
    signed_by,
)

_LONGEST_LINE, _MOST_WORDS, _MOST_WORDS_OF_CREDIT, _MOST_WORDS_OF_NAMES = 400, 14, 8, 8
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
_HASHTAGS = re.compile(r"^\s*(?:#\S+(?:\s+|$))+$")
# The wire's own clock and number: "14:24 ت م", "0107".
_SERIAL = re.compile(r"^[\d٠-٩:./\s-]+(?:ت\s?مـ?|جمت|بتوقيت غرينتش|GMT)?$")
_FEWEST_FIGURES = 4  # so many numbers in a row are a draw or a table
_NUMBER = re.compile(r"[\d٠-٩]+")
_COUNTED = (
    r"(?:(?:عدد\s+)?(?:مرات\s+)?(?:ال)?(?:مشاهد(?:ة|ه|ات)|قراء(?:ة|ه|ات)|زيار(?:ة|ه|ات)|زوار|تحميلات?|تعليق(?:ات)?|إعجاب(?:ات)?"
    r"|مشاركات)|views?|shares?|hits|reads)"
)
_COUNTER = re.compile(
    rf"^(?:\d[\d.,٬٫]*\s*{_COUNTED}|(?:تمت?\s+)?{_COUNTED}\s*[:()]?\s*\d[\d.,٬٫]*\)?(?:\s*مرة)?)\s*$", re.IGNORECASE
)
# What a page says of its story in a row of short parts: "مشاهدة: 106 | أضاف: التقنية".
_ROW_PART = re.compile(r"^(?:[^:|]{2,20}:\s*[^:|]{1,30})?$")
# "29℃ القاهرة, مصر"
_TEMPERATURE = re.compile(
    r"^\W*[-+]?\d{1,2}\s*(?:℃|°\s?[CcمF]?|º\s?[Cc]?)\s*(?:\w++[\s,،]*+){0,4}$|^(?:\w++[\s,،]++){1,3}[-+]?\d{1,2}\s*(?:℃|°\s?[Cc]?)$"
)
_TAKEN = re.compile(r"^[*•\s(-]*نقلا[ً]?\s+عن\s+(?:\S+\s+){0,7}\S+$")
# "تابعوا السفير على Telegram"; inside a story it may be a sub-heading.
_FOLLOWED = re.compile(
    r"^\W*(?:تابع|تابعوا|تابعونا|انضموا|اشتركوا)\s(?:\S+\s){1,4}(?:على|عبر|في)\s(?:\S+\s)?"
    r"(?:فيس\s?بوك|تويتر|إكس|تي?ليج?غ?رام|تلجرام|[إا]نست[غج]رام|يوتيوب|واتس\s?[اآ]ب|تيك\s?توك|telegram|facebook|twitter|x|instagram"
    r"|youtube|whatsapp|tiktok)\W*$",
    re.IGNORECASE,
)
_RULE, _MOST_OF_IT = re.compile(r"^[\s_ـ=*•–—-]{5,}$"), 0.6
_LONGEST_COUNTER = 80
_DIGITS = {ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")}
_RIGHTS = re.compile(r"^\s*(?:©|\(c\)\s)", re.IGNORECASE)
_WRITER = (
    r"(?:كاتبة?|صحاف[يى]ة?|صحف[يى]ة?|باحثة?|أكاديم[يى]ة?|أستاذة?|محللة?"
    r"|شاعرة?|روائ[يى]ة?|ناقدة?|إعلام[يى]ة?|مدونة?)"
)
_OFFICE = r"(?:محام[يى]ة?|طبيبة?|خبيرة?|سفيرة?|وزيرة?|نائبة?|رئيسة?|مديرة?|عضوة?)"
_STARRED = re.compile(rf"^\s*[*•●]+\s*(?:{_WRITER}|{_OFFICE})\s[^:]*$")
# Without a star only what no news begins with: "كاتب وأكاديمي أردني", "فلان: شاعرة من تونس".
_WHO = re.compile(
    rf"^(?:[^\d.:،]{{4,30}}\s*[:،]\s*)?{_WRITER}\s+(?:[و(]|من\s|في\s|(?:متخصص|مختص|مهتم|مقيم)ة?\s|[يت](?:عمل|كتب)\s"
    r"|\S+[يةى](?=\s*(?:[.،(*]|$)|\s+(?:و|من\s|في\s|مقيم|متخصص|مختص|لدى\s|\S+[يةى](?:\s|[.،]|$))))"
)
# Words of two letters that are an answer and no initials.
_ANSWERS = frozenset({"لا", "بل", "هو", "هي", "كم", "هل", "من", "عن", "ما", "لم", "أم"})
_PATTERNS = (_INITIALS, _SIGNED, _HASHTAGS, _COUNTER, _TAKEN, _RIGHTS, _FOLLOWED)
_BIOGRAPHY = (_STARRED, _WHO)


def drop(lines: list[Block], site_names: Collection[str] = ()) -> None:
    """Marks, in place, what closes the story among its `lines`, all still kept; `site_names` are folded."""
    is_above_bio = False
    last: Block | None = None  # of those that stay
    for at, block in reversed(list(enumerate(lines))):
        # A story has more than notices.
        if block is not lines[0] and block.kind not in ("item", "row") and is_notice(block.text, site_names):
            block.dropped = Verdict.NOTICE
            continue
        # The length is bounded, too: looking for an address takes time quadratic in that of a word. A list and the
        # rows of a table are the story's own.
        if block.words > _MOST_WORDS or len(block.text) > _LONGEST_LINE or block.kind in ("item", "row"):
            return
        is_bio = is_biography(block.text) or bool(signed_by(block.text))
        names = names_signed(block.text) if block.words <= _MOST_WORDS_OF_NAMES else []
        above = last if last is not None or at == 0 else lines[at - 1]
        is_below_prose = above is not None and pauses(above.text)
        is_sure = (bool(names) and all(map(is_person, names))) or is_signed_with_town(block.text)
        is_sure = is_sure or name_before_role(block.text) is not None
        is_writer = (is_above_bio and len(names) == 1 and (is_sure or is_below_prose)) or (is_sure and is_below_prose)
        if is_writer or _is_credit(block, site_names):
            block.dropped = Verdict.CREDIT
        elif is_bio or _closes(block):
            block.dropped = Verdict.CONTACT
        elif block.words > _MOST_WORDS_OF_PLACE or not _YEAR.search(block.text):
            return
        elif last is None:
            last = block
        is_above_bio = is_bio


def is_biography(line: str) -> bool:
    """Whether a line tells who the author is: "كاتب وأكاديمي أردني", "فلان: شاعرة من تونس"."""
    return any(pattern.search(line) for pattern in _BIOGRAPHY)


def is_counter(line: str) -> bool:
    """Whether a line counts readers, alone or beside other short notes on the story, or tells the temperature."""
    if len(line) > _LONGEST_COUNTER:
        return False
    parts = [part.strip() for part in line.translate(_DIGITS).split("|")]
    if any(map(_COUNTER.match, parts)):
        return all(_COUNTER.match(part) or _ROW_PART.match(part) for part in parts)
    return _TEMPERATURE.match(line) is not None


def drop_behind_rule(blocks: list[Block]) -> None:
    """Marks who the author is where that stands behind a line of strokes at the end, above the notes."""
    words = sum(block.words for block in blocks if block.dropped is None)
    before = 0
    at_rule = None
    for at, block in enumerate(blocks):
        before += block.words if block.dropped is None else 0
        if block.dropped == Verdict.ORNAMENT and _RULE.match(block.text) and before > _MOST_OF_IT * words:
            at_rule = at
    for block in blocks[at_rule + 1 :] if at_rule is not None else ():
        if block.dropped is None:
            if not is_biography(block.text):
                return
            block.dropped = Verdict.CONTACT


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
