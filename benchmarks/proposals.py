"""Whether proposed rules hold on pages that they were not learned from: python -m benchmarks.proposals [--learn N]

Rules are proposed from a few pages of a site (`newscrawl new-source`); on all others the record that is read by them is
compared with the one that is read without. The sites: one real one (../shared/realnews/racidy.com.tar.xz, 150 pages),
and the demo's three papers. Several draws of each, because it depends on which pages were seen.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.sites import SITES
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.source import Publisher, Source
from newscrawl.loaders import load
from newscrawl.loaders.proposal import is_same, propose

ARCHIVE = Path(__file__).resolve().parents[1].parent / "shared" / "realnews" / "racidy.com.tar.xz"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
_SEED = 15


@dataclass(slots=True)
class Score:
    """Of `tested` records `same` are the ones without rules; `fields` were written in any draw."""

    site: str
    draws: int = 0
    tested: int = 0
    same: int = 0
    fields: set[str] = field(default_factory=set)


def demo_pages(slug: str) -> list[Page]:
    """The article pages of one of the demo's papers."""
    newsroom = Newsroom(date(2026, 11, 29))
    site = next(kind(newsroom, NOW) for kind in SITES if kind.slug == slug)
    pages = []
    for piece in newsroom.pieces[slug]:
        answer = site.answer(piece.path)
        if answer.status == 200:
            pages.append(Page(answer.body, piece.url, {"Content-Type": answer.content_type}))
    return pages


def archived_pages(archive: Path) -> list[Page]:
    """The pages of a real site, packed with a manifest of their addresses."""
    with tarfile.open(archive) as packed:
        held = {Path(member.name).name: packed.extractfile(member) for member in packed if member.isfile()}
        bodies = {name: file.read() for name, file in held.items() if file is not None}
    rows = [json.loads(line) for line in bodies["manifest.jsonl"].splitlines()]
    return [Page(bodies[row["file"]], row["url"]) for row in rows]


def measure(site: str, pages: list[Page], *, learn: int, draws: int) -> Score:
    """Learns from `learn` pages at a time, and tells all others."""
    host = pages[0].host.removeprefix("www.")
    source = Source(
        name="site", publisher=Publisher(host, host, country="", timezone="UTC"), domains=(host,), zone_is_known=False
    )
    score = Score(site)
    chance = random.Random(_SEED)
    plain = [load(page, source, generic=True, fetched_at=NOW).article for page in pages]
    for _ in range(draws):
        chosen = set(chance.sample(range(len(pages)), learn))
        rules = propose([pages[at] for at in sorted(chosen)], source, fetched_at=NOW).rules
        score.draws += 1
        if rules is None:
            continue
        ruled = replace(source, rules=(rules,))
        score.fields |= {name for name in ("body", "title", *rules.__slots__) if rules_write(rules, name)}
        for at in set(range(len(pages))) - chosen:
            score.tested += 1
            score.same += is_same(load(pages[at], ruled, fetched_at=NOW).article, plain[at])
    return score


def rules_write(rules: object, name: str) -> bool:
    """Whether rules say anything of a field."""
    return name not in ("since", "valid_until") and bool(getattr(rules, name))


def scores(learn: int, draws: int) -> Iterator[Score]:
    """The score of each site; of the real one only where its pages are there."""
    if ARCHIVE.is_file():
        yield measure("racidy.com", archived_pages(ARCHIVE), learn=learn, draws=draws)
    else:
        print(f"the pages of the real site are not beside the repository: {ARCHIVE}", file=sys.stderr)
    for kind in SITES:
        yield measure(f"demo: {kind.slug}", demo_pages(kind.slug), learn=learn, draws=draws)


def main() -> None:
    """Prints a line for each site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learn", type=int, default=5, metavar="N", help="pages that rules are proposed from")
    parser.add_argument("--draws", type=int, default=5, help="choices of these pages for each site")
    options = parser.parse_args()
    for score in scores(options.learn, options.draws):
        share = f"{score.same / score.tested:.3f}" if score.tested else "nothing was proposed"
        print(
            f"{score.site}: {score.same} of {score.tested} the same ({share}), "
            f"{score.draws} draws; {', '.join(sorted(score.fields))}"
        )


if __name__ == "__main__":
    main()
