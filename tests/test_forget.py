"""Articles of a whole crawl are forgotten: every form of them goes, all else stays, and no kill leaves half."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from postgres_server import PostgresServer

from newscrawl.addon import ON_FORGET_BASE
from newscrawl.browse import index
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from newscrawl.items import Article
from newscrawl.storage import State
from newscrawl.storage.audit import check_source
from newscrawl.storage.findings import Audit
from newscrawl.storage.forgotten import read_ledger
from newscrawl.storage.jsonl import RejectedWriter, parse_line, read_articles, read_lines, sealed_files
from newscrawl.storage.rows import id_number
from newscrawl.storage.warc import read_response
from newscrawl.storage.warc_records import Trouble, responses
from tests.forked import PROCESSES
from tests.patience import PATIENCE
from tests.test_crash import DAY, _crawl, arguments, finish
from tests.test_pipelines import Run

NAMES = ["aldifaf", "almarfa"]
WATCH = '[all]\nsources = ["aldifaf", "almarfa"]\n'
REASON = "طلب الناشر"


class Corpus:
    """A crawled data directory with an article in every form in which one is kept."""

    def __init__(self, data: Path, url: str | None = None) -> None:
        self.data = data
        self.url = url or f"sqlite:///{data / 'state.sqlite'}"
        #: One of two versions, the older in a compressed file, and one of another paper.
        self.changed = next(each for each in self.articles() if each.version == 2 and each.source == NAMES[0])
        self.other = next(each for each in self.articles() if each.source == NAMES[1])

    def articles(self) -> list[Article]:
        return list(read_articles(path for name in NAMES for path in sealed_files(self.data, name)))

    @property
    def ids(self) -> list[str]:
        return [self.changed.id, self.other.id]

    @property
    def arguments(self) -> list[str]:
        return ["-s", f"DATA_DIR={self.data}", "-s", f"STATE_URL={self.url}"]

    def forget(self, *more: str) -> list[str]:
        return ["forget", *self.ids, "--reason", REASON, *more, *self.arguments]


def crawled(data: Path, url: str | None = None) -> None:
    """Two editions of two papers; the files of the first are compressed."""
    log = data.parent / "log"
    (data.parent / "watches.toml").write_text(WATCH, "utf-8")
    more: dict[str, Any] = {"ARCHIVE": True, "WATCHES": data.parent / "watches.toml"} | (
        {"STATE_URL": url} if url else {}
    )
    with NewsServer(Newsroom(DAY)) as server:
        finish(server, arguments(data, NAMES, COMPRESS="zstd", **more), log)
        changed = [datetime.now(UTC) - timedelta(minutes=5), datetime.now(UTC) - timedelta(minutes=4)]
        server.turn_to(Newsroom(DAY, changed))
        finish(server, arguments(data, NAMES, **more), log)
    writer = RejectedWriter(data, "aldifaf", "20261129T000000Z-0000")
    for article in read_articles(sealed_files(data, "aldifaf")[:1]):
        writer.write(article, "no-title", now=datetime.now(UTC))
    writer.seal()
    index.update(data)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("made")
    crawled(directory / "data")
    return directory / "data"


@pytest.fixture
def corpus(made: Path, tmp_path: Path) -> Corpus:
    shutil.copytree(made, tmp_path / "data")
    return Corpus(tmp_path / "data")


def run(argv: list[str], log: Path) -> int | None:
    settings = {"SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
    process = PROCESSES.Process(target=_crawl, args=(argv, settings, str(log)))
    process.start()
    process.join(PATIENCE)
    return process.exitcode


def lines_of(data: Path, kind: str) -> list[bytes]:
    return [line for name in NAMES for path in sealed_files(data, name, kind) for line in read_lines(path)]


def record_of(line: bytes) -> dict[str, Any]:
    record = parse_line(line)
    assert record is not None
    return record.get("article", record)


def texts(path: Path) -> bytes:
    """All that a file holds, unpacked."""
    if path.suffix == ".zst":
        return b"".join(read_lines(path))
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def assert_forgotten(corpus: Corpus, before: Corpus) -> None:
    data, gone = corpus.data, set(corpus.ids)
    for kind in ("articles", "rejected"):
        expected = [line for line in lines_of(before.data, kind) if record_of(line)["id"] not in gone]
        assert lines_of(data, kind) == expected
    for path in data.rglob("*"):
        if path.is_file() and path.suffix not in (".sqlite", ".log") and path.name != "forgotten.jsonl":
            found = texts(path)
            for article in (corpus.changed, corpus.other):
                assert f'"id":"{article.id}"'.encode() not in found, path
                assert (article.title or "").encode() not in found or "warc" in path.name, path
                assert f"WARC-Target-URI: {article.url}\r\n".encode() not in found, path
    troubles: list[Trouble] = []
    for path in (data / "archive").rglob("*.warc.gz"):
        assert path.stat().st_size == (before.data / path.relative_to(data)).stat().st_size
        assert gone.isdisjoint(found.url for found in responses(path, troubles.append))
    assert troubles == []
    for article in corpus.articles():
        assert article.archive is not None
        found_response = read_response(data / article.archive.file, article.archive.offset)
        assert found_response.url == article.url
    state, audit = State(corpus.url), Audit()
    for name in NAMES:
        check_source(state, data, name, audit)
    assert audit.clean, audit
    for article in (corpus.changed, corpus.other):
        row = state.get(article.source or "", article.id)
        assert row is not None
        assert (row.status, row.reason, row.url, row.content_hash, row.next_visit) == (
            "removed",
            REASON,
            "",
            None,
            None,
        )
    with state.reading() as connection:
        kept = set(connection.scalars(sa.text("SELECT id FROM near_stories")))
    state.close()
    assert gone.isdisjoint(kept)
    assert kept
    index.update(data)
    with sqlite3.connect(index.index_path(data)) as database:
        indexed = {number for (number,) in database.execute("SELECT id FROM article")}
    database.close()
    assert len(indexed) == len({article.id for article in corpus.articles()})
    assert indexed.isdisjoint(map(id_number, gone))
    ledger = [json.loads(line) for line in (data / "forgotten.jsonl").read_text("utf-8").splitlines()]
    assert sorted(entry["id"] for entry in ledger) == sorted(gone)
    assert {entry["reason"] for entry in ledger} == {REASON}
    assert not list((data / "forgetting").iterdir())
    assert [path for path in data.rglob("*") if path.name.endswith((".part", ".tmp"))] == []


def test_every_form_of_an_article_goes_and_the_rest_stays(corpus: Corpus, made: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert run(corpus.forget("--dry-run"), log) == 0, log.read_text()
    assert lines_of(corpus.data, "articles") == lines_of(made, "articles")
    assert not (corpus.data / "forgotten.jsonl").exists()
    assert "2 articles would be removed" in log.read_text()
    assert run(corpus.forget(), log) == 0, log.read_text()
    assert_forgotten(corpus, Corpus(made))
    ledger = read_ledger(corpus.data)
    entry = ledger.entry(corpus.changed.id)
    assert entry is not None
    assert (entry.versions, entry.lines, entry.rejected) == ([1, 2], 2, 1)
    assert entry.archived >= 4  # two responses and their requests
    assert {name.split("/")[0] for name in entry.files} == {"articles", "rejected", "archive"}


def _hits(server: NewsServer, url: str) -> int:
    return sum(hit.url == url for hit in server.hits)


@pytest.mark.parametrize("lost", ["nothing", "state", "state and rebuilt"])
def test_it_is_never_fetched_or_stored_again(corpus: Corpus, tmp_path: Path, lost: str) -> None:
    log = tmp_path / "log"
    assert run(corpus.forget(), log) == 0, log.read_text()
    if lost != "nothing":
        for path in corpus.data.glob("state.sqlite*"):
            path.unlink()
    if lost == "state and rebuilt":
        assert run(["state", "rebuild", *corpus.arguments], log) == 0, log.read_text()
    with NewsServer(Newsroom(DAY)) as server:
        finish(server, arguments(corpus.data, NAMES, ARCHIVE=True, REVISIT_AFTER="1,864000"), log)
        for article in (corpus.changed, corpus.other):
            assert _hits(server, article.url or "") == 0
    assert {article.id for article in corpus.articles()}.isdisjoint(corpus.ids)
    # An archive from elsewhere still has the page: a replay does not bring it back either.
    archive = tmp_path / "elsewhere"
    shutil.copytree(Path(str(corpus.data)).parent / "data" / "archive", archive)
    replay = ["crawl", "aldifaf", "-a", f"archive={archive}", *corpus.arguments]
    assert run(replay, log) in (0, 3), log.read_text()
    assert {article.id for article in corpus.articles()}.isdisjoint(corpus.ids)


def test_a_replay_of_an_archive_that_still_has_it_stores_it_not(corpus: Corpus, made: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert run(corpus.forget(), log) == 0, log.read_text()
    for path in corpus.data.glob("state.sqlite*"):
        path.unlink()
    for name in NAMES:
        replay = ["crawl", name, "-a", f"archive={made / 'archive' / f'source={name}'}", *corpus.arguments]
        assert run(replay, log) in (0, 3), log.read_text()
    assert {article.id for article in corpus.articles()}.isdisjoint(corpus.ids)
    assert "forgotten" in log.read_text()


def test_lines_that_come_back_with_old_files_go_again(corpus: Corpus, made: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert run(corpus.forget(), log) == 0, log.read_text()
    shutil.copytree(made / "articles", corpus.data / "articles", dirs_exist_ok=True)
    assert run(["state", "check", *corpus.arguments], log) == 1
    assert "3 returned: lines of articles that were removed before" in log.read_text()
    assert run(["state", "rebuild", *corpus.arguments], log) == 0, log.read_text()
    assert_forgotten(corpus, Corpus(made))


# Kills


def _killed(argv: list[str], log: str, moment: int, count: str) -> None:
    """Kills itself before the given one of the steps that others could see: files opened for writing, renamed, removed
    and synced in the data directory, bytes overwritten in an archive, transactions committed. `count` gets their
    number when there are fewer."""
    left = moment
    data = next(word for word in argv if word.startswith("DATA_DIR=")).removeprefix("DATA_DIR=")

    def step() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def hook(event: str, values: tuple[Any, ...]) -> None:
        changes = event in ("os.rename", "os.remove", "os.truncate")
        changes = changes or (event == "open" and values[2] & (os.O_WRONLY | os.O_RDWR) != 0)
        if changes and str(values[0]).startswith(data):
            step()

    real = os.fsync

    def fsync(descriptor: int) -> None:
        step()
        real(descriptor)

    os.fsync = fsync
    sys.addaudithook(hook)
    sa.event.listen(sa.Engine, "commit", lambda _connection: step())
    try:
        _crawl(argv, {"SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}, log)
    finally:
        Path(count).write_text(str(moment - left))


def killed(argv: list[str], log: Path, moment: int) -> int | None:
    """The number of steps when it ended by itself; None when it was killed."""
    count = log.with_name("count")
    process = PROCESSES.Process(target=_killed, args=(argv, str(log), moment, str(count)))
    process.start()
    process.join(PATIENCE)
    if process.exitcode == -signal.SIGKILL:
        return None
    assert process.exitcode == 0, log.read_text()
    return int(count.read_text())


def _by_crawl(corpus: Corpus, _log: Path) -> None:
    for name in NAMES:
        Run(corpus.data, name, ON_FORGET_BASE=ON_FORGET_BASE).close()


def _by_rebuild(corpus: Corpus, log: Path) -> None:
    assert run(["state", "rebuild", *corpus.arguments], log) == 0, log.read_text()


def _by_forget(corpus: Corpus, log: Path) -> None:
    assert run(corpus.forget(), log) == 0, log.read_text()


@pytest.mark.parametrize("kills", [9, pytest.param(1000, marks=pytest.mark.slow)])
def test_killed_at_any_step_it_is_done_or_to_be_done(made: Path, tmp_path: Path, kills: int) -> None:
    log, before = tmp_path / "log", Corpus(made)
    shutil.copytree(made, tmp_path / "counted")
    steps = killed(Corpus(tmp_path / "counted").forget(), log, 1_000_000)
    assert steps is not None
    assert steps > 30
    outcomes = set()
    for number, moment in enumerate(range(0, steps, max(1, steps // kills))):
        data = tmp_path / "data"
        shutil.copytree(made, data)
        corpus = Corpus(data)
        assert killed(corpus.forget(), log, moment) is None
        journals = list((data / "forgetting").glob("*.json")) if (data / "forgetting").exists() else []
        is_decided = bool(journals) or (data / "forgotten.jsonl").exists()
        outcomes.add(is_decided)
        if not is_decided:
            # Nothing was begun: all is as it was.
            assert lines_of(data, "articles") == lines_of(made, "articles")
            for path in (data / "archive").rglob("*.gz"):
                assert path.read_bytes() == (made / path.relative_to(data)).read_bytes()
        heir: Callable[[Corpus, Path], None] = (_by_forget, _by_rebuild, _by_crawl)[number % 3]
        if not is_decided or (len(journals) < len(NAMES) and not (data / "forgotten.jsonl").exists()):
            heir = _by_forget
        heir(corpus, log)
        assert_forgotten(corpus, before)
        shutil.rmtree(data)
    assert outcomes == {False, True}


def test_with_the_state_in_postgresql(tmp_path: Path, postgres_server: PostgresServer) -> None:
    log, url = tmp_path / "log", postgres_server.new_database()
    crawled(tmp_path / "data", url)
    shutil.copytree(tmp_path / "data", tmp_path / "before")
    corpus = Corpus(tmp_path / "data", url)
    assert run(corpus.forget(), log) == 0, log.read_text()
    assert_forgotten(corpus, Corpus(tmp_path / "before"))
    with NewsServer(Newsroom(DAY)) as server:
        finish(server, arguments(corpus.data, NAMES, STATE_URL=url, REVISIT_AFTER="1,864000"), log)
        assert _hits(server, corpus.changed.url or "") == 0
    assert {article.id for article in corpus.articles()}.isdisjoint(corpus.ids)
