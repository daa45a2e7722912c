"""Every publisher's `article_url`: all spellings of its articles are found and told apart, and nothing else is.

tests/sources/<country>/<source>/urls.json holds real addresses: "articles", each a list of spellings of one article,
and "others", pages of the same sites that are none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest

from newscrawl.discovery.identity import article_id, article_identity, normalise_url
from newscrawl.spiders.registry import is_demo, publishers

SOURCES = Path(__file__).parents[1] / "sources"
NAMES = sorted(name for name, spider in publishers().items() if not is_demo(spider))
# Forms that are no article on any site; read after the publisher's domain.
OTHER_FORMS = """
/ /ar /ar/ /news /news/ /ar/news /index.php /robots.txt /sitemap.xml /sitemap_index.xml /post-sitemap1.xml /xmlrpc.php
/category/أخبار /category/أخبار-محلية-عربية-ودولية /category/news/12345 /ar/category/12345 /categories/12345
/category/أخبار/page/2 /section/12345/أخبار /sections/12345 /ar/sections/123456 /tag/غزة /tag/كلمة-مفتاحية-طويلة-جدا
/tag/123456 /tags/12345/غزة /tag/غزة/feed /topics/123456 /topic/غزة-تحت-النار-والحصار /keyword/123456/غزة
/author/أحمد-محمد-علي /author/12345 /author/أحمد/page/12345 /authors/123456/أحمد /writer/123456
/writers/123456/أحمد-محمد /page/2 /page/12345 /page/123456 /news/page/2 /news/page/123456 /ar/page/123456
/rss /feed /feed/ /rss.xml /ar/rss /comments/feed /rssFeed/123456 /search?q=غزة /search/غزة /search/123456 /?s=غزة
/?page_id=12345 /?cat=12345 /?author=12345 /?s=123456 /about /about-us /من-نحن /اتصل-بنا /contact-us /سياسة-الخصوصية
/شروط-الاستخدام /privacy-policy /wp-content/uploads/2024/05/صورة-من-الخبر-1.jpg /wp-content/uploads/2024/05/123456.jpg
/uploads/2024/05/12/1234567.jpg /images/1234567.jpg /wp-json/wp/v2/posts/123456 /wp-login.php /2025/04/ /2025/04/26/
/2025/04/26 /archive/2025/04 /archive/20250426 /live /video /videos /videos/123456
/video/123456/عنوان-الفيديو-الطويل-هنا
/photos/123456 /gallery/123456 /login /user/12345 /users/123456 /polls/123456 /print/ /en/article/123456/some-title
/en/news/123456/some-title /fr/news/123456 /share?u=https://paper.test/article/123456
""".split()


@cache
def addresses(name: str) -> dict[str, list]:  # type: ignore[type-arg]
    """What urls.json holds."""
    (file,) = SOURCES.glob(f"[a-z][a-z]/{name}/urls.json")
    found: dict[str, list] = json.loads(file.read_text(encoding="utf-8"))  # type: ignore[type-arg]
    return found


def pattern(name: str) -> re.Pattern[str]:
    """What finds a publisher's articles."""
    found = publishers()[name].source().article_url
    assert found is not None
    return found


def spellings(url: str) -> Iterator[str]:
    """Other ways to write the same address, and the forms in which links to it travel."""
    yield url
    joint = "&" if "?" in url else "?"
    bare = url.partition("#")[0]
    yield bare.replace("https://", "http://", 1) if url.startswith("https:") else bare.replace("http://", "https://", 1)
    yield bare.replace("//www.", "//", 1) if "//www." in url else bare.replace("//", "//www.", 1)
    yield bare.replace(urlsplit(url).netloc, urlsplit(url).netloc.upper(), 1)
    yield quote(bare, safe=":/?&=%;,+!$'()*@~-._")
    yield quote(bare, safe=":/?&=%;,+!$'()*@~-._").replace("%D8", "%d8")
    yield unquote(bare)
    yield f"{bare}{joint}utm_source=x&fbclid=y"
    yield f"{bare}{joint}from=home"
    yield f"{bare}#comments"
    yield bare.replace("//www.", "//m.", 1) if "//www." in url else bare.replace("//", "//m.", 1)
    if "?" not in bare:
        yield bare.rstrip("/") + "/"
        yield bare.rstrip("/") + "/amp"
        yield f"{bare}?amp=1"


@pytest.mark.parametrize("name", NAMES)
def test_an_article_has_one_identity_however_it_is_written(name: str) -> None:
    owns = publishers()[name].source().owns
    found = []
    for written in addresses(name)["articles"]:
        identities = {url: article_identity(url, pattern(name)) for url in (*written, *spellings(written[0]))}
        assert None not in identities.values(), identities
        assert len(set(identities.values())) == 1, identities
        assert all(owns(urlsplit(url).hostname or "") for url in written)
        found.append(str(identities[written[0]]))
    assert found
    assert len({article_id(name, identity) for identity in found}) == len(found), found


@pytest.mark.parametrize("name", NAMES)
def test_other_pages_are_no_articles(name: str) -> None:
    spider = publishers()[name]
    forms = (f"https://{domain}{form}" for domain in spider.allowed_domains for form in OTHER_FORMS)
    for url in (*addresses(name)["others"], *forms, *spider.feeds, *spider.sitemaps, *spider.sections):
        assert article_identity(url, pattern(name)) is None, url


def test_no_pattern_finds_what_is_another_publishers() -> None:
    patterns = {name: pattern(name) for name in publishers()}
    for name in NAMES:
        for written in addresses(name)["articles"]:
            for url in map(unquote, map(normalise_url, written)):
                assert [other for other, finds in patterns.items() if other != name and finds.search(url)] == [], url


def test_every_publisher_has_addresses() -> None:
    assert sorted(file.parent.name for file in SOURCES.glob("[a-z][a-z]/*/urls.json")) == NAMES
