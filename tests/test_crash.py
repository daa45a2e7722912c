"""Whole crawls of the demo newspaper, killed, stopped, starved and doubled: nothing is lost, repeated or torn."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgres_server import PostgresServer
from scrapy.cmdline import execute

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pieces import Piece
from newscrawl.demo.server import NewsServer
from newscrawl.discovery.identity import article_id, url_identity
from newscrawl.spiders.demo import aldifaf, almarfa, alwaha
from newscrawl.storage import State, StorageError, append
from newscrawl.storage.audit import check_source
from newscrawl.storage.findings import Audit
from newscrawl.storage.jsonl import read_articles, read_lines, sealed_files
from tests.forked import PROCESSES
from tests.patience import PATIENCE, wait_for
from tests.test_pipelines import Run

SPIDERS = {spider.name: spider for spider in (aldifaf.Aldifaf, almarfa.Almarfa, alwaha.Alwaha)}
DAY = date(2026, 11, 20)
KILLS = 25


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return Newsroom(DAY)


@pytest.fixture
def server(newsroom: Newsroom) -> Iterator[NewsServer]:
    with NewsServer(newsroom, delay=0.02) as running:
        # A killed client leaves broken connections, which are no news here.
        running._http.handle_error = lambda request, address: None  # type: ignore[method-assign]
        yield running


def arguments(data: Path, names: list[str], **settings: object) -> list[str]:
    given = {
        "DATA_DIR": data,
        "GUARD_ALLOW_LOOPBACK": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "DISK_FREE_MIN": 0,
    } | settings
    given |= {"CONCURRENT_REQUESTS_PER_DOMAIN": 2, "RETRY_TIMES": 5}
    return ["crawl", *names, *(word for name, value in given.items() for word in ("-s", f"{name}={value}"))]


def environment(server: NewsServer) -> dict[str, str]:
    return {"http_proxy": server.proxy, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}


def _crawl(argv: list[str], env: dict[str, str], log: str) -> None:
    os.environ.update(env)
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(fd, 1)
    os.dup2(fd, 2)
    execute(["scrapy", *argv])


def begin(server: NewsServer, argv: list[str], log: Path) -> multiprocessing.process.BaseProcess:
    process = PROCESSES.Process(target=_crawl, args=(argv, environment(server), str(log)))
    process.start()
    return process


def finish(server: NewsServer, argv: list[str], log: Path) -> None:
    """A run to its end, which must be a good one."""
    process = begin(server, argv, log)
    process.join(PATIENCE)
    assert process.exitcode == 0, log.read_text()


def run(server: NewsServer, argv: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", *argv]
    env = {**os.environ, **environment(server)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)


def expected(newsroom: Newsroom, names: list[str]) -> set[tuple[str, str]]:
    """(source, id) of every article that the newspaper published."""
    found = set()
    for name in names:
        pattern = re.compile(SPIDERS[name].article_url)
        found |= {(name, article_id(name, url_identity(piece.url, pattern))) for piece in newsroom.pieces[name]}
    return found


def stored(data: Path, names: list[str]) -> Counter[tuple[str, str]]:
    paths = [path for name in names for path in sealed_files(data, name)]
    return Counter((article.source or "", article.id) for article in read_articles(paths))


def assert_complete(newsroom: Newsroom, data: Path, names: list[str], url: str | None = None) -> None:
    """Each article once, each line whole, nothing unsealed, state and files agree."""
    found = stored(data, names)
    assert {key: count for key, count in found.items() if count > 1} == {}
    assert set(found) == expected(newsroom, names)
    assert [part for kind in ("articles", "archive", "rejected") for part in (data / kind).rglob("*.part*")] == []
    for path in (data / "articles").rglob("*.jsonl*"):
        assert all(line.endswith(b"\n") for line in read_lines(path))
    state, audit = State(url or f"sqlite:///{data / 'state.sqlite'}"), Audit()
    for name in names:
        check_source(state, data, name, audit)
    state.close()
    assert audit.clean, audit
    assert audit.articles == audit.rows == len(found)


def lines_on_disk(data: Path) -> int:
    """Whole lines of articles, sealed or not."""
    found = 0
    for path in (data / "articles").rglob("*.jsonl*"):
        # A file may be healed, sealed or compressed while it is counted.
        with contextlib.suppress(OSError, StorageError):
            found += sum(line.endswith(b"\n") for line in read_lines(path))
    return found


def test_twenty_five_kills_lose_nothing_and_repeat_nothing(
    server: NewsServer, newsroom: Newsroom, tmp_path: Path
) -> None:
    data, log, rng = tmp_path / "data", tmp_path / "log", random.Random(20261122)
    names = list(SPIDERS)
    argv = arguments(data, names, ARCHIVE=True)
    grown = []
    for kill in range(KILLS):
        process = begin(server, argv, log)
        if kill % 5 == 4:  # while it starts: opening, healing, reading in
            time.sleep(rng.uniform(0.1, 1.0))
        else:
            # In turns: anywhere past robots.txt and the listings of two papers; and with some articles just written.
            seen = (lambda: lines_on_disk(data)) if kill % 2 else (lambda: len(server.hits))
            aim = seen() + (rng.randint(1, 6) if kill % 2 else rng.randint(6, 33))
            wait_for(lambda aim=aim, seen=seen, process=process: seen() >= aim or not process.is_alive())
            time.sleep(rng.uniform(0, 0.05))
        process.kill()
        process.join(PATIENCE)
        grown.append(len(server.hits))
    last = run(server, argv)
    assert last.returncode == 0, last.stderr
    assert_complete(newsroom, data, names)
    check = run(server, ["state", "check", "-s", f"DATA_DIR={data}"])
    assert check.returncode == 0, check.stdout + check.stderr
    assert "state and files agree" in check.stdout
    assert grown[0] < grown[-1]
    # Each run with articles has a file a source: many of the killed ones had stored some, and left them to be healed.
    assert sum(len(sealed_files(data, name)) for name in names) > KILLS // 3


@pytest.mark.slow
def test_kills_under_drop_leave_one_of_each_set_of_copies(
    server: NewsServer, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Three papers side by side that reprint one another, compressed and archived: of two copies one is stored,
    whichever run was killed between its reservation, its line and its row."""
    data, log, rng = tmp_path / "data", tmp_path / "log", random.Random(20261130)
    names = list(SPIDERS)
    argv = arguments(data, names, ARCHIVE=True, COMPRESS="zstd", NEAR_DUPLICATES="drop")
    for kill in range(10):
        process = begin(server, argv, log)
        if kill % 5 == 4:
            time.sleep(rng.uniform(0.1, 1.0))
        else:
            aim = lines_on_disk(data) + rng.randint(1, 10)
            wait_for(lambda aim=aim, process=process: lines_on_disk(data) >= aim or not process.is_alive())
            time.sleep(rng.uniform(0, 0.05))
        process.kill()
        process.join(PATIENCE)
    last = run(server, argv)
    assert last.returncode == 0, last.stderr
    found = stored(data, names)
    assert {key: count for key, count in found.items() if count > 1} == {}

    def key(piece: Piece) -> tuple[str, str]:
        pattern = re.compile(SPIDERS[piece.paper.slug].article_url)
        return piece.paper.slug, article_id(piece.paper.slug, url_identity(piece.url, pattern))

    pairs = [{key(one), key(other)} for one, other in newsroom.reprints()]
    assert [pair for pair in pairs if len(pair & found.keys()) != 1] == []
    assert found.keys() | set().union(*pairs) == expected(newsroom, names)
    assert list(data.rglob("*.part*")) == []
    check = run(server, ["state", "check", "-s", f"DATA_DIR={data}"])
    assert check.returncode == 0, check.stdout + check.stderr


