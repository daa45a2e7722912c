"""The same behaviour in SQLite and PostgreSQL."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.storage import Schedule, State, StorageError, migrations, schema
from newscrawl.storage.database import JOURNAL_BYTES, open_engine, writing
from newscrawl.storage.rows import id_number, id_text
from newscrawl.storage.schema import files, meta
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FILE = "articles/source=paper/date=2026-11-22/run.jsonl"


@pytest.fixture
def state(state_url: str) -> Iterator[State]:
    opened = State(state_url)
    yield opened
    opened.close()


def number(i: int) -> str:
    return id_text(i * 0x9E3779B97F4A7C15)


def discover(state: State, i: int, source: str = "paper", **values: object) -> None:
    state.discover(source, number(i), f"https://paper.test/{i}", f"id={i}", now=NOW, **values)  # type: ignore[arg-type]


def done(
    state: State, i: int, *, now: datetime = NOW, version: int = 1, text: str | None = None, **values: object
) -> None:
    fields: dict[str, object] = {"url": f"https://paper.test/{i}", "now": now, "version": version, "file": FILE}
    fields |= {"content_hash": text or f"{i:032x}", "first_seen": NOW, "published": None} | values
    state.done("paper", number(i), **fields)  # type: ignore[arg-type]


def test_what_is_gone_under_one_url_is_tried_under_another_but_not_for_ever(state: State) -> None:
    state.discover("paper", number(1), "https://paper.test/1?b", "id=1", now=NOW)
    for turn in range(10):
        state.gone("paper", number(1), "http-404", now=NOW)
        row = state.discover("paper", number(1), f"https://paper.test/1?{turn}", "id=1", now=NOW)
        if row.status == "gone":
            break
        assert state.is_due(row, NOW)
    assert turn == state.schedule.give_up_after - 1


def test_what_is_tried_after_all_has_all_its_tries(state: State) -> None:
    """As what a filter had left out, and another run wants."""
    discover(state, 1)
    for _ in range(state.schedule.give_up_after - 1):
        state.fail("paper", number(1), "timeout", now=NOW)
    state.again("paper", number(1), now=NOW)
    row = state.get("paper", number(1))
    assert row is not None
    assert (row.status, row.attempts, row.reason) == ("pending", 0, None)
    assert state.is_due(row, NOW)


def test_of_what_was_removed_only_the_reason_and_the_days_are_kept(state: State) -> None:
    discover(state, 1)
    done(state, 1)
    state.remove("paper", number(1), "on request", now=NOW + HOUR)
    state.remove("paper", number(2), "on request", now=NOW + HOUR)  # never met
    state.commit()
    for known, first_seen in ((1, NOW), (2, NOW + HOUR)):
        row = state.get("paper", number(known))
        assert row is not None
        assert (row.status, row.reason, row.url, row.content_hash) == ("removed", "on request", "", None)
        assert (row.first_seen, row.fetched) == (first_seen, NOW + HOUR)
        assert not state.is_due(row, NOW + 1000 * HOUR)


def test_what_showed_an_article_is_fetched_after_all_once_that_is_gone(state: State) -> None:
    for i in (1, 2, 3):
        discover(state, i)
    state.alias("paper", number(1), number(3), now=NOW)
    state.alias("paper", number(2), number(9), now=NOW)
    assert state.revive([], now=NOW) == 0
    assert state.revive([number(3)], now=NOW + HOUR) == 1
    first, second = (state.get("paper", number(i)) for i in (1, 2))
    assert first is not None
    assert second is not None
    assert (first.status, first.alias_of, first.next_visit) == ("pending", None, NOW + HOUR)
    assert (second.status, second.alias_of) == ("alias", number(9))


def test_to_forget_a_source_leaves_the_others_as_they_are(state: State) -> None:
    """`state rebuild` of one source: its files are read anew, and nobody else's."""
    for source in ("paper", "other"):
        for i in (1, 2):
            discover(state, i, source)
        file = FILE.replace("paper", source)
        fields = {"content_hash": f"{7:032x}", "version": 1, "first_seen": NOW, "published": None}
        state.done(source, number(1), url="https://paper.test/1", now=NOW, file=file, **fields)  # type: ignore[arg-type]
        state.commit()
        state.mark_indexed(source, file)
    assert state.get("paper", number(1)) is not None
    state.forget("paper")
    assert state.get("paper", number(1)) is None
    assert state.indexed_files("paper") == set()
    assert state.indexed_files("other") == {FILE.replace("paper", "other")}
    # What was listed and not stored is still to be fetched.
    assert state.counts("paper") == {"pending": 1}
    assert state.counts("other") == {"done": 1, "pending": 1}
    assert state.by_content_hash("paper", f"{7:032x}") is None
    assert state.by_content_hash("other", f"{7:032x}") == number(1)


