"""The tables that the newspaper is written from: read once, as plain rows."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_TABLES = files("newscrawl.demo") / "tables"


@cache
def text(name: str) -> str:
    """The text of a table; FileNotFoundError when there is none of that name."""
    return (_TABLES / name).read_text(encoding="utf-8")


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of a table without comments ("# ...") and blank lines."""
    return tuple(line for line in text(name).splitlines() if line.strip() and not line.startswith("# "))


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a TSV table."""
    return tuple(tuple(line.split("\t")) for line in lines(name))


@cache
def topics() -> tuple[str, ...]:
    """The names of the topic tables, in alphabetical order."""
    names = (entry.name for entry in _TABLES.iterdir())
    return tuple(sorted(n.removeprefix("topic_").removesuffix(".txt") for n in names if n.startswith("topic_")))
