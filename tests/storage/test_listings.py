"""What the state remembers of listings: since when one is quiet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.storage.listings import ListingTable, Validators
from newscrawl.storage.state import State

FIRST = datetime(2026, 11, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://paper.example/feed"


@pytest.fixture
def table(state_url: str) -> Iterator[ListingTable]:
    state = State(state_url)
    yield ListingTable(state, "paper")
    state.close()


def visit(table: ListingTable, at: datetime, *, brought: bool = False, declared: str = "a") -> None:
    table.read(URL, Validators(None, None, declared, at), brought=brought, now=at)


def quiet(table: ListingTable, at: datetime, declared: str = "a") -> bool:
    return table.quiet_since(URL, declared, now=at, after=14 * DAY, rest=DAY) is not None


def test_a_listing_is_quiet_from_its_first_visit_on(table: ListingTable) -> None:
    assert not quiet(table, FIRST)
    visit(table, FIRST)
    assert not quiet(table, FIRST + 14 * DAY)  # nobody has looked since
    visit(table, FIRST + 13 * DAY)
    assert not quiet(table, FIRST + 13 * DAY)
    visit(table, FIRST + 14 * DAY)
    assert quiet(table, FIRST + 14 * DAY + timedelta(hours=1))
    assert table.quiet_since(URL, "a", now=FIRST + 14 * DAY, after=14 * DAY, rest=DAY) == FIRST.date()
    assert not quiet(table, FIRST + 15 * DAY)
    assert not quiet(table, FIRST + 13 * DAY)  # a clock that was set back


def test_what_it_brings_ends_that(table: ListingTable) -> None:
    visit(table, FIRST)
    visit(table, FIRST + 14 * DAY, brought=True)
    assert not quiet(table, FIRST + 14 * DAY)


def test_not_modified_is_a_visit_too(table: ListingTable) -> None:
    visit(table, FIRST)
    table.unchanged(URL, now=FIRST + 20 * DAY)
    assert quiet(table, FIRST + 20 * DAY + timedelta(hours=2))


def test_another_declaration_knows_nothing_of_it(table: ListingTable) -> None:
    visit(table, FIRST)
    visit(table, FIRST + 20 * DAY)
    assert not quiet(table, FIRST + 20 * DAY, declared="b")
    table.read(URL, None, brought=False, now=FIRST + 20 * DAY)
    assert not quiet(table, FIRST + 20 * DAY)


def test_what_a_listing_said_is_quoted_to_it_alone(table: ListingTable) -> None:
    """Most servers send an ETag or a date, not both."""
    other = ListingTable(table._state, "other")
    for said in (Validators('"e"', None, "a", FIRST), Validators(None, "Sun, 01 Nov 2026", "a", FIRST)):
        table.read(URL, said, brought=True, now=FIRST)
        other.read(URL, Validators('"o"', None, "b", FIRST), brought=True, now=FIRST)
        assert table.validators(URL) == said
        assert other.validators(URL) == Validators('"o"', None, "b", FIRST)
    table.read(URL, Validators(None, None, "a", FIRST), brought=True, now=FIRST)
    assert table.validators(URL) is None
    assert table.validators("https://paper.example/other") is None
