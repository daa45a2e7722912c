"""The tables in which each package keeps its knowledge: one row a line, "#" comments."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def read_table(package: str, name: str) -> Iterator[str]:
    """The rows of <package>/tables/<name>, comments and blank lines left out; FileNotFoundError for no such table."""
    text = (files(package) / "tables" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
