"""The ways in which the systems of papers show who wrote a story, one line each, and what looks like them."""

from __future__ import annotations

import pytest

from tests.extraction.own_page import STORY, page, read

DAY = "<p>27 أغسطس 2026</p>"


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        # A date first, a label behind it.
        ('<p>نُشر في 27 أغسطس 2026، بقلم <b>كوثر الشابي</b> و<b>منذر النجار</b></p>', ["كوثر الشابي", "منذر النجار"]),
        ('<p>27 أغسطس 2026 - كتبت: كوثر الشابي</p>', ["كوثر الشابي"]),
        ('<p>2026/08/27 - رام الله - كوثر الشابي</p>', ["كوثر الشابي"]),
        ('<p>27.08.2026 | رام الله - كوثر الشابي</p>', ["كوثر الشابي"]),
        # A label in a cell of its own, without a colon.
        ('<dl><dt>الكاتب</dt><dd>كوثر الشابي</dd><dt>التاريخ</dt><dd>27 أغسطس 2026</dd></dl>', ["كوثر الشابي"]),
        ('<table><tr><th>إعداد</th><td>كوثر الشابي</td></tr></table>', ["كوثر الشابي"]),
        ('<table><tr><td>المؤلف</td><td>كوثر الشابي</td></tr></table>', ["كوثر الشابي"]),
        ('<div><span>الكاتبة</span><span>كوثر الشابي</span></div>', ["كوثر الشابي"]),
        # Labels of several words.
        ('<p>أعدّ التقرير: كوثر الشابي - منذر النجار</p>', ["كوثر الشابي", "منذر النجار"]),
        ('<p>أعدت الملف: كوثر الشابي</p>', ["كوثر الشابي"]),
        ('<p>أجرت الحوار: كوثر الشابي</p>', ["كوثر الشابي"]),
        ('<p>المحرر: منذر النجار</p>', ["منذر النجار"]),
        # Systems that say it in attributes or elements of their own.
        ('<app-author><i>منذر النجار</i></app-author>' + DAY, ["منذر النجار"]),
        ('<div><span data-hook="user-name">قطاف بن عيسى</span></div>' + DAY, ["قطاف بن عيسى"]),
        # One field with several values.
        ('<div><p>تحقيق: كوثر الشابي</p><p>منذر النجار</p></div>' + DAY, ["كوثر الشابي", "منذر النجار"]),
        ('<ul><li>رشا الديك</li><li>منذر النجار</li><li>قطاف بن عيسى</li></ul>' + DAY,
         ["رشا الديك", "منذر النجار", "قطاف بن عيسى"]),
        # A town, an agency or what he is in brackets or behind a comma.
        ('<p>منذر النجار (كوالالمبور)</p>' + DAY, ["منذر النجار"]),
        ('<p>قطاف بن عيسى (كاتب من الربوة)</p>' + DAY, ["قطاف بن عيسى"]),
        ('<p>قطاف بن عيسى، كاتبة وباحثة</p>' + DAY, ["قطاف بن عيسى"]),
        ('<p>القاهرة (د ب أ)</p>' + DAY, []),
        ('<p>دمشق: كوثر الشابي - القامشلي: منذر النجار</p>', ["كوثر الشابي", "منذر النجار"]),
        ('<p>خاص بالرواق - قطاف بن عيسى</p>', ["قطاف بن عيسى"]),
        ('<p>خالد الحاج بكري: خاص</p>', ["خالد الحاج بكري"]),
        ('<h6>كوثر الشابي | جريدة الربوة | 27-8-2026</h6>', ["كوثر الشابي"]),
        # An address, a button, a verb beside the name; a portrait that is called like him.
        ('<p>كوثر الشابي <a href="mailto:k@rabwa.test">k@rabwa.test</a></p>' + DAY, ["كوثر الشابي"]),
        ('<div><a href="/u/7">د. منذر الشابي</a><i>طبيب</i><button>متابعة</button></div>' + DAY, ["منذر الشابي"]),
        ('<span>كوثر الشابي تكتب من الربوة</span> <span>27 أغسطس 2026</span>', ["كوثر الشابي"]),
        ('<div><img src="/k.jpg" alt="كوثر الشابي"><b>كوثر الشابي</b></div>' + DAY, ["كوثر الشابي"]),
        ('<h4>كوثر الشابي<br>نداء الجبل</h4>' + DAY, ["كوثر الشابي"]),
        # Titles with their field, translators.
        ('<p>كتب المحلل السياسي/ منذر النجار</p>', ["منذر النجار"]),
        ('<p>بقلم الخبير الاقتصادي منذر النجار</p>', ["منذر النجار"]),
        ('<p>بقلم: ديفيد كولينز — ترجمة: كوثر الشابي</p>', ["ديفيد كولينز"]),
    ],
)  # fmt: skip
def test_who_wrote_it(above: str, authors: list[str]) -> None:
    assert read(page(above=above)).authors == authors


