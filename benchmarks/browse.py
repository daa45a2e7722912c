"""The reader on a generated corpus: what the index costs to make and to keep, and what its pages cost to serve.

python -m benchmarks.browse [--articles 1000000] [--keep DIR]

The texts are frames of the demo's newspaper, filled, with words of a large vocabulary strewn in, so that the index
meets as many different words as newspapers use. Times are of the processor; a page is asked of the application itself,
so that no network comes in, and each twice: as after a start, and again.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from newscrawl.demo import grammar, lexicon
from newscrawl.items import json_line

PAPERS = 40
DAYS = 690
ARTICLES_A_FILE = 2000
PARAGRAPHS = 20_000
ROOTS = 400_000
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
FIRST_DAY = date(2025, 1, 1)


def paragraphs(rng: random.Random) -> list[str]:
    """Paragraphs of the demo's frames."""
    names = lexicon.topics()
    towns = [row[0] for row in lexicon.rows("towns.tsv")]
    made: list[str] = []
    while len(made) < PARAGRAPHS:
        topic = grammar.topic(rng.choice(names))
        event = rng.choice(topic.events)
        weekdays = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
        given = {
            "town": grammar.Word(rng.choice(towns), "f"),
            "today": grammar.Word(rng.choice(weekdays)),
            "yesterday": grammar.Word(rng.choice(weekdays)),
        }
        telling = grammar.Telling(topic, event, rng, given)
        made += [telling.fill(frame) for frame in (*event.frames["L"], *event.frames["P"])]
    return made


def vocabulary(rng: random.Random) -> tuple[list[str], list[float]]:
    """Rare words and their cumulative weights, as Zipf's law has them."""
    words = ["".join(rng.choices(LETTERS, k=rng.randint(3, 9))) for _ in range(ROOTS)]
    return words, list(accumulate(1 / rank for rank in range(1, ROOTS + 1)))


def write_corpus(data_dir: Path, count: int) -> None:
    """Files as a crawl leaves them; one article in twelve is a reprint, one in twenty-five comes in two versions."""
    rng = random.Random(7)
    texts, (rare, weights) = paragraphs(rng), vocabulary(rng)
    sections = [f"قسم {name}" for name in lexicon.topics()]
    agencies = ["AFP", "Reuters", "dpa", "SPA", "MENA", "Anadolu"]
    written = 0
    recent: list[str] = []
    for number in range(0, count, ARTICLES_A_FILE):
        paper = f"paper{number // ARTICLES_A_FILE % PAPERS:02d}"
        day = FIRST_DAY + timedelta(days=int(number / count * DAYS))
        directory = data_dir / "articles" / f"source={paper}" / f"date={day}"
        directory.mkdir(parents=True, exist_ok=True)
        with (directory / f"run{number:08d}.jsonl").open("w", encoding="utf-8") as file:
            for _ in range(min(ARTICLES_A_FILE, count - written)):
                written += 1
                record = _record(rng, texts, rare, weights, paper, day, sections, agencies, recent)
                file.write(json_line(record) + "\n")
                if written % 25 == 0:
                    body = f"{record['body']}\nوأضافت الصحيفة تصحيحاً."
                    file.write(json_line(record | {"version": 2, "body": body}) + "\n")


def _record(
    rng: random.Random,
    texts: list[str],
    rare: list[str],
    weights: list[float],
    paper: str,
    day: date,
    sections: list[str],
    agencies: list[str],
    recent: list[str],
) -> dict[str, object]:
    words = " ".join(rng.sample(texts, 10)).split()
    for word in rng.choices(rare, cum_weights=weights, k=110):
        words[rng.randrange(len(words))] = word
    moment = datetime(day.year, day.month, day.day, rng.randrange(24), rng.randrange(60), tzinfo=UTC)
    id_ = f"{rng.getrandbits(64):016x}"
    twin = rng.choice(recent) if recent and rng.random() < 1 / 12 else None
    recent.append(id_)
    del recent[:-500]
    third = len(words) // 3
    return {
        "id": id_,
        "version": 1,
        "source": paper,
        "publisher": f"صحيفة {paper}",
        "country": "JO",
        "url": f"https://{paper}.test/{id_}",
        "language": "ar",
        "title": " ".join(words[:9]),
        "subtitle": None,
        "body": "\n".join(" ".join(part) for part in (words[9:third], words[third : 2 * third], words[2 * third :])),
        "authors": [f"كاتب {rng.randrange(3000)}"] if rng.random() < 0.6 else [],
        "agencies": [rng.choice(agencies)] if rng.random() < 0.3 else [],
        "section": rng.choice(sections),
        "tags": rng.sample(sections, 2),
        "images": [{"url": f"https://{paper}.test/{id_}.jpg", "caption": None, "credit": None}],
        "published_at": moment.isoformat(),
        "first_seen_at": moment.isoformat(),
        "fetched_at": moment.isoformat(),
        "word_count": len(words),
        "duplicate_of": twin,
        "cluster_id": twin,
        "similarity": 0.87 if twin else None,
        "paywalled": None,
        "provenance": {"title": "rule:2026-08", "body": "rule:2026-08"},
        "restrictions": [],
    }


_UPDATE = """
import json, resource, sys, time
from pathlib import Path
from newscrawl.browse.index import update
begun = time.process_time()
done = update(Path(sys.argv[1]))
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"lines": done.lines, "seconds": time.process_time() - begun, "mb": used.ru_maxrss / 1024}))
"""


