"""Agencies, bylines and datelines."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic import UNNAMED, canonical_agency, clean_person, parse_byline, split_dateline
from newscrawl.arabic.datelines import dateline_day
from tests.arabic.arabic_samples import shared

#: Rows whose second column is a remark, not an agency: (its text, what the credit means).
_REMARKS = {
    "own desk": None,
    "own": None,
    "social media": None,
    "reprint credit": None,
    "SPA end mark": None,
    'SPA "to be continued"': None,
    "own + agencies": UNNAMED,
    "Anadolu": "Anadolu (AA)",
}


def test_every_form_of_the_table() -> None:
    rows = [
        line.split("\t") for line in shared("facts/agencies.tsv").read_text(encoding="utf-8").splitlines()[1:] if line
    ]
    wrong = []
    for form, name, kind, *_ in rows:
        expected = None if kind.startswith("FALSE POSITIVE") else _REMARKS.get(name, name)
        if canonical_agency(form) != expected:
            wrong.append((form, expected, canonical_agency(form)))
    assert len(rows) == 342
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("أ.ف.ب", "AFP"),
        ("(ا ف ب)", "AFP"),
        ("وكالة الصحافة الفرنسية", "AFP"),
        ("وكالة الأنباء السعودية (واس)", "SPA"),
        ("المنامة - بنا", "BNA"),
        ("وكالة فارس للأنباء", "Fars"),
        ("وكالة أنباء تسنيم الإيرانية", "Tasnim"),
        ("رويترز وأ ف ب", "Reuters"),
        ("وكالات - رويترز", "Reuters"),
        ("REUTERS", "Reuters"),
        ("المصدر: وكالات", UNNAMED),
        ("بنا", None),
        ("فارس", None),
        ("تومسون رويترز", None),
        ("واتس أب", None),
        ("ستاند أب", None),
        ("وكالة", None),
        ("وكالة الوزارة", None),
        ("فارس السبيعي", None),
        ("Nina", None),
        ("قالت وكالة رويترز إن الاتفاق وشيك", None),
        ("الألمانية", None),
        ("", None),
    ],
)
def test_agency(text: str, name: str | None) -> None:
    assert canonical_agency(text) == name


@pytest.mark.parametrize(
    ("text", "persons", "agencies", "city"),
    [
        ("كتب: أحمد علي", ["أحمد علي"], [], None),
        ("كتبت - منى حسن", ["منى حسن"], [], None),
        ("بقلم/ سامي الخوري", ["سامي الخوري"], [], None),
        ("بقلم: أدونيس", ["أدونيس"], [], None),
        ("إعداد أحمد علي ومحمد حسن", ["أحمد علي", "محمد حسن"], [], None),
        ("القاهرة - أحمد علي ووليد سامي، رويترز", ["أحمد علي", "وليد سامي"], ["Reuters"], "القاهرة"),
        ("كتب أحمد وليد", ["أحمد وليد"], [], None),
        ("سارة محمد، ياسر عمر و هدى سالم", ["سارة محمد", "ياسر عمر", "هدى سالم"], [], None),
        ("مراسل الصحيفة في عمان - رامي خليل", ["رامي خليل"], [], "عمان"),
        ("أحمد علي - القاهرة", ["أحمد علي"], [], "القاهرة"),
        ("أحمد علي من بيروت", ["أحمد علي"], [], "بيروت"),
        ("أحمد علي ahmed@example.test @ahmed_ali https://x.test/a", ["أحمد علي"], [], None),
        ("الرياض: فارس السبيعي", ["فارس السبيعي"], [], "الرياض"),
        ("تقرير: هدى سالم | تصوير: ياسر عمر", ["هدى سالم"], [], None),
        ("John Smith", ["John Smith"], [], None),
        ("By John Smith and Mary Jones", ["John Smith", "Mary Jones"], [], None),
        ("وكالات", [], [UNNAMED], None),
        ("رويترز، أ ف ب، وكالات", [], ["Reuters", "AFP", UNNAMED], None),
        ("متابعات", [], [], None),
        ("تحرير تقنيات", [], [], None),
        ("admin", [], [], None),
        ("خاص", [], [], None),
        ("هيئة التحرير", [], [], None),
        ("خاص بـ«الشرق الأوسط»", [], [], None),
        ("EditorHA", [], [], None),
        ("5 دقائق قراءة", [], [], None),
        ("", [], [], None),
    ],
)
def test_byline(text: str, persons: list[str], agencies: list[str], city: str | None) -> None:
    found = parse_byline(text)
    assert (found.persons, found.agencies, found.dateline) == (persons, agencies, city)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("كتب: أحمد علي", "أحمد علي"),
        ("بقلم د. سامي الخوري", "د. سامي الخوري"),
        (" منى  حسن - ", "منى حسن"),
        ("عبد الله بن محمد آل سعود", "عبد الله بن محمد آل سعود"),
        ("متابعات", None),
        ("القاهرة", None),
        ("رويترز", None),
        ("محمود", None),
        ("لماذا ترتفع الأسعار", None),
    ],
)
def test_person(text: str, name: str | None) -> None:
    assert clean_person(text) == name


@pytest.mark.parametrize(
    ("text", "city", "agencies", "rest", "kind"),
    [
        ("القاهرة - رويترز: نص", "القاهرة", ["Reuters"], "نص", "agency"),
        ("القدس (أ.ف.ب) - نص", "القدس", ["AFP"], "نص", "agency"),
        (
            "دبي، الإمارات العربية المتحدة (CNN)-- نص الخبر",
            "دبي، الإمارات العربية المتحدة",
            ["CNN"],
            "نص الخبر",
            "agency",
        ),
        (
            "دبي، الإمارات العربية المتحدة (CNN)— نص الخبر",
            "دبي، الإمارات العربية المتحدة",
            ["CNN"],
            "نص الخبر",
            "agency",
        ),
        ("دبي، الإمارات العربية المتحدة --(CNN) نص", "دبي، الإمارات العربية المتحدة", ["CNN"], "نص", "agency"),
        ("القاهرة، مصر (CNN) -- نص", "القاهرة، مصر", ["CNN"], "نص", "agency"),
        ("واس - الرياض: نص", "الرياض", ["SPA"], "نص", "agency"),
        ("واس (جدة) - نص", "جدة", ["SPA"], "نص", "agency"),
        ("بلدة صغيرة - واس: نص", "بلدة صغيرة", ["SPA"], "نص", "agency"),
        ("لندن ـ د. ب. أ: نص", "لندن", ["dpa"], "نص", "agency"),
        ("الرياض 08 جمادى الآخرة 1445 هـ الموافق 21 ديسمبر 2023 م واس\nنص", "الرياض", ["SPA"], "نص", "agency"),
        ("سان فرانسيسكو 20 يوليو تموز (رويترز) - نص", "سان فرانسيسكو", ["Reuters"], "نص", "agency"),
        ("(رويترز) - نص", None, ["Reuters"], "نص", "agency"),
        (" تبوك: أنجزت الأمانة الممشى", "تبوك", [], "أنجزت الأمانة الممشى", "place"),
        ("القاهرة – أعلنت الوزارة", "القاهرة", [], "أعلنت الوزارة", "place"),
        ("لندن: «الشرق الأوسط» نص", "لندن", [], "نص", "desk"),
        ('بيروت - "المجلة" نص', "بيروت", [], "نص", "desk"),
        ("صلالة (أخبار الآن) نص", "صلالة", [], "نص", "desk"),
    ],
)
def test_dateline(text: str, city: str | None, agencies: list[str], rest: str, kind: str) -> None:
    found = split_dateline(text)
    assert (found.dateline, found.agencies, found.text, found.kind) == (city, agencies, rest, kind)


@pytest.mark.parametrize(
    "text",
    [
        "وقال الرئيس: إننا ماضون في الطريق",
        "القاهرة تستضيف القمة - غدا",
        "القاهرة - التي تستضيف القمة - مدينة كبيرة",
        "بيروت - عاصمة لبنان - مدينة لا تنام",
        "إيران: لن نتفاوض تحت الضغط",
        "وأضاف: الرياض - جدة خط جديد",
        "القاهرة: 35 درجة",
        "جبال البلقاء الاخباري: حافظ المنتخب على تصنيفه",
        "وذكرت وكالة رويترز أن الاتفاق وشيك",
        "الصورة (رويترز) التقطت أمس",
        "هل تنجح المفاوضات؟ رويترز: نعم",
        "واشنطن بوست: ترامب يستعد للقاء جديد",
        "ملاحظة: هذه المادة من أرشيف الصحيفة",
        "س: ما الذي حدث؟",
        "شركة رويترز - تومسون تعلن أرباحها",
        "الأهلي - الزمالك: قمة منتظرة",
        "طريق القاهرة - الإسكندرية الصحراوي مغلق",
        "قال لـ«رويترز»: لا تعليق",
        "مصدر: لا صحة للخبر",
        "المدينة: مشاريع جديدة في الحي القديم",
        "10:30 - وصول الوفد",
        "",
    ],
)
def test_a_sentence_is_no_dateline(text: str) -> None:
    found = split_dateline(text)
    assert (found.dateline, found.agencies, found.text, found.kind) == (None, [], text, None)


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("الدوحة في 27 أغسطس /قنا/", "QNA"),
        ("المنامة في 27 أغسطس/ بنا /", "BNA"),
        ("نيويورك 27 أغسطس/ قنا/", "QNA"),
        ("عمان 27 آب (بترا)-", "Petra"),
        ("(بترا) عمان 27 آب -", "Petra"),
        ("الكويت - 27 - 8 (كونا) --", "KUNA"),
        ("دمشق-27-8 (سانا)", "SANA"),
        ("بغداد / 27 آب / واع /", "INA (Iraq)"),
        ("الجزائر - 27 أوت (وأج) -", "APS"),
        ("الرباط 27 غشت (ومع)", "MAP"),
        ("الدوحة - قنا - 27 أغسطس:", "QNA"),
        ("القاهرة في 27 أغسطس/أ ش أ/", "MENA"),
        ("صنعاء - سبأ 27 أغسطس:", "Saba"),
        ("نواكشوط، 27 أغسطس (و م أ) -", "AMI"),
        ("باريس 27 أغسطس آب (أ ف ب) -", "AFP"),
        ("رام الله 27-8-2026 وفا-", "WAFA"),
        ("مسقط في 27 أغسطس 2026 /العمانية/", "ONA"),
    ],
)
def test_the_day_of_a_dateline(opening: str, agency: str) -> None:
    paragraph = f"{opening} افتتحت البلدية اليوم حديقة جديدة في المدينة القديمة."
    found = split_dateline(paragraph)
    assert (found.agencies, found.text) == ([agency], "افتتحت البلدية اليوم حديقة جديدة في المدينة القديمة.")
    told = dateline_day(paragraph, newest=date(2026, 9, 1))
    assert told is not None
    assert told[0] == date(2026, 8, 27)
    last_year = dateline_day(paragraph, newest=date(2026, 8, 26))
    assert last_year is None if "2026" in opening else last_year == (date(2025, 8, 27), told[1])


@pytest.mark.parametrize(
    "paragraph",
    [
        "فاز منتخب بيروت - 3 - 2 على ضيفه في مباراة ودية.",
        "بيروت 3 - 2: انتهت المباراة بفوز أصحاب الأرض.",
        "القاهرة - رويترز: قالت الحكومة في 27 أغسطس إنها ستفتح المعبر.",
        "في 27 أغسطس أعلنت وزارة البلدية افتتاح حديقة.",
        "الرياض 14 ربيع الأول (واس) - افتتحت البلدية حديقة.",
        "",
        "(رويترز)",
    ],
)
def test_no_day_of_a_dateline(paragraph: str) -> None:
    assert dateline_day(paragraph, newest=date(2026, 9, 1)) is None


def test_paragraphs_of_real_pages_keep_their_words() -> None:
    split, paragraphs = [], 0
    for name in ("gold.jsonl", "templates/gold.jsonl"):
        for line in shared(f"realnews/{name}").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            for text in record["paragraphs"][bool(record["dateline"]) :]:  # what opens with a dateline, the gold says
                paragraphs += 1
                if split_dateline(text).kind:
                    split.append(text)
    assert paragraphs > 200
    assert split == []


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    canonical_agency(text)
    clean_person(text)
    byline = parse_byline(text)
    assert all(person.strip() for person in byline.persons)
    found = split_dateline(text)
    assert found.kind is not None or found.text == text