@pytest.mark.parametrize(
    "above",
    [
        '<p class="author"><a href="https://twitter.com/rabwa">تابعنا على X</a></p>' + DAY,
        '<span class="author"><a href="https://x.com/rabwa">تابع على X</a></span>' + DAY,
        "<p>كتب المحرر الاقتصادي</p>" + DAY,
        "<p>كتب المحلل السياسي</p>" + DAY,
        "<p>الكاتب: غير معروف</p>" + DAY,
        "<p>ضيفة الحلقة: كوثر الشابي</p>" + DAY,
        "<p>شارك في التغطية: كوثر الشابي</p>" + DAY,
        "<p>أعد التقرير خبراء من الجامعة</p>" + DAY,
        "<p>واس المثال (الرياض)</p>" + DAY,
        "<p>فريق الربوة - وحدة الرصد</p>" + DAY,
        "<ul><li>سوق الحرفيين</li><li>البلدة القديمة</li></ul>" + DAY,
        "<dl><dt>المصدر</dt><dd>بلدية الربوة</dd></dl>" + DAY,
        "<p>تصوير: كوثر الشابي</p>" + DAY,
        '<div><img src="/a.jpg"><span>صور: كوثر الشابي ومنذر النجار</span></div>' + DAY,
        DAY + '<div><i>في هذا الخبر</i><a href="/p/1">كوثر الشابي</a><a href="/p/2">منذر النجار</a></div>',
        "<p>ضيفنا يكتب من الربوة</p>" + DAY,
        '<p><img src="/a.jpg" alt="سوق الحرفيين"><b>سوق الحرفيين</b></p>' + DAY,
    ],
)  # fmt: skip
def test_nobody_is_named(above: str) -> None:
    assert read(page(above=above)).authors == []


def test_agencies_and_towns_of_lines_in_brackets() -> None:
    found = read(page(above="<p>القاهرة (د ب أ)</p>" + DAY))
    assert (found.agencies, found.dateline) == (["dpa"], "القاهرة")
    found = read(page(above="<p>منذر النجار (كوالالمبور)</p>" + DAY))
    assert (found.authors, found.dateline) == (["منذر النجار"], "كوالالمبور")
    found = read(page(above="<p>قطاف بن عيسى (كاتب من تونس)</p>" + DAY))
    assert (found.authors, found.dateline) == (["قطاف بن عيسى"], None)


def test_a_town_before_a_linked_name_is_the_dateline() -> None:
    found = read(page(above='<p><span>دمشق - </span><a href="/author/7">كوثر الشابي</a></p>'))
    assert (found.authors, found.dateline) == (["كوثر الشابي"], "دمشق")


def _above_the_headline(box: str, story: str = "") -> bytes:
    return page(story=story).replace(b"<main><article>", b"<main>" + box.encode() + b"<article>")


@pytest.mark.parametrize(
    "box",
    [
        '<div class="w"><img src="/w.jpg" alt="منذر النجار"><h3>منذر النجار</h3></div>',
        '<div><a href="/op/m"><img alt="صورة منذر النجار"></a><a href="/op/m">منذر النجار</a></div>',
    ],
)
def test_a_portrait_with_its_name_above_the_headline(box: str) -> None:
    assert read(_above_the_headline(box)).authors == ["منذر النجار"]
    told = f"<p>{STORY[0]}</p><p>وقال منذر النجار رئيس لجنة الحرفيين إن السوق سيفتح كل يوم.</p><p>{STORY[2]}</p>"
    assert read(_above_the_headline(box, told)).authors == []


