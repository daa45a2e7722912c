"""The pages that extraction is measured on, with what people read on each of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scoring.metrics import Truth

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
#: Pages of real publishers, which are not ours to give away and so lie beside the repository.
SHARED = ROOT.parent / "shared" / "realnews"
#: When a page was fetched whose set does not say.
FETCHED = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """A stored page: its name in reports, where it lies, the URL that it came from, and the truth about it."""

    name: str
    path: Path
    url: str
    truth: Truth
    fetched_at: datetime = FETCHED


@dataclass(frozen=True, slots=True)
class PageSet:
    """Pages that are scored together; `fingerprint` changes with any byte of a page or of what is expected of it."""

    name: str
    about: str
    pages: list[Page]
    fingerprint: str | None = None


def repository_sets() -> list[PageSet]:
    """The fixtures of this repository."""
    return [
        _repository_set("publishers", "the publishers' pages of tests/sources", _publishers()),
        _repository_set("zoo", "the hard layouts of tests/extraction/zoo", _zoo()),
    ]


def shared_sets() -> list[PageSet]:
    """The real pages beside the repository, where they are."""
    found = []
    for name, folder, about in (
        ("real", SHARED, "pages as publishers served them"),
        ("templates", SHARED / "templates", "real pages' markup around stories of our own"),
    ):
        if (folder / "gold.jsonl").is_file():
            found.append(PageSet(name, about, list(_manifest(folder))))
    return found


def _repository_set(name: str, about: str, entries: Iterator[tuple[Page, Path]]) -> PageSet:
    digest = hashlib.sha256()
    pages = []
    for page, truth_file in entries:
        pages.append(page)
        for path in (page.path, truth_file):
            digest.update(f"{path.relative_to(TESTS).as_posix()}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return PageSet(name, about, pages, digest.hexdigest())


def _publishers() -> Iterator[tuple[Page, Path]]:
    for path in sorted((TESTS / "sources").glob("*/*/*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if "body" not in record:
            continue  # a listing, or what was noted of a publisher's own pages
        truth = _truth({**record, "paragraphs": record["body"].split("\n"), "published": record["published_at"]})
        fetched_at = datetime.fromisoformat(record["fetched_at"])
        yield Page(f"{path.parent.name}/{path.stem}", path.with_suffix(".html"), record["url"], truth, fetched_at), path


def _zoo() -> Iterator[tuple[Page, Path]]:
    for path in sorted((TESTS / "extraction" / "zoo").glob("*/gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        fetched_at = datetime.fromisoformat(gold["fetched_at"]) if gold.get("fetched_at") else FETCHED
        yield Page(path.parent.name, path.parent / "page.html", gold["url"], _truth(gold), fetched_at), path


def _manifest(folder: Path) -> Iterator[Page]:
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                gold = json.loads(line)
                yield Page(gold["id"], folder / gold["file"], gold["url"], _truth(gold))


def _truth(gold: dict[str, Any]) -> Truth:
    names = ("title", "paragraphs", "optional", "authors", "published", "must_not")
    return Truth(**{name: gold[name] for name in names if gold.get(name) is not None})