def test_rows_that_were_changed_past_the_state_are_read_anew(state: State) -> None:
    discover(state, 1)
    state.commit()
    assert state.get("paper", number(1)) is not None
    with state.changing() as connection:
        connection.execute(schema.urls.update().values(attempts=7))
    state.forget_recent()
    row = state.get("paper", number(1))
    assert row is not None
    assert row.attempts == 7


def test_unknown_is_none(state: State) -> None:
    assert state.get("paper", number(1)) is None
    assert state.by_content_hash("paper", "0" * 32) is None
    assert list(state.due("paper", now=NOW)) == []


def test_discovered_is_pending_once_and_keeps_its_hint(state: State) -> None:
    hint = {"title": "عنوان", "published": "2026-11-20T10:00:00+02:00"}
    first = state.discover("paper", number(1), "https://paper.test/1", "id=1", now=NOW, hint=hint)
    again = state.discover("paper", number(1), "https://paper.test/1?b", "id=1", now=NOW + HOUR)
    # The URL that was listed last is the one that will be fetched.
    assert again == replace(first, url="https://paper.test/1?b")
    state.commit()
    row = state.get("paper", number(1))
    assert row == replace(again, published=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    assert row.status == "pending"
    assert row.hint == hint


def test_staged_and_committed_rows_read_the_same(state: State) -> None:
    discover(state, 1)
    state.validators("paper", number(1), '"e1"', "Sun, 22 Nov 2026 10:00:00 GMT")
    done(state, 1, published="2026-11-22")
    staged = state.get("paper", number(1))
    state.commit()
    assert state.get("paper", number(1)) == staged
    assert staged is not None
    assert (staged.status, staged.version, staged.file, staged.etag) == ("done", 1, FILE, '"e1"')
    assert staged.identity == "id=1"


def test_whatever_becomes_of_a_row_after_a_commit_reaches_the_database(state: State, state_url: str) -> None:
    later = NOW + HOUR
    steps = (
        lambda: discover(state, 1, hint={"title": "خبر"}),
        lambda: state.discover("paper", number(1), "https://paper.test/new", "id=1", now=NOW),
        lambda: state.call(state.get("paper", number(1)), "0 a:b"),  # type: ignore[arg-type]
        lambda: state.fail("paper", number(1), "timeout", now=NOW),
        lambda: [
            state.validators("paper", number(1), '"e"', "Sun, 22 Nov 2026"),
            done(state, 1, published="2026-11-22"),
        ],
        lambda: done(state, 1, now=later, version=2, text=f"{7:032x}", file="articles/source=paper/other.jsonl"),
        lambda: state.unchanged("paper", number(1), now=later + HOUR),
        lambda: state.gone("paper", number(1), "http-410", now=later),
        lambda: state.alias("paper", number(1), number(2), now=later),
        lambda: state.remove("paper", number(1), "wish", now=later),
    )
    seen = []
    for step in steps:
        step()
        state.commit()
        other = State(state_url)
        seen.append(other.get("paper", number(1)))
        assert seen[-1] == state.get("paper", number(1))
        other.close()
    assert all(before != after for before, after in pairwise(seen))


def test_another_state_sees_only_what_is_committed(state: State, state_url: str) -> None:
    discover(state, 1)
    state.commit()
    discover(state, 2)
    other = State(state_url)
    assert other.get("paper", number(1)) is not None
    assert other.get("paper", number(2)) is None
    other.close()


def test_batches_commit_themselves(state: State, state_url: str) -> None:
    for i in range(450):
        discover(state, i)
    other = State(state_url)
    assert other.counts("paper") == {"pending": 400}
    other.close()


def test_nothing_is_committed_before_the_lines_are_synced(state: State, state_url: str) -> None:
    def refuse() -> None:
        raise StorageError("disk full")

    done(state, 1)
    state.before_commit(refuse)
    with pytest.raises(StorageError):
        state.commit()
    other = State(state_url)
    assert other.get("paper", number(1)) is None
    other.close()
    state._before_commit.clear()
    state.commit()
    assert state.counts("paper") == {"done": 1}


def test_another_index_shares_the_transaction(state: State) -> None:
    told: list[str] = []

    def write(connection: sa.Connection) -> None:
        connection.execute(schema.meta.insert(), {"key": "other", "value": "x"})
        raise StorageError("the other index fails")

    state.within_commit(write, lambda: told.append("written"))
    done(state, 1)
    with pytest.raises(StorageError):
        state.commit()
    with state.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.urls)) == 0
        assert connection.scalar(sa.select(schema.meta.c.value).where(schema.meta.c.key == "other")) is None
    assert not told
    state._within_commit.clear()
    state.commit()
    assert told == ["written"]


