"""Versions: what a fetched article is to the ones that are stored already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from newscrawl.arabic import FOLD_VERSION
from newscrawl.dedup.exact import HASH_VERSION, content_hash, possible_hashes
from newscrawl.items import Article
from newscrawl.storage import State
from newscrawl.storage.audit import reindex
from newscrawl.storage.objects import Store


class Kind(Enum):
    """What becomes of a fetched article."""

    NEW = "new"
    VERSION = "version"
    UNCHANGED = "unchanged"
    SAME_IDENTITY = "same-identity"
    SAME_CONTENT = "same-content"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind; the version to store under; the id of the stored article whose text it has, if another's."""

    kind: Kind
    version: int = 0
    of: str | None = None


def judge(state: State, source: str, article: Article, *, run_started: datetime) -> Verdict:
    """Compare an article with the state, by identity first, then by content.

    An id that this run has stored already was reached by two URLs of one identity, whose pages may differ in trifles:
    no version. An article with versions of its own keeps its line, even when its text becomes that of another.

    What the crawl learned or forgot between two visits is no version either: a stored text that today's page gives with
    another choice of its recurring lines is the same text. So the record needs no second hash, and the state keeps none
    that could not be made again from the records.
    """
    row = state.get(source, article.id)
    if row is not None and row.version > 0:
        # What was fetched in the future was fetched by another run, before the clock was set back.
        if row.fetched is not None and run_started.replace(microsecond=0) <= row.fetched <= datetime.now(UTC):
            return Verdict(Kind.SAME_IDENTITY, row.version)
        same = row.content_hash == article.content_hash or any(
            row.content_hash == possible for possible in possible_hashes(article.title, article.lines)
        )
        return Verdict(Kind.UNCHANGED, row.version) if same else Verdict(Kind.VERSION, row.version + 1)
    other = state.by_content_hash(source, article.content_hash) if article.content_hash else None
    if other is not None and other != article.id:
        return Verdict(Kind.SAME_CONTENT, of=other)
    return Verdict(Kind.NEW, 1)


def keep_up_with_folding(state: State, data_dir: Path, source: str, *, store: Store | None = None) -> None:
    """Hash the source's stored articles anew when hash or folding has changed since: else each would seem changed.

    For the run that holds the source.
    """
    if has_todays_hashes(state, source):
        return
    if state.indexed_files(source):
        reindex(state, data_dir, source, store=store, content_hash=record_hash)
    note_todays_hashes(state, source)


def has_todays_hashes(state: State, source: str) -> bool:
    """Whether the state's hashes of the source are those of today's hash and folding, not those in the lines."""
    return state.note(f"hash {source}") == f"{HASH_VERSION}.{FOLD_VERSION}"


def note_todays_hashes(state: State, source: str) -> None:
    """For whoever has hashed all of the source's stored articles with `record_hash`."""
    state.set_note(f"hash {source}", f"{HASH_VERSION}.{FOLD_VERSION}")


def record_hash(record: dict[str, Any]) -> str:
    """The content hash of a stored record, by today's hash and folding."""
    return content_hash(record.get("title"), record.get("body"))
