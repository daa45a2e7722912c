"""Date lines: ours beside dateutil, dateparser and htmldate on one table of strings: right, wrong, refused, and times.

    python benchmarks/dates.py [TABLE]           (default: ../shared/facts/dates.tsv)

Every importable peer takes part; none is needed. Right: the instant where a time is expected (a time without zone is
taken in the table's zone), else the calendar day. An exception counts as refused. Hostile: 300 characters of one piece.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from newscrawl.arabic import parse_date

Value = date | datetime | None
Engine = Callable[[str], Value]
_TABLE = Path(__file__).resolve().parents[1].parent / "shared" / "facts" / "dates.tsv"
_ZONE = ZoneInfo("Asia/Riyadh")
_NOW = datetime(2019, 3, 22, 18, tzinfo=_ZONE)
_LENGTH = 300
# Pieces parted by spaces; _ is a space within a piece.
_HOSTILE = (
    "1 1/ 1-2-3- 12:34: 2019-03-22_ 22_مارس_ 15_رجب_ منذ_ 3_ساعات_و_ كانون_ الثاني_والعشرين_من_ و ( &amp; &nbsp;1 ـ 1ـ "
    "\u200f1 بتوقيت_ الساعة_3_و_ مارس_/_آذار_ 15_رجب_1440_ ﷺ ﻣﺎﺭﺱ قبل_3_سنوات_و_4_أشهر_"
).split()
_REPEATS = 7


def engines() -> Iterator[tuple[str, Engine]]:
    """Ours, and every peer that can be imported."""

    def own(text: str) -> Value:
        found = parse_date(text, now=_NOW, timezone=_ZONE)
        return found.value if found else None

    yield "newscrawl", own
    modules: dict[str, Any] = {}
    for name in ("dateutil.parser", "dateparser", "htmldate"):
        try:
            modules[name] = importlib.import_module(name)
        except ImportError:
            print(f"not installed, left out: {name}", file=sys.stderr)
    base = _NOW.replace(tzinfo=None, hour=0)
    if dateutil := modules.get("dateutil.parser"):
        version = importlib.metadata.version("python-dateutil")
        yield f"dateutil {version}", lambda text: dateutil.parse(text, dayfirst=True, default=base)
        yield f"dateutil {version} fuzzy", lambda text: dateutil.parse(text, dayfirst=True, default=base, fuzzy=True)
    if dateparser := modules.get("dateparser"):
        settings = {"RELATIVE_BASE": _NOW.replace(tzinfo=None), "TIMEZONE": "Asia/Riyadh", "PREFER_DATES_FROM": "past"}
        yield (
            f"dateparser {dateparser.__version__} ar, en",
            lambda text: dateparser.parse(text, languages=["ar", "en"], settings=settings),
        )
    if htmldate := modules.get("htmldate"):
        yield f"htmldate {htmldate.__version__}", lambda text: _htmldate(htmldate, text)


def _htmldate(htmldate: Any, text: str) -> Value:
    page = f"<html><body><h1>نص</h1><span class='post-date'>{text}</span><p>نص</p></body></html>"
    found = htmldate.find_date(page, original_date=True, max_date=_NOW.date().isoformat())
    return date.fromisoformat(found) if found else None


def table(path: Path) -> list[tuple[str, str]]:
    """Text and expected value ("" for no date) of every row."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    return [(re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), row[2]), row[3]) for row in rows[1:]]


def is_right(value: Value, expected: str) -> bool:
    """Whether `value` is what the table expects."""
    if value is None or not expected:
        return value is None and not expected
    if "T" not in expected:
        return (value.date() if isinstance(value, datetime) else value) == date.fromisoformat(expected)
    if not isinstance(value, datetime):
        return False
    return (value if value.tzinfo else value.replace(tzinfo=_ZONE)) == datetime.fromisoformat(expected)


def _read(engine: Engine, text: str) -> Value:
    try:
        return engine(text)
    except Exception:  # noqa: BLE001  # peers raise what they like on a string that they cannot read
        return None


def _best_time(engine: Engine, text: str) -> float:
    """Microseconds, the best of a few."""
    best = float("inf")
    for _ in range(_REPEATS):
        start = time.perf_counter()
        _read(engine, text)
        best = min(best, time.perf_counter() - start)
    return best * 1e6


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else _TABLE
    if not path.exists():
        sys.exit(f"no table at {path}: give one (id, class, text, expected, ...; tab-separated)")
    rows = table(path)
    dates = sum(bool(expected) for _, expected in rows)
    columns = f"right of {dates} | wrong | refused | refused of {len(rows) - dates} non-dates"
    print(f"| engine | {columns} | median µs | worst hostile µs |")
    print("|---|---|---|---|---|---|---|")
    for name, engine in engines():
        values = [(_read(engine, text), expected) for text, expected in rows]
        right = sum(is_right(value, expected) for value, expected in values if expected)
        refused = sum(value is None for value, expected in values if expected)
        spared = sum(value is None for value, expected in values if not expected)
        median = statistics.median(_best_time(engine, text) for text, _ in rows)
        hostile = ((piece.replace("_", " ") * _LENGTH)[:_LENGTH] for piece in _HOSTILE)
        worst = max(_best_time(engine, text) for text in hostile)
        print(f"| {name} | {right} | {dates - right - refused} | {refused} | {spared} | {median:.0f} | {worst:.0f} |")


if __name__ == "__main__":
    main()
