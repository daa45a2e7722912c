"""Good pages for the fault server: short Arabic news stories, each of its own words."""

from __future__ import annotations

import json
import random

# Groups of words that may stand one after another.
_WORDS = (
    (
        "المدينة",
        "الميناء",
        "المكتبة",
        "القرية",
        "الساحة",
        "السوق",
        "المدرسة",
        "الجامعة",
        "البلدية",
        "الحديقة",
        "المتحف",
    ),
    ("افتتحت", "أعلنت", "جددت", "رممت", "زارت", "قدمت", "نظمت", "استقبلت", "درست", "وسعت", "حسنت", "أطلقت", "شاركت"),
    ("مشروعا", "برنامجا", "معرضا", "مهرجانا", "طريقا", "مركزا", "خطة", "ورشة", "دورة", "جائزة", "مسابقة", "حملة"),
    ("جديدا", "كبيرا", "سنويا", "محليا", "واسعا", "حديثا", "مفتوحا", "مشتركا"),
    ("بعد", "خلال", "قبل", "منذ", "مع", "لدى", "أمام", "حول", "بين"),
    ("الأهالي", "الطلاب", "الزوار", "المهندسين", "المزارعين", "الصيادين", "الباحثين", "العمال", "القراء", "الأطباء"),
)


def story(slug: str) -> tuple[str, list[str]]:
    """Headline and paragraphs of the story `slug`, the same each time."""
    chance = random.Random(slug)
    sentences = [" ".join(chance.choice(_WORDS[n % 6]) for n in range(12)) + "." for _ in range(12)]
    paragraphs = [" ".join(sentences[i : i + 3]) for i in range(0, 12, 3)]
    return f"{' '.join(map(chance.choice, _WORDS))} {chance.randint(100, 999)}", paragraphs


def article_page(slug: str, *, head: str = "", title: str | None = None, tail: str = "", charset: str = "utf-8") -> str:
    """A complete article page as text; `head` and `tail` go into its head and to the end of its body."""
    headline, paragraphs = story(slug)
    headline = title or headline
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "datePublished": "2026-11-20T09:30:00+02:00",
    }
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    return f"""<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><meta charset="{charset}"><title>{headline}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{headline}">
<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>{head}</head>
<body><header><nav><a href="/">الرئيسية</a></nav></header>
<article><h1>{headline}</h1><time datetime="2026-11-20T09:30:00+02:00">20 نوفمبر 2026</time>
<div class="story">{text}</div></article>{tail}</body></html>"""
