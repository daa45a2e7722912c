"""What the pages about sources, trends and the whole corpus show, gathered from the index and the runs' summaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from newscrawl.browse import charts
from newscrawl.browse.entry import FIELDS
from newscrawl.browse.reader import Reader
from newscrawl.browse.schema import COUNTS
from newscrawl.browse.search import Search
from newscrawl.monitoring.report import Row, report
from newscrawl.monitoring.runs import Run, read_runs

#: How far back the small charts and the counts of runs look, in days.
SPARK_DAYS = 60
RUN_DAYS = 7
#: Days of the strip that shows how runs went.
STRIP_DAYS = 30
_HOW = ("went", "early", "unwell")
#: So many words can be compared; more lines nobody tells apart.
MOST_TRENDS = 5
_MOST_CELLS = 12


@dataclass(slots=True)
class SourceView:
    """A source in the corpus: its counts (schema.COUNTS), a small chart, how full its fields are, how its runs went."""

    name: str
    publisher: str
    country: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    daily: dict[int, int] = field(default_factory=dict)
    spark: str = ""
    recent: int = 0
    filled: dict[str, float] = field(default_factory=dict)
    row: Row | None = None
    strip: dict[str, str] = field(default_factory=dict)

    @property
    def complaints(self) -> list[str]:
        """Sentences on what is wrong."""
        return self.row.complaints if self.row else []

    def share(self, name: str) -> float:
        """The share of its articles that a count makes, 0 to 1."""
        return self.counts[name] / self.counts["articles"] if self.counts["articles"] else 0.0


@dataclass(slots=True)
class Card:
    """The corpus in figures; shares are of all articles, 0 to 1."""

    counts: dict[str, int]
    sources: int
    first: date | None
    last: date | None
    days: int
    filled: dict[str, float]
    languages: list[tuple[str, int]]
    agencies: list[tuple[str, int]]
    sections: list[tuple[str, int]]
    restrictions: list[tuple[str, int]]

    def share(self, name: str) -> float:
        """The share of the articles that a count makes."""
        return self.counts[name] / self.counts["articles"] if self.counts["articles"] else 0.0


@dataclass(slots=True)
class Trends:
    """Words over time, as articles of 1,000; `unit` is day, week or month."""

    buckets: list[charts.Bucket]
    series: list[charts.Series]
    top: float
    unit: str


def source_views(reader: Reader, runs: Sequence[Run], *, now: datetime) -> list[SourceView]:
    """Every source that has articles or runs, by name."""
    views = {
        row["name"]: SourceView(row["name"], row["publisher"] or row["name"], row["country"] or "")
        for row in reader.rows("SELECT name, publisher, country FROM source")
    }
    today = now.date()
    names = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)
    for row in reader.rows(
        f"SELECT source.name AS paper, {names} FROM daily JOIN source ON n = source GROUP BY source"
    ):
        views[row["paper"]].counts = {name: row[name] for name in COUNTS}
    since = today.toordinal() - SPARK_DAYS
    recent = "SELECT source.name, day, articles FROM daily JOIN source ON n = source WHERE day > ? AND articles > 0"
    for name, day, count in reader.rows(recent, (since,)):
        views[name].daily[day] = count
    filled = "SELECT source.name, tally.name, tally.n FROM tally JOIN source ON source.n = source WHERE kind = 'field'"
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for name, what, count in reader.rows(filled):
        counts[name][what] = count
    for lately in report(runs, now=now, days=RUN_DAYS):
        views.setdefault(lately.source, SourceView(lately.source, lately.source, "")).row = lately
    strips = health_strips(runs, today)
    for view in views.values():
        view.strip = strips.get(view.name, {})
        of = view.counts["articles"] or 1
        view.filled = {name: counts[view.name].get(name, 0) / of for name in FIELDS}
        view.spark = charts.sparkline(view.daily, today, SPARK_DAYS)
        view.recent = sum(view.daily.values())
    return sorted((v for v in views.values() if v.counts["articles"] or v.row), key=lambda view: view.name)


def health_strips(runs: Sequence[Run], today: date) -> dict[str, dict[str, str]]:
    """For each source its last STRIP_DAYS days by the worst run of the day, each kind as the path of an SVG."""
    worst: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for run in runs:
        back = (today - date.fromisoformat(run.started_at[:10])).days
        if 0 <= back < STRIP_DAYS:
            how = 2 if run.health else 1 if run.finish_reason != "finished" else 0
            worst[run.source][back] = max(how, worst[run.source].get(back, 0))
    strips = {}
    for source, days in worst.items():
        cells = sorted((STRIP_DAYS - 1 - back, how) for back, how in days.items())
        paths = {kind: "".join(f"M{4 * at + 2} 0v9" for at, how in cells if how == n) for n, kind in enumerate(_HOW)}
        strips[source] = {kind: path for kind, path in paths.items() if path}
    return strips


def card(reader: Reader) -> Card:
    """The whole corpus."""
    counts = reader.totals()
    first, last, days = reader.rows(
        "SELECT min(day), max(day), count(DISTINCT day) FROM daily WHERE articles > 0 AND day > 0"
    )[0]
    filled = dict(map(tuple, reader.rows("SELECT name, sum(n) FROM tally WHERE kind = 'field' GROUP BY name")))
    of = counts["articles"] or 1
    return Card(
        counts=counts,
        sources=reader.rows("SELECT count(DISTINCT source) FROM daily WHERE articles > 0")[0][0],
        first=date.fromordinal(first) if first else None,
        last=date.fromordinal(last) if last else None,
        days=days,
        filled={name: filled.get(name, 0) / of for name in FIELDS},
        languages=reader.tally("language"),
        agencies=reader.tally("agency", 20),
        sections=reader.tally("section", 20),
        restrictions=reader.tally("restriction"),
    )


def trends(reader: Reader, searches: Sequence[tuple[str, Search]]) -> Trends | None:
    """Each search over time; None while there are no articles. Days without a date are left out."""
    everything = dict(
        reader.timeline(Search(since=searches[0][1].since, until=searches[0][1].until) if searches else Search())
    )
    everything.pop(0, None)
    if not everything:
        return None
    first, last = date.fromordinal(min(everything)), date.fromordinal(max(everything))
    whole = charts.buckets(everything, first, last)
    shares = []
    for name, search in searches:
        found = charts.buckets(dict(reader.timeline(search)), first, last)
        values = [
            1000 * part.count / all_.count if all_.count else 0.0 for part, all_ in zip(found, whole, strict=True)
        ]
        shares.append((name, search, values))
    top = charts.ceiling(max((value for _, _, values in shares for value in values), default=0))
    lines = [charts.series(name, values, top, address=search.address()) for name, search, values in shares]
    return Trends(whole, lines, top, charts.unit_of(first, last))


def corrections(reader: Reader) -> list[charts.Bucket]:
    """New versions by the day that they were fetched."""
    rows = reader.rows("SELECT day, sum(corrections) AS n FROM daily GROUP BY day HAVING n > 0 AND day > 0")
    counts: dict[int, int] = dict(map(tuple, rows))
    if not counts:
        return []
    return charts.buckets(counts, date.fromordinal(min(counts)), date.fromordinal(max(counts)))


@dataclass(slots=True)
class Matrix:
    """Who reprints whom: `cells[row][column]` articles of the row's source resemble an earlier one of the column's."""

    rows: list[str]
    columns: list[str]
    cells: list[list[int]]
    top: int


def reprints(reader: Reader) -> Matrix:
    """The sources that take and give most; the earlier article must be in the corpus."""
    counts = {
        (taker, giver): count
        for taker, giver, count in reader.rows(
            "SELECT taker.name, giver.name, sum(times) FROM"
            " (SELECT copy.source AS a, first.source AS b, count(*) AS times FROM article AS copy"
            " JOIN article AS first ON first.id = copy.duplicate"
            " WHERE copy.duplicate IS NOT NULL GROUP BY 1, 2)"
            " JOIN source AS taker ON taker.n = a JOIN source AS giver ON giver.n = b GROUP BY 1, 2"
        )
    }

    def most(side: int) -> list[str]:
        sums: defaultdict[str, int] = defaultdict(int)
        for pair, count in counts.items():
            sums[pair[side]] += count
        return sorted(sorted(sums, key=lambda name: -sums[name])[:_MOST_CELLS])

    rows, columns = most(0), most(1)
    cells = [[counts.get((row, column), 0) for column in columns] for row in rows]
    return Matrix(rows, columns, cells, max((n for row in cells for n in row), default=0))


class Cached:
    """What takes long to gather, kept while neither the index nor the runs have changed."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._kept: dict[str, tuple[Any, Any]] = {}

    def _get(self, name: str, key: Any, make: Any) -> Any:
        kept = self._kept.get(name)
        if kept is None or kept[0] != key:
            kept = self._kept[name] = (key, make())
        return kept[1]

    def runs(self) -> list[Run]:
        """The summaries of all runs."""
        directory = self._reader.data_dir / "runs"
        key = directory.stat().st_mtime_ns if directory.is_dir() else None
        found: list[Run] = self._get("runs", key, lambda: read_runs(self._reader.data_dir))
        return found

    def reprints(self) -> Matrix:
        """As above."""
        found: Matrix = self._get("reprints", self._reader.generation(), lambda: reprints(self._reader))
        return found

    def sources(self) -> list[SourceView]:
        """As above."""
        now = datetime.now(UTC)
        runs = self.runs()
        key = (self._reader.generation(), id(runs), now.date(), now.hour)
        found: list[SourceView] = self._get("sources", key, lambda: source_views(self._reader, runs, now=now))
        return found
