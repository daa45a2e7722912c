"""How many small faults, put into the code by a program, the tests notice.

    make mutants                                              some of every module, into docs/mutants.md
    python benchmarks/mutants.py --sample 20 storage/jsonl    more of one
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
import ast
import hashlib
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from types import TracebackType
from typing import Self

from faults_made import Mutant, mutants_of
from forked_tests import Told
from scoring.report import machine, today, versions

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DOCS = ROOT / "docs" / "mutants.md"
KEPT = ROOT / "build" / "mutants.jsonl"
LEAST = 0.85
_SEED = 20_261_130
_SAMPLE = 6
_PATIENCE, _START_SECONDS = 10, 30
_PATIENCE_EACH = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A module, and pytest's arguments: the tests that should notice a fault in it."""

    module: str
    tests: str

    @property
    def files(self) -> list[str]:
        """The test files and directories among the arguments."""
        return [part for part in shlex.split(self.tests) if part.startswith("tests/")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a mutant: the test that killed it ("": it survived), and digests of the texts that this was true of:
    the module, the mutant, the test that killed it, the files of tests."""

    module: str
    of: str
    mutant: str
    change: str
    killed_by: str
    killer: str
    tests: dict[str, str]
    day: str


class Bench:
    """A copy of the tree in which faults are tried."""

    def __init__(self, directory: Path) -> None:
        self.tree = directory / "tree"
        subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(self.tree)], check=True)
        # What is not committed is tried, too.
        for name in ("newscrawl", "tests"):
            shutil.copytree(ROOT / name, self.tree / name, dirs_exist_ok=True)
        shared = ROOT.parent / "shared"
        if shared.exists():
            (directory / "shared").symlink_to(shared)
        environment = {**os.environ, "PYTHONPATH": str(self.tree), "PYTHONDONTWRITEBYTECODE": "1"}
        self._server = subprocess.Popen(
            [sys.executable, str(HERE / "forked_tests.py")],
            cwd=self.tree,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._temporary = directory / "t"
        self._unreliable: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait()

    def text(self, module: str) -> str:
        """A module without a fault."""
        return (self.tree / module).read_text(encoding="utf-8")

    @cache  # noqa: B019 - one bench a process
    def digest(self, name: str) -> str:
        """Of a file, or of all that lie in a directory."""
        path = self.tree / name
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        return _digest(b"".join(file.read_bytes() for file in files if file.suffix != ".pyc"))

    @cache  # noqa: B019 - one bench a process
    def digest_of_test(self, test: str) -> str:
        """Of a test's own lines; "" when there is none of this name."""
        file, _, name = test.partition("::")
        path = self.tree / file
        text = path.read_text(encoding="utf-8") if name and path.is_file() else ""
        wanted = name.partition("[")[0].rpartition("::")[2]
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == wanted:
                return _digest((ast.get_source_segment(text, node) or "").encode())
        return ""

    def run(self, tests: str, **order: object) -> Told:
        """The tests on the tree as it is."""
        arguments = ["-m", "not slow", f"--basetemp={self._temporary}", *shlex.split(tests)]
        arguments += [f"--deselect={test}" for test in self._unreliable]
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps({"arguments": arguments, **order}) + "\n")
        self._server.stdin.flush()
        return Told(**json.loads(self._server.stdout.readline()))

    def without_fault(self, tests: str, modules: Sequence[str]) -> Told:
        """How the tests do, and who reaches which line; tried twice, for what a busy machine can upset."""
        told = self.run(tests, traced=[str(self.tree / module) for module in modules])
        return self.run(tests) if told.failed else told

    def killer(self, mutant: Mutant, tests: str, healthy: Told) -> str:
        """The test that notices the fault, or ""; the copy is as before afterwards."""
        path = self.tree / mutant.module
        before = path.read_text(encoding="utf-8")
        while True:
            path.write_text(mutant.text, encoding="utf-8")
            try:
                told = self.run(
                    tests,
                    first=_order(mutant, healthy, str(path)),
                    seconds=_START_SECONDS + _PATIENCE * sum(healthy.seconds.values()),
                    each=_START_SECONDS + _PATIENCE_EACH * max(healthy.seconds.values()),
                )
            finally:
                path.write_text(before, encoding="utf-8")
            if told.failed not in healthy.seconds or self._passes_alone(told.failed):
                return told.failed
            print(f"left out, for it fails alone without a fault: {told.failed}", flush=True)
            self._unreliable.append(told.failed)

    @cache  # noqa: B019 - one bench a process
    def _passes_alone(self, test: str) -> bool:
        return not all(self.run(shlex.quote(test)).failed for _ in range(2))


def _order(mutant: Mutant, healthy: Told, path: str) -> list[str]:
    """Tests by whether they reach the changed lines, then by what they take."""
    first, last = mutant.lines
    reached = healthy.lines.get(path, {})

    def distance(test: str) -> int:
        lines = reached.get(test)
        if not lines:
            return 2
        return int(not any(first <= line <= last for line in lines))

    return sorted(healthy.seconds, key=lambda test: (distance(test), healthy.seconds[test]))


