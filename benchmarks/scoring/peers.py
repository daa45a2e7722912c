"""Other extractors on the same pages, each in an environment of its own, where these have been built."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from scoring.metrics import Answer
from scoring.pages import ROOT, Page

#: Feeds pages to the peers and says how to build their environments (make_venvs.sh beside it).
RUNNER = ROOT.parent / "shared" / "tools" / "peers" / "run_peers.py"
#: How the runner names each way of using a peer, and the environment that it needs.
ENVIRONMENTS = {
    "trafilatura": "trafilatura",
    "trafilatura_fast": "trafilatura",
    "trafilatura_precision": "trafilatura",
    "newspaper4k": "newspaper4k",
    "magic_html": "magic_html",
    "goose3": "goose3",
    "readability": "readability",
    "news_please": "news_please",
    "resiliparse": "resiliparse",
}
#: The distribution in each environment whose version a report names.
_DISTRIBUTIONS = {"magic_html": "magic-html", "readability": "readability-lxml", "news_please": "news-please"}


def folder() -> Path:
    """Where the environments are: $PEERS_VENVS, or newscrawl-peers in the user's cache."""
    return Path(os.environ.get("PEERS_VENVS") or Path.home() / ".cache" / "newscrawl-peers")


def installed() -> list[str]:
    """The peers that can run here."""
    if not RUNNER.is_file():
        return []
    return [peer for peer, name in ENVIRONMENTS.items() if (folder() / f"venv-{name}" / "bin" / "python").exists()]


def version(peer: str) -> str:
    """The version of a peer as installed."""
    name = ENVIRONMENTS[peer]
    question = f"import importlib.metadata as m; print(m.version({_DISTRIBUTIONS.get(name, name)!r}))"
    python = folder() / f"venv-{name}" / "bin" / "python"
    return subprocess.run([python, "-c", question], capture_output=True, text=True, check=True).stdout.strip()


@dataclass(frozen=True, slots=True)
class Told:
    """What peers made of pages: by peer, in the order of the pages, the answer and the seconds that it took.

    `failures` says of each peer that could not be started why.
    """

    answers: dict[str, list[tuple[Answer, float]]]
    failures: dict[str, str]


def ask(pages: Sequence[Page], peers: Sequence[str]) -> Told:
    """What each peer makes of each page.

    The clock runs without imports, one warm-up page and the decoding of the bytes. A page that a peer fails on is an
    empty answer. CalledProcessError where the runner fails.
    """
    with tempfile.TemporaryDirectory() as scratch:
        manifest, out = Path(scratch) / "manifest.jsonl", Path(scratch) / "answers.jsonl"
        rows = [json.dumps({"file": str(page.path), "url": page.url}) for page in pages]
        manifest.write_text("\n".join(rows), encoding="utf-8")
        options = {"--manifest": str(manifest), "--base": "/", "--out": str(out), "--peers": ",".join(peers)}
        subprocess.run(
            [sys.executable, str(RUNNER), *chain.from_iterable(options.items())],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PEERS_VENVS": str(folder())},
            check=True,
        )
        found: dict[str, dict[str, tuple[Answer, float]]] = defaultdict(dict)
        for row in _lines(out):
            answer = Answer(
                title=row["title"],
                paragraphs=[text.strip() for text in (row["body"] or "").split("\n") if text.strip()],
                authors=row["authors"],
                published=row["date"],
            )
            found[row["peer"]][row["file"]] = answer, row["seconds"] or 0.0
        failures = {row["peer"]: row["error"] for row in _lines(Path(f"{out}.meta.jsonl")) if row.get("error")}
    nothing = Answer(), 0.0
    told = {peer: [found[peer].get(str(page.path), nothing) for page in pages] for peer in peers if peer in found}
    return Told(told, failures)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
