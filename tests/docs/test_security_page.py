"""SECURITY.md names a test for each promise: they exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(?:(?P<file>[\w/]+(?:\.py)?)(?:::))?(?P<test>test_\w+?)(?P<more>\.\.\.)?`")
_FILE = re.compile(r"`(tests/[\w/]+(?:\.py)?|test_\w+\.py)`")


def _promises() -> list[str]:
    """The rows of the tables of promises."""
    text = (ROOT / "SECURITY.md").read_text("utf-8").partition("## Promises and their tests")[2]
    rows = [line for line in text.partition("## Limits")[0].splitlines() if line.startswith("| ")]
    return [row for row in rows if not row.startswith("| promise |")]


@cache
def _sources() -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")}


@cache
def _faults() -> set[str]:
    lines = (ROOT / "tests" / "faults" / "catalogue.tsv").read_text("utf-8").splitlines()
    return {line.partition("\t")[0] for line in lines if not line.startswith("#")}


def _is_defined(test: str, more: bool, files: list[str]) -> bool:
    end = "" if more else r"\("
    return any(re.search(rf"\bdef {test}{end}", _sources()[file]) for file in files)


@pytest.mark.parametrize("row", _promises(), ids=lambda row: row[2:50])
def test_every_promise_names_tests_that_exist(row: str) -> None:
    shown_by = row.rsplit("|", 2)[1]
    for file in _FILE.findall(shown_by):
        assert (ROOT / file).exists() or any(name.endswith(f"/{file}") for name in _sources()), file
    for named in _NAMED.finditer(shown_by):
        file = named["file"] or ""
        files = [name for name in _sources() if not file or name.startswith(file) or name.endswith(f"/{file}")]
        assert files, named[0]
        assert _is_defined(named["test"], bool(named["more"]), files), named[0]
    for found in re.finditer(r"`tests/faults`: (?P<names>[^;|`]+)", shown_by):
        for name in re.split(r",| \.\.\. ?", found["names"]):
            stem = name.strip().rstrip("*")
            # Of "redirect-loop, -endless" the second has the first word of the first.
            assert any(fault.startswith(stem) or fault.endswith(stem) for fault in _faults()), name
    is_told = bool(_FILE.search(shown_by) or _NAMED.search(shown_by) or "python -m benchmarks" in shown_by)
    assert is_told, "no test is named"


def test_there_are_promises() -> None:
    assert len(_promises()) > 40
