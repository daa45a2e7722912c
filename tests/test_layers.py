"""Who may import whom: the floors that CONTRIBUTING.md shows, held against every import statement in newscrawl/."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
Arrows = dict[str, set[str]]


def floors(text: str) -> dict[str, int]:
    """Each room's floor, as the table under "The house" has them."""
    rows = re.findall(r"^\| (\d) \| (.+) \|$", text, re.MULTILINE)
    return {room: int(number) for number, rooms in rows for room in re.findall(r"`(\w+)`", rooms)}


def room_of(module: str) -> str:
    """A module's room: the package or module right below newscrawl; `__init__` is newscrawl itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def modules(package: Path) -> dict[str, Path]:
    """Every module of the package by its dotted name; a package stands for its __init__.py."""
    found = {}
    for path in package.rglob("*.py"):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def arrows(known: dict[str, Path]) -> Arrows:
    """Which modules of the package each module imports, at the top, in functions and for types alone."""
    return {name: set(_imported(name, path, known)) for name, path in known.items()}


def _imported(name: str, path: Path, known: dict[str, Path]) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                target = f"{base}.{alias.name}"
                if target in known:
                    yield target
                elif base in known and base != name:
                    yield base


def wrong(found: Arrows, floor: dict[str, int]) -> list[str]:
    """What the table does not allow: rooms that it lacks, arrows that run upward or across."""
    complaints = {f"{room_of(name)} has no floor" for name in found if room_of(name) not in floor}
    for name, targets in found.items():
        for target in targets:
            own, other = room_of(name), room_of(target)
            if own != other and own in floor and other in floor and floor[own] <= floor[other]:
                how = "upward" if floor[own] < floor[other] else "across"
                complaints.add(f"{name} (floor {floor[own]}) imports {target} (floor {floor[other]}): {how}")
    return sorted(complaints)


def circles(found: Arrows) -> list[str]:
    """The modules of each group that import each other in a circle (Tarjan's strongly connected components)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for target in found.get(name, ()):
            if target not in order:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], order[target])
        if low[name] == order[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1 or name in found.get(name, ()):
                groups.append(" <-> ".join(sorted(group)))

    for name in found:
        if name not in order:
            visit(name)
    return sorted(groups)


@pytest.fixture(scope="module")
def floor() -> dict[str, int]:
    return floors((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found() -> Arrows:
    return arrows(modules(ROOT / "newscrawl"))


def test_every_import_runs_downward(found: Arrows, floor: dict[str, int]) -> None:
    assert len(floor) > 20
    assert sum(map(len, found.values())) > 500
    assert wrong(found, floor) == []


def test_no_import_runs_in_a_circle(found: Arrows) -> None:
    assert circles(found) == []


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("extraction/fields.py", "from newscrawl.loaders import load", "newscrawl.loaders (floor 4): upward"),
        ("extraction/fields.py", "from .. import loaders", "newscrawl.loaders (floor 4): upward"),
        ("extraction/fields.py", "def f():\n    import newscrawl.loaders", "newscrawl.loaders (floor 4): upward"),
        ("extraction/fields.py", "from newscrawl import extract", "newscrawl (floor 6): upward"),
        ("storage/rows.py", "from newscrawl.dedup.near import x", "newscrawl.dedup.near (floor 3): upward"),
        ("dedup/near.py", "from newscrawl.extraction.fields import x", "newscrawl.extraction.fields (floor 3): across"),
        ("storage/rows.py", "from newscrawl.extraction import fields", "newscrawl.extraction.fields (floor 3): upward"),
        ("attic.py", "", "attic has no floor"),
    ],
)
def test_a_wrong_arrow_is_found(path: str, line: str, complaint: str, tmp_path: Path, floor: dict[str, int]) -> None:
    package = tmp_path / "newscrawl"
    for name in ("__init__", "loaders", "storage/rows", "dedup/near", "extraction/__init__", "extraction/fields"):
        file = package / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert wrong(arrows(modules(package)), floor) == []
    (package / path).write_text(line)
    (found,) = wrong(arrows(modules(package)), floor)
    assert complaint in found


def test_a_circle_is_found(tmp_path: Path) -> None:
    package = tmp_path / "newscrawl"
    package.mkdir()
    (package / "a.py").write_text("from newscrawl import b")
    (package / "b.py").write_text("from newscrawl.c import x\nfrom newscrawl.d import x")
    (package / "c.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import a")
    (package / "d.py").write_text("import json")
    assert circles(arrows(modules(package))) == ["newscrawl.a <-> newscrawl.b <-> newscrawl.c"]
