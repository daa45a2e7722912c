"""The wording of the short lines around a story: bylines, desk lines, a town and a name."""

from __future__ import annotations

import re
from collections.abc import Container

from newscrawl.arabic import fold, parse_byline
from newscrawl.arabic.agencies import byline_words, credit_agencies, place_kind, segments, strip_labels
from newscrawl.arabic.names import JOINING, before_role, has_given_name, names_in

_BYLINE_START = re.compile(
    r"^\s*(?:كتب(?:ت|ها|ه)?|كتابة|بقلم|بواسطة|تحرير|إعداد|اعداد|حوار|حاور(?:ها|ه|هم|ته|تها)?|تقرير|أعده|أعدته|أجراه|أجرته"
    r"|أجرى الحوار|مراجعة(?=\s*:)|ترجمة|متابعة|تحقيق|تغطية|نص(?: وصور)?|رصد|مراسل"
    r"|(?:نشرت?|أضيفت?|أرسلت?|مرسلة) بواسطة|By)(?:\s*[:/|\-–ـ]\s*|\s+)\S"
    r"|^\s*(?:الكاتبة?|المترجمة?|المحررة?|المؤلفة?|المراسلة?|شعر|قصيدة|قصة|نصوص)\s*:\s*\S"
    r"|^\s*(?:عرض|قراءة|ر[يو]?بورتاج|استطلاع|تحليل)\s*[:/]\s*\S"
    r"|^\s*(?:تصوير|صور)\s+و(?:نص|كتابة|تحقيق|تقرير|حوار|إعداد)\s*:?\s*\S"
)
# A body that begins so names who wrote it; metadata may name who put it there.
WRITTEN_BY = re.compile(r"\s*(?:بقلم|كتب(?:ت|ه|ها)?)(?=[\s:/-])")
_LABELLED = re.compile(r"\S+(?:\s+و\S+)?\s*[:/|–ـ-]")
_CLAUSE = re.compile(r"\s.*[^\W\d]\s*:")
# "القاهرة - فلان", "فلان | 3 مايو 2026", "3 مايو 2026 | فلان".
TOWN_AND_NAME = re.compile(
    r"^(?:[^\d:|]{2,30}\s*[-–—ـ/]\s*[^\d|]{4,40}|[^\d|]{5,60}\s*[|–—-]\s*(?:\w+،?\s)?\d.*|[^|]*\d\s*\|\s*[^\d:|]{5,40}"
    r"|(?:المصدر\s*:\s*)?خاص\s*[-–/:]\s*\D{5,40})$"
)
# "الشارقة: فلان", as papers of the Gulf sign below the headline.
TOWN_BEFORE_NAME = re.compile(r"^\s*([^\d:|()«»\"]{3,25}?)\s*:\s*([^\d:|()«»\".،]{5,40}?)\s*$")
# What a writer says of himself below his name.
WRITERS_ROLE = re.compile(
    r"^\W*(?:كاتبة?|صحاف[يى]ة?|صحف[يى]ة?|مراسلة?|محررة?|باحثة?|أكاديم[يى]ة?|محللة?|شاعرة?|روائ[يى]ة?|ناقدة?|إعلام[يى]ة?|مدونة?)"
    r"(?:\s+\S+){0,5}\W*$"
)
_NAME_AND_ROLE = re.compile(r"\s*([^\d(،|–—:-]{5,40}?)\s*(?:[(\[،|–—\n]|\s-\s)\s*([^\d:]{4,50})$")
# A name or a town, and in brackets where or which agency: "القاهرة (د ب أ)".
_BRACKETED = re.compile(r"\s*([^\d:|()]{3,40}?)\s*\(([^\d:|()]{2,30})\)\s*$")
# Who put it into Arabic; the writer is somebody else.
TRANSLATED = re.compile(r"^\s*(?:ترجمة|ترجمها|ترجمته?|نقله(?:ا)? إلى العربية|تعريب)\s*[:/|–-]?\s")
# "Sputnik / Pavel Nikitin": an agency and its photographer, in Latin letters on an Arabic page.
PHOTO_CREDIT = re.compile(r"[A-Za-z][A-Za-z .]+/\s*[A-Za-z][A-Za-z .'-]+$")
# "خاص - فلان": the paper's own.
EXCLUSIVE = re.compile(r"(?:^|[\s:])خاص(?:\s+[بل]\S+(?:\s+\S+)?)?\s*[-–/:]")
# "فلانة تكتب من الرياض"
_WRITES = re.compile(r"\s*([^\d:|،.]{5,40}?)\s+[يت]كتب(?:\s+(?:من|لكم من)\s+[^\d:|،.]{3,20})?\s*[:.]?\s*$")
# "من فلان" alone in a line is a byline where a date follows, as Reuters writes it.
FROM_NAME = re.compile(r"^من(?:\s+[^\W\d_]{2,}){2,4}$")
_DATE_HEAD = re.compile(r"^\s*[\d٠-٩][\d٠-٩/.:\s-]{5,20}[-–—|]\s*(?=[^\W\d_])")
_DATE_TAIL = re.compile(
    r"\s*[-–|،,/·•]?\s*(?:(?:في|بتاريخ|تاريخ النشر|يوم|نشر(?: في)?)\s*:?)?\s*"
    r"(?:(?:ال)?(?:سبت|[أا]حد|[إا]ثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة)[،,]?)?\s*[0-9٠-٩].*$",
    re.DOTALL,
)
SOURCE_LINE = re.compile(r"^\s*(?:المصدر|مصدر الخبر|المصادر)\s*:?\s*([^\s:].{1,60})$")
# What parts a line into section, date and byline.
LINE_PARTS = re.compile(r"\s+[-–—|•·]\s+|\s*\|\s*")
COLUMNS = re.compile(r"\s*[|•·]\s*")
#: A title before a name, with the dot or the stroke that belongs to it.
DOCTORS_TITLE = re.compile(r"^\s*(?:أ\s?\.\s?د\s|(?:أ?\s?\.?\s?د|م|أ)\s?[./]\s?)(?=[\u0621-\u064a]{2})")
_STARRED = re.compile(r"\s*[*•●]+\s*([^\d.:،|…]{5,40}?)\s*(?:\.{2,}|…|[:،|–-])\s*(\w+)")
_MOST_WORDS_OF_NAME, _MOST_PARTS_OF_CREDIT = 4, 3
_LONGEST_LABEL, _SOMEBODY = 20, "فلان"
_LABEL = re.compile(r"\s*(\S+(?:\s+\S+){1,2}?)\s*[:/]\s*\S")
# Who took the pictures or helped, and where a story was taken from.
_LABELS_OF_OTHERS = frozenset({"تصوير", "عدسه", "شارك", "شاركت", "مصدر", "المصدر", "المصادر", "photo", "source", "via"})
_SURE_LABELS = frozenset({"بقلم", "بواسطة", "كتبه", "كتبها", "الكاتب", "الكاتبة", "المؤلف", "المؤلفة", "By", "by"})


