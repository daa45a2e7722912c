"""How far each number of the generic finder may move before the reading of a page changes.

    python benchmarks/thresholds.py            every number: its value, and the bounds between which no reading changes
    python benchmarks/thresholds.py _CLOSE     only those named

Reads the pages of the repository, and the real ones where they are at hand. A number whose bounds are
close to its value rests on single pages: more pages of that kind should be read before it is moved.
"""

from __future__ import annotations

import sys
from types import ModuleType

from rich.console import Console
from rich.table import Table
from scoring.pages import Page as Judged
from scoring.pages import repository_sets, shared_sets

from newscrawl.extraction.body import finder
from newscrawl.extraction.elements import prose
from newscrawl.extraction.elements.cards import rows
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import read_page

MODULES: tuple[ModuleType, ...] = (finder, prose, rows)
#: A number is tried times these, away from its value, until a reading changes.
FACTORS = (1.1, 1.25, 1.5, 2.0, 4.0)


def numbers(module: ModuleType) -> dict[str, float]:
    """The numbers that a module names as constants of its own."""
    found = {name: value for name, value in vars(module).items() if name.startswith("_") and name.isupper()}
    return {name: value for name, value in found.items() if isinstance(value, int | float)}


def stories(pages: list[tuple[Judged, Page]]) -> list[str]:
    """The body of every page without rules, as its blocks have it."""
    readings = (read_page(page, now=judged.fetched_at, generic=True) for judged, page in pages)
    return ["\n".join(block.text for block in reading.story) for reading in readings]


def _changes(pages: list[tuple[Judged, Page]], known: list[str]) -> bool:
    try:
        return stories(pages) != known
    except ValueError:  # a share above one, which nothing can reach
        return True


def bound(module: ModuleType, name: str, pages: list[tuple[Judged, Page]], known: list[str], *, up: bool) -> str:
    """The farthest tried value on one side that changes no reading."""
    value = getattr(module, name)
    last = value
    try:
        for factor in FACTORS:
            tried = value * factor if up else value / factor
            tried = max(1, round(tried)) if isinstance(value, int) else tried
            setattr(module, name, tried)
            if _changes(pages, known):
                return f"{last:.3g}"
            last = tried
    finally:
        setattr(module, name, value)
    return f"{last:.3g} or {'more' if up else 'less'}"


def main() -> None:
    """Prints the table."""
    sets = [*repository_sets(), *shared_sets()]
    pages = [(page, Page(page.path.read_bytes(), page.url)) for one in sets for page in one.pages]
    known = stories(pages)
    table = Table("number", "value", "no less than", "no more than", title=f"{len(pages)} pages")
    for module in MODULES:
        for name, value in numbers(module).items():
            if name in sys.argv[1:] or not sys.argv[1:]:
                least, most = (bound(module, name, pages, known, up=up) for up in (False, True))
                table.add_row(f"{module.__name__.rpartition('.')[2]}.{name}", f"{value:.3g}", least, most)
    Console().print(table)


if __name__ == "__main__":
    main()
