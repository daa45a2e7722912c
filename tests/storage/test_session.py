"""One run after another over one data directory: what a start finds, heals and refuses."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock
from weakref import ref

import pytest
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.test import get_crawler

from newscrawl.items import Article
from newscrawl.setting_values import SettingError
from newscrawl.storage import Session, StorageError, append, read_articles
from newscrawl.storage.append import part_of
from newscrawl.storage.archive import WarcArchive
from newscrawl.storage.jsonl import SEAL_AFTER, PartitionWriter, sealed_files
from newscrawl.storage.locations import state_url
from newscrawl.storage.objects import Store
from newscrawl.storage.session import _close_spider
from newscrawl.storage.state import State

Make = Callable[..., Article]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def open_session(data: Path, url: str | None = None, source: str = "paper", *, compress: bool = False) -> Session:
    return Session(source, data, state_url=url, compress=compress)


def store(session: Session, article: Article) -> str:
    session.state.discover(session.source, article.id, article.url, article.url, now=NOW)
    file = session.articles.write(article)
    session.state.done(
        session.source,
        article.id,
        url=article.url,
        now=NOW,
        content_hash=article.content_hash,
        version=article.version,
        file=file,
        first_seen=NOW,
        published=None,
    )
    return file


def abandon(session: Session) -> None:
    """What kill -9 does: descriptors are closed by the kernel, nothing is committed or sealed."""
    session.state._reader.close()
    session.state.engine.dispose()
    for writer in (session.articles, session.rejected, session.archive):
        file = writer._file if writer is not None else None
        if file is not None:
            file.close()
    session._lock.release()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_file_that_grows_is_a_quarter_of_an_hour_old_at_the_most() -> None:
    """What a lost disk may cost where sealed files are shipped (docs/storage.md)."""
    assert SEAL_AFTER == 900


def test_closed_run_is_sealed_and_known(data: Path, state_url: str, make_article: Make) -> None:
    session = open_session(data, state_url)
    file = store(session, make_article(1))
    session.close()
    session.close()
    again = open_session(data, state_url)
    assert again.healed == []
    assert again.state.indexed_files("paper") == {file}
    row = again.state.get("paper", make_article(1).id)
    assert row is not None
    assert (row.status, row.version, row.file) == ("done", 1, file)
    again.close()


def test_killed_run_is_healed_and_its_lines_are_known(data: Path, state_url: str, make_article: Make) -> None:
    killed = open_session(data, state_url)
    file = store(killed, make_article(1))
    store(killed, make_article(2, version=3))
    killed.state.discover("paper", make_article(3).id, "https://paper.test/3", "3", now=NOW)
    abandon(killed)
    with part_of(data / file).open("ab") as part:
        part.write(make_article(3).to_json().encode()[:100])
    session = open_session(data, state_url)
    assert session.healed == [data / file]
    assert [(a.id, a.version) for a in read_articles(session.healed)] == [(f"{1:016x}", 1), (f"{2:016x}", 3)]
    rows = [session.state.get("paper", f"{i:016x}") for i in (1, 2)]
    assert [(row.status, row.version, row.file) for row in rows if row] == [("done", 1, file), ("done", 3, file)]
    assert session.state.get("paper", f"{3:016x}") is None
    session.close()


def test_a_long_run_seals_as_it_goes_and_a_kill_loses_none_of_it(
    data: Path, state_url: str, make_article: Make
) -> None:
    session = Session("paper", data, state_url=state_url, archive=True, seal_after=900)
    first = store(session, make_article(1))
    session.rejected.write(make_article(8), "no-title", now=NOW)
    assert session.archive is not None
    session.archive.write(Request("https://paper.test/1"), Response("https://paper.test/1"), now=NOW)
    for writer in (session.articles, session.rejected, session.archive):
        assert writer._file is not None
        writer._file._began -= 1000
    second = store(session, make_article(2))
    session.rejected.write(make_article(9), "no-title", now=NOW)
    session.state.commit()
    assert (data / first).exists()
    assert second == first.replace(".jsonl", "_0001.jsonl")
    assert len(sealed_files(data, "paper", "rejected")) == 1
    assert len(list((data / "archive" / "source=paper").glob("[!.]*.warc.gz"))) == 1
    assert session.state.indexed_files("paper") == {first}
    assert session.articles._file is not None
    session.articles._file._began -= 1000
    session.state.unchanged("paper", make_article(1).id, now=NOW)
    session.state.commit()
    assert session.state.indexed_files("paper") == {first, second}
    third = store(session, make_article(3))
    abandon(session)
    again = open_session(data, state_url)
    assert again.healed == [data / third]
    assert [article.id for article in read_articles(sealed_files(data, "paper"))] == [f"{n:016x}" for n in (1, 2, 3)]
    assert again.state.counts("paper") == {"done": 3}
    again.close()


def test_all_files_that_were_sealed_between_two_commits_are_marked(data: Path, make_article: Make) -> None:
    session = open_session(data)
    names = []
    for number in (1, 2, 3):
        names.append(store(session, make_article(number)))
        session.articles.seal()
    session.state.commit()
    assert session.state.indexed_files("paper") == set(names)
    assert len(set(names)) == 3
    session.close()


def test_killed_between_sealing_and_the_mark(data: Path, make_article: Make) -> None:
    session = open_session(data)
    file = store(session, make_article(1))
    session.articles.seal()
    abandon(session)
    again = open_session(data)
    assert again.healed == [data / file]
    assert again.state.counts("paper") == {"done": 1}
    again.close()


def test_state_deleted_between_runs_is_made_anew(data: Path, make_article: Make) -> None:
    for i in range(3):
        session = open_session(data)
        store(session, make_article(i))
        session.close()
    for path in data.glob("state.sqlite*"):
        path.unlink()
    session = open_session(data)
    assert len(session.healed) == 3
    assert session.state.counts("paper") == {"done": 3}
    assert session.state.by_content_hash("paper", make_article(2).content_hash or "") == make_article(2).id
    session.close()


def test_files_brought_from_another_machine_are_read_in(data: Path, tmp_path: Path, make_article: Make) -> None:
    elsewhere = open_session(tmp_path / "elsewhere", compress=True)
    store(elsewhere, make_article(7))
    elsewhere.close()
    open_session(data).close()
    (path,) = sealed_files(tmp_path / "elsewhere", "paper")
    target = data / path.relative_to(tmp_path / "elsewhere")
    target.parent.mkdir(parents=True)
    path.rename(target)
    session = open_session(data)
    assert session.state.counts("paper") == {"done": 1}
    session.close()


def test_a_live_run_is_not_healed_and_its_source_not_crawled_twice(data: Path, make_article: Make) -> None:
    live = open_session(data)
    file = store(live, make_article(1))
    with pytest.raises(
        StorageError, match=f"paper is being written by another run .*{live.run_id}.*process {os.getpid()}"
    ):
        open_session(data)
    other = open_session(data, source="other")
    store(other, make_article(2))
    assert part_of(data / file).exists()
    other.close()
    store(live, make_article(3))
    live.close()
    assert [a.id for a in read_articles(sealed_files(data, "paper"))] == [f"{1:016x}", f"{3:016x}"]


def test_disk_full_at_the_end_leaves_everything_for_the_next_start(
    data: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(data)
    file = store(session, make_article(1))

    def full(self: append.AppendFile) -> None:
        raise StorageError("cannot write: the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(append.AppendFile, "sync", full)
        with pytest.raises(StorageError, match="the disk is full"):
            session.close()
    assert str(session.error) == "cannot write: the disk is full"
    assert part_of(data / file).exists()
    again = open_session(data)
    assert again.healed == [data / file]
    assert again.state.counts("paper") == {"done": 1}
    again.close()


def test_a_state_that_fails_ends_the_crawl_whoever_asked_it(data: Path, make_article: Make) -> None:
    """Also where the caller has no way to end it, as the frontier has none."""
    session = open_session(data)
    ended: list[str] = []
    session._stop_crawl = lambda: ended.append("now")
    assert session.archive is None  # unless it is asked for
    session.state._reader.close()
    for _ in range(2):
        with pytest.raises(StorageError):
            session.state.get("paper", make_article(1).id)
    assert ended == ["now"]
    assert session.error is not None
    with suppress(StorageError):
        session.close()


@pytest.mark.parametrize("blocked", ["", "articles", "state.sqlite"])
def test_what_is_in_the_way_is_named(tmp_path: Path, blocked: str, make_article: Make) -> None:
    data = tmp_path / "data"
    if blocked == "state.sqlite":
        (data / blocked).mkdir(parents=True)
    else:
        (data / blocked).parent.mkdir(parents=True, exist_ok=True)
        (data / blocked).write_text("in the way")

    def run() -> None:
        session = open_session(data)
        try:
            store(session, make_article(1))
        finally:
            session.close()

    with pytest.raises(StorageError, match=r"^cannot (create|write)") as caught:
        run()
    assert "\n" not in str(caught.value)


_READ_ONLY = """
import os, sys
from pathlib import Path
from newscrawl.storage import Session, StorageError
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    Session("paper", Path(sys.argv[1]))
except StorageError as error:
    print(error)