def is_byline(text: str) -> bool:
    """Whether a line starts as bylines do: "كتب: ...", "بقلم ...", "حوار: ..."."""
    return len(text) < 110 and (_BYLINE_START.match(text) is not None or _announces(text))


def _announces(text: str) -> bool:
    """Whether a line begins with a label of several words and a colon: "أعد التقرير: فلان"."""
    label = _LABEL.match(text)
    if label is None or fold(label[1]).partition(" ")[0] in _LABELS_OF_OTHERS:
        return False
    return strip_labels(label[1]) == ("", True)


def names_signed(line: str) -> list[str]:
    """The persons that a line below a story is, with a dash or a star before them or without."""
    return names_in(line.lstrip("-–—* "))


def signed_by(line: str) -> list[str]:
    """Whom a last line with a star names, who says what he is: "* فلان.. صحافي متدرب", "* فلان كاتب وباحث"."""
    match = _STARRED.match(line)
    if match and fold(match[2]) in byline_words("role"):
        return names_in(match[1])
    starred = line.lstrip("*•● ")
    name = before_role(starred)
    return names_in(name) if starred != line and name != starred and " " in name else []


def is_bare_label(text: str) -> bool:
    """Whether a line announces a writer and stops there: the name stands in an element of its own ("كتب:")."""
    label = text.strip(" :|/-–—ـ")
    if len(label) > _LONGEST_LABEL or not (text.rstrip().endswith(":") or label in _SURE_LABELS):
        return False  # "تقرير" and "كتب" alone are sections
    return is_byline(f"{label}: {_SOMEBODY}") and strip_labels(label) == ("", True)


def names_writer(text: str) -> bool:
    """Whether a line is a byline, and no sentence or item that begins with the same word ("إعداد دراسة شاملة")."""
    line = text.strip()
    if not is_byline(line):
        return False
    if _LABELLED.match(line):
        return True
    bare, is_labelled = strip_labels(line)
    rest = bare if line.removesuffix(bare).rstrip().endswith(":") else line
    desk = fold(bare)
    if desk in byline_words("desk") or (is_labelled and desk.partition(" ")[0] in byline_words("starts_desk")):
        return True
    byline = parse_byline(line)
    names_somebody = any(" " in person for person in byline.persons)
    return bool(byline.agencies) or (names_somebody and not _CLAUSE.search(rest.rstrip(": ")))


