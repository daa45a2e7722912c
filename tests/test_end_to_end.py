"""From the newspaper's server to the files: every field of every article; second, interrupted and killed runs."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from newscrawl.dedup.exact import content_hash
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from newscrawl.demo.sites import AldifafSite, records
from newscrawl.discovery.identity import article_id, url_identity
from newscrawl.items import json_schema
from newscrawl.spiders.registry import publishers
from tests.patience import PATIENCE, wait_for

NEWSCRAWL = [sys.executable, "-c", "from newscrawl.commands.main import main; main()"]
# A child's peak of memory would count what this process held when it started it; a shell between holds little.
SHELL = ["sh", "-c", '"$@"; exit $?', "sh"]
PAGE_FIELDS = 21
REST = {
    "id", "version", "first_seen_at", "fetched_at", "content_hash", "duplicate_of", "cluster_id", "similarity",
    "provenance", "archive", "extractor", "markdown",
}  # fmt: skip


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment with an empty home and no proxy but the one that is given."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "HOME": str(home), "PYTHONUTF8": "1", "COLUMNS": "100", **more}


def run(words: list[str], cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SHELL, *NEWSCRAWL, *words],
        cwd=cwd,
        env=environment(cwd, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def stored(data: Path) -> list[dict[str, Any]]:
    """Every line of the corpus, in the order of fetching."""
    texts = [path.read_text("utf-8") for path in sorted((data / "articles").rglob("*.jsonl*"))]
    records = (json.loads(line) for text in texts for line in text.splitlines())
    return sorted(records, key=lambda record: record["fetched_at"])


def newsroom_of(data: Path) -> Newsroom:
    diary = json.loads((data / "newsroom.json").read_text())
    changed = [datetime.fromisoformat(moment) for moment in diary["changed"]]
    return Newsroom(date.fromisoformat(diary["last_day"]), changed)


def run_on_a_terminal(words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command with a terminal as its standard error, whose text is the result's stderr."""
    screen, terminal = pty.openpty()
    with (cwd / "stdout").open("w+") as output:
        env = environment(cwd, TERM="xterm-256color", LINES="40")
        process = subprocess.Popen([*SHELL, *NEWSCRAWL, *words], cwd=cwd, env=env, stdout=output, stderr=terminal)
        os.close(terminal)
        seen = b""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not select.select([screen], [], [], 1)[0]:
                continue
            try:
                part = os.read(screen, 65536)
            except OSError:  # Linux says EIO when the other side is closed
                break
            if not part:
                break
            seen += part
        os.close(screen)
        code = process.wait(timeout=PATIENCE)
        output.seek(0)
        return subprocess.CompletedProcess(words, code, output.read(), seen.decode())


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    home = tmp_path_factory.mktemp("demo")
    return home, run_on_a_terminal(["demo"], home)


@pytest.fixture(scope="module")
def second(first: tuple[Path, subprocess.CompletedProcess[str]]) -> subprocess.CompletedProcess[str]:
    home, _ = first
    (home / "before").write_text(json.dumps(stored(home / "data" / "demo")))
    return run(["demo"], home)


@pytest.fixture(scope="module")
def corpus(
    first: tuple[Path, subprocess.CompletedProcess[str]], second: subprocess.CompletedProcess[str]
) -> list[dict[str, Any]]:
    """The first run's lines (the second run ran too, and must have left them as they were)."""
    assert second.returncode == 0
    before: list[dict[str, Any]] = json.loads((first[0] / "before").read_text())
    return before


def test_the_first_run_reads_the_whole_newspaper(
    first: tuple[Path, subprocess.CompletedProcess[str]], corpus: list[dict[str, Any]]
) -> None:
    home, done = first
    assert done.returncode == 0, done.stderr
    newsroom = newsroom_of(home / "data" / "demo")
    assert len(corpus) == len(newsroom.all()) == 130
    assert "130 articles in 130 lines under data/demo/articles" in done.stdout
    assert "this run: 130 new, 0 changed" in done.stdout
    assert done.stdout.count("words  ") == 3, "three of them readably"
    assert "aldifaf: gone: http-404 1" in done.stdout
    assert [path.name for path in (home / "data").iterdir()] == ["demo"]


def test_a_terminal_gets_a_live_line_and_a_pipe_none(
    first: tuple[Path, subprocess.CompletedProcess[str]], second: subprocess.CompletedProcess[str]
) -> None:
    _, done = first
    assert {"stored", "rejected", "errors", "pages/s", "queue"} <= set(re.findall(r"[a-z/]+", done.stderr))
    assert done.stderr.count("\x1b[?25l") == done.stderr.count("\x1b[?25h") == 3, "the cursor comes back each time"
    assert "\x1b" not in done.stdout
    assert second.stderr == ""


def test_every_field_of_every_article_is_right(
    first: tuple[Path, subprocess.CompletedProcess[str]], corpus: list[dict[str, Any]]
) -> None:
    home, _ = first
    newsroom = Newsroom(newsroom_of(home / "data" / "demo").last_day)
    expected = records(newsroom, datetime.now(UTC))
    wrong: list[str] = []
    for record in corpus:
        right = expected.pop(record["url"])
        assert len(right) == PAGE_FIELDS
        assert record.keys() == right.keys() | REST
        wrong += [f"{record['url']} {n}: {record[n]!r} != {right[n]!r}" for n in right if record[n] != right[n]]
    assert not wrong, "\n".join(wrong)
    assert not expected, "pages that were not stored"


