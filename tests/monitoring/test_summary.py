"""What is kept of a run, how it is judged, and how it is shown."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from newscrawl.monitoring.health import health, reasons, total
from newscrawl.monitoring.runs import Run, read_run
from newscrawl.monitoring.summary import print_summary, summary_table
from newscrawl.storage import StorageError

STATS: dict[str, Any] = {
    "newscrawl/stored": 40,
    "newscrawl/versions": 2,
    "newscrawl/unchanged": 3,
    "newscrawl/duplicates/same-content": 1,
    "newscrawl/duplicates/near": 2,
    "newscrawl/rejected/no-body": 1,
    "newscrawl/failed/timeout": 2,
    "newscrawl/failed/http-500": 5,
    "newscrawl/links/feed": 60,
    "newscrawl/skipped/known": 12,
    "newscrawl/listings/read": 4,
    "downloader/response_status_count/200": 50,
    "downloader/response_bytes": 12345,
    "response_received_count": 60,
    "log_count/ERROR": 1,
    "memusage/max": 90_000_000,
}
START = datetime(2026, 2, 11, 9, 0, tzinfo=UTC)
END = datetime(2026, 2, 11, 9, 0, 30, tzinfo=UTC)


def a_run(**stats: Any) -> Run:
    given = {**STATS, **stats}
    return Run.of(given, run="20260211T090000Z-ab12", source="youm7", started_at=START, ended_at=END, reason="finished")


def test_counts_and_reasons() -> None:
    assert total(STATS, "duplicates") == 3
    assert total(STATS, "unchanged") == 3
    assert total(STATS, "list") == 0
    assert list(reasons(STATS, "failed").items()) == [("http-500", 5), ("timeout", 2)]


def test_a_run_says_what_came_of_it() -> None:
    run = a_run()
    assert (run.stored, run.versions, run.unchanged, run.pages) == (40, 2, 3, 60)
    assert run.duplicates == {"near": 2, "same-content": 1}
    assert run.statuses == {"200": 50}
    assert (run.seconds, run.pages_per_second) == (30.0, 2.0)
    assert (run.errors, run.bytes, run.peak_memory) == (1, 12345, 90_000_000)
    assert run.health is None


def test_a_run_is_kept_whole_and_read_back(tmp_path: Path) -> None:
    run = a_run()
    run.changed = [{"id": "0" * 16, "url": "http://a.test/1", "title": "عنوان", "version": 2}]
    path = run.write(tmp_path)
    assert path == tmp_path / "runs" / "20260211T090000Z-ab12.json"
    assert read_run(path) == run
    assert "عنوان" in path.read_text(encoding="utf-8")
    assert list(path.parent.iterdir()) == [path]


def test_a_run_that_cannot_be_written_raises(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("in the way")
    with pytest.raises(StorageError, match="runs"):
        a_run().write(tmp_path)


@pytest.mark.parametrize("content", ["{}", '{"run": 1, "nonsense": 2}', "no json"])
def test_other_files_are_no_runs(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises((TypeError, ValueError)):
        read_run(path)


@pytest.mark.parametrize(
    ("stats", "said"),
    [
        (STATS, None),
        ({"newscrawl/listings/read": 3}, None),
        ({"newscrawl/listings/failed/dns": 2}, "none of its 2 listings could be had (dns 2)"),
        ({"newscrawl/listings/empty": 2}, "its 2 listings hold no article links; has the site been redesigned?"),
        (
            {"newscrawl/listings/read": 1, "newscrawl/failed/http-403": 4},
            "none of 4 articles could be had (http-403 4)",
        ),
        (
            {"newscrawl/listings/read": 1, "newscrawl/stored": 1, "newscrawl/rejected/no-body": 3},
            "3 of 4 pages gave no valid article",
        ),
    ],
)
def test_health(stats: dict[str, int], said: str | None) -> None:
    assert health(stats) == said


def test_an_interrupted_run_is_not_judged() -> None:
    stats = {"newscrawl/listings/failed/dns": 2}
    run = Run.of(stats, run="r", source="s", started_at=START, ended_at=END, reason="shutdown")
    assert run.health is None


def printed(*runs: Run) -> str:
    out = io.StringIO()
    print_summary(Console(file=out, width=80), list(runs))
    return out.getvalue()


def test_the_table_fits_a_terminal_and_names_its_columns() -> None:
    run = a_run()
    run.near_duplicates = 7
    table = Console(file=io.StringIO(), width=80)
    with table.capture() as capture:
        table.print(summary_table([run]))
    heading, row = capture.get().splitlines()
    assert heading.split() == "source stored changed same dup near rejected failed pages/s sec ended".split()
    assert row.split() == "youm7 40 2 3 3 7 1 7 2.0 30.0 finished".split()


def test_the_summary_explains_itself_and_cannot_be_steered() -> None:
    run = a_run()
    run.changed = [{"id": "0" * 16, "url": "http://a.test/1", "title": "خبر\x1b[2J [red]عاجل", "version": 3}]
    run.health = "looks odd"
    text = printed(run)
    assert "youm7: failed: http-500 5, timeout 2" in text
    assert "youm7: now version 3:" in text
    assert "  خبر [red]عاجل" in text
    assert "\x1b" not in text
    assert "youm7: looks odd" in text


def test_the_json_is_plain(tmp_path: Path) -> None:
    kept = json.loads(a_run().write(tmp_path).read_text(encoding="utf-8"))
    assert kept["started_at"] == "2026-02-11T09:00:00+00:00"
    assert kept["failed"] == {"http-500": 5, "timeout": 2}
