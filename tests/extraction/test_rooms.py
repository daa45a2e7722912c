"""The rooms of extraction: in one order, each imports from those behind it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import newscrawl.extraction

ROOT = Path(newscrawl.extraction.__path__[0])
PREFIX = "newscrawl.extraction."


def order() -> list[str]:
    """The rooms, as the package's docstring has them."""
    line = (newscrawl.extraction.__doc__ or "").strip().splitlines()[-1]
    return re.findall(r"\w+", line)


def arrows() -> set[tuple[str, str]]:
    """(room, the room that it imports from), for every two."""
    found = set()
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
                found.add((room, (node.module or "").removeprefix(PREFIX).partition(".")[0]))
    return {(room, other) for room, other in found if room != other}


def test_every_room_has_its_place() -> None:
    rooms = {path.name.removesuffix(".py") for path in ROOT.iterdir()} - {"__init__", "__pycache__", "tables"}
    assert sorted(order()) == sorted(rooms)


def test_no_room_imports_from_one_before_it() -> None:
    place = {room: at for at, room in enumerate(order())}
    found = arrows()
    assert len(found) > 20
    assert [arrow for arrow in sorted(found) if place[arrow[0]] >= place[arrow[1]]] == []
