"""Home pages as the systems write them that newspapers run on: what each offers, to the last address."""

# ruff: noqa: E501 (mark-up is written as it comes)

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

import pytest

from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.sites import Offer, SiteReader

TITLES = (
    "البلدية تعيد فتح السوق القديم بعد ترميمه",
    "مطر غزير على الساحل يقطع طريق الميناء",
    "الفريق يعود من رحلته بثلاث نقاط",
    "معرض للخط العربي في دار الكتب الوطنية",
    "سعر القمح يستقر بعد أسبوعين من الصعود",
    "طلاب القرية يزرعون ألف شجرة في يوم",
    "وزير المياه يفتتح محطة التحلية الجديدة",
)


@dataclass
class System:
    """A home page, and what is to be found on it."""

    url: str
    html: str
    feeds: list[str] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    robots: str = ""


def slug(title: str) -> str:
    return title.replace(" ", "-")


def _links(pairs: list[tuple[str, str]], tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="{href}">{name}</a></{tag}>' for href, name in pairs)


def wordpress_blocks() -> System:
    """A block theme: no classes of the old ones, the navigation a block, dates linked to the stories."""
    base = "https://almithal.example"
    paths = [f"/{slug(title)}/" for title in TITLES]
    desks = [("/category/local/", "محليات"), ("/category/economy/", "اقتصاد"), ("/category/culture/", "ثقافة وفن")]
    cards = "".join(
        f'<li class="wp-block-post post-{n}"><h3 class="wp-block-post-title"><a href="{base}{path}" target="_self">{title}'
        f'</a></h3><div class="wp-block-post-date"><time><a href="{base}{path}">{n} نوفمبر، 2026</a></time></div>'
        f'<div class="taxonomy-category wp-block-post-terms"><a href="{base}/category/local/" rel="tag">محليات</a></div></li>'
        for n, (path, title) in enumerate(zip(paths, TITLES, strict=True), 3)
    )
    nav = "".join(
        f'<li class="wp-block-navigation-item"><a class="wp-block-navigation-item__content" href="{base}{path}">'
        f'<span class="wp-block-navigation-item__label">{name}</span></a></li>'
        for path, name in desks
    )
    head = (
        f'<link rel="alternate" type="application/rss+xml" title="المثال &laquo; الخلاصة" href="{base}/feed/">'
        f'<link rel="alternate" type="application/rss+xml" title="المثال &laquo; خلاصة التعليقات" href="{base}/comments/feed/">'
        f'<link rel="https://api.w.org/" href="{base}/wp-json/"><link rel="alternate" type="application/json+oembed" '
        f'href="{base}/wp-json/oembed/1.0/embed?url=x">'
    )
    html = (
        f'<html lang="ar" dir="rtl"><head>{head}</head><body><header class="wp-block-template-part">'
        f'<nav class="wp-block-navigation"><ul>{nav}<li><a href="{base}/about/">من نحن</a></li></ul></nav></header>'
        f'<main><ul class="wp-block-post-template">{cards}</ul><nav class="wp-block-query-pagination">'
        f'<a href="{base}/page/2/">الصفحة التالية</a></nav></main><footer><a href="{base}/privacy-policy/">سياسة الخصوصية</a>'
        f'<a href="{base}/author/admin/">المحرر</a></footer></body></html>'
    )
    return System(
        f"{base}/", html, [f"{base}/feed/"], [f"{base}/wp-sitemap.xml"],
        [base + path for path, _ in desks], [base + path for path in paths],
        [f"{base}/page/2/", f"{base}/about/", f"{base}/privacy-policy/", f"{base}/author/admin/"],
        robots="User-agent: *\nDisallow: /wp-admin/\n\nSitemap: https://almithal.example/wp-sitemap.xml\n",
    )  # fmt: skip


def joomla() -> System:
    """Joomla: number and slug behind menu aliases, formats of one list by parameters, print windows."""
    base = "https://www.assada.example"
    stories = [
        f"/index.php/news/{'local' if n % 2 else 'sport'}/{4200 + n * 3}-{slug(t)}" for n, t in enumerate(TITLES)
    ]
    desks = [
        ("/index.php/news/local", "أخبار محلية"),
        ("/index.php/news/sport", "رياضة"),
        ("/index.php/opinion", "آراء"),
    ]
    items = "".join(
        f'<div class="items-row"><h2 itemprop="name"><a href="{href}" itemprop="url">{title}</a></h2>'
        f'<ul class="dropdown-menu"><li><a href="{href}?tmpl=component&amp;print=1" rel="nofollow">طباعة</a></li></ul>'
        f'<p class="readmore"><a class="btn" href="{href}">إقرأ المزيد: {title}</a></p></div>'
        for href, title in zip(stories, TITLES, strict=True)
    )
    head = (
        '<link href="/index.php?format=feed&amp;type=rss" rel="alternate" type="application/rss+xml" title="RSS 2.0">'
        '<link href="/index.php?format=feed&amp;type=atom" rel="alternate" type="application/atom+xml" title="Atom 1.0">'
    )
    html = (
        f'<html lang="ar-aa" dir="rtl"><head>{head}</head><body><ul class="nav menu mod-list">{_links(desks)}'
        f'<li><a href="/index.php/component/users/?view=login">تسجيل الدخول</a></li></ul><div class="blog">{items}</div>'
        f'<ul class="pagination">{_links([("/index.php?start=7", "2"), ("/index.php?start=14", "3")])}</ul></body></html>'
    )
    return System(
        f"{base}/", html, [f"{base}/index.php?format=feed&type=rss"], [], [base + path for path, _ in desks],
        [base + path for path in stories], [f"{base}/index.php?start=7", f"{base}/index.php/component/users/?view=login"],
    )  # fmt: skip


def drupal() -> System:
    """Drupal 10: /node/ numbers beside aliases, language switcher, a feed icon in a block."""
    base = "https://aldar.example"
    stories = [f"/ar/node/{88120 + n * 11}" for n in range(len(TITLES))]
    desks = [("/ar/taxonomy/term/12", "سياسة"), ("/ar/taxonomy/term/13", "اقتصاد"), ("/ar/taxonomy/term/19", "منوعات")]
    rows = "".join(
        f'<div class="views-row"><article about="{href}"><h2 class="node__title"><a href="{href}" rel="bookmark">'
        f'<span class="field field--name-title">{title}</span></a></h2></article></div>'
        for href, title in zip(stories, TITLES, strict=True)
    )
    html = (
        f'<html lang="ar" dir="rtl"><head><link rel="canonical" href="{base}/ar"></head><body>'
        f'<nav id="block-main-menu"><ul class="menu">{_links(desks)}</ul></nav>'
        f'<div id="block-language"><ul class="links"><li hreflang="en"><a href="/en" hreflang="en">English</a></li></ul></div>'
        f'<div class="view-content">{rows}</div><a href="/ar/rss.xml" class="feed-icon">Subscribe to الصفحة الأولى</a>'
        f'<footer><a href="/ar/user/login">دخول</a><a href="/ar/contact">اتصل بنا</a></footer></body></html>'
    )
    return System(
        f"{base}/ar", html, [f"{base}/ar/rss.xml"], [], [base + path for path, _ in desks],
        [base + path for path in stories], [f"{base}/en", f"{base}/ar/user/login", f"{base}/ar/contact"],
    )  # fmt: skip


def blogger() -> System:
    """Blogger: year and month, labels under /search/label/, three feeds of one list and one of comments."""
    base = "https://akhbar-alqarya.example"
    names = ("blog-post", "blog-post_17", "blog-post_23", "souk", "rain-on-coast", "blog-post_4", "water")
    stories = [f"{base}/2026/{10 + n % 2}/{name}.html" for n, name in enumerate(names)]
    labels = ("محليات", "رياضة", "ثقافة")
    head = (
        f'<link rel="alternate" type="application/atom+xml" title="أخبار القرية - Atom" href="{base}/feeds/posts/default">'
        f'<link rel="alternate" type="application/rss+xml" title="أخبار القرية - RSS" href="{base}/feeds/posts/default?alt=rss">'
        f'<link rel="service.post" type="application/atom+xml" title="x" href="https://www.blogger.com/feeds/77/posts/default">'
    )
    posts = "".join(
        f'<div class="post"><h3 class="post-title entry-title"><a href="{url}">{title}</a></h3>'
        f'<a class="comment-link" href="{url}#comment-form">تعليق واحد فقط حتى الآن</a></div>'
        for url, title in zip(stories, TITLES, strict=True)
    )
    menu = _links([(f"{base}/search/label/{quote(label)}", label) for label in labels])
    html = (
        f'<html dir="rtl" lang="ar"><head>{head}</head><body><div class="tabs"><ul class="menu">{menu}</ul></div>'
        f'<div class="blog-posts">{posts}</div><a class="blog-pager-older-link" href="{base}/search?updated-max=2026">'
        f'رسائل أقدم</a><a href="{base}/p/about.html">من نحن</a></body></html>'
    )
    return System(
        f"{base}/", html, [f"{base}/feeds/posts/default"], [f"{base}/sitemap.xml"],
        [f"{base}/search/label/{quote(label)}" for label in labels], stories, [f"{base}/p/about.html"],
        robots="User-agent: *\nDisallow: /share-widget\nAllow: /\nSitemap: /sitemap.xml\n",
    )  # fmt: skip


def next_js() -> System:
    """A Next.js front: a menu of anchors, the stories only in the data of the page."""
    base = "https://www.alaan.example"
    stories = [f"/politics/{91000 + n * 17}/{slug(title)}" for n, title in enumerate(TITLES)]
    desks = [("/politics", "سياسة"), ("/economy", "اقتصاد"), ("/sports", "رياضة")]
    data = {
        "props": {"pageProps": {"posts": [{"title": t, "url": s, "image": f"https://cdn.example/{n}.jpg"}
                                          for n, (s, t) in enumerate(zip(stories, TITLES, strict=True))],
                                "menu": [{"label": name, "href": href} for href, name in desks]}},
        "page": "/", "buildId": "k2J9", "locale": "ar",
    }  # fmt: skip
    html = (
        f'<html lang="ar"><head></head><body><div id="__next"><nav>{_links(desks)}</nav></div>'
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data, ensure_ascii=False)}</script></body></html>'
    )
    return System(f"{base}/", html, sections=[base + p for p, _ in desks], articles=[base + s for s in stories])


