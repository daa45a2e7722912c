"""A state whose pages or values were overwritten is named by its row, and a rebuild ends it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newscrawl.storage import State, StorageError
from newscrawl.storage.soundness import check_pages
from tests.commands.conftest import Here
from tests.commands.test_state import store


def edit(data: Path, sql: str) -> None:
    with sqlite3.connect(data / "state.sqlite") as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(sql)
    database.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store(tmp_path / "data", "paper", 1, 2, 3)
    return tmp_path / "data"


def check(data: Path) -> None:
    state = State(f"sqlite:///{data / 'state.sqlite'}")
    try:
        check_pages(state)
    finally:
        state.close()


def test_a_sound_state_passes(data: Path) -> None:
    check(data)


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE urls SET url = CAST(x'68ff' AS TEXT) WHERE id = 2", "the row of 0000000000000002 .*: url is no text"),
        ("UPDATE urls SET status = 'dnoe' WHERE id = 2", "the row of 0000000000000002 .*: its status is none"),
        ("UPDATE urls SET hint = '{' WHERE id = 2", "the row of 0000000000000002 .*: its hint is no JSON"),
        ("UPDATE urls SET version = 'x' WHERE id = 2", "the row of 0000000000000002 .*: version is no whole number"),
        ("UPDATE files SET name = CAST(x'ff' AS TEXT)", r"a row of files \(id 1\): name is no text"),
    ],
)
def test_the_row_is_named_and_a_rebuild_ends_it(data: Path, here: Here, sql: str, sentence: str) -> None:
    edit(data, sql)
    with pytest.raises(StorageError, match=f"is damaged .{sentence}"):
        check(data)
    told = here("state", "check")
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "state rebuild` makes it anew" in told.stderr
    rebuilt = here("state", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "lost with it is what the articles do not tell" in rebuilt.stdout
    told = here("state", "check")
    assert (told.returncode, "3 stored lines, 3 stored articles" in told.stdout) == (0, True), told.stdout


def test_bytes_that_are_no_text_are_one_sentence_for_a_terminal(data: Path) -> None:
    edit(data, "UPDATE urls SET url = CAST(x'1b5b33316dff' AS TEXT) WHERE id = 2")
    state = State(f"sqlite:///{data / 'state.sqlite'}")
    with pytest.raises(StorageError, match="state rebuild` makes it anew") as caught:
        state.get("paper", f"{2:016x}")
    state.close()
    assert "\x1b" not in str(caught.value)
