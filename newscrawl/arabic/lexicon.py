"""Reads the tables: tab-separated rows, '#' comments, forms of one row parted by '|'."""

from __future__ import annotations

from collections.abc import Iterator

from newscrawl.tables import read_table


def rows(table: str) -> Iterator[list[str]]:
    """The rows of tables/`table` as lists of cells, comments and empty lines left out."""
    return (line.split("\t") for line in read_table("newscrawl.arabic", table))


def gregorian_months() -> Iterator[str]:
    """Every name of a month of the Gregorian calendar, in any language of the table."""
    return (name for calendar, _, cell in rows("months.tsv") if calendar == "gregorian" for name in forms(cell))


def forms(cell: str) -> list[str]:
    """The forms of a cell."""
    return [form.strip() for form in cell.split("|") if form.strip()]
