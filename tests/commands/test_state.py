"""scrapy state check and rebuild."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.dedup.exact import content_hash
from newscrawl.items import Article
from newscrawl.storage import Session, State
from newscrawl.storage.audit import check_source, rebuild_source, set_aside
from newscrawl.storage.findings import Audit
from newscrawl.storage.jsonl import sealed_files

NOW = datetime.now(UTC)
BODY = " ".join(f"كلمة{i}" for i in range(60))


def store(data: Path, source: str, *numbers: int, version: int = 1, url: str | None = None) -> None:
    session = Session(source, data, state_url=url)
    for number in numbers:
        article = Article(
            id=f"{number:016x}",
            version=version,
            source=source,
            url=f"https://{source}.test/{number}",
            title=f"عنوان {number}",
            body=f"{BODY} {number} {version}",
            first_seen_at=NOW.isoformat(),
            fetched_at=NOW.isoformat(),
        )
        article.content_hash = content_hash(article.title, article.body)
        session.state.discover(source, article.id, article.url, article.url, now=NOW)
        file = session.articles.write(article)
        session.state.done(
            source,
            article.id,
            url=article.url,
            now=NOW,
            content_hash=article.content_hash,
            version=version,
            file=file,
            first_seen=NOW,
            published=None,
        )
    session.close()


def audited(data: Path, source: str = "paper", url: str | None = None) -> Audit:
    state, audit = State(url or f"sqlite:///{data / 'state.sqlite'}"), Audit()
    check_source(state, data, source, audit)
    state.close()
    return audit


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def edit(data: Path, sql: str) -> None:
    with sqlite3.connect(data / "state.sqlite") as database:
        database.execute(sql)


def test_clean(data: Path, state_url: str) -> None:
    store(data, "paper", 1, 2, 0xFFFF000000000001, url=state_url)
    store(data, "paper", 2, version=2, url=state_url)
    audit = audited(data, url=state_url)
    assert audit.clean, audit
    assert (audit.articles, audit.rows) == (4, 3)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("DELETE FROM urls WHERE id = 2", "unknown"),
        ("UPDATE urls SET version = 0 WHERE id = 2", "unknown"),
        ("UPDATE urls SET id = 99 WHERE id = 2", "missing"),
        ("UPDATE urls SET version = 2 WHERE id = 2", "missing"),
        ("UPDATE urls SET content_hash = x'00112233445566778899aabbccddeeff' WHERE id = 2", "differs"),
    ],
)
def test_each_disagreement_is_named_and_rebuild_ends_it(data: Path, sql: str, kind: str) -> None:
    store(data, "paper", 1, 2, 3)
    edit(data, sql)
    audit = audited(data)
    assert audit.counts[kind] == 1, audit
    assert f"{2:016x}" in audit.examples[kind][0] or f"{99:016x}" in audit.examples[kind][0]
    state = State(f"sqlite:///{data / 'state.sqlite'}")
    rebuild_source(state, data, "paper")
    state.close()
    assert audited(data).clean


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DELETE FROM urls WHERE id = 1", {"unknown": [(1, 1)]}),
        ("DELETE FROM urls WHERE id = 3", {"unknown": [(3, 2)]}),
        ("DELETE FROM urls", {"unknown": [(1, 1), (2, 1), (3, 2)]}),
        # A version that the state has not heard of, and one that no file has.
        ("UPDATE urls SET version = 1 WHERE id = 3", {"unknown": [(3, 2)]}),
        ("UPDATE urls SET version = 3 WHERE id = 3", {"missing": [(3, 3)]}),
        ("UPDATE urls SET id = -9 WHERE id = 3", {"missing": [(-9, 2)], "unknown": [(3, 2)]}),
        ("UPDATE urls SET content_hash = NULL WHERE id = 1", {"differs": [(1, 1)]}),
    ],
)
def test_a_disagreement_is_told_by_the_article(data: Path, sql: str, told: dict[str, list[tuple[int, int]]]) -> None:
    store(data, "paper", 1, 2)
    store(data, "paper", 3, version=2)
    edit(data, sql)
    assert audited(data).examples == {
        kind: [f"{number % 2**64:016x} version {version} of paper" for number, version in articles]
        for kind, articles in told.items()
    }


def test_an_article_whose_file_is_gone_is_missing(data: Path) -> None:
    store(data, "paper", 1)
    store(data, "paper", 2)
    sealed_files(data, "paper")[0].unlink()
    audit = audited(data)
    assert (dict(audit.counts), dict(audit.hosts)) == ({"missing": 1}, {})


def test_an_article_in_a_store_of_the_users_own_is_not_looked_for(data: Path) -> None:
    store(data, "paper", 1)
    store(data, "paper", 2)
    edit(data, "UPDATE files SET name = 'bucket/1' WHERE id = 1")
    edit(data, "UPDATE urls SET file_id = NULL WHERE id = 2")
    for path in sealed_files(data, "paper"):
        path.unlink()
    assert audited(data).counts == {"elsewhere": 1, "missing": 1}


@pytest.mark.parametrize("url", ["sqlite:///{}/none.sqlite", "postgresql://nobody@none.test/none"])
def test_a_state_that_is_no_file_is_not_set_aside(tmp_path: Path, url: str) -> None:
    assert set_aside(url.format(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_the_lowest_and_the_highest_id_are_compared(data: Path) -> None:
    """In the database an id is a signed number."""
    store(data, "paper", 0x8000000000000000, 0x7FFFFFFFFFFFFFFF)
    audit = audited(data)
    assert audit.clean, audit
    assert audit.rows == 2


def test_stored_twice_and_damaged_lines(data: Path) -> None:
    store(data, "paper", 1, 2)
    (path,) = sealed_files(data, "paper")
    first = path.read_bytes().splitlines(keepends=True)[0]
    with path.open("ab") as file:
        file.write(first + b'{"torn": ')
    audit = audited(data)
    assert dict(audit.counts) == {"twice": 1, "damaged": 1}
    assert audit.examples["damaged"][0].endswith("line 4")


def test_a_file_that_is_not_read_in_yet_is_not_unknown(data: Path, tmp_path: Path) -> None:
    """As a full disk leaves it: the lines are sealed, and the state had no room for their rows."""
    store(data, "paper", 1, 2)
    store(tmp_path / "full", "paper", 3)
    store(tmp_path / "full", "paper", 2, version=2)
    for path in sealed_files(tmp_path / "full", "paper"):
        shutil.copy(path, data / path.relative_to(tmp_path / "full"))
    audit = audited(data)
    assert dict(audit.counts) == {"unread": 2}
    assert not audit.clean
    assert (audit.articles, audit.rows) == (4, 2)
    Session("paper", data).close()
    edit(data, "UPDATE files SET indexed = 0")
    assert dict(audited(data).counts) == {"unread": 3}
    edit(data, "UPDATE files SET indexed = 1")
    assert audited(data).clean


@pytest.mark.parametrize("line", [b'{"id": "x", "version": 1}', b'{"id": "0000000000000001"}', b"[]"])
def test_a_line_without_a_key_is_damaged(data: Path, line: bytes) -> None:
    store(data, "paper", 1)
    (path,) = sealed_files(data, "paper")
    path.write_bytes(path.read_bytes() + line + b"\n")
    assert dict(audited(data).counts) == {"damaged": 1}


def test_a_damaged_page_is_found_before_anything_stumbles_over_it(data: Path, scrapy: Callable[..., object]) -> None:
    store(data, "paper", *range(1, 200))
    with sqlite3.connect(data / "state.sqlite") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'urls_due'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    database.close()
    content = bytearray((data / "state.sqlite").read_bytes())
    content[(page - 1) * size : page * size] = bytes(size)
    (data / "state.sqlite").write_bytes(content)
    check = scrapy("state", "check")
    assert check.returncode == 1
    assert check.stderr.count("\n") == 1, check.stderr
    assert "is damaged (" in check.stderr
    assert "`scrapy state rebuild` makes it anew" in check.stderr
    assert scrapy("state", "rebuild").returncode == 0
    check = scrapy("state", "check")
    assert (check.returncode, "199 stored lines, 199 stored articles" in check.stdout) == (0, True), check.stdout


def test_a_source_being_written_is_left_alone(data: Path) -> None:
    store(data, "paper", 1)
    live = Session("paper", data)
    audit = audited(data)
    live.close()
    assert dict(audit.counts) == {"busy": 1}
    assert audit.clean


def test_rebuild_keeps_what_files_cannot_tell(data: Path, state_url: str) -> None:
    store(data, "paper", 1, url=state_url)
    state = State(state_url)
    for number in (7, 8, 9):
        state.discover("paper", f"{number:016x}", "https://paper.test/x", "x", now=NOW)
    state.gone("paper", f"{8:016x}", "http-404", now=NOW)
    state.alias("paper", f"{9:016x}", f"{1:016x}", now=NOW)
    rebuild_source(state, data, "paper")
    assert state.counts("paper") == {"done": 1, "pending": 1, "gone": 1, "alias": 1}
    state.close()


def test_command_after_the_state_was_damaged(data: Path, scrapy: Callable[..., object]) -> None:
    store(data, "paper", 1, 2)
    store(data, "other", 3)
    for path in data.glob("state.sqlite*"):
        path.unlink()
    (data / "state.sqlite").write_bytes(b"not a database at all" * 100)
    check = scrapy("state", "check")
    assert check.returncode == 1
    assert "damaged" in check.stderr
    assert "scrapy state rebuild" in check.stderr
    assert "Traceback" not in check.stderr
    rebuild = scrapy("state", "rebuild")
    assert rebuild.returncode == 0, rebuild.stderr
    assert "paper: 2 done" in rebuild.stdout
    assert len(list(data.glob("state.sqlite.damaged-*"))) == 1
    check = scrapy("state", "check")
    assert (check.returncode, "3 stored lines, 3 stored articles" in check.stdout) == (0, True), check.stdout
    with sqlite3.connect(data / "state.sqlite") as database:
        assert database.execute("SELECT count(*) FROM near_stories").fetchone() == (3,)


@pytest.mark.parametrize(("after", "due"), [("60", 60), ("", None)])
def test_rebuilt_articles_are_due_as_the_settings_say(
    data: Path, scrapy: Callable[..., object], after: str, due: int | None
) -> None:
    store(data, "paper", 1)
    assert scrapy("state", "rebuild", "-s", f"REVISIT_AFTER={after}").returncode == 0
    with sqlite3.connect(data / "state.sqlite") as database:
        assert database.execute("SELECT next_visit - first_seen FROM urls").fetchone() == (due,)


def test_command_says_what_disagrees(data: Path, scrapy: Callable[..., object]) -> None:
    store(data, "paper", 1, 2)
    edit(data, "DELETE FROM urls WHERE id = 2")
    check = scrapy("state", "check")
    assert check.returncode == 1
    assert "1 unknown: stored articles that the state does not know" in check.stdout


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("mend",), 2), (("check",), 1)])
def test_wrong_use(scrapy: Callable[..., object], arguments: tuple[str, ...], code: int) -> None:
    result = scrapy("state", *arguments)
    assert result.returncode == code
    assert "Traceback" not in result.stderr


def test_rebuild_of_a_state_that_opens_and_is_damaged_within(data: Path, scrapy: Callable[..., object]) -> None:
    store(data, "paper", *range(1, 200))
    with sqlite3.connect(data / "state.sqlite") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray((data / "state.sqlite").read_bytes())
    for at in range(8192, len(content), 7):
        content[at] ^= 0x55
    (data / "state.sqlite").write_bytes(content)
    rebuild = scrapy("state", "rebuild")
    assert rebuild.returncode == 0, rebuild.stderr
    assert "paper: 199 done" in rebuild.stdout
    check = scrapy("state", "check")
    assert (check.returncode, "199 stored lines, 199 stored articles" in check.stdout) == (0, True), check.stdout