def is_person(name: str) -> bool:
    """Whether what may be a name is sure to be one: it begins with a given name, and is as long as names are."""
    proper = [word for word in fold(name).split() if word not in JOINING]
    return len(proper) <= _MOST_WORDS_OF_NAME and has_given_name(name)


def name_before_role(line: str) -> str | None:
    """The name of a line that is one, and what its bearer is: "فلان (كاتب من عُمان)", "فلان، كاتبة وباحثة"."""
    match = _NAME_AND_ROLE.match(line)
    is_told = match is not None and names_in(match[1]) == [match[1]] and WRITERS_ROLE.match(match[2]) is not None
    return match[1] if match is not None and is_told else None


def writes(line: str) -> bool:
    """Whether a line says that a person writes: "فلانة تكتب من الرياض"."""
    match = _WRITES.match(line)
    return match is not None and names_in(match[1]) == [match[1]] and is_person(match[1])


def is_row_of_names(line: str, site_names: frozenset[str] = frozenset()) -> bool:
    """Whether a line is a row of names, labels, towns, agencies and papers: "دمشق: فلان - حلب: فلان", "فلان، واس
    (أبها)", "حماة – فلان، عدسة - فلان"."""
    parts = segments(line)
    named: list[str] = []
    others = 0
    for part, agencies in zip(parts, credit_agencies(parts), strict=True):
        bare, has_label = strip_labels(part.text)
        names = names_in(DOCTORS_TITLE.sub("", bare))
        is_label = has_label and not bare and part is not parts[0]
        if agencies or is_label or place_kind(part.text) or _is_paper(fold(part.text), site_names):
            others += 1
        elif names:
            named += names
        else:
            return False
    if named:
        return others > 0 and any(map(is_person, named))
    return any(credit_agencies(parts)) and len(parts) <= _MOST_PARTS_OF_CREDIT


def _is_paper(name: str, site_names: frozenset[str]) -> bool:
    return name in site_names or name in byline_words("paper") or name == "خاص"


def is_bracketed_town(line: str) -> bool:
    """Whether a line is a name with a town in brackets, or a town with an agency: "فلان (كوالالمبور)"."""
    match = _BRACKETED.match(line)
    if match is None:
        return False
    name, inside = match.groups()
    if place_kind(inside):
        return names_in(name) == [name] and is_person(name)
    return place_kind(name) is not None and any(credit_agencies(segments(line)))


def is_signed_with_paper(line: str, site_names: Container[str]) -> bool:
    """Whether a line is a person's name and the site's own beside it: "فارس الأتاسي - زمان الوصل"."""
    parts = segments(line)
    return len(parts) == 2 and any(fold(p.text) in site_names for p in parts) and any(is_person(p.text) for p in parts)


def is_signed_with_town(line: str) -> bool:
    """Whether a line is a person's name and a town: "منى حسن - بيروت", "علي سعد (الرياض)"."""
    parts = segments(line)
    return len(parts) == 2 and any(place_kind(p.text) for p in parts) and any(_is_sure_name(p.text) for p in parts)


def is_name_from_town(line: str) -> bool:
    """Whether a line is a name and the town that its bearer writes from: "فلان من الرياض"."""
    name, _, town = line.lstrip("*• ").rpartition(" من ")
    return place_kind(town) is not None and _is_sure_name(DOCTORS_TITLE.sub("", name))


def _is_sure_name(text: str) -> bool:
    return names_in(text) == [text] and is_person(text)


def is_desk_line(text: str, site_names: frozenset[str]) -> bool:
    """Whether a line reads "<site name> - <name>", as bylines without a label do."""
    before, dash, after = text.partition(" - ")
    if not dash:
        return False
    paper = fold(before)
    # A paper leaves "صحيفة" and the like out of its own name.
    is_paper = paper in site_names or any(name.endswith(f" {paper}") for name in site_names)
    return bool(paper) and is_paper and 2 <= len(after.split()) <= 5


def without_date(text: str) -> str:
    """A byline that begins or goes on with a date ("بقلم فلان في 3 مايو"), without the date."""
    text = _DATE_HEAD.sub("", text)
    tail = _DATE_TAIL.search(text)
    return text[: tail.start()] if tail and tail.start() else text
