"""What is found on home pages, saved with what must and must not be found: python -m benchmarks.homes [--each]

The pages are in ../shared/discovery/cases, one directory a site; they are written for this purpose.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.sites import Offer, SiteReader

CASES = Path(__file__).resolve().parents[1].parent / "shared" / "discovery" / "cases"
# Lists in which everything must stand that is there to be found, and nothing else.
COMPLETE = ("feeds", "sitemaps")


@dataclass(slots=True)
class Verdict:
    """The faults of one page, one sentence each, by the list that they are in."""

    name: str
    faults: list[str] = field(default_factory=list)
    must: int = 0
    met: int = 0
    wrong: int = 0


def offer_of(case: Path, expected: dict[str, Any]) -> Offer:
    """What is found from a case's files."""
    reader = SiteReader(expected["url"])
    robots = case / "robots.txt"
    if robots.is_file():
        reader.read_robots(robots.read_bytes())
    reader.read((case / "home.html").read_bytes(), headers=expected.get("headers"))
    served = {normalise_url(url): name for url, name in expected.get("pages", {}).items()}
    for url in reader.wanted():
        if name := served.get(normalise_url(url)):
            reader.read((case / name).read_bytes(), url)
    return reader.offer()


def judge(case: Path) -> Verdict:
    """A case's faults."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    verdict = Verdict(case.name)
    offer = offer_of(case, expected)
    either = _normal(expected.get("either", ()))
    groups = [_normal(group) for group in expected.get("same", ())]
    for kind, found_urls in offer.to_dict().items():
        found = _normal(found_urls)
        for url in expected.get(kind, ()):
            normal = normalise_url(url)
            if normal in either:
                continue
            verdict.must += 1
            alike = next((group for group in groups if normal in group), {normal})
            if found & alike:
                verdict.met += 1
            else:
                verdict.faults.append(f"{kind}: missing {unquote(url)}")
        wanted = _normal(expected.get(kind, ())) | either | {url for group in groups for url in group}
        for url in expected.get(f"not_{kind}", ()):
            if normalise_url(url) in found - either:
                verdict.faults.append(f"{kind}: wrong {unquote(url)}")
        if kind in COMPLETE:
            verdict.faults += [f"{kind}: unexpected {unquote(url)}" for url in sorted(found - wanted)]
    verdict.wrong = sum(1 for fault in verdict.faults if "missing" not in fault)
    return verdict


def _normal(urls: Iterable[str]) -> set[str]:
    return {normalise_url(url) for url in urls if url.startswith(("http://", "https://"))}


def main() -> int:
    """Prints the pages with faults and the sum; 2 when the cases are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", action="store_true", help="print every fault")
    options = parser.parse_args()
    if not CASES.is_dir():
        print(f"the cases are not beside the repository: {CASES}", file=sys.stderr)
        return 2
    verdicts = [judge(case) for case in sorted(CASES.iterdir()) if case.is_dir()]
    for verdict in verdicts if options.each else ():
        for fault in verdict.faults:
            print(f"{verdict.name}: {fault}")
    must, met = sum(v.must for v in verdicts), sum(v.met for v in verdicts)
    print(
        f"{len(verdicts)} home pages, {sum(1 for v in verdicts if not v.faults)} without a fault; "
        f"found {met} of {must}, {sum(v.wrong for v in verdicts)} wrong"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
