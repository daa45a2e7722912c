"""Which URLs are one article."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.identity import article_id, article_identity, is_tracking, normalise_url, url_identity
from newscrawl.spiders.registry import publishers

SITES = Path(__file__).parents[3] / "shared" / "facts" / "sites.jsonl"


@pytest.mark.parametrize(
    "same",
    [
        ("http://www.paper.test/a", "https://paper.test/a", "HTTPS://PAPER.TEST:443/a", "http://paper.test:80/a/"),
        (
            "https://paper.test/أخبار/مصر",
            "https://paper.test/" + quote("أخبار/مصر"),
            "https://paper.test/" + quote("أخبار/مصر").lower(),
        ),
        (
            "https://paper.test/a?id=1&cat=2",
            "https://paper.test/a?cat=2&id=1#comments",
            "https://paper.test/a?&cat=2&id=1&",
        ),
        ("https://paper.test/a", "https://paper.test/a?utm_source=x&UTM_Medium=y&fbclid=z", "https://paper.test/a?amp"),
        (
            "https://paper.test/a/b",
            "https://paper.test//a//b/",
            "https://paper.test/a/x/../b",
            "https://paper.test/a/./b",
        ),
        ("https://paper.test/a?q=x%20y", "https://paper.test/a?q=x+y"),
        ("https://paper.test/~a", "https://paper.test/%7Ea"),
        ("https://مثال.test/a", "https://xn--mgbh0fb.test/a"),
        ("https://paper.test./a", "https://user:secret@paper.test/a", " https://paper.test/a\n"),
        ("https://paper.test", "https://paper.test/"),
        (
            "https://paper.test/v?a=1&b=2",
            "https://paper.test/v?a=1&amp;b=2",
            "https://paper.test/v?a=1&amp;amp;b=2",
            "https://paper.test/v?a=1&AMP;b=2",
            "https://paper.test/v?a=1&#38;b=2",
            "https://paper.test/v?a=1&#038;b=2",
            "https://paper.test/v?a=1&#x26;b=2",
            "https://paper.test/v?a=1&amp;#38;b=2",
            "https://paper.test/v?a=1&amp%3Bb=2",
            "https://paper.test/v?amp;a=1&b=2",
            "https://paper.test/v?a=1&b=2&amp;",
            "https://paper.test/v?a=1&b=2;",
            "https://paper.test/v?a=1&b=2%3B",
        ),
        (
            "https://paper.test/a",
            "https://paper.test/a;",
            "https://paper.test/a;;/",
            "https://paper.test/a%3B",
            "https://paper.test/a%0A",
            "https://paper.test/a%C2%A0",
            "https://paper.test/a%D8%9C%E2%80%8F",
            "https://paper.test/a?amp;amp;utm_source=x&amp;utm_medium=y",
            "https://paper.test/a;jsessionid=E460A97852FA769CD9AD",
            "https://paper.test/a;jsessionid=ABCDEF!123!456",
            "https://paper.test/a%3Bjsessionid=E460A97852FA769CD9AD",
            "https://paper.test/a?ASP.NET_SessionId=lit3py55t21z5v55vlm25s55",
            "https://paper.test/a?sessid=abc&PHPSESSID=def",
            "https://paper.test/(X(1)S(lit3py55t21z5v55vlm25s55))/a",
        ),
        (
            "https://paper.test/tom-&-ali/7",
            "https://paper.test/tom-&amp;-ali/7",
            "https://paper.test/tom-%26amp%3B-ali/7",
        ),
    ],
)
def test_one_page_has_one_form(same: tuple[str, ...]) -> None:
    assert len({normalise_url(url) for url in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://paper.test/a?id=1", "https://paper.test/a?id=2"),
        ("https://paper.test/a", "https://paper.test/a?id=1"),
        ("https://paper.test/a?id", "https://paper.test/a?id="),
        ("https://paper.test/a%2Fb", "https://paper.test/a/b"),
        ("https://paper.test/a?q=1%2B1", "https://paper.test/a?q=1+1"),
        ("https://paper.test/a", "https://paper.test:8080/a"),
        ("https://paper.test/a", "https://m.paper.test/a"),
        # A story's number, however long and whatever its parameter is called.
        ("https://paper.test/a?s=20261130120000000000000001", "https://paper.test/a?s=20261130120000000000000002"),
        ("https://paper.test/A", "https://paper.test/a"),
        ("https://paper.test/%25d9", "https://paper.test/%d9"),
        ("https://paper.test/سياسة/تحليل", "https://paper.test/سياسة/تحلیل"),
        ("https://paper.test/a?x=1&x=2", "https://paper.test/a?x=1"),
    ],
)
def test_different_pages_stay_apart(one: str, other: str) -> None:
    assert normalise_url(one) != normalise_url(other)


def test_a_link_that_hands_a_storys_address_on_is_not_the_story() -> None:
    """Whoever plants it in a listing would choose the page that is read for the story."""
    in_path, in_query = re.compile(r"/story/(?P<id>\d+)"), re.compile(r"/view\?n=(?P<id>\d+)")
    for url in ("https://paper.test/search?q=/story/1", "https://paper.test/go?to=https://paper.test/story/1"):
        assert article_identity(url, in_path) is None
    assert article_identity("https://paper.test/story/1?q=/story/2", in_path) == "id=1"
    assert article_identity("https://paper.test/view?n=1", in_query) == "id=1"


def test_an_article_has_the_same_id_in_every_release() -> None:
    """`printf 'paper\\nid=1' | b2sum -l 64`: what is stored is found again by it for ever."""
    assert article_id("paper", "id=1") == "80effb122a75883e"
    assert article_id("paper", "id=2") != article_id("paper", "id=1") != article_id("other", "id=1")


def test_bytes_that_are_no_utf8_survive() -> None:
    # Old sites percent-encode windows-1256.
    assert normalise_url("https://paper.test/a?q=%c7%e1") == "https://paper.test/a?q=%C7%E1"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/a",
        "ftp://paper.test/a",
        "mailto:a@b",
        "javascript:void(0)",
        "http://",
        "http://[x/a",
        "https://a:b/c",
        "https://\u0661..test/",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        normalise_url(url)


_hosts = st.sampled_from(["paper.test", "www.paper.test", "WWW.Paper.TEST", "أخبار.test", "127.0.0.1", "[::1]"])
_text = st.text(st.characters(exclude_characters="\r\n\t", exclude_categories=["Cs"]), max_size=20)


@given(_hosts, st.lists(_text, max_size=4), st.lists(st.tuples(_text, _text), max_size=4), _text)
def test_the_normal_form_is_final(host: str, path: list[str], query: list[tuple[str, str]], fragment: str) -> None:
    url = f"http://{host}/" + "/".join(path) + "?" + "&".join(f"{k}={v}" for k, v in query) + "#" + fragment
    try:
        normal = normalise_url(url)
    except ValueError:
        return
    assert normalise_url(normal) == normal
    assert normal.isascii()
    assert not urlsplit(normal).fragment


@given(st.lists(_text.filter(lambda t: t.strip(".") and "/" not in t), min_size=1, max_size=4))
def test_an_iri_and_its_encoding_are_equal(segments: list[str]) -> None:
    def plain(text: str) -> str:
        return text.replace("%", "%25").replace("?", "%3F").replace("#", "%23").strip()

    iri = "https://paper.test/x" + "/".join(map(plain, segments)) + "x"
    encoded = "https://paper.test/x" + "/".join(quote(s.strip(), safe="") for s in segments) + "x"
    assert normalise_url(iri) == normalise_url(encoded)


@given(st.permutations(["id=1", "cat=2", "utm_source=a", "q=%D8%A7", "fbclid=1"]))
def test_the_order_of_the_query_makes_no_difference(pieces: list[str]) -> None:
    assert normalise_url("https://paper.test/?" + "&".join(pieces)) == "https://paper.test/?cat=2&id=1&q=%D8%A7"


def test_tracking_is_told_from_meaning() -> None:
    assert all(map(is_tracking, ["utm_source", "UTM_X", "fbclid", "gclid", "at_medium", "WT.mc_id", "amp"]))
    assert not any(map(is_tracking, ["id", "ArticleID", "cdate", "page", "lang", "utm", "ref", "section"]))


def test_the_named_groups_are_the_identity() -> None:
    pattern = re.compile(r"/node/(?P<id>\d+)|/old/(?P<old>\d+)")
    assert url_identity("http://www.paper.test/node/7/%D8%A7", pattern) == "id=7"
    assert url_identity("https://paper.test/old/7?x=1", pattern) == "old=7"
    assert url_identity("https://paper.test/about/", pattern) == "https://paper.test/about"
    assert article_identity("https://paper.test/about/", pattern) is None
    assert url_identity("https://paper.test/story/a/", re.compile(r"/story/[^/]+$")) == "https://paper.test/story/a"
    assert url_identity("https://paper.test/story/a/", None) == "https://paper.test/story/a"


@pytest.mark.parametrize(
    "url", ["https://paper.test/خبر/١٢٣٤٥", "https://paper.test/خبر/۱۲۳۴۵", "http://paper.test/خبر/12345"]
)
def test_a_number_in_arabic_digits_is_that_number(url: str) -> None:
    pattern = re.compile(r"/خبر/(?P<id>[0-9]{5})$")
    assert article_identity(url, pattern) == url_identity(quote(url, safe=":/"), pattern) == "id=12345"
    # What no pattern tells is told by its bytes.
    assert (url_identity(url, None) == normalise_url("https://paper.test/خبر/12345")) == ("12345" in url)


def test_ids_are_of_the_source() -> None:
    one, other = article_id("paper", "id=7"), article_id("journal", "id=7")
    assert re.fullmatch("[0-9a-f]{16}", one)
    assert one != other
    assert one == article_id("paper", "id=7")


def _facts(site: str) -> dict[str, list[str]]:
    if not SITES.exists():
        pytest.skip(f"{SITES} is not here: the examples of real sites were not checked")
    rows = map(json.loads, SITES.read_text(encoding="utf-8").splitlines())
    return next(row for row in rows if row["id"] == site)


REAL = [
    "aawsat",
    "akhbaar24",
    "almasryalyoum",
    "alquds_com",
    "bbc_arabic",
    "independentarabia",
    "majalla",
    "masrawy",
    "youm7",
]


@pytest.mark.parametrize("name", REAL)
def test_real_article_urls_are_recognised(name: str) -> None:
    facts = _facts(name)
    source = publishers()[name].source()
    assert source.article_url is not None
    for url in facts["article_examples"]:
        identity = article_identity(url, source.article_url)
        assert identity is not None, url
        assert not identity.startswith("https://"), url
        assert source.owns(urlsplit(url).hostname or ""), url
    for section in facts.get("sections") or []:
        if section.startswith("http"):
            assert article_identity(section.split(" ")[0], source.article_url) is None, section


@pytest.mark.parametrize(
    ("name", "urls"),
    [
        (
            "independentarabia",
            [
                "https://www.independentarabia.com/node/653242/ثقافة/سينما/رعاة-البقر",
                "http://independentarabia.com/node/653242",
            ],
        ),
        ("majalla", ["https://www.majalla.com/node/332711/سياسة/شطب-سوريا", "https://www.majalla.com/node/332711"]),
        ("aawsat", ["https://aawsat.com/الرأي/5311577-مستقبل", "https://aawsat.com/node/5311577"]),
        (
            "youm7",
            [
                "https://www.youm7.com/story/2026/8/27/موجة/7527091",
                "https://m.youm7.com/amp/2026/8/27/موجة/7527091",
                "https://www.youm7.com/7527091",
            ],
        ),
        (
            "masrawy",
            [
                "https://www.masrawy.com/news/a/details/2026/8/27/3039072/خبر-",
                "https://www.masrawy.com/news/a/details/2026/8/27/3039072?amp#Details-RelatedArticle",
            ],
        ),
        (
            "almasryalyoum",
            ["https://www.almasryalyoum.com/news/details/4348120", "https://www.almasryalyoum.com/article/4348120"],
        ),
        ("akhbaar24", ["https://www.akhbaar24.com/محليات/خبر-5-768110", "https://akhbaar24.com/محليات/768110"]),
        ("alquds_com", ["https://alquds.com/ar/posts/255585-syria-sdf", "https://alquds.com/ar/posts/255585"]),
        (
            "bbc_arabic",
            [
                "https://www.bbc.com/arabic/articles/c1dl7n1rq5lo",
                "https://www.bbc.com/arabic/articles/c1dl7n1rq5lo.amp",
                "https://www.bbc.com/arabic/articles/c1dl7n1rq5lo.lite",
            ],
        ),
        (
            "akhbaralaan",
            [
                "https://www.akhbaralaan.net/news/exclusive/2024/07/05/مقهى",
                "https://akhbaralaan.net/news/exclusive/2024/07/05/مقهى/?utm_source=x",
            ],
        ),
    ],
)
def test_the_ways_to_one_real_story_meet(name: str, urls: list[str]) -> None:
    pattern = publishers()[name].source().article_url
    assert pattern is not None
    assert len({article_identity(url, pattern) for url in urls}) == 1
    assert article_identity(urls[0], pattern) is not None


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("aawsat", "https://aawsat.com/writer/طارق"),
        ("aawsat", "https://aawsat.com/taxonomy/term/123456"),
        ("alquds_com", "https://alquds.com/he/posts/255641-hebron-story"),
        ("alquds_com", "https://alquds.com/ar/photos/115515"),
        ("bbc_arabic", "https://www.bbc.com/news/articles/c1dl7n1rq5lo"),
        ("bbc_arabic", "https://www.bbc.com/arabic/topics/cljddp5lw0dt"),
        ("almasryalyoum", "https://www.almasryalyoum.com/editor/details/1702"),
        ("masrawy", "https://www.masrawy.com/tag/1249/وزارة-التموين"),
        ("youm7", "https://www.youm7.com/Section/سياسة/319/1"),
        ("akhbaar24", "https://www.akhbaar24.com/عن-أخبار-24"),
    ],
)
def test_other_pages_of_real_sites_are_no_articles(name: str, url: str) -> None:
    pattern = publishers()[name].source().article_url
    assert pattern is not None
    assert article_identity(url, pattern) is None


@pytest.mark.parametrize(
    "address", ["https://paper.test/x{}x", "https://paper.test/?a=x{}x", "https://paper.test/?x{}x=1"]
)
@pytest.mark.parametrize("mark", ["\xa0", "\u200f", ";", " ", "%C2%A0", "\ufeff"])
def test_marks_within_an_address_take_time_by_their_number_alone(address: str, mark: str) -> None:
    """A look for marks at the end that begins at each of them took half a minute for these."""
    start = time.process_time()
    assert normalise_url(address.format(mark * 60_000)).startswith("https://paper.test/")
    assert time.process_time() - start < 4
