"""Which of the dates on a page is the story's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.extraction.own_page import STORY, linked, page, read, story_object

CHANGED = "2026-08-28T09:00:00+03:00"


@pytest.mark.parametrize(
    "above",
    [
        f'<time itemprop="dateModified" datetime="{CHANGED}">27/08/2026 | آخر تحديث 28/08/2026 09:00</time>',
        f'<p>نشر: 27 أغسطس 2026 <time itemprop="dateModified" datetime="{CHANGED}">آخر تحديث: 28 أغسطس 2026</time></p>',
        f'<p><time itemprop="dateModified" datetime="{CHANGED}">آخر تحديث: 28 أغسطس 2026</time> نشر: 27 أغسطس 2026</p>',
        f'<span>27 أغسطس 2026</span><span>آخر تحديث: <time datetime="{CHANGED}">28 أغسطس 2026</time></span>',
        f'<span>تم التحديث</span> <time datetime="{CHANGED}">28 أغسطس</time><div>الخميس 27 أغسطس 2026</div>',
        f'<time class="updated" datetime="{CHANGED}">28/8/2026</time><p class="post-date">الخميس 27 أغسطس 2026</p>',
        f'<div class="last-modified"><time datetime="{CHANGED}">تعديل 28/8/2026</time></div><div>27 أغسطس 2026</div>',
        f'<p>27 أغسطس 2026 (حُدّث في <time datetime="{CHANGED}">28 أغسطس 2026</time>)</p>',
        f'<ul><li>تاريخ النشر: 2026/08/27</li><li>آخر تعديل: <time datetime="{CHANGED}">2026/08/28</time></li></ul>',
        f'<span class="date">27-08-2026</span><meta itemprop="dateModified" content="{CHANGED}">',
    ],
)
def test_the_day_of_the_change_is_not_that_of_publication(above: str) -> None:
    assert read(page(above=above)).published_at == "2026-08-27"


def test_the_address_tells_the_day_before_a_change_does() -> None:
    above = f'<time itemprop="dateModified" datetime="{CHANGED}">28 أغسطس 2026</time>'
    found = read(page(above=above), url="https://www.rabwa.test/2026/08/27/souq")
    assert (found.published_at, found.modified_at) == ("2026-08-27", CHANGED)


def test_what_is_only_called_updated_is_the_publication() -> None:
    above = f'<time class="entry-date updated" datetime="{CHANGED}">28 أغسطس 2026</time>'
    assert read(page(above=above)).published_at == CHANGED


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("rabwa.test", "الخميس 27 أغسطس 2026 - 09:00 ص بتوقيت القاهرة"),
        ("rabwa.eg", "27 أغسطس 2026 09:00 صباحا بتوقيت القاهرة"),
        ("rabwa.sa", "27/08/2026 09:00 GMT+3"),
        ("rabwa.test", "27/08/2026 09:00 (مكة المكرمة)"),
        ("rabwa.ae", "27 أغسطس 2026 | 09:00 بتوقيت السعودية"),
        ("rabwa.test", "27 أغسطس 2026 - KSA 09:00 - GMT 06:00"),
        ("rabwa.test", "بتوقيت بغداد 09:00 - 27 آب 2026"),
        ("rabwa.jo", "الخميس 27 آب/أغسطس 2026، الساعة 9:00 بتوقيت عمّان"),
        ("rabwa.sa", "27 أغسطس 2026 09:00 UTC+3"),
        ("rabwa.sa", "27 أغسطس 2026 09:00"),
        ("rabwa.qa", "27 أغسطس 2026 09:00 AST"),
    ],
)
def test_local_time_that_is_labelled_utc(host: str, shown: str) -> None:
    for head, above in (
        ('<meta property="article:published_time" content="2026-08-27T09:00:00Z">', f"<div>{shown}</div>"),
        (linked(story_object(datePublished="2026-08-27T09:00:00+00:00")), f'<span class="date">{shown}</span>'),
        ("", f'<time datetime="2026-08-27T09:00:00Z">{shown}</time>'),
    ):
        found = read(page(head=head, above=above), url=f"https://www.{host}/local/8123").published_at
        assert found is not None
        assert datetime.fromisoformat(found) == datetime(2026, 8, 27, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "shown",
    ["27 أغسطس 2026 09:00 بتوقيت غرينتش", "27 أغسطس 2026 - KSA 12:00 - GMT 09:00", "27/08/2026 12:00 بتوقيت مكة"],
)
def test_utc_that_is_so(shown: str) -> None:
    head = '<meta property="article:published_time" content="2026-08-27T09:00:00Z">'
    found = read(page(head=head, above=f"<div>{shown}</div>"), url="https://www.rabwa.sa/local/8123").published_at
    assert found is not None
    assert datetime.fromisoformat(found) == datetime(2026, 8, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "/2015-03-11-10-49-57/2026-08-27-10-49-57",
        "/index.php/2010-01-02-03-04-05/44-2026-08-27-06-07-08.html",
        "/ar/2026-08-27-23-59-59",
        "/home/2012-11-01-08-00-00/1-2013-01-01-10-00-00/8123-2026-08-27-12-30-00",
        "/index.php?option=com_content&view=article&id=8123:2026-08-27-06-07-08&catid=3:2010-01-02-03-04-05",
    ],
)
def test_of_several_joomla_stamps_the_storys(address: str) -> None:
    assert read(page(), url=f"https://www.rabwa.test{address}").published_at == "2026-08-27"


CLOCK = "<div class='top'><span>الثلاثاء 1 سبتمبر 2026</span><span>15:00</span></div>"


@pytest.mark.parametrize(
    ("host", "above"),
    [
        ("rabwa.test", "<span>14 ربيع الأول 1448 (مكة المكرمة)</span>"),
        ("rabwa.test", "<span class='date'>الخميس 14 ربيع الأول 1448 هـ (مكة المكرمة)</span>"),
        ("rabwa.sa", "<span>الخميس 14 ربيع الأول 1448هـ</span>"),
        ("rabwa.test", "<p>الخميس 14-03-1448 هـ (مكة المكرمة)</p>"),
        ("rabwa.test", "<span>14 ربيع الأول 1448 هـ - 27 أغسطس 2026 م</span>"),
    ],
)
def test_a_hijri_day_beside_a_headers_clock(host: str, above: str) -> None:
    source = page(above=above).replace(b"<nav>", CLOCK.encode() + b"<nav>")
    assert read(source, url=f"https://www.{host}/local/8123").published_at == "2026-08-27"


@pytest.mark.parametrize("clock", ["", CLOCK])
@pytest.mark.parametrize(
    "opening",
    [
        "الدوحة في 27 أغسطس /قنا/", "عمان 27 آب (بترا) -", "الكويت - 27 - 8 (كونا) --", "تونس 27 أوت (وات) -",
        "الرباط 27 غشت (ومع)", "بغداد / 27 آب / واع /", "نيويورك في 27 أغسطس/ قنا/", "الجزائر - 27 أوت (وأج) -",
        "الرياض 14 ربيع الأول 1448 هـ الموافق 27 أغسطس 2026 م واس", "رام الله 27-8-2026 وفا-",
    ],
)  # fmt: skip
def test_the_day_of_a_dateline_where_no_other_is_told(opening: str, clock: str) -> None:
    first, *others = STORY
    story = f"<p>{opening} {first}</p>" + "".join(f"<p>{p}</p>" for p in others)
    source = page(story=story).replace(b"<nav>", clock.encode() + b"<nav>")
    found = read(source)
    assert (found.published_at, found.provenance["published_at"]) == ("2026-08-27", "generic")
    own_line = page(story=f"<p>{opening}</p>" + "".join(f"<p>{p}</p>" for p in STORY))
    assert read(own_line).published_at == "2026-08-27"


def test_a_dateline_gives_way_to_the_pages_own_date() -> None:
    story = f"<p>عمان 27 آب (بترا) - {STORY[0]}</p><p>{STORY[1]}</p>"
    assert read(page(above="<time>28 آب 2026</time>", story=story)).published_at == "2026-08-28"


@pytest.mark.parametrize(
    "line",
    [
        "الجمعة، 28 آب/اغسطس 2026، آخر تحديث 14:00 (GMT+0400)",
        "28 أغسطس 2026 - آخر تحديث: 14:00",
        "28/08/2026 | تم التحديث 02:00 م",
        "الجمعة 28 أغسطس 2026 (آخر تعديل 14:00)",
    ],
)
def test_a_clock_of_the_change_behind_its_day(line: str) -> None:
    found = read(page(above=f"<p>{line}</p>"), url="https://www.rabwa.test/2026/middle_east/8/3/souq/")
    assert found.published_at == "2026-08-03"


def test_the_day_in_the_title_where_there_is_no_other() -> None:
    source = page().replace(" | جريدة الربوة</title>".encode(), " - 27 أغسطس 2026 - جريدة الربوة</title>".encode())
    assert read(source).published_at == "2026-08-27"


def test_when_a_story_was_begun_is_asked_after_what_readers_see() -> None:
    begun = linked(story_object(dateCreated="2026-08-26T23:40:11+00:00"))
    shown = '<dd class="published"><time datetime="2026-08-27T12:10:45+03:00">27 آب/أغسطس 2026</time></dd>'
    assert read(page(head=begun, above=shown)).published_at == "2026-08-27T12:10:45+03:00"
    assert read(page(head=begun, above="<p>27 أغسطس 2026</p>")).published_at == "2026-08-27"
    same_day = linked(story_object(dateCreated="2026-08-27T09:40:11+03:00"))
    assert read(page(head=same_day, above="<p>27 أغسطس 2026</p>")).published_at == "2026-08-27T09:40:11+03:00"
    source = page(head=same_day).replace(b"<nav>", CLOCK.encode() + b"<nav>")
    assert read(source).published_at == "2026-08-27T09:40:11+03:00"


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ('<div class="eDetails"><span>مشاهدة: 44</span> | <span class="e-date">27.08.2026</span></div>', "2026-08-27"),
        ('<p class="e-date">27.08.2026</p><p class="e-date">26.08.2026</p>', None),
        ('<div class="comment"><b>سامي</b><span class="date">27 أغسطس 2026</span></div>', None),
        ('<div><a href="/local/9">افتتاح سوق الحرفيين في المدينة</a><i class="date">27/8/2026</i></div>', None),
    ],
)
def test_the_only_day_below_a_story_where_there_is_no_other(below: str, day: str | None) -> None:
    assert read(page(below=below)).published_at == day


def test_a_day_below_a_story_gives_way_to_any_other() -> None:
    below = '<i class="e-date">27.08.2026</i>'
    assert read(page(above="<p>26 أغسطس 2026</p>", below=below)).published_at == "2026-08-26"
