"""newscrawl forget: what it takes for an article, what it refuses, and in which words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.items import Article
from newscrawl.spiders.demo.aldifaf import Aldifaf
from newscrawl.storage import Session, State
from newscrawl.storage.forgotten import Forgotten, note_forgotten, read_ledger
from newscrawl.storage.jsonl import read_articles, sealed_files
from newscrawl.storage.removal import journal_of
from tests.commands.conftest import Here
from tests.commands.test_state import store
from tests.test_pipelines import Run, article

NOW = datetime.now(UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def ids(data: Path, source: str = "paper") -> list[str]:
    return [each.id for each in read_articles(sealed_files(data, source))]


def the(number: int) -> str:
    return f"{number:016x}"


def test_what_is_wrong_is_one_sentence_and_touches_nothing(data: Path, here: Here, tmp_path: Path) -> None:
    store(data, "paper", 1, 2)
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    (tmp_path / "list").write_text(f"# those\n\n{the(1)}  # the first\n{the(77)}\n")
    for arguments, sentence in [
        ((), "which article?"),
        ((the(1),), "why? --reason"),
        ((the(1), "--reason", "  "), "why? --reason"),
        (("paper", "--reason", "x"), "'paper' is neither an id"),
        ((the(1), the(77), "--reason", "x"), f"nothing is known of an article {the(77)}"),
        (("--file", str(tmp_path / "list"), "--reason", "x"), f"nothing is known of an article {the(77)}"),
        (("https://nobody.test/1", "--reason", "x"), "https://nobody.test/1 is no article of a source"),
        (("--file", str(tmp_path / "absent"), "--reason", "x"), "no such file"),
        (("--file", str(tmp_path / "latin"), "--reason", "x"), "is not UTF-8"),
    ]:
        result = here("forget", *arguments)
        assert result.returncode == 2, (arguments, result.stderr)
        assert sentence in result.stderr
        assert result.stderr.count("\n") == 1, result.stderr
    assert ids(data) == [the(1), the(2)]
    assert not read_ledger(data)


def test_a_source_that_is_being_crawled_is_refused(data: Path, here: Here) -> None:
    store(data, "paper", 1)
    live = Session("paper", data)
    result = here("forget", the(1), "--reason", "x")
    live.close()
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "paper is being written by another run" in result.stderr
    assert not read_ledger(data)
    assert not journal_of(data, "paper").exists()


def test_by_address_by_alias_and_without_a_state(data: Path, here: Here, tmp_path: Path) -> None:
    store(data, "paper", 1, 2, 3)
    state = State(f"sqlite:///{data / 'state.sqlite'}")
    state.discover("paper", the(9), "https://paper.test/short/9", "x", now=NOW)
    state.alias("paper", the(9), the(1), now=NOW)
    state.close()
    (tmp_path / "list").write_text("https://paper.test/short/9\nhttps://paper.test/2\n")
    result = here("forget", "--file", str(tmp_path / "list"), "--reason", "طلب")
    assert result.returncode == 0, result.stderr
    assert "2 articles removed" in result.stdout
    assert ids(data) == [the(3)]
    entry = read_ledger(data).entry(the(9))
    assert entry is not None
    assert (entry.id, entry.aliases, entry.reason) == (the(1), [the(9)], "طلب")
    for path in data.glob("state.sqlite*"):
        path.unlink()
    result = here("forget", the(1), the(3), "--reason", "y")
    assert f"{the(1)} of paper was removed on {entry.at[:10]}: طلب" in result.stdout
    assert "1 article removed" in result.stdout
    assert not sealed_files(data, "paper")
    check = here("state", "check")
    assert check.returncode == 0, check.stdout


def test_an_article_that_was_never_met_never_will_be(data: Path, here: Here) -> None:
    store(data, "aldifaf", 1)
    address = f"http://m.{Aldifaf.allowed_domains[0]}/node/987654?utm_source=x"
    result = here("forget", address, "--reason", "x")
    assert result.returncode == 0, result.stderr
    (entry,) = read_ledger(data).entries.values()
    session = Session("aldifaf", data)
    row = session.state.get("aldifaf", entry.id)
    session.close()
    assert row is not None
    assert (row.status, row.next_visit) == ("removed", None)


def test_the_same_text_under_another_address_is_not_stored(data: Path) -> None:
    removed, other = article(1), article(2)
    hashes = [removed.content_hash or ""]
    note_forgotten(data, [Forgotten(id=removed.id, source="paper", reason="x", at=NOW.isoformat(), hashes=hashes)])
    run = Run(data)
    assert run.dropped(removed) == "forgotten"
    assert run.dropped(article(3, title=removed.title, body=removed.body)) == "forgotten"
    run.take(other)
    assert run.stats() == {"skipped/forgotten": 2, "stored": 1}
    run.close()
    assert [each.id for each in run.stored()] == [other.id]


def test_a_forgotten_article_leaves_no_trace_among_the_rejected(data: Path) -> None:
    note_forgotten(data, [Forgotten(id=article(1).id, source="paper", reason="x", at=NOW.isoformat())])
    run = Run(data)
    assert run.dropped(article(1, title=None)) == "forgotten"
    run.close()
    assert not list((data / "rejected").rglob("*.jsonl"))


def test_a_torn_line_of_proof_gives_way_and_a_damaged_one_is_named(data: Path, here: Here) -> None:
    entries = [Forgotten(id=the(number), source="paper", reason="x", at=NOW.isoformat()) for number in (1, 2, 3)]
    note_forgotten(data, entries[:1])
    path = data / "forgotten.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id":"000000000000')
    assert list(read_ledger(data).entries) == [the(1)]
    note_forgotten(data, entries)
    assert [json.loads(line)["id"] for line in path.read_bytes().splitlines()] == [the(1), the(2), the(3)]
    path.write_bytes(whole + b"[]\n" + whole)
    store_refused = here("forget", the(1), "--reason", "x")
    assert store_refused.returncode == 1
    assert "forgotten.jsonl, line 2 is no removed article" in store_refused.stderr


def test_a_record_that_only_names_the_id_stays(data: Path, here: Here) -> None:
    session = Session("paper", data)
    for number, of in ((1, None), (2, the(1))):
        made = Article.from_dict(article(number).to_dict() | {"duplicate_of": of, "cluster_id": of})
        made.version = 1
        session.articles.write(made)
    session.close()
    before = sealed_files(data, "paper")[0].read_bytes().splitlines()[1]
    assert here("forget", the(1), "--reason", "x").returncode == 0
    assert sealed_files(data, "paper")[0].read_bytes() == before + b"\n"
