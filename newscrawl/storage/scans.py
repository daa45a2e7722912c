"""Questions to the state that no index answers: every row is looked at, which takes seconds where they are millions."""

from __future__ import annotations

import sqlalchemy as sa

from newscrawl.storage.jsonl import ARTICLES
from newscrawl.storage.rows import id_number, id_text
from newscrawl.storage.schema import files, sources, urls
from newscrawl.storage.state import State


def aliases(state: State, source: str, of: str) -> set[str]:
    """The ids of a source whose URLs only lead to an article. StorageError."""
    state.commit()
    number = state.source_number(source)
    query = sa.select(urls.c.id).where(urls.c.source_id == number, urls.c.alias_of == id_number(of))
    with state.reading() as connection:
        return {id_text(found) for found in connection.scalars(query.where(urls.c.status == "alias"))}


def with_url(state: State, url: str) -> list[tuple[str, str]]:
    """Source and id of each row that has this very URL. StorageError."""
    state.commit()
    query = sa.select(sources.c.name, urls.c.id).join(sources, sources.c.id == urls.c.source_id)
    with state.reading() as connection:
        return [(name, id_text(found)) for name, found in connection.execute(query.where(urls.c.url == url))]


def shipped(state: State) -> set[str]:
    """The logical names of all that the object store has, articles left out. StorageError."""
    query = sa.select(files.c.name).where(files.c.shipped_at.is_not(None), ~files.c.name.startswith(f"{ARTICLES}/"))
    with state.reading() as connection:
        return set(connection.scalars(query))