def test_what_the_crawl_adds_is_right(
    first: tuple[Path, subprocess.CompletedProcess[str]], corpus: list[dict[str, Any]]
) -> None:
    schema = jsonschema.Draft202012Validator(json_schema())
    sources = {name: kind.source() for name, kind in publishers().items()}
    for record in corpus:
        schema.validate(record)
        identity = url_identity(record["url"], sources[record["source"]].article_url)
        assert record["id"] == article_id(record["source"], identity)
        assert record["version"] == 1
        assert record["first_seen_at"] <= record["fetched_at"]
        assert record["content_hash"] == content_hash(record["title"], record["body"])
        assert record["archive"] is None
        assert {"title", "body", "published_at"} <= record["provenance"].keys()
    assert len({record["id"] for record in corpus}) == len(corpus)


def test_agency_copy_points_at_the_paper_that_had_it_first(
    first: tuple[Path, subprocess.CompletedProcess[str]], corpus: list[dict[str, Any]]
) -> None:
    home, _ = first
    ids = {record["url"]: record["id"] for record in corpus}
    pairs = {ids[copy.url]: ids[original.url] for original, copy in newsroom_of(home / "data" / "demo").reprints()}
    found = {record["id"]: record["duplicate_of"] for record in corpus if record["duplicate_of"]}
    assert found == pairs
    for record in corpus:
        if record["duplicate_of"]:
            assert record["cluster_id"] == record["duplicate_of"]
            assert record["similarity"] >= 0.7


def test_the_second_run_fetches_and_stores_only_what_changed(
    first: tuple[Path, subprocess.CompletedProcess[str]],
    second: subprocess.CompletedProcess[str],
    corpus: list[dict[str, Any]],
) -> None:
    home, _ = first
    data = home / "data" / "demo"
    newsroom = newsroom_of(data)
    [changed] = newsroom.changed_pieces()
    lines = stored(data)
    assert lines[: len(corpus)] == corpus
    [version] = lines[len(corpus) :]
    assert (version["url"], version["version"]) == (changed.url, 2)
    right = records(newsroom, datetime.now(UTC))[changed.url]
    assert {name: version[name] for name in right} == right
    [before] = [record for record in corpus if record["url"] == changed.url]
    assert version["id"] == before["id"]
    assert version["first_seen_at"] == before["first_seen_at"]
    assert version["content_hash"] != before["content_hash"]
    assert "130 were known; 1 of them fetched again: what their paper says has changed" in second.stdout
    assert f"version 2 of aldifaf {version['id']}:" in second.stdout
    assert "this run: 0 new, 1 changed" in second.stdout
    assert second.stderr == ""


def test_every_run_leaves_its_summary(
    first: tuple[Path, subprocess.CompletedProcess[str]], second: subprocess.CompletedProcess[str]
) -> None:
    assert second.returncode == 0
    runs = [json.loads(path.read_text("utf-8")) for path in sorted((first[0] / "data/demo/runs").glob("*.json"))]
    assert Counter(kept["source"] for kept in runs) == {"aldifaf": 2, "almarfa": 2, "alwaha": 2}
    assert sum(kept["stored"] for kept in runs) == 131
    assert sum(kept["versions"] for kept in runs) == 1
    assert sum(kept["near_duplicates"] for kept in runs) == 8
    assert {kept["finish_reason"] for kept in runs} == {"finished"}
    assert all(kept["health"] is None and kept["pages_per_second"] > 0 for kept in runs)
    assert sum(kept["statuses"].get("503", 0) for kept in runs) == 1
    assert max(kept["peak_memory"] or 0 for kept in runs) < 250 * 1024 * 1024


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with NewsServer(Newsroom(date.today() - timedelta(days=1))) as running:
        yield running


@pytest.fixture
def slow_server() -> Iterator[NewsServer]:
    """A crawl of it lasts long enough to be stopped in its middle."""
    with NewsServer(Newsroom(date.today() - timedelta(days=1)), delay=0.3) as running:
        yield running


def crawl(*more: str) -> list[str]:
    fast = {
        "GUARD_ALLOW_LOOPBACK": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    }
    given = [word for name, value in fast.items() for word in ("-s", f"{name}={value}")]
    return ["crawl", "aldifaf", *given, *more]


