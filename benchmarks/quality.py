"""How exactly articles are extracted, and whether that is as exact as it was.

    python benchmarks/quality.py             scores, and exit code 1 below the floors of tests/quality_floors.json
    python benchmarks/quality.py --pages     every page that is not perfect, worst first
    python benchmarks/quality.py --write     the same scores into docs/quality.md
    python benchmarks/quality.py --raise     floors up to today's scores; never down: that takes an editor
    python benchmarks/quality.py --accept    today's pages of the repository become those that the floors are for

Every page is read twice: with the publisher's rules, where there are any, and without. Peers are scored on the same
pages where their environments exist (benchmarks/scoring/peers.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from rich.console import Console
from rich.table import Table
from scoring import peers
from scoring.metrics import LOWER_IS_BETTER, METRICS, Answer, Scores, judge, means
from scoring.pages import ROOT, SHARED, Page, PageSet, repository_sets, shared_sets
from scoring.report import score_table, write_quality

from newscrawl import extract
from newscrawl.extraction.page.page import PageError

FLOORS = ROOT / "tests" / "quality_floors.json"
MODES = ("rules", "generic")
#: Scores are kept, compared and printed to this many digits.
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One way of extracting, scored on every page of a set."""

    system: str
    scores: list[Scores]

    @property
    def label(self) -> str:
        """What tables call it."""
        return f"newscrawl, {self.system}" if self.system in MODES else self.system

    @property
    def means(self) -> dict[str, float]:
        """The mean of every metric."""
        return means(self.scores)


@dataclass(frozen=True, slots=True)
class Result:
    """A set of pages and how everyone did on it; newscrawl's rows are named after MODES."""

    pages: PageSet
    rows: list[Row]

    @property
    def title(self) -> str:
        """What tables call it."""
        return f"{self.pages.name}: {len(self.pages.pages)} pages, {self.pages.about}"


def newscrawl_answer(page: Page, *, generic: bool) -> Answer:
    """What newscrawl makes of a page; nothing where it says that there is no page in the bytes."""
    try:
        article = extract(page.path.read_bytes(), url=page.url, generic=generic, fetched_at=page.fetched_at)
    except PageError:
        return Answer()
    return Answer(
        title=article.title,
        paragraphs=(article.body or "").split("\n") if article.body else (),
        authors=article.authors,
        published=article.published_at,
    )


def measure(sets: Sequence[PageSet], told: Mapping[str, Sequence[tuple[Answer, float]]]) -> list[Result]:
    """The scores of newscrawl and of the peers, who have been asked about all pages of all sets."""
    results = []
    start = 0
    for pages in sets:
        rows = [
            Row(mode, [judge(page.truth, newscrawl_answer(page, generic=mode == "generic")) for page in pages.pages])
            for mode in MODES
        ]
        for name, answers in told.items():
            part = [answer for answer, _ in answers[start : start + len(pages.pages)]]
            scores = [judge(page.truth, answer) for page, answer in zip(pages.pages, part, strict=True)]
            rows.append(Row(name, [score.without(_never_given(part)) for score in scores]))
        results.append(Result(pages, rows))
        start += len(pages.pages)
    return results


def _never_given(answers: Sequence[Answer]) -> set[str]:
    """The metrics of what a program never gives: it does not try, so it is not scored."""
    no_dates = not any(answer.published for answer in answers)
    no_authors = not any(answer.authors for answer in answers)
    return ({"day", "wrong_day", "instant"} if no_dates else set()) | ({"authors"} if no_authors else set())


def faults(results: Sequence[Result], floors: dict[str, Any]) -> Iterator[str]:
    """One line for every score that is worse than its floor and for every set of pages that is not the agreed one."""
    seen = {result.pages.name: result for result in results}
    today = {name: result.pages.fingerprint for name, result in seen.items() if result.pages.fingerprint}
    for name in sorted({*floors["pages"], *today}):
        if floors["pages"].get(name) != today.get(name):
            yield f"{name}: the pages or what is expected of them changed; look at what did, then run with --accept"
    for name, result in seen.items():
        for row in result.rows:
            if row.system not in MODES:
                continue
            agreed = floors["floors"].get(name, {}).get(row.system)
            if agreed is None:
                yield f"{name}, {row.system}: there are no floors; run with --raise"
                continue
            for metric, score in row.means.items():
                if is_worse(metric, score, agreed[metric]):
                    bound = "above" if metric in LOWER_IS_BETTER else "below"
                    yield f"{name}, {row.system}: {metric} {score:.{DIGITS + 1}f} is {bound} {agreed[metric]}"


def is_worse(metric: str, score: float, agreed: float) -> bool:
    """Whether a score is on the wrong side of its floor."""
    return score > agreed + 1e-9 if metric in LOWER_IS_BETTER else score < agreed - 1e-9