def test_another_index_is_written_though_no_row_has_changed(state: State) -> None:
    told: list[str] = []
    state.before_commit(lambda: told.append("synced"))
    state.after_commit(lambda: told.append("known"))
    state.commit()
    assert told == []
    state.within_commit(lambda _connection: told.append("write"), lambda: told.append("written"))
    state.commit()
    assert told == ["synced", "write", "known", "written"]


def test_due_is_lazy_newest_first_and_limited(state: State) -> None:
    for i in range(1200):
        discover(state, i, hint={"published": (NOW - timedelta(minutes=i)).isoformat()})
    rows = state.due("paper", now=NOW)
    seen = [next(rows).url for _ in range(3)]
    assert seen == [f"https://paper.test/{i}" for i in range(3)]
    done(state, 700)  # while the list is being read
    rest = [row.url for row in rows]
    assert len(rest) == 1200 - 3 - 1
    assert "https://paper.test/700" not in rest
    assert len(list(state.due("paper", now=NOW, limit=7))) == 7


def test_due_keeps_sources_apart(state: State) -> None:
    discover(state, 1)
    discover(state, 2, source="other")
    assert [row.source for row in state.due("other", now=NOW)] == ["other"]


def test_fresh_article_is_revisited_on_schedule_then_never(state: State) -> None:
    discover(state, 1)
    now, visits = NOW, []
    done(state, 1)
    while (row := state.get("paper", number(1))) and row.next_visit:
        assert not state.is_due(row, row.next_visit - timedelta(seconds=1))
        now = row.next_visit
        assert state.is_due(row, now)
        visits.append((now - NOW) / HOUR)
        state.unchanged("paper", number(1), now=now)
    assert visits == [1, 6, 24, 72]


def test_late_revisit_skips_the_missed_ones(state: State) -> None:
    done(state, 1, now=NOW + 7 * HOUR)
    row = state.get("paper", number(1))
    assert row is not None
    assert row.next_visit == NOW + 24 * HOUR


def test_article_of_a_backfill_is_not_revisited(state: State) -> None:
    done(state, 1, published="2019-03-01T10:00:00+03:00")
    row = state.get("paper", number(1))
    assert row is not None
    assert row.next_visit is None


def test_failures_back_off_linearly_and_end_as_gone_with_the_reason(state: State) -> None:
    discover(state, 1)
    now, waits = NOW, []
    for _ in range(4):
        state.fail("paper", number(1), "timeout", now=now)
        row = state.get("paper", number(1))
        assert row is not None
        assert row.next_visit is not None
        assert row.status == "failed"
        waits.append((row.next_visit - now) / HOUR)
        now = row.next_visit
    assert waits == [1, 2, 3, 4]
    state.fail("paper", number(1), "timeout", now=now)
    state.commit()
    row = state.get("paper", number(1))
    assert row is not None
    assert (row.status, row.reason, row.next_visit, row.attempts) == ("gone", "timeout", None, 5)


