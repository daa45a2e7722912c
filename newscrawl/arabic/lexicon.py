"""Reads the tables: tab-separated rows, '#' comments, forms of one row parted by '|'."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_TABLES = Path(__file__).parent / "tables"


def rows(table: str) -> Iterator[list[str]]:
    """The rows of tables/`table` as lists of cells, comments and empty lines left out."""
    for line in (_TABLES / table).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


def forms(cell: str) -> list[str]:
    """The forms of a cell."""
    return [form.strip() for form in cell.split("|") if form.strip()]
