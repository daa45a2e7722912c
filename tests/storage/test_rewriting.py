"""Files written anew without some of their lines, and whose a line is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscrawl.storage import StorageError, append
from newscrawl.storage.jsonl import read_lines
from newscrawl.storage.rewriting import about, article_of, rewrite, urls_of

GONE, OTHER = f"{1:016x}", f"{2:016x}"


def line(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


@pytest.mark.parametrize(
    ("content", "whose"),
    [
        (line({"id": GONE, "body": "نص"}), GONE),
        (line({"id": OTHER, "body": "نص"}), None),
        # Rejected, and damaged, as it lies and set aside.
        (line({"reason": "no-body", "article": {"id": GONE}}), GONE),
        (b'{"id": "' + GONE.encode() + b'", "body": "half', GONE),
        (line({"reason": "damaged", "line": json.dumps({"id": GONE})[:-1]}), GONE),
        (line({"reason": "damaged", "line": json.dumps({"id": OTHER})[:-1]}), None),
        # An article that names the other one is not it.
        (line({"id": OTHER, "body": "نص", "hint": {"id": GONE}}), None),
        (line({"id": OTHER, "body": f'"id": "{GONE}"'}), None),
        (line({"article": "none", "note": {"id": GONE}}), None),
        (b"\n", None),
    ],
)
def test_whose_a_line_is(content: bytes, whose: str | None) -> None:
    assert about(content, {GONE}) == whose


def test_a_damaged_line_is_of_the_article_that_it_begins_with() -> None:
    torn = b'{"id": "%s", "hint": {"id": "%s"' % (GONE.encode(), OTHER.encode())
    assert about(torn, {GONE, OTHER}) == GONE


def test_an_article_is_known_by_its_addresses() -> None:
    article = {"url": "http://paper.test/1", "canonical_url": None, "id": GONE}
    assert urls_of(article) == {"http://paper.test/1"}
    assert urls_of({"url": "a", "canonical_url": "b"}) == {"a", "b"}
    assert article_of({"article": article}) == article_of(article) == article


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.zst"])
def test_only_what_is_refused_goes(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    lines = [line({"id": f"{number:016x}"}) for number in range(5)]
    append.write_blocks(path, lines)
    before = path.stat()
    assert rewrite(path, lambda _: True) == 0
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert rewrite(path, lambda each: each not in lines[1:3]) == 2
    assert list(read_lines(path)) == [lines[0], *lines[3:]]
    assert rewrite(path, lambda _: False) == 3
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_which_nothing_is_left_is_gone_after_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"id": GONE}))
    synced: list[tuple[Path, bool]] = []
    monkeypatch.setattr(
        "newscrawl.storage.rewriting.sync_directory", lambda directory: synced.append((directory, path.exists()))
    )
    assert rewrite(path, lambda _: False) == 1
    assert synced == [(tmp_path, False)]


def test_what_cannot_be_rewritten_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"id": GONE}) * 2)

    def full(target: Path, blocks: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("newscrawl.storage.rewriting.write_blocks", full)
    answers = iter([True, False, True, False])
    with pytest.raises(StorageError, match=r"^cannot rewrite .*a\.jsonl: the disk is full"):
        rewrite(path, lambda _: next(answers))
    assert path.read_bytes() == line({"id": GONE}) * 2