def test_success_forgets_failures(state: State) -> None:
    discover(state, 1)
    state.fail("paper", number(1), "timeout", now=NOW)
    done(state, 1)
    row = state.get("paper", number(1))
    assert row is not None
    assert (row.status, row.attempts, row.reason) == ("done", 0, None)


def test_gone_and_alias_are_never_due(state: State) -> None:
    discover(state, 1)
    discover(state, 2)
    state.gone("paper", number(1), "404", now=NOW)
    state.alias("paper", number(2), number(1), now=NOW)
    state.commit()
    rows = [state.get("paper", number(i)) for i in (1, 2)]
    assert [(row.status, row.reason, row.alias_of) for row in rows if row] == [
        ("gone", "404", None),
        ("alias", None, number(1)),
    ]
    assert list(state.due("paper", now=NOW + timedelta(days=400))) == []


def test_content_hash_finds_only_the_current_text_of_the_same_source(state: State) -> None:
    done(state, 1, text="a" * 32)
    assert state.by_content_hash("paper", "a" * 32) == number(1)
    assert state.by_content_hash("other", "a" * 32) is None
    done(state, 1, text="b" * 32, version=2)
    assert state.by_content_hash("paper", "a" * 32) is None
    state.commit()
    assert state.by_content_hash("paper", "a" * 32) is None
    assert state.by_content_hash("paper", "b" * 32) == number(1)


def test_validators_of_a_failed_fetch_are_not_kept(state: State) -> None:
    done(state, 1)
    state.validators("paper", number(1), '"torn"', None)
    state.fail("paper", number(1), "truncated", now=NOW)
    state.unchanged("paper", number(1), now=NOW + HOUR)
    row = state.get("paper", number(1))
    assert row is not None
    assert row.etag is None


def test_indexed_files(state: State) -> None:
    done(state, 1)
    state.commit()
    assert state.indexed_files("paper") == set()
    state.mark_indexed("paper", FILE)
    assert state.indexed_files("paper") == {FILE}
    assert state.indexed_files("other") == set()


@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_ids_survive_the_database(i: int) -> None:
    text = f"{i:016x}"
    assert id_text(id_number(text)) == text
    assert -(2**63) <= id_number(text) < 2**63


def test_newer_schema_is_refused_in_a_sentence(state_url: str) -> None:
    State(state_url).close()
    engine = open_engine(state_url)
    with writing(engine) as connection:
        connection.execute(schema.meta.update().values(value="999"))
    engine.dispose()
    with pytest.raises(StorageError, match="newer newscrawl"):
        State(state_url)


