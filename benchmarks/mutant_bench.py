"""Where mutants are tried, and what is known of them: for mutants.py."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from faults_made import Mutant
from forked_tests import Told

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
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
    def digest_of_file(self, name: str) -> str:
        """Of a file, or of all files of a directory."""
        path = self.tree / name
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        return digest(b"".join(file.read_bytes() for file in files if file.suffix != ".pyc"))

    @cache  # noqa: B019 - one bench a process
    def digest_of_test(self, test: str) -> str:
        """Of a test's own lines; "" when there is none of this name."""
        file, _, name = test.partition("::")
        path = self.tree / file
        text = path.read_text(encoding="utf-8") if name and path.is_file() else ""
        wanted = name.partition("[")[0].rpartition("::")[2]
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == wanted:
                return digest((ast.get_source_segment(text, node) or "").encode())
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
        self._at_first: dict[str, bool] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            record = json.loads(line)
            if "mutants" in record:
                self.totals[record["module"], record["of"]] = record["mutants"]
            else:
                self._take(Outcome(**record))

    def _write(self, record: Mapping[str, object]) -> None:
        self._path.parent.mkdir(exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def add(self, outcome: Outcome) -> None:
        """Keeps what came of a mutant."""
        self._take(outcome)
        self._write(asdict(outcome))

    def _take(self, outcome: Outcome) -> None:
        self._outcomes[outcome.module, outcome.of, outcome.mutant] = outcome
        self._at_first.setdefault(outcome.mutant, bool(outcome.killed_by))

    def killed_at_first(self, outcome: Outcome) -> bool:
        """Whether the mutant was killed when it was first tried, before tests were written for what survived."""
        return self._at_first[outcome.mutant]

    def count(self, module: str, of: str, mutants: int) -> None:
        """Keeps how many mutants a module has."""
        self.totals[module, of] = mutants
        self._write({"module": module, "of": of, "mutants": mutants})

    def tried(self, module: str, of: str) -> set[str]:
        """The mutants of a module's text that were tried, whether what came of it is still true or not."""
        return {mutant for (*place, mutant) in self._outcomes if tuple(place) == (module, of)}

    def of(self, row: Row, bench: Bench) -> list[Outcome]:
        """What is known of a module and still true."""
        here = row.module, digest(bench.text(row.module).encode())
        found = [outcome for (*place, _), outcome in self._outcomes.items() if tuple(place) == here]
        return [outcome for outcome in found if _still_holds(outcome, row, bench)]


def _still_holds(outcome: Outcome, row: Row, bench: Bench) -> bool:
    if outcome.killer:
        return bench.digest_of_test(outcome.killed_by) == outcome.killer
    return outcome.tests == {name: bench.digest_of_file(name) for name in row.files}


def digest(content: bytes) -> str:
    """A short name of a text."""
    return hashlib.sha256(content).hexdigest()[:16]