def test_a_crawl_ships_what_it_sealed(server: NewsServer, tmp_path: Path) -> None:
    bucket = tmp_path / "bucket"
    done = run(crawl("-s", f"STORE_URL=file://{bucket}"), tmp_path, http_proxy=server.proxy)
    assert done.returncode == 0, done.stderr
    here = {path.relative_to(tmp_path / "data") for path in (tmp_path / "data").rglob("*.json*")}
    assert {path.relative_to(bucket) for path in bucket.rglob("*.*") if path.is_file()} == here
    assert {path.parts[0] for path in here} == {"articles", "runs"}
    # State and disk are lost: nothing is fetched again that lies in the store.
    shutil.rmtree(tmp_path / "data")
    before = len(stored(bucket))
    done = run(crawl("-s", f"STORE_URL=file://{bucket}"), tmp_path, http_proxy=server.proxy)
    assert done.returncode == 0, done.stderr
    assert len(stored(bucket)) == before == 46
    done = run(crawl("-s", "STORE_URL=file:///dev/null/x"), tmp_path, http_proxy=server.proxy)
    assert done.returncode == 1
    assert "cannot open file:///dev/null/x" in done.stderr


def test_a_killed_crawl_loses_nothing_and_repeats_nothing(slow_server: NewsServer, tmp_path: Path) -> None:
    for _ in range(2):
        reached = len(whole_lines(tmp_path / "data")) + 12
        process = subprocess.Popen(
            [*NEWSCRAWL, *crawl()],
            cwd=tmp_path,
            env=environment(tmp_path, http_proxy=slow_server.proxy),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda reached=reached: len(whole_lines(tmp_path / "data")) >= reached)
        process.kill()
        process.wait(timeout=PATIENCE)
    kept = {line["id"] for line in whole_lines(tmp_path / "data")}
    assert 0 < len(kept) < 46
    done = run(crawl(), tmp_path, http_proxy=slow_server.proxy)
    assert done.returncode == 0, done.stderr
    ids = [record["id"] for record in stored(tmp_path / "data")]
    assert len(ids) == len(set(ids)) == 46
    assert kept <= set(ids)
    assert list((tmp_path / "data" / "articles").rglob("*.part")) == []


def whole_lines(data: Path) -> list[dict[str, Any]]:
    """The lines that a killed run had finished; the last may be torn."""
    texts = [path.read_text("utf-8", errors="replace") for path in (data / "articles").rglob("*.jsonl*")]
    return [json.loads(line) for text in texts for line in text.splitlines(keepends=True) if line.endswith("\n")]


def test_interrupting_ends_the_crawl_in_order(slow_server: NewsServer, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*NEWSCRAWL, *crawl()],
        cwd=tmp_path,
        env=environment(tmp_path, http_proxy=slow_server.proxy),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: len(slow_server.hits) >= 20)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "stopped before the end; what was stored is safe" in errors
    assert list((tmp_path / "data" / "articles").rglob("*.part")) == []
    [kept] = (tmp_path / "data" / "runs").glob("*.json")
    assert json.loads(kept.read_text("utf-8"))["finish_reason"] == "shutdown"


def test_an_interrupted_demo_shows_what_it_has_and_the_next_goes_on(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*NEWSCRAWL, "demo"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for((tmp_path / "data/demo/articles").exists)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "stopped before the end; what was stored is safe" in errors
    assert "Traceback" not in errors
    assert "articles in" in output
    done = run(["demo"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "130 articles in 130 lines" in done.stdout
    assert newsroom_of(tmp_path / "data/demo").edition == 1


def test_revisits_are_conditional_the_removed_stays_removed_and_the_archive_can_be_replayed(
    server: NewsServer, tmp_path: Path
) -> None:
    every_second = ",".join(map(str, range(1, 100)))
    options = ["-s", f"REVISIT_AFTER={every_second},999999", "-s", "ARCHIVE=True"]
    assert run(crawl(*options), tmp_path, http_proxy=server.proxy).returncode == 0
    live = stored(tmp_path / "data")
    removed = Newsroom(date.today()).papers["aldifaf"].url(AldifafSite.removed)
    assert [hit.status for hit in server.hits if hit.url == removed] == [404]
    server.hits.clear()

    time.sleep(1.5)
    assert run(crawl(*options), tmp_path, http_proxy=server.proxy).returncode == 0
    assert server.statuses()[304] == 46
    assert [hit.status for hit in server.hits if hit.url == removed] == []
    assert stored(tmp_path / "data") == live
    server.hits.clear()

    [archive] = {tmp_path / "data" / record["archive"]["file"] for record in live}
    done = run(crawl("-a", f"archive={archive}", "-s", "DATA_DIR=again"), tmp_path, http_proxy=server.proxy)
    assert done.returncode == 0, done.stderr
    assert server.hits == []
    again = {record["url"]: record for record in stored(tmp_path / "again")}
    for record in live:
        for name in ("id", "title", "body", "published_at", "authors", "images", "content_hash"):
            assert again[record["url"]][name] == record[name]


@pytest.mark.parametrize("where", ["file", "read-only"])
def test_an_unusable_data_directory_is_one_sentence(where: str, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    done = run(["demo"] if where == "file" else ["demo", "-s", "DATA_DIR=/proc/nowhere"], tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("newscrawl: cannot write ")
    assert done.stderr.count("\n") == 1


def test_a_damaged_diary_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data" / "demo").mkdir(parents=True)
    (tmp_path / "data" / "demo" / "newsroom.json").write_text("{")
    done = run(["demo"], tmp_path)
    assert done.returncode == 1
    assert "newsroom.json is damaged; delete its directory to start over" in done.stderr
