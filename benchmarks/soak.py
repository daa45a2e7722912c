"""A long run: the fault catalogue and the demo newspaper, crawled over and over in one process, which must not grow.

    python -m benchmarks.soak --minutes 10

Writes docs/soak.svg and docs/soak.json. Exit code 1 when memory or file handles grew over the second half of the run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from plot import Line, Panel, draw
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from newscrawl.spiders.news import NewsSpider

ROOT = Path(__file__).resolve().parents[1]
MOST_GROWTH = 0.10  # of the median of the second quarter, by the last
MOST_MEMORY_MIB = 400  # two crawls at once, round after round


def main() -> int:
    """Serves, lets a process of its own crawl, judges and draws."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--crawl", nargs=2, metavar=("PORTS", "SAMPLES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.crawl:
        _crawl(json.loads(Path(options.crawl[0]).read_text()), Path(options.crawl[1]), options.minutes * 60)
        return 0
    return _soak(options.minutes)


def _soak(minutes: float) -> int:
    from datetime import UTC, datetime

    from newscrawl.demo.diary import Diary
    from newscrawl.demo.server import NewsServer
    from tests.faults import behaviours
    from tests.faults.running import RunningServer
    from tests.faults.test_catalogue import index_feed

    assert behaviours
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        newsroom = Diary.open(directory, datetime.now(UTC)).next_edition(datetime.now(UTC))
        with RunningServer(directory) as faults, NewsServer(newsroom) as demo:
            faults.server.index = index_feed(faults.ports)
            (directory / "ports.json").write_text(json.dumps(faults.ports))
            environment = {
                **os.environ,
                "SSL_CERT_FILE": str(faults.root_certificate),
                "http_proxy": demo.proxy,
                "no_proxy": ".faults.test,.elsewhere.test",
            }
            files = [str(directory / "ports.json"), str(directory / "samples.json")]
            command = [sys.executable, "-m", "benchmarks.soak", "--minutes", str(minutes), "--crawl", *files]
            with (directory / "log").open("w") as log:
                finished = subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=log, check=False)
            if finished.returncode:
                print((directory / "log").read_text()[-3000:], file=sys.stderr)
                return 1
            if os.environ.get("SOAK_LOG"):
                shutil.copy(directory / "log", os.environ["SOAK_LOG"])
        result = json.loads((directory / "samples.json").read_text())
    return _judge(result)


def _judge(result: dict[str, list[float]]) -> int:
    seconds = [int(second) for second in result["second"]]
    panels = [
        Panel("resident memory, MiB", [Line("faults and demo", seconds, result["memory_mib"])]),
        Panel("open file handles", [Line("faults and demo", seconds, result["handles"])]),
        Panel("articles stored", [Line("faults and demo", seconds, result["stored"])]),
    ]
    (ROOT / "docs" / "soak.svg").write_text(draw(panels, "s"), encoding="utf-8")
    verdicts = {}
    for name in ("memory_mib", "handles"):
        values = result[name]
        quarter = len(values) // 4
        early, late = median(values[quarter : 2 * quarter]), median(values[3 * quarter :])
        verdicts[name] = {"second_quarter": early, "last_quarter": late, "peak": max(values)}
    summary = {"seconds": seconds[-1], "rounds": result["rounds"][-1], "stored": result["stored"][-1], **verdicts}
    (ROOT / "docs" / "soak.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(summary, indent=1))
    grew = [name for name, v in verdicts.items() if v["last_quarter"] > v["second_quarter"] * (1 + MOST_GROWTH) + 2]
    if grew or verdicts["memory_mib"]["peak"] > MOST_MEMORY_MIB:
        print(f"grew: {', '.join(grew) or 'memory beyond its limit'}", file=sys.stderr)
        return 1
    return 0


class _Sampler(threading.Thread):
    """Notes memory and handles of this process once a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.samples: dict[str, list[float]] = {
            key: [] for key in ("second", "memory_mib", "handles", "rounds", "stored")
        }
        self.rounds = self.stored = 0
        self._began = time.monotonic()

    def run(self) -> None:
        while True:
            self._sample()
            time.sleep(1)

    def _sample(self) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        now = (
            time.monotonic() - self._began,
            pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
            len(list(Path("/proc/self/fd").iterdir())),
            self.rounds,
            self.stored,
        )
        for key, value in zip(self.samples, now, strict=True):
            self.samples[key].append(round(value, 1))


def _crawl(ports: dict[str, int], samples: Path, seconds: float) -> None:
    from newscrawl.commands.demo import PAPERS
    from newscrawl.spiders.registry import publisher
    from tests.faults.crawl import FaultSpider, declare, settings

    declare(ports)
    sampler = _Sampler()
    sampler.start()
    until = time.monotonic() + seconds
    base = samples.parent
    process = AsyncCrawlerProcess(settings(str(base / "unused")))

    def begin(spiders: tuple[type[NewsSpider], ...], number: int) -> None:
        """Crawls one spider after the other, each into a fresh directory, until the time is up."""
        spider = spiders[number % len(spiders)]
        directory = base / f"{spider.name}-{number}"
        chosen: Settings = settings(str(directory))
        # The process's own settings win over a crawler's of the same priority.
        own = {"DATA_DIR": str(directory), "LOG_LEVEL": "ERROR", "SUMMARY_PRINT": False}
        chosen.setdict(own, priority="cmdline")
        crawler = Crawler(spider, chosen)

        def again(_: object) -> None:
            sampler.rounds += 1
            stored = int((crawler.stats.get_value("newscrawl/stored") if crawler.stats else 0) or 0)
            sampler.stored += stored
            print(f"{sampler.rounds}: {spider.name} stored {stored}", flush=True)
            shutil.rmtree(directory, ignore_errors=True)
            if time.monotonic() < until:
                begin(spiders, number + 1)

        process.crawl(crawler).add_done_callback(again)

    begin((FaultSpider,), 0)
    begin(tuple(map(publisher, PAPERS)), 0)
    process.start()
    samples.write_text(json.dumps(sampler.samples))


if __name__ == "__main__":
    sys.exit(main())
