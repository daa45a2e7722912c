"""The day in an address, and whose host it names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extraction.source import Publisher, Source
from newscrawl.urls import Site, host_of, is_same_site, is_within, normalised_host, url_day

LABEL = st.text(alphabet="abcdefghij0123456789", min_size=1, max_size=8)
HOST = st.lists(LABEL, min_size=2, max_size=4).map(".".join)


@pytest.mark.parametrize(
    "path",
    [
        "/story/2026/8/27/x/1",
        "/2026/08/27/",
        "/2026/8/27",
        "/2026/8/27.html",
        "/2026-08-27-1.5",
        "/a-2026-08-27",
        "/a-2026-8-27.html",
        "/2026_08_27_1",
        "/news/2026-08-27T10-30",
        "/2026-08/27/c_1310.htm",
        "/2026/13/40/2026/8/27/x",
        "/2026/middle_east/8/27/souq/index.html",
        "/2010-01-02-03-04-05/7-2026-08-27-10-49-57",
        "/index.php?id=7:2026-08-27-10-49-57&catid=1:2010-01-02-03-04-05",
        "/2026/8/27?page=2",
        "/2026/8/27#top",
        "/٢٠٢٦/٨/٢٧/عنوان",
        "/%D9%A2%D9%A0%D9%A2%D9%A6/%D9%A8/%D9%A2%D9%A7",
        "/خبر-۲۰۲۶-۰۸-۲۷.html",
    ],
)
def test_a_day_in_a_path(path: str) -> None:
    assert url_day(f"https://paper.test{path}") == date(2026, 8, 27)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/2026/13/40/x",
        "/story/20260827",
        "/2026/8",
        "/2026/8/271",
        "/12026/8/27",
        "/v2026.8.27",
        "/2026/12-10-facts",
        "/1826/8/27",
        "/search?day=/2026/8/27/",
        "/2026/8/27th-street",
    ],
)
def test_no_day_in_a_path(path: str) -> None:
    assert url_day(f"https://paper.test{path}") is None


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from("/-_"), st.booleans(), st.text())
def test_every_day_is_read_back(day: date, mark: str, padded: bool, rest: str) -> None:
    written = day.strftime(f"%Y{mark}%m{mark}%d") if padded else f"{day.year}{mark}{day.month}{mark}{day.day}"
    assert url_day(f"https://paper.test/x/{written}/story") == day
    assert url_day(rest) is None or url_day(rest)


@pytest.mark.parametrize(
    ("host", "mine"),
    [
        ("paper.example", True),
        ("www.paper.example", True),
        ("NEWS.Paper.Example.", True),
        ("notpaper.example", False),
        ("paper.example.evil.example", False),
        ("example", False),
        ("", False),
        (".", False),
        ("صحيفة.example", True),
        ("xn--pgba0e1ce.example", False),
    ],
)
def test_whose_host(host: str, mine: bool) -> None:
    publisher = Publisher("صحيفة", "Paper", country="JO", timezone="Asia/Amman")
    source = Source(name="paper", publisher=publisher, domains=("Paper.example", "صحيفة.example"))
    assert source.owns(host) is mine
    assert is_within(host, source.domains) is mine


@given(HOST, HOST)
def test_only_whole_labels_count(host: str, domain: str) -> None:
    inside = host == domain or host.split(".")[-len(domain.split(".")) :] == domain.split(".")
    assert is_within(host, [domain]) == inside
    assert is_within(f"x{domain}", [domain]) is False
    assert is_within(f"x.{domain}", [f".{domain}"])


def test_nothing_is_within_no_domain() -> None:
    assert not is_within("paper.example", [])
    assert not is_within("paper.example", ["", ".", ".."])


@given(HOST)
def test_forms_of_a_host_are_one_site(host: str) -> None:
    assert all(is_same_site(f"{form}{host}", host) for form in ("www.", "m.", "amp.", "mobile."))
    assert not is_same_site(f"x{host}", host)


@pytest.mark.parametrize(("host", "other"), [("m.co", "paper.co"), ("www.uk", "paper.uk"), ("", "paper.example")])
def test_a_suffix_is_no_site(host: str, other: str) -> None:
    assert not is_same_site(host, other)


@pytest.mark.parametrize(
    ("href", "left"),
    [
        ("https://www.paper.example/a", False),
        ("https://m.paper.example/a", False),
        ("HTTPS://Paper.Example/a", False),
        ("//news.paper.example/a", False),
        ("https://paper.example?x=1", False),
        ("https://paper.example:8080/a", False),
        ("/a/b", False),
        ("a/b", False),
        ("#top", False),
        ("mailto:desk@other.example", False),
        ("http://[broken", False),
        ("https://notpaper.example/a", True),
        ("https://paper.example.other.example/a", True),
        ("https://other.example/?u=https://paper.example/", True),
        ("https://paper.example@other.example/", True),
        ("//other.example", True),
    ],
)
def test_links_that_leave_a_site(href: str, left: bool) -> None:
    assert Site("www.paper.example").is_left_by(href) is left
    assert not Site("").is_left_by(href)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert normalised_host(normalised_host(text)) == normalised_host(text)
    assert host_of(text) == normalised_host(host_of(text))
    Site("paper.example").is_left_by(text)
