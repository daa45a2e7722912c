"""Damaged lines are named and set aside; no source stays shut for them, and nothing whole is lost with them."""

from __future__ import annotations

import json
import logging
import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dedup.lineage import record_hash
from newscrawl.items import Article
from newscrawl.storage import Session, State, damage
from newscrawl.storage.audit import check_source, rebuild_source
from newscrawl.storage.damage import complaint, sound_records
from newscrawl.storage.findings import Audit
from newscrawl.storage.forgotten import Forgotten, note_forgotten
from newscrawl.storage.jsonl import read_articles, read_lines, sealed_files
from newscrawl.storage.objects import Store
from newscrawl.storage.schema import files

Make = Callable[..., Article]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
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
    "a version of nought": FEW | {"version": 0},
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
    assert "that were removed" not in caplog.text
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


def test_what_is_set_aside_is_named_after_its_run_and_day(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{}\n")
    opened(tmp_path)
    (kept,) = sealed_files(tmp_path, "paper", "rejected")
    assert kept.name == "20261120T100000Z-aaaa-2026-11-20-damaged.jsonl"


def test_what_was_removed_on_request_is_taken_out_of_what_comes_back(
    tmp_path: Path, make_article: Make, caplog: pytest.LogCaptureFixture
) -> None:
    """As from a backup; no damage is told of."""
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(make_article(number).to_json().encode() + b"\n" for number in (1, 2, 3)))
    note_forgotten(tmp_path, [Forgotten(id=f"{2:016x}", source="paper", reason="asked for", at=NOW.isoformat())])
    opened(tmp_path)
    assert [article.id for article in read_articles([path])] == [f"{number:016x}" for number in (1, 3)]
    assert aside(tmp_path) == []
    assert f"{NAME}: took out 1 lines of articles that were removed" in caplog.text


def test_each_file_is_looked_into(tmp_path: Path, make_article: Make) -> None:
    """A file without a fault before, between and behind those that have one, compressed and not."""
    bad, numbers = b"{}\n", iter(range(1, 99))
    for number, lines in enumerate([1, 2, 1, 2, 1]):
        whole = [make_article(next(numbers)).to_json().encode() + b"\n" for _ in range(2)]
        path = tmp_path / NAME.replace("100000Z", f"10000{number}Z")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(whole[0] + bad * (lines - 1) + whole[1])
    opened(tmp_path)
    assert len(list(read_articles(sealed_files(tmp_path, "paper")))) == 10
    assert [kept["number"] for kept in aside(tmp_path)] == [2, 2]
    assert len(list(sound_records(sealed_files(tmp_path, "paper")))) == 10


def test_a_broken_file_behind_a_plain_one_is_salvaged(tmp_path: Path, make_article: Make) -> None:
    plain = tmp_path / NAME
    plain.parent.mkdir(parents=True)
    plain.write_bytes(make_article(9000).to_json().encode() + b"\n")
    broken(tmp_path, make_article, cut, besides=1)
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    rebuild_source(state, tmp_path, "paper")
    kept = len(list(sound_records(sealed_files(tmp_path, "paper"))))
    counts = state.counts("paper")
    state.close()
    assert 1 < kept < MANY
    assert counts == {"done": kept, "pending": MANY + 1 - kept}


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


@settings(max_examples=300)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps(FEW | {"title": text}).encode()))
def test_whatever_a_line_holds_there_is_an_answer(line: bytes) -> None:
    assert complaint(line) is not None  # no newline: torn
    if complaint(line + b"\n") is None:
        Article.from_dict(json.loads(line))


def cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def flipped(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]


BROKEN: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "cut in the middle": (cut, True),
    "cut by one byte": (lambda whole: whole[:-1], True),
    "a byte flipped": (flipped, False),
    "zeros from the middle on": (lambda whole: cut(whole).ljust(len(whole), b"\0"), False),
    "something behind it": (lambda whole: whole + b"\n", True),
    "another beginning": (lambda whole: b"x" + whole[1:], False),
    "nothing but zeros": (lambda whole: bytes(len(whole)), False),
    "empty": (lambda _whole: b"", False),
}
MANY = 300


def broken(
    data: Path, make_article: Make, how: Callable[[bytes], bytes], count: int = MANY, besides: int = 0
) -> tuple[Path, list[bytes], bytes]:
    """A compressed file of a run, of which the state knows all rows, the last of the source beside others; its path,
    lines, and content now that it is broken."""
    session = Session("paper", data, compress=True)
    lines = []
    for number in range(count):
        # Texts that do not pack well: some blocks of the file come before the damage, some after it.
        each = make_article(number + 1, body=" ".join(random.Random(number).choices("ابتثجحخدذرزسش", k=900)))
        file = session.articles.write(each)
        lines.append(each.to_json().encode() + b"\n")
        session.state.done(
            "paper", each.id, url=each.url, now=NOW, content_hash=each.content_hash, version=1,
            file=file, first_seen=NOW, published=None,
        )  # fmt: skip
    session.close()
    *others, path = sealed_files(data, "paper")
    assert len(others) == besides
    content = how(path.read_bytes())
    path.write_bytes(content)
    return path, lines, content