def test_the_card_of_the_writer_below_the_story() -> None:
    card = (
        '<div class="k"><a href="/writers/7">كوثر الشابي</a><p>قاصة من الربوة، تكتب زاوية أسبوعية.</p>'
        '<a href="/writers/7">كل مقالات الكاتبة</a></div>'
    )
    assert read(page(below=card)).authors == ["كوثر الشابي"]


def test_a_byline_that_begins_a_body_without_paragraphs() -> None:
    story = "<b>دمشق - قطاف بن عيسى:</b><br><br>" + "<br><br>".join(STORY)
    found = read(page(story=story))
    assert (found.authors, found.dateline) == (["قطاف بن عيسى"], "دمشق")


def test_a_name_behind_a_dash_at_the_end() -> None:
    found = read(page(story="".join(f"<p>{text}</p>" for text in (*STORY, "- كوثر الشابي"))))
    assert (found.authors, found.body) == (["كوثر الشابي"], "\n".join(STORY))


def test_a_site_that_is_called_like_a_person_signs_as_a_site() -> None:
    source = (
        page(above='<p class="author">أثير عمان - كوثر الشابي</p>' + DAY).decode().replace("جريدة الربوة", "أثير عمان")
    )
    notice = source.replace("جميع الحقوق محفوظة", "© 2026 أثير عمان - جميع الحقوق محفوظة").replace(
        '<a href="/">أثير عمان', "<a>"
    )
    assert read(notice.encode()).authors == ["كوثر الشابي"]


@pytest.mark.parametrize(
    ("line", "authors", "agencies", "town"),
    [
        ("سالم العتيبي- سبق- الطائف:", ["سالم العتيبي"], [], "الطائف"),
        ("الجزيرة - منذر النجار:", ["منذر النجار"], [], None),
        ("* كوثر الشابي من الرياض", ["كوثر الشابي"], [], "الرياض"),
        ("&amp;nbsp;كوثر الشابي (جدة)", ["كوثر الشابي"], [], "جدة"),
        ("كوثر الشابي، رويترز (صنعاء، عدن)", ["كوثر الشابي"], ["Reuters"], "صنعاء، عدن"),
        ("بغداد: كوثر الشابي ومنذر النجار - أربيل: «الشرق الأوسط»", ["كوثر الشابي", "منذر النجار"], [], "بغداد، أربيل"),
        ("أ.د قطاف بن عيسى", ["قطاف بن عيسى"], [], None),
        ("أ.د عبد الله النجار", ["عبد الله النجار"], [], None),
        ("عبد الإله بن سعود النجار", ["عبد الإله بن سعود النجار"], [], None),
        ("الرياض : واس", [], ["SPA"], "الرياض"),
        ("سنغافورة: رويترز", [], ["Reuters"], "سنغافورة"),
        ("رويترز", [], ["Reuters"], None),
        ("سبق- الرياض:", [], [], "الرياض"),
        ("الأمير سلمان من الرياض", [], [], None),
        ("سالم الديك - مقاطعة كوجالي", ["سالم الديك"], [], None),
        ("سالم الديك - وادي كوجالي", ["سالم الديك"], [], None),
        ("افتتاح السوق من الرياض", [], [], None),
        ("سوق الحرفيين، واس (الرياض)", [], [], None),
    ],
)
def test_rows_of_names_towns_and_agencies(line: str, authors: list[str], agencies: list[str], town: str | None) -> None:
    found = read(page(above=f"<p>{line}</p>{DAY}"))
    assert (found.authors, found.agencies, found.dateline) == (authors, agencies, town)
    assert found.body == "\n".join(STORY)


