"""How the sources have been doing: the runs of some days, one row a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from newscrawl.monitoring.drift import drifts
from newscrawl.monitoring.runs import Run
from newscrawl.monitoring.terminal import terminal_safe

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Row:
    """One source over the period; `complaints` is empty when all is well."""

    source: str
    runs: int
    last_run: str
    ended: str
    stored: int
    versions: int
    rejected: int
    failed: int
    pages: int
    complaints: list[str] = field(default_factory=list)
    reserved: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The row as plain JSON values."""
        return asdict(self)


def report(runs: Iterable[Run], *, now: datetime, days: float) -> list[Row]:
    """One row for each source that ever ran, by name; counts are of the last `days`, drift looks further back."""
    start = (now - timedelta(days=days)).isoformat(timespec="seconds")
    by_source = sorted(runs, key=lambda run: (run.source, run.started_at))
    return [_row(source, list(of), start, days) for source, of in groupby(by_source, key=lambda run: run.source)]


def _row(source: str, runs: list[Run], start: str, days: float) -> Row:
    last = runs[-1]
    lately = [run for run in runs if run.started_at >= start]
    complaints = [str(drift) for drift in drifts(runs)]
    if last.finish_reason != "finished":
        complaints.insert(0, f"its last run ended early ({last.finish_reason})")
    if last.health:
        complaints.insert(0, last.health)
    if not lately:
        complaints.insert(0, f"it has not run for {days:g} days")
    elif len(lately) > 2 and not any(run.stored or run.unchanged for run in lately):
        complaints.insert(0, f"{len(lately)} runs brought nothing")
    return Row(
        source=source,
        runs=len(lately),
        last_run=last.started_at,
        ended=last.finish_reason,
        stored=sum(run.stored for run in lately),
        versions=sum(run.versions for run in lately),
        rejected=sum(sum(run.rejected.values()) for run in lately),
        failed=sum(sum(run.failed.values()) + sum(run.gone.values()) for run in lately),
        pages=sum(run.pages for run in lately),
        complaints=complaints,
        reserved=sorted(last.reserved),
    )


def learned_lines(runs: Iterable[Run]) -> dict[str, dict[str, int]]:
    """By source, the lines that its runs dropped because they recur, with how often: the most frequent first."""
    found: dict[str, Counter[str]] = {}
    for run in runs:
        if run.learned:
            found.setdefault(run.source, Counter()).update(run.learned)
    return {source: dict(found[source].most_common()) for source in sorted(found)}


def print_learned(console: Console, found: dict[str, dict[str, int]]) -> None:
    """Each line on one of its own below its count, so that the direction of the Arabic does not reorder the rest."""
    if not found:
        console.print("no line was dropped because it recurs")
    for source, lines in found.items():
        for line, count in lines.items():
            console.print(f"{source}: dropped {count} times:", markup=False, highlight=False)
            console.print(f"  {terminal_safe(line)}", markup=False, highlight=False)


def print_report(console: Console, rows: list[Row]) -> None:
    """The table, then every complaint in a sentence."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("source")
    for heading in ("runs", "stored", "changed", "rejected", "failed", "pages"):
        table.add_column(heading, justify="right")
    table.add_column("last run")
    table.add_column("ended")
    for row in rows:
        numbers = (row.runs, row.stored, row.versions, row.rejected, row.failed, row.pages)
        table.add_row(row.source, *map(str, numbers), row.last_run[:16].replace("T", " "), row.ended)
    console.print(table)
    for row in rows:
        if row.reserved:
            console.print(f"{row.source}: reserves {', '.join(row.reserved)}", markup=False, highlight=False)
        for complaint in row.complaints:
            console.print(f"{row.source}: {terminal_safe(complaint)}", style="yellow", markup=False, highlight=False)
