"""How well a site's articles are told by their addresses: python -m benchmarks.shapes [--each]

Two collections: sites modelled on real schemes (../shared/discovery/shapes.jsonl: learn from some addresses, tell
others), and the publishers of the catalogue with five article addresses or more, one of which is left out at a time.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from newscrawl.discovery.shapes import learn

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
# A publisher needs so many addresses for one of them to be left out.
ENOUGH = 5
# Addresses of the size and kind of a large sitemap.
MANY = 50_000


@dataclass(slots=True)
class Score:
    """What was found of what should be, and what should not have been."""

    tested: int = 0
    articles: int = 0
    found: int = 0
    others: int = 0
    wrong: int = 0
    same: int = 0
    same_found: int = 0
    merged: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.articles

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong)

    def line(self, name: str) -> str:
        """One row of the table."""
        return (
            f"{name:<10} {self.tested:>4} tested  recall {self.recall:.4f} ({self.found}/{self.articles})  "
            f"precision {self.precision:.4f} ({self.wrong} of {self.others} others)  "
            f"other forms {self.same_found}/{self.same}  two stories as one {self.merged}"
        )


def models(path: Path) -> Score:
    """The sites of shapes.jsonl."""
    score = Score()
    for site in _lines(path):
        score.tested += 1
        shapes = learn(site["learn_articles"], site["learn_others"])
        seen: dict[str, str] = {}
        for entry in site["test_articles"]:
            url, same = (entry["url"], entry["same_as"]) if isinstance(entry, dict) else (entry, None)
            identity = shapes.identity(url)
            _article(score, site["site"], url, identity)
            if identity is not None and seen.setdefault(identity, url) != url:
                score.merged += 1
                score.faults.append(f"{site['site']}: two stories {identity}: {unquote(url)} {unquote(seen[identity])}")
            if same is not None:
                _same(score, site["site"], same, identity, shapes.identity(same))
        for url in site["test_others"]:
            _other(score, site["site"], url, shapes.identity(url))
        for first, second in site.get("apart", []):
            if shapes.identity(first) == shapes.identity(second):
                score.merged += 1
                score.faults.append(f"{site['site']}: not told apart: {first} {second}")
        if any(fault.startswith(site["site"]) for fault in score.faults):
            score.faults.append(f"{site['site']}: {shapes.article_url}")
    return score


def catalogue(path: Path) -> Score:
    """The catalogue's publishers: each address told by what the others teach, its not-articles by what all teach."""
    score = Score()
    for publisher in _lines(path):
        entries = publisher["article_urls"]
        if len(entries) < ENOUGH:
            continue
        score.tested += 1
        slug = publisher["slug"]
        for left_out, entry in enumerate(entries):
            shapes = learn(other["url"] for at, other in enumerate(entries) if at != left_out)
            identity = shapes.identity(entry["url"])
            _article(score, slug, entry["url"], identity)
            if "same_as" in entry:
                _same(score, slug, entry["same_as"], identity, shapes.identity(entry["same_as"]))
        shapes = learn(entry["url"] for entry in entries)
        for url in publisher["not_articles"]:
            _other(score, slug, url, shapes.identity(url))
        if any(fault.startswith(slug + ":") for fault in score.faults):
            score.faults.append(f"{slug}: {shapes.article_url}")
    return score


def _article(score: Score, site: str, url: str, identity: str | None) -> None:
    score.articles += 1
    score.found += identity is not None
    if identity is None:
        score.faults.append(f"{site}: not found: {unquote(url)}")


def _same(score: Score, site: str, url: str, one: str | None, other: str | None) -> None:
    score.same += 1
    score.same_found += one is not None and one == other
    if one is None or one != other:
        score.faults.append(f"{site}: other form: {unquote(url)} is {other}, not {one}")


def _other(score: Score, site: str, url: str, identity: str | None) -> None:
    score.others += 1
    score.wrong += identity is not None
    if identity is not None:
        score.faults.append(f"{site}: taken for a story: {unquote(url)} as {identity}")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def many(count: int) -> Iterator[str]:
    """Addresses of one large site, in three of its schemes."""
    for number in range(count):
        day = f"{2010 + number % 16}/{1 + number % 12:02}/{1 + number % 28:02}"
        title = f"خبر-رقم-{number}-من-أخبار-المدينة"
        if number % 50 == 0:
            yield f"https://www.almithal.test/node/{1_000_000 + number}?utm_source=rss"
        elif number % 3:
            yield f"https://www.almithal.test/رياضة/{1_000_000 + number}-{title}"
        else:
            yield f"https://www.almithal.test/{day}/{title}/"


def main() -> int:
    """Prints one line a collection; 2 when the collections are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", action="store_true", help="print every address that was told wrong")
    options = parser.parse_args()
    files = SHARED / "discovery" / "shapes.jsonl", SHARED / "facts" / "catalog.jsonl"
    if not all(path.is_file() for path in files):
        print(f"the collections are not beside the repository: {SHARED}", file=sys.stderr)
        return 2
    for name, score in (("models", models(files[0])), ("catalogue", catalogue(files[1]))):
        print(score.line(name))
        if options.each:
            print("\n".join(f"  {fault}" for fault in score.faults))
    urls = list(many(MANY))
    started = time.process_time()
    learned = learn(urls)
    print(f"{MANY} addresses learned in {time.process_time() - started:.2f} s: {learned.article_url}")
    assert re.compile(learned.article_url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