def test_who_puts_a_page_up_on_a_day() -> None:
    assert read(page(above="<p>نشر بواسطة منذر النجار بتاريخ 27 أغسطس 2026</p>")).authors == ["منذر النجار"]


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("عرض: كوثر الشابي", ["كوثر الشابي"]),
        ("قراءة/ منذر النجار", ["منذر النجار"]),
        ("قراءة: ثلاث دقائق", []),
        ("كوثر الشابي*", ["كوثر الشابي"]),
        ("حماة – كوثر الشابي ، عدسة - منذر النجار", ["كوثر الشابي"]),
        ("كلمة الربوة - حماة", []),
        ("رووداو ديجيتال", []),
    ],
)
def test_labels_stars_and_desks(line: str, authors: list[str]) -> None:
    assert read(page(above=f'<div class="author">{line}</div>{DAY}')).authors == authors


@pytest.mark.parametrize(
    "end",
    [
        "كوثر الشابي - حماة",
        "* قطاف بن عيسى كاتب صحفي ومحلل سياسي",
        "كوثر الشابي<br>كاتبة وباحثة",
        "قطاف بن عيسى<br>شاعر من حماة",
    ],
)
def test_a_name_with_a_town_or_a_profession_signs_at_the_end(end: str) -> None:
    found = read(page(story="".join(f"<p>{text}</p>" for text in STORY) + f"<p>{end}</p>"))
    name = end.lstrip("* ").partition(" - ")[0].partition("<br>")[0].partition(" كاتب")[0]
    assert (found.authors, found.body) == ([name], "\n".join(STORY))


@pytest.mark.parametrize(
    "first", ["الربوة الجديدة – متابعات:", "حماة - السفير الجديد:", "حماة - وكالات:", "* كوثر الشابي من حماة"]
)
def test_a_desk_or_a_name_with_a_town_heads_no_story(first: str) -> None:
    found = read(page(story=f"<p>{first}</p>" + "".join(f"<p>{text}</p>" for text in STORY)))
    assert (found.authors, found.body) == (["كوثر الشابي"] if "كوثر" in first else [], "\n".join(STORY))


def test_columnists_in_boxes_above_the_headline_are_nobody() -> None:
    def box(at: int, name: str, column: str) -> str:
        link = f'<a href="/w/{at}"><h4 class="writer-name">{name}</h4><p>{column}</p></a>'
        return f'<div class="writer-item">{link}</div>'

    strip = box(1, "منذر النجار", "ما لا يقال في السوق") + box(2, "كوثر الشابي", "هوامش على الصيف")
    found = read(page(above=DAY).replace(b"<body>", f'<body><div class="writers">{strip}</div>'.encode(), 1))
    assert found.authors == []


@pytest.mark.parametrize(
    ("below", "authors"),
    [
        ('<p>كاتبة وصحفية من حماة.</p><a href="/w/9">جميع المقالات</a>', ["قطاف بن عيسى"]),
        ('<a href="/w/9">كل مقالات الكاتب</a>', ["قطاف بن عيسى"]),
        ('<a href="/o/9">حكاية لا تنتهي</a>', []),
    ],
)
def test_the_card_of_a_writer_below_the_story(below: str, authors: list[str]) -> None:
    card = f'<div class="author-card"><img src="/w.jpg"><div class="author-card__name">قطاف بن عيسى</div>{below}</div>'
    assert read(page(above=DAY, below=card)).authors == authors
    assert read(page(above=DAY, below=card + card.replace("قطاف", "رؤوف"))).authors == []


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("سؤال المدارس في المدن الصغيرة .. بقلم: كوثر الشابي", ["كوثر الشابي"]),
        ("سؤال المدارس في المدن الصغيرة بقلم / كوثر الشابي", ["كوثر الشابي"]),
        ("سؤال المدارس في المدن الصغيرة (بقلم كوثر الشابي)", ["كوثر الشابي"]),
        ("رسائل كتبت بقلم الرصاص الملون", []),
    ],
)
def test_by_whom_a_headline_says_it_is(title: str, authors: list[str]) -> None:
    assert read(page(title=title, above=DAY)).authors == authors


def test_lines_around_a_story_that_name_a_writer_or_a_channel() -> None:
    story = "".join(f"<p>{text}</p>" for text in ("حماة (خاص) كوثر الشابي", *STORY, "تابعوا الربوة على Telegram"))
    found = read(page(above=DAY, story=story))
    assert (found.authors, found.body) == (["كوثر الشابي"], "\n".join(STORY))
