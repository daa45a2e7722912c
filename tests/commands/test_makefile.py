"""make crawl: what it runs, and what it says that the command cannot know."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")

REPORT = "ran: report --html data/report.html"


def make(environment: Path, code: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make crawl` with an installed environment whose newscrawl says its arguments and exits with a code."""
    (environment / "bin").mkdir(parents=True, exist_ok=True)
    for name, text in {"bin/newscrawl": f'#!/bin/sh\necho "ran: $@"\nexit {code}\n', ".runtime": ""}.items():
        (environment / name).write_text(text)
        (environment / name).chmod(0o755)
    command = ["make", "--no-print-directory", "crawl", f"VENV={environment}", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.mark.parametrize(
    ("arguments", "ran"),
    [
        ((), ["ran: demo"]),
        (("SOURCE=youm7",), ["ran: crawl youm7", REPORT]),
        (("SOURCE=youm7", "CONTACT=desk@paper.test"), ["ran: crawl youm7 -s CONTACT=desk@paper.test", REPORT]),
    ],
)
def test_what_is_run(arguments: tuple[str, ...], ran: list[str], tmp_path: Path) -> None:
    done = make(tmp_path, 0, *arguments)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("ran: ")] == ran
    assert done.stderr == ""


@pytest.mark.parametrize(("code", "is_written"), [(1, False), (2, False), (3, True)])
def test_an_unhealthy_crawl_is_reported_and_a_failed_one_has_nothing_new(
    code: int, is_written: bool, tmp_path: Path
) -> None:
    done = make(tmp_path, code, "SOURCE=youm7", "CONTACT=desk@paper.test")
    assert done.returncode == 2  # make's own
    assert (REPORT in done.stdout) is is_written


def test_a_refused_crawl_without_contact_is_told_how_make_takes_it(tmp_path: Path) -> None:
    hint = "with make: make crawl SOURCE=youm7 CONTACT=you@..."
    assert make(tmp_path, 2, "SOURCE=youm7").stderr.splitlines()[0] == hint
    for code, arguments in ((2, ("SOURCE=youm7", "CONTACT=desk@paper.test")), (1, ("SOURCE=youm7",))):
        done = make(tmp_path, code, *arguments)
        assert done.returncode == 2  # make's own
        assert hint not in done.stderr
