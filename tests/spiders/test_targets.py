"""Lists of addresses as feed readers, editors and spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.spiders.arguments import ArgumentError
from newscrawl.spiders.site import SiteSpider, full_address
from newscrawl.spiders.targets import is_target, spiders_of


def _sites(directory: Path, name: str, body: str | bytes) -> list[tuple[str, str, list[str]]]:
    path = directory / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    found = spiders_of([str(path)])
    return [(kind.name, kind.home, kind.given_feeds) for kind in found if issubclass(kind, SiteSpider)]


def _outlines(*attributes: str) -> str:
    return f"<opml><body>{''.join(f'<outline {each}/>' for each in attributes)}</body></opml>"


A = ("a_test", "http://a.test/", ["http://a.test/feed"])


@pytest.mark.parametrize(
    "body",
    [
        _outlines('xmlUrl="http://a.test/feed"', 'xmlUrl="http://a.test/feed"'),
        _outlines('XMLURL=" http://a.test/feed\n"').upper().replace("HTTP://A.TEST/FEED", "http://a.test/feed"),
        "\ufeff" + _outlines("xmlUrl='http://a.test/feed' text='أخبار'"),
        _outlines('xmlUrl="http://a.test/feed" text="أخبار"').encode("utf-16"),
        _outlines('xmlUrl="feed:http://a.test/feed"'),
        _outlines('text="x" xmlUrl="" htmlUrl="http://a.test/feed"'),
        _outlines('xmlUrl="http://user:secret@a.test/feed"'),
        _outlines('xmlUrl="javascript:alert(1)"', 'xmlUrl="http://a.test/feed"', 'xmlUrl="file:///etc/passwd"'),
    ],
)
def test_opml_as_it_is_written(body: str | bytes, tmp_path: Path) -> None:
    assert _sites(tmp_path, "feeds.opml", body) == [A]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("list.txt", "# papers\r\n\thttp://a.test/feed\twith words\r\n\r\n"),
        ("list.txt", "http://a.test/feed  # the first\n".encode("utf-16")),
        ("list.csv", 'name,url\n"A, the first",http://a.test/feed\n,\n'),
        ("list.csv", '"http://a.test/feed","A"\n"' + "x" * 200_000 + '"\n'),
    ],
)
def test_lists_as_they_are_written(name: str, body: str | bytes, tmp_path: Path) -> None:
    assert _sites(tmp_path, name, body) == [A]


def test_feeds_of_a_service_of_many_sites_are_sources_of_their_own(tmp_path: Path) -> None:
    feeds = [f"https://feeds.feedburner.com/{name}" for name in "ab"]
    found = _sites(tmp_path, "feeds.opml", _outlines(*(f'xmlUrl="{feed}"' for feed in feeds)))
    assert [(name, given) for name, _, given in found] == [
        (f"feeds_feedburner_com_{n}", [f]) for n, f in zip("ab", feeds, strict=True)
    ]


@given(st.text(max_size=60))
def test_any_text_may_be_given_for_an_address(text: str) -> None:
    try:
        address = full_address(text)
    except ArgumentError:
        return
    assert address.startswith(("http://", "https://"))
    assert isinstance(is_target(text), bool)
