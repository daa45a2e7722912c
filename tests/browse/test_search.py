"""A search as an address says it: what it means, what is none, and which address says it again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from newscrawl.browse.index import update
from newscrawl.browse.reader import PAGE, Reader
from newscrawl.browse.search import BEST, NEWEST, Fields, Search, SearchError
from tests.browse.stored import record, store


def search(**said: Any) -> Search:
    return Search.read(Fields.of(said))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    data_dir = tmp_path_factory.mktemp("data")
    olives = {"title": "زيتون", "body": "زيتون وزيتون", "section": "زراعة"}
    articles = [
        record(1, **olives, published_at="2026-11-01T23:59:00+03:00", country="JO", authors=["ليلى حداد"]),
        record(2, title="حصاد", body="زيتون في السهل", published_at="2026-11-02", country="EG", authors=["سعيد منصور"]),
        record(3, body="سفن", published_at="2026-11-03T00:00:00+03:00", version=2, authors=["سعيد منصور"]),
        record(4, body="نهر", published_at="2026-11-04", country="SA", paywalled=True),
    ]
    store(data_dir, "aldifaf", articles)
    update(data_dir)
    return Reader(data_dir)


def found(reader: Reader, **said: Any) -> list[str]:
    return [hit.record["id"][-1] for hit in reader.find(search(**said)).hits]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ({}, "4321"),
        # Title and body are looked into, and nothing else.
        ({"q": "زيتون"}, "21"),
        ({"q": "زراعة"}, ""),
        ({"q": "حصاد -زيتون"}, ""),
        # Both days count.
        ({"from": "2026-11-02"}, "432"),
        ({"to": "2026-11-02"}, "21"),
        ({"from": "2026-11-02", "to": "2026-11-03"}, "32"),
        ({"from": "2026-11-05"}, ""),
        # However a country is written; several are any of them.
        ({"country": "jo"}, "31"),
        ({"country": ["jo", "EG"]}, "321"),
        ({"section": "زراعة"}, "1"),
        ({"source": "aldifaf"}, "4321"),
        ({"source": "nobody"}, ""),
        ({"corrected": "1"}, "3"),
        ({"walled": "1"}, "4"),
        ({"missing": "authors"}, "4"),
    ],
)
def test_what_is_found(reader: Reader, said: dict[str, Any], numbers: str) -> None:
    assert found(reader, **said) == list(numbers)


def test_the_best_come_first_only_when_that_is_asked_for(reader: Reader) -> None:
    assert found(reader, q="زيتون", order=NEWEST) == ["2", "1"]
    assert found(reader, q="زيتون", order=BEST) == ["1", "2"]  # which is about nothing else
    assert found(reader, order=BEST) == ["4", "3", "2", "1"]  # of no words none is better


def test_a_page_has_twenty_hits_and_says_where_the_next_begins(tmp_path: Path) -> None:
    assert PAGE == 20
    store(
        tmp_path, "one", [record(n, published_at=f"2026-11-01T{n // 60:02d}:{n % 60:02d}:00+00:00") for n in range(45)]
    )
    update(tmp_path)
    reader, before, pages = Reader(tmp_path), None, []
    while True:
        page = reader.find(search(), before=before)
        pages.append([int(hit.record["id"], 16) for hit in page.hits])
        assert page.total == 45
        if page.following is None:
            break
        before = page.following["before"]
    assert pages == [list(range(44, 24, -1)), list(range(24, 4, -1)), list(range(4, -1, -1))]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"from": "yesterday"}, "from: yesterday is no day; write 2026-11-29"),
        ({"to": "2026-02-30"}, "to: 2026-02-30 is no day"),
        ({"order": "worst"}, "order: worst is none of newest, best"),
        ({"copies": "all"}, "copies: all is none of original, reprint"),
        ({"missing": "everything"}, "missing: everything is none of "),
        ({"q": "ا" * 1001}, "a search takes at most 1000 letters"),
        ({"q": " ".join(f"كلمة{n}" for n in range(33))}, "a search takes at most 32 words, this one has 33"),
    ],
)
def test_what_is_no_search_is_said(said: dict[str, str], why: str) -> None:
    with pytest.raises(SearchError, match=why):
        search(**said)


def test_an_address_says_the_search_again() -> None:
    said = {
        "q": "زيتون",
        "source": ["a", "b"],
        "country": "jo",
        "from": "2026-11-01",
        "to": "٢٠٢٦-١١-٠٢",
        "walled": "1",
    }
    wanted = search(**said)
    assert (wanted.since, wanted.until, wanted.country) == (date(2026, 11, 1), date(2026, 11, 2), ("JO",))
    again: dict[str, list[str]] = {}
    for name, value in wanted.arguments():
        again.setdefault(name, []).append(value)
    assert search(**again) == wanted
    assert wanted.filters == 6
    assert search().address("/x") == "/x"
    assert wanted.address("/", q=None, source=None, since=None).startswith("/?country=JO&")
