"""Which article a URL is, asked without a crawl."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.discovery.identity import article_id, normalise_url
from newscrawl.extraction.source import Former, Publisher, Source
from newscrawl.spiders.identifier import Identifier
from newscrawl.storage.state import State

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOURCE = Source(
    name="paper",
    publisher=Publisher("صحيفة", "Paper", "EG", "Africa/Cairo"),
    domains=("paper.test",),
    article_url=re.compile(r"/story/(?P<id>\d+)"),
)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(f"sqlite:///{tmp_path / 'state.sqlite'}")


def identify(identifier: Identifier, url: str, *, listed: bool = False) -> tuple[tuple[str, str] | None, list[str]]:
    heard: list[str] = []
    return identifier.identify(url, heard.append, listed=listed), heard


def test_an_article_is_the_same_under_every_address(state: State) -> None:
    identifier = Identifier(SOURCE, state)
    expected = (article_id("paper", "id=7"), "id=7"), []
    for url in (
        "http://paper.test/story/7",
        "https://www.paper.test/story/7/?utm_source=x",
        "http://m.paper.test/story/7#a",
    ):
        assert identify(identifier, url) == expected, url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://other.test/story/7", "offsite"),
        ("http://notpaper.test/story/7", "offsite"),
        ("http://paper.test/about", "not-article"),
        ("http://[::1/story/7", "malformed"),
        ("ftp://paper.test/story/7", "malformed"),
        ("http://paper.test/story/7?" + "a" * 2083, "too-long"),
    ],
)
@pytest.mark.parametrize("listed", [False, True])
def test_why_a_url_is_no_article_is_said(state: State, url: str, reason: str, listed: bool) -> None:
    assert identify(Identifier(SOURCE, state), url, listed=listed) == (None, [reason])


def test_the_longest_url_is_still_one(state: State) -> None:
    identifier = Identifier(SOURCE, state, longest=60)
    start = "http://paper.test/story/7?"
    assert identify(identifier, start + "a" * (60 - len(start)))[1] == []
    assert identify(identifier, start + "a" * (61 - len(start)))[1] == ["too-long"]


def test_where_what_is_listed_is_an_article_it_is_one_by_its_address(state: State) -> None:
    identifier = Identifier(replace(SOURCE, takes_listed=True), state)
    url = "http://paper.test/about"
    normal = normalise_url(url)
    assert identify(identifier, url, listed=True) == ((article_id("paper", normal), normal), [])
    assert identify(identifier, url) == (None, ["not-article"])
    assert identifier.identify(url) is None
    assert identify(identifier, "http://paper.test/story/7", listed=True)[0] == (article_id("paper", "id=7"), "id=7")


def test_of_a_paper_below_a_path_only_what_lies_there_is_its_own(state: State) -> None:
    identifier = Identifier(replace(SOURCE, path="/akhbar/"), state)
    assert identify(identifier, "http://paper.test/akhbar/story/7")[1] == []
    assert identify(identifier, "http://paper.test/sport/story/7") == (None, ["offsite"])


def test_what_was_removed_is_known_by_its_id_whoever_asks(state: State) -> None:
    removed = article_id("paper", "id=7")
    identifier = Identifier(
        SOURCE, state, forgotten={removed, article_id("paper", normalise_url("http://paper.test/a"))}
    )
    assert identify(identifier, "http://paper.test/story/7") == (None, ["forgotten"])
    assert identifier.is_forgotten("http://www.paper.test/story/7")
    assert not identifier.is_forgotten("http://paper.test/story/8")
    assert not identifier.is_forgotten("http://paper.test/about")
    # Also one that was only ever listed.
    listed = Identifier(replace(SOURCE, takes_listed=True), state, forgotten=identifier._forgotten)
    assert listed.is_forgotten("http://paper.test/a")
    assert not listed.is_forgotten("http://paper.test/b")


def test_the_ids_of_a_former_name_hold(state: State) -> None:
    """By its own expression, or, of what was listed, as it is stored."""
    former = Former("old", re.compile(r"/article-(?P<number>\d+)"))
    identifier = Identifier(replace(SOURCE, former=(former,)), state)
    url = "http://paper.test/story/7/article-9"
    assert identify(identifier, url)[0] == (article_id("old", "number=9"), "id=7")
    plain = "http://paper.test/story/8"
    assert identify(identifier, plain)[0] == (article_id("paper", "id=8"), "id=8")
    stored = article_id("old", normalise_url(plain))
    state.discover("paper", stored, plain, plain, now=NOW)
    assert identify(identifier, plain)[0] == (stored, "id=8")
