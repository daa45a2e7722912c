"""Which lines around a headline are bylines: a wrong name is worse than none."""

from __future__ import annotations

import pytest

from tests.extraction.own_page import STORY, TITLE, page, read

CATEGORY = '<a href="/category/sport/">رياضة</a>'


@pytest.mark.parametrize(
    "above",
    [
        f'<div class="entry-meta">{CATEGORY} / <a href="/tag/layla/" rel="tag">ليلى الصباغ</a></div>',
        f'<div>{CATEGORY} - <a href="/topic/77">نادر الشهابي</a></div>',
        f'<div>{CATEGORY} | <a href="/topics/nader">نادر الشهابي</a> | 27 أغسطس 2026</div>',
        '<p><a rel="category tag" href="/x/1">الدوري</a> – <a rel="category tag" href="/x/2">نادر الشهابي</a></p>',
        '<span class="cat">رياضة</span> / <span><a href="/hashtag/nader">نادر الشهابي</a></span>',
        '<ul class="meta"><li><a href="/section/5">محليات</a><li><a href="/keyword/n">نادر الشهابي</a></ul>',
        '<div class="post-author-tags"><a href="?tag=nader">نادر الشهابي</a> <a href="?tag=team">المنتخب</a></div>',
        '<div><a href="/search/label/nader">نادر الشهابي</a> - <a href="/2026/08/">27 أغسطس 2026</a></div>',
        '<div>الرياض - <a href="/tags/نادر-الشهابي/">نادر الشهابي</a></div>',
        '<div>محليات / <a href="/وسم/نادر">نادر الشهابي</a></div>',
        '<div><a href="/players/10">نادر الشهابي</a> | <a href="/teams/3">النصر</a></div>',
        '<div><a href="/search?q=nader">نادر الشهابي</a> / 27 أغسطس 2026</div>',
        '<div class="author"><a href="mailto:x@rabwa.test">أرسل بريدا إلكترونيا</a></div>',
        '<p>المصدر | وكالات</p>',
        '<p>وكالات - أبوظبي</p>',
        '<p>غرفة الأخبار - الربوة</p>',
        '<div><img src="/a.jpg"><span>نادر الشهابي</span></div><span>27 أغسطس 2026</span>',
        '<figure><img src="/a.jpg"><figcaption>نادر الشهابي</figcaption></figure><span>27 أغسطس 2026</span>',
        '<p>القائد: نادر الشهابي</p><span>27 أغسطس 2026</span>',
        '<span>سوق الحرفيين</span><span>27 أغسطس 2026</span>',
        '<div>سوق الحرفيين | الربوة | 27 أغسطس 2026 | 3 دقائق</div>',
    ],
)  # fmt: skip
def test_no_byline(above: str) -> None:
    found = read(page(above=above))
    assert (found.authors, found.subtitle) == ([], None)


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        ('<div><b>ليلى الصباغ</b><br><small>صحفية متعاونة</small></div>', ["ليلى الصباغ"]),
        ('<span>بكر الهواري</span><span>ترجمة: ليلى الصباغ</span>', ["بكر الهواري"]),
        ('<p>ترجمة: ليلى الصباغ</p>', ["ليلى الصباغ"]),
        ('<div><span>ليلى الصباغ</span> <span>27.08.2026</span> <span>09:12</span></div>', ["ليلى الصباغ"]),
        ('<div>ليلى الصباغ | عمان | 27 أغسطس 2026 | 3 دقائق قراءة</div>', ["ليلى الصباغ"]),
        ('<p>عمان: ليلى الصباغ</p>', ["ليلى الصباغ"]),
        ('<p>عمان — <a href="/staff/l">ليلى الصباغ</a></p>', ["ليلى الصباغ"]),
        ('<p>تصوير ونص: ليلى الصباغ</p>', ["ليلى الصباغ"]),
        ('<p class="author">جريدة الربوة - ليلى الصباغ (صور: نادر الشهابي)</p>', ["ليلى الصباغ"]),
        ('<p>By Jane Doe and John Roe in Amman | Aug 27, 2026</p>', ["Jane Doe", "John Roe"]),
    ],
)  # fmt: skip
def test_who_wrote_it(above: str, authors: list[str]) -> None:
    assert read(page(above=above)).authors == authors


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("في مديح الأسواق القديمة | ليلى الصباغ", ["ليلى الصباغ"]),
        ("ليلى الصباغ تكتب: في مديح الأسواق القديمة", ["ليلى الصباغ"]),
        ("د. ليلى الصباغ تكتب لـ«الربوة»: في مديح الأسواق القديمة", ["ليلى الصباغ"]),
        ("في مديح الأسواق القديمة | سوق الحرفيين", []),
        ("ما الذي تكتب: في مديح الأسواق القديمة", []),
    ],
)
def test_a_writer_in_the_headline(title: str, authors: list[str]) -> None:
    assert read(page(title=title)).authors == authors


