"""A site of which only the address is told: what it offers is found, its stories are stored, and nothing else."""

from __future__ import annotations

import json
import shutil
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from newscrawl.spiders.site import site_class
from tests.patience import PATIENCE
from tests.spiders.almithal import HOME, Announced, almithal, path, title
from tests.spiders.site import Answer, Run, Seen, Site, crawl, start, story

STORIES = 60
SLUG = "almithal_test"


def _crawl(site: Site, directory: Path, *arguments: str) -> Run:
    return crawl(site, directory, *arguments)


def _records(directory: Path, source: str = SLUG) -> list[dict[str, object]]:
    files = sorted((directory / "data" / "articles" / f"source={source}").rglob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def _paths(records: list[dict[str, object]]) -> set[str]:
    return {unquote(str(record["url"])).removeprefix(HOME.rstrip("/")) for record in records}


@pytest.mark.parametrize("announced", ["feed", "robots", "nothing"])
def test_the_stories_of_a_site_and_nothing_else(announced: Announced, tmp_path: Path) -> None:
    with almithal(STORIES, announced).served() as site:
        done = _crawl(site, tmp_path, HOME)
    assert done.code == 0, done.stderr
    records = _records(tmp_path)
    stories = {path(n) for n in range(1, STORIES + 1)}
    assert _paths(records) <= stories
    assert len(_paths(records)) >= 0.98 * STORIES
    assert len(records) == len(_paths(records))
    assert all(record["source"] == SLUG and record["published_at"] for record in records)
    assert done.stats["newscrawl/discovery/requests"] <= 15  # type: ignore[operator]


def test_a_second_run_asks_for_nothing_that_is_known(tmp_path: Path) -> None:
    with almithal(20, "nothing").served() as site:
        assert _crawl(site, tmp_path, HOME).code == 0
        asked = len(site.seen)
        again = _crawl(site, tmp_path, HOME)
        assert again.code == 0, again.stderr
        assert again.stat("stored") == 0
        # What the site offers is remembered: only its desks are looked at.
        assert again.stat("discovery/requests") == 0
        assert len(site.seen) - asked < 15
    assert len(_records(tmp_path)) == 20


def test_a_home_page_that_scripts_fill_names_its_feed(tmp_path: Path) -> None:
    site = almithal(6, "feed")
    site.page("/", '<html><head><link rel=alternate type="application/rss+xml" href="/khulasa"></head>'
                   '<body><div id="app"></div><script src="/a.js"></script></body></html>')  # fmt: skip
    with site.served():
        done = _crawl(site, tmp_path, HOME)
    assert done.code == 0, done.stderr
    assert _paths(_records(tmp_path)) == {path(n) for n in range(1, 7)}


def test_a_paper_below_a_portal_s_path(tmp_path: Path) -> None:
    site, host = Site(), "http://www.portal.test"
    papers = [f"/akhbar/sport/{1_250_000 + n * 7}" for n in range(8)]
    goods = [f"/shop/item/{9_000 + n * 7}" for n in range(8)]

    def feed(paths: list[str]) -> str:
        return f"<rss><channel>{''.join(f'<item><link>{host}{one}</link></item>' for one in paths)}</channel></rss>"

    for number, where in enumerate([*papers, *goods]):
        site.page(where, story(number).replace("</h1>", '</h1><time datetime="2026-11-03T09:30:00+02:00"></time>'))
    links = "".join(f'<h2><a href="{where}">عنوان الخبر رقم {where[-4:]} اليوم</a></h2>' for where in papers[:5])
    site.page("/akhbar/", f"<html lang=ar><body>{links}<a href='/shop/'>المتجر</a></body></html>")
    site.xml("/feed", feed(goods))
    # Below the paper's path: a feed of its own, which a partner's goods are in, too.
    site.xml("/akhbar/rss.xml", feed([*papers, goods[0]]))
    with site.served():
        done = _crawl(site, tmp_path, f"{host}/akhbar/")
    assert done.code == 0, done.stderr
    assert sorted(urlsplit(str(record["url"])).path for record in _records(tmp_path, "portal_test")) == papers
    assert "/feed" not in site.paths()
    assert done.stat("skipped/offsite") == 1


def test_what_looks_like_a_story_and_is_none_is_given_up_and_counted(tmp_path: Path) -> None:
    site = almithal(12, "feed")
    cards = "".join(
        f'<article><h2><a href="{path(n)}">{title(n)}</a></h2><p>ما جرى في المدينة أمس وما ينتظر منه غدا.</p>'
        f'<time datetime="2026-11-{n:02}T09:30:00+02:00">{n}/11/2026</time></article>' for n in range(1, 13)
    )  # fmt: skip
    others = {
        "/sport/1259001-كل-ما-كتب-عن-السوق": f"<h1>السوق</h1>{cards}",
        "/sport/1259008-رنا-الشريف": f"<h1>رنا الشريف</h1><p>كاتبة من المدينة تكتب عن السوق وأهله.</p>{cards}",
        "/sport/1259015-قريبا-هنا": "<h1>قريبا هنا</h1><p>تعود الصفحة بعد قليل.</p>",
    }
    for where, body in others.items():
        site.page(where, f"<html lang=ar><head><title>المثال</title></head><body>{body}</body></html>")
    feed = site.pages["/khulasa"]
    assert isinstance(feed, Answer)
    items = "".join(f"<item><link>{HOME.rstrip('/')}{where}</link></item>" for where in others)
    feed.body = feed.body.replace(b"</channel>", f"{items}</channel>".encode())
    with site.served():
        done = _crawl(site, tmp_path, HOME)
        assert done.code == 0, done.stderr
        assert _paths(_records(tmp_path)) == {path(n) for n in range(1, 13)}
        assert done.stat("gone/not-article") == len(others)
        asked = len(site.paths("/sport/1259"))
        assert _crawl(site, tmp_path, HOME).stat("stored") == 0
        assert len(site.paths("/sport/1259")) == asked == len(others)


@pytest.mark.slow
def test_ids_hold_when_the_state_is_lost_and_more_is_learned(tmp_path: Path) -> None:
    with almithal(20, "feed").served() as site:
        assert _crawl(site, tmp_path, HOME).code == 0
        before = {str(record["id"]) for record in _records(tmp_path)}
        rule = json.loads((tmp_path / "data" / "sites" / f"{SLUG}.json").read_text(encoding="utf-8"))
        assert rule["source"] == SLUG
        (tmp_path / "data" / "state.sqlite").unlink()
        for name in ("state.sqlite-wal", "state.sqlite-shm"):
            (tmp_path / "data" / name).unlink(missing_ok=True)
        # The site lists something of another scheme now, which would teach another rule.
        site.pages["/khulasa"] = almithal(24, "nothing").pages["/"]
        again = _crawl(site, tmp_path, HOME)
        assert again.code == 0, again.stderr
        assert again.stat("stored") == 0
        assert again.stat("versions") == 0
    assert {str(record["id"]) for record in _records(tmp_path)} == before
    assert json.loads((tmp_path / "data" / "sites" / f"{SLUG}.json").read_text(encoding="utf-8")) == rule


def test_a_feed_an_opml_file_and_a_list(tmp_path: Path) -> None:
    feed = f"{HOME}khulasa"
    with almithal(12, "feed").served() as site:
        done = _crawl(site, tmp_path, f"{HOME}feed/khulasa.rss", "-a", "limit=1")
        assert (done.code, "nothing was found" in done.sentence) == (1, True)
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        (tmp_path / "feeds.opml").write_text(
            f'<opml><body><outline text="x"><outline xmlUrl="{feed}?a=1&b=2"/></outline>'
            '<outline xmlUrl="file:///etc/passwd"/><outline xmlUrl=""/></body></opml>'
        )
        site.pages["/khulasa?a=1&b=2"] = site.pages["/khulasa"]
        done = _crawl(site, tmp_path, "feeds.opml")
        assert done.code == 0, done.stderr
        assert len(_records(tmp_path)) == 12
        (tmp_path / "list.txt").write_text(f"\ufeff# papers\n{HOME}  # the Example\nfile:///etc/passwd\n")
        done = _crawl(site, tmp_path, "list.txt")
        assert done.code == 0, done.stderr
        assert done.stat("stored") == 0
    assert len(_records(tmp_path)) == 12


@pytest.mark.parametrize(("zone", "is_instant"), [(None, False), ("Asia/Amman", True)])
def test_a_listing_s_bare_clock_is_an_instant_only_where_the_zone_is_told(zone: str | None, is_instant: bool) -> None:
    spider = site_class("https://www.almithal.jo", timezone=zone)()
    read = spider.clock.read("2026-11-03 09:30")
    assert isinstance(read, datetime) == is_instant
    assert spider.source().zone_is_known == is_instant


def test_the_spider_can_be_run_by_its_name(tmp_path: Path) -> None:
    with almithal(8, "feed").served() as site:
        done = _crawl(site, tmp_path, "site", "-a", f"url={HOME}", "-a", "timezone=Asia/Amman")
    assert done.code == 0, done.stderr
    assert len(_records(tmp_path)) == 8


@pytest.mark.slow
def test_filters_and_limits(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("# subjects\nالسّوق\n", encoding="utf-8")
    with almithal(24, "feed").served() as site:
        done = _crawl(site, tmp_path, HOME, "-a", "include=/(sport|economy)/", "-a", "exclude=الساحل")
        paths = _paths(_records(tmp_path))
        assert paths == {path(n) for n in range(1, 25) if n % 3 != 2 and n % 4 != 1}
        assert done.stat("skipped/filtered") > 0
        shutil.rmtree(tmp_path / "data")
        done = _crawl(site, tmp_path, HOME, "-a", "words=words.txt", "-a", "language=ar")
        assert _paths(_records(tmp_path)) == {path(n) for n in range(1, 25) if n % 4 == 0}
        shutil.rmtree(tmp_path / "data")
        (tmp_path / "words.txt").write_text("دار الكتب\n", encoding="utf-8")
        done = _crawl(site, tmp_path, HOME, "-a", "words=words.txt")
        assert _paths(_records(tmp_path)) == {path(n) for n in range(1, 25) if n % 4 == 3}
        assert done.stat("left-out/words") == 18
        done = _crawl(site, tmp_path, HOME, "-s", "LIMIT_PER_SOURCE=3")
        assert done.stat("stored") == 3  # what words left out is looked at again without them


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["http://["], "no address of a site"),
        (["ftp://almithal.test/feed"], "no address of a site"),
        (["site"], "which site?"),
        (["site", "-a", "url=x y"], "no address of a site"),
        (["http://almithal.test", "-a", "timezone=Mars/Olympus"], "no IANA zone"),
        (["http://almithal.test", "-a", "include=("], "no regular expression"),
        (["http://almithal.test", "-a", "words=none.txt"], "no such file"),
        (["http://almithal.test", "-a", "language=العربية"], "no language"),
        (["empty.txt"], "no addresses"),
        (["missing.opml"], "missing.opml: there is no such file"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n")
    done = _crawl(Site(), tmp_path, *arguments)
    assert done.code == 2
    assert sentence in done.sentence
    assert "Traceback" not in done.stderr


def test_a_hostile_home_page_leads_nowhere_else(tmp_path: Path) -> None:
    site = almithal(8, "nothing")
    others = "".join(
        f'<link rel=alternate type="application/rss+xml" href="{url}">'
        for url in ("http://169.254.169.254/feed", "file:///etc/passwd", "http://evil.test/feed", "http://[::1]/feed")
    )
    frames = "".join(f'<iframe src="http://evil.test/{n}"></iframe><frame src="/f{n}">' for n in range(40))
    story = '<h2><a href="http://evil.test/sport/1250007-x">خبر من مكان بعيد جدا</a></h2></body>'
    home = site.pages["/"]
    assert not callable(home)
    home.body = home.body.replace(b"<head>", f"<head>{others}{frames}".encode()).replace(b"</body>", story.encode())
    hosts: list[str] = []
    with site.served():
        done = _crawl(site, tmp_path, HOME)
        hosts = [seen.headers.get("Host", "") for seen in site.seen]
    assert done.stat("discovery/requests") <= 15
    assert {record["source"] for record in _records(tmp_path)} == {SLUG}
    assert all("evil.test" not in str(record["url"]) for record in _records(tmp_path))
    assert "169.254.169.254" not in hosts


@pytest.mark.slow
def test_a_first_run_that_is_killed_has_frozen_its_ids(state_url: str, tmp_path: Path) -> None:
    state = ("-s", f"STATE_URL={state_url}")
    released = threading.Event()

    def held(answer: Answer) -> Callable[[Seen], Answer]:
        def late(_: Seen) -> Answer:
            released.wait(PATIENCE)
            return answer

        return late

    with almithal(20, "feed").served() as site:
        pages = dict(site.pages)
        for number in range(1, 15):
            page = pages[path(number)]
            assert isinstance(page, Answer)
            site.pages[path(number)] = held(page)
        with start(site, tmp_path, HOME, *state) as running:
            while not (written := _growing(tmp_path)):
                assert running.poll() is None, running.stderr and running.stderr.read()
                time.sleep(0.05)
            running.send_signal(signal.SIGKILL)
        rule = json.loads((tmp_path / "data" / "sites" / f"{SLUG}.json").read_text(encoding="utf-8"))
        ids = {json.loads(line)["id"] for line in written}
        released.set()
        site.pages = pages
        # More is known now of what the site's addresses look like.
        site.xml("/more", f"<rss><channel><item><link>{HOME}sport/7-x</link></item></channel></rss>")
        again = _crawl(site, tmp_path, HOME, *state)
        assert again.code == 0, again.stderr
        records = _records(tmp_path)
        assert sorted(_paths(records)) == sorted(path(n) for n in range(1, 21))
        assert len({record["id"] for record in records}) == len(records) == 20
        assert ids <= {record["id"] for record in records}
        assert json.loads((tmp_path / "data" / "sites" / f"{SLUG}.json").read_text(encoding="utf-8")) == rule
        # The state is lost: the rule is that of the data directory.
        lost = ("-s", f"STATE_URL=sqlite:///{tmp_path / 'another.sqlite'}")
        third = _crawl(site, tmp_path, HOME, *lost)
        assert third.code == 0, third.stderr
        assert (third.stat("stored"), third.stat("versions")) == (0, 0)
    assert len(_records(tmp_path)) == 20


def _growing(directory: Path) -> list[str]:
    """The whole lines of the file that a run is writing."""
    files = (directory / "data" / "articles").rglob(".*.jsonl.part")
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines(keepends=True))
    return [line for line in lines if line.endswith("\n")]


DECLARED = """
name = "almithal"
publisher = Publisher("المثال", "The Example", country="JO", timezone="Asia/Amman")
allowed_domains = ["almithal.test"]
article_url = r"//almithal\\.test/[a-z]+/(?P<number>\\d{7})-"
feeds = ["http://almithal.test/khulasa"]
formerly = ["almithal_test"]
rules = []
"""


@pytest.mark.parametrize("is_state_lost", [False, True])
def test_a_site_that_is_declared_later_keeps_its_ids(is_state_lost: bool, tmp_path: Path) -> None:
    with almithal(20, "feed").served() as site:
        assert _crawl(site, tmp_path, HOME).code == 0
        before = {str(record["id"]) for record in _records(tmp_path)}
        if is_state_lost:
            for path_ in (tmp_path / "data").glob("state.sqlite*"):
                path_.unlink()
        done = crawl(site, tmp_path, "almithal", attributes=DECLARED)
        assert done.code == 0, done.stderr
        assert (done.stat("stored"), done.stat("versions")) == (0, 0)
        # What is new is stored once, under an id of the same row.
        page = site.pages[path(20)]
        assert not callable(page)
        site.page("/sport/1259999-خبر-جديد", page.body.decode().replace("139", "7139").replace("140", "7140"))
        site.xml("/khulasa", f"<rss><channel><item><link>{HOME}sport/1259999-خبر-جديد</link></item></channel></rss>")
        done = crawl(site, tmp_path, "almithal", attributes=DECLARED)
        assert done.stat("stored") == 1, done.stderr
        again = crawl(site, tmp_path, "almithal", attributes=DECLARED)
        assert again.stat("stored") == 0
    new = _records(tmp_path, "almithal")
    assert len(new) == 1
    assert str(new[0]["id"]) not in before
