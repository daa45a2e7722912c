"""A whole crawl beside a bare Scrapy spider that fetches the same pages, and the same spider with trafilatura.

    python benchmarks/crawl.py [--pages 400] [--rounds 3] [--write]

A paper is generated: pages of 110 KB in the demo newspaper's mark-up, each with a story of its own, served on loopback
by a process of its own. Everybody finds them in one sitemap, fetches eight at a time, and writes JSON Lines. The bare
spider takes four fields by CSS, with CONCURRENT_ITEMS=4. The same spider with an extractor in the place of CSS shows
what Scrapy itself takes when much else has gone through the processor's caches between two of its steps. What is told
is processor time of the crawling process and all its children, a page; what a crawl of the same paper with no article
takes is subtracted. The best of several rounds, in turns.

--write puts the table into docs/speed.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawled_paper import HOST, serve
from rich.console import Console
from rich.table import Table
from scoring import peers
from scoring.report import write_crawl

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess

_Extractor = Callable[[Any], dict[str, Any]]

BARE, RULES, GENERIC = "bare spider", "newscrawl, rules", "newscrawl, generic"
EXTRACT, TRAFILATURA = "bare spider + newscrawl.extract", "bare spider + trafilatura"
PARTS = ("extraction", "dedupe", "state and store")


_SHARED = {
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
}


def crawl(system: str, directory: Path, split: Path | None) -> None:
    """Crawls in this process; `split` is where the parts' processor seconds go."""
    parts = _Clocks() if split else None
    process = _newscrawl(system, directory, parts) if system in (RULES, GENERIC) else _scrapy(system, directory, parts)
    process.start()
    if split and parts:
        split.write_text(json.dumps(parts.seconds))


def _newscrawl(system: str, directory: Path, parts: _Clocks | None) -> AsyncCrawlerProcess:
    from scrapy.crawler import AsyncCrawlerProcess

    from newscrawl.spiders.demo.aldifaf import Aldifaf

    if parts:
        parts.put_into_newscrawl()
    settings = {
        **_SHARED,
        "ADDONS": {"newscrawl.addon.NewscrawlAddon": 100},
        "DATA_DIR": str(directory / "data"),
        "CONTACT": "bench@example.org",
        "GUARD_ALLOW_LOOPBACK": True,
        "AUTOTHROTTLE_ENABLED": False,
        "SUMMARY_PRINT": False,
    }
    declared: dict[str, Any] = {"feeds": [], "sections": [], **({} if system == RULES else {"rules": []})}
    process = AsyncCrawlerProcess(settings)
    process.crawl(type("Paper", (Aldifaf,), declared))
    return process


def _scrapy(system: str, directory: Path, parts: _Clocks | None) -> AsyncCrawlerProcess:
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.spiders import SitemapSpider

    extractor = {BARE: _by_css, EXTRACT: _by_newscrawl, TRAFILATURA: _by_trafilatura}[system]()
    fields = parts.around(extractor, "extraction") if parts else extractor

    class Bare(SitemapSpider):
        name = "bare"
        sitemap_urls = (f"{HOST}/sitemap.xml",)

        def parse(self, response: Any) -> Iterable[dict[str, Any]]:
            yield {"url": response.url, **fields(response)}

    feeds = {str(directory / "articles.jsonl"): {"format": "jsonlines", "encoding": "utf-8"}}
    process = AsyncCrawlerProcess({**_SHARED, "CONCURRENT_ITEMS": 4, "ROBOTSTXT_OBEY": True, "FEEDS": feeds})
    process.crawl(Bare)
    return process


def _by_css() -> _Extractor:
    def fields(response: Any) -> dict[str, Any]:
        return {
            "title": response.css("h1.page-title::text").get(),
            "body": "\n".join(response.css(".field-name-body .field-item > p::text").getall()),
            "author": response.css(".submitted .author a::text").get(),
            "date": response.css(".date-display-single::text").get(),
        }

    return fields


def _by_newscrawl() -> _Extractor:
    from newscrawl import extract
    from newscrawl.spiders import registry

    paper = registry.source("aldifaf")

    def fields(response: Any) -> dict[str, Any]:
        found = extract(response.body, url=response.url, headers=response.headers.to_unicode_dict(), source=paper)
        return {"title": found.title, "body": found.body, "author": found.authors, "date": str(found.published_at)}

    return fields


def _by_trafilatura() -> _Extractor:
    sys.path.append(str(peers.folder() / "venv-trafilatura" / "lib" / _python() / "site-packages"))
    bare_extraction = importlib.import_module("trafilatura").bare_extraction

    def fields(response: Any) -> dict[str, Any]:
        found = bare_extraction(response.text, url=response.url, with_metadata=True)
        return {"title": found.title, "body": found.text, "author": found.author, "date": found.date}

    return fields


def _python() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