@pytest.mark.parametrize("line", ["الربوة - نادر الشهابي", "نادر الشهابي | 27 أغسطس 2026", "رياضة / نادر الشهابي"])
def test_whom_the_story_tells_of_did_not_write_it(line: str) -> None:
    story = f"<p>{STORY[0]}</p><p>وقال نادر الشهابي رئيس لجنة الحرفيين إن السوق سيفتح كل يوم.</p><p>{STORY[2]}</p>"
    assert read(page(above=f"<p>{line}</p>", story=story)).authors == []
    headline = page(above=f"<p>{line}</p>", title="نادر الشهابي يعيد فتح سوق الحرفيين في الربوة")
    assert read(headline).authors == []
    tagged = page(above=f"<p>{line}</p>", below='<div class="tags"><a href="/tag/1" rel="tag">نادر الشهابي</a></div>')
    assert read(tagged).authors == []


@pytest.mark.parametrize(
    "above",
    [
        '<ul><li><span>كتب: </span></li><li><span>نادر الشهابي</span></li></ul>',
        '<div><b>بقلم</b> <i>نادر الشهابي</i></div>',
        '<dl><dt>الكاتب:</dt><dd><a href="/w/7">نادر الشهابي</a></dd></dl>',
        '<p><span>بقلم:</span> <a href="/tag/nader" rel="tag">نادر الشهابي</a></p>',
        '<p>كتب: <a href="/tag/nader" rel="tag">نادر الشهابي</a></p>',
        '<div class="contributor"><a href="/contributors/nader">نادر الشهابي</a></div>',
        '<a href="/columnists/nader">نادر الشهابي</a>',
        '<a rel="author" href="/u/7">نادر الشهابي</a>',
        f'<div>{CATEGORY} | بقلم: نادر الشهابي</div>',
        f'<div>{CATEGORY} <span class="byline">نادر الشهابي</span></div>',
        '<p>الربوة - نادر الشهابي</p>',
        '<p>نادر الشهابي | 27 أغسطس 2026</p>',
        '<p>Next Previous نادر الشهابي – تبوك</p>',
        '<p>كتب نادر الشهابي</p>',
        '<p>إعداد: نادر الشهابي</p>',
    ],
)  # fmt: skip
def test_bylines(above: str) -> None:
    assert read(page(above=above)).authors == ["نادر الشهابي"]


@pytest.mark.parametrize(
    "line",
    ["*نادر الشهابي.. صحافي متدرب", "* نادر الشهابي، كاتب من الربوة", "** نادر الشهابي: باحث", "• نادر الشهابي - شاعر"],
)
def test_a_starred_name_at_the_end(line: str) -> None:
    story = "".join(f"<p>{p}</p>" for p in (*STORY, line))
    found = read(page(story=story))
    assert found.authors == ["نادر الشهابي"]
    assert found.body == "\n".join(STORY)


def test_a_section_called_as_a_label_is_announces_nobody() -> None:
    above = '<a href="/books">كتب</a><h2>كتاب جديد يجمع وصفات أربعة أجيال</h2>'
    assert read(page(above=above)).authors == []
    assert read(page(above="<span>تقرير</span><p>مدينة تبحث عن الماء</p>")).authors == []


def test_the_title_is_as_given() -> None:
    assert read(page()).title == TITLE


@pytest.mark.parametrize(
    "line",
    ["وكالات - أبوظبي", "المصدر | وكالات", "المصدر: سامر نجار", "خاص - الربوة", "أبوظبي - وام", "فريق التحرير - الرياض",
     "رويترز", "الربوة - خاص - سامر نجار", "غرفة الأخبار | سامر نجار", "المصدر | سامر نجار"],
)  # fmt: skip
def test_a_credit_is_no_standfirst(line: str) -> None:
    assert read(page(above=f'<div class="subtitle">{line}</div>')).subtitle is None
    above_a_date = "".join(f"<p>{p}</p>" for p in (line, "27 أغسطس 2026", *STORY))
    assert read(page(story=above_a_date)).subtitle is None


@pytest.mark.parametrize(
    "line",
    [
        "السوق يفتح أبوابه بعد ثلاثة أعوام من الترميم",
        "تقرير: كيف عاد الحرفيون إلى سوقهم القديم",
        "الربوة: ستون دكانا في سوق واحد",
    ],
)
def test_a_standfirst_stays(line: str) -> None:
    assert read(page(above=f'<div class="subtitle">{line}</div>')).subtitle == line
