"""Where a corpus lies: on the disk of this machine and, once shipped, in the store that STORE_URL names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from newscrawl.storage.append import ZSTD
from newscrawl.storage.jsonl import ARTICLES, SUFFIX, logical_name, sealed_files, sources
from newscrawl.storage.objects import ObjectFile, Place, Store, open_store

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_SOURCE = "source="


def object_store(settings: BaseSettings) -> Store | None:
    """The store of STORE_URL; None without one. StorageError when it cannot be opened."""
    url = settings.get("STORE_URL")
    return open_store(url, settings.getdict("STORE_OPTIONS")) if url else None


def options_for(address: str, settings: BaseSettings) -> dict[str, str]:
    """STORE_OPTIONS for what lies in the bucket of STORE_URL; for other addresses the environment says all."""
    ours, its = urlsplit(settings.get("STORE_URL") or ""), urlsplit(address)
    return dict(settings.getdict("STORE_OPTIONS")) if (ours.scheme, ours.netloc) == (its.scheme, its.netloc) else {}


def article_files(data_dir: Path, source: str, store: Store | None) -> dict[str, Place]:
    """A source's sealed files by their logical names, oldest day and run first: those of the disk, and those that only
    the store has. StorageError when the store cannot be asked."""
    found: dict[str, Place] = {logical_name(path, data_dir): path for path in sealed_files(data_dir, source)}
    if store is not None:
        for entry in store.entries(f"{ARTICLES}/{_SOURCE}{quote(source, safe='')}"):
            if entry.key.endswith((SUFFIX, f"{SUFFIX}{ZSTD}")):
                found.setdefault(entry.key.removesuffix(ZSTD), ObjectFile(store, entry.key, entry.size))
    return dict(sorted(found.items()))


def all_sources(data_dir: Path, store: Store | None) -> list[str]:
    """The sources that have articles on the disk or in the store, sorted."""
    shipped = store.directories(ARTICLES) if store is not None else []
    named = {unquote(name.removeprefix(_SOURCE)) for name in shipped if name.startswith(_SOURCE)}
    return sorted(named.union(sources(data_dir)))