def test_kills_with_the_state_in_postgresql(
    server: NewsServer, newsroom: Newsroom, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    data, log, rng = tmp_path / "data", tmp_path / "log", random.Random(5)
    url = postgres_server.new_database()
    argv = arguments(data, ["almarfa"], STATE_URL=url)
    for _ in range(4):
        process = begin(server, argv, log)
        aim = len(server.hits) + rng.randint(5, 20)
        wait_for(lambda aim=aim, process=process: len(server.hits) >= aim or not process.is_alive())
        process.kill()
        process.join(PATIENCE)
    finish(server, argv, log)
    assert_complete(newsroom, data, ["almarfa"], url)


@pytest.mark.parametrize(
    ("signals", "sealed"), [([signal.SIGTERM], True), ([signal.SIGINT], True), ([signal.SIGINT] * 2, False)]
)
def test_signals(
    server: NewsServer, newsroom: Newsroom, tmp_path: Path, signals: list[signal.Signals], sealed: bool
) -> None:
    """Once: what is under way ends, files are sealed. Twice: it stops at once, the next run heals."""
    data, log = tmp_path / "data", tmp_path / "log"
    argv = arguments(data, ["aldifaf"])
    process = begin(server, argv, log)
    wait_for(lambda: len(server.hits) >= 30)
    assert process.pid is not None
    for number in signals:
        os.kill(process.pid, number)
        time.sleep(0.1)
    process.join(PATIENCE)
    assert process.exitcode is not None
    if sealed:
        assert process.exitcode == 1, log.read_text()
        assert "what was stored is safe" in log.read_text()
        assert list(data.rglob("*.part")) == []
        assert 0 < len(stored(data, ["aldifaf"])) < 46
    finish(server, argv, log)
    assert_complete(newsroom, data, ["aldifaf"])


def test_state_deleted_between_runs(server: NewsServer, newsroom: Newsroom, tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    argv = arguments(data, ["aldifaf"])
    process = begin(server, argv, log)
    wait_for(lambda: len(server.hits) >= 30)
    process.kill()
    process.join(PATIENCE)
    for path in data.glob("state.sqlite*"):
        path.unlink()
    finish(server, argv, log)
    assert_complete(newsroom, data, ["aldifaf"])


def _rebuild_until(argv: list[str], log: str, moment: int) -> None:
    """`state rebuild` that kills itself before (moments 0, 2, 4) or after (1, 3, 5) one of its commits."""
    left, after = divmod(moment, 2)

    def on_commit(connection: sa.Connection) -> None:
        nonlocal left
        if left == 0:
            if after:
                connection.connection.driver_connection.execute("COMMIT")  # type: ignore[union-attr]
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    sa.event.listen(sa.Engine, "commit", on_commit)
    _crawl(argv, {"SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}, log)


def near_stories(data: Path) -> int:
    with sqlite3.connect(data / "state.sqlite") as database:
        count: int = database.execute("SELECT count(*) FROM near_stories").fetchone()[0]
    return count


@pytest.mark.slow
def test_a_rebuild_killed_at_every_commit_loses_no_story(
    server: NewsServer, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Whoever comes next, a crawl or a rebuild, brings the state and the near-duplicate index to their end."""
    whole, log = tmp_path / "whole", tmp_path / "log"
    names = ["aldifaf", "almarfa"]
    finish(server, arguments(whole, names), log)
    stories = near_stories(whole)
    assert stories == len(expected(newsroom, names))
    for path in whole.glob("state.sqlite*"):
        path.unlink()
    for moment in range(200):
        data = tmp_path / f"killed-{moment}"
        shutil.copytree(whole, data)
        argv = ["state", "rebuild", "-s", f"DATA_DIR={data}"]
        process = PROCESSES.Process(target=_rebuild_until, args=(argv, str(log), moment))
        process.start()
        process.join(PATIENCE)
        if moment % 4 < 2:
            for name in names:
                Run(data, name).close()
        else:
            finish(server, argv, log)
        assert near_stories(data) == stories, moment
        assert_complete(newsroom, data, names)
        shutil.rmtree(data)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL, log.read_text()
    assert moment > 8


def test_two_spiders_in_two_processes(server: NewsServer, newsroom: Newsroom, tmp_path: Path) -> None:
    data = tmp_path / "data"
    names = ["aldifaf", "almarfa"]
    processes = [begin(server, arguments(data, [name]), tmp_path / "log") for name in names]
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0, 0], (tmp_path / "log").read_text()
    assert_complete(newsroom, data, names)


def test_one_spider_twice_at_once_is_refused_in_a_sentence(
    server: NewsServer, newsroom: Newsroom, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    argv = arguments(data, ["aldifaf"])
    first = begin(server, argv, tmp_path / "log")
    wait_for(lambda: len(server.hits) >= 5)
    second = begin(server, argv, tmp_path / "second")
    second.join(PATIENCE)
    assert second.exitcode == 1
    assert "newscrawl: aldifaf: aldifaf is being written by another run" in (tmp_path / "second").read_text()
    first.join(PATIENCE)
    assert first.exitcode == 0
    assert_complete(newsroom, data, ["aldifaf"])


def _crawl_on_a_full_disk(argv: list[str], env: dict[str, str], log: str, room: int) -> None:
    """Every file together may grow by `room` bytes, then writing fails half-way through a line."""
    real, left = os.write, [room]

    def write(fd: int, data: bytes) -> int:
        fits = min(left[0], len(data))
        if fits == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= fits
        return real(fd, data[:fits])

    append.os.write = write  # type: ignore[assignment]
    _crawl(argv, env, log)


def test_disk_full_while_writing_a_line(server: NewsServer, newsroom: Newsroom, tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    argv = arguments(data, ["aldifaf"])
    full = PROCESSES.Process(target=_crawl_on_a_full_disk, args=(argv, environment(server), str(log), 40_000))
    full.start()
    full.join(PATIENCE)
    assert full.exitcode == 1
    assert_one_sentence(log.read_text(), "the disk is full")
    assert "Traceback" not in log.read_text()
    assert "'finish_reason': 'storage'" in log.read_text()
    assert 0 < len(stored(data, ["aldifaf"])) < 46
    finish(server, argv, log)
    assert_complete(newsroom, data, ["aldifaf"])


def test_small_file_system_runs_full(server: NewsServer, newsroom: Newsroom, tmp_path: Path) -> None:
    """A real one: what meets the end first may be the state, its journal, or a line."""
    disk, log = tmp_path / "disk", tmp_path / "log"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a tmpfs is not allowed here; test_disk_full_while_writing_a_line injects the error")
    try:
        data = disk / "data"
        argv = arguments(data, ["aldifaf"])
        full = begin(server, argv, log)
        full.join(PATIENCE)
        assert full.exitcode == 1, log.read_text()
        assert_one_sentence(log.read_text(), "the disk is full")
        assert "newscrawl/storage" not in log.read_text()  # no frame of a traceback
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        finish(server, argv, log)
        assert_complete(newsroom, data, ["aldifaf"])
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _demo_without_room_for_its_diary(argv: list[str], log: str) -> None:
    """The disk runs full between the last article and the note that all was read."""
    real = Path.write_text

    def write_text(self: Path, data: str, *args: object, **kwargs: object) -> int:
        if '"crawled": true' in data:
            real(self, data[:5])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, data, *args, **kwargs)  # type: ignore[arg-type]

    Path.write_text = write_text  # type: ignore[method-assign, assignment]
    _crawl(argv, {"SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}, log)


def _demo(argv: list[str], log: Path) -> int | None:
    process = PROCESSES.Process(target=_crawl, args=(argv, {"SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}, str(log)))
    process.start()
    process.join(PATIENCE)
    return process.exitcode


def test_disk_full_at_the_end_of_the_demo(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    argv = ["demo", "-s", f"DATA_DIR={data}"]
    full = PROCESSES.Process(target=_demo_without_room_for_its_diary, args=(argv, str(log)))
    full.start()
    full.join(PATIENCE)
    assert full.exitcode == 1, log.read_text()
    assert_one_sentence(log.read_text(), "the disk is full")
    assert "Traceback" not in log.read_text()
    assert sum(stored(data, list(SPIDERS)).values()) == 130
    assert _demo(argv, tmp_path / "again") == 0
    # The diary does not know that all was read, so nothing was to change; and nothing is stored twice.
    assert "this run: 0 new, 0 changed" in (tmp_path / "again").read_text()


@pytest.mark.parametrize("size", ["100k", "300k", "600k"])
def test_small_file_system_runs_full_under_the_demo(tmp_path: Path, size: str) -> None:
    """What meets the end may also be the log, which lies beside the articles."""
    disk, log = tmp_path / "disk", tmp_path / "log"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a tmpfs is not allowed here; test_disk_full_at_the_end_of_the_demo injects the error")
    try:
        argv = ["demo", "-s", f"DATA_DIR={disk / 'data'}", "-s", "DISK_FREE_MIN=0"]
        assert _demo(argv, log) == 1, log.read_text()
        said = log.read_text()
        assert "Traceback" not in said
        assert "the disk is full" in said
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        assert _demo(argv, tmp_path / "again") == 0, (tmp_path / "again").read_text()
        found = stored(disk / "data", list(SPIDERS))
        assert (len(found), max(found.values())) == (130, 1)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def assert_one_sentence(log: str, sentence: str) -> None:
    """The last word to the user is one line without a traceback."""
    said = [line for line in log.splitlines() if line.startswith("newscrawl: ")]
    assert len(said) == 1, log
    assert sentence in said[0]
