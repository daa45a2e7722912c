"""Exports since the last one: whatever is killed where, each stored article is in one of them exactly."""

from __future__ import annotations

import contextlib
import csv
import itertools
import os
import signal
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from scrapy.settings import Settings

from newscrawl.commands.export import Command
from newscrawl.exports.cursor import Cursor
from newscrawl.storage import StorageError
from tests.browse.stored import record, store

WATCHED = ("exports/cursor.py", "exports/publish.py", "commands/export.py")


def export(*words: str) -> int:
    """The command, in this process; its exit code."""
    command, parser = Command(), ArgumentParser()
    command.settings = Settings()
    command.add_options(parser)
    options, rest = parser.parse_known_args(list(words))
    command.run(rest, options)
    return command.exitcode


def ids(*outs: Path) -> Counter[str]:
    """How often each article is in the CSV files that are there."""
    found: Counter[str] = Counter()
    for out in outs:
        if out.exists():
            with out.open(encoding="utf-8-sig", newline="") as file:
                found.update(row["id"] for row in csv.DictReader(file))
    return found


def killed_at(line: int, *words: str) -> bool:
    """Runs the command in a child that kills itself before the n-th line of what is watched; False where it ended."""
    child = os.fork()
    if child == 0:
        left = line

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if not frame.f_code.co_filename.endswith(WATCHED):
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        with contextlib.redirect_stdout(None):
            sys.settrace(trace)
            code = export(*words)
        os._exit(code)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(
    ("same", "step"),
    [(False, 7), (True, 9), *(pytest.param(same, 1, marks=pytest.mark.slow) for same in (False, True))],
)
def test_killed_at_any_line_nothing_is_lost_and_nothing_twice(same: bool, step: int, tmp_path: Path) -> None:
    for line in itertools.count(1, step):
        data = tmp_path / str(line)
        store(data, "first", [record(1), record(2)])
        outs = [data / "one.csv", data / ("one.csv" if same else "two.csv"), data / "three.csv"]
        was_killed = killed_at(line, "--csv", "--since-last", "daily", str(outs[0]), str(data))
        seen = ids(outs[0])
        store(data, "second", [record(3)])
        # An output that is there is refused, and then nothing is taken.
        code = export("--csv", "--since-last", "daily", str(outs[1]), str(data))
        assert code == 0 or (same and outs[0].exists())
        assert export("--csv", "--since-last", "daily", str(outs[2]), str(data)) == 0
        assert ids(*set(outs)) == Counter([record(n)["id"] for n in (1, 2, 3)]), line
        assert ids(outs[0]) >= seen
        assert not list(data.glob(".export-*"))
        if not was_killed:
            break
    assert line > 50


def test_only_what_is_new_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(tmp_path, "first", [record(1)])
    growing = tmp_path / "articles" / "source=aldifaf" / "date=2026-11-29" / ".run.jsonl.part"
    growing.write_text("{", "utf-8")
    words = ["--csv", "--since-last", "a"]
    assert export(*words, str(tmp_path / "1.csv"), str(tmp_path)) == 0
    store(tmp_path, "second", [record(1, version=2), record(2)])
    assert export(*words, str(tmp_path / "2.csv"), str(tmp_path / "articles")) == 0
    assert export(*words, str(tmp_path / "3.csv"), str(tmp_path)) == 0
    assert [sum(ids(tmp_path / f"{n}.csv").values()) for n in (1, 2, 3)] == [1, 2, 0]
    # Another name begins at the beginning.
    assert export("--csv", "--since-last", "b", str(tmp_path / "4.csv"), str(tmp_path)) == 0
    assert sum(ids(tmp_path / "4.csv").values()) == 2
    assert capsys.readouterr().out.splitlines()[1] == f"2 articles in {tmp_path / '2.csv'}"


def test_partitions_grow(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.dataset as ds

    words = ["--parquet", "--partition", "month", "--since-last", "lake", str(tmp_path / "lake"), str(tmp_path)]
    for name, records in (("first", [record(1), record(2, published_at="2026-10-05")]), ("second", [record(3)])):
        store(tmp_path, name, records)
        assert export(*words) == 0
    assert export(*words) == 0
    names = sorted(path.relative_to(tmp_path / "lake").as_posix() for path in (tmp_path / "lake").rglob("*.parquet"))
    assert names == [
        "month=2026-10/lake-1-0.parquet",
        "month=2026-11/lake-1-0.parquet",
        "month=2026-11/lake-2-0.parquet",
    ]
    table = ds.dataset(tmp_path / "lake", partitioning="hive").to_table()
    assert sorted(table["id"].to_pylist()) == [record(n)["id"] for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--since-last", "a b"], "an export cannot be called 'a b'; letters, digits, - and _ make a name"),
        (
            ["--since-last", "daily", "--sources", "x"],
            "the exports of the name daily ask for all articles; for articles of x",
        ),
        (["--since-last", "daily"], "one.csv is there already"),
    ],
)
def test_what_cannot_be_is_said(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(tmp_path, "first", [record(1)])
    out = str(tmp_path / "one.csv")
    assert export("--csv", "--since-last", "daily", out, str(tmp_path)) == 0
    assert export("--csv", *words, out, str(tmp_path)) == 1
    assert sentence in capsys.readouterr().err
    assert sum(ids(tmp_path / "one.csv").values()) == 1


def test_one_at_a_time(tmp_path: Path) -> None:
    store(tmp_path, "first", [record(1)])
    with (
        Cursor(tmp_path, "daily", "all articles"),
        pytest.raises(StorageError, match="another export of the name daily is under way"),
    ):
        Cursor(tmp_path, "daily", "all articles")
    Cursor(tmp_path, "daily", "all articles").close()


def test_a_path_that_is_no_data_directory_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export("--csv", "--since-last", "x", str(tmp_path / "o.csv"), str(tmp_path)) == 1
    assert capsys.readouterr().err == f"newscrawl: {tmp_path} is no data directory: it holds no directory articles\n"
