"""What a removal finds of an article, takes away, and finishes after it was cut off; what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import Request, Response

from newscrawl.items import Article
from newscrawl.storage import Session, State, StorageError, read_articles
from newscrawl.storage.feed_texts import FeedTexts
from newscrawl.storage.forgotten import read_ledger
from newscrawl.storage.jsonl import sealed_files
from newscrawl.storage.removal import (
    Removal,
    carry_out,
    find,
    journal_of,
    sources_with,
    take_out,
    take_up,
    write_down,
)
from newscrawl.storage.warc import read_archive
from newscrawl.storage.warc_members import members

Make = Callable[..., Article]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
GONE, LEFT, ALIAS, REFUSED = (f"{number:016x}" for number in (1, 2, 3, 4))


@pytest.fixture
def data(tmp_path: Path, make_article: Make) -> Path:
    """Of article 1 two versions in two files, an alias, a rejected form, an archived response and the text of a feed;
    article 2 with the same, and article 4 rejected only."""
    data = tmp_path / "data"
    for version in (1, 2):
        session = Session("paper", data, archive=True)
        assert session.archive is not None
        for number in (1, 2) if version == 1 else (1,):
            article = make_article(number, version=version, body=f"نص {number} {version}")
            request = Request(article.url)
            article.archive = session.archive.write(request, Response(article.url, body=b"<p>" * 50), now=NOW)
            file = session.articles.write(article)
            session.state.done(
                "paper", article.id, url=article.url, now=NOW, content_hash=article.content_hash, version=version,
                file=file, first_seen=NOW, published=None,
            )  # fmt: skip
        for number in (1, 2, 4) if version == 1 else ():
            session.rejected.write(make_article(number, body=""), "no-body", now=NOW)
        session.close()
    state = opened(data)
    for number in (3, 5):
        state.discover(
            "paper", f"{number:016x}", f"https://paper.test/{number}", f"https://paper.test/{number}", now=NOW
        )
        state.alias("paper", f"{number:016x}", f"{number // 2:016x}", now=NOW)
    texts = FeedTexts(state, "paper")
    for id_ in (GONE, LEFT):
        texts.keep(id_, "{}", now=NOW)
    state.close()
    return data


def opened(data: Path) -> State:
    return State(f"sqlite:///{data / 'state.sqlite'}")


@pytest.fixture
def state(data: Path) -> Iterator[State]:
    state = opened(data)
    yield state
    state.close()


def found(state: State, data: Path, *ids: str) -> Removal:
    return find(state, data, "paper", ids or (GONE,), reason="wish", now=NOW)


def removed(removal: Removal) -> None:
    write_down(removal)
    carry_out(removal)


def stored(data: Path) -> list[tuple[str, int]]:
    return [(each.id, each.version) for each in read_articles(sealed_files(data, "paper"))]


def archived(data: Path) -> list[str]:
    return [each.url for each in read_archive(data / "archive")]


def test_all_that_there_is_of_an_article_is_found(state: State, data: Path, make_article: Make) -> None:
    removal = found(state, data)
    (entry,) = removal.entries
    assert (entry.id, entry.source, entry.reason, entry.at) == (GONE, "paper", "wish", "2026-11-22T12:00:00+00:00")
    assert (entry.versions, entry.lines, entry.rejected, entry.archived) == ([1, 2], 2, 1, 4)
    assert entry.aliases == [ALIAS]
    assert entry.hashes == sorted(make_article(1, body=f"نص 1 {version}").content_hash for version in (1, 2))
    assert [name.partition("/")[0] for name in entry.files] == ["archive"] * 2 + ["articles"] * 2 + ["rejected"]
    assert removal.urls == {"https://paper.test/1", "https://paper.test/3"}
    assert removal.ids == {GONE, ALIAS}
    for place in removal.records:
        (member,) = (each for each in members(data / place.file) if each.offset == place.offset)
        assert (member.url, member.length) == ("https://paper.test/1", place.length)


def test_it_goes_and_the_rest_stays(state: State, data: Path) -> None:
    told: list[Removal] = []
    removal = found(state, data)
    write_down(removal)
    assert journal_of(data, "paper").stat().st_mode & 0o777 == 0o600
    carry_out(removal, [told.append])
    assert told == [removal]
    assert not journal_of(data, "paper").exists()
    assert stored(data) == [(LEFT, 1)]
    assert archived(data) == ["https://paper.test/2"]
    rejected = b"".join(path.read_bytes() for path in sealed_files(data, "paper", "rejected"))
    assert [id_.encode() in rejected for id_ in (GONE, LEFT, REFUSED)] == [False, True, True]
    rows = [state.get("paper", id_) for id_ in (GONE, ALIAS, LEFT)]
    assert [(row.status, row.reason) for row in rows if row] == [
        ("removed", "wish"), ("removed", "wish"), ("done", None),
    ]  # fmt: skip
    texts = FeedTexts(state, "paper")
    assert [texts.get(id_) for id_ in (GONE, LEFT)] == [None, "{}"]
    assert list(read_ledger(data).entries.values()) == removal.entries


def test_it_is_done_when_the_call_returns(state: State, data: Path) -> None:
    removed(found(state, data))
    other = opened(data)
    rows = [other.get("paper", id_) for id_ in (GONE, ALIAS)]
    assert [row and row.status for row in rows] == ["removed"] * 2
    assert FeedTexts(other, "paper").get(GONE) is None
    other.close()


def test_several_go_at_once(state: State, data: Path) -> None:
    removed(found(state, data, GONE, LEFT))
    assert stored(data) == []
    assert archived(data) == []
    assert [each.id for each in read_ledger(data).entries.values()] == [GONE, LEFT]


def test_an_archived_page_may_be_known_by_its_address_alone(state: State, data: Path) -> None:
    """An article of which no line and no row is left."""
    gone = f"{9:016x}"

    def ids_of(url: str) -> list[str]:
        return [gone] if url.endswith("/1") else [f"{8:016x}"]

    removal = find(state, data, "paper", [gone], reason="wish", now=NOW, ids_of=ids_of)
    assert [(entry.id, entry.lines, entry.archived) for entry in removal.entries] == [(gone, 0, 4)]
    removed(removal)
    assert archived(data) == ["https://paper.test/2"]


def test_a_named_archive_outside_the_data_directory_stays(state: State, data: Path, tmp_path: Path) -> None:
    """A line may name any file; one that is not below the archive is not ours to overwrite."""
    (own,) = list((data / "archive").rglob("*-00000.warc.gz"))[:1]
    foreign = tmp_path / "foreign.warc.gz"
    foreign.write_bytes(own.read_bytes())
    for path in sealed_files(data, "paper"):
        text = path.read_bytes()
        path.write_bytes(text.replace(b'"archive/source=paper/', b'"archive/../../foreign.warc.gz", "x":"'))
    before = foreign.read_bytes()
    removed(found(state, data))
    assert foreign.read_bytes() == before


def test_a_broken_file_that_may_hold_it_goes_whole(state: State, data: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = data / "rejected" / "source=paper" / "run-2026-11-22.damaged"
    broken.write_bytes(b"\0")
    removed(found(state, data))
    assert not broken.exists()
    assert f"{broken} was a broken file" in caplog.text


def test_what_was_cut_off_is_finished_and_told(state: State, data: Path) -> None:
    removal = found(state, data)
    write_down(removal)
    told: list[Removal] = []
    take_up(state, data, "paper", [told.append])
    assert [(each.entries, each.records, each.urls) for each in told] == [
        (removal.entries, removal.records, removal.urls)
    ]
    assert stored(data) == [(LEFT, 1)]
    assert archived(data) == ["https://paper.test/2"]
    assert not journal_of(data, "paper").exists()
    take_up(state, data, "paper", [told.append])
    assert len(told) == 1


def test_a_state_that_was_lost_learns_of_it_again(state: State, data: Path, tmp_path: Path) -> None:
    removed(found(state, data))
    new = State(f"sqlite:///{tmp_path / 'new.sqlite'}")
    new.discover("paper", GONE, "https://paper.test/1", "https://paper.test/1", now=NOW)
    take_up(new, data, "paper")
    rows = [new.get("paper", id_) for id_ in (GONE, ALIAS)]
    assert [(row.status, row.reason) for row in rows if row] == [("removed", "wish")] * 2
    assert new.get("paper", LEFT) is None
    new.close()


def test_lines_that_came_back_go_again(state: State, data: Path, make_article: Make) -> None:
    assert take_out(data, "paper") == 0
    removed(found(state, data))
    assert take_out(data, "paper") == 0
    (path,) = sealed_files(data, "paper")
    path.write_bytes(path.read_bytes() + make_article(1).to_json().encode() + b"\n")
    old = data / "rejected" / "source=paper" / "old.jsonl"
    old.write_bytes(b'{"reason":"no-body","article":' + make_article(3).to_json().encode() + b"}\n")
    assert take_out(data, "paper") == 2
    assert stored(data) == [(LEFT, 1)]
    assert not old.exists()


def test_whose_an_id_is_that_no_state_knows(data: Path, make_article: Make) -> None:
    other = Session("other", data)
    other.articles.write(make_article(1, source="other"))
    other.close()
    known = sources_with(data, ["paper", "other", "none"], {GONE, REFUSED, f"{9:016x}"})
    assert known == {GONE: ["paper", "other"], REFUSED: ["paper"]}
    assert sources_with(data, ["paper"], ()) == {}


@pytest.mark.parametrize("content", ["{", "[]", '{"entries": []}', '{"entries": [1], "records": [], "urls": []}'])
def test_a_journal_that_is_none_is_named(state: State, data: Path, content: str) -> None:
    journal = journal_of(data, "paper")
    journal.parent.mkdir()
    journal.write_text(content, "utf-8")
    with pytest.raises(StorageError, match=r"paper\.json is no journal of a removal .*; remove it and forget again"):
        take_up(state, data, "paper")


def test_a_journal_that_cannot_be_read_is_not_passed_over(state: State, data: Path) -> None:
    journal_of(data, "paper").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"cannot read .*paper\.json: it is a directory"):
        take_up(state, data, "paper")


@pytest.mark.parametrize("name", ["rejected/source=paper/run-2026-11-22.damaged", "forgetting/paper.json"])
def test_what_cannot_be_removed_is_named_and_the_removal_not_called_done(state: State, data: Path, name: str) -> None:
    (data / name).mkdir(parents=True)
    with pytest.raises(StorageError, match=f"cannot remove {data / name}: it is a directory"):
        carry_out(found(state, data))
    (data / name).rmdir()
    removed(found(state, data))
