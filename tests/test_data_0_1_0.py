"""A data directory that newscrawl 0.1.0 left when it was killed goes on to be crawled: nothing lost, twice or false.

make_data_0_1_0.py says what is in it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from newscrawl.dedup.lineage import has_todays_hashes, record_hash
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from newscrawl.demo.sites import Answer
from newscrawl.discovery.identity import article_id, url_identity
from newscrawl.spiders.demo import aldifaf, almarfa
from newscrawl.storage import State
from newscrawl.storage.audit import check_source
from newscrawl.storage.findings import Audit
from newscrawl.storage.jsonl import parse_line, read_lines, sealed_files
from tests.patience import PATIENCE

PACKED = Path(__file__).with_name("data_0_1_0.tar.zst")
LAST_DAY = date(2026, 11, 28)
# As when it was made: whatever is read into the state is due for another visit.
REVISIT_AFTER = "30,864000"
SPIDERS = {spider.name: spider for spider in (aldifaf.Aldifaf, almarfa.Almarfa)}
Key = tuple[str, str, int]


class ForgetfulServer(NewsServer):
    """Never says that a page is unchanged, so that each known article is read again."""

    def answer(self, url: str, user_agent: str, unchanged: Callable[[Answer], bool]) -> Answer:
        return super().answer(url, user_agent, lambda _answer: False)


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    with zstd.open(PACKED, "rb") as packed, tarfile.open(fileobj=packed) as tar:
        tar.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def data(unpacked: Path) -> Path:
    return unpacked / "data"


@pytest.fixture
def newsroom(unpacked: Path) -> Newsroom:
    moments = (unpacked / "changed.txt").read_text().split()
    return Newsroom(LAST_DAY, [datetime.fromisoformat(moment) for moment in moments])


@pytest.fixture
def server(newsroom: Newsroom) -> Iterator[NewsServer]:
    with ForgetfulServer(newsroom) as running:
        yield running


def left_behind(data: Path) -> dict[Key, dict[str, Any]]:
    """Each whole line that 0.1.0 wrote, in whatever kind of file it stands."""
    files = [path for path in (data / "articles").rglob("*.jsonl*") if path.suffix in (".zst", ".part")]
    records = [record for path in files for line in read_lines(path) if (record := parse_line(line))]
    return {(record["source"], record["id"], record["version"]): record for record in records}


def stored(data: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for source in SPIDERS for path in sealed_files(data, source) for line in read_lines(path)]


def keys(records: list[dict[str, Any]]) -> Counter[Key]:
    return Counter((record["source"], record["id"], record["version"]) for record in records)


def newscrawl(data: Path, *words: str, server: NewsServer | None = None) -> str:
    env = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
    if server is not None:
        env["http_proxy"] = server.proxy
    command = [sys.executable, "-m", "scrapy", *words, "-s", f"DATA_DIR={data}"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def crawl(data: Path, server: NewsServer) -> None:
    settings = {
        "GUARD_ALLOW_LOOPBACK": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        "JUST_PRINTED": 0,
        "ARCHIVE": True,
        "COMPRESS": "zstd",
        "REVISIT_AFTER": REVISIT_AFTER,
    }
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    newscrawl(data, "crawl", *SPIDERS, *words, server=server)


def published(newsroom: Newsroom) -> dict[tuple[str, str], str]:
    """The URL of each article of the two papers, by source and id."""
    found = {}
    for name, spider in SPIDERS.items():
        pattern = re.compile(spider.article_url)
        for piece in newsroom.pieces[name]:
            found[name, article_id(name, url_identity(piece.url, pattern))] = piece.url
    return found


def test_the_directory_holds_what_0_1_0_could_leave(data: Path, newsroom: Newsroom) -> None:
    old = left_behind(data)
    names = {path.name.partition(".jsonl")[2] for path in (data / "articles").rglob("*.jsonl*")}
    assert names == {".zst", ".part", ".zst.tmp", ".part.tmp"}
    changed = [piece.url for piece in newsroom.changed_pieces()]
    assert {record["version"] for record in old.values() if record["url"] == changed[0]} == {1, 2}
    assert {record["version"] for record in old.values() if record["url"] == changed[1]} == {1}
    assert 20 <= sum(source == "almarfa" for source, _, _ in old) < len(newsroom.pieces["almarfa"])
    assert list((data / "archive").rglob("*.warc.gz.part"))
    state = State(f"sqlite:///{data / 'state.sqlite'}")
    assert state.note("recurring-lines:aldifaf")
    state.close()


def assert_complete(data: Path, newsroom: Newsroom, server: NewsServer, old: dict[Key, dict[str, Any]]) -> None:
    """Each article once, a second version of those that changed and of no other, what was stored as it was stored."""
    records = stored(data)
    assert {key: count for key, count in keys(records).items() if count > 1} == {}
    now = {(record["source"], record["id"], record["version"]): record for record in records}
    assert {key: now.get(key) for key in old} == old
    changed = {piece.url for piece in newsroom.changed_pieces()}
    urls = published(newsroom)
    assert set(now) == {(*key, 1) for key in urls} | {(*key, 2) for key, url in urls.items() if url in changed}
    # What was known was really read again.
    fetched = {hit.url for hit in server.hits if hit.status == 200}
    assert {record["url"] for record in old.values()} <= fetched
    assert [path for path in data.rglob("*") if path.name.endswith((".part", ".tmp"))] == []
    state, audit = State(f"sqlite:///{data / 'state.sqlite'}"), Audit()
    for source in SPIDERS:
        assert has_todays_hashes(state, source)
        check_source(state, data, source, audit, content_hash=record_hash)
    state.close()
    assert audit.clean, audit
    assert audit.articles == len(records)


def test_it_goes_on_without_loss_repetition_or_false_version(
    data: Path, newsroom: Newsroom, server: NewsServer
) -> None:
    old = left_behind(data)
    crawl(data, server)
    assert_complete(data, newsroom, server, old)
    assert "state and files agree" in newscrawl(data, "state", "check")


def test_a_state_made_anew_from_it_knows_all(data: Path, newsroom: Newsroom, server: NewsServer) -> None:
    for path in data.glob("state.sqlite*"):
        path.unlink()
    old = left_behind(data)
    newscrawl(data, "state", "rebuild", "-s", f"REVISIT_AFTER={REVISIT_AFTER}")
    assert keys(stored(data)) == Counter(old.keys())
    assert "state and files agree" in newscrawl(data, "state", "check")
    crawl(data, server)
    assert_complete(data, newsroom, server, old)


def test_an_article_of_it_is_forgotten_and_old_files_are_pruned(
    data: Path, newsroom: Newsroom, server: NewsServer
) -> None:
    """From a directory as it was left, unsealed files and all; the next crawl does not bring it back."""
    old = left_behind(data)
    source, gone, _ = next(key for key in old if key[2] == 2)
    newscrawl(data, "forget", gone, "--reason", "asked for")
    newscrawl(data, "prune", "--keep-archive", "0", "--keep-runs", "0")
    assert not list((data / "archive").rglob("*.warc.gz"))
    crawl(data, server)
    now = {(record["source"], record["id"], record["version"]): record for record in stored(data)}
    assert {key for key in now if key[1] == gone} == set()
    assert {key: now.get(key) for key in old if key[1] != gone} == {
        key: record for key, record in old.items() if key[1] != gone
    }
    assert {key[:2] for key in now} == published(newsroom).keys() - {(source, gone)}
    assert "state and files agree" in newscrawl(data, "state", "check")