"""


def test_read_only_directory_is_one_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o555)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    run = subprocess.run([sys.executable, "-c", _READ_ONLY, data], capture_output=True, text=True, check=False)
    assert run.stdout == f"cannot create {data / 'locks'}: permission denied\n", run.stderr


def test_corrupt_state_stops_the_start_and_frees_the_source(data: Path, make_article: Make) -> None:
    session = open_session(data)
    store(session, make_article(1))
    session.close()
    for path in data.glob("state.sqlite*"):
        path.unlink()
    (data / "state.sqlite").write_bytes(b"garbage, not SQLite" * 50)
    for _ in range(2):
        with pytest.raises(StorageError, match="damaged"):
            open_session(data)


def test_lines_are_marked_as_known_only_when_their_rows_are(
    data: Path, state_url: str, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/storage.md: rows are committed first, and a file is marked last; else the next start would not read it."""
    session = open_session(data, state_url)
    store(session, make_article(1))
    failure = StorageError("the database is away")

    def fail() -> None:
        session.halt(failure)
        raise failure

    monkeypatch.setattr(session.state, "commit", fail)
    marked: list[str] = []
    monkeypatch.setattr(session.state, "mark_indexed", lambda source, file: marked.append(file))
    session._unmarked.append(data / "articles" / "source=paper" / "date=2026-11-22" / "healed.jsonl")
    with pytest.raises(StorageError):
        session.close()
    assert "healed.jsonl" not in " ".join(marked)


