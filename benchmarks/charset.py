"""Which detector gives the right text back: real pages re-encoded and mislabelled in the ways that Arabic sites do it.

    python benchmarks/charset.py [PAGES ...]     (default: the HTML under ../shared/realnews)

Every importable peer takes part; none is needed. A cell is pages right / pages.
"""

from __future__ import annotations

import importlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from newscrawl.arabic import decode

Detector = Callable[[bytes, str | None], str]
_META = re.compile(r"<meta[^>]+charset[^>]*>", re.IGNORECASE)
_SAMPLES = Path(__file__).resolve().parents[1].parent / "shared" / "realnews"

#: name, codec of the bytes, label of the meta element, label of the header, a broken byte in the middle
CASES = (
    ("utf-8, no label", "utf-8", None, None, False),
    ("utf-8, meta utf-8", "utf-8", "utf-8", None, False),
    ("utf-8, meta windows-1256 (wrong)", "utf-8", "windows-1256", None, False),
    ("utf-8, header iso-8859-1 (wrong)", "utf-8", None, "iso-8859-1", False),
    ("utf-8 + one broken byte, no label", "utf-8", None, None, True),
    ("utf-8 + one broken byte, meta utf-8", "utf-8", "utf-8", None, True),
    ("cp1256, no label", "cp1256", None, None, False),
    ("cp1256, meta windows-1256", "cp1256", "windows-1256", None, False),
    ("cp1256, meta utf-8 (wrong)", "cp1256", "utf-8", None, False),
    ("cp1256, meta iso-8859-6 (wrong)", "cp1256", "iso-8859-6", None, False),
    ("cp1256, header utf-8 (wrong), meta 1256", "cp1256", "windows-1256", "utf-8", False),
    ("cp1256, meta iso-8859-1 (wrong)", "cp1256", "iso-8859-1", None, False),
    ("iso-8859-6, meta iso-8859-6", "iso8859-6", "iso-8859-6", None, False),
    ("iso-8859-6, no label", "iso8859-6", None, None, False),
)
HEADLINES = "cp1256, a headline alone"


def _own(body: bytes, label: str | None) -> str:
    return decode(body, label)[0]


def _by_label(detect: Callable[[bytes], str | None]) -> Detector:
    def run(body: bytes, label: str | None) -> str:
        return body.decode(label or detect(body) or "utf-8", "replace")

    return run


def _by_bytes(detect: Callable[[bytes], str | None]) -> Detector:
    def run(body: bytes, label: str | None) -> str:
        return body.decode(detect(body) or label or "utf-8", "replace")

    return run


def detectors() -> Iterator[tuple[str, Detector]]:
    """Ours, and every peer that can be imported."""
    yield "newscrawl", _own
    found = {}
    for name in (
        "scrapy.http",
        "w3lib.encoding",
        "charset_normalizer",
        "chardet",
        "cchardet",
        "resiliparse.parse.encoding",
    ):
        try:
            found[name] = importlib.import_module(name)
        except ImportError:
            print(f"not installed, left out: {name}", file=sys.stderr)
    if http := found.get("scrapy.http"):

        def scrapy(body: bytes, label: str | None) -> str:
            headers = {"Content-Type": f"text/html; charset={label}" if label else "text/html"}
            text: str = http.HtmlResponse("http://example.test/", body=body, headers=headers).text
            return text

        yield "Scrapy", scrapy
    if w3lib := found.get("w3lib.encoding"):
        yield (
            "w3lib",
            lambda body, label: w3lib.html_to_unicode(f"text/html; charset={label}" if label else None, body)[1],
        )
    if normalizer := found.get("charset_normalizer"):
        yield (
            "charset-normalizer",
            _by_bytes(lambda body: (best := normalizer.from_bytes(body).best()) and best.encoding),
        )
    if chardet := found.get("chardet"):
        yield "chardet", _by_bytes(lambda body: chardet.detect(body)["encoding"])
    if cchardet := found.get("cchardet"):
        yield "faust-cchardet", _by_bytes(lambda body: cchardet.detect(body)["encoding"])
    if resiliparse := found.get("resiliparse.parse.encoding"):
        yield "resiliparse", _by_bytes(resiliparse.detect_encoding)


def variants(text: str) -> Iterator[tuple[str, bytes, str | None, str]]:
    """Case, bytes, label as the loader would pass it (header before meta), and the text that must come back."""
    bare = _META.sub("", text)
    for name, codec, meta, header, broken in CASES:
        page = bare.replace("<head>", f'<head><meta charset="{meta}">', 1) if meta else bare
        body = page.encode(codec, "ignore")
        right = body.decode(codec)
        if broken:
            middle = body.find("ال".encode(), len(body) // 2)
            if middle < 0:
                continue
            body = body[: middle + 1] + body[middle + 2 :]
            right = body.decode(codec, "replace")
        yield name, body, header or meta, right


def main() -> None:
    files = [Path(name) for name in sys.argv[1:]] or sorted(_SAMPLES.glob("**/*.html"))
    texts = [file.read_text(encoding="utf-8", errors="ignore").replace("\r\n", "\n") for file in files]
    if not texts:
        sys.exit(f"no pages: give some, or put them under {_SAMPLES}")
    pages = [case for text in texts for case in variants(text.replace("\r", "\n"))]
    headlines = [match[1].strip() for text in texts if (match := re.search(r"<title[^>]*>([^<]{15,})</title>", text))]
    pages += [
        (HEADLINES, body, None, body.decode("cp1256"))
        for body in (line.encode("cp1256", "ignore") for line in headlines)
    ]
    cases = [*(case[0] for case in CASES), HEADLINES]
    totals = {case: sum(page[0] == case for page in pages) for case in cases}
    columns = []
    for name, detect in detectors():
        right = dict.fromkeys(cases, 0)
        size, seconds = 0, 0.0
        for case, body, label, expected in pages:
            start = time.perf_counter()
            try:
                text = detect(body, label)
            except (LookupError, UnicodeError):  # a peer named a codec that Python lacks
                text = ""
            seconds += time.perf_counter() - start
            size += len(body)
            right[case] += text == expected
        columns.append((name, right, size / seconds / 1e6))
    print("| bytes and label |", " | ".join(name for name, _, _ in columns), "|")
    print("|---" * (len(columns) + 1) + "|")
    for case in cases:
        print(f"| {case} |", " | ".join(f"{right[case]}/{totals[case]}" for _, right, _ in columns), "|")
    print("| MB/s |", " | ".join(f"{speed:.0f}" for _, _, speed in columns), "|")


if __name__ == "__main__":
    main()
