"""The rooms of extraction: in one order, each imports from those behind it."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import newscrawl.extraction
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import read_page

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


def test_a_page_walks_through_each_room_once_or_twice() -> None:
    """Counted where reading.py calls into a room; calls one after another into the same room are one visit.

    Page is not counted: it is the tree that all the others hold.
    """
    body = (ROOT.parents[1] / "tests" / "extraction" / "zoo").glob("*/page.html")
    page = Page(next(path for path in sorted(body)).read_bytes(), "https://paper.test/1", {})
    reader, visits = read_page.__code__.co_filename, [""]

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_back is not None and frame.f_back.f_code.co_filename == reader:
            path = Path(frame.f_code.co_filename)
            room = path.relative_to(ROOT).parts[0] if ROOT in path.parents else ""
            if room in {"layers", "facts", "body", "elements", "markdown"} and visits[-1] != room:
                visits.append(room)

    sys.setprofile(look)
    try:
        read_page(page, now=datetime(2026, 11, 29, tzinfo=UTC))
    finally:
        sys.setprofile(None)
    assert {"layers", "facts", "body"} <= set(visits)
    assert max(Counter(visits).values()) <= 2, visits
