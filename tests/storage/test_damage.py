"""Damaged lines are named and set aside; no source stays shut for them, and nothing whole is lost with them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.items import Article
from newscrawl.storage import Session, State
from newscrawl.storage.audit import Audit, check_source, rebuild_source
from newscrawl.storage.damage import complaint
from newscrawl.storage.jsonl import read_articles, read_lines, sealed_files

Make = Callable[..., Article]
NAME = "articles/source=paper/date=2026-11-20/20261120T100000Z-aaaa.jsonl"
FEW = {"id": "00000000000000aa", "version": 1, "url": "https://paper.test/aa"}
BAD: dict[str, bytes | dict[str, Any]] = {
    "no JSON": b'{"id": broken\n',
    "no object": b"[1, 2]\n",
    "an empty object": {},
    "zeros": b"\0" * 4096 + b"\n",
    "no UTF-8": b'{"id":"\xff\xfe"}\n',
    "nested without end": b"[" * 200_000 + b"\n",
    "an id that is none": FEW | {"id": "zzzz"},
    "an id that is a number": FEW | {"id": 5},
    "an id that is too long": FEW | {"id": "f" * 40},
    "a version that is a word": FEW | {"version": "x"},
    "a version beyond all": FEW | {"version": 10**30},
    "a version below one": FEW | {"version": -5},
    "no version": FEW | {"version": None},
    "a hash that is none": FEW | {"content_hash": "zz"},
    "a hash that is too long": FEW | {"content_hash": "ab" * 500},
    "a provenance that is a word": FEW | {"provenance": "x"},
    "a provenance that is a list": FEW | {"provenance": [1]},
    "a title that is a number": FEW | {"title": 5},
    "no url": FEW | {"url": None},
    "a picture that is a word": FEW | {"images": ["x"]},
    "a place that is a word": FEW | {"archive": "x"},
    "half a character": b'{"id":"00000000000000aa","version":1,"url":"https://paper.test/aa","title":"\\ud800"}\n',
}
GOOD: dict[str, dict[str, Any]] = {
    "a field of a newer version": FEW | {"new_field": 1},
    "the first day of the calendar": FEW | {"fetched_at": "0001-01-01T00:00:00+03:00"},
    "a date that is none": FEW | {"fetched_at": "yesterday"},
    "an emoji of two halves": FEW | {"title": "\U0001f600"},
}


def line_of(record: bytes | dict[str, Any]) -> bytes:
    return record if isinstance(record, bytes) else json.dumps(record).encode() + b"\n"


def opened(data: Path) -> None:
    session = Session("paper", data)
    session.healed_are_known()
    session.close()


def aside(data: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sealed_files(data, "paper", "rejected") for line in read_lines(path)]


@pytest.mark.parametrize("kind", ["sealed", "part"])
@pytest.mark.parametrize("what", BAD)
def test_it_is_set_aside_and_the_source_opens(
    tmp_path: Path, make_article: Make, caplog: pytest.LogCaptureFixture, what: str, kind: str
) -> None:
    whole = [make_article(number).to_json().encode() + b"\n" for number in (1, 2)]
    bad = line_of(BAD[what])
    path = tmp_path / NAME
    path = path if kind == "sealed" else path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True)
    path.write_bytes(whole[0] + bad + whole[1])
    for _ in range(2):
        opened(tmp_path)
    assert (tmp_path / NAME).read_bytes() == b"".join(whole)
    (kept,) = aside(tmp_path)
    assert kept["line"] == bad.decode("utf-8", "backslashreplace")
    assert (kept["file"], kept["number"]) == (NAME, 2)
    assert kept["reason"].startswith("damaged: ")
    assert f"{NAME}, line 2 ({len(bad)} bytes): " in caplog.text
    state, audit = State(f"sqlite:///{tmp_path / 'state.sqlite'}"), Audit()
    check_source(state, tmp_path, "paper", audit)
    state.close()
    assert audit.clean, audit
    assert audit.rows == 2


@pytest.mark.parametrize("what", GOOD)
def test_what_is_only_odd_is_stored(tmp_path: Path, what: str) -> None:
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(line_of(GOOD[what]))
    opened(tmp_path)
    assert len(list(read_articles(sealed_files(tmp_path, "paper")))) == 1
    assert aside(tmp_path) == []


def test_a_rebuild_sets_aside_what_is_damaged_in_a_file_that_was_read(tmp_path: Path, make_article: Make) -> None:
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(make_article(number).to_json().encode() + b"\n" for number in (1, 2, 3)))
    opened(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"version":1', b'"version":"', 1))
    state, audit = State(f"sqlite:///{tmp_path / 'state.sqlite'}"), Audit()
    check_source(state, tmp_path, "paper", audit)
    assert audit.counts["damaged"] == 1
    assert audit.examples["damaged"] == [f"{NAME}, line 1"]
    rebuild_source(state, tmp_path, "paper")
    audit = Audit()
    check_source(state, tmp_path, "paper", audit)
    state.close()
    assert audit.clean, audit
    assert audit.rows == 2
    assert len(aside(tmp_path)) == 1


def test_the_log_tells_which_article_was_cut(
    tmp_path: Path, make_article: Make, caplog: pytest.LogCaptureFixture
) -> None:
    whole, torn = (make_article(number).to_json().encode() + b"\n" for number in (1, 2))
    part = (tmp_path / NAME).with_name(f".{Path(NAME).name}.part")
    part.parent.mkdir(parents=True)
    part.write_bytes(whole + torn[:50])
    with caplog.at_level(logging.WARNING):
        opened(tmp_path)
    assert (
        "cut off 50 bytes of a torn last line, of the article 0000000000000002, which is fetched again" in caplog.text
    )
    assert aside(tmp_path) == []


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps(FEW | {"title": text}).encode()))
def test_whatever_a_line_holds_there_is_an_answer(line: bytes) -> None:
    assert complaint(line) is not None  # no newline: torn
    if complaint(line + b"\n") is None:
        Article.from_dict(json.loads(line))
