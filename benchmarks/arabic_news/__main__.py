"""The command: runs an extractor on every page, shows its scores, and keeps them for docs/benchmark.md."""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rich.console import Console
from rich.table import Table
from scoring.metrics import LOWER_IS_BETTER, METRICS

from .pages import MANIFEST, Page, pages, read_manifest, write_manifest
from .report import DOCS, write_table
from .scores import summary

_RESULTS = Path(__file__).with_name("results")
_WORKER = Path(__file__).with_name("worker.py")


def run(name: str, python: str, asked: Sequence[Page]) -> tuple[str, list[dict[str, Any]]]:
    """The version of an extractor, and its answers; CalledProcessError where it cannot be started."""
    lines = (
        json.dumps(
            {
                "html": base64.b64encode(page.html).decode(),
                "url": page.url,
                "headers": page.headers,
                "fetched_at": page.fetched_at,
            }
        )
        for page in asked
    )
    command = [python, str(_WORKER), name]
    done = subprocess.run(command, input="\n".join(lines), stdout=subprocess.PIPE, text=True, check=True)
    version, *answers = map(json.loads, done.stdout.splitlines())
    if len(answers) != len(asked):
        raise RuntimeError(f"{name} answered {len(answers)} of {len(asked)} pages")
    return version["version"], answers


def show(title: str, found: dict[str, dict[str, Any]]) -> None:
    """A table on the terminal: a row for each set, mean and interval in each cell."""
    table = Table(title=title)
    table.add_column("")
    for metric in METRICS:
        table.add_column(f"{metric} ↓" if metric in LOWER_IS_BETTER else metric, justify="right")
    for name, metrics in found.items():
        cells = [metrics.get(metric) for metric in METRICS]
        table.add_row(name, *(f"{c['mean']:.3f}\n{c['low']:.3f}-{c['high']:.3f}" if c else "-" for c in cells))
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """2 where an extractor cannot be started."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.arabic_news", description=main.__doc__)
    parser.add_argument("--extractor", metavar="NAME|MODULE:FUNCTION", help="what is measured")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has it (this one)")
    parser.add_argument("--set", action="append", metavar="SET", help="publishers, zoo, cases, changes (all)")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="also write each page's answer, as JSON Lines")
    parser.add_argument("--keep", action="store_true", help="keep the scores below results/, for docs/benchmark.md")
    parser.add_argument("--write", action="store_true", help="write the table of docs/benchmark.md from results/")
    parser.add_argument("--manifest", action="store_true", help="make the manifest anew from the tests' pages")
    given = parser.parse_args(arguments)
    if not (given.extractor or given.write or given.manifest):
        parser.error("what is to be done? --extractor, --manifest or --write")
    if given.manifest:
        print(f"{write_manifest()} rows in {MANIFEST.name}")
    if given.extractor:
        asked = [page for page in pages(read_manifest()) if not given.set or page.set in given.set]
        try:
            version, answers = run(given.extractor, given.python, asked)
        except subprocess.CalledProcessError as error:
            return error.returncode
        failed = sum("error" in answer for answer in answers)
        found = summary(asked, answers)
        show(f"{given.extractor} {version}: {len(asked)} pages, {failed} of them failed", found)
        if given.answers:
            rows = [{"id": page.id, **answer} for page, answer in zip(asked, answers, strict=True)]
            given.answers.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        if given.keep:
            result = {
                "extractor": given.extractor,
                "version": version,
                "measured": datetime.now(UTC).date().isoformat(),
                "manifest": sha256(MANIFEST.read_bytes()).hexdigest()[:12],
                "failed": failed,
                "scores": found,
            }
            _RESULTS.mkdir(exist_ok=True)
            file = _RESULTS / f"{given.extractor.replace(':', '-')}.json"
            file.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    if given.write:
        write_table([json.loads(file.read_text("utf-8")) for file in sorted(_RESULTS.glob("*.json"))])
        print(f"wrote the table of {DOCS.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
