"""How well, how quickly and in how much room near duplicates are found.

    python benchmarks/near_duplicates.py [--stories 200000] [--batch 200000] [--write docs]

`--stories 5000 --batch 2000` takes seconds. Truth is the exact Jaccard similarity of the stories' own folded word
triples, computed here from what the generator told, without the datelines, credits and furniture that it printed
around it. Times are CPU time of this process; the clock of the wall is given beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa
from edited_news import EDITS, EditedNews, Printed, jaccard
from plot import Line, Panel, draw

from newscrawl.arabic import fold
from newscrawl.dedup.near import DAY, NearIndex
from newscrawl.dedup.shingles import fingerprint
from newscrawl.dedup.story import Story
from newscrawl.demo.stories import Desk, reprint
from newscrawl.storage.database import open_engine

COMMIT = 200  # stories a transaction, as the state does
START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@dataclass
class Slice:
    """What one stretch of the stream cost."""

    stories: int
    cpu_us: float
    wall_us: float
    memory_mb: float
    disk_mb: float
    indexed: int


@dataclass
class Run:
    """A stream of stories through the index."""

    slices: list[Slice] = field(default_factory=list)
    parts_us: Counter[str] = field(default_factory=Counter)
    relevant: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    hits: int = 0
    right: Counter[float] = field(default_factory=Counter)
    longest_ms: float = 0


class Index:
    """An index over a fresh SQLite state, with its costs."""

    def __init__(self, directory: Path, window_days: float = 30) -> None:
        self.path = directory / "state.sqlite"
        self.engine = open_engine(f"sqlite:///{self.path}")
        self.near = NearIndex(self.engine, window_days=window_days)
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self.wall = 0.0
        self.longest = 0.0

    def put(self, printed: Sequence[tuple[int, str, str, float]]) -> list[str | None]:
        """The ids of the matches of stories (number, title, body, seen), which are then committed together.

        Timed by the commit, not by the story: asking for the CPU time is itself dear on some machines.
        """
        wall, start = time.perf_counter(), time.process_time()
        stories = []
        for number, title, body, seen in printed:
            made = fingerprint(title, body)
            assert made is not None
            stories.append(Story(f"{number:016x}", made, seen, seen))
        start = self._tick("fingerprints", start)
        found = []
        for story in stories:
            match = self.near.match(story)
            self.near.add(story, match)
            found.append(match.id if match else None)
        start = self._tick("match and add", start)
        pause = time.perf_counter()
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            self.near.write(connection)
        self.near.written()
        self._tick("commit", start)
        self.wall += time.perf_counter() - wall
        self.longest = max(self.longest, time.perf_counter() - pause)
        return found

    def _tick(self, part: str, since: float) -> float:
        now = time.process_time()
        self.cpu[part] += now - since
        return now

    def size(self) -> tuple[float, int]:
        """Megabytes on disk, write-ahead log and all, and the number of stories."""
        files = [self.path.with_name(self.path.name + suffix) for suffix in ("", "-wal")]
        with self.engine.connect() as connection:
            stories = connection.scalar(sa.text("SELECT count(*) FROM near_stories"))
        return sum(file.stat().st_size for file in files if file.exists()) / 1e6, int(stories or 0)

    def close(self) -> None:
        self.near.close()
        self.engine.dispose()


def memory_mb() -> float:
    """Resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def stream(stories: int, directory: Path, *, days: float, judged: bool) -> Run:
    """All stories through the index, spread evenly over so many days."""
    news, index, run = EditedNews(1), Index(directory), Run()
    step = max(COMMIT, stories // 20 // COMMIT * COMMIT)
    before, wall = 0.0, 0.0
    for start in range(0, stories, COMMIT):
        numbers = range(start, min(start + COMMIT, stories))
        printed = [news.story(number) for number in numbers]
        times = [START + number / stories * days * DAY for number in numbers]
        found = index.put(
            [(n, each.title, each.body, seen) for n, each, seen in zip(numbers, printed, times, strict=True)]
        )
        if judged:
            for each, match in zip(printed, found, strict=True):
                judge(run, news, each, match)
        if numbers.stop % step == 0:
            total = sum(index.cpu.values())
            disk, indexed = index.size()
            cost = (total - before) / step * 1e6, (index.wall - wall) / step * 1e6
            run.slices.append(Slice(numbers.stop, *cost, memory_mb(), disk, indexed))
            before, wall = total, index.wall
            print(run.slices[-1], dict(index.cpu), file=sys.stderr, flush=True)
    for part, seconds in index.cpu.items():
        run.parts_us[part] = round(seconds / stories * 1e6)
    run.longest_ms = index.longest * 1000
    index.close()
    return run


def judge(run: Run, news: EditedNews, printed: Printed, match: str | None) -> None:
    """Holds one answer against the exact similarity."""
    if printed.source is not None:
        exact = jaccard(printed, news.story(printed.source))
        if exact >= 0.8:
            band = f"{min(int(exact * 20), 19) / 20:.2f}"
            for key in ("all", f"J >= {band}", *printed.edit.split("+")):
                run.relevant[key] += 1
                run.found[key] += match is not None
    if match is not None:
        exact = jaccard(printed, news.story(int(match, 16)))
        run.hits += 1
        for least in (0.7, 0.69, 0.8):
            run.right[least] += exact >= least


def demo_stories(stories: int, directory: Path) -> list[str]:
    """The demo newspaper's stories, which share whole frames, and their reprints: every pair is compared exactly."""
    towns = ["القاهرة", "بيروت", "عمان", "تونس", "الرباط", "مسقط"]
    topics = ["sport", "weather", "culture", "economy", "technology", "agriculture", "education", "health"]
    texts: list[str] = []
    desk_number = 0
    while len(texts) < stories:
        desk_number += 1
        desk = Desk(desk_number)
        for topic in topics:
            story = desk.write(topic, towns, date(2026, 11, 1 + desk_number % 28))
            texts += ["\n".join(story.paragraphs), "\n".join(reprint(story).paragraphs)]
    index = Index(directory)
    shingled = [Printed("", text, [text.split()], "", None) for text in texts]
    owners: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    relevant = found = hits = right = 0
    for number, text in enumerate(texts):
        [match] = index.put([(number, "", text, START)])
        shared = Counter(other for shingle in shingled[number].shingles for other in owners[shingle])
        best = max((jaccard(shingled[number], shingled[other]) for other, _ in shared.most_common(20)), default=0.0)
        for shingle in shingled[number].shingles:
            owners[shingle].append(number)
        relevant += best >= 0.8
        found += best >= 0.8 and match is not None
        if match is not None:
            hits += 1
            right += jaccard(shingled[number], shingled[int(match, 16)]) >= 0.7
    index.close()
    return [
        f"| demo stories and reprints, {len(texts):,} | {relevant:,} | {found / max(1, relevant):.2%} | {hits:,} | "
        f"{right / max(1, hits):.2%} |"
    ]


def urgent_items(items: int, directory: Path) -> list[str]:
    """Short items against an index of short items and stories: how many of each kind are called duplicates."""
    news, rng = EditedNews(7), random.Random(7)
    index = Index(directory)
    cities = ("صنعاء", "نواكشوط")
    kinds: dict[str, tuple[str, list[str]]] = {
        "same words, other marker and spelling": ("yes", []),
        "copied with a word more": ("yes", []),
        "first sentence of an earlier story": ("yes", []),
        "another number": ("no", []),
        "another city": ("no", []),
        "denied": ("no", []),
        "another subject, same frame": ("no", []),
        "unrelated": ("no", []),
    }
    for number in range(items):
        words = news.urgent(rng)
        story = [words, news.paragraph(rng, 150)] if rng.random() < 0.5 else None
        body = "عاجل | " + " ".join(words) if story is None else "\n".join(" ".join(p) for p in story)
        index.put([(number, "", body, START)])
        spelt = news.spelling(random.Random(f"x{rng.random()}"), [words])[0]
        plain = [a if fold(a) == fold(b) else b for a, b in zip(spelt, words, strict=True)]
        kinds["same words, other marker and spelling" if story is None else "first sentence of an earlier story"][
            1
        ].append("عاجل: " + " ".join(plain))
        if story is None:
            kinds["copied with a word more"][1].append(" ".join([*words, news.word(rng)]))
        kinds["another number"][1].append(" ".join(str(int(w) + 1) if w.isdigit() else w for w in words))
        kinds["another city"][1].append(" ".join([*words[:-1], rng.choice(cities)]))
        kinds["denied"][1].append(" ".join([words[0], "لم", *words[1:]]))
        kinds["another subject, same frame"][1].append(" ".join([news.word(rng) + "ين", news.word(rng), *words[2:]]))
        kinds["unrelated"][1].append(" ".join(news.urgent(rng)))
    rows = []
    for kind, (wanted, texts) in kinds.items():
        found = 0
        for text in texts:
            story_made = Story.of("f" * 16, "", text, seen="2026-01-01")
            assert story_made is not None
            found += index.near.match(story_made) is not None
        rows.append(f"| {kind} | {wanted} | {len(texts):,} | {found / max(1, len(texts)):.2%} |")
    index.close()
    return rows


def batch(stories: int, directory: Path) -> list[str]:
    """`scrapy dedupe` over files in random order, in a process of its own."""
    rows = []
    news = EditedNews(3)
    for size in (stories // 4, stories // 2, stories):
        corpus = directory / f"corpus-{size}"
        corpus.mkdir()
        numbers = list(range(size))
        random.Random(size).shuffle(numbers)
        with (corpus / "stories.jsonl").open("w") as file:
            for number in numbers:
                printed = news.story(number)
                day = datetime.fromtimestamp(START + number / size * 90 * DAY, UTC).isoformat()
                record = {"id": f"{number:016x}", "title": printed.title, "body": printed.body, "published_at": day}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        began = time.perf_counter()
        code = (
            "import resource, sys; from scrapy.cmdline import execute\n"
            "try: execute(['scrapy', 'dedupe', *sys.argv[1:]])\n"
            "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        arguments = [sys.executable, "-c", code, str(corpus), "--out", str(corpus / "out")]
        done = subprocess.run(arguments, check=True, capture_output=True, text=True)
        wall = time.perf_counter() - began
        cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        peak = int(done.stdout.split()[-1]) / 1024
        rows.append(
            f"| {size:,} | {wall:.0f} s | {wall / size * 1e6:.0f} µs | {cpu / size * 1e6:.0f} µs | {peak:.0f} MB |"
        )
        print(rows[-1], done.stderr.strip(), file=sys.stderr, flush=True)
    return rows


def curve(slices: list[Slice]) -> list[str]:
    """The rows of a table of costs against size."""
    return [
        f"| {s.stories:,} | {s.cpu_us:.0f} | {s.wall_us:.0f} | {s.memory_mb:.0f} | {s.disk_mb:.0f} | {s.indexed:,} |"
        for s in slices
    ]


def report(stories: int, batch_stories: int, processes: int, directory: Path) -> tuple[str, str]:
    """The figures as Markdown, and the plot."""
    places = iter(directory / f"{number}" for number in range(9))

    def place() -> Path:
        path = next(places)
        path.mkdir()
        return path

    # Each in a process of its own, so that the memory of one is not that of the other.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        kept = pool.submit(stream, stories, place(), days=30, judged=True)
        forgetting = pool.submit(stream, stories // 2, place(), days=120, judged=False)
        all_kept, pruned = kept.result(), forgetting.result()
    relevant, hits = all_kept.relevant, max(1, all_kept.hits)
    cpu = sum(all_kept.parts_us.values())
    wall = sum(s.wall_us for s in all_kept.slices) / len(all_kept.slices)
    last = all_kept.slices[-1]
    least, most = min(s.cpu_us for s in all_kept.slices), max(s.cpu_us for s in all_kept.slices)
    parts = ", ".join(f"{part} {us}" for part, us in all_kept.parts_us.items())
    names = ["all", *sorted(name for name in relevant if name.startswith("J")), *(e for e in EDITS if e in relevant)]
    machine = (
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {version('sqlalchemy')}, rensa {version('rensa')}; "
        f"load average {os.getloadavg()[1]:.1f} at the end (above the number of cores, the times are too high)."
    )
    text = [
        f"Measured {machine}",
        "",
        f"{stories:,} stories, one in five an edited copy of one of the 40,000 before it; all within the window.",
        "",
        "| | exact J >= 0.8 | recall | hits | of them exact J >= 0.7 |",
        "|---|---|---|---|---|",
        f"| generated stories, {stories:,} | {relevant['all']:,} | "
        f"{all_kept.found['all'] / max(1, relevant['all']):.2%} | {all_kept.hits:,} | "
        f"{all_kept.right[0.7] / hits:.2%} |",
        *demo_stories(min(3000, stories), place()),
        "",
        f"A story costs {cpu} µs of CPU ({parts}), {wall:.0f} µs by the clock; in the slices of the table "
        f"below {least:.0f} to {most:.0f} µs of CPU. The longest commit, which wrote the keys of four thousand "
        f"stories, took {all_kept.longest_ms:.0f} ms. On disk "
        f"{last.disk_mb * 1e6 / stories:.0f} bytes a story.",
        "",
        "Recall by nearness and by edit (a story may have had two):",
        "",
        "| | stories of exact J >= 0.8 | found |",
        "|---|---|---|",
        *(f"| {name} | {relevant[name]:,} | {all_kept.found[name] / relevant[name]:.2%} |" for name in names),
        "",
        "Cost against size, all stories within the window:",
        "",
        *_CURVE_HEAD,
        *curve(all_kept.slices[1::2]),
        "",
        "Half as many stories spread over 120 days, so that a window of 30 days holds a quarter of them:",
        "",
        *_CURVE_HEAD,
        *curve(pruned.slices[1::2]),
        "",
        "Short items against short items and first sentences of stories:",
        "",
        "| the item is | a duplicate? | items | called one |",
        "|---|---|---|---|",
        *urgent_items(min(2000, stories), place()),
        "",
    ]
    if batch_stories:
        text += [
            "`scrapy dedupe` over one file in random order, 90 days of stories, a process of its own:",
            "",
            "| stories | time | a story | CPU a story | peak memory |",
            "|---|---|---|---|---|",
            *batch(batch_stories, place()),
            "",
        ]
    return "\n".join(text), plot(all_kept.slices, pruned.slices)


_CURVE_HEAD = (
    "| stories | µs CPU a story | µs by the clock | memory MB | state MB | stories in the index |",
    "|---|---|---|---|---|---|",
)


def plot(kept: list[Slice], pruned: list[Slice]) -> str:
    """Time, memory and size of the state against the number of stories, as SVG."""

    def lines(pick: str) -> list[Line]:
        return [
            Line("all in the window", [s.stories for s in kept], [float(getattr(s, pick)) for s in kept]),
            Line("window of 30 in 120 days", [s.stories for s in pruned], [float(getattr(s, pick)) for s in pruned]),
        ]

    return draw(
        [
            Panel("µs of CPU a story", lines("cpu_us")),
            Panel("resident memory, MB", lines("memory_mb")),
            Panel("state on disk, MB", lines("disk_mb")),
        ],
        "stories",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=200_000, help="stories of the largest batch (0: none)")
    parser.add_argument("--processes", type=int, default=1, help="2 is quicker, and less exact in the times")
    parser.add_argument("--write", type=Path, metavar="DIR", help="put the figures into DIR's page and plot")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="near-") as directory:
        text, svg = report(options.stories, options.batch, options.processes, Path(directory))
    print(text)
    if options.write:
        page = options.write / "near-duplicates.md"
        head, mark, rest = page.read_text().partition("<!-- figures -->\n")
        page.write_text(head + mark + text + "\n" + rest[rest.index("<!-- end of figures -->") :])
        (options.write / "near-duplicates.svg").write_text(svg)


if __name__ == "__main__":
    main()