def raised(results: Sequence[Result], floors: dict[str, Any]) -> dict[str, Any]:
    """The floors with every better score put in its floor's place, rounded so that the same score passes again."""
    scale = 10**DIGITS
    levels = {name: {mode: dict(values) for mode, values in modes.items()} for name, modes in floors["floors"].items()}
    for result in results:
        for row in result.rows:
            if row.system not in MODES:
                continue
            agreed = levels.setdefault(result.pages.name, {}).setdefault(row.system, {})
            for metric, score in row.means.items():
                if metric not in agreed or is_worse(metric, agreed[metric], score):
                    rounded = ceil(score * scale - 1e-9) if metric in LOWER_IS_BETTER else floor(score * scale + 1e-9)
                    agreed[metric] = rounded / scale
    return {**floors, "floors": levels}


def accepted(results: Sequence[Result], floors: dict[str, Any]) -> dict[str, Any]:
    """The floors with today's fingerprints of the repository's pages."""
    return {**floors, "pages": {r.pages.name: r.pages.fingerprint for r in results if r.pages.fingerprint}}


def show(results: Sequence[Result], console: Console) -> None:
    """The tables, one a set; the best score of a column in bold."""
    for result in results:
        table = Table(title=result.title)
        table.add_column("")
        for metric in METRICS:
            table.add_column(f"{metric} ↓" if metric in LOWER_IS_BETTER else metric, justify="right")
        rows = [(row, row.means) for row in result.rows]
        for row, values in rows:
            cells = []
            for metric in METRICS:
                column = [other[metric] for _, other in rows if metric in other]
                best = min(column, default=0) if metric in LOWER_IS_BETTER else max(column, default=0)
                text = f"{values[metric]:.{DIGITS}f}" if metric in values else "-"
                cells.append(f"[bold]{text}[/]" if values.get(metric) == best else text)
            table.add_row(row.label, *cells)
        console.print(table)


def show_pages(results: Sequence[Result], console: Console) -> None:
    """Every page on which newscrawl is not perfect, worst first, with what is wrong."""
    for result in results:
        for row in result.rows:
            if row.system not in MODES:
                continue
            for page, score in sorted(
                zip(result.pages.pages, row.scores, strict=True), key=lambda p: p[1].values["f1"]
            ):
                wrong = [
                    f"{metric} {value:.{DIGITS}f}"
                    for metric, value in score.values.items()
                    if value != (0 if metric in LOWER_IS_BETTER else 1)
                ]
                if wrong:
                    leaks = f"  leaks: {score.leaks[:3]}" if score.leaks else ""
                    console.print(
                        f"{result.pages.name} {row.system} {page.name}: {', '.join(wrong)}{leaks}", markup=False
                    )


def read_floors() -> dict[str, Any]:
    """The floors, or none yet."""
    if not FLOORS.is_file():
        return {"pages": {}, "floors": {}}
    floors: dict[str, Any] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def main(arguments: Sequence[str] | None = None) -> int:
    """Scores, shows, writes; 1 when something is worse than its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", action="store_true", help="list the pages that are not perfect")
    parser.add_argument("--write", action="store_true", help="write docs/quality.md")
    parser.add_argument("--raise", dest="lift", action="store_true", help="raise the floors to today's scores")
    parser.add_argument("--accept", action="store_true", help="accept today's pages of the repository")
    parser.add_argument("--no-peers", action="store_true", help="score newscrawl alone")
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 140)
    shared = shared_sets()
    if not shared:
        console.print(f"SKIPPED: the real pages, because there is no {SHARED}", style="bold red", markup=False)
    names = [] if options.no_peers else peers.installed()
    if not names and not options.no_peers:
        console.print(
            f"SKIPPED: the peers, because none is installed in {peers.folder()}", style="yellow", markup=False
        )
    sets = [*repository_sets(), *shared]
    told = peers.ask([page for pages in sets for page in pages.pages], names) if names else peers.Told({}, {})
    for name, failure in told.failures.items():
        console.print(f"SKIPPED: {name}, because {failure}", style="yellow", markup=False)
    results = measure(sets, told.answers)
    show(results, console)
    if options.pages:
        show_pages(results, console)
    floors = read_floors()
    if options.accept:
        floors = accepted(results, floors)
    if options.lift:
        floors = raised(results, floors)
    if options.accept or options.lift:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    if options.write:
        tables = [score_table(r.title, [(row.label, row.means) for row in r.rows]) for r in results]
        console.print(f"wrote {write_quality(tables, told.answers).relative_to(ROOT)}")
    failed = list(faults(results, floors))
    for fault in failed:
        console.print(fault, style="red", markup=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
