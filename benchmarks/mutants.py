"""How many small faults, put into the code by a program, the tests notice.

    make mutants                                              some of every module, as docs/mutants.md has them
    python benchmarks/mutants.py --sample 20 storage/jsonl    more of one

cosmic-ray makes the faults: a comparison turned or moved by one, `not` added, `and` for `or`, a number changed, an
exception that is not caught, a loop that is not entered; and, made here, a call that is left out. Each goes into a copy
of the tree, and the tests that benchmarks/mutants.tsv names for the module run on it. A mutant is killed when they
fail, or take ten times as long. Survivors that no test can tell from the original are named with the reason in
benchmarks/mutants_alike.tsv.
"""

from __future__ import annotations

import argparse
import difflib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from scoring.report import machine, today, versions

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DOCS = ROOT / "docs" / "mutants.md"
LEAST = 0.85
_SEED = 20_261_130
_SAMPLE = 6
_PATIENCE, _START_SECONDS = 10, 30
_COMPARED = ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt")
# The star of a parameter list, which cosmic-ray takes for a product.
_BARE_STAR_DIVIDED = re.compile(r"^\+.*(\(|, )/, ")
_WANTED = {
    *(f"core/ReplaceComparisonOperator_{kind}" for kind in (*_COMPARED, "Is_IsNot", "IsNot_Is")),
    *(f"core/ReplaceBinaryOperator_{kind}" for kind in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul")),
    *(f"core/{kind}" for kind in ("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr")),
    *(f"core/{kind}" for kind in ("ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak")),
    *(f"core/{kind}" for kind in ("ExceptionReplacer", "NumberReplacer", "ZeroIterationForLoop")),
    "core/ReplaceUnaryOperator_Delete_Not",
}


class LeaveOutCall(Operator):  # type: ignore[misc]  # cosmic-ray has no types
    """A statement that is a call, left out."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Where the statement stands."""
        if node.type == "simple_stmt" and _is_call(node.children[0]):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 - a statement has one place
        """The statement without the call."""
        indented = node.get_first_leaf().prefix
        return parso.parse(f"{indented}pass\n").children[0]  # type: ignore[no-untyped-call]

    @classmethod
    def examples(cls) -> Sequence[Any]:
        """None: the benchmark's own."""
        return ()


def _is_call(node: Any) -> bool:
    if node.type == "await_expr" or node.type == "await":
        return _is_call(node.children[-1])
    last = node.children[-1] if node.type in ("power", "atom_expr") else None
    return last is not None and last.type == "trailer" and last.children[0].value == "("


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: the module's text with it, and the lines that differ."""

    module: str
    text: str
    change: str


def mutants_of(module: str) -> list[Mutant]:
    """Every mutant of a module, each text once; nothing outside functions."""
    text = (ROOT / module).read_text(encoding="utf-8")
    operators: list[Operator] = [get_operator(name)() for name in sorted(operator_names()) if name in _WANTED]
    found: dict[str, Mutant] = {}
    for operator in [*operators, LeaveOutCall()]:
        for mutated in _all_of(operator, text):
            if mutated in found or mutated == text:
                continue
            lines = list(difflib.unified_diff(text.splitlines(), mutated.splitlines(), n=0, lineterm=""))[3:]
            is_inside = all(line[1:].startswith((" ", "\t")) for line in lines)
            if is_inside and not any(_BARE_STAR_DIVIDED.search(line) for line in lines):
                change = " → ".join(line[1:].strip() for line in lines)
                found[mutated] = Mutant(module, mutated, change)
    return list(found.values())


def _all_of(operator: Operator, text: str) -> Iterator[str]:
    for number in count():
        try:
            mutated = MutationVisitor.mutate_code(text, operator, number)
        except AttributeError:  # cosmic-ray 8.7 cannot replace an exception whose name has a dot
            continue
        if mutated is None:
            return
        yield mutated


class Bench:
    """A copy of the tree in which faults are tried."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(tree)], check=True)
        # What is not committed is tried, too.
        for name in ("newscrawl", "tests"):
            shutil.copytree(ROOT / name, tree / name, dirs_exist_ok=True)
        shared = ROOT.parent / "shared"
        if shared.exists():
            (tree.parent / "shared").symlink_to(shared)

    def passes(self, tests: str, seconds: float | None = None) -> bool:
        """Whether the tests pass in time."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-m",
            "not slow",
            "-p",
            "no:cacheprovider",
            *tests.split(),
        ]
        environment = {**os.environ, "PYTHONPATH": str(self.tree), "PYTHONDONTWRITEBYTECODE": "1"}
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=self.tree, env=environment, stdout=quiet, stderr=quiet)
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            process.kill()
            process.wait()

    def kills(self, mutant: Mutant, tests: str, seconds: float) -> bool:
        """Whether the tests notice the fault; the copy is as before afterwards."""
        path = self.tree / mutant.module
        before = path.read_text(encoding="utf-8")
        path.write_text(mutant.text, encoding="utf-8")
        try:
            return not self.passes(tests, seconds)
        finally:
            path.write_text(before, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries the sample; 1 when too many survive."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("only", nargs="*", help="part of a module's path")
    parser.add_argument("--sample", type=int, default=_SAMPLE, help="mutants of each module (%(default)s)")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/mutants.md")
    options = parser.parse_args(arguments)
    alike = {(row[0], row[1]): row[2] for row in _rows("mutants_alike.tsv")}
    rows, survivors = [], []
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(Path(directory) / "tree")
        for module, tests in _rows("mutants.tsv"):
            if options.only and not any(part in module for part in options.only):
                continue
            mutants = mutants_of(module)
            sample = random.Random(f"{_SEED} {module}").sample(mutants, min(options.sample, len(mutants)))
            started = time.monotonic()
            # A second time, for what a busy machine can upset.
            if not (bench.passes(tests) or bench.passes(tests)):
                raise SystemExit(f"{tests} fail without a fault")
            patience = _START_SECONDS + _PATIENCE * (time.monotonic() - started)
            told = [mutant for mutant in sample if (module, mutant.change) not in alike]
            left = [mutant for mutant in told if not bench.kills(mutant, tests, patience)]
            rows.append((module, len(mutants), len(told), len(told) - len(left)))
            survivors += left
            print(f"{module}: {len(told) - len(left)} of {len(told)} killed, {len(mutants)} in all", flush=True)
            for mutant in left:
                print(f"    survived: {mutant.change}", flush=True)
    tried, killed = sum(row[2] for row in rows), sum(row[3] for row in rows)
    print(f"{killed} of {tried} killed: {killed / max(tried, 1):.3f}")
    if options.write:
        _write(rows, survivors, alike)
    return int(killed < LEAST * tried)


def _rows(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _write(
    rows: Sequence[tuple[str, int, int, int]], survivors: Sequence[Mutant], alike: dict[tuple[str, str], str]
) -> None:
    tried, killed = sum(row[2] for row in rows), sum(row[3] for row in rows)
    lines = [f"| `{module}` | {total} | {of} | {dead} |" for module, total, of, dead in rows]
    left = [f"* `{mutant.module}`: `{mutant.change}`" for mutant in survivors] or ["None."]
    same = [f"* `{module}`: `{change}`: {why}" for (module, change), why in alike.items()] or ["None."]
    DOCS.write_text(
        f"""\
# Faults that the tests notice

Measured on {today()} on {machine()} with {versions(())}: **{killed} of {tried} mutants killed ({killed / tried:.0%})**.
`make mutants` measures again and writes this page.

A mutant is the program with one small fault in it: a comparison turned or moved by one, `not` added, `and` for `or`, a
number changed, an exception that is not caught, a loop that is not entered, a call left out. It is killed when a test
fails. Of each module some are drawn with a fixed seed; the tests that should notice are in `benchmarks/mutants.tsv`.

| module | mutants | tried | killed |
|---|---:|---:|---:|
{chr(10).join(lines)}

## Survivors

{chr(10).join(left)}

## Not counted, because nobody could tell them from the original

{chr(10).join(same)}
""",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
