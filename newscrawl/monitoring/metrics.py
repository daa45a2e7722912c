"""`metrics.prom` in the data directory, for the textfile collector of Prometheus' node exporter (the extra `alerts`).

The last run of each source as gauges; what all runs that are kept add up to as counters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.monitoring.report import Row, report
from newscrawl.monitoring.runs import Run
from newscrawl.storage import StorageError

if TYPE_CHECKING:
    from prometheus_client.core import Metric
    from prometheus_client.registry import Collector

FILE = "metrics.prom"
_DAYS = 7
# What runs count, by the label `outcome`.
_OUTCOMES: dict[str, Callable[[Run], int]] = {
    "stored": lambda run: run.stored,
    "changed": lambda run: run.versions,
    "unchanged": lambda run: run.unchanged,
    "near_duplicate": lambda run: run.near_duplicates,
    "duplicate": lambda run: sum(run.duplicates.values()),
    "rejected": lambda run: sum(run.rejected.values()),
    "failed": lambda run: sum(run.failed.values()),
    "gone": lambda run: sum(run.gone.values()),
    "blocked": lambda run: sum(run.blocked.values()),
    "postponed": lambda run: sum(run.postponed.values()),
    "left_out": lambda run: sum(run.left_out.values()),
}
_TOTALS: dict[str, tuple[str, Callable[[Run], float]]] = {
    "newscrawl_runs": ("Runs that have ended.", lambda _: 1),
    "newscrawl_pages": ("Responses that came, of any status.", lambda run: run.pages),
    "newscrawl_received_bytes": ("Bytes of the responses.", lambda run: run.bytes),
    "newscrawl_words": ("Words of the bodies that were stored.", lambda run: run.words),
    "newscrawl_log_errors": ("Errors in the log.", lambda run: run.errors),
}
_LAST: dict[str, tuple[str, Callable[[Run], float]]] = {
    "newscrawl_last_run_timestamp_seconds": (
        "When the last run ended, in seconds since 1970.",
        lambda run: datetime.fromisoformat(run.started_at).timestamp() + run.seconds,
    ),
    "newscrawl_last_run_duration_seconds": ("How long the last run took.", lambda run: run.seconds),
    "newscrawl_last_run_stored": ("Articles that the last run stored.", lambda run: run.stored),
    "newscrawl_last_run_finished": (
        "1 where the last run came to its end.",
        lambda run: run.finish_reason == "finished",
    ),
    "newscrawl_healthy": ("1 where the last run looks healthy.", lambda run: run.health is None),
}
_ARTICLES = ("newscrawl_articles", "Articles, by what came of them.")
_COMPLAINTS = ("newscrawl_complaints", "Sentences that the report has about a source: unhealthy, silent, drifting.")
_LABELS = ("source",)
#: Every metric by the name under which Prometheus has it.
NAMES = frozenset(
    {*_LAST, _COMPLAINTS[0], *(f"{name}_total" for name in (*_TOTALS, _ARTICLES[0]))},
)


def write_metrics(data_dir: Path, runs: Iterable[Run], now: datetime) -> bool:
    """Writes the file, whole or not at all; False where prometheus_client is not installed. StorageError."""
    try:
        from prometheus_client import CollectorRegistry, write_to_textfile
    except ImportError:
        return False
    registry = CollectorRegistry()
    registry.register(_collector(list(runs), now))
    try:
        write_to_textfile(str(data_dir / FILE), registry)
    except OSError as error:
        raise StorageError.of(error, data_dir / FILE) from error
    return True


def _collector(runs: list[Run], now: datetime) -> Collector:
    from prometheus_client.registry import Collector

    class Kept(Collector):
        def collect(self) -> Iterator[Metric]:
            return _metrics(runs, report(runs, now=now, days=_DAYS))

    return Kept()


def _metrics(runs: Iterable[Run], rows: Iterable[Row]) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    by_source = {
        source: list(each)
        for source, each in groupby(
            sorted(runs, key=lambda run: (run.source, run.started_at)), key=lambda run: run.source
        )
    }
    for name, (about, of_run) in _LAST.items():
        gauge = GaugeMetricFamily(name, about, labels=_LABELS)
        for source, its in by_source.items():
            gauge.add_metric([source], float(of_run(its[-1])))
        yield gauge
    complaints = GaugeMetricFamily(*_COMPLAINTS, labels=_LABELS)
    for row in rows:
        complaints.add_metric([row.source], len(row.complaints))
    yield complaints
    for name, (about, of_run) in _TOTALS.items():
        counter = CounterMetricFamily(name, about, labels=_LABELS)
        for source, its in by_source.items():
            counter.add_metric([source], sum(map(of_run, its)))
        yield counter
    articles = CounterMetricFamily(*_ARTICLES, labels=(*_LABELS, "outcome"))
    for source, its in by_source.items():
        for outcome, count in _OUTCOMES.items():
            articles.add_metric([source, outcome], sum(map(count, its)))
    yield articles
