"""Articles as a table: CSV that spreadsheets open without harm."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from newscrawl.items import Article

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), full-width forms included.
_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")


def defused(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def cell(value: Any) -> str:
    """A value of a record as one cell: nothing for null, JSON for what has parts that are no texts."""
    if value is None:
        return ""
    if isinstance(value, list):
        return defused("; ".join(value)) if all(isinstance(part, str) for part in value) else _json(value)
    if isinstance(value, dict):
        return _json(value)
    return defused(value) if isinstance(value, str) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def csv_lines(articles: Iterable[Article]) -> Iterator[str]:
    """The heading, then a row for each article, one column for each field."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(field.name for field in fields(Article))
    for article in articles:
        yield _taken(buffer)
        writer.writerow(cell(value) for value in article.to_dict().values())
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def write_csv(articles: Iterable[Article], path: Path) -> int:
    """Everything in UTF-8 with a byte order mark, as spreadsheets want it; how many articles."""
    count = -1
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        for count, line in enumerate(csv_lines(articles)):  # noqa: B007
            file.write(line)
    return count
