# ruff: noqa: E501 - the markup of pages is as long as pages write it
"""Pages that list stories and tell none: sections, tags, authors, archives, searches, front pages, of many systems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice, product

SITE = "صحيفة الساقية"
WHO = (
    "بلدية الساقية",
    "وزارة الزراعة",
    "جمعية الصيادين",
    "جامعة الشمال",
    "نادي الواحة",
    "متحف المدينة",
    "لجنة الأهالي",
    "شركة المياه",
)
DID = ("تعلن موعد", "تؤجل", "تفتتح", "تراجع خطة", "تطلق حملة", "تدعو إلى", "تنهي أعمال")
WHAT = (
    "ترميم الجسر القديم",
    "موسم الحصاد الجديد",
    "معرض الكتاب السنوي",
    "سباق القوارب الشراعية",
    "توسعة الميناء الصغير",
    "تنظيف الشاطئ الغربي",
)
SECTIONS = ("محليات", "رياضة", "اقتصاد", "ثقافة وفنون", "عربي ودولي")


@dataclass(frozen=True, slots=True)
class Teaser:
    """One story of a listing: its address, headline, a sentence of it, its day."""

    href: str
    headline: str
    excerpt: str
    day: str


def teasers(start: int, number: int) -> list[Teaser]:
    """A run of different teasers; another `start`, other stories."""
    every = list(product(WHO, DID, WHAT))
    found = []
    for at in range(number):
        who, did, what = every[(start * 37 + at * 53) % len(every)]
        excerpt = (
            f"قال متحدث باسم {who} إن العمل في مشروع {what} بدأ قبل {3 + at} أشهر، وإن المرحلة المقبلة ستشمل "
            f"{2 + at} أحياء أخرى في المدينة والقرى المجاورة"
        )
        found.append(
            Teaser(f"/news/{start * 100 + at + 4000}", f"{who} {did} {what}", excerpt, f"{1 + at % 28} سبتمبر 2026")
        )
    return found


Maker = Callable[[list[Teaser], str], str]
MAKERS: dict[str, Maker] = {}


def maker(make: Maker) -> Maker:
    MAKERS[make.__name__] = make
    return make


def page(body: str, title: str, *, kind: str = "") -> str:
    menu = "".join(f'<a href="/s/{at}">{name}</a> ' for at, name in enumerate(SECTIONS))
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title}</title></head><body class="{kind}">'
        f'<header><a href="/">{SITE}</a><nav>{menu}</nav></header>{body}<footer><p>جميع الحقوق محفوظة</p></footer></body></html>'
    )


def pages() -> Iterator[tuple[str, str]]:
    """(name, page) of 200 listings: every maker with other stories, sections and lengths."""
    return islice(_pages(), 200)


def _pages() -> Iterator[tuple[str, str]]:
    for round_ in count():
        for name, make in MAKERS.items():
            section = SECTIONS[round_ % len(SECTIONS)]
            yield f"{name}-{round_}", make(teasers(round_ * 11 + len(name), 6 + round_ % 9), section)


@maker
def cards(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="card"><h3><a href="{t.href}">{t.headline}</a></h3><p>{t.excerpt}.</p></div>' for t in found
    )
    return page(f"<main><h1>{section}</h1>{items}</main>", f"{section} | {SITE}")


@maker
def wordpress_archive(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<article class="post type-post"><h2 class="entry-title"><a href="{t.href}" rel="bookmark">{t.headline}</a></h2>'
        f'<div class="entry-meta">{t.day}</div><div class="entry-content"><p>{t.excerpt} [&hellip;]</p>'
        f'<a class="more-link" href="{t.href}">اقرأ المزيد</a></div></article>'
        for t in found
    )
    return page(
        f'<div id="content"><h1 class="page-title">التصنيف: {section}</h1>{items}</div>',
        f"{section} Archives - {SITE}",
        kind="archive category",
    )


@maker
def old_wordpress(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="post"><h2><a href="{t.href}">{t.headline}</a></h2><small>{t.day}</small><div class="entry"><p>{t.excerpt}...</p></div></div>'
        for t in found
    )
    return page(
        f'<div id="content" class="narrowcolumn">{items}<div class="navigation"><a href="?paged=2">السابق</a></div></div>',
        f"{SITE} » {section}",
    )


@maker
def headlines_only(found: list[Teaser], section: str) -> str:
    items = "".join(f'<li><a href="{t.href}">{t.headline}</a> <span>{t.day}</span></li>' for t in found)
    return page(f"<main><h1>{section}</h1><ul>{items}</ul></main>", f"{section} - {SITE}")


@maker
def linked_whole(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<a class="tile" href="{t.href}"><h4>{t.headline}</h4><p>{t.excerpt}</p><time>{t.day}</time></a>'
        for t in found
    )
    return page(f'<section><h2>{section}</h2><div class="grid">{items}</div></section>', f"{SITE} :: {section}")


@maker
def table_rows(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<tr><td><img src="/i.jpg"></td><td><a href="{t.href}"><b>{t.headline}</b></a><br>{t.excerpt}.<br><font size="1">{t.day}</font></td></tr>'
        for t in found
    )
    return page(f'<table width="600"><tr><td class="head">{section}</td></tr>{items}</table>', SITE)


@maker
def drupal_view(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="views-row"><div class="views-field-title"><span class="field-content"><a href="{t.href}">{t.headline}</a></span></div>'
        f'<div class="views-field-body"><div class="field-content">{t.excerpt}...</div></div></div>'
        for t in found
    )
    return page(
        f'<div class="view view-taxonomy-term"><h1 class="title">{section}</h1><div class="view-content">{items}</div></div>',
        f"{section} | {SITE}",
    )


@maker
def joomla_blog(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="item"><h2><a href="{t.href}">{t.headline}</a></h2><p>{t.excerpt}.</p><p class="readmore"><a href="{t.href}">اقرأ المزيد: {t.headline}</a></p></div>'
        for t in found
    )
    return page(f'<div class="blog"><div class="items-leading">{items}</div></div>', section)


@maker
def tag_page(found: list[Teaser], section: str) -> str:
    about = f"<p>كل ما نشرته {SITE} عن {section} من أخبار وتقارير ومقابلات وصور، مرتبا من الأحدث إلى الأقدم.</p>"
    items = "".join(
        f'<div class="item"><a href="{t.href}"><img src="/i.jpg"></a><h3><a href="{t.href}">{t.headline}</a></h3><span>{t.day}</span></div>'
        for t in found
    )
    return page(f"<main><h1>وسم: {section}</h1>{about}{items}</main>", f"{section} - وسم | {SITE}")


@maker
def author_page(found: list[Teaser], section: str) -> str:
    life = "<p>كاتبة وصحافية تتابع شؤون المدن الصغيرة منذ خمسة عشر عاما، وصدر لها كتابان عن البحر والحرف القديمة.</p>"
    items = "".join(f'<article><h2><a href="{t.href}">{t.headline}</a></h2><p>{t.excerpt}</p></article>' for t in found)
    return page(
        f'<main><div class="author"><h1>سلمى الراوي</h1>{life}</div><h3>مقالات في {section}</h3>{items}</main>',
        f"سلمى الراوي | {SITE}",
    )


@maker
def search_results(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<li class="result"><a href="{t.href}">{t.headline}</a><p>... {t.excerpt} ...</p></li>' for t in found
    )
    return page(
        f"<main><h1>نتائج البحث عن: {section}</h1><p>{len(found)} نتيجة</p><ol>{items}</ol></main>",
        f"نتائج البحث | {SITE}",
    )


@maker
def breaking_list(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="flash"><span>{9 + at % 12}:{10 + at}</span><a href="{t.href}">{t.headline}</a></div>'
        for at, t in enumerate(found)
    )
    return page(f"<main><h1>الأخبار العاجلة</h1>{items}</main>", f"عاجل | {SITE}")


@maker
def front_page(found: list[Teaser], section: str) -> str:
    lead, *rest = found
    hero = f'<div class="hero"><a href="{lead.href}"><h2>{lead.headline}</h2></a><p>{lead.excerpt}.</p></div>'
    items = "".join(
        f'<div class="c"><h3><a href="{t.href}">{t.headline}</a></h3><p>{t.excerpt}.</p></div>' for t in rest
    )
    return page(f'<main>{hero}<div class="row"><h2><a href="/s/1">{section}</a></h2>{items}</div></main>', SITE)


@maker
def forum_list(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<li class="threadbit"><h3 class="title"><a href="{t.href}">{t.headline}</a></h3><span>كتبه عضو {at}</span><span>ردود: {at}</span></li>'
        for at, t in enumerate(found)
    )
    return page(f'<h1>منتدى {section}</h1><ol id="threads">{items}</ol>', f"منتدى {section}")


@maker
def blogger_index(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="post hentry"><h3 class="post-title entry-title"><a href="{t.href}">{t.headline}</a></h3><div class="post-body entry-content">{t.excerpt}.'
        f'<div class="jump-link"><a href="{t.href}#more">إقرأ المزيد »</a></div></div></div>'
        for t in found
    )
    return page(f'<div class="blog-posts">{items}</div>', f"{SITE}: {section}")


@maker
def hashed_names(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="x7"><a href="{t.href}"><span class="q">{t.headline}</span></a><span class="z">{t.excerpt}.</span></div>'
        for t in found
    )
    return page(f'<div class="k2"><div class="h3">{section}</div>{items}</div>', f"{section} | {SITE}")


@maker
def video_gallery(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<figure><a href="{t.href}"><img src="/v.jpg"></a><figcaption>{t.headline}</figcaption></figure>'
        for t in found
    )
    return page(f"<main><h1>فيديو {section}</h1>{items}</main>", f"فيديو | {SITE}")


@maker
def archive_of_days(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<dl><dt>{t.day}</dt><dd><a href="{t.href}">{t.headline}</a>: {t.excerpt}.</dd></dl>' for t in found
    )
    return page(f"<div><h1>أرشيف {section}</h1>{items}</div>", f"أرشيف | {SITE}")


@maker
def excerpts_with_more(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="n"><b>{t.headline}</b><p>{t.excerpt}... <a href="{t.href}">التفاصيل</a></p></div>' for t in found
    )
    return page(f'<div class="list"><h2>{section}</h2>{items}</div>', f"{section} | {SITE}")


@maker
def scripted_cards(found: list[Teaser], section: str) -> str:
    items = "".join(
        f'<div class="card" onclick="go(\'{t.href}\')"><img src="/i.jpg"><h3>{t.headline}</h3><p>{t.excerpt}...</p></div>'
        for t in found
    )
    return page(f"<main><h1>{section}</h1>{items}</main>", f"{section} | {SITE}")
