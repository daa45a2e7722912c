"""Home pages of many kinds: what is a feed, a sitemap, a desk and a story, and what only looks like one."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.homes import CASES, judge
from newscrawl.discovery.page_links import MAX_LINKS, page_links
from newscrawl.discovery.sites import MAX_FEEDS, MAX_FURTHER, MAX_SECTIONS, MAX_STORIES, Offer, SiteReader

SITE = "https://www.almithal.test"
TITLES = (
    "البلدية تعيد فتح السوق القديم",
    "مطر غزير على الساحل ليلة أمس",
    "الفريق يعود من رحلته بلا هدف",
    "معرض للخط العربي في دار الكتب",
    "سعر القمح يستقر بعد أسبوعين",
    "طلاب القرية يزرعون ألف شجرة",
)
DESKS = {"محليات": "/local", "اقتصاد": "/economy", "رياضة": "/sport", "ثقافة": "/culture"}


def _home(stories: str = "", *, head: str = "", nav: str = "", foot: str = "", body: str = "") -> bytes:
    nav = nav or "".join(f'<li><a href="{path}">{name}</a></li>' for name, path in DESKS.items())
    stories = stories or "".join(_story(f"/sport/{812_300 + at * 7}", title) for at, title in enumerate(TITLES))
    return (
        f"<html lang=ar><head><meta charset=utf-8><title>المثال</title>{head}</head><body><nav><ul>{nav}</ul></nav>"
        f"<main>{stories}</main>{body}<footer><a href=/about>من نحن</a><a href=/contact-us>اتصل بنا</a>{foot}</footer>"
    ).encode()


def _story(path: str, title: str) -> str:
    return f'<article><h2><a href="{path}">{title}</a></h2></article>'


def _offer(body: bytes, url: str = f"{SITE}/", *, robots: bytes = b"", headers: dict[str, str] | None = None) -> Offer:
    reader = SiteReader(url)
    reader.read_robots(robots)
    reader.read(body, headers=headers)
    return reader.offer()


def test_an_ordinary_home_page() -> None:
    offer = _offer(_home(head='<link rel=alternate type=application/rss+xml href="/feed">'))
    assert offer.feeds == [f"{SITE}/feed"]
    assert offer.sections == [SITE + path for path in DESKS.values()]
    assert len(offer.articles) == len(TITLES)
    assert offer.sitemaps == []
    assert json.loads(json.dumps(offer.to_dict())) == offer.to_dict()


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="/rss">RSS</a>',
        '<a href="/x.php?id=9"><i class="fa fa-rss"></i></a>',
        '<a href="/x.php?id=9"><img src="/i/rss.png" alt=""></a>',
        '<a href="/x.php?id=9" title="RSS"><svg></svg></a>',
        '<a href="/xml/akhbar">خلاصات الأخبار</a>',
        '<a href="/xml/akhbar">تغذية RSS</a>',
        '<a href="feed://www.almithal.test/all">كل جديد</a><a href="/all">خلاصة الموقع</a>',
        '<a href="/RSS/SectionRss?SectionID=97">آخر الأخبار</a>',
        '<a href="/index.php?format=feed&amp;type=atom">كل الأخبار</a>',
        '<a href="/news-rss.xml">اشترك</a>',
        '<a href="/list?format=feed">Subscribe to this RSS feed</a>',
        '<a href="/xml/akhbar.php">الخلاصات</a>',
        '<a href="/xml/akhbar.xml"><img src="/i/xml.gif" alt="XML"></a>',
        '<map><area href="/rss.xml" alt="RSS"></map>',
        '<a href="/api/v1/rss/rss.xml">RSS</a>',
    ],
)
def test_feeds_that_only_the_body_links_to(anchor: str) -> None:
    assert len(_offer(_home(foot=anchor)).feeds) == 1


@pytest.mark.parametrize(
    "other",
    [
        '<a href="/feedback">رأيكم</a>',
        '<a href="/comments/feed">RSS التعليقات</a>',
        '<a href="/tag/غزة/feed">RSS</a>',
        '<a href="/author/rana/rss">RSS</a>',
        '<a href="/en/rss">RSS</a>',
        '<a href="https://neighbour.test/feed">RSS</a>',
        '<a href="https://feeds.neighbour.test/rss.xml"></a>',
        '<a href="/rss-en.xml">RSS</a>',
        '<a href="/local">خلاصات</a>',
        '<a href="/podcast/rss.xml">بودكاست</a>',
        '<a href="/health/812999">خلاصات عشرة كتب عن النوم والراحة</a>',
        '<a href="/x.php?id=9"><i class="fa fa-facebook"></i></a>',
        '<link rel=alternate type="application/json+oembed" href="/wp-json/oembed/1.0/embed?url=x">',
        '<link rel=alternate hreflang=en href="/en/">',
        '<link rel="alternate stylesheet" type="text/css" href="/feed.css">',
        '<link rel=alternate type="application/rss+xml" hreflang=fr href="/fr-rss">',
        '<link rel=alternate type="application/rss+xml" title="المثال &raquo; خلاصة التعليقات" href="/c/feed">',
    ],
)
def test_what_only_looks_like_a_feed(other: str) -> None:
    assert _offer(_home(head=other if other.startswith("<link") else "", foot=other)).feeds == []


def test_a_desk_that_is_called_like_a_feed_is_a_desk() -> None:
    nav = '<li><a href="/nutrition">تغذية</a></li><li><a href="/summaries">خلاصات</a></li>'
    offer = _offer(_home(nav=nav))
    assert offer.feeds == []
    assert offer.sections == [f"{SITE}/nutrition", f"{SITE}/summaries"]


def test_the_page_of_feeds_is_wanted_and_read() -> None:
    reader = SiteReader(SITE)
    reader.read(_home(foot='<a href="/khadamat/rss-service.html">خدمة RSS</a>'))
    wanted = list(reader.wanted())
    assert wanted == [f"{SITE}/khadamat/rss-service.html"]
    reader.read(b'<a href="/xml/a.xml">x</a><a href="/local">y</a><a href="https://o.test/f.xml">z</a>', wanted[0])
    assert reader.offer().feeds == [f"{SITE}/xml/a.xml"]


def test_frames_and_refresh_are_wanted_but_not_those_of_others() -> None:
    reader = SiteReader(SITE)
    reader.read(b'<frameset><frame src="a.htm"><frame src="//other.test/b.htm"></frameset>')
    assert list(reader.wanted()) == [f"{SITE}/a.htm"]
    reader.read(b"<meta http-equiv=refresh content=\"0; URL='/ar/'\">", f"{SITE}/a.htm")
    assert list(reader.wanted()) == [f"{SITE}/ar/"]
    reader.read(_home(), f"{SITE}/ar/")
    assert len(reader.offer().articles) == len(TITLES)


def test_sitemaps_of_robots_txt() -> None:
    robots = b"\xef\xbb\xbfsitemap: /a.xml\r# Sitemap: /b.xml\r\nUser-agent: *\nSITEMAP : https://cdn.test/c.xml.gz #\n"
    assert _offer(_home(), robots="Sitemap: /a.xml".encode("utf-16")).sitemaps == [f"{SITE}/a.xml"]
    offer = _offer(_home(), robots=robots + b"Sitemap:\nSitemap: ftp://x.test/d.xml\nDisallow: /Sitemap: /e.xml\n")
    assert offer.sitemaps == [f"{SITE}/a.xml", "https://cdn.test/c.xml.gz"]


def test_other_editions_are_another_site() -> None:
    nav = "".join(f'<li><a href="/ar{path}">{name}</a></li>' for name, path in DESKS.items())
    stories = "".join(_story(f"/ar/news/{812_300 + at}", title) for at, title in enumerate(TITLES))
    english = "".join(_story(f"/en/news/{712_300 + at}", "Council reopens the old market") for at in range(6))
    head = "".join(f'<link rel=alternate type=application/rss+xml href="/{at}/rss">' for at in ("ar", "en"))
    robots = b"Sitemap: /en/sitemap.xml\nSitemap: /ar/sitemap.xml\nSitemap: /sitemap_index.xml"
    offer = _offer(
        _home(stories + english, nav=nav + "<a href=/en>English</a>", head=head), f"{SITE}/ar", robots=robots
    )
    assert offer.feeds == [f"{SITE}/ar/rss"]
    assert offer.sitemaps == [f"{SITE}/ar/sitemap.xml", f"{SITE}/sitemap_index.xml"]
    assert offer.sections == [f"{SITE}/ar{path}" for path in DESKS.values()]
    assert len(offer.articles) == len(TITLES)


def test_stories_in_a_scripts_data_and_in_boxes() -> None:
    items = [{"title": title, "path": f"/sport/{812_300 + at * 7}", "image": {"src": f"/i/{at}.jpg"}}
             for at, title in enumerate(TITLES)]  # fmt: skip
    data = json.dumps({"props": {"menu": [{"name": "رياضة", "url": "/sport"}], "items": items}})
    script = f'<html><body><div></div><script type="application/json">{data}</script>'.encode()
    assert len(_offer(script).articles) == len(TITLES)
    assert _offer(script).sections == [f"{SITE}/sport"]
    boxes = "".join(
        f"<div class=card onclick=\"window.location='/a/{812_300 + at}'\"><h3>{title}</h3></div>"
        for at, title in enumerate(TITLES)
    )
    assert len(_offer(_home(boxes)).articles) == len(TITLES)


def test_feeds_stories_and_desks_in_what_a_script_was_made_from() -> None:
    stories = [{"headline": title, "permalink": f"/sport/{812_300 + at * 7}"} for at, title in enumerate(TITLES)]
    state = {
        "menu": [{"title": "رياضة", "path": "/sport"}],
        "posts": stories,
        "config": {"name": "المثال", "feedUrl": "/all.xml", "rss": "/rss"},
    }
    for name in ("window.__INITIAL_STATE__", 'self["data"]', "var state"):
        script = f"<html><body><script>{name} = {json.dumps(state)};(function(){{}})()</script>".encode()
        offer = _offer(script)
        assert offer.feeds == [f"{SITE}/all.xml", f"{SITE}/rss"]
        assert offer.sections == [f"{SITE}/sport"]
        assert len(offer.articles) == len(TITLES)
    for broken in ("window.x = {", "window.x = {1}", "x = y", "window.x = [[[[", "a" * 5000 + "="):
        assert len(_offer(_home(body=f"<script>{broken}</script>")).articles) == len(TITLES)


def test_a_map_of_a_picture_is_a_menu() -> None:
    areas = "".join(f'<area href="{path}" alt="{name}">' for name, path in DESKS.items())
    stories = "".join(_story(f"/sport/{812_300 + at * 7}", title) for at, title in enumerate(TITLES))
    offer = _offer(f"<html><body><map>{areas}</map>{stories}".encode())
    assert offer.sections == [SITE + path for path in DESKS.values()]


def test_all_of_a_site_may_lie_in_its_archives() -> None:
    nav = "".join(f'<li><a href="/archives/category{path}">{name}</a></li>' for name, path in DESKS.items())
    stories = "".join(_story(f"/archives/{51_240 + at * 3}", title) for at, title in enumerate(TITLES))
    others = (
        "/archives/author/rana",
        "/archives/date/2026/11",
        "/archives/2026/11",
        "/archive/2026-11-29",
        "/archives",
    )
    body = "".join(f'<a href="{path}">ما نشر في هذا الشهر كله</a>' for path in others)
    offer = _offer(_home(stories, nav=nav, body=body))
    assert offer.articles == [f"{SITE}/archives/{51_240 + at * 3}" for at in range(len(TITLES))]
    assert offer.sections == [f"{SITE}/archives/category{path}" for path in DESKS.values()]


@pytest.mark.parametrize(
    "card",
    [
        '<a data-href="{u}"><h3>{t}</h3></a>',
        '<div data-permalink="{u}"><h3>{t}</h3></div>',
        "<h3><a href=\"javascript:openNews('{u}')\">{t}</a></h3>",
        "<div onclick=\"window.location.assign('{u}')\"><h3>{t}</h3></div>",
        "<div onclick='top.location.replace(\"{u}\")'><h3>{t}</h3></div>",
        "<div onclick=\"goTo('{u}', 3)\"><h3>{t}</h3></div>",
    ],
)
def test_what_a_script_makes_a_link(card: str) -> None:
    stories = "".join(card.format(u=f"/read/{812_300 + at}", t=title) for at, title in enumerate(TITLES))
    button = '<button onclick="open(\'/menu\')">افتح</button><a href="javascript:void(0)">القائمة كلها هنا</a>'
    offer = _offer(_home(button + stories))
    assert len(offer.articles) == len(TITLES)
    assert offer.sections == [SITE + path for path in DESKS.values()]


@pytest.mark.parametrize("written", ["application/xml+rss", "application/rss xml", "rss+xml", "application/x-rss"])
def test_types_of_feeds_as_they_are_mistyped(written: str) -> None:
    assert _offer(_home(head=f'<link rel=alternate type="{written}" href="/r/9">')).feeds == [f"{SITE}/r/9"]
    assert _offer(_home(head='<link rel="service.feed" type="application/atom+xml" href="/r">')).feeds == [f"{SITE}/r"]


def test_one_story_with_many_links_is_given_once_and_plainly() -> None:
    stories = "".join(
        f'<article><a href="/amp/news/{n}"><img></a><h2><a href="/news/{n}?utm_source=x">{title}</a></h2>'
        f'<a href="/news/{n}#comments">12</a><a href="https://m.almithal.test/news/{n}">المزيد</a></article>'
        f'<a href="https://share.test/?u={SITE}/news/{n}">شارك</a><a href="/news/{n}/print">طباعة</a>'
        for n, title in enumerate(TITLES, 812_300)
    )
    assert _offer(_home(stories)).articles == [f"{SITE}/news/{n}" for n in range(812_300, 812_300 + len(TITLES))]


def test_services_pictures_and_partners_are_neither_desks_nor_stories() -> None:
    body = "".join(
        f'<li><a href="{url}">{text}</a></li>'
        for url, text in [
            ("/weather/amman", "الطقس في عمان اليوم وغدا"),
            ("/poll/812399", "استطلاع: هل تؤيد نقل السوق القديم؟"),
            ("/video/812388", "المدينة كما لم ترها من قبل"),
            ("/pdf/2026-10-04.pdf", "تحميل عدد اليوم كاملا"),
            ("https://partner.test/news/812377", "خبر من صحيفة أخرى صديقة"),
            ("/ads/click?to=https://bank.test/", "قرض سكني بلا فوائد لك"),
            ("/login?next=/sport/812300", "دخول"),
            ("/author/rana-sharif", "رنا الشريف كاتبة من المدينة"),
            ("/ViewPoll.aspx?pid=3", "هل أنت راض عن النقل في المدينة؟"),
            ("/photo_album.php?id=812311", "صور من افتتاح المعرض الكبير"),
            ("/vb/showthread.php?t=812322", "نقاش حول السوق القديم والجديد"),
            ("/sponsored/812333/x", "عروض الشتاء على السيارات الجديدة"),
            ("/معرض-صور/812344", "صور من افتتاح المعرض الكبير"),
            ("/كتاب/44/رنا-الشريف", "رنا الشريف كاتبة من المدينة"),
            ("/topics/812355", "كل ما كتب عن السوق القديم"),
        ]
    )
    offer = _offer(_home(body=f"<aside>{body}</aside>"))
    assert len(offer.articles) == len(TITLES)
    assert offer.sections == [SITE + path for path in DESKS.values()]


def test_a_feed_or_a_sitemap_in_the_home_pages_place() -> None:
    items = "".join(f"<item><link>{SITE}/news/{n}</link></item>" for n in range(812_300, 812_305))
    offer = _offer(f"<?xml version='1.0'?><rss><channel>{items}</channel></rss>".encode(), f"{SITE}/rss")
    assert (offer.feeds, len(offer.articles)) == ([f"{SITE}/rss"], 5)
    wide = f"<?xml version='1.0' encoding='utf-16'?><rss><channel>{items}</channel></rss>".encode("utf-16")
    assert len(_offer(wide, f"{SITE}/rss").articles) == 5
    listed = [{"id": str(n), "url": f"{SITE}/news/{n}"} for n in range(812_300, 812_305)]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": listed}).encode()
    assert _offer(feed, f"{SITE}/f").to_dict() | {"feeds": [f"{SITE}/f"]} == _offer(feed, f"{SITE}/f").to_dict()
    assert len(_offer(feed, f"{SITE}/f").articles) == 5
    index = b"<sitemapindex><sitemap><loc>https://www.almithal.test/s1.xml</loc></sitemap></sitemapindex>"
    assert _offer(index, f"{SITE}/sitemap.xml").sitemaps == [f"{SITE}/sitemap.xml"]


def test_a_legacy_page_in_another_charset() -> None:
    home = _home().decode().replace("charset=utf-8", "charset=windows-1256").encode("cp1256")
    assert len(_offer(home).articles) == len(TITLES)


def test_a_hostile_page_makes_nobody_work_for_ever() -> None:
    many = "".join(f'<a href="/n/{at}">عنوان طويل لخبر رقم {at}</a><link rel=alternate type="application/rss+xml" '
                   f'href="/f/{at}">' for at in range(100_000, 120_000))  # fmt: skip
    traps = (
        '<base href="javascript:x"><base href="https://evil.test/"><a href="http://[x">x</a><a href="http://x:99999/">y'
    )
    frames = "".join(f'<frame src="/f{at}.htm">' for at in range(50))
    started = time.process_time()
    body = f"<html><body>{traps}{frames}{many}{'<div>' * 5000}".encode()
    reader = SiteReader(SITE)
    reader.read(body)
    assert (MAX_FURTHER, MAX_LINKS, MAX_FEEDS, MAX_SECTIONS, MAX_STORIES) == (5, 5000, 50, 60, 2000)
    assert len(list(reader.wanted())) <= MAX_FURTHER
    offer = reader.offer()
    assert len(page_links(body, SITE).links) <= MAX_LINKS
    assert len(offer.feeds) <= MAX_FEEDS
    assert len(offer.sections) <= MAX_SECTIONS
    assert len(offer.articles) <= MAX_STORIES
    assert all(url.startswith((SITE, "https://almithal.test")) for url in offer.articles + offer.sections)
    assert time.process_time() - started < 30


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)), st.binary(max_size=100))
def test_any_bytes_may_be_a_home_page(body: bytes, robots: bytes) -> None:
    offer = _offer(body + b'<a href="/x">x</a>', robots=robots, headers={"Link": body.decode("latin-1")})
    for urls in offer.to_dict().values():
        assert all(url.startswith(("http://", "https://")) for url in urls)


def test_no_http_address_is_refused() -> None:
    for url in ("", "almithal.test", "file:///etc/passwd", "http://"):
        with pytest.raises(ValueError, match="http"):
            SiteReader(url)


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()) if CASES.is_dir() else [])
def test_the_saved_home_pages(case: str) -> None:
    assert judge(CASES / case).faults == []


def test_the_saved_home_pages_are_there() -> None:
    if not CASES.is_dir():
        pytest.skip("../shared is absent")
    assert len(list(Path(CASES).iterdir())) >= 42


def test_what_a_footer_calls_like_a_page_about_the_site_is_no_story() -> None:
    stories = "".join(_story(f"/{title.replace(' ', '-')}", title) for title in TITLES)
    about = ("من نحن ورؤيتنا وأهدافنا", "سياسة الخصوصية وحماية البيانات", "شروط النشر في الموقع والمشاركة")
    foot = "".join(f'<a href="/{name.replace(" ", "-")}">{name}</a>' for name in about)
    assert len(_offer(_home(stories, foot=foot)).articles) == len(TITLES)


def test_a_sitemap_may_name_its_language() -> None:
    robots = b"Sitemap: /sitemap-en.xml\nSitemap: /sitemap_fr.xml.gz\nSitemap: /sitemap-ar.xml\nSitemap: /map.en.xml\n"
    assert _offer(_home(), robots=robots).sitemaps == [f"{SITE}/sitemap-ar.xml"]
