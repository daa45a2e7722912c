"""The benchmark's manifest: each page, where it lies, and its gold; and how the manifest is made from the tests' own.

A row has `id`, `set`, `story` (rows of one story stand and fall together), `file` (from the repository's root),
`sha256`, `url`, `headers`, `fetched_at` and `gold`. A row with `change` is the page of `of` with its mark-up changed as
no reader would see (benchmarks/scoring/changes.py); it has no gold of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree
from scoring.changes import CHANGES, Specimen
from scoring.metrics import Truth
from scoring.pages import ROOT, TESTS, repository_sets

MANIFEST = Path(__file__).with_name("manifest.jsonl")
#: Changed pages of each kind of change: enough to weigh as much as the pages themselves, few enough to run in minutes.
PAGES_A_CHANGE = 8
_CASES_SEEN = "2026-09-01T12:00:00+00:00"  # the day for which the cases of tests/extraction/cases were written


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the benchmark, as an extractor gets it, with its gold; `judged` names the gold's keys."""

    id: str
    set: str
    story: str
    html: bytes
    url: str
    headers: dict[str, str]
    fetched_at: str
    truth: Truth
    judged: frozenset[str]


def read_manifest(path: Path = MANIFEST) -> list[dict[str, Any]]:
    """The rows. ValueError where a page is not the one that the manifest was made for."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        if "file" in row and hashlib.sha256((ROOT / row["file"]).read_bytes()).hexdigest() != row["sha256"]:
            raise ValueError(f"{row['file']} is not the page of the manifest: make it anew with --manifest")
    return rows


def pages(rows: list[dict[str, Any]]) -> Iterator[Page]:
    """The pages, the changed ones made on the way."""
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        of = by_id[row.get("of", row["id"])]
        html, truth = (ROOT / of["file"]).read_bytes(), Truth(**of["gold"])
        if "change" in row:
            specimen = Specimen(html, truth)
            CHANGES[row["change"]](specimen)
            html = specimen.page()
        yield Page(
            row["id"], row["set"], row["story"], html, of["url"], of.get("headers", {}), of["fetched_at"], truth,
            frozenset(of["gold"]),
        )  # fmt: skip


def make_manifest() -> list[dict[str, Any]]:
    """The rows of today's pages: the tests' pages and expectations, and of each change the first pages that it fits."""
    rows = list(fixtures())
    return [*rows, *changed(rows, CHANGES)]


def write_manifest(path: Path = MANIFEST) -> int:
    """Writes it; how many rows."""
    rows = make_manifest()
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return len(rows)


def fixtures() -> Iterator[dict[str, Any]]:
    """The rows of the pages that lie in the tests."""
    yield from _whole_pages()
    yield from _cases()


def _whole_pages() -> Iterator[dict[str, Any]]:
    for group in repository_sets():
        for page in group.pages:
            gold_file = page.path.parent / "gold.json"
            headers = json.loads(gold_file.read_text("utf-8")).get("headers") if gold_file.is_file() else None
            gold = {
                name: value if isinstance(value, str) else list(value)
                for name in ("title", "paragraphs", "optional", "authors", "published", "must_not")
                if (value := getattr(page.truth, name)) is not None and value != ()
            }
            yield _row(group.name, page.name, page.path, page.url, headers, page.fetched_at.isoformat(), gold)


def _cases() -> Iterator[dict[str, Any]]:
    """Of the rebuilt cases those that expect what is judged; most judge one field."""
    for path in sorted((TESTS / "extraction" / "cases").glob("*/expected.json")):
        for variant in json.loads(path.read_text("utf-8"))["variants"]:
            expected = variant["expect"]
            if variant["how"] != "extract" or not isinstance(expected, dict):
                continue
            keys = {"title": "title", "body_lines": "paragraphs", "authors": "authors", "published_at": "published"}
            gold = {keys[key]: value for key, value in expected.items() if key in keys and value is not None}
            if gold:
                file = path.parent / variant["file"]
                name = f"{path.parent.name}/{variant['name']}"
                yield _row("cases", name, file, variant["url"], variant.get("headers"), _CASES_SEEN, gold)


def _row(
    group: str, name: str, file: Path, url: str, headers: dict[str, str] | None, fetched_at: str, gold: dict[str, Any]
) -> dict[str, Any]:
    datetime.fromisoformat(fetched_at)
    return {
        "id": f"{group}/{name}",
        "set": group,
        "story": f"{group}/{name}",
        "file": file.relative_to(ROOT).as_posix(),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "url": url,
        **({"headers": headers} if headers else {}),
        "fetched_at": fetched_at,
        "gold": gold,
    }


def changed(rows: list[dict[str, Any]], names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of changes. Which pages a change gets is decided by a hash, not by how anything reads them."""
    whole = [row for row in rows if row["gold"].get("title") and row["gold"].get("paragraphs")]
    for name in names:
        by_chance = sorted(whole, key=lambda row: hashlib.sha256(f"{name} {row['id']}".encode()).digest())
        taken = 0
        for row in by_chance:
            if taken == PAGES_A_CHANGE:
                break
            if _fits(name, row):
                taken += 1
                yield {
                    "id": f"changes/{name}/{row['id']}",
                    "set": "changes",
                    "story": row["story"],
                    "of": row["id"],
                    "change": name,
                }


def _fits(name: str, row: dict[str, Any]) -> bool:
    try:
        specimen = Specimen((ROOT / row["file"]).read_bytes(), Truth(**row["gold"]))
    except (ValueError, IndexError, etree.ParserError):  # no box of paragraphs to change; UnicodeDecodeError is one
        return False
    return CHANGES[name](specimen) is not False
