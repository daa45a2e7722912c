"""Stories out of JSON Lines that anyone may have written: any field names, compressed or not, damaged lines named."""

from __future__ import annotations

import glob
import gzip
import json
import math
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newscrawl.arabic import parse_date
from newscrawl.dedup.story import instant
from newscrawl.storage.errors import StorageError
from newscrawl.storage.jsonl import read_lines
from newscrawl.storage.objects import Place, is_remote, open_place, place_of, places_below

SUFFIXES = tuple(f"{plain}{packed}" for plain in (".jsonl", ".ndjson") for packed in ("", ".gz", ".zst"))
_ABSENT = object()
_MILLISECONDS = 1e11  # numbers beyond are milliseconds: as seconds they would be later than the year 5000


class CorpusError(Exception):
    """What is wrong with the paths or the fields, in one sentence."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which key of a line holds what; a dot leads into an object ("article.body")."""

    text: str = "body"
    title: str = "title"
    id: str = "id"
    date: str = "published_at"


@dataclass(frozen=True, slots=True)
class Line:
    """One story as it stands in a corpus."""

    file: Place
    number: int
    id: str | None
    title: str | None
    text: str | None
    date: str | None
    time: float | None
    """Seconds since 1970 UTC; None without a date that can be read."""
    version: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A line, or the rest of a file from it on, that cannot be used."""

    file: Place
    number: int
    reason: str


def find_files(
    paths: Sequence[str],
    *,
    but: Path | None = None,
    options_for: Callable[[str], dict[str, str]] = lambda _address: {},
) -> list[Place]:
    """The files that paths, directories (searched through), glob patterns and addresses name, each once; CorpusError
    for none, StorageError for a store that refuses. An address that ends in a slash names all files below it;
    `options_for` says how it is to be opened."""
    found: dict[Place, None] = {}
    for path in paths:
        if is_remote(path):
            found |= dict.fromkeys(_objects(path, options_for(path)))
            continue
        given = Path(path)
        if given.is_dir():
            files = sorted(file for file in given.rglob("*") if file.name.endswith(SUFFIXES) and file.is_file())
            missing = f"no files with the suffix {', '.join(SUFFIXES)} below {path}"
        elif given.exists():
            files, missing = [given], ""
        else:
            files = [Path(name) for name in sorted(glob.glob(path, recursive=True)) if Path(name).is_file()]  # noqa: PTH207
            missing = f"nothing matches {path}" if glob.has_magic(path) else f"there is no {path}"
        files = [file for file in files if but is None or file.resolve() != but.resolve()]
        if not files:
            raise CorpusError(missing or f"{path} is where the clusters are to be written")
        for file in files:
            if not os.access(file, os.R_OK):
                raise CorpusError(f"{file} may not be read")
            found[file] = None
    return list(found)


def _objects(address: str, options: dict[str, str]) -> list[Place]:
    if not address.endswith("/"):
        return [place_of(address, options)]
    found: list[Place] = [place for place in places_below(address, options) if place.name.endswith(SUFFIXES)]
    if not found:
        raise CorpusError(f"no files with the suffix {', '.join(SUFFIXES)} below {address}")
    return found


def read_corpus(files: Sequence[Place], columns: Columns, *, now: datetime) -> Iterator[Line | Damage]:
    """The stories of files in order; `now` is for dates in words without a year."""
    for file in files:
        number = 0
        try:
            for number, raw in enumerate(_raw_lines(file), 1):
                if not raw.strip():
                    continue
                try:
                    record = json.loads(raw.removeprefix(b"\xef\xbb\xbf"))
                    if not isinstance(record, dict):
                        yield Damage(file, number, "not a JSON object")
                        continue
                    yield _line(file, number, record, columns, now)
                except UnicodeDecodeError:
                    yield Damage(file, number, "not UTF-8")
                except (json.JSONDecodeError, RecursionError) as error:
                    yield Damage(file, number, f"not JSON: {error}")
                except CorpusError as error:
                    yield Damage(file, number, str(error))
        except (OSError, EOFError, zlib.error, StorageError) as error:
            yield Damage(file, number + 1, f"the file ends here: {error}")


def _raw_lines(file: Place) -> Iterator[bytes]:
    if file.suffix != ".gz":
        yield from read_lines(file)
        return
    with open_place(file) as raw, gzip.open(raw, "rb") as packed:
        yield from packed


def _line(file: Place, number: int, record: dict[str, Any], columns: Columns, now: datetime) -> Line:
    if _value(record, columns.text) is _ABSENT:
        keys = "".join(char if char.isprintable() else "?" for char in ", ".join(record))
        raise CorpusError(f"no key {columns.text!r}, only {keys[:200]}")
    text, title = _text(record, columns.text), _text(record, columns.title)
    if text is None and title is None:
        raise CorpusError(f"no text under {columns.text!r} nor {columns.title!r}")
    given, version = _value(record, columns.id), record.get("version")
    date = _value(record, columns.date)
    return Line(
        file=file,
        number=number,
        id=str(given) if isinstance(given, str | int) and given != "" else None,
        title=title,
        text=text,
        date=str(date) if isinstance(date, str | int | float) else None,
        time=_time(date, now),
        version=version if isinstance(version, int) and 0 <= version < 1 << 31 else 0,
    )


def _value(record: dict[str, Any], column: str) -> Any:
    if column in record:
        return record[column]
    value: Any = record
    for key in column.split("."):
        value = value.get(key, _ABSENT) if isinstance(value, dict) else _ABSENT
    return value


def _text(record: dict[str, Any], column: str) -> str | None:
    value = _value(record, column)
    if isinstance(value, list):
        value = "\n".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) and value.strip() else None


def _time(value: Any, now: datetime) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            seconds = float(value)
        except OverflowError:
            return None
        return None if not math.isfinite(seconds) else seconds / 1000 if abs(seconds) > _MILLISECONDS else seconds
    if not isinstance(value, str):
        return None
    try:
        return instant(value)
    except (ValueError, OverflowError):
        parsed = parse_date(value, now=now, timezone="UTC")
    if parsed is None:
        return None
    if isinstance(parsed.value, datetime):
        return (parsed.value if parsed.value.tzinfo else parsed.value.replace(tzinfo=UTC)).timestamp()
    return datetime.combine(parsed.value, datetime.min.time(), UTC).timestamp()