def test_older_schema_is_migrated_once(state_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    State(state_url).close()
    step = ("ALTER TABLE urls ADD COLUMN added TEXT", "UPDATE urls SET added = 'by migration'")
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", migrations.SCHEMA_VERSION + 1)
    monkeypatch.setitem(migrations.MIGRATIONS, migrations.SCHEMA_VERSION - 1, step)
    for _ in range(2):
        State(state_url).close()
    engine = open_engine(state_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(schema.meta.c.value)) == str(migrations.SCHEMA_VERSION)
        assert "added" in {column["name"] for column in sa.inspect(connection).get_columns("urls")}
    engine.dispose()


def test_failed_migration_changes_nothing(state_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    State(state_url).close()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "SCHEMA_VERSION", migrations.SCHEMA_VERSION + 1)
        patch.setitem(
            migrations.MIGRATIONS, migrations.SCHEMA_VERSION - 1, ("ALTER TABLE urls ADD COLUMN added TEXT", "BROKEN")
        )
        with pytest.raises(StorageError):
            State(state_url)
    state = State(state_url)
    assert "added" not in {column["name"] for column in sa.inspect(state.engine).get_columns("urls")}
    state.close()


def test_locked_sqlite_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    state = State(f"sqlite:///{path}", busy_seconds=0.1)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    done(state, 1)
    with pytest.raises(StorageError, match="locked by another program"):
        state.commit()
    blocker.execute("ROLLBACK")
    blocker.close()
    state.commit()
    assert state.counts("paper") == {"done": 1}
    state.close()


@pytest.mark.parametrize("content", [b"this is no database " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_corrupt_sqlite_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"damaged .*newscrawl state rebuild"):
        State(f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "is not a database URL"),
        ("mysql://u@127.0.0.1/x", "neither SQLite nor PostgreSQL"),
        ("postgresql://u:secret@127.0.0.1:1/x", "cannot reach"),
    ],
)
def test_wrong_url_is_one_sentence_without_the_password(url: str, sentence: str) -> None:
    with pytest.raises(StorageError, match=sentence) as caught:
        State(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_journal_gives_back_what_a_large_transaction_took(tmp_path: Path) -> None:
    state = State(f"sqlite:///{tmp_path / 'state.sqlite'}")
    journal = tmp_path / "state.sqlite-wal"
    with writing(state.engine) as connection:
        for n in range(20):
            connection.execute(meta.insert(), {"key": f"large {n}", "value": "x" * (1 << 20)})
    assert journal.stat().st_size > 2 * JOURNAL_BYTES
    for n in range(3):
        state.set_note("small", str(n))
    assert journal.stat().st_size <= JOURNAL_BYTES
    state.close()


def test_one_claim_a_source_across_machines(state_url: str) -> None:
    if not state_url.startswith("postgresql"):
        pytest.skip("SQLite serves one machine: the data directory's lock does it")
    first, second = State(state_url), State(state_url)
    first.claim("paper")
    second.claim("other")
    with pytest.raises(StorageError, match="another run"):
        second.claim("paper")
    first.close()
    second.claim("paper")
    second.close()


def _crawl(url: str, source: str, count: int) -> None:
    state = State(url)
    for i in range(count):
        state.discover(source, number(i), f"https://{source}.test/{i}", f"id={i}", now=NOW)
        if i % 20 == 0:
            state.commit()
    state.close()


def test_several_processes_open_and_fill_one_new_state(state_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_crawl, args=(state_url, f"s{n}", 400)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    state = State(state_url)
    assert [state.counts(f"s{n}") for n in range(3)] == [{"pending": 400}] * 3
    state.close()


def _mark(url: str) -> None:
    state = State(url)
    state.mark_indexed("other", "other.jsonl")
    state.close()


def test_a_process_that_ends_leaves_the_journal_to_those_that_go_on(tmp_path: Path) -> None:
    """A crawl opens its state twice, for the near duplicates' sake. No opening may take the locks of an earlier one
    away: who ends last plays the journal in and deletes it, and what others write to a deleted journal is lost."""
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    state, again = State(url), open_engine(url)
    state.mark_indexed("paper", "first.jsonl")

    other = multiprocessing.get_context("spawn").Process(target=_mark, args=(url,))
    other.start()
    other.join(PATIENCE)

    assert other.exitcode == 0
    assert (tmp_path / "state.sqlite-wal").exists()
    state.mark_indexed("paper", "last.jsonl")
    state.close()
    again.dispose()
    state = State(url)
    assert (state.indexed_files("paper"), state.indexed_files("other")) == (
        {"first.jsonl", "last.jsonl"},
        {"other.jsonl"},
    )
    state.close()


def test_schedule_without_revisits() -> None:
    assert Schedule(revisit_after=()).next_visit(first_seen=NOW, now=NOW, published=None) is None


def test_a_file_is_known_with_the_machine_that_has_it(state_url: str) -> None:
    named = "articles/source=paper/date=2026-11-30/run.jsonl"
    for host in ("desk", "loft"):
        state = State(state_url, host=host)
        state.mark_indexed("paper", named)
        with state.reading() as connection:
            assert connection.scalar(sa.select(files.c.host).where(files.c.name == named)) == host
        state.close()