def arabic_cms() -> System:
    """A system of Arabic newspapers: Arabic words in the path, the number last, short links beside them, m. and www."""
    base = "https://www.alshaab.example"
    desks = [
        (f"{base}/{quote('قسم')}/{n}/{quote(name)}", name) for n, name in ((1, "محليات"), (2, "العالم"), (7, "رياضة"))
    ]
    stories = [f"{base}/{quote('خبر')}/{660_200 + n * 9}/{quote(slug(title))}" for n, title in enumerate(TITLES)]
    boxes = "".join(
        f'<div class="box"><a href="{url}"><img src="/i.jpg" alt="{title}"></a><h3><a href="{url}">{title}</a></h3>'
        f'<a class="more" href="{url}?ref=home">اقرأ المزيد</a>'
        f'<a href="https://www.facebook.com/sharer.php?u={quote(url, safe="")}">شارك</a></div>'
        for url, title in zip(stories, TITLES, strict=True)
    )
    html = (
        f'<html lang="ar" dir="rtl"><head><link rel="alternate" media="handheld" href="https://m.alshaab.example/"></head>'
        f'<body><div id="mainmenu">{_links(desks)}</div>{boxes}<div class="bottom"><a href="/rss.php">RSS</a>'
        f'<a href="/{quote("من-نحن")}">من نحن</a><a href="https://m.alshaab.example/">نسخة الجوال</a></div></body></html>'
    )
    return System(
        f"{base}/", html, [f"{base}/rss.php"], [], [href for href, _ in desks], stories,
        [f"{base}/{quote('من-نحن')}", "https://m.alshaab.example/"],
    )  # fmt: skip


