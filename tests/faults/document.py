"""Writes docs/faults.md from the catalogue: `python -m tests.faults.document`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from tests.faults.catalogue import Fault, faults

TARGET = Path(__file__).resolve().parents[2] / "docs" / "faults.md"

_TITLES = {
    "transport": "Sockets, framing and headers",
    "tls": "TLS",
    "status": "Statuses",
    "waiting": "Retry-After",
    "robots": "robots.txt",
    "guard": "Names, addresses and redirects",
    "coding": "Compression",
    "charset": "Charsets",
    "wall": "Walls and empty shells",
    "body": "Hostile pages",
    "discovery": "Feeds, sitemaps and section pages",
}

_INTRODUCTION = """\
# Faults and their outcomes

This table comes from `tests/faults/catalogue.tsv` by `python -m tests.faults.document`. `tests/faults/` holds a
server that does all of it on real sockets on loopback, a host name for each fault; one crawl with the real spider,
add-on, state and archive meets every row (`pytest tests/faults`). Each must end as the table says, the good article
of the same host must be stored whole, and memory must stay below 300 MiB.

An outcome is what the state and the stats record: `stored`, or the reason that stands behind `newscrawl/failed/`,
`newscrawl/gone/`, `newscrawl/blocked/`, `newscrawl/postponed/` or `newscrawl/rejected/` in a run's summary. A postponed
page (`retry-after`, `robots-http-*`, a host that does not answer) stays pending and is asked for by a later run. For
listings the outcome counts the articles that were found all the same. "Good article" says whether another page of the
same host must be stored: not where the host as a whole cannot or must not be reached.
"""


def document() -> str:
    """The text of docs/faults.md."""
    rows = faults()
    parts = [_INTRODUCTION, f"\n{len(rows)} faults.\n"]
    for group, members in groupby(sorted(rows, key=lambda row: list(_TITLES).index(row.group)), lambda row: row.group):
        parts.append(
            f"\n## {_TITLES[group]}\n\n| fault | what the server does | outcome | good article |\n|---|---|---|---|\n"
        )
        parts.extend(_row(fault) for fault in members)
    return "".join(parts)


def _row(fault: Fault) -> str:
    good = "" if fault.is_listing else "yes" if fault.good else "no"
    return f"| {fault.name} | {fault.what} | `{fault.outcome}` | {good} |\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