class Kept:
    """What was found so far, on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.totals: dict[tuple[str, str], int] = {}
        self._outcomes: dict[tuple[str, str, str], Outcome] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            record = json.loads(line)
            if "mutants" in record:
                self.totals[record["module"], record["of"]] = record["mutants"]
            else:
                outcome = Outcome(**record)
                self._outcomes[outcome.module, outcome.of, outcome.mutant] = outcome

    def _write(self, record: Mapping[str, object]) -> None:
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def add(self, outcome: Outcome) -> None:
        """Keeps what came of a mutant."""
        self._outcomes[outcome.module, outcome.of, outcome.mutant] = outcome
        self._write(asdict(outcome))

    def count(self, module: str, of: str, mutants: int) -> None:
        """Keeps how many mutants a module has."""
        self.totals[module, of] = mutants
        self._write({"module": module, "of": of, "mutants": mutants})

    def of(self, row: Row, bench: Bench) -> list[Outcome]:
        """What is known of a module and still true."""
        digest = _digest(bench.text(row.module).encode())
        found = [outcome for (module, of, _), outcome in self._outcomes.items() if (module, of) == (row.module, digest)]
        return [outcome for outcome in found if _still_holds(outcome, row, bench)]


def _still_holds(outcome: Outcome, row: Row, bench: Bench) -> bool:
    if outcome.killer:
        return bench.digest_of_test(outcome.killed_by) == outcome.killer
    return outcome.tests == {name: bench.digest(name) for name in row.files}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries the sample; 1 when too many survive, or tests fail without a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("only", nargs="*", help="part of a module's path")
    parser.add_argument("--sample", type=int, default=_SAMPLE, help="mutants of each module (%(default)s)")
    parser.add_argument("--write", action="store_true", help="put all that is known into docs/mutants.md")
    options = parser.parse_args(arguments)
    alike = _reasons("mutants_alike.tsv")
    rows = [Row(*row) for row in _table("mutants.tsv")]
    kept = Kept(KEPT)
    broken = []
    with tempfile.TemporaryDirectory() as directory, Bench(Path(directory)) as bench:
        chosen = [row for row in rows if not options.only or any(part in row.module for part in options.only)]
        for tests, group in groupby(chosen if options.sample else (), key=lambda row: row.tests):
            if not _measure(tests, list(group), options.sample, alike, bench, kept):
                broken.append(tests)
                print(f"fail without a fault: {tests}", flush=True)
        found = {row.module: [o for o in kept.of(row, bench) if (row.module, o.change) not in alike] for row in rows}
        totals = {row.module: kept.totals.get((row.module, _digest(bench.text(row.module).encode()))) for row in rows}
    counted = [outcome for row in chosen for outcome in found[row.module]]
    killed = sum(bool(outcome.killed_by) for outcome in counted)
    print(f"{killed} of {len(counted)} killed: {killed / max(len(counted), 1):.3f}")
    if options.write:
        _write(found, totals, alike)
    return int(bool(broken) or killed < LEAST * len(counted))


def _measure(
    tests: str, rows: Sequence[Row], sample: int, alike: Mapping[tuple[str, str], str], bench: Bench, kept: Kept
) -> bool:
    """Tries what is not known of modules that share their tests; False where these fail without a fault."""
    healthy: Told | None = None
    for row in rows:
        text = bench.text(row.module)
        of = _digest(text.encode())
        # A larger sample begins with the smaller.
        total, mutants = mutants_of(row.module, text, random.Random(f"{_SEED} {row.module}"))
        if kept.totals.get((row.module, of)) != total:
            kept.count(row.module, of, total)
        drawn = islice((mutant for mutant in mutants if (row.module, mutant.change) not in alike), sample)
        known = {outcome.mutant for outcome in kept.of(row, bench)}
        for mutant in drawn:
            if _digest(mutant.text.encode()) in known:
                continue
            if healthy is None:
                healthy = bench.without_fault(tests, [other.module for other in rows])
                if healthy.failed:
                    return False
            killed_by = bench.killer(mutant, tests, healthy)
            outcome = Outcome(
                module=row.module,
                of=of,
                mutant=_digest(mutant.text.encode()),
                change=mutant.change,
                killed_by=killed_by,
                killer=bench.digest_of_test(killed_by),
                tests={name: bench.digest(name) for name in row.files},
                day=today(),
            )
            kept.add(outcome)
        now = [outcome for outcome in kept.of(row, bench) if (row.module, outcome.change) not in alike]
        dead = sum(bool(outcome.killed_by) for outcome in now)
        print(f"{row.module}: {dead} of {len(now)} killed, {total} in all", flush=True)
        for outcome in now:
            if not outcome.killed_by:
                print(f"    survived: {outcome.change}", flush=True)
    return True


def _reasons(name: str) -> dict[tuple[str, str], str]:
    return {(module, change): why for module, change, why in _table(name)}


def _table(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _because(why: str | None) -> str:
    return f": {why}" if why else ""


def _write(
    found: Mapping[str, Sequence[Outcome]], totals: Mapping[str, int | None], alike: Mapping[tuple[str, str], str]
) -> None:
    outcomes = [outcome for of in found.values() for outcome in of]
    if not outcomes:
        raise SystemExit("nothing was measured that still holds")
    killed = sum(bool(outcome.killed_by) for outcome in outcomes)
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
    DOCS.write_text(
        f"""\
# Faults that the tests notice

Measured on {" to ".join(sorted({days[0], days[-1]}))} on {machine()} with {versions(())}:
**{killed} of {len(outcomes)} mutants killed ({killed / len(outcomes):.1%})**, in {measured} of {len(found)} modules.
`make mutants` measures again what has changed since, and writes this page.

A mutant is the program with one small fault in it: a comparison turned or moved by one, `not` added, `and` for `or`, a
number changed, an exception that is not caught, a loop that is not entered, a call left out. It is killed when a test
fails. Of each module some are drawn with a fixed seed; the tests that should notice are in `benchmarks/mutants.tsv`.

| module | mutants | tried | killed |
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
