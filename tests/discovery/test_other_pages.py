"""Path words behind which no site keeps its stories."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.identity import article_identity
from newscrawl.discovery.other_pages import article_pattern
from newscrawl.spiders.registry import publishers

WIDE = article_pattern(r"//paper\.test/(?:[^/]+/)*(?:[^/]+-)?(?P<id>\d{4,})(?:-[^/]*)?$")


@pytest.mark.parametrize(
    "path",
    [
        "tag/12345",
        "tags/12345",
        "TAG/12345",
        "ar/tag/12345",
        "news/category/12345",
        "author/12345",
        "news/page/12345",
        "page/12345",
        "category-news/12345",
        "rss/12345",
        "أخبار/وسم/12345",
        "كاتب/12345",
        "أخبار/صفحة/12345",
        "en/12345",
        "video/12345",
        "ar/videos/12345",
        "search/12345",
        "wp-content/12345",
        "feed/12345?x=1",
        "2024/05/story-12345/feed",
        "%74ag/12345",
        "من-نحن/12345",
        "a/uploads/12345",
        "live/12345",
        "سياسة-الخصوصية-1/12345",
        "about-us/12345",
    ],
)
def test_no_story_lies_there(path: str) -> None:
    assert article_identity(f"https://paper.test/{path}", WIDE) is None


@pytest.mark.parametrize(
    "path",
    [
        "12345",
        "news/12345",
        "sport/videos/12345",
        "ar/news/12345",
        "live-blog/12345",
        "pages/12345",
        "tagine/12345",
        "authority/12345",
        "news/english-12345",
        "world/en/12345",
        "سياسة/12345",
        "archived/12345",
        "amp/news/12345",
        "news/12345/amp",
        "news/12345?page=2",
        "news/12345?next=/tag/1",
        "news/12345#/tag/1",
        "//news//12345/",
    ],
)
def test_words_that_only_resemble_them_are_no_hindrance(path: str) -> None:
    assert article_identity(f"https://paper.test/{path}", WIDE) == "id=12345"


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (r"/page/(?P<id>\d+)", "/page/7"),
        (r"/videos?/(?P<id>\d+)", "/video/7"),
        (r"/videos?/(?P<id>\d+)", "/videos/7"),
        (r"/(?:news|authors)/(?P<id>\d+)", "/authors/7"),
        (r"/archives/(?P<id>\d+)", "/archives/7"),
        (r"/[Tt]opics/(?P<id>\d+)|/topics/x", "/topics/7"),
    ],
)
def test_a_pattern_that_writes_the_word_means_it(pattern: str, path: str) -> None:
    assert article_identity(f"https://paper.test{path}", article_pattern(pattern)) == "id=7"


def test_the_name_of_a_group_is_no_word() -> None:
    assert article_identity("https://paper.test/page/7", article_pattern(r"/\w+/(?P<page>\d+)")) is None


@pytest.mark.parametrize("path", ["/author/12345", "/page/12345", "/tag/12345", "/category/12345", "/ar/page/12345"])
def test_a_story_with_a_bare_number_is_not_taken_for_a_list(path: str) -> None:
    pattern = publishers()["akhbaar24"].source().article_url
    assert pattern is not None
    assert article_identity(f"https://www.akhbaar24.com{path}", pattern) is None
    assert article_identity("https://www.akhbaar24.com/محليات/768110", pattern) == "id=768110"


@pytest.mark.parametrize(
    "url",
    [
        "https://m.paper.test/news/12345-a",
        "https://amp.paper.test/news/12345-a",
        "http://mobile.paper.test/news/12345-a",
        "https://www.paper.test/amp/news/12345-a",
        "https://paper.test/news/12345-a/amp/",
        "https://paper.test/news/12345-a?amp=1",
        "https://paper.test/amphtml/news/12345-a",
        "https://m.paper.test/amp/news/12345-a",
    ],
)
def test_the_telephone_gets_the_same_story(url: str) -> None:
    assert article_identity(url, re.compile(r"//paper\.test/news/(?P<id>\d+)-[^/]*$")) == "id=12345"
    whole = article_identity(url, re.compile(r"//paper\.test/news/[^/]+$"))
    assert whole == "https://paper.test/news/12345-a"


def test_a_story_is_not_found_in_a_link_that_hands_it_on() -> None:
    url = "https://paper.test/share?u=https://paper.test/news/12345"
    assert article_identity(url, re.compile(r"//paper\.test/news/(?P<id>\d+)")) is None
    assert (
        article_identity("https://paper.test/a.php?x=1&id=7", re.compile(r"/a\.php\?(?:.*&)?id=(?P<id>\d+)")) == "id=7"
    )


@given(st.text("abet/-?=&%0123456789غزة.", max_size=40))
def test_what_is_found_is_found_without_the_table_too(path: str) -> None:
    url = f"https://paper.test/{path}"
    found = article_identity(url, WIDE)
    assert found is None or found == article_identity(url, re.compile(r"(?:[^/]+-)?(?P<id>\d{4,})(?:-[^/]*)?$"))
