"""Archives in bulk: responses a processor second, with the sift and without, memory, and what the sift lets through.

    python benchmarks/bulk.py [--archives 4] [--responses 2500] [--procs 1,2]

The archives are generated with a fixed seed from the mark-up of this repository's own pages: one response in five is
Arabic, in five encodings and under wrong labels, some are copies; the rest are the same pages in Latin, Cyrillic and
Persian letters, padded with scripts to the weight of real ones (70 KB). One archive has a flipped byte.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from newscrawl.cluster.counts import Counts
from newscrawl.cluster.engines import ENGINES
from newscrawl.cluster.jobs import find_archives, plan
from newscrawl.cluster.reextract import Options, one_file
from newscrawl.extraction.sift import may_be_arabic
from newscrawl.storage.warc_records import responses

ROOT = Path(__file__).resolve().parent.parent / "tests"
MEAN_BYTES = 70_000
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىأإآؤئةء"
LATIN = "abtdghjkldrzsxcvmwenfqlpomnhuiyaeiouat"
CYRILLIC = "абтсджхкдлрзсшщыъьеинфкклмногуюияэёоуа"
# Signs, digits and vowel marks are of the script, too.
SIGNS = dict(zip("،؛؟٪٠١٢٣٤٥٦٧٨٩", ",;?%0123456789", strict=True)) | dict.fromkeys("ـًٌٍَُِّْٰ")
TO_LATIN = str.maketrans(dict(zip(ARABIC, LATIN, strict=False)) | SIGNS)
TO_CYRILLIC = str.maketrans(dict(zip(ARABIC, CYRILLIC, strict=False)) | SIGNS)
TO_PERSIAN = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "ب": "پ", "ؤ": "و", "ئ": "ی"})
# What part of the responses each kind is, in hundredths.
KINDS = {
    "ar": 10, "ar-labelled-en": 3, "ar-unlabelled": 2, "ar-1256": 2, "ar-entities": 1, "ar-again": 1, "ar-copy": 1,
    "latin": 56, "cyrillic": 11, "latin-with-menu": 8, "persian": 5,
}  # fmt: skip


def pages() -> list[str]:
    """The mark-up that there is: pages in UTF-8 of the zoo and of the publishers."""
    found = []
    for path in sorted((*ROOT.glob("extraction/zoo/*/page.html"), *ROOT.glob("sources/*/*/article.html"))):
        try:
            found.append(path.read_bytes().decode())
        except UnicodeDecodeError:
            continue
    return found


class Archives:
    """Writes WARC files of one seed."""

    def __init__(self, seed: int = 20_261_129) -> None:
        self._chance = random.Random(seed)
        self._pages = pages()
        # Letters that stand as numbers would stay Arabic in the other scripts.
        self._plain = [page for page in self._pages if "&#1" not in page and "\\u06" not in page]
        self._scripts = "".join(
            f"<script>var module_{n} = function (a, b) {{ return a.map(x => x + b[{n}]) }};</script>\n"
            for n in range(2000)
        )
        self._written: list[tuple[str, bytes, bytes]] = []

    def write(self, path: Path, count: int) -> dict[str, int]:
        """One archive; how many responses of each kind it holds."""
        kinds: dict[str, int] = {}
        day = date(2026, 11, 1)
        with path.open("wb") as file:
            for number in range(count):
                kind = self._chance.choices(list(KINDS), KINDS.values())[0]  # type: ignore[arg-type]
                kinds[kind] = kinds.get(kind, 0) + 1
                url, body, label = self._response(kind, f"{path.stem}-{number}")
                when = day + timedelta(days=number % 20)
                http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html%s\r\n\r\n" % label + body
                file.write(gzip.compress(_record("response", url, when, http), 6))
                file.write(gzip.compress(_record("request", url, when, b"GET / HTTP/1.1\r\n\r\n"), 1))
        return kinds

    def _response(self, kind: str, name: str) -> tuple[str, bytes, bytes]:
        if kind in ("ar-again", "ar-copy") and self._written:
            url, body, label = self._chance.choice(self._written)
            return (url if kind == "ar-again" else f"https://copies.test/{name}"), body, label
        base = self._pages if kind.startswith("ar") else self._plain
        text = re.sub(r"(<h1[^>]*>)", rf"\g<1>{self._chance.randrange(10**6)} ", self._chance.choice(base))
        fill = max(0, int(self._chance.gauss(MEAN_BYTES, MEAN_BYTES / 3)) - 2 * len(text))
        text = text.replace("</body>", f"{self._scripts[:fill]}</body>", 1)
        url = f"https://site{self._chance.randrange(900)}.test/news/{name}.html"
        write = _WAYS.get(kind, _as_utf8)
        body = write(text)
        label = b"; charset=windows-1256" if kind == "ar-1256" else b"; charset=utf-8"
        if kind.startswith("ar"):
            self._written.append((url, body, label))
            del self._written[:-500]
        return url, body, label


def _as_utf8(text: str) -> bytes:
    return text.encode()


def _unlabelled(text: str) -> bytes:
    return re.sub(r'\slang="?[\w-]+"?', "", text).encode()


_WAYS: dict[str, Callable[[str], bytes]] = {
    "ar-labelled-en": lambda text: text.replace('lang="ar"', 'lang="en"').encode(),
    "ar-unlabelled": _unlabelled,
    "ar-1256": lambda text: text.replace("utf-8", "windows-1256").encode("cp1256", "xmlcharrefreplace"),
    "ar-entities": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "latin": lambda text: text.translate(TO_LATIN).encode(),
    "cyrillic": lambda text: text.translate(TO_CYRILLIC).encode(),
    "latin-with-menu": lambda text: (text.translate(TO_LATIN) + "<a>العربية</a> <a>اقرأ الموقع</a>").encode(),
    "persian": lambda text: text.translate(TO_PERSIAN).encode(),
}


def _record(kind: str, url: str, when: date, block: bytes) -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {when.isoformat()}T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def damage(path: Path) -> None:
    """Flips one bit in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def sifting(path: Path) -> tuple[float, float, int]:
    """Milliseconds a response of reading alone and of reading and sifting, and how many passed."""
    times = []
    passed = 0
    for sifts in (False, True):
        began, count = time.process_time(), 0
        for found in responses(path, lambda _trouble: None):
            count += 1
            passed += sifts and may_be_arabic(found.body, "text/html")
        times.append(1000 * (time.process_time() - began) / max(1, count))
    return times[0], times[1], passed


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archives", type=int, default=4)
    parser.add_argument("--responses", type=int, default=2500, help="in each archive")
    parser.add_argument("--procs", default="1,2")
    parser.add_argument("--engine", choices=sorted(ENGINES), default="pool")
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="bulk-"))
    try:
        archives = Archives()
        kinds: dict[str, int] = {}
        first = 0
        for number in range(given.archives):
            written = archives.write(work / f"a{number}.warc.gz", given.responses)
            first = sum(count for kind, count in written.items() if kind.startswith("ar")) if number == 0 else first
            for kind, count in written.items():
                kinds[kind] = kinds.get(kind, 0) + count
        arabic = sum(count for kind, count in kinds.items() if kind.startswith("ar"))
        size = sum(path.stat().st_size for path in work.iterdir())
        print(f"{given.archives} archives, {sum(kinds.values()):,} responses, {arabic:,} Arabic, {size >> 20} MiB")
        reading, both, passed = sifting(work / "a0.warc.gz")
        print(f"reading {reading:.3f} ms a response, reading and sifting {both:.3f} ms")
        print(f"the sift let {passed:,} of {given.responses:,} pass in the first archive, where {first:,} are Arabic")
        speeds = {}
        for sifts in (True, False):
            job = plan([str(work / "a0.warc.gz")], work / f"one-{sifts}", Options(arabic_only=sifts))[0]
            counts = one_file(job)
            speeds[sifts] = counts.responses / counts.seconds
            print(f"{'sifted' if sifts else 'unsifted'}: {speeds[sifts]:,.0f} responses a processor second")
        print(f"the sift makes it {speeds[True] / speeds[False]:.2f} times as fast")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"peak memory of this process {peak} MiB")
        damage(work / "a1.warc.gz") if given.archives > 1 else None
        _engines(work, given.engine, [int(n) for n in given.procs.split(",")])
    finally:
        shutil.rmtree(work)


def _engines(work: Path, engine: str, procs: list[int]) -> None:
    walls = {}
    for count in procs:
        out = work / f"out-{count}"
        jobs = plan(find_archives([str(work / "*.warc.gz")]), out, Options(arabic_only=True))
        began, total = time.monotonic(), Counts()
        for _, result in ENGINES[engine](jobs, count):
            if isinstance(result, str):
                sys.exit(result)
            total.add(result)
        walls[count] = time.monotonic() - began
        places = [tuple(json.loads(line)["archive"].values()) for f in out.rglob("*.jsonl") for line in f.open()]
        assert len(set(places)) == len(places) == total.extracted
        print(
            f"{engine}, {count} processes: {walls[count]:.1f} s, {total.responses / total.seconds:,.0f} responses a "
            f"processor second, {total.extracted:,} articles, {len(total.damage)} damaged places, "
            f"rejected {dict(total.rejected)}"
        )
    if len(walls) > 1:
        first, last = procs[0], procs[-1]
        print(f"{last} processes are {walls[first] / walls[last]:.2f} times as fast as {first}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(f"peak memory of a child {peak} MiB")


if __name__ == "__main__":
    main()
