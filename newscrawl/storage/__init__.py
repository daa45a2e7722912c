"""Crash-safe files, what is known of every URL, and raw responses."""

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
