"""Indexes over empty states."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from newscrawl.dedup import index
from newscrawl.dedup.near import NearIndex
from newscrawl.storage.database import open_engine


@pytest.fixture
def engine(state_url: str) -> Iterator[sa.Engine]:
    """A state's database, once SQLite and once PostgreSQL."""
    opened = open_engine(state_url)
    yield opened
    opened.dispose()


@pytest.fixture
def open_index(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., NearIndex]]:
    """Opens indexes over the database, as several processes or runs would."""
    monkeypatch.setattr(index, "PICK_UP_SECONDS", 0)
    opened: list[NearIndex] = []

    def make(**options: float) -> NearIndex:
        opened.append(NearIndex(engine, **options))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
