"""The index: true to the files, whatever happens to them and to the process that reads them."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.arabic import Text, fold, parse_query
from newscrawl.browse import index as index_module
from newscrawl.browse import schema
from newscrawl.browse.index import forget, index_path, on_forget, update
from newscrawl.browse.reader import Reader
from newscrawl.browse.search import Fields, Search
from newscrawl.storage import StorageError
from newscrawl.storage.forgotten import Forgotten
from newscrawl.storage.removal import Removal, journal_of, write_down
from newscrawl.storage.state import State
from tests.browse.stored import record, store
from tests.patience import PATIENCE


@pytest.fixture
def state(data_dir: Path) -> Iterator[State]:
    data_dir.mkdir()
    opened = State(f"sqlite:///{data_dir / 'state.sqlite'}")
    yield opened
    opened.close()


def found(data_dir: Path, **arguments: Any) -> list[str]:
    """The ids that a search finds, sorted."""
    search = Search.read(Fields.of(arguments))
    return sorted(json.loads(line)["id"][-4:] for line in Reader(data_dir).lines(search))


def tables(data_dir: Path) -> dict[str, list[Any]]:
    """All that an index says, with names in the place of numbers, so that two indexes can be compared."""
    connection = sqlite3.connect(index_path(data_dir))
    queries = {
        "article": "SELECT article.n >> 11, id, source.name, version, file.name, offset, length, checksum, similarity"
        " FROM article JOIN file ON file.n = file JOIN source ON source.n = article.source",
        "older": "SELECT id, source.name, version, file.name, offset, length FROM older JOIN file ON file.n = file"
        " JOIN source ON source.n = older.source",
        "daily": "SELECT day, source.name, articles, words, copies, corrected, walled, reserved, corrections FROM daily"
        " JOIN source ON source.n = daily.source WHERE articles > 0 OR corrections > 0",
        "tally": "SELECT kind, source.name, tally.name, tally.n FROM tally JOIN source ON source.n = tally.source"
        " WHERE tally.n > 0",
    }
    answers = {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in queries.items()}
    connection.execute("INSERT INTO text (text, rank) VALUES ('integrity-check', 0)")
    connection.close()
    return answers


def test_only_what_is_new_is_read(data_dir: Path) -> None:
    store(data_dir, "one", [record(1), record(2)])
    assert update(data_dir).lines == 2
    assert update(data_dir).lines == 0
    store(data_dir, "two", [record(3, title="القدس")])
    assert update(data_dir).lines == 1
    assert found(data_dir, q="قدس") == ["0003"]
    assert found(data_dir) == ["0001", "0002", "0003"]


def test_the_newest_version_is_searched_and_the_older_ones_are_kept(data_dir: Path) -> None:
    store(data_dir, "one", [record(1, title="زيتون")])
    update(data_dir)
    store(data_dir, "two", [record(1, title="ليمون", version=2)])
    store(data_dir, "three", [record(1, title="رمان", version=3), record(2, version=2), record(2)])
    update(data_dir)
    assert found(data_dir, q="رمان") == ["0001"]
    assert found(data_dir, q="زيتون") == found(data_dir, q="ليمون") == []
    reader = Reader(data_dir)
    assert [version["title"] for version in reader.versions(f"{1:016x}")] == ["زيتون", "ليمون", "رمان"]
    assert [version["version"] for version in reader.versions(f"{2:016x}")] == [1, 2]
    assert reader.totals()["articles"] == 2
    assert reader.totals()["corrections"] == 3


def test_the_order_in_which_versions_arrive_does_not_matter(tmp_path: Path) -> None:
    records = [
        record(1, version=n, title=f"عنوان النسخة {n}", fetched_at=f"2026-11-{n:02d}T00:00:00+00:00") for n in (1, 2, 3)
    ]
    answers = []
    for number, order in enumerate(([0, 1, 2], [2, 1, 0], [1, 2, 0])):
        data_dir = tmp_path / str(number)
        for each in order:
            store(data_dir, f"run{each}", [records[each]])
            update(data_dir)
        answers.append(tables(data_dir))
    assert answers[0] == answers[1] == answers[2]


def test_made_step_by_step_or_at_once_it_says_the_same(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in range(6):
        records = [record(10 * step + n, section="محليات", agencies=["AFP"]) for n in range(7)]
        records += [record(10 * (step - 1) + 1, version=2, title="مصحح", paywalled=True)] if step else []
        store(data_dir, f"run{step}", records)
        update(data_dir)
    stepwise = tables(data_dir)
    monkeypatch.setattr(index_module, "BATCH", 5)
    assert update(data_dir, anew=True).lines == 47
    assert tables(data_dir) == stepwise


def test_a_forgotten_article_is_gone_with_its_words(data_dir: Path) -> None:
    word = "قلقشندي"
    store(data_dir, "one", [record(1, title=word, section="أ"), record(2, section="أ")])
    store(data_dir, "two", [record(1, version=2, body=word, section="ب"), record(3)])
    update(data_dir)
    assert forget(data_dir, [f"{1:016x}", f"{9:016x}"]) == 2
    assert found(data_dir, q=word) == []
    assert found(data_dir) == ["0002", "0003"]
    for path in data_dir.glob("browse.sqlite*"):
        assert word.encode() not in path.read_bytes()
    # Then its lines go, as `newscrawl forget` has it, and nothing has to be made anew.
    store(data_dir, "one", [record(2, section="أ")])
    store(data_dir, "two", [record(3)])
    assert not update(data_dir).anew
    left = tables(data_dir)
    assert found(data_dir, q="عنوان") == ["0002", "0003"]
    assert [line["title"] for line in Reader(data_dir).versions(f"{2:016x}")] == ["عنوان 2"]
    update(data_dir, anew=True)
    assert tables(data_dir) == left


def written_down(data_dir: Path, state: State, number: int) -> Removal:
    """A removal of an article that is to be carried out."""
    entry = Forgotten(id=f"{number:016x}", source="aldifaf", reason="asked for", at="2026-11-30T00:00:00+00:00")
    removal = Removal(data_dir, state, "aldifaf", [entry], [], frozenset())
    write_down(removal)
    return removal


def test_what_a_removal_is_about_to_take_away_is_not_taken_in_again(data_dir: Path, state: State) -> None:
    word = "قلقشندي"
    store(data_dir, "one", [record(1, title=word), record(2)])
    update(data_dir)
    removal = written_down(data_dir, state, 1)
    on_forget(removal)
    store(data_dir, "two", [record(1, title=word, version=2), record(3)])
    update(data_dir)
    assert found(data_dir) == ["0002", "0003"]
    update(data_dir, anew=True)
    assert found(data_dir) == ["0002", "0003"]
    assert not any(word.encode() in path.read_bytes() for path in data_dir.glob("browse.sqlite*"))
    store(data_dir, "one", [record(2)])
    store(data_dir, "two", [record(3)])
    journal_of(data_dir, "aldifaf").unlink()
    assert not update(data_dir).anew
    assert found(data_dir) == ["0002", "0003"]


def test_what_was_read_before_it_was_forgotten_is_not_taken_in(
    data_dir: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = "قلقشندي"
    path = store(data_dir, "one", [record(1, title=word), *(record(number) for number in range(2, 9))])
    removal = written_down(data_dir, state, 1)
    journal_of(data_dir, "aldifaf").unlink()
    read = index_module.read_lines

    def read_while_it_is_forgotten(path: Path) -> Iterator[bytes]:
        monkeypatch.setattr(index_module, "read_lines", read)
        for number, line in enumerate(read(path)):
            if number == 4:
                write_down(removal)
                on_forget(removal)
            yield line

    monkeypatch.setattr(index_module, "read_lines", read_while_it_is_forgotten)
    update(data_dir)
    assert len(found(data_dir)) == 7
    assert not any(word.encode() in path.read_bytes() for path in data_dir.glob("browse.sqlite*"))
    assert word in path.read_text("utf-8"), "its lines go last"


def test_nothing_is_forgotten_where_there_is_no_index(data_dir: Path) -> None:
    assert forget(data_dir, [f"{1:016x}"]) == 0


def test_a_file_that_is_rewritten_or_gone_is_noticed(data_dir: Path) -> None:
    path = store(data_dir, "one", [record(1), record(2)])
    other = store(data_dir, "two", [record(3)])
    update(data_dir)
    path.write_text(path.read_text("utf-8").splitlines(keepends=True)[1], "utf-8")
    assert update(data_dir).anew
    assert found(data_dir) == ["0002", "0003"]
    other.unlink()
    assert update(data_dir).anew
    assert found(data_dir) == ["0002"]
    path.write_text(path.read_text("utf-8").replace("نص المادة", "نص آخر"), "utf-8")
    assert update(data_dir).anew
    assert found(data_dir, q="آخر") == ["0002"]


def test_a_file_that_is_compressed_or_grows_is_not_made_anew(data_dir: Path) -> None:
    path = store(data_dir, "one", [record(1, title="زيتون"), record(2)])
    update(data_dir)
    packed = path.with_name(path.name + ".zst")
    packed.write_bytes(zstd.compress(path.read_bytes()))
    path.unlink()
    assert not update(data_dir).anew
    assert found(data_dir, q="زيتون") == ["0001"]
    more = "".join(map(json.dumps, ()))
    lines = zstd.decompress(packed.read_bytes()) + (json.dumps(record(4)) + "\n" + more).encode()
    packed.write_bytes(zstd.compress(lines))
    assert not update(data_dir).anew
    assert found(data_dir) == ["0001", "0002", "0004"]


def test_lines_that_are_no_records_are_passed_by(data_dir: Path) -> None:
    path = store(data_dir, "one", [record(1)])
    with path.open("ab") as file:
        file.write(
            b'[]\n{"id": "zz"}\n{"id": null}\nrubbish\n{"title": "no id"}\n{"id": "' + b"0" * 15 + b'2"}\n{"torn'
        )
    assert update(data_dir).lines == 8
    assert found(data_dir) == ["0001", "0002"]


def test_a_damaged_index_is_made_anew(data_dir: Path) -> None:
    store(data_dir, "one", [record(1)])
    update(data_dir)
    index_path(data_dir).write_bytes(b"this is no database, and long enough to be taken for one" * 100)
    update(data_dir)
    assert found(data_dir) == ["0001"]


def test_an_index_of_another_version_is_made_anew(data_dir: Path) -> None:
    store(data_dir, "one", [record(1)])
    update(data_dir)
    with sqlite3.connect(index_path(data_dir)) as connection:
        connection.execute("UPDATE meta SET value = '0' WHERE key = 'version'")
    connection.close()
    with pytest.raises(StorageError, match="another version"):
        found(data_dir)
    update(data_dir)
    assert found(data_dir) == ["0001"]


def test_more_articles_in_a_minute_than_it_has_numbers(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(data_dir, "one", [record(n, published_at="2026-11-29") for n in range(2100)])
    update(data_dir)
    assert len(found(data_dir, **{"from": "2026-11-29", "to": "2026-11-29"})) == 2100
    assert found(data_dir, to="2026-11-28") == []


def test_killed_at_any_moment_it_goes_on_where_it_was(data_dir: Path) -> None:
    for run in range(8):
        store(data_dir, f"run{run}", [record(1000 * run + n, body="كلمة " * 200) for n in range(400)])
        store(data_dir, f"more{run}", [record(1000 * run + n, version=2, body="قول " * 100) for n in range(40)])
    code = (
        "import sys; from pathlib import Path; from newscrawl.browse import index; index.BATCH = 50\n"
        "index.update(Path(sys.argv[1]), progress=lambda n: print(n, flush=True))"
    )
    command = [sys.executable, "-c", code, str(data_dir)]
    kills = 0
    for pause in (0.0, 0.005, 0.011, 0.017, 0.023, 0.031):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        if process.stdout.readline():
            time.sleep(pause)
        kills += process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert kills
    update(data_dir)
    after_kills = tables(data_dir)
    assert len(after_kills["article"]) == 3200
    assert len(after_kills["older"]) == 320
    update(data_dir, anew=True)
    assert tables(data_dir) == after_kills


def test_several_may_bring_it_up_to_date_at_once(data_dir: Path) -> None:
    for run in range(4):
        store(data_dir, f"run{run}", [record(1000 * run + n) for n in range(300)])
        store(data_dir, f"more{run}", [record(1000 * run + n, version=2, title="مصحح") for n in range(30)])
    code = "import sys; from pathlib import Path; from newscrawl.browse import index; index.BATCH = 40\n"
    code += "index.update(Path(sys.argv[1]))"
    processes = [subprocess.Popen([sys.executable, "-c", code, str(data_dir)]) for _ in range(3)]
    assert [process.wait(PATIENCE) for process in processes] == [0, 0, 0]
    together = tables(data_dir)
    update(data_dir, anew=True)
    assert tables(data_dir) == together


def test_who_finds_no_index_does_not_empty_what_another_has_made_meanwhile(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(data_dir, "one", [record(1), record(2)])
    asked = schema.version_of

    def asked_too_early(connection: sqlite3.Connection) -> str | None:
        monkeypatch.setattr(schema, "version_of", asked)
        assert update(data_dir).lines == 2
        return None

    monkeypatch.setattr(schema, "version_of", asked_too_early)
    assert update(data_dir).lines == 0
    assert len(tables(data_dir)["article"]) == 2


def test_who_is_half_through_begins_again_when_another_makes_the_index_anew(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "BATCH", 10)
    store(data_dir, "one", [record(number) for number in range(35)])
    told: list[int] = []

    def progress(count: int) -> None:
        told.append(count)
        if told == [10, 20]:
            with closing(schema.open_writer(index_path(data_dir))) as another:
                schema.make_anew(another)

    done = update(data_dir, progress=progress)
    assert (done.lines, told) == (35, [10, 20, 10, 20, 30, 35])
    together = tables(data_dir)
    assert len(together["article"]) == 35
    update(data_dir, anew=True)
    assert tables(data_dir) == together


def test_an_index_that_others_make_anew_without_end_is_given_up(data_dir: Path) -> None:
    store(data_dir, "one", [record(1)])
    epochs = count()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(index_module, "epoch_of", lambda _: str(next(epochs)))
        with pytest.raises(StorageError, match=r"cannot bring .*browse.sqlite up to date: .* changed it 10 times"):
            update(data_dir)
    assert update(data_dir).lines == 1


def test_a_disk_that_refuses_is_one_sentence(data_dir: Path) -> None:
    store(data_dir, "one", [record(1)])
    index_path(data_dir).mkdir()
    with pytest.raises(StorageError, match=r"cannot use the index .*browse.sqlite"):
        update(data_dir)


_words = st.lists(
    st.sampled_from(
        "القدس قدس وبالقدس المدرسه مدرسة للمدرسة رد ورد بالرد حيفا ٢٠٢٦ 2026 وزير الخارجية لوزير سيقول".split()
    ),
    max_size=8,
).map(" ".join)
_texts = st.one_of(_words, st.text(max_size=40), st.text("ابتلوفكس رد\u064b\u0651ﷺ½ⅣßİĀꙮ𞤀𐐀ࡰ_-.", max_size=30))
_signs = st.sampled_from(["", "-", "=", '"', "-="])
_queries = st.lists(st.tuples(_signs, st.one_of(_words, st.text(max_size=12))), max_size=4).map(
    lambda parts: " ".join(f"{sign}{text}{sign if sign == chr(34) else ''}" for sign, text in parts)
)


@settings(max_examples=40)
@given(st.lists(st.tuples(_texts, _texts), min_size=1, max_size=6), st.lists(_queries, min_size=1, max_size=10))
def test_the_index_finds_what_a_text_says_it_has(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str]], queries: list[str]
) -> None:
    data_dir = tmp_path_factory.mktemp("data")
    store(data_dir, "one", [record(n, title=title, body=body) for n, (title, body) in enumerate(texts)])
    update(data_dir)
    for q in queries:
        query = parse_query(q)
        expected = [f"{n:04x}" for n, parts in enumerate(texts) if Text(*map(fold, parts)).matches(query)]
        assert found(data_dir, q=q) == expected, q