def assert_salvaged(data: Path, path: Path, lines: list[bytes], content: bytes, *, something: bool) -> None:
    """Whole lines from the first on are kept, the others' articles are due, and the broken file lies aside."""
    kept = [line for sealed in sealed_files(data, "paper") for line in read_lines(sealed)]
    assert kept == lines[: len(kept)]
    assert bool(kept) == something == path.exists()
    (left,) = (data / "rejected" / "source=paper").iterdir()
    assert left.read_bytes() == content
    assert left.name.endswith(".damaged")
    state, audit = State(f"sqlite:///{data / 'state.sqlite'}"), Audit()
    check_source(state, data, "paper", audit)
    assert audit.clean, audit
    due = {row.id for row in state.due("paper", now=datetime.now(UTC)) if row.status == "pending"}
    assert due == {f"{number + 1:016x}" for number in range(len(kept), MANY)}
    state.close()


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_compressed_file_keeps_no_source_shut(
    tmp_path: Path, make_article: Make, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    breaks, something = BROKEN[how]
    path, lines, content = broken(tmp_path, make_article, breaks)
    state, audit = State(f"sqlite:///{tmp_path / 'state.sqlite'}"), Audit()
    check_source(state, tmp_path, "paper", audit)
    assert path.name.removesuffix(".zst") in audit.examples["damaged"][0]
    # As if the run had been killed before the file was marked.
    with state.changing() as connection:
        connection.execute(files.update().values(indexed=False))
    state.close()
    session = Session("paper", tmp_path)
    session.healed_are_known()
    session.close()
    kept = sum(1 for sealed in sealed_files(tmp_path, "paper") for _ in read_lines(sealed))
    assert session.lost == MANY - kept
    assert f"; {kept} lines were kept, {session.lost} articles that it has lost are due again" in caplog.text
    assert_salvaged(tmp_path, path, lines, content, something=something)


def test_a_rebuild_keeps_what_can_be_read_of_a_broken_file(tmp_path: Path, make_article: Make) -> None:
    path, lines, content = broken(tmp_path, make_article, flipped)
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    rebuild_source(state, tmp_path, "paper", content_hash=record_hash)
    state.close()
    assert_salvaged(tmp_path, path, lines, content, something=True)


@settings(max_examples=25)
@given(given_data=st.data())
def test_wherever_a_byte_is_flipped_no_other_text_comes_in(
    tmp_path: Path, make_article: Make, given_data: st.DataObject
) -> None:
    data = Path(tempfile.mkdtemp(dir=tmp_path))

    def flip(whole: bytes) -> bytes:
        place = given_data.draw(st.integers(0, len(whole) - 1))
        return whole[:place] + bytes([whole[place] ^ given_data.draw(st.integers(1, 255))]) + whole[place + 1 :]

    _, lines, _ = broken(data, make_article, flip, count=60)
    state = State(f"sqlite:///{data / 'state.sqlite'}")
    rebuild_source(state, data, "paper", content_hash=record_hash)
    rows = state.counts("paper")
    state.close()
    kept = [line for sealed in sealed_files(data, "paper") for line in read_lines(sealed)]
    texts = [{name: json.loads(line)[name] for name in ("id", "title", "body")} for line in kept]
    assert texts == [{name: json.loads(line)[name] for name in texts[0]} for line in lines[: len(kept)]]
    assert rows.get("done", 0) == len(kept)
    assert rows.get("pending", 0) == 60 - len(kept)


@pytest.mark.parametrize("step", ["make_due", "write_blocks"])
def test_a_salvage_that_is_killed_is_taken_up(
    tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path, lines, content = broken(tmp_path, make_article, cut)
    with monkeypatch.context() as patch:
        patch.setattr(damage, step, lambda *_, **__: 1 / 0)
        state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
        with pytest.raises(ZeroDivisionError):
            rebuild_source(state, tmp_path, "paper")
        state.close()
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    rebuild_source(state, tmp_path, "paper")
    state.close()
    assert_salvaged(tmp_path, path, lines, content, something=True)


@pytest.mark.parametrize("how", ["a byte flipped", "another beginning"])
def test_what_is_broken_in_the_store_is_passed_over(
    tmp_path: Path, make_article: Make, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    """An object is never rewritten; a new state takes in what can be read of it."""
    data, bucket = tmp_path / "data", tmp_path / "bucket"
    path, lines, _ = broken(data, make_article, BROKEN[how][0])
    sound = path.with_name("20261101T000000Z-aaaa.jsonl")
    sound.write_bytes(b"{}\n" + make_article(9000).to_json().encode() + b"\n")
    shutil.copytree(data / "articles", bucket / "articles")
    session = Session("paper", tmp_path / "other", objects=Store(f"file://{bucket}"))
    counts = session.state.counts("paper")
    session.close()
    assert 1 <= counts["done"] < len(lines)
    assert "line 1: no id of 16 hex digits; passed over" in caplog.text
    assert "what lies behind the damage was not read" in caplog.text
