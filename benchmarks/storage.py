"""What storing costs a crawl, stage by stage: the three pipelines over articles of 2 KB, without a network.

python benchmarks/storage.py [--articles 5000]
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from scrapy import Spider
from scrapy.utils.test import get_crawler

from newscrawl.dedup.exact import content_hash
from newscrawl.items import Article
from newscrawl.pipelines import DeduplicatePipeline, StorePipeline, ValidatePipeline
from newscrawl.storage import Session

VOCABULARY = 60_000
WORDS = 190
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


class Paper(Spider):
    """Any spider."""

    name = "paper"


def articles(count: int) -> list[Article]:
    """Texts of random words of a Zipf-like vocabulary."""
    rng = random.Random(1)
    words = ["".join(rng.choices(LETTERS, k=rng.randint(2, 8))) for _ in range(VOCABULARY)]
    now = datetime.now(UTC).isoformat()
    made = []
    for number in range(count):
        body = " ".join(words[int(VOCABULARY ** rng.random()) - 1] for _ in range(WORDS))
        article = Article(
            id=f"{rng.getrandbits(64):016x}",
            source="paper",
            url=f"https://paper.test/{number}",
            title=body[:60],
            body=body,
            fetched_at=now,
            published_at=now,
        )
        article.content_hash = content_hash(article.title, article.body)
        made.append(article)
    return made


def measure(count: int, near: str) -> None:
    """Print microseconds an article, for each stage and in all."""
    data = Path(tempfile.mkdtemp())
    crawler = get_crawler(Paper, {"DATA_DIR": str(data), "NEAR_DUPLICATES": near})
    session = Session.of(crawler)
    stages = [stage.from_crawler(crawler) for stage in (ValidatePipeline, DeduplicatePipeline, StorePipeline)]
    batch = articles(count)
    spent = dict.fromkeys((type(stage).__name__ for stage in stages), 0.0)
    begun = time.process_time()
    now = datetime.now(UTC)
    for article in batch:
        session.state.discover("paper", article.id, article.url, article.url, now=now)
    discovery = time.process_time() - begun
    for article in batch:
        for stage in stages:
            before = time.process_time()
            stage.process_item(article)
            spent[type(stage).__name__] += time.process_time() - before
    before = time.process_time()
    session.close()
    closing = time.process_time() - before
    parts = {"discovery": discovery, **spent, "closing": closing}
    shown = "  ".join(f"{name} {seconds / count * 1e6:.0f}" for name, seconds in parts.items())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"near duplicates {near:<4} us an article: {shown}  in all {sum(parts.values()) / count * 1e6:.0f}  {memory} MB"
    )
    shutil.rmtree(data)


def main() -> None:
    """With and without the near-duplicate index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    options = parser.parse_args()
    for near in ("off", "flag"):
        measure(options.articles, near)


if __name__ == "__main__":
    main()
