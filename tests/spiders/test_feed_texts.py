"""What feeds tell of the stories: whole texts, writers, categories, pictures, where the pages do not tell them."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from newscrawl.items import Article
from newscrawl.storage.jsonl import read_articles, sealed_files
from tests.spiders.site import Answer, Seen, Site, crawl, story, wait_a_second

FEEDS = 'feeds = ["http://paper.test/feed"]'


def sentences(number: int, count: int = 12) -> list[str]:
    """Prose that no other number has."""
    return [
        f"وقال المتحدث رقم {number}{at} إن السكان في القرية {at} ينتظرون إصلاح الطريق قبل موسم الأمطار القادم."
        for at in range(count)
    ]


def html(number: int, count: int = 12) -> str:
    return "".join(f"<p>{line}</p>" for line in sentences(number, count))


def shell(title: str = "عنوان الخبر في الصحيفة اليوم", more: str = "") -> str:
    """A page of which a reader without scripts sees the headline alone."""
    return f"<html lang=ar><head><title>{title}</title>{more}</head><body><h1>{title}</h1></body></html>"


def item(number: int, content: str = "", more: str = "") -> str:
    link = f"<link>http://paper.test/story/{number}</link>"
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return f"<item><title>طريق القرية رقم {number}</title>{link}{encoded}{more}</item>"


def serve(site: Site, *items: str) -> None:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    media = 'xmlns:media="http://search.yahoo.com/mrss/"'
    site.xml("/feed", f'<rss version="2.0" {spaces} {media}><channel>{"".join(items)}</channel></rss>')


def stored(directory: Path) -> dict[int, Article]:
    """The newest version of each article, by its number."""
    paths = sealed_files(directory / "data", "paper")
    return {int(a.url.rpartition("/")[2]): a for a in sorted(read_articles(paths), key=lambda a: a.version)}


def rows(directory: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(directory / "data" / "state.sqlite") as database:
        return database.execute(query).fetchall()


def make_due(directory: Path) -> None:
    """As when the hours until the next visit have passed."""
    with sqlite3.connect(directory / "data" / "state.sqlite") as database:
        database.execute("UPDATE urls SET next_visit = 0")


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_text_stands_where_the_page_gives_none(site: Site, tmp_path: Path) -> None:
    paywall = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    teaser = f"<article><div class=text><p>{sentences(4)[0]}</p></div></article>"
    for number in (1, 6, 7, 8, 9):
        site.page(f"/story/{number}", shell())
    site.pages["/story/2"] = Answer(b"<html>Forbidden</html>", 403)
    site.pages["/story/3"] = Answer(b"<html>Gone</html>", 410)
    site.page("/story/4", shell(more=paywall).replace("</h1>", f"</h1>{teaser}"))
    site.article(5)
    site.pages["/story/10"] = Answer(b"", 451)
    site.pages["/story/11"] = Answer(b"<html>Forbidden</html>", 403)
    told = """<dc:creator>ليلى حداد</dc:creator><category>محليات</category><category>طرق</category>
        <enclosure url="http://img.test/one.jpg" type="image/jpeg" length="1"/>"""
    furniture = '<figure><img src="/in.jpg"><figcaption>الطريق بعد المطر</figcaption></figure>'
    related = '<p>اقرأ أيضا: <a href="/story/5">خبر آخر عن الميناء الجديد</a></p>'
    serve(
        site,
        item(1, furniture + html(1) + related, told),
        item(2, html(2), '<media:content url="http://img.test/two.webp" medium="image"/><author>a@b.test</author>'),
        item(3, html(3)),
        item(4, html(4)),
        item(5, html(5), told),
        # Excerpts: cut, with an invitation, WordPress's mark, far shorter than the others; and one that is too long.
        item(6, f"<p>{' '.join(sentences(6, 4))[:-20]} [&hellip;]</p>"),
        item(7, html(7, 4) + '<p><a href="http://paper.test/story/7">اقرأ المزيد</a></p>'),
        item(8, html(8, 1)),
        item(9, html(9, 700)),
        item(10, html(10, 3) + "<p>The post <a>طريق</a> appeared first on <a>الصحيفة</a>.</p>"),
        item(11, f"<p>{sentences(11)[0]}</p><p>The post <a>طريق</a> appeared first on <a>الصحيفة</a>.</p>"),
    )
    with site.served():
        run = crawl(site, tmp_path, attributes=FEEDS)
    found = stored(tmp_path)
    assert sorted(found) == [1, 2, 4, 5, 10], run.stderr
    for number in (1, 2, 4):
        assert found[number].body == "\n".join(sentences(number))
        assert found[number].provenance["body"] == "feed"
    assert found[10].body == "\n".join(sentences(10, 3))
    one, two = found[1], found[2]
    assert (one.authors, one.tags, one.provenance["authors"]) == (["ليلى حداد"], ["محليات", "طرق"], "feed")
    assert [image.url for image in one.images] == ["http://img.test/one.jpg"]
    assert one.provenance["images"] == one.provenance["tags"] == "feed"
    assert (two.title, two.provenance["title"], two.authors) == ("طريق القرية رقم 2", "feed", [])
    assert [image.url for image in two.images] == ["http://img.test/two.webp"]
    assert (two.archive, two.paywalled, found[4].paywalled) == (None, None, True)
    # A page that tells its story tells it best; what it leaves open the feed says.
    assert found[5].provenance["body"].startswith("rule")
    assert found[5].tags == ["محليات", "طرق"]
    assert run.stat("rejected/no-body") == 4
    assert (run.stat("gone/http-410"), run.stat("told-by-feed/refused"), run.stat("failed/refused")) == (1, 2, 1)
    assert rows(tmp_path, "SELECT count(*) FROM feed_texts") == [(0,)]


def test_a_text_waits_for_its_page_and_is_no_new_version_when_it_is_gone(site: Site, tmp_path: Path) -> None:
    site.pages["/story/1"] = Answer(b"<html>busy</html>", 500)
    site.page("/story/2", shell())
    site.pages["/story/3"] = Answer(b"<html>no</html>", 403)
    serve(site, item(1, html(1)), item(2, html(2)), item(3, html(3)))
    feed = site.pages["/feed"]
    assert isinstance(feed, Answer)

    def conditional(seen: Seen) -> Answer:
        headers = {"ETag": '"1"', "Content-Type": "application/xml"}
        return Answer(b"", 304, headers) if "If-None-Match" in seen.headers else Answer(feed.body, 200, headers)

    site.pages["/feed"] = conditional
    with site.served():
        first = crawl(site, tmp_path, attributes=FEEDS)
        assert sorted(stored(tmp_path)) == [2, 3], first.stderr
        assert len(rows(tmp_path, "SELECT * FROM feed_texts")) == 1
        site.page("/story/1", shell())
        make_due(tmp_path)
        second = crawl(site, tmp_path, attributes=FEEDS)
    assert second.stat("listings/unchanged") == 1, second.stderr
    found = stored(tmp_path)
    assert found[1].body == "\n".join(sentences(1))
    assert {number: article.version for number, article in found.items()} == {1: 1, 2: 1, 3: 1}
    assert second.stat("unchanged") == 2
    assert rows(tmp_path, "SELECT count(*) FROM feed_texts") == [(0,)]
    assert rows(tmp_path, "SELECT DISTINCT status FROM urls") == [("done",)]


def test_a_text_that_changed_in_the_feed_is_a_version(site: Site, tmp_path: Path) -> None:
    site.page("/story/1", shell())
    with site.served():
        serve(site, item(1, html(1)))
        crawl(site, tmp_path, attributes=FEEDS)
        wait_a_second(tmp_path)
        serve(site, item(1, html(1, 13), f"<updated>{datetime.now(UTC).isoformat()}</updated>"))
        crawl(site, tmp_path, "-s", "JUST_PRINTED=0", attributes=FEEDS)
    (article,) = stored(tmp_path).values()
    assert (article.version, article.body) == (2, "\n".join(sentences(1, 13)))


def test_a_replay_has_what_the_archived_feed_told(site: Site, tmp_path: Path) -> None:
    site.page("/story/1", shell())
    site.pages["/story/2"] = Answer(b"<html>no</html>", 403, {"Content-Type": "text/html"})
    site.article(3)
    serve(site, item(1, html(1)), item(2, html(2)), item(3, html(3), "<category>محليات</category>"))
    (tmp_path / "first").mkdir()
    with site.served():
        crawl(site, tmp_path / "first", "-s", "ARCHIVE=1", attributes=FEEDS)
    (tmp_path / "second").mkdir()
    archive = tmp_path / "first" / "data" / "archive"
    run = crawl(site, tmp_path / "second", "-a", f"archive={archive}", attributes=FEEDS)
    before, after = stored(tmp_path / "first"), stored(tmp_path / "second")
    assert sorted(before) == sorted(after) == [1, 2, 3], run.stderr
    for number in before:
        for name in ("title", "body", "tags", "images", "provenance"):
            assert getattr(before[number], name) == getattr(after[number], name), (number, name)


@pytest.mark.parametrize("kind", ["atom", "atom-xhtml", "json"])
def test_atom_and_json_feeds(site: Site, tmp_path: Path, kind: str) -> None:
    site.pages["/story/1"] = Answer(b"", 403)
    link, title = "http://paper.test/story/1", "طريق القرية رقم 1"
    if kind == "json":
        told = {"url": link, "id": link, "title": title, "content_html": html(1), "tags": ["محليات"]}
        told |= {"authors": [{"name": "ليلى حداد"}], "image": "/one.jpg", "date_published": "2026-11-29T10:00:00+03:00"}
        document = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "الصحيفة", "items": [told]})
        site.xml("/feed", document, "application/feed+json")
    else:
        content = f'<content type="html">{escape(html(1))}</content>'
        if kind == "atom-xhtml":
            content = f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{html(1)}</div></content>'
        site.xml(
            "/feed",
            f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>{title}</title><link href="{link}"/>'
            f"<author><name>ليلى حداد</name></author><contributor><name>سعيد منصور</name></contributor>"
            f'<category term="محليات"/><link rel="enclosure" type="image/jpeg" href="/one.jpg"/>'
            f"<published>2026-11-29T10:00:00+03:00</published>{content}</entry></feed>",
        )
    with site.served():
        run = crawl(site, tmp_path, attributes=FEEDS)
    (article,) = stored(tmp_path).values()
    assert article.body == "\n".join(sentences(1)), run.stderr
    assert (article.authors, article.tags) == (["ليلى حداد"], ["محليات"])
    assert [image.url for image in article.images] == ["http://paper.test/one.jpg"]
    assert article.published_at == "2026-11-29T10:00:00+03:00"
    assert set(article.provenance.values()) <= {"feed", "", "generic"}


def test_a_page_with_its_own_text_is_the_story(site: Site, tmp_path: Path) -> None:
    """However long the feed's: it may have a text box more, or be another edition."""
    short = f"<article><h1>عنوان</h1><div class=text><p>{' '.join(sentences(9, 2))}</p></div></article>"
    site.page("/story/1", f"<html lang=ar><title>عنوان</title>{short}</html>")
    site.page("/story/2", story(2))
    serve(site, item(1, html(1)), item(2, html(2)))
    with site.served():
        crawl(site, tmp_path, attributes=FEEDS)
    found = stored(tmp_path)
    assert found[1].body == " ".join(sentences(9, 2))
    assert {article.provenance["body"] for article in found.values()} == {"rule"}
