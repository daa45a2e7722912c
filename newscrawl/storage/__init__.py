"""Crash-safe files, what is known of every URL, and raw responses.

Each name is imported when it is first asked for: half of the commands need an error's class, and the time that
SQLAlchemy takes to load is a sixth of what they run for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newscrawl.storage.errors import StorageError
    from newscrawl.storage.jsonl import PartitionWriter, RejectedWriter, read_articles
    from newscrawl.storage.rows import UrlRow
    from newscrawl.storage.schedule import Schedule
    from newscrawl.storage.session import Session
    from newscrawl.storage.state import State
    from newscrawl.storage.store import ArticleStore

__all__ = [
    "ArticleStore",
    "PartitionWriter",
    "RejectedWriter",
    "Schedule",
    "Session",
    "State",
    "StorageError",
    "UrlRow",
    "read_articles",
]
_MODULES = {
    "ArticleStore": "store",
    "PartitionWriter": "jsonl",
    "RejectedWriter": "jsonl",
    "Schedule": "schedule",
    "Session": "session",
    "State": "state",
    "StorageError": "errors",
    "UrlRow": "rows",
    "read_articles": "jsonl",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value