def subfolder() -> System:
    """A newspaper under a portal's path: what lies beside it is another's."""
    base = "https://portal.example"
    stories = [f"/alfajr/article/{7100 + n * 3}" for n in range(len(TITLES))]
    desks = [("/alfajr/section/news", "أخبار"), ("/alfajr/section/opinion", "رأي")]
    beside = [
        ("/weather/cities", "الطقس في المدن العربية اليوم"),
        ("/games/article/55", "لعبة جديدة للأطفال على الهاتف"),
    ]
    html = (
        f'<html lang="ar"><head><link rel="alternate" type="application/rss+xml" href="/alfajr/rss">'
        f'<link rel="alternate" type="application/rss+xml" title="البوابة" href="/rss"></head><body>'
        f"<nav>{_links(desks)}</nav><main>{''.join(f'<h2><a href={s}>{t}</a></h2>' for s, t in zip(stories, TITLES, strict=True))}"
        f"</main><aside>{_links(beside)}</aside></body></html>"
    )
    return System(
        f"{base}/alfajr/", html, [f"{base}/alfajr/rss"], [], [base + p for p, _ in desks],
        [base + s for s in stories], [base + path for path, _ in beside],
    )  # fmt: skip


def many_hosts() -> System:
    """The bare host, www., the mobile one and http beside https: each story once."""
    stories = [f"https://sawt.example/news/{12_000 + n * 7}.html" for n in range(len(TITLES))]
    forms = ("http://www.sawt.example", "https://m.sawt.example", "https://sawt.example", "//www.sawt.example", "")
    cards = "".join(
        f'<h2><a href="{url}">{title}</a></h2><a href="{url.replace("https://sawt.example", forms[n % len(forms)])}">{title}</a>'
        for n, (url, title) in enumerate(zip(stories, TITLES, strict=True))
    )
    head = (
        '<link rel="alternate" type="application/rss+xml" href="http://www.sawt.example/rss.xml">'
        '<link rel="alternate" type="application/rss+xml" href="https://sawt.example/rss.xml">'
    )
    html = f'<html lang="ar"><head>{head}</head><body><nav>{_links([("/local", "محليات"), ("/world", "العالم")])}</nav>{cards}'
    return System(
        "https://sawt.example/", html, ["http://www.sawt.example/rss.xml"],
        ["https://sawt.example/sitemap-news.xml", "https://sawt.example/maps/all.xml.gz"],
        ["https://sawt.example/local", "https://sawt.example/world"], stories,
        robots="sitemap:sitemap-news.xml\nSITEMAP : /maps/all.xml.gz # packed\n#Sitemap: /old.xml\nSitemap:\n",
    )  # fmt: skip


