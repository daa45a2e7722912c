"""Walls are told from pages; no real page is ever taken for a wall."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.middlewares import botwall
from newscrawl.middlewares.botwall import _rows, classify
from newscrawl.middlewares.skim import skim
from tests.faults.pages import article_page

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "realnews"
URL = "https://example.net/news/1.html"


def page(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


WALLS = {
    "challenge": page("Just a moment...", "<div id=cf-wrapper>...</div>"),
    "captcha": page("صحيفة", "<p>أثبت أنك إنسان لمتابعة التصفح</p>"),
    "consent": page("We value your privacy", "<button>OK</button>"),
    "login": page("صحيفة", "<p>يرجى تسجيل الدخول لقراءة المقال كاملا</p>"),
    "js-shell": page("صحيفة", '<div class="x" id="__next"></div><script>boot()</script>'),
    "not-found": page("صحيفة", "<h1>الصفحة المطلوبة غير موجودة</h1>" + "<p>خبر آخر من الموقع</p>" * 300),
    "error-page": page("Error", "<p>Error establishing a database connection</p>"),
    "parked": page("x.com", "<p>This domain may be for sale!</p>"),
}


@pytest.mark.parametrize(("kind", "text"), WALLS.items())
def test_a_wall_is_named(kind: str, text: str) -> None:
    assert classify(200, {}, text, URL) == kind


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_refusal_is_a_refusal(status: int) -> None:
    assert classify(status, {}, "", URL) == "refused"


def test_a_challenge_says_so_in_its_headers() -> None:
    assert classify(403, {"cf-mitigated": "challenge"}, "", URL) == "challenge"
    assert classify(202, {"x-amzn-waf-action": "captcha"}, "", URL) == "captcha"


def test_being_sent_to_the_front_page_is_not_found() -> None:
    front = page("صحيفة", "<p>خبر</p>" * 200)
    assert classify(200, {}, front, "https://example.net/", requested=URL) == "not-found"
    for other in ("https://www.example.net/", "https://example.net/index.php", "https://example.net/ar/home"):
        assert classify(200, {}, front, "https://example.net/", requested=other) is None
    assert classify(200, {}, front, "https://example.net/ar/news/1", requested=URL) is None


@pytest.mark.parametrize(
    "tail",
    [
        "<div class='g-recaptcha'></div><p>أضف تعليقا</p>",
        "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        "<a href='/login'>تسجيل الدخول</a><form><input type=password></form>",
        "<noscript>Sorry, you need to enable JavaScript to visit this website.</noscript>",
        "<p>نحن نستخدم ملفات تعريف الارتباط</p><button>أوافق</button>",
        "<script src='/_Incapsula_Resource?SWJIYLWA=1'></script>",
    ],
)
def test_an_article_with_the_marks_of_a_wall_is_an_article(tail: str) -> None:
    assert classify(200, {}, article_page("marks", tail=tail), URL) is None


GONE = (
    "الصفحة غير موجودة",
    "الصفحه المطلوبه غير موجوده",
    "عذرا، المقال المطلوب غير موجود",
    "هذا الخبر تم حذفه من الموقع",
    "لم يتم العثور على نتائج",
    "لم نجد ما تبحث عنه",
    "لا نستطيع العثور على هذه الصفحة",
    "رابط الخبر غير صحيح",
    "عفوا هذا الرابط لا يعمل",
    "صفحة الخطأ 404",
    "الصفحة التي تبحث عنها ليست هنا",
    "لقد تمت إزالة هذا المحتوى",
    "انتهت صلاحية هذا الرابط",
    "الصفحة مش موجودة",
    "هاد الصفحة ما كايناش",
    "عزيزي القارئ، الصفحة غير متوفرة",
    "خطأ ٤٠٤",
    "رابط خاطئ",
    "تعذر تحميل المقال",
    "The requested URL was not found on this server",
    "Contenu non disponible",
    "Oops! That page can't be found.",
    "Sorry, this article is no longer available",
    "Désolé, cette page n'existe pas",
)


@pytest.mark.parametrize("heading", GONE)
def test_a_missing_page_says_so_in_many_words(heading: str) -> None:
    assert classify(200, {}, page("صحيفة", f"<h1>{heading}</h1><p>تصفح أحدث الأخبار.</p>"), URL) == "not-found"
    teasers = "".join(f"<h3><a href=/{n}>عنوان خبر آخر من الموقع</a></h3><p>{'كلمة ' * 14}</p>" for n in range(9))
    assert classify(200, {}, page("صحيفة", f"<h1>{heading}</h1>{teasers}"), URL) == "not-found"


@pytest.mark.parametrize(
    "line",
    [
        "<p>{}</p>",
        "<div>{}</div>",
        "{}<br><br>",
        "<p><b>القاهرة</b> - {}</p>",
        "<p><span><a href=/x>رويترز</a>: {}</span></p>",
    ],
)
@pytest.mark.parametrize(
    "headline",
    [
        "الصفحة غير موجودة.. حكاية أرشيف ضاع مع الحرب",
        "لم يتم العثور على الصفحة الأولى من المخطوط",
        "أثبت أنك لست روبوتا: قصة اختبار كابتشا",
        "تم حذف التغريدة: جدل في البرلمان",
        "الخبر غير صحيح.. الوزارة تنفي",
        "404 قتلى في زلزال يضرب الساحل",
    ],
)
def test_a_story_that_begins_like_a_wall_is_a_story(headline: str, line: str) -> None:
    story = "<br>" + "".join(
        line.format("قال المتحدث باسم المكتبة إن العمل في البناء بدأ في شهر آب الماضي " * 2) for _ in range(5)
    )
    assert classify(200, {}, page(headline, f"<h1>{headline}</h1>{story}"), URL) is None


def test_a_story_about_missing_pages_is_a_story() -> None:
    assert classify(200, {}, article_page("404", title="404 - الصفحة غير موجودة: معرض جديد في المتحف"), URL) is None


def test_a_news_flash_is_an_article() -> None:
    flash = page(
        "عاجل: زلزال",
        "<h1>عاجل: زلزال</h1><article><p>" + "هزة أرضية خفيفة شعر بها سكان المدينة " * 4 + "</p></article>",
    )
    assert classify(200, {}, flash, URL) is None


def test_no_real_page_is_a_wall() -> None:
    if not REAL.is_dir():
        pytest.skip(f"the real pages are not there: {REAL}")
    pages = [*REAL.glob("pages/*/*.html"), *REAL.glob("templates/*/*.html"), *REAL.glob("listings/*.html")]
    assert len(pages) > 25
    taken = {str(path): classify(200, {}, path.read_text("utf-8", "replace"), URL) for path in pages}
    assert {path: kind for path, kind in taken.items() if kind} == {}


@given(st.text(max_size=300))
def test_classify_takes_any_text(text: str) -> None:
    classify(200, {}, text, URL)


def test_skim_is_linear_in_hostile_markup() -> None:
    for markup in ("<script>" * 200_000, "<" * 1_000_000, "<h1>" * 200_000, "</script" * 100_000):
        assert skim(markup).words <= 200_000


def test_a_glance_ends_where_nothing_more_can_matter() -> None:
    story = "<p>" + "كلمة من كلمات الخبر " * 4 + "</p>"
    markup = page("العنوان", story * 5 + "<h2>عنوان بعيد</h2>" + story * 5)
    whole, glance = skim(markup), skim(markup, words_enough=40, paragraphs_enough=3)
    assert (whole.words, whole.paragraphs, whole.headings) == (162, 10, ("عنوان بعيد",))
    assert (glance.words, glance.paragraphs, glance.headings) == (48, 3, ())
    assert skim(page("", story * 5), words_enough=40, paragraphs_enough=3).paragraphs == 5
    assert skim(markup, words_enough=40, paragraphs_enough=12) == whole


def test_what_is_left_unread_of_a_long_page_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [path.read_text("utf-8", "replace") for path in sorted(Path(__file__).parents[1].glob("**/zoo/**/*.html"))]
    assert len(pages) > 100
    pages += [*WALLS.values(), page("خبر", "<p>كلمة</p>" * 301), page("404", f"<p>{'كلمة ' * 99}</p>" * 4)]
    found = [classify(status, {}, text, URL) for text in pages for status in (200, 403)]
    monkeypatch.setattr(botwall, "skim", lambda text, **_: skim(text))
    assert [classify(status, {}, text, URL) for text in pages for status in (200, 403)] == found


def test_rows_that_look_at_long_pages_look_at_nothing_that_is_skimmed() -> None:
    for row in _rows():
        if row.words is None and row.kind != "not-found":
            assert row.field.startswith("header:") or row.field in ("url", "start", "html"), row


def test_only_missing_pages_are_told_by_headings() -> None:
    assert {row.kind for row in _rows() if row.field == "heading"} == {"not-found"}
