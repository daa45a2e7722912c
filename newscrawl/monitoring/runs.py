"""What is kept of a run: `runs/<run>.json` in the data directory, one object a source and run."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from newscrawl.monitoring.health import health, left_out, reasons, total

logger = logging.getLogger(__name__)

RUNS = "runs"
#: The stat that holds the addresses of pages that took too long.
TOO_SLOW_STAT = "newscrawl_too_slow"


@dataclass(slots=True, kw_only=True)
class Run:
    """The outcome of one source's crawl.

    `seconds` is its duration, `pages` how many responses of any status came, `near_duplicates` how many stored articles
    resemble an earlier one; `learned` counts the lines that were dropped because they recur; `changed` lists the
    articles stored in a new version. `filled` says how many stored articles have a field, `layers` how many have it
    from a layer ("body rule:2026-08"), `words` how many words all bodies hold.
    `covered` is the sum of the shares (0 to 1) that stories have of their pages' sentences, over the
    `measured` pages that have any. `too_slow` has the addresses of pages that EXTRACT_TIMEOUT ended. `health` is None
    when all looks well.
    """

    run: str
    source: str
    started_at: str
    seconds: float
    finish_reason: str
    pages: int = 0
    pages_per_second: float = 0.0
    stored: int = 0
    versions: int = 0
    unchanged: int = 0
    near_duplicates: int = 0
    duplicates: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    blocked: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    postponed: dict[str, int] = field(default_factory=dict)
    reserved: dict[str, int] = field(default_factory=dict)
    archive_damage: dict[str, int] = field(default_factory=dict)
    field_errors: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    watched: dict[str, int] = field(default_factory=dict)
    learned: dict[str, int] = field(default_factory=dict)
    errors: int = 0
    bytes: int = 0
    peak_memory: int | None = None
    changed: list[dict[str, Any]] = field(default_factory=list)
    filled: dict[str, int] = field(default_factory=dict)
    layers: dict[str, int] = field(default_factory=dict)
    words: int = 0
    measured: int = 0
    covered: float = 0.0
    too_slow: list[str] = field(default_factory=list)
    health: str | None = None

    @classmethod
    def of(
        cls, stats: Mapping[str, Any], *, run: str, source: str, started_at: datetime, ended_at: datetime, reason: str
    ) -> Run:
        """The run as its stats tell it; moments are aware."""
        seconds = max((ended_at - started_at).total_seconds(), 0.001)
        pages = stats.get("response_received_count", 0)
        status = "downloader/response_status_count/"
        return cls(
            run=run,
            source=source,
            started_at=started_at.isoformat(timespec="seconds"),
            seconds=round(seconds, 3),
            finish_reason=reason,
            pages=pages,
            pages_per_second=round(pages / seconds, 2),
            stored=total(stats, "stored"),
            versions=total(stats, "versions"),
            unchanged=total(stats, "unchanged"),
            duplicates=reasons(stats, "duplicates"),
            rejected=reasons(stats, "rejected"),
            skipped=reasons(stats, "skipped"),
            left_out=left_out(stats),
            failed=reasons(stats, "failed"),
            gone=reasons(stats, "gone"),
            blocked=reasons(stats, "blocked"),
            refused=reasons(stats, "refused"),
            postponed=reasons(stats, "postponed"),
            reserved=reasons(stats, "reserved"),
            archive_damage=reasons(stats, "archive-damage"),
            field_errors=reasons(stats, "field-error"),
            links=reasons(stats, "links"),
            statuses={key.removeprefix(status): n for key, n in sorted(stats.items()) if key.startswith(status)},
            watched=reasons(stats, "watched"),
            learned=reasons(stats, "learned"),
            too_slow=stats.get(TOO_SLOW_STAT, []),
            errors=stats.get("log_count/ERROR", 0),
            bytes=stats.get("downloader/response_bytes", 0),
            peak_memory=stats.get("memusage/max"),
            measured=stats.get("newscrawl/coverage/pages", 0),
            covered=round(stats.get("newscrawl/coverage/percent", 0) / 100, 2),
            health=health(stats) if reason == "finished" else None,
        )

    def write(self, data_dir: Path) -> Path:
        """Puts the run into `runs/`, whole or not at all; OSError when that cannot be done."""
        directory = data_dir / RUNS
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.run}.json"
        partial = path.with_suffix(".json.part")
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        return path


def read_run(path: Path) -> Run:
    """A run that was kept; ValueError or TypeError when the file is no such thing."""
    return Run(**json.loads(path.read_text(encoding="utf-8")))


def read_runs(data_dir: Path) -> list[Run]:
    """All runs that were kept, oldest first; a file that is no run is named in the log and left out."""
    runs = []
    for path in (data_dir / RUNS).glob("*.json"):
        try:
            runs.append(read_run(path))
        except (TypeError, ValueError, OSError) as error:
            logger.warning("%s is no summary of a run: %s", path, error)
    return sorted(runs, key=lambda run: (run.started_at, run.run))
