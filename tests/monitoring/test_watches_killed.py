"""Runs that are killed, and what their watches have found."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import textwrap
from pathlib import Path

from lxml import etree

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from newscrawl.monitoring import watch_feeds
from newscrawl.monitoring.watches import Watch
from newscrawl.storage.jsonl import read_articles, sealed_files
from tests.patience import PATIENCE, wait_for
from tests.test_crash import DAY, arguments, begin, finish, lines_on_disk

ATOM = "{http://www.w3.org/2005/Atom}"
WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from newscrawl.monitoring import watch_feeds
    from newscrawl.monitoring.watches import Watch

    number = int(sys.argv[2])
    while True:
        record = {"id": f"{number:016x}", "source": "paper", "title": str(number), "body": "نص " * 500,
                  "first_seen_at": f"2026-11-22T12:{number // 60 % 60:02}:{number % 60:02}+00:00"}
        new = watch_feeds.add(Path(sys.argv[1]), Watch(name="all", words="نص"), [record])
        assert [each["id"] for each in new] == [record["id"]]
        print(number, flush=True)
        number += 1
    """
)


def ids(data: Path) -> tuple[set[str], set[str]]:
    """What stands in the Atom and in the JSON feed; both must be whole."""
    atom, jsonfeed = watch_feeds.paths_of(data, Watch(name="all", words=""))
    entries = [entry.findtext(f"{ATOM}id") or "" for entry in etree.parse(atom).iterfind(f"{ATOM}entry")]
    items = [item["id"] for item in json.loads(jsonfeed.read_bytes())["items"]]
    assert len(entries) == len(set(entries))
    assert len(items) == len(set(items))
    return set(entries), set(items)


def test_feeds_are_whole_and_know_all_that_was_told(tmp_path: Path) -> None:
    chance, number = random.Random(17), 0
    for _ in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(number)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(chance.randint(3, 12)):
                number = int(process.stdout.readline()) + 1
            process.kill()
            # Those that it told of before it fell.
            number = max([number, *(int(line) + 1 for line in process.stdout.read().split())])
        told = {f"urn:newscrawl:paper:{n:016x}" for n in range(number)}
        entries, items = ids(tmp_path)
        assert told <= items <= entries
        assert len(entries - told) <= 1
        number += len(items - told)


def test_what_a_killed_crawl_stored_is_told_by_the_next(tmp_path: Path) -> None:
    watches = tmp_path / "watches.toml"
    watches.write_text('[all]\nwords = "ان"\n', "utf-8")
    data = tmp_path / "data"
    with NewsServer(Newsroom(DAY), delay=0.02) as server:
        server._http.handle_error = lambda request, address: None  # type: ignore[method-assign]
        argv = arguments(data, ["aldifaf"], WATCHES=watches)
        process = begin(server, argv, tmp_path / "log")
        wait_for(lambda: lines_on_disk(data) >= 5)
        process.kill()
        process.join(PATIENCE)
        finish(server, argv, tmp_path / "log")
    stored = {f"urn:newscrawl:aldifaf:{article.id}" for article in read_articles(sealed_files(data, "aldifaf"))}
    entries, items = ids(data)
    assert len(items) > 5
    assert items == entries
    assert items <= stored
    command = [str(Path(sys.executable).with_name("newscrawl")), "watch", "all"]
    command += ["-s", f"DATA_DIR={data}", "-s", f"WATCHES={watches}"]
    root = Path(__file__).resolve().parents[2]
    finder = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert finder.stdout
    assert ids(data)[1] == items, "what is stored and matches was all told"
