"""How large, how quick and how soon open the state is at ten million URLs.

    python benchmarks/state.py [--rows 10000000] [--url sqlite:////tmp/newscrawl-state.sqlite] [--keep]

Rows go in through the same calls that a crawl makes, then lookups are timed from a freshly opened state: known and
unknown ids, content hashes, the first page of due URLs, each at random places.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.storage import State
from newscrawl.storage.database import sqlite_path

SOURCES = 50
FILES_EACH = 400
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SLUG = "%D9%88%D8%B2%D9%8A%D8%B1-%D8%A7%D9%84%D8%AE%D8%A7%D8%B1%D8%AC%D9%8A%D8%A9-%D9%8A%D8%A8%D8%AD%D8%AB"


def article(number: int) -> tuple[str, str, str]:
    """Source, id and URL of one of the many."""
    source = f"source{number % SOURCES:02d}"
    return (
        source,
        hashlib.blake2b(f"{number}".encode(), digest_size=8).hexdigest(),
        f"https://{source}.test/{number}/{SLUG}",
    )


def content(number: int) -> str:
    """Its content hash."""
    return hashlib.blake2b(f"text {number}".encode(), digest_size=16).hexdigest()


def fill(state: State, rows: int) -> None:
    """Four of five are stored, one waits."""
    started = time.perf_counter()
    for number in range(rows):
        source, id_, url = article(number)
        seen = NOW - timedelta(seconds=rows - number)
        if number % 5 == 0:
            hint = {"published": seen.isoformat(), "title": "وزير الخارجية يبحث مع نظيره", "origin": "sitemap"}
            state.discover(source, id_, url, url, now=seen, hint=hint)
        else:
            state.validators(source, id_, f'"{number:x}"', None)
            file = f"articles/source={source}/date=2026-01-01/run-{number * FILES_EACH // rows:03d}.jsonl"
            state.done(
                source,
                id_,
                url=url,
                now=seen,
                content_hash=content(number),
                version=1,
                file=file,
                first_seen=seen,
                published=seen,
            )
        if (number + 1) % (rows // 10) == 0:
            per_row = (time.perf_counter() - started) / (number + 1) * 1e6
            print(f"{number + 1:>12,} rows  {per_row:6.1f} us a row  {memory()} MB", flush=True)
    state.commit()


def memory() -> int:
    """The most memory this process ever held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def timed(name: str, calls: int, call: Callable[[], object]) -> None:
    """Median and 99th percentile of single calls."""
    spans = []
    cpu = time.process_time()
    for _ in range(calls):
        before = time.perf_counter()
        call()
        spans.append(time.perf_counter() - before)
    cpu = (time.process_time() - cpu) / calls * 1e6
    spans.sort()
    middle, late = spans[len(spans) // 2] * 1e6, spans[len(spans) * 99 // 100] * 1e6
    print(f"{name:<24} CPU {cpu:6.1f} us   median {middle:7.1f} us   99 % {late:8.1f} us")


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--url")
    parser.add_argument("--keep", action="store_true", help="use rows of an earlier run")
    options = parser.parse_args()
    url = options.url or f"sqlite:///{Path(tempfile.mkdtemp()) / 'state.sqlite'}"
    if not options.keep:
        state = State(url)
        fill(state, options.rows)
        state.close()
    path = sqlite_path(url)
    if path is not None:
        size = path.stat().st_size
        print(f"{url}: {size / 1e6:,.0f} MB, {size / options.rows:.0f} bytes a row")
    before = time.perf_counter()
    state = State(url)
    state.indexed_files("source00")
    print(f"opened in {(time.perf_counter() - before) * 1e3:.1f} ms")
    before = time.perf_counter()
    page = list(state.due("source00", now=NOW, limit=500))
    print(f"first {len(page)} due in {(time.perf_counter() - before) * 1e3:.1f} ms")
    rng = random.Random(1)

    def some() -> int:
        return int(rng.randrange(options.rows))

    timed("get, known", 20_000, lambda: state.get(*article(some())[:2]))
    timed("get, unknown", 20_000, lambda: state.get(*article(options.rows + some())[:2]))
    timed("by_content_hash, known", 20_000, lambda: state.by_content_hash(article(n := some())[0], content(n)))
    print(f"most memory: {memory()} MB")
    state.close()


if __name__ == "__main__":
    main()
