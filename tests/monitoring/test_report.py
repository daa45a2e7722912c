"""Drift is told from chance, and the report names what is wrong with a source."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from rich.console import Console

from newscrawl.monitoring.drift import FIELDS, drifts
from newscrawl.monitoring.report import learned_lines, print_learned, print_report, report
from newscrawl.monitoring.runs import Run, read_runs
from tests.patience import PATIENCE

NOW = datetime(2026, 2, 11, 12, 0, tzinfo=UTC)


def a_run(hours_ago: float, stored: int = 10, source: str = "youm7", words: int = 200, **filled: int) -> Run:
    full = {"title": stored, "body": stored, "published_at": stored, "authors": stored // 2}
    return Run(
        run=f"{source}-{hours_ago}",
        source=source,
        started_at=(NOW - timedelta(hours=hours_ago)).isoformat(timespec="seconds"),
        seconds=10,
        finish_reason="finished",
        pages=stored + 5,
        stored=stored,
        words=words * stored,
        filled={**full, **filled},
        layers={"title rule": stored, "body rule:2026-08": stored, "published_at json-ld": stored},
    )


def history(count: int = 12) -> list[Run]:
    return [a_run(hours) for hours in range(count + 1, 1, -1)]


def test_steady_sources_do_not_drift() -> None:
    assert drifts(history()) == []


def test_too_little_is_known_of_a_new_source() -> None:
    assert drifts([*history(4), a_run(1, stored=25, body=0)]) == []


def test_a_field_that_disappears_is_named_first() -> None:
    found = drifts([*history(), a_run(1, stored=20, authors=0, published_at=0)])
    assert [drift.what for drift in found] == ["published_at", "authors"]
    assert str(found[0]) == "published_at: 0% of the articles, it was 100%"


def test_rules_that_no_longer_hit_are_drift_even_if_the_body_is_there() -> None:
    redesigned = replace(a_run(1, stored=30), layers={"title rule": 30, "body generic": 30, "published_at json-ld": 30})
    assert [drift.what for drift in drifts([*history(), redesigned])] == ["body by rule"]


def test_newer_rules_are_rules_too() -> None:
    renewed = replace(a_run(1, stored=30), layers={"title rule:2026-09": 30, "body rule:2026-09": 30})
    assert drifts([*history(), renewed]) == []


def test_teasers_in_place_of_bodies() -> None:
    [drift] = drifts([*history(), a_run(1, stored=20, words=60)])
    assert str(drift) == "bodies have 60 words on average, they had 200"


def test_half_stories_are_drift() -> None:
    """A redesign that leaves half of each story outside the container shows before bodies are half as long."""
    whole = [replace(run, measured=10, covered=9.6) for run in history()]
    half = replace(a_run(1, stored=20), measured=20, covered=11.0)
    [drift] = drifts([*whole, half])
    assert str(drift) == "stories hold 55% of their pages' sentences on average, it was 96%"
    assert drifts([*history(), half]) == []  # nothing was measured before


def test_small_runs_are_taken_together() -> None:
    small = [a_run(1 - step / 10, stored=2, body=0) for step in range(9)]
    assert drifts([*history(), *small[:2]]) == []
    assert [drift.what for drift in drifts([*history(), *small])] == ["body"]


def test_empty_runs_change_nothing() -> None:
    with_gaps = [
        run for pair in zip(history(), history(), strict=True) for run in (pair[0], replace(pair[1], stored=0))
    ]
    assert drifts(with_gaps) == []


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_chance_is_not_called_drift(share: float) -> None:
    rng = Random(f"seed {share}")
    for _ in range(200):
        runs = [a_run(20 - at, stored=12, authors=sum(rng.random() < share for _ in range(12))) for at in range(14)]
        assert drifts(runs) == []


def test_every_field_is_watched() -> None:
    for name in FIELDS:
        filled = [replace(run, filled=dict.fromkeys(FIELDS, run.stored)) for run in history()]
        now = replace(a_run(1, stored=20), filled={**dict.fromkeys(FIELDS, 20), name: 0})
        assert [drift.what for drift in drifts([*filled, now])] == [name]


def test_a_row_counts_the_period_and_complains() -> None:
    runs = [
        *[a_run(hours, source="a") for hours in (400, 5, 3)],
        a_run(500, source="b"),
        replace(a_run(2, source="c"), finish_reason="shutdown"),
        replace(a_run(1, source="d"), health="its 2 listings hold no article links"),
        *[replace(a_run(hours, source="e"), stored=0, pages=4) for hours in (3, 2, 1)],
    ]
    rows = {row.source: row for row in report(runs, now=NOW, days=7)}
    assert (rows["a"].runs, rows["a"].stored, rows["a"].complaints) == (2, 20, [])
    assert rows["b"].complaints == ["it has not run for 7 days"]
    assert rows["c"].complaints == ["its last run ended early (shutdown)"]
    assert rows["d"].complaints == ["its 2 listings hold no article links"]
    assert rows["e"].complaints == ["3 runs brought nothing"]
    out = io.StringIO()
    print_report(Console(file=out, width=80), list(rows.values()))
    assert "e: 3 runs brought nothing" in out.getvalue()


def test_two_runs_without_anything_are_no_reason_to_complain() -> None:
    runs = [replace(a_run(hours), stored=0, pages=4) for hours in (2, 1)]
    (row,) = report(runs, now=NOW, days=7)
    assert row.complaints == []


def test_files_that_are_no_runs_are_left_out_and_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    a_run(1).write(tmp_path)
    (tmp_path / "runs" / "broken.json").write_text("{")
    (tmp_path / "runs" / "other.json").write_text("[]")
    assert [run.run for run in read_runs(tmp_path)] == ["youm7-1"]
    assert "broken.json" in caplog.text
    assert read_runs(tmp_path / "nowhere") == []


def command(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = "from newscrawl.commands.main import main; main()"
    environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-c", code, "report", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_the_command(tmp_path: Path) -> None:
    missing = command(cwd=tmp_path)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == f"newscrawl: there are no runs in {tmp_path / 'data/runs'}\n"
    recent = datetime.now(UTC).isoformat(timespec="seconds")
    replace(a_run(1, source="good"), started_at=recent).write(tmp_path / "data")
    fine = command("--json", cwd=tmp_path)
    assert fine.returncode == 0, fine.stderr
    assert json.loads(fine.stdout)[0]["stored"] == 10
    a_run(99_999, source="old").write(tmp_path / "data")
    shown = command(cwd=tmp_path)
    assert shown.returncode == 3
    assert "old: it has not run for 7 days" in shown.stdout
    assert command("good", cwd=tmp_path).returncode == 0


def test_lines_that_were_dropped_are_listed_with_their_counts() -> None:
    first, second = "تابعوا الجريدة على الهاتف", "شاركوا الخبر \x1b[31m"
    runs = [replace(a_run(2), learned={first: 3}), replace(a_run(1), learned={second: 9, first: 4})]
    found = learned_lines([*runs, a_run(1, source="other")])
    assert found == {"youm7": {second: 9, first: 7}}
    console = Console(file=io.StringIO(), width=200)
    print_learned(console, found)
    told = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert told == ["youm7: dropped 9 times:", "  شاركوا الخبر ", "youm7: dropped 7 times:", f"  {first}"]