def test_each_is_on_the_disk_before_what_speaks_of_it(
    data: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archived response before the line that names its place, the line before the row."""
    steps: list[tuple[str, bool]] = []

    def tell(name: str, kind: type[WarcArchive | PartitionWriter]) -> None:
        real = kind.sync

        def told(self: object) -> None:
            other = State(f"sqlite:///{data / 'state.sqlite'}")
            steps.append((name, other.get("paper", make_article(1).id) is not None))
            other.close()
            real(self)  # type: ignore[arg-type]

        monkeypatch.setattr(kind, "sync", told)

    tell("archive", WarcArchive)
    tell("articles", PartitionWriter)
    session = Session("paper", data, archive=True)
    store(session, make_article(1))
    session.state.commit()
    assert steps[:2] == [("archive", False), ("articles", False)]
    other = State(f"sqlite:///{data / 'state.sqlite'}")
    assert other.get("paper", make_article(1).id) is not None
    other.close()
    session.close()


def test_a_run_that_could_not_be_closed_in_order_lets_the_next_one_in(
    data: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(data)
    store(session, make_article(1))

    def refuse() -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(session.articles, "seal", refuse)
    with pytest.raises(StorageError, match="the disk is full"):
        session.close()
    again = open_session(data)
    assert again.state.get("paper", make_article(1).id) is not None
    again.close()


def test_a_healed_file_is_not_marked_before_every_index_has_read_it(
    data: Path, state_url: str, make_article: Make
) -> None:
    first = open_session(data, state_url)
    store(first, make_article(1))
    abandon(first)
    second = open_session(data, state_url)
    assert len(second.healed) == 1
    abandon(second)  # killed before the near-duplicate index had read it
    third = open_session(data, state_url)
    assert third.healed == second.healed
    third.healed_are_known()
    third.close()
    fourth = open_session(data, state_url)
    assert fourth.healed == []
    fourth.close()


def test_an_error_before_a_crawl_has_begun_or_after_it_is_gone_closes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Records of Scrapy's hold the crawler, and pytest the records, where an earlier test has set the level lower.
    caplog.set_level(logging.CRITICAL, "scrapy")
    crawler = get_crawler()
    reference = ref(crawler)
    _close_spider(reference)
    del crawler
    gc.collect()
    assert reference() is None
    _close_spider(reference)


class OwnStore(PartitionWriter):
    """As ARTICLE_STORE names one."""

    def __init__(self, settings: BaseSettings, source: str, run: str) -> None:
        super().__init__(Path(settings["DATA_DIR"]) / "own", source, run)
        self.given = (settings, source, run)


def test_the_settings_say_where_all_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert state_url(Settings()) == f"sqlite:///{tmp_path}/data/state.sqlite"
    assert state_url(Settings({"DATA_DIR": "d"})) == f"sqlite:///{tmp_path}/d/state.sqlite"
    assert state_url(Settings({"DATA_DIR": "d", "STATE_URL": "sqlite:///s"})) == "sqlite:///s"


def test_a_crawl_has_one_session_with_the_store_that_its_settings_name(tmp_path: Path) -> None:
    for named in (None, "tests.storage.test_session.OwnStore"):
        crawler = get_crawler(settings_dict={"DATA_DIR": str(tmp_path), "ARTICLE_STORE": named, "HOST_NAME": "w1"})
        session = Session.of(crawler)
        assert Session.of(crawler) is session
        assert (session.data_dir, session.state.host) == (tmp_path, "w1")
        assert isinstance(session.articles, OwnStore) is bool(named)
        if isinstance(session.articles, OwnStore):
            assert session.articles.given == (crawler.settings, session.source, session.run_id)
        session.close()


def test_what_the_store_has_is_read_in_where_the_state_knows_nothing(
    data: Path, tmp_path: Path, make_article: Make
) -> None:
    session = open_session(tmp_path / "other")
    store(session, make_article(1))
    session.close()
    shutil.move(tmp_path / "other" / "articles", tmp_path / "bucket" / "articles")
    objects = Store(f"file://{tmp_path / 'bucket'}")
    for is_new in (True, False):
        session = Session("paper", data, objects=objects)
        assert len(session.healed) == is_new
        assert session.state.counts("paper") == {"done": 1 if is_new else 2}
        session.healed_are_known()
        store(session, make_article(2))
        session.close()
        # What is shipped later is none of its business.
        if is_new:
            later = open_session(tmp_path / "later")
            store(later, make_article(3))
            later.close()
            (path,) = sealed_files(tmp_path / "later", "paper")
            target = tmp_path / "bucket" / path.relative_to(tmp_path / "later")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def test_a_setting_that_cannot_be_used_opens_nothing(tmp_path: Path) -> None:
    crawler = get_crawler(settings_dict={"DATA_DIR": str(tmp_path / "data"), "REVISIT_AFTER": "soon"})
    with pytest.raises(SettingError, match="REVISIT_AFTER"):
        Session.of(crawler)
    assert not (tmp_path / "data").exists()


def test_an_error_closes_the_crawl_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[tuple[object, str]] = []
    monkeypatch.setattr("newscrawl.storage.session.close_spider", lambda *asked: closed.append(asked))
    crawler = Mock()
    _close_spider(ref(crawler))
    assert closed == [(crawler, "storage")]
    crawler.engine.spider = None
    _close_spider(ref(crawler))
    assert len(closed) == 1


def test_the_log_says_why_a_crawl_stops_and_says_it_once(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    session = open_session(data)
    for why in ("the disk is full", "the state is gone"):
        session.halt(StorageError(why))
    session.close()
    assert [record.message for record in caplog.records if record.levelname == "CRITICAL"] == [
        "the disk is full; the crawl stops, what was stored stays valid"
    ]
