"""The tables of strings: those of the samples beside the checkout, and our own of the same kinds."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from hijridate import Hijri

from newscrawl.arabic import ParsedDate, parse_date
from tests.arabic.arabic_samples import shared

_ZONE = "Asia/Riyadh"
_TABLE_NOW = datetime(2019, 3, 22, 18, tzinfo=ZoneInfo(_ZONE))
_NOW = datetime(2026, 11, 22, 18, tzinfo=ZoneInfo(_ZONE))
_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def _states(found: ParsedDate | None, expected: str) -> bool:
    """Whether `found` is the instant or the day that `expected` (ISO 8601, offset optional) is."""
    if not expected or found is None:
        return not expected and found is None
    value = found.value
    if "T" not in expected:
        return (value.date() if isinstance(value, datetime) else value) == date.fromisoformat(expected)
    if not isinstance(value, datetime):
        return False
    wanted = datetime.fromisoformat(expected)
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=ZoneInfo(_ZONE) if found.zone == "default" else value.tzinfo)
    return value == wanted


def test_every_row_of_the_table() -> None:
    rows = _rows(shared("facts/dates.tsv"))[1:]
    wrong = [
        (row[0], row[2], row[3], found)
        for row in rows
        if not _states(found := parse_date(_unescaped(row[2]), now=_TABLE_NOW, timezone=_ZONE), row[3])
    ]
    assert len(rows) == 307
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [row for name in ("dates_own.tsv", "dates_more.tsv") for row in _rows(Path(__file__).with_name(name))],
)
def test_own_strings(text: str, expected: str) -> None:
    text = _unescaped(text)
    found = parse_date(text, now=_NOW, timezone=_ZONE)
    assert _states(found, expected), found
    if found:
        assert text[slice(*found.span)] == found.text != ""


def _from_rule(rule: str) -> str | None:
    """What a row of dates_seen.tsv states, in ISO form; None when no date (a time or a zone alone, a range, a typo)."""
    hijri = re.match(r"Hijri (\d{4})-(\d\d)-(\d\d)(?: (\d\d:\d\d))?", rule)
    if hijri:
        day = Hijri(*map(int, hijri.groups()[:3])).to_gregorian()
        return f"{day.year}-{day.month:02}-{day.day:02}" + (f"T{hijri[4]}" if hijri[4] else "")
    iso = re.match(r"\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?", rule)
    if iso:
        return iso[0]
    ago = re.match(r"now - <?(\d+) (\w+?)s?(?: |$)", rule)
    if ago and ago[2] in _UNITS:
        moment = _NOW - relativedelta(**{ago[2] + "s": int(ago[1])})
        return moment.isoformat() if ago[2] in _UNITS[:3] else moment.date().isoformat()
    if month := re.match(r"(\d{4}-\d\d) \(month precision", rule):
        return month[1] + "-01"
    if rule.startswith("Sep 19"):
        rule = "09-19, year missing"
    if yearless := re.match(r"(\d\d-\d\d), year missing", rule):
        return f"2026-{yearless[1]}"
    today = _NOW.date()
    fixed = {
        "last Sunday": today - timedelta(days=7),
        "next Thursday": today + timedelta(days=4),
        "yesterday = Sunday (aawsat)": today - timedelta(days=1),
        "1 day": today - timedelta(days=1),
    }
    if rule in fixed:
        return fixed[rule].isoformat()
    return (today + timedelta(days=1)).isoformat() + "T10:15" if rule == "tomorrow 10:15" else None


def _clock(expected: str) -> str:
    """`expected` without its offset: a row gives the zone of its site, which the text does not."""
    return re.sub(r"(?<=\d\d:\d\d)[+-]\d\d:\d\d$|(?<=T\d\d:\d\d:\d\d)[+-]\d\d:\d\d$", "", expected)


def test_nearly_every_date_seen_on_pages() -> None:
    stated = []
    for text, rule, *_ in _rows(shared("facts/dates_seen.tsv")):
        expected = _from_rule(rule)
        if expected is None:
            continue
        found = parse_date(
            text, now=_NOW, timezone=_ZONE, earliest=date(1900, 1, 1), latest=_NOW.date() + timedelta(days=8)
        )
        if found and found.zone == "text" and "page says Z" in rule:
            expected = expected.removesuffix("+03:00") + "+00:00"
        elif found and found.zone != "text" and not found.relative:
            expected = _clock(expected)
        stated.append((_states(found, expected), text, expected, found))
    wrong = [row[1:] for row in stated if not row[0]]
    assert len(stated) >= 210
    assert len(wrong) <= len(stated) / 100, wrong
    assert wrong == []
