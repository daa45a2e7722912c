"""How many small faults, put into the code by a program, the tests notice.

    make mutants                                              some of every module, into docs/mutants.md
    python benchmarks/mutants.py --sample 20 storage/jsonl    more of one
    python benchmarks/mutants.py --seed 7                     others than those that tests were written for
    python benchmarks/mutants.py --sample 0 --write           the page, from what was measured before

The faults are those of faults_made.py. Each goes into a copy of the tree, and the tests that benchmarks/mutants.tsv
names for the module run on it: those first that reach the changed lines, the quick ones before the slow. A mutant is
killed when one of them fails, or takes far longer than it does without a fault. A test that kills must pass alone
without the fault. Mutants that no test can tell from the original are named with the reason in
benchmarks/mutants_alike.tsv and not counted; why other survivors are left stands in benchmarks/mutants_left.tsv.

What comes of each mutant is kept at once in build/mutants.jsonl, so that modules can be measured in turns and a run
that was ended goes on. It counts as long as the module is as it was, and of a killed one the test that killed it, of a
survivor all files of tests that are named.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from faults_made import Mutant, mutants_of
from forked_tests import Told
from mutant_bench import HERE, ROOT, Bench, Kept, Outcome, Row, digest
from scoring.report import machine, today, versions

DOCS = ROOT / "docs" / "mutants.md"
KEPT = ROOT / "build" / "mutants.jsonl"
LEAST = 0.85
# The second and third were drawn when tests for what the first had found were written.
_SEEDS = (20_261_130, 7, 11)
_SAMPLE = 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries the sample; 1 when too many survive, or tests fail without a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("only", nargs="*", help="part of a module's path")
    parser.add_argument("--sample", type=int, default=_SAMPLE, help="mutants of each module and seed (%(default)s)")
    parser.add_argument("--seed", type=int, action="append", help=f"other numbers draw others ({_SEEDS})")
    parser.add_argument("--write", action="store_true", help="put all that is known into docs/mutants.md")
    options = parser.parse_args(arguments)
    alike = _reasons("mutants_alike.tsv")
    rows = [Row(*row) for row in _table("mutants.tsv")]
    draw = Draw(options.seed or _SEEDS, options.sample, alike)
    kept = Kept(KEPT)
    broken = []
    with tempfile.TemporaryDirectory() as directory, Bench(Path(directory)) as bench:
        chosen = [row for row in rows if not options.only or any(part in row.module for part in options.only)]
        for tests, group in groupby(chosen if options.sample else (), key=lambda row: row.tests):
            if not _measure(tests, list(group), draw, bench, kept):
                broken.append(tests)
                print(f"fail without a fault: {tests}", flush=True)
        found = {row.module: [o for o in kept.of(row, bench) if (row.module, o.change) not in alike] for row in rows}
        totals = {row.module: kept.totals.get((row.module, digest(bench.text(row.module).encode()))) for row in rows}
    counted = [outcome for row in chosen for outcome in found[row.module]]
    killed = sum(bool(outcome.killed_by) for outcome in counted)
    print(f"{killed} of {len(counted)} killed: {killed / max(len(counted), 1):.3f}")
    if options.write:
        _write(found, totals, alike, kept)
    return int(bool(broken) or killed < LEAST * len(counted))


@dataclass(frozen=True, slots=True)
class Draw:
    """Which mutants are tried: so many of each module by each seed, but for those that are like the original."""

    seeds: Sequence[int]
    sample: int
    alike: Mapping[tuple[str, str], str]

    def of(self, module: str, text: str, tried: set[str]) -> tuple[int, list[Mutant]]:
        """How many there are, and those that are tried, the ones that were before among them."""
        found: dict[str, Mutant] = {}
        total, left = 0, set(tried)
        for seed in self.seeds:
            # A larger sample begins with the smaller.
            total, mutants = mutants_of(module, text, random.Random(f"{seed} {module}"))
            found |= {digest(mutant.text.encode()): mutant for mutant in _drawn(mutants, self.sample, left)}
            # All that were tried are found with the first seed, which goes through the module for them.
            left -= found.keys()
        return total, list(found.values())


def _measure(tests: str, rows: Sequence[Row], draw: Draw, bench: Bench, kept: Kept) -> bool:
    """Tries what is not known of modules that share their tests; False where these fail without a fault."""
    healthy: Told | None = None
    for row in rows:
        text = bench.text(row.module)
        of = digest(text.encode())
        total, drawn = draw.of(row.module, text, kept.tried(row.module, of))
        if kept.totals.get((row.module, of)) != total:
            kept.count(row.module, of, total)
        known = {outcome.mutant for outcome in kept.of(row, bench)}
        for mutant in drawn:
            if digest(mutant.text.encode()) in known or (row.module, mutant.change) in draw.alike:
                continue
            if healthy is None:
                healthy = bench.without_fault(tests, [other.module for other in rows])
                if healthy.failed:
                    return False
            killed_by = bench.killer(mutant, tests, healthy)
            outcome = Outcome(
                module=row.module,
                of=of,
                mutant=digest(mutant.text.encode()),
                change=mutant.change,
                killed_by=killed_by,
                killer=bench.digest_of_test(killed_by),
                tests={name: bench.digest_of_file(name) for name in row.files},
                day=today(),
            )
            kept.add(outcome)
        now = [outcome for outcome in kept.of(row, bench) if (row.module, outcome.change) not in draw.alike]
        dead = sum(bool(outcome.killed_by) for outcome in now)
        print(f"{row.module}: {dead} of {len(now)} killed, {total} in all", flush=True)
        for outcome in now:
            if not outcome.killed_by:
                print(f"    survived: {outcome.change}", flush=True)
    return True


def _drawn(mutants: Iterator[Mutant], sample: int, tried: set[str]) -> Iterator[Mutant]:
    """The first ones, and all that were tried before: else a survivor would be left out once its tests have changed."""
    left = set(tried)
    for number, mutant in enumerate(mutants):
        name = digest(mutant.text.encode())
        if number < sample or name in left:
            left.discard(name)
            yield mutant
        elif not left:
            return


def _reasons(name: str) -> dict[tuple[str, str], str]:
    return {(module, change): why for module, change, why in _table(name)}


def _table(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _because(why: str | None) -> str:
    return f": {why}" if why else ""


def _write(
    found: Mapping[str, Sequence[Outcome]],
    totals: Mapping[str, int | None],
    alike: Mapping[tuple[str, str], str],
    kept: Kept,
) -> None:
    outcomes = [outcome for of in found.values() for outcome in of]
    if not outcomes:
        raise SystemExit("nothing was measured that still holds")
    killed = sum(bool(outcome.killed_by) for outcome in outcomes)
    first = sum(map(kept.killed_at_first, outcomes))
    days = sorted({outcome.day for outcome in outcomes})
    lines = []
    for module, of in found.items():
        dead = sum(bool(outcome.killed_by) for outcome in of)
        lines.append(f"| `{module}` | {totals[module] or '–'} | {len(of) or '–'} | {dead if of else '–'} |")
    why_left = _reasons("mutants_left.tsv")
    left = [
        f"* `{outcome.module}`: `{outcome.change}`{_because(why_left.get((outcome.module, outcome.change)))}"
        for outcome in outcomes
        if not outcome.killed_by
    ]
    same = [f"* `{module}`: `{change}`: {why}" for (module, change), why in alike.items()]
    measured = sum(bool(of) for of in found.values())
    seeds = ", ".join(map(str, _SEEDS))
    DOCS.write_text(
        f"""\
# Faults that the tests notice

Measured on {" to ".join(sorted({days[0], days[-1]}))} on {machine()} with {versions(())}:
**{killed} of {len(outcomes)} mutants killed ({killed / len(outcomes):.1%})**, in {measured} of {len(found)} modules.
When each was first tried, before tests were written for what had survived, it was {first}
({first / len(outcomes):.1%}): what a fresh draw would give lies between the two.
Modules with – are not measured so far.
`make mutants` measures again what has changed since, and writes this page.

A mutant is the program with one small fault in it: a comparison turned or moved by one, `not` added, `and` for `or`, a
number changed, an exception that is not caught, a loop that is not entered, a call left out. It is killed when a test
fails. Of each module some are drawn, by the seeds {seeds}; the tests that should notice are in
`benchmarks/mutants.tsv`: those of the module's own, not all that run its code, and mostly on SQLite alone, so that a
survivor here may well be noticed by others.

| module | places for a fault | tried | killed |
|---|---:|---:|---:|
{chr(10).join(lines)}

## Survivors

{chr(10).join(left or ["None."])}

## Not counted, because nobody could tell them from the original

{chr(10).join(same or ["None."])}
""",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
