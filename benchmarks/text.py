"""Speed of cleaning and folding beside unicodedata and ftfy, in one run, and how many clean paragraphs each changes.

python benchmarks/text.py [GOLD.jsonl ...]   (default: the paragraphs of ../shared/realnews)
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from newscrawl.arabic import clean, detect_language, fold, repair_mojibake

_SAMPLES = Path(__file__).resolve().parents[1].parent / "shared" / "realnews"
_DAMAGE = (("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "cp1256"), ("cp1256", "latin-1"), ("cp1256", "cp1252"))
_SECONDS = 1.0


def _speed(operation: Callable[[str], object], texts: list[str]) -> float:
    """MB of UTF-8 a second, the best pass within a second."""
    size = sum(len(text.encode()) for text in texts)
    best, end = float("inf"), time.perf_counter() + _SECONDS
    while time.perf_counter() < end:
        start = time.perf_counter()
        for text in texts:
            operation(text)
        best = min(best, time.perf_counter() - start)
    return size / best / 1e6


def _damaged(text: str, right: str, wrong: str) -> str | None:
    try:
        body = text.encode(right)
    except UnicodeEncodeError:
        return None
    return "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in body)


def main() -> None:
    files = [Path(name) for name in sys.argv[1:]] or [_SAMPLES / "gold.jsonl", _SAMPLES / "templates" / "gold.jsonl"]
    records = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    articles = ["\n".join([record["title"], *record["paragraphs"]]) for record in records]
    paragraphs = [text for record in records for text in record["paragraphs"]]
    operations: list[tuple[str, Callable[[str], object]]] = [
        ("unicodedata NFC", lambda text: unicodedata.normalize("NFC", text)),
        ("unicodedata NFKC", lambda text: unicodedata.normalize("NFKC", text)),
        ("clean", clean),
        ("fold", fold),
        ("detect_language", detect_language),
    ]
    repairs: list[tuple[str, Callable[[str], str]]] = [("newscrawl", repair_mojibake)]
    try:
        ftfy = importlib.import_module("ftfy")
    except ImportError:
        print("not installed, left out: ftfy", file=sys.stderr)
    else:
        operations.append((f"ftfy {ftfy.__version__} fix_text", ftfy.fix_text))
        repairs.append((f"ftfy {ftfy.__version__}", ftfy.fix_text))
    reference = _speed(operations[0][1], articles)
    print(f"{len(articles)} articles, {sum(len(text.encode()) for text in articles) / 1e3:.0f} kB\n")
    print("| operation | MB/s | NFC takes, times | paragraphs changed |\n|---|---|---|---|")
    for name, operation in operations:
        speed = _speed(operation, articles)
        changes = (
            [operation(text) != text for text in paragraphs] if name.startswith(("clean", "ftfy", "unicode")) else []
        )
        changed = f"{sum(changes)}/{len(changes)}" if changes else ""
        print(f"| {name} | {speed:.0f} | {reference / speed:.1f} | {changed} |")
    print("\n| damage |", " | ".join(name for name, _ in repairs), "|\n|---" + "|---" * len(repairs) + "|")
    for right, wrong in _DAMAGE:
        pairs = [(text, damaged) for text in paragraphs if (damaged := _damaged(text, right, wrong))]
        cells = [f"{sum(repair(damaged) == text for text, damaged in pairs)}/{len(pairs)}" for _, repair in repairs]
        print(f"| {right} read as {wrong} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