class _Clocks:
    """Processor seconds by part, without what another part inside it takes."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(PARTS, 0.0)
        self._inside: list[float] = []

    def put_into_newscrawl(self) -> None:
        """Puts clocks around its parts."""
        from newscrawl import pipelines
        from newscrawl.spiders.frontier import Frontier
        from newscrawl.spiders.identifier import Identifier
        from newscrawl.spiders.news import NewsSpider
        from newscrawl.storage.state import State

        self._time(NewsSpider, "_read", "extraction")
        self._time(pipelines.DeduplicatePipeline, "process_article", "dedupe")
        for owner, names in {
            pipelines.ValidatePipeline: ["process_article"],
            pipelines.StorePipeline: ["process_article"],
            Frontier: ["next", "add", "arrive"],
            Identifier: ["identify"],
            State: ["commit"],
        }.items():
            for name in names:
                self._time(owner, name, "state and store")

    def _time(self, owner: type, name: str, part: str) -> None:
        setattr(owner, name, self.around(getattr(owner, name), part))

    def around(self, inner: Callable[..., Any], part: str) -> Callable[..., Any]:
        """A function with a clock."""

        @wraps(inner)  # Scrapy hands a receiver of signals what its signature names
        def timed(*args: Any, **kwargs: Any) -> Any:
            self._inside.append(0.0)
            before = time.process_time()
            try:
                return inner(*args, **kwargs)
            finally:
                took = time.process_time() - before
                self.seconds[part] += took - self._inside.pop()
                if self._inside:
                    self._inside[-1] += took

        return timed


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of processor time a page."""

    system: str
    milliseconds: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl in a process of its own: processor seconds in all and by part, and articles written."""

    seconds: float
    parts: dict[str, float]
    written: int


def run(system: str, proxy: str) -> Run:
    """Crawls once; the parts of newscrawl are told by clocks around them, which cost hundredths of a millisecond."""
    with tempfile.TemporaryDirectory() as name:
        data, split = Path(name, "data"), Path(name, "split.json")
        data.mkdir()
        command = [sys.executable, __file__, "--crawl", system, str(data), str(split)]
        environment = {**os.environ, "http_proxy": proxy, "no_proxy": ""}
        before = os.times()
        subprocess.run(command, env=environment, check=True)
        after = os.times()
        files = (path for path in data.rglob("*.jsonl") if "rejected" not in path.parts)
        written = sum(path.read_bytes().count(b"\n") for path in files)
        parts = json.loads(split.read_text())
    seconds = after.children_user - before.children_user + after.children_system - before.children_system
    return Run(seconds, parts, written)


def measure(systems: list[str], count: int, rounds: int) -> list[Measured]:
    """The best of `rounds` of every system, the full paper less the empty one; SystemExit where pages are missing.

    The parts are those of the best run itself, so that what is left of it is of one run, too.
    """
    best: dict[tuple[str, int], Run] = {}
    for number in (0, count):
        server = subprocess.Popen([sys.executable, __file__, "--serve", str(number)], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            proxy = f"http://127.0.0.1:{int(server.stdout.readline())}"
            for turn in range(rounds):
                for system in random.Random(turn).sample(systems, len(systems)):
                    crawled = run(system, proxy)
                    if crawled.written != number:
                        raise SystemExit(f"{system} wrote {crawled.written} articles of {number}")
                    known = best.get((system, number))
                    if known is None or crawled.seconds < known.seconds:
                        best[system, number] = crawled
        finally:
            server.kill()
            server.wait()
    found = []
    for system in systems:
        full, empty = best[system, count], best[system, 0]
        parts = {part: (took - empty.parts[part]) / count * 1e3 for part, took in full.parts.items() if took}
        found.append(Measured(system, (full.seconds - empty.seconds) / count * 1e3, parts))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measures, prints, and writes when asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the table into docs/speed.md")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--crawl", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve is not None:
        serve(options.serve)
        return 0
    if options.crawl:
        system, directory, *split = options.crawl
        crawl(system, Path(directory), Path(split[0]) if split else None)
        return 0
    console = Console()
    systems = [BARE, RULES, GENERIC, EXTRACT]
    if "trafilatura" in peers.installed():
        systems.append(TRAFILATURA)
    else:
        console.print(f"SKIPPED: trafilatura, which is not installed in {peers.folder()}", style="yellow", markup=False)
    rows = rows_of(measure(systems, options.pages, options.rounds))
    table = Table(*COLUMNS)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    if options.write:
        write_crawl(COLUMNS, rows, options.pages, ["trafilatura"] if TRAFILATURA in systems else [])
    return 0


COLUMNS = ("", "ms a page", "x bare", *PARTS, "download and Scrapy", "without extraction, x bare")


def rows_of(measured: list[Measured]) -> list[list[str]]:
    """The table's cells."""
    bare = next(m.milliseconds for m in measured if m.system == BARE)
    rows = []
    for m in measured:
        rest = m.milliseconds - sum(m.parts.values())
        without = (m.milliseconds - m.parts["extraction"]) / bare if m.parts else None
        cells = [*(m.parts.get(part) for part in PARTS), rest if m.parts else None, without]
        numbers = [m.milliseconds, m.milliseconds / bare, *cells]
        rows.append([m.system, *("" if number is None else f"{number:.2f}" for number in numbers)])
    return rows


if __name__ == "__main__":
    sys.exit(main())
