"""What is kept of a run: `runs/<run>.json` in the data directory, one object a source and run."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.monitoring.health import health, left_out, reasons, total
from newscrawl.storage.append import write_whole

if TYPE_CHECKING:
    from newscrawl.storage.removal import Removal

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
    healed: dict[str, int] = field(default_factory=dict)
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
            healed=reasons(stats, "healed"),
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
        """Puts the run into `runs/`, whole or not at all; StorageError when that cannot be done."""
        path = data_dir / RUNS / f"{self.run}.json"
        write_whole(path, json.dumps(asdict(self), ensure_ascii=False, indent=1).encode() + b"\n")
        return path


def on_forget(removal: Removal) -> None:
    """For ON_FORGET: takes headlines and addresses of articles out of the summaries of their source."""
    for path in (removal.data_dir / RUNS).glob("*.json"):
        try:
            run = read_run(path)
        except (TypeError, ValueError, OSError):
            continue  # no summary, of which read_runs complains
        if run.source != removal.source:
            continue
        gone = [change for change in run.changed if change.get("id") in removal.ids]
        run.changed = [change for change in run.changed if change not in gone]
        slow, run.too_slow = run.too_slow, [url for url in run.too_slow if url not in removal.urls]
        if gone or slow != run.too_slow:
            run.write(removal.data_dir)


def read_run(path: Path) -> Run:
    """A run that was kept; ValueError or TypeError when the file is no such thing."""
    return Run(**json.loads(path.read_text(encoding="utf-8")))


def run_since(data_dir: Path, source: str, moment: datetime) -> Run | None:
    """The latest run of a source that began at a moment (aware) or later; None when none was kept."""
    # Names begin with the moment, in UTC.
    first = f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for path in sorted((data_dir / RUNS).glob("*.json"), reverse=True):
        if path.name < first:
            break
        with suppress(TypeError, ValueError, OSError):  # of which read_runs complains
            run = read_run(path)
            if run.source == source:
                return run
    return None


def read_runs(data_dir: Path) -> list[Run]:
    """All runs that were kept, oldest first; a file that is no run is named in the log and left out."""
    runs = []
    for path in (data_dir / RUNS).glob("*.json"):
        try:
            runs.append(read_run(path))
        except (TypeError, ValueError, OSError) as error:
            logger.warning("%s is no summary of a run: %s", path, error)
    return sorted(runs, key=lambda run: (run.started_at, run.run))
