"""newscrawl discover URL: a site is asked what it offers; what was found can be declared."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from newscrawl.spiders.sources_file import SourcesError, read_sources
from tests.spiders.almithal import HOME, almithal, path
from tests.spiders.site import crawl


def test_a_site_is_asked_and_declared(tmp_path: Path) -> None:
    with almithal(20, "feed").served() as site:
        done = crawl(site, tmp_path, HOME, "--json", command="discover")
        assert done.code == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["feeds"] == [f"{HOME}khulasa"]
        assert found["source"] == "almithal_test"
        assert found["timezone_is_guess"] is True
        assert len(found["sections"]) == 3
        assert len(found["articles"]) == 10
        assert all(str(path(n)) for n in range(3))
        assert len(site.paths()) <= 15
        done = crawl(site, tmp_path, HOME, "--save", "--python", command="discover")
        assert done.code == 0, done.stderr
        compile(done.stdout, "almithal.py", "exec")
        table = tomllib.loads((tmp_path / "sources.toml").read_text(encoding="utf-8"))["almithal_test"]
        assert table["article_url"] == found["article_url"]
        assert table["zone_is_known"] is False
        assert read_sources(tmp_path / "sources.toml")["almithal_test"].source().zone_is_known is False
        assert crawl(site, tmp_path, HOME, "--save", command="discover").code == 1
    assert not (tmp_path / "data" / "articles" / "source=almithal_test").exists()


def test_nothing_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with almithal(0, "nothing").served() as site:
        site.pages.clear()
        done = crawl(site, tmp_path, HOME, command="discover")
    assert done.code == 1
    assert "nothing was found" in done.sentence
    assert "Traceback" not in done.stderr


GOOD = """
[almithal]
publisher = { name = "المثال", name_en = "The Example", country = "JO", timezone = "Asia/Amman" }
allowed_domains = ["almithal.jo"]
article_url = '/news/(?P<id>\\d+)'
feeds = ["https://www.almithal.jo/feed"]
listing = { item = ".card", next = "a.next" }
false_utc = true
[[almithal.rules]]
title = "h1"
body = [".text", "article"]
"""


def test_a_sources_file(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    assert read_sources(file) == {}
    file.write_text(GOOD, encoding="utf-8")
    spider = read_sources(file)["almithal"]
    source = spider.source()
    assert (spider.name, source.publisher.country, source.false_utc) == ("almithal", "JO", True)
    assert source.rules[0].selectors("body") == (".text", "article")
    assert spider.listing.next == "a.next"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("x = 1", "x is no table"),
        ("[Al-Mithal]", "[Al-Mithal]"),
        (GOOD.replace("feeds", "feds"), "feds: there is no such key; did you mean feeds?"),
        (
            GOOD.replace("https://www.almithal.jo/feed", "file:///etc/passwd"),
            "feeds: 'file:///etc/passwd' is no http(s)",
        ),
        (GOOD.replace("(?P<id>", "(?P<id"), "article_url: it is no regular expression"),
        (GOOD.replace("Asia/Amman", "Mars/Base"), "publisher: timezone 'Mars/Base'"),
        (GOOD.replace('"JO"', '"Jordan"'), "publisher: country 'Jordan'"),
        (GOOD.replace("true", "'yes'"), "false_utc: 'yes' is neither"),
        (GOOD.replace("allowed_domains", "verified"), "verified:"),
        (GOOD.replace('title = "h1"', 'titel = "h1"'), "rules: there is no 'titel'"),
        (GOOD.replace("article_url", "obstacles"), "article_url is missing"),
        ("[almithal", "is no TOML"),
        ("\x00", "is no TOML"),
    ],
)
def test_what_is_wrong_with_a_sources_file_is_said_with_its_place(wrong: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(SourcesError) as caught:
        read_sources(file)
    assert sentence in str(caught.value)
    assert str(file) in str(caught.value)


@pytest.mark.slow
def test_a_declared_site_is_a_source_like_all_others(tmp_path: Path) -> None:
    with almithal(6, "feed").served() as site:
        assert crawl(site, tmp_path, HOME, "--save", command="discover").code == 0
        listed = crawl(site, tmp_path, "list", command="list")
        assert "almithal_test" in listed.stdout.split()
        done = crawl(site, tmp_path, "almithal_test")
        assert done.code == 0, done.stderr
        assert done.stat("stored") == 6
        assert done.stat("discovery/requests") == 0
        (tmp_path / "sources.toml").write_text("[almithal_test]\nfeds = []\n")
        wrong = crawl(site, tmp_path, "almithal_test")
    assert wrong.code == 2
    assert wrong.sentence == "newscrawl: sources.toml [almithal_test] feds: there is no such key; did you mean feeds?"
