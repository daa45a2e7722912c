"""Which stored articles an export takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newscrawl.items import Article
from newscrawl.storage import StorageError, read_articles
from newscrawl.storage.jsonl import ARTICLES, lines_below, read_records, source_of
from newscrawl.storage.objects import Place, is_remote, place_of

_GROWING = (".part", ".tmp")


def day_of(article: Article) -> str:
    """The day that an article counts for, as in the reader: of its publication in the page's own offset, where that is
    not known the day on which it was first seen."""
    return (article.published_at or article.first_seen_at or article.fetched_at or "")[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The newest version of each article, or all of them; of some sources; of some days (YYYY-MM-DD, both included)."""

    sources: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    all_versions: bool = False

    def __str__(self) -> str:
        of = f"articles of {', '.join(self.sources)}" if self.sources else "all articles"
        days = f"{f' from {self.first}' if self.first else ''}{f' to {self.last}' if self.last else ''}"
        return f"{of}{days}{' in every version' if self.all_versions else ''}"

    def articles(self, files: Iterable[Place]) -> Iterator[Article]:
        """The articles of files, in their order, one at a time."""
        wanted = [path for path in files if self._may_hold(path)]
        newest = {} if self.all_versions else _changed(wanted)
        for article in read_articles(wanted):
            if newest.get((article.source, article.id), article.version) == article.version and self._has(article):
                yield article

    def _may_hold(self, place: Place) -> bool:
        source = source_of(place)
        return not self.sources or source is None or source in self.sources

    def _has(self, article: Article) -> bool:
        if self.sources and article.source not in self.sources:
            return False
        day = day_of(article)
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The sealed files of data directories, of directories of JSON Lines, and files that are named themselves."""
    found: list[Path] = []
    for path in paths:
        if (path / ARTICLES).is_dir():  # a data directory holds other JSON Lines, too
            path /= ARTICLES
        found += sorted(path.rglob("*.jsonl*")) if path.is_dir() else [path]
    return [path for path in found if not path.name.endswith(_GROWING)]


def places_of(paths: Iterable[str], options_for: Callable[[str], dict[str, str]]) -> list[Place]:
    """As `files_of`, of paths and of addresses (s3://bucket/prefix/ for all below it); `options_for` says how an
    address is to be opened. StorageError for an address that leads to nothing."""
    found: list[Place] = []
    for path in paths:
        found += _objects(path, options_for(path)) if is_remote(path) else files_of([Path(path)])
    return found


def _objects(address: str, options: dict[str, str]) -> list[Place]:
    if not address.endswith("/"):
        return [place_of(address, options)]
    below = lines_below(address, options)
    # As with a data directory: what was rejected lies beside the articles.
    return [*([place for place in below if f"/{ARTICLES}/" in f"/{place.key}"] or below)]


def data_directory_of(path: Path) -> Path:
    """The data directory that a path is, or whose articles it is; StorageError where it is neither."""
    if (path / ARTICLES).is_dir():
        return path.resolve()
    if path.name == ARTICLES and path.is_dir():
        return path.resolve().parent
    raise StorageError(f"{path} is no data directory: it holds no directory {ARTICLES}")


def _changed(files: Iterable[Place]) -> dict[tuple[str | None, str], int]:
    """The newest version of each article that has more than one: of the others nothing needs to be remembered."""
    newest: dict[tuple[str | None, str], int] = {}
    for record in read_records(files):
        version = record.get("version")
        if isinstance(version, int) and version > 1 and isinstance(record.get("id"), str):
            key = (record.get("source"), record["id"])
            newest[key] = max(version, newest.get(key, 0))
    return newest
