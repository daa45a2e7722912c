"""Does the story come out the same when the mark-up changes and the reader sees no difference?

    python benchmarks/robustness.py              all changes on all pages, fails below the floors
    python benchmarks/robustness.py --pages      and names the pages that a change breaks
    python benchmarks/robustness.py --peers      peers (benchmarks/scoring/peers.py) on every tenth pair, and no gate

A page counts where its body is read word for word without rules before it is changed, and its paragraphs are elements
of one box. The changes are in benchmarks/scoring/changes.py.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lxml import etree
from rich.console import Console
from rich.table import Table
from scoring import peers
from scoring.changes import CHANGES, LEAST, LEAST_OF_EACH, Specimen
from scoring.metrics import Truth, words
from scoring.pages import TESTS, Page, repository_sets, shared_sets

from newscrawl import extract
from newscrawl.extraction.page import PageError

UNCHANGED = ""
_ONE_IN = 10


def read(page: Page, body: bytes) -> tuple[str, str]:
    """Standfirst and body as newscrawl reads them without rules."""
    try:
        article = extract(body, url=page.url, generic=True, fetched_at=page.fetched_at)
    except PageError:
        return "", ""
    return article.subtitle or "", article.body or ""


def is_perfect(truth: Truth, subtitle: str, body: str) -> bool:
    """Whether a body is the story's, word for word, with any of its optional paragraphs or without them, and with its
    first paragraph in the body or as the standfirst."""
    told = words(body)
    optional = {" ".join(words(text)) for text in truth.optional}
    paragraphs = [words(text) for text in truth.paragraphs]
    if words(subtitle) == paragraphs[0]:
        told = paragraphs[0] + told if told[: len(paragraphs[0])] != paragraphs[0] else told
    return any(told == candidate for candidate in _candidates(paragraphs, optional))


def _candidates(paragraphs: list[list[str]], optional: set[str]) -> Iterator[list[str]]:
    """The body with all optional paragraphs, and without them."""
    yield [word for paragraph in paragraphs for word in paragraph]
    yield [word for paragraph in paragraphs if " ".join(paragraph) not in optional for word in paragraph]


def pages() -> Iterator[Page]:
    """All pages that there are: the repository's, the rebuilt cases', and the real ones where they lie beside it."""
    for group in (*repository_sets(), *shared_sets()):
        yield from group.pages
    for path in sorted((TESTS / "extraction" / "cases").glob("*/expected.json")):
        yield from _of_case(path)


def _of_case(path: Path) -> Iterator[Page]:
    for variant in json.loads(path.read_text(encoding="utf-8"))["variants"]:
        lines = variant["expect"].get("body_lines") if isinstance(variant["expect"], dict) else None
        if variant["how"] == "extract" and lines:
            truth = Truth(title=variant["expect"].get("title") or "", paragraphs=lines)
            yield Page(f"{path.parent.name}/{variant['file']}", path.parent / variant["file"], variant["url"], truth)


def specimens() -> Iterator[tuple[Page, dict[str, bytes]]]:
    """The pages that count, each with its bytes before any change (UNCHANGED) and after every change."""
    for page in pages():
        body = page.path.read_bytes()
        try:
            before = Specimen(body, page.truth).page()
        except (ValueError, IndexError, UnicodeDecodeError, etree.ParserError):
            continue
        if not is_perfect(page.truth, *read(page, before)):
            continue
        changed = {UNCHANGED: before}
        for name, change in CHANGES.items():
            specimen = Specimen(body, page.truth)
            if change(specimen) is not False:
                changed[name] = specimen.page()
        yield page, changed


def measure() -> tuple[dict[str, list[str]], dict[str, int]]:
    """For each change the pages that it breaks, and how many it was tried on."""
    broken: dict[str, list[str]] = {name: [] for name in CHANGES}
    tried: dict[str, int] = defaultdict(int)
    for page, changed in specimens():
        for name in changed.keys() - {UNCHANGED}:
            tried[name] += 1
            if not is_perfect(page.truth, *read(page, changed[name])):
                broken[name].append(page.name)
    return broken, {name: tried[name] for name in CHANGES if name in tried}


def compare() -> Table:
    """Every system on every page unchanged and on every tenth pair: how many are the story, word for word, and how
    many of those whose page unchanged is."""
    systems: dict[str, list[bool]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        asked: list[tuple[Page, int, bool]] = []
        for at, (page, changed) in enumerate(specimens()):
            chosen = [UNCHANGED, *list(changed)[1 + at % _ONE_IN :: _ONE_IN]]
            first = len(asked)
            for name in chosen:
                path = Path(scratch) / f"{len(asked)}.html"
                path.write_bytes(changed[name])
                asked.append((replace(page, path=path), first, name == UNCHANGED))
        told = peers.ask([page for page, *_ in asked], peers.installed())
        own = [is_perfect(page.truth, *read(page, page.path.read_bytes())) for page, *_ in asked]
        systems["newscrawl, generic"] = own
        for peer, answers in told.answers.items():
            pairs = zip(asked, answers, strict=True)
            systems[peer] = [is_perfect(page.truth, "", "\n".join(a.paragraphs)) for (page, *_), (a, _s) in pairs]
    table = Table(title=f"{sum(not plain for *_, plain in asked)} pairs", header_style="dim")
    for heading in ("system", "unchanged", "changed", "changed, of what it reads unchanged"):
        table.add_column(heading, justify="left" if heading == "system" else "right")
    for system, right in systems.items():
        plain = [right[at] for at, (_, _, is_plain) in enumerate(asked) if is_plain]
        after = [(right[at], right[first]) for at, (_, first, is_plain) in enumerate(asked) if not is_plain]
        kept = [held for held, before in after if before]
        shares = (mean(plain), mean(held for held, _ in after), mean(kept) if kept else 0.0)
        table.add_row(system, *(f"{share:.3f}" for share in shares))
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """1 where a share is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", action="store_true", help="name the pages that a change breaks")
    parser.add_argument("--peers", action="store_true", help="ask peers about every tenth pair")
    given = parser.parse_args(arguments)
    if given.peers:
        Console(width=100).print(compare())
        return 0
    broken, tried = measure()
    table = Table(title="the story as before", header_style="dim")
    table.add_column("change")
    for heading in ("pages", "hold", "share"):
        table.add_column(heading, justify="right")
    for name, count in tried.items():
        held = count - len(broken[name])
        table.add_row(name, str(count), str(held), f"{held / count:.3f}")
    console = Console(width=100)
    console.print(table)
    if given.pages:
        for name, names in broken.items():
            for page in names:
                console.print(f"{name}: {page}", highlight=False)
    share = _share(broken, tried)
    console.print(f"newscrawl: {share:.3f} of {sum(tried.values())} pairs", highlight=False)
    low = [name for name, count in tried.items() if 1 - len(broken[name]) / count < LEAST_OF_EACH]
    for name in low:
        print(f"{name} is below {LEAST_OF_EACH}", file=sys.stderr)
    if share < LEAST:
        print(f"the share of all pairs is below {LEAST}", file=sys.stderr)
    return int(bool(low) or share < LEAST)


def _share(broken: dict[str, list[str]], tried: dict[str, int]) -> float:
    return 1 - sum(map(len, broken.values())) / max(1, sum(tried.values()))


if __name__ == "__main__":
    sys.exit(main())