def measured_update(data_dir: Path) -> dict[str, float]:
    """Lines taken in, seconds of the processor and MB, of an update in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _UPDATE, str(data_dir)], capture_output=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def add_lines(data_dir: Path, count: int) -> None:
    """One more run's file."""
    scratch = Path(tempfile.mkdtemp())
    write_corpus(scratch, count)
    for file in (scratch / "articles").rglob("*.jsonl"):
        target = data_dir / file.relative_to(scratch)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Ids of a seed are always the same: these are to be new.
        fresh = random.Random(time.time_ns())
        lines = [json.loads(line) | {"id": f"{fresh.getrandbits(64):016x}"} for line in file.open(encoding="utf-8")]
        text = "".join(json_line(line) + "\n" for line in lines)
        target.with_name(f"more{time.time_ns()}.jsonl").write_text(text, "utf-8")
    shutil.rmtree(scratch)


#: Pages of which the time is promised, and others that people open.
PAGES = (
    ("/?q=وزير", "newest first"),
    ("/?q=الاثنين", "newest first"),
    ("/?q=وزير&order=best", "best match"),
    ("/?q=المدينة&order=best", "best match"),
    ("/?q=الزيتون محصول", "two words"),
    ("/?q=الاثنين&source=paper03&from=2026-01-01", "word, source, days"),
    ("/?q=الاثنين -وزير", "without a word"),
    ("/", "no word"),
    ("/?missing=subtitle", "a field missing"),
    ("/sources", "sources"),
    ("/trends?q=وزير، الاثنين، زيتون، مطر، مباراة", "five words over time"),
    ("/card", "data card"),
)


def measure_pages(data_dir: Path) -> None:
    """Milliseconds of the processor for each page, the first time and the best of five."""
    from newscrawl.browse.app import create_app

    client = create_app(data_dir).test_client()
    for address, what in PAGES:
        spent = []
        for _ in range(6):
            begun = time.process_time()
            answer = client.get(address, headers={"Host": "127.0.0.1"})
            spent.append((time.process_time() - begun) * 1000)
            assert answer.status_code == 200, answer.data
        found = re.search(r'<strong><bdi class="n">([\d,]+)', answer.text)
        hits = found[1] if found else ""
        print(f"{what:<22} {address:<50} {hits:>10}  first {spent[0]:4.0f} ms  then {min(spent[1:]):4.0f} ms")


def measure_watches(data_dir: Path) -> None:
    """Milliseconds an article of 200 watches, folding included."""
    from newscrawl.monitoring.watches import Watch, Watches

    rng = random.Random(3)
    words = sorted({word for text in paragraphs(rng)[:2000] for word in text.split() if len(word) > 3})
    watches = Watches(
        Watch.of(
            f"w{number}", {"words": f"{rng.choice(words)} {rng.choice(words)}" if number % 2 else rng.choice(words)}
        )
        for number in range(200)
    )
    file = next((data_dir / "articles").rglob("*.jsonl"))
    records = [json.loads(line) for line in file.open(encoding="utf-8")]
    begun = time.process_time()
    matches = sum(len(watches.matching(record)) for record in records)
    each = (time.process_time() - begun) / len(records) * 1000
    print(f"200 watches: {each:.3f} ms an article of some 210 words, {matches / len(records):.1f} of them match")


def measure_runs(count: int = 10_000) -> None:
    """Seconds to read the summaries of many runs, and to make a report of them."""
    from newscrawl.monitoring.report import report
    from newscrawl.monitoring.runs import Run, read_runs

    data_dir = Path(tempfile.mkdtemp(prefix="runs-"))
    (data_dir / "runs").mkdir()
    now = datetime.now(UTC)
    fields = ("title", "body", "authors", "published_at", "section", "tags", "images")
    layers = {f"{field} rule:2026-08": 18 for field in fields}
    for number in range(count):
        started = (now - timedelta(minutes=11 * number)).isoformat(timespec="seconds")
        run = Run(
            run=f"run{number}", source=f"paper{number % 130}", started_at=started, seconds=40, finish_reason="finished",
            stored=20, pages=26, rejected={"no-title": 1}, links={"feed": 40}, statuses={"200": 26}, layers=layers,
            filled=dict.fromkeys(fields, 20), words=4000,
        )  # fmt: skip
        (data_dir / "runs" / f"{run.run}.json").write_text(json.dumps(asdict(run), indent=1), "utf-8")
    begun = time.process_time()
    rows = report(read_runs(data_dir), now=now, days=7)
    print(f"report of {count:,} runs of {len(rows)} sources: {time.process_time() - begun:.2f} s")
    shutil.rmtree(data_dir)


def main() -> None:
    """Prints a line a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a directory for the corpus; one that is there is used again")
    options = parser.parse_args()
    data_dir = options.keep or Path(tempfile.mkdtemp(prefix="browse-"))
    if not (data_dir / "articles").is_dir():
        write_corpus(data_dir, options.articles)
    if not (data_dir / "browse.sqlite").exists():
        made = measured_update(data_dir)
        size = (data_dir / "browse.sqlite").stat().st_size / 1e6
        print(f"index of {made['lines']:,.0f} lines: {made['seconds']:.0f} s, {made['mb']:.0f} MB, file {size:,.0f} MB")
    add_lines(data_dir, 1920)
    more = measured_update(data_dir)
    print(f"{more['lines']:,.0f} new lines: {more['seconds']:.2f} s")
    measure_pages(data_dir)
    print(f"memory after all pages: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    measure_watches(data_dir)
    measure_runs()
    if options.keep is None:
        shutil.rmtree(data_dir)


if __name__ == "__main__":
    main()
