"""Bylines and datelines of many houses: who is a person, and what is a section, a site or a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.arabic import parse_byline, split_dateline
from newscrawl.arabic.names import has_given_name


def _rows() -> list[list[str]]:
    lines = Path(__file__).with_name("bylines_own.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("text", "persons", "agencies", "city"), _rows())
def test_byline(text: str, persons: str, agencies: str, city: str) -> None:
    found = parse_byline(text)
    assert ("|".join(found.persons), "|".join(found.agencies), found.dateline or "") == (persons, agencies, city)


@pytest.mark.parametrize(
    ("text", "city", "agencies", "rest", "persons"),
    [
        ("القاهرة - محمد أحمد: نص الخبر", "القاهرة", [], "نص الخبر", ["محمد أحمد"]),
        ("القاهرة - كتب محمد أحمد: نص الخبر", "القاهرة", [], "نص الخبر", ["محمد أحمد"]),
        ("القاهرة - هدى سالم وياسر عمر: نص الخبر", "القاهرة", [], "نص الخبر", ["هدى سالم", "ياسر عمر"]),
        ("القاهرة - هدى سالم، ياسر عمر: نص الخبر", "القاهرة", [], "نص الخبر", ["هدى سالم", "ياسر عمر"]),
        ("القاهرة - محمد أحمد: «لن أرحل»", "القاهرة", [], "محمد أحمد: «لن أرحل»", []),
        ("القاهرة - وزير الخارجية: لا حل", "القاهرة", [], "وزير الخارجية: لا حل", []),
        ("القاهرة (أ ف ب) - أعلنت الوزارة", "القاهرة", ["AFP"], "أعلنت الوزارة", []),
        ("القاهرة – (د ب أ): أعلنت الوزارة", "القاهرة", ["dpa"], "أعلنت الوزارة", []),
        ("واشنطن/ الأناضول: أعلنت الوزارة", "واشنطن", ["Anadolu (AA)"], "أعلنت الوزارة", []),
        ("عمّان 15 كانون الثاني (بترا) - أعلنت الوزارة", "عمّان", ["Petra"], "أعلنت الوزارة", []),
        ("الكويت - كونا -- أعلنت الوزارة", "الكويت", ["KUNA"], "أعلنت الوزارة", []),
        ("أبوظبي في 15 يناير / وام / أعلنت الوزارة", "أبوظبي", ["WAM"], "أعلنت الوزارة", []),
        ("الجزائر - أعلنت الوزارة اليوم", "الجزائر", [], "أعلنت الوزارة اليوم", []),
    ],
)
def test_dateline(text: str, city: str, agencies: list[str], rest: str, persons: list[str]) -> None:
    found = split_dateline(text)
    assert (found.dateline, found.agencies, found.text, found.persons) == (city, agencies, rest, persons)


@pytest.mark.parametrize(
    "text",
    [
        "وقال الرئيس: إننا ماضون",
        "قالت رويترز: إن الاتفاق وشيك",
        "القاهرة الكبرى: أزمة مرور خانقة في الشوارع",
        "«رويترز»: ترامب يستعد للقاء",
        "وزير الخارجية: لا حل عسكريا",
        "القاهرة وبيروت - خط جديد",
        "الرئيس المصري - الذي يزور بيروت - قال",
        "سوريا: المعركة الأخيرة",
        "الأهلي يفوز - والزمالك يخسر",
        "وأضافت الوكالة (رويترز) أن الوفد وصل",
        "ختم قائلا: «نحن هنا»",
        "غزة: 12 شهيدا",
        "باريس سان جيرمان - برشلونة: قمة منتظرة",
        "محمد صلاح: هدفي الفوز",
        "السؤال هو: من المستفيد؟",
        "أما بيروت - فهي مدينة لا تنام",
    ],
)
def test_a_sentence_is_no_dateline(text: str) -> None:
    found = split_dateline(text)
    assert (found.kind, found.text) == (None, text)


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("إربد 17 تشرين الثاني (بترا) سامي الخوري - ناقش خبراء ومزارعون واقع الزيتون", ["سامي الخوري"]),
        ("عمان (بترا) - منى حسن - يتوقع المزارعون موسما وفيرا", ["منى حسن"]),
        ("القاهرة (رويترز) - قال وزير المالية إن العجز تراجع", []),
        ("الرياض (واس) المؤتمر الدولي - انطلقت أعمال المؤتمر اليوم", []),
    ],
)
def test_who_is_named_behind_an_agency_reported(text: str, persons: list[str]) -> None:
    assert split_dateline(text).persons == persons


@pytest.mark.parametrize(
    ("name", "expected"),
    [("منى حسن", True), ("د. سامي الخوري", True), ("عبد الله سعيد", True), ("أمن وقضاء", False), ("مخيم الوادي", False),
     ("مرافئ السلام", False), ("", False), ("الدكتور", False)],
)  # fmt: skip
def test_a_given_name_tells_a_person(name: str, expected: bool) -> None:
    assert has_given_name(name) is expected
