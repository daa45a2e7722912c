"""The ledger of removed articles: what it tells, whoever wrote it, and that nothing in it is lost or told twice."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from newscrawl.storage.errors import StorageError
from newscrawl.storage.forgotten import Forgotten, Ledger, note_forgotten, read_ledger

AT = "2026-11-30T12:00:00+00:00"


def entry(number: int, **more: object) -> Forgotten:
    values = {"id": f"{number:016x}", "source": "paper", "reason": "طلب الناشر", "at": AT, **more}
    return Forgotten(**values)  # type: ignore[arg-type]


def test_where_nothing_was_removed_nothing_is_known(tmp_path: Path) -> None:
    ledger = read_ledger(tmp_path)
    assert not ledger
    assert "0000000000000001" not in ledger
    assert ledger.entry("0000000000000001") is None
    assert not ledger.has_text("paper", None)
    assert list(ledger.of_source("paper")) == []


def test_what_is_noted_is_read_back_with_all_that_it_says(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    noted = entry(
        1, versions=[1, 2], lines=3, rejected=4, archived=5, files=["articles/x.jsonl"], aliases=["0" * 15 + "a"],
        hashes=["ab" * 16],
    )  # fmt: skip
    note_forgotten(data, [noted])
    assert list(read_ledger(data).entries.values()) == [noted]
    # What names removed articles is its owner's alone.
    assert (data / "forgotten.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_line_that_says_less_or_more_is_read(tmp_path: Path) -> None:
    """As an older newscrawl wrote it, and as a newer one may."""
    least = {"id": "0000000000000001", "source": "paper", "reason": "x", "at": AT}
    (tmp_path / "forgotten.jsonl").write_text(json.dumps(least | {"of_tomorrow": 1}) + "\n", "utf-8")
    found = read_ledger(tmp_path).entry("0000000000000001")
    assert found is not None
    assert (found.lines, found.rejected, found.archived) == (0, 0, 0)
    assert (found.versions, found.files, found.aliases, found.hashes) == ([], [], [], [])


def test_an_alias_and_a_text_are_as_good_as_the_id() -> None:
    ledger = Ledger([entry(1, aliases=["b"], hashes=["h"]), entry(2, source="other", reason="y", hashes=["i"])])
    assert ledger
    assert "0000000000000001" in ledger
    assert "b" in ledger
    assert "c" not in ledger
    assert ledger.entry("b") is ledger.entry("0000000000000001")
    assert sorted(ledger.of_source("paper")) == [("0000000000000001", "طلب الناشر"), ("b", "طلب الناشر")]
    # A text is forbidden to the source that had it, and to no other.
    assert ledger.has_text("paper", "h")
    assert not ledger.has_text("paper", "i")
    assert not ledger.has_text("other", "h")
    assert not ledger.has_text("paper", None)


def test_noted_again_it_stands_there_once(tmp_path: Path) -> None:
    note_forgotten(tmp_path, [entry(1), entry(2)])
    note_forgotten(tmp_path, [entry(2), entry(3)])
    lines = (tmp_path / "forgotten.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["id"][-1] for line in lines] == ["1", "2", "3"]


def test_it_is_on_the_disk_when_the_call_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[str, bytes]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((path.name, path.read_bytes() if path.is_file() else b""))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    note_forgotten(tmp_path, [entry(1)])
    assert synced[-2:] == [
        ("forgotten.jsonl", (tmp_path / "forgotten.jsonl").read_bytes()),
        (tmp_path.name, b""),
    ]


@pytest.mark.parametrize("line", ["[]", "{}", '{"id":1}', '{"id":"a"}', "{", '"text"'])
def test_a_damaged_line_is_named_and_not_passed_over(tmp_path: Path, line: str) -> None:
    note_forgotten(tmp_path, [entry(1)])
    path = tmp_path / "forgotten.jsonl"
    path.write_text(f"{path.read_text('utf-8')}{line}\n", "utf-8")
    with pytest.raises(StorageError, match=r"forgotten\.jsonl, line 2 is no removed article .*; restore the file"):
        read_ledger(tmp_path)


def test_a_ledger_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    (tmp_path / "forgotten.jsonl").mkdir()
    with pytest.raises(StorageError, match=r"cannot read .*forgotten\.jsonl: it is a directory"):
        read_ledger(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="a part of the path is not a directory"):
        read_ledger(tmp_path / "file")