def asp_net() -> System:
    """ASP.NET of 2008: everything in the query, letters in any case, a menu of table cells."""
    base = "http://www.alyoum.example"
    stories = [f"{base}/NewsDetails.aspx?NewsID={330_400 + n * 5}&CatID={n % 3 + 1}" for n in range(len(TITLES))]
    desks = [(f"{base}/News.aspx?CatID={n}", name) for n, name in ((1, "محليات"), (2, "عربي ودولي"), (3, "رياضة"))]
    cells = "".join(
        f'<td class="menuItem"><a href="{href.replace("&", "&amp;")}">{name}</a></td>' for href, name in desks
    )
    rows = "".join(
        f'<tr><td><a class="title" href="newsdetails.aspx?CatID={n % 3 + 1}&NewsID={330_400 + n * 5}">{title}</a></td></tr>'
        for n, title in enumerate(TITLES)
    )
    html = (
        f'<html><body><table id="menu" class="nav"><tr>{cells}</tr></table><table>{rows}</table>'
        f'<a href="Rss.aspx">خدمة RSS</a> <a href="ContactUs.aspx">اتصل بنا</a> <a href="Archive.aspx">الأرشيف</a></body></html>'
    )
    return System(
        f"{base}/Default.aspx", html, [f"{base}/Rss.aspx"], [], [href for href, _ in desks], stories,
        [f"{base}/ContactUs.aspx"],
    )  # fmt: skip


