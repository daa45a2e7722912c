"""The numbers of sources and files, and what is known of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from newscrawl.storage.database import open_engine
from newscrawl.storage.names import Names, Shipped
from newscrawl.storage.schema import files


@pytest.fixture
def engine(state_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(state_url)
    yield engine
    engine.dispose()


@pytest.fixture
def reader(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@pytest.fixture
def names(engine: sa.Engine, reader: sa.Connection) -> Names:
    return Names(engine, reader, "w1")


def test_a_name_has_one_number_whoever_asks(names: Names, engine: sa.Engine, reader: sa.Connection) -> None:
    other = Names(engine, reader, "w2")
    assert names.source_id("paper") is None
    number = names.intern_source("paper")
    assert names.source_id("paper") == other.source_id("paper") == other.intern_source("paper") == number
    assert other.intern_source("الصحيفة") != number
    file = names.intern_file("paper", "a.jsonl")
    assert other.intern_file("paper", "a.jsonl") == names.intern_file("paper", "a.jsonl") == file
    assert other.intern_file("paper", "b.jsonl") != file
    assert names.intern_file("paper", None) is None


def test_what_was_asked_once_is_remembered(names: Names, engine: sa.Engine) -> None:
    names.intern_source("paper")
    for file in ("a.jsonl", "b.jsonl"):
        names.intern_file("paper", file)
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert names.intern_source("paper") == names.source_id("paper")
    assert names.intern_file("paper", "a.jsonl") != names.intern_file("paper", "b.jsonl")
    assert asked == []
    # What the state has not met may come: it is asked for each time.
    assert names.source_id("another") is None
    assert names.source_id("another") is None
    assert len(asked) == 2


def test_a_file_belongs_to_its_source_and_to_the_machine_that_named_or_read_it(
    names: Names, engine: sa.Engine, reader: sa.Connection
) -> None:
    other = Names(engine, reader, "w2")
    names.intern_file("paper", "a.jsonl")
    other.intern_file("paper", "a.jsonl")
    other.intern_file("other", "b.jsonl")
    assert [names.host_of(file) for file in ("a.jsonl", "b.jsonl", "c.jsonl")] == ["w1", "w2", None]
    assert names.indexed_files("paper") == set()
    names.mark_indexed("paper", "a.jsonl")
    other.mark_indexed("other", "b.jsonl")
    assert (names.indexed_files("paper"), names.indexed_files("other")) == ({"a.jsonl"}, {"b.jsonl"})
    assert names.indexed_files("unknown") == set()
    other.mark_indexed("paper", "a.jsonl")
    assert names.host_of("a.jsonl") == "w2"


def test_what_was_shipped_is_known_with_its_size_until_the_store_has_lost_it(names: Names) -> None:
    names.intern_source("other")
    names.mark_shipped("paper", "a.jsonl", Shipped(10, 1_000))
    names.mark_shipped("paper", "b.jsonl", Shipped(20, 2_000))
    assert names.shipped_files("paper") == {"a.jsonl": Shipped(10, 1_000), "b.jsonl": Shipped(20, 2_000)}
    assert names.shipped_files("other") == {}
    names.mark_shipped("paper", "a.jsonl", None)
    assert names.shipped_files("paper") == {"b.jsonl": Shipped(20, 2_000)}
    names.mark_shipped("paper", "b.jsonl", Shipped(21, 3_000))
    assert names.shipped_files("paper") == {"b.jsonl": Shipped(21, 3_000)}


def test_a_file_of_which_no_size_is_told_is_of_none(names: Names, engine: sa.Engine) -> None:
    names.mark_shipped("paper", "a.jsonl", Shipped(10, 1_000))
    with engine.begin() as connection:
        connection.execute(files.update().values(size=None))
    assert names.shipped_files("paper") == {"a.jsonl": Shipped(0, 1_000)}


def test_thousands_of_files_are_not_all_remembered(names: Names) -> None:
    numbers = [names.intern_file("paper", f"{number}.jsonl") for number in range(250)]
    assert len(set(numbers)) == 250
    assert len(names._file_ids) <= 100
    assert [names.intern_file("paper", f"{number}.jsonl") for number in range(250)] == numbers
