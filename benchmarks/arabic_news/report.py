"""The tables of docs/benchmark.md, between two marks of that page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scoring.metrics import LOWER_IS_BETTER, METRICS
from scoring.pages import ROOT

DOCS = ROOT / "docs" / "benchmark.md"
BEGIN, END = "<!-- results: python -m benchmarks.arabic_news --write -->", "<!-- end of the results -->"
_SETS = {
    "all": "All pages",
    "publishers": "Publishers' mark-up",
    "zoo": "Hard layouts",
    "cases": "Rebuilt reports",
    "changes": "Changed mark-up",
}


def tables(results: Sequence[dict[str, Any]]) -> str:
    """One table a set, an extractor a row, the best body first."""
    return "\n".join(line for name in _SETS for line in _table(name, results))


def write_table(results: Sequence[dict[str, Any]]) -> None:
    """Puts them into the page. ValueError for results of different manifests."""
    if len({result["manifest"] for result in results}) > 1:
        raise ValueError("the results are of different manifests: run every extractor again")
    text = DOCS.read_text("utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    DOCS.write_text(f"{head}{BEGIN}\n\n{tables(results)}\n{END}{tail}", "utf-8")


def _table(name: str, results: Sequence[dict[str, Any]]) -> Iterator[str]:
    rows = sorted(results, key=lambda result: -result["scores"][name]["f1"]["mean"])
    most = max(cell["pages"] for cell in rows[0]["scores"][name].values() if cell)
    yield f"### {_SETS[name]}"
    yield ""
    yield f"{most} pages at the most; a column counts those whose gold says so."
    yield ""
    yield f"| | {' | '.join(f'{metric} ↓' if metric in LOWER_IS_BETTER else metric for metric in METRICS)} |"
    yield f"|---|{'---|' * len(METRICS)}"
    for result in rows:
        cells = [result["scores"][name].get(metric) for metric in METRICS]
        yield f"| {result['extractor']} {result['version']} | {' | '.join(map(_cell, cells))} |"
    yield ""


def _cell(cell: dict[str, Any] | None) -> str:
    return f"{_short(cell['mean'])} <small>{_short(cell['low'])}–{_short(cell['high'])}</small>" if cell else "–"


def _short(value: float) -> str:
    return "1" if value > 0.9995 else f"{value:.3f}".lstrip("0")
