"""How the cluster is doing: read from the queue and the plans, as JSON values and as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings

from newscrawl.cluster.orders import PAUSED
from newscrawl.cluster.queue import connect
from newscrawl.monitoring.terminal import terminal_safe
from newscrawl.spiders.planning import Planning
from newscrawl.storage.plans import Plan

Row = dict[str, Any]

_WORKERS = """
SELECT name, host, slots, data_dir, began, seen, extract(epoch FROM now() - seen)::int AS silent,
    (SELECT count(*) FROM newscrawl_crawls c JOIN procrastinate_jobs j ON j.id = c.job_id AND j.status = 'doing'
     WHERE c.worker = w.name AND c.ended IS NULL) AS crawls
FROM newscrawl_workers w ORDER BY host, name"""
_RUNNING = """
SELECT c.source, c.worker, c.began, extract(epoch FROM now() - c.began)::int AS seconds, c.pages, c.stored
FROM newscrawl_crawls c JOIN procrastinate_jobs j ON j.id = c.job_id AND j.status = 'doing'
WHERE c.ended IS NULL ORDER BY c.began"""
_WAITING = """
SELECT lock AS source, scheduled_at FROM procrastinate_jobs
WHERE status = 'todo' AND task_name = 'crawl' ORDER BY priority DESC, scheduled_at NULLS FIRST, id"""
_LAST = """
SELECT DISTINCT ON (source) source, code, sentence, ended FROM newscrawl_crawls
WHERE ended IS NOT NULL ORDER BY source, id DESC"""
_HOUR = """
SELECT coalesce(sum(stored), 0)::bigint AS articles, count(*) FILTER (WHERE ended IS NOT NULL) AS crawls
FROM newscrawl_crawls WHERE ended IS NULL OR ended > now() - interval '1 hour'"""


def read_status(url: str, settings: BaseSettings, *, stalled_after: int) -> Row:
    """Everything that is known of the cluster, as JSON values. StorageError when queue or state cannot be read.

    `workers` are alive unless `lost`; `running` crawls have their worker, age in seconds, pages and articles;
    `waiting` sources are due and wait for a slot, or for `at`; `failed` have the sentence and when they are tried
    again (null: when somebody says so); `articles_an_hour` counts the last hour's crawls and those under way.
    """
    with connect(url) as queue:
        workers, running, waiting, last, (hour,) = (
            queue.execute(query).fetchall() for query in (_WORKERS, _RUNNING, _WAITING, _LAST, _HOUR)
        )
    with Planning(settings) as planning:
        plans = planning.table.all()
    return {
        "at": _time(datetime.now(UTC)),
        "articles_an_hour": hour["articles"],
        "crawls_an_hour": hour["crawls"],
        "sources": len(plans),
        "workers": [
            {**row, "began": _time(row["began"]), "seen": _time(row["seen"]), "lost": row["silent"] > stalled_after}
            for row in workers
        ],
        "running": [{**row, "began": _time(row["began"])} for row in running],
        "waiting": [{"source": row["source"], "at": _time(row["scheduled_at"])} for row in waiting],
        "failed": _failed(plans, {row["source"]: row for row in last}),
        "paused": sorted(name for name, plan in plans.items() if plan.held == PAUSED),
        "next": _next(plans, {row["source"] for row in (*running, *waiting)}),
    }


def _failed(plans: Mapping[str, Plan], last: Mapping[str, psycopg.rows.DictRow]) -> list[Row]:
    return [
        {
            "source": name,
            "failures": plan.failures,
            "sentence": plan.held or (last[name]["sentence"] if name in last else None),
            "at": None if plan.held else _time(plan.due),
        }
        for name, plan in sorted(plans.items())
        if plan.held != PAUSED and (plan.held or plan.failures)
    ]


def _next(plans: Mapping[str, Plan], busy: set[str]) -> Row | None:
    ahead = [(plan.due, name) for name, plan in plans.items() if plan.held is None and name not in busy]
    if not ahead:
        return None
    due, name = min(ahead)
    return {"source": name, "at": _time(due)}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


def show_status(status: Row) -> Group:
    """The status for a terminal."""
    parts: list[Any] = [_headline(status)]
    if status["workers"]:
        parts.append(_workers(status["workers"]))
    if status["running"]:
        parts.append(_running(status["running"]))
    if status["failed"]:
        parts.append(_failures(status["failed"], status["at"]))
    for name in ("waiting", "paused"):
        if names := [row["source"] if isinstance(row, dict) else row for row in status[name]]:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            parts.append(Text(f"\n{name}: {', '.join(names[:_NAMED])}{more}"))
    if status["next"]:
        following = status["next"]
        parts.append(Text(f"\nnext: {following['source']} {_clock(following['at'], status['at'])}", style="dim"))
    return Group(*parts)


_NAMED = 12  # sources in a line of names


def _headline(status: Row) -> Text:
    alive = [row for row in status["workers"] if not row["lost"]]
    slots = sum(row["slots"] for row in alive)
    counts = {
        "workers": len(alive),
        "running": f"{len(status['running'])}/{slots}",
        "waiting": len(status["waiting"]),
        "failed": len(status["failed"]),
        "paused": len(status["paused"]),
        "sources": status["sources"],
        "articles/h": f"{status['articles_an_hour']:,}",
    }
    line = Text(no_wrap=True)
    for name, value in counts.items():
        alarm = "red" if value and name == "failed" else "bold"
        line.append(f"{value}", style=alarm).append(f" {name}  ", style="dim")
    return line


def _table(*headings: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for heading in headings:
        table.add_column(heading, no_wrap=True, justify="right" if heading in right else "left")
    return table


def _workers(rows: list[Row]) -> Table:
    table = _table("worker", "crawls", "slots", "up", "heard", right=("crawls", "slots", "up", "heard"))
    for row in rows:
        up = int((datetime.fromisoformat(row["seen"]) - datetime.fromisoformat(row["began"])).total_seconds())
        heard = f"lost, {_span(row['silent'])} ago" if row["lost"] else f"{_span(row['silent'])} ago"
        style = "red" if row["lost"] else ""
        table.add_row(row["name"], str(row["crawls"]), str(row["slots"]), _span(up), heard, style=style)
    return table


def _running(rows: list[Row]) -> Table:
    table = _table("running", "on", "for", "pages", "articles", right=("for", "pages", "articles"))
    for row in rows:
        figures = (_span(row["seconds"]), f"{row['pages']:,}", f"{row['stored']:,}")
        table.add_row(row["source"], row["worker"], *figures)
    return table


def _failures(rows: list[Row], now: str) -> Table:
    table = _table("failed", "times", "again", right=("times",))
    table.add_column("because", overflow="fold")
    for row in rows:
        again = _clock(row["at"], now) if row["at"] else "on retry"
        said = terminal_safe(row["sentence"] or "").removeprefix(f"{row['source']}: ")
        table.add_row(Text(row["source"], style="red"), str(row["failures"] or ""), again, Text(said))
    return table


def _span(seconds: int) -> str:
    """A length of time in its two largest units: 42s, 3m 20s, 5h 12m, 2d 4h."""
    for size, unit, smaller, part in ((86400, "d", 3600, "h"), (3600, "h", 60, "m"), (60, "m", 1, "s")):
        if seconds >= size:
            return f"{seconds // size}{unit} {seconds % size // smaller}{part}"
    return f"{max(seconds, 0)}s"


def _clock(moment: str, now: str) -> str:
    seconds = int((datetime.fromisoformat(moment) - datetime.fromisoformat(now)).total_seconds())
    return f"in {_span(seconds)}" if seconds > 0 else "now"
