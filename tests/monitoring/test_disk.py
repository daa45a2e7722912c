"""A crawl ends in order before the disk is full, and none begins when it nearly is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from newscrawl.monitoring import disk
from newscrawl.storage.errors import StorageError
from newscrawl.storage.room import lack_of_room
from tests.forked import PROCESSES
from tests.patience import PATIENCE
from tests.test_crash import DAY, _crawl, arguments, assert_complete, environment, finish, stored

NAMES = ["aldifaf", "almarfa"]


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with NewsServer(Newsroom(DAY), delay=0.02) as running:
        yield running


def test_there_is_room_to_the_last_byte_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_bavail=500_000, f_frsize=1000))
    assert lack_of_room(tmp_path, 0) is None
    assert lack_of_room(tmp_path, 500_000_000) is None
    assert lack_of_room(tmp_path, 500_000_001) == (
        f"only 500 MB are free in {tmp_path}, less than DISK_FREE_MIN (500 MB)"
    )


def _crawl_while_room_shrinks(argv: list[str], env: dict[str, str], log: str, looks: int) -> None:
    """So many times there is room, then there are 100 MB."""
    left = looks

    def statvfs(_path: object) -> SimpleNamespace:
        nonlocal left
        left -= 1
        return SimpleNamespace(f_bavail=10**9 if left >= 0 else 100_000, f_frsize=1000)

    os.statvfs = statvfs  # type: ignore[assignment]
    disk._EVERY_SECONDS = 0.0
    _crawl(argv, env, log)


def crawled(server: NewsServer, argv: list[str], log: Path, looks: int) -> str:
    process = PROCESSES.Process(target=_crawl_while_room_shrinks, args=(argv, environment(server), str(log), looks))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == 1, log.read_text()
    return log.read_text()


def test_it_ends_in_order_and_the_next_run_goes_on(server: NewsServer, tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    argv = arguments(data, NAMES, ARCHIVE=True, DISK_FREE_MIN=500_000_000)
    said = crawled(server, argv, log, 40)
    sentences = [line for line in said.splitlines() if line.startswith("newscrawl: ")]
    assert len(sentences) == len(NAMES)
    for name, sentence in zip(NAMES, sentences, strict=True):
        assert sentence.startswith(f"newscrawl: {name}: the crawl ended before the disk is full: only 100 MB are free")
        assert sentence.endswith("less than DISK_FREE_MIN (500 MB); what was stored is safe")
    assert "Traceback" not in said
    assert 0 < sum(stored(data, NAMES).values()) < 90
    assert [path for path in data.rglob("*") if path.name.endswith((".part", ".tmp"))] == []
    runs = [json.loads(path.read_bytes()) for path in (data / "runs").glob("*.json")]
    assert {run["finish_reason"] for run in runs} == {"disk-low"}
    assert len(runs) == len(NAMES)
    finish(server, arguments(data, NAMES, ARCHIVE=True), log)
    assert_complete(Newsroom(DAY), data, NAMES)


def test_none_begins_and_the_sources_that_wait_are_named(server: NewsServer, tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    said = crawled(server, arguments(data, NAMES, DISK_FREE_MIN=500_000_000), log, 0)
    (sentence,) = (line for line in said.splitlines() if line.startswith("newscrawl: "))
    assert "no crawl is begun so close to a full disk: only 100 MB are free in" in sentence
    assert server.hits == []
    said = crawled(server, arguments(data, NAMES, DISK_FREE_MIN=500_000_000, SOURCES_AT_ONCE=1), tmp_path / "log2", 6)
    assert "newscrawl: stopped before 1 sources had begun (almarfa ...)" in said


def test_room_is_counted_as_other_programs_do(tmp_path: Path) -> None:
    status = os.statvfs(tmp_path)
    free = status.f_bavail * status.f_frsize
    assert lack_of_room(tmp_path, free // 2) is None
    assert lack_of_room(tmp_path, 0) is None
    lack = lack_of_room(tmp_path, free * 2)
    assert lack is not None
    assert f"are free in {tmp_path}, less than DISK_FREE_MIN ({free * 2 / 1e6:.0f} MB)" in lack
    with pytest.raises(StorageError, match="no such file"):
        lack_of_room(tmp_path / "absent", 1)
