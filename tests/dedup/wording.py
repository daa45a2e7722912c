"""Stories in words, as the index takes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import sqlalchemy as sa

from newscrawl.dedup.near import NearIndex
from newscrawl.dedup.story import Story

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def text(seed: int, words: int = 120) -> str:
    """Paragraphs of forty words that no other seed shares."""
    rng = Random(seed)
    made = ["".join(rng.choices("بتثجحخدذرزسشصضطظعغفقكلمن", k=5)) for _ in range(words)]
    return "\n".join(" ".join(made[at : at + 40]) + "." for at in range(0, words, 40))


def story(name: str, body: str, *, days: float = 0, published: float | None = None, title: str | None = None) -> Story:
    """A story seen, and unless told otherwise undated, so many days after NOW."""
    seen = (NOW + timedelta(days=days)).isoformat()
    when = None if published is None else (NOW + timedelta(days=published)).isoformat()
    made = Story.of(name, title, body, seen=seen, published=when)
    assert made is not None
    return made


def commit(engine: sa.Engine, index: NearIndex) -> None:
    """What the state does at each of its commits."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        index.write(connection)
    index.written()