def hashed_keys() -> System:
    """Codes instead of numbers, with a desk before them, and topic pages of the same depth."""
    base = "https://annas.example"
    codes = ("6f3a9c1b", "a81bd0e4", "03c7fe92", "be55d1a0", "9d20c4f7", "4410aa6e", "e7f19b3c")
    stories = [f"/{'economy' if n % 2 else 'local'}/{code}" for n, code in enumerate(codes)]
    desks = [("/local", "محليات"), ("/economy", "اقتصاد")]
    topics = [("/topic/water-crisis", "أزمة المياه في المدينة"), ("/topic/elections", "انتخابات المجالس")]
    html = (
        f'<html lang="ar"><body><header><nav>{_links(desks)}</nav></header>'
        + "".join(f'<article><h3><a href="{s}">{t}</a></h3></article>' for s, t in zip(stories, TITLES, strict=True))
        + f'<div class="topics">{_links(topics)}</div></body></html>'
    )
    return System(
        f"{base}/", html, sections=[base + p for p, _ in desks], articles=[base + s for s in stories],
        others=[base + p for p, _ in topics],
    )  # fmt: skip


SYSTEMS = (
    wordpress_blocks, joomla, drupal, blogger, next_js, arabic_cms, subfolder, many_hosts, asp_net, hashed_keys,
)  # fmt: skip


def offered(system: System) -> Offer:
    reader = SiteReader(system.url)
    reader.read_robots(system.robots.encode())
    reader.read(system.html.encode())
    return reader.offer()


def normal(urls: list[str]) -> list[str]:
    return sorted(map(normalise_url, urls))


@pytest.mark.parametrize("build", SYSTEMS, ids=lambda build: build.__name__)
def test_what_a_home_page_of_each_system_offers(build) -> None:  # type: ignore[no-untyped-def]
    system = build()
    offer = offered(system)
    assert normal(offer.sitemaps) == normal(system.sitemaps)
    assert set(normal(system.feeds)) <= set(normal(offer.feeds))
    assert all("comment" not in url and "oembed" not in url for url in offer.feeds)
    assert {offer.shapes.identity(url) for url in offer.articles} == {offer.shapes.identity(u) for u in system.articles}
    assert None not in {offer.shapes.identity(url) for url in system.articles}
    assert len(offer.articles) == len(system.articles)
    assert set(normal(system.sections)) <= set(normal(offer.sections))
    for url in system.others:
        assert offer.shapes.identity(url) is None, url
        assert normal([url])[0] not in normal(offer.articles)


NUMBERS = range(120_000, 120_070, 10)


@pytest.mark.parametrize(
    ("url", "story", "desk"),
    [
        ("http://almithal.example:8080/", "/story/{}", "/section/1"),
        ("https://أخبار.example/", "/خبر/{}", "/قسم/1"),
        ("https://almithal.example/", "/page.php?do=show&action=news&id={}", "/page.php?do=list&cat=3"),
        ("https://almithal.example/", "/?p={}", "/?cat=3"),
        (
            "https://almithal.example/",
            "/index.php?option=com_k2&view=item&id={}:khabar",
            "/index.php?view=list&id=3:local",
        ),
        ("https://m.almithal.example/", "/detail/{}.htm", "/list/1.htm"),
        (
            "https://www.almithal.example/",
            "https://news.almithal.example/article/{}",
            "https://sport.almithal.example/",
        ),
    ],
)
def test_stories_of_hosts_and_programs_of_many_kinds(url: str, story: str, desk: str) -> None:
    stories = [story.format(number) for number in NUMBERS]
    cards = "".join(f'<h2><a href="{path}">{title}</a></h2>' for path, title in zip(stories, TITLES, strict=True))
    offer = offered(System(url, f"<html lang=ar><body><nav>{_links([(desk, 'محليات')])}</nav>{cards}</body></html>"))
    assert len({offer.shapes.identity(found) for found in offer.articles} - {None}) == len(stories)
    assert len(offer.sections) == 1
    assert offer.shapes.identity(offer.sections[0]) is None


@pytest.mark.parametrize(
    ("url", "card", "desk"),
    [
        # PHP-Nuke: one program for all, the page for print by a parameter of as few letters.
        (
            "http://almithal.example/",
            '<b><a href="modules.php?name=News&file=article&sid={n}">{t}</a></b> '
            '<a href="modules.php?name=News&file=print&sid={n}">نسخة للطباعة</a>',
            "modules.php?name=News&new_topic=2",
        ),
        # SharePoint: a library that is called Pages, linked in any letter case.
        (
            "https://almithal.example/ar/Pages/default.aspx",
            '<a href="/ar/pages/newsdetails.aspx?ItemId={n}">{t}</a>',
            "/ar/Pages/Economy.aspx",
        ),
        # Liferay: titles whose addresses say where the reader came from.
        (
            "https://almithal.example/web/guest/home",
            '<h4><a href="/web/guest/w/{s}?redirect=%2Fweb%2Fguest%2Fhome">{t}</a></h4><a href="/web/guest/w/{s}">المزيد</a>',
            "/web/guest/local",
        ),
        # Java servers: a session's number in the path.
        (
            "http://almithal.example/",
            '<a href="/portal/page.jsp;jsessionid=AB12CD34EF56AB12CD34EF56AB12CD34?nid={n}">{t}</a>',
            "/portal/section.jsp;jsessionid=AB12CD34EF56AB12CD34EF56AB12CD34?sid=3",
        ),
        # Titles that only the pictures' texts hold, and a menu of pictures.
        ("http://almithal.example/", '<a href="/news/{n}"><img src="{n}.jpg" alt="{t}"></a>', "/local"),
        # Ghost: no categories, so that the menu leads to tags.
        ("http://almithal.example/", '<h2><a href="/{s}/">{t}</a></h2><a href="/tag/rain/">أمطار</a>', "/tag/economy/"),
    ],
)
def test_stories_of_further_systems(url: str, card: str, desk: str) -> None:
    named = zip(NUMBERS, TITLES, strict=True)
    cards = "".join(card.format(n=number, t=title, s=slug(title)) for number, title in named)
    picture = '<img src="a.png" alt="من نحن">'
    menu = f"<nav><ul>{_links([(desk, 'محليات'), ('/who', picture), ('/contact-5', 'تواصلوا')])}</ul></nav>"
    offer = offered(System(url, f"<html lang=ar><body>{menu}{cards}</body></html>"))
    assert len({offer.shapes.identity(found) for found in offer.articles} - {None}) == len(TITLES)
    assert len(offer.articles) == len(TITLES)
    assert not [found for found in offer.articles if "print" in found or "redirect" in found]
    assert normal(offer.sections) == normal([urljoin(url, desk)])


def test_a_link_that_nobody_can_follow_hides_no_other() -> None:
    hosts = ("ب" * 70 + ".example", "a.example:99999", "[::1", "a..ب.example")
    broken = "".join(f'<a href="http://{host}/story/120001">خبر من مكان لا وجود له</a>' for host in hosts)
    stories = "".join(f'<a href="/story/{n}">{title}</a>' for n, title in zip(NUMBERS, TITLES, strict=True))
    offer = offered(System("https://almithal.example/", f"<html><body>{broken}{stories}</body></html>"))
    assert len(offer.articles) == len(TITLES)


def test_letter_case_is_nothing_to_asp() -> None:
    offer = offered(asp_net())
    forms = (
        "NewsDetails.aspx?NewsID=330400",
        "NEWSDETAILS.ASPX?catid=2&newsid=330400",
        "newsdetails.aspx?NewsID=330400",
    )
    assert len({offer.shapes.identity(f"http://www.alyoum.example/{form}") for form in forms}) == 1
