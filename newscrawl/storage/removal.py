"""Removing articles from a data directory and its state, for good: done, or written down to be done, at any kill.

What is to go is found first and written into `forgetting/<source>.json`. From then on every step may be done again, and
whoever next holds the source (a crawl, `state rebuild`, another removal) takes the journal up: first the indexes are
told, then lines and archived responses go, then the rows of the state, and last comes the line of proof in the ledger.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from newscrawl.storage.append import sync_directory, write_whole
from newscrawl.storage.archive import ARCHIVE, SUFFIX
from newscrawl.storage.damage import DAMAGED
from newscrawl.storage.errors import StorageError
from newscrawl.storage.forgotten import Forgotten, note_forgotten, read_ledger
from newscrawl.storage.jsonl import (
    ARTICLES,
    REJECTED,
    locate,
    logical_name,
    parse_line,
    read_lines,
    sealed_files,
    source_directory,
)
from newscrawl.storage.rewriting import about, article_of, rewrite, urls_of
from newscrawl.storage.rows import id_number
from newscrawl.storage.scans import aliases as aliases_of
from newscrawl.storage.schema import feed_texts
from newscrawl.storage.state import State
from newscrawl.storage.warc_members import members, overwrite

logger = logging.getLogger(__name__)

JOURNALS = "forgetting"
_RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Place:
    """An archived record: the file's logical name, and offset and length of its gzip member."""

    file: str
    offset: int
    length: int


@dataclass(slots=True)
class Removal:
    """What is to go of one source: the proofs as they will stand in the ledger, the archived records, and the URLs by
    which the articles are known.

    `data_dir` and `state` are those it goes from, for whoever is told by ON_FORGET.
    """

    data_dir: Path
    state: State
    source: str
    entries: list[Forgotten]
    records: list[Place]
    urls: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """The articles' ids and their aliases."""
        return frozenset(id_ for entry in self.entries for id_ in entry.ids)


Told = Callable[[Removal], object]


def journal_of(data_dir: Path, source: str) -> Path:
    """Where a removal from a source is written down while it is under way."""
    return data_dir / JOURNALS / f"{quote(source, safe='')}.json"


def find(
    state: State,
    data_dir: Path,
    source: str,
    ids: Collection[str],
    *,
    reason: str,
    now: datetime,
    ids_of: Callable[[str], Iterable[str]] = lambda _url: (),
) -> Removal:
    """What there is of some articles of a source. `ids_of` tells which ids the article of an archived URL may have.

    For a caller that holds the source; the files are healed. StorageError when they cannot be read.
    """
    aliases = {id_: sorted(aliases_of(state, source, id_) - set(ids)) for id_ in ids}
    first = {alias: id_ for id_, others in aliases.items() for alias in others} | {id_: id_ for id_ in ids}
    found = {id_: _Found() for id_ in ids}
    for id_ in first:
        row = state.get(source, id_)
        if row is not None:
            found[first[id_]].urls.add(row.url)
    for kind in (ARTICLES, REJECTED):
        for path in sealed_files(data_dir, source, kind):
            name = logical_name(path, data_dir)
            for line in read_lines(path):
                if (about_id := about(line, first)) is not None:
                    found[first[about_id]].take_in(kind, name, line)
    owners = {url: id_ for id_, each in found.items() for url in each.urls if url}
    responses = {place: id_ for id_, each in found.items() for place in each.responses}
    records = []
    for name, path in _archives(data_dir, source, {file for file, _ in responses}).items():
        for member in members(path):
            url = member.url
            owner = responses.get((name, member.offset)) or owners.get(url)
            if owner is None and url:
                owner = next((first[id_] for id_ in ids_of(url) if id_ in first), None)
            if owner is not None:
                found[owner].files.add(name)
                found[owner].archived += 1
                records.append(Place(name, member.offset, member.length))
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    entries = [each.entry(id_, source, reason, at, aliases[id_]) for id_, each in found.items()]
    return Removal(data_dir, state, source, entries, records, frozenset(owners))


def _archives(data_dir: Path, source: str, named: Iterable[str]) -> dict[str, Path]:
    """The source's own archives by their logical names, and those below the data directory that its lines name."""
    own = source_directory(data_dir, ARCHIVE, source).glob(f"*{SUFFIX}")
    found = {logical_name(path, data_dir): path for path in own}
    for name in named:
        path = (data_dir / name).resolve()
        if path.is_relative_to((data_dir / ARCHIVE).resolve()) and path.is_file():
            found.setdefault(name, path)
    return dict(sorted(found.items()))


class _Found:
    """What was found of one article."""

    def __init__(self) -> None:
        self.urls: set[str] = set()
        self.files: set[str] = set()
        self.responses: set[tuple[str, int]] = set()
        self.archived = 0
        self._counts = dict.fromkeys((ARTICLES, REJECTED), 0)
        self._versions: set[int] = set()
        self._hashes: set[str] = set()

    def take_in(self, kind: str, name: str, line: bytes) -> None:
        self._counts[kind] += 1
        self.files.add(name)
        article = article_of(parse_line(line) or {})
        self.urls |= urls_of(article)
        place = article.get("archive")
        if isinstance(place, dict) and isinstance(place.get("file"), str) and isinstance(place.get("offset"), int):
            self.responses.add((place["file"], place["offset"]))
        if kind == ARTICLES:
            if isinstance(version := article.get("version"), int):
                self._versions.add(version)
            if isinstance(hash_ := article.get("content_hash"), str):
                self._hashes.add(hash_)

    def entry(self, id_: str, source: str, reason: str, at: str, aliases: list[str]) -> Forgotten:
        return Forgotten(
            id=id_,
            source=source,
            reason=reason,
            at=at,
            versions=sorted(self._versions),
            lines=self._counts[ARTICLES],
            rejected=self._counts[REJECTED],
            archived=self.archived,
            files=sorted(self.files),
            aliases=aliases,
            hashes=sorted(self._hashes),
        )


def write_down(removal: Removal) -> None:
    """From here on the removal is to be done, whatever happens. StorageError, and then it is not."""
    content = {
        "entries": [asdict(each) for each in removal.entries],
        "records": [asdict(each) for each in removal.records],
        "urls": sorted(removal.urls),
    }
    text = json.dumps(content, ensure_ascii=False).encode()
    write_whole(journal_of(removal.data_dir, removal.source), text + b"\n", private=True)


def carry_out(removal: Removal, told: Iterable[Told] = ()) -> None:
    """Do what is written down. StorageError when something refuses: then it is still to be done."""
    data_dir, ids = removal.data_dir, removal.ids
    for tell in told:
        tell(removal)
    by_file: dict[str, list[Place]] = defaultdict(list)
    for place in removal.records:
        by_file[place.file].append(place)
    for name in sorted({name for entry in removal.entries for name in entry.files} - by_file.keys()):
        if (path := locate(name, data_dir)) is not None:
            rewrite(path, partial(_is_kept, ids=ids))
    _remove_broken(data_dir, removal.source)
    now = datetime.now(UTC)
    for name, places in by_file.items():
        if (path := locate(name, data_dir)) is not None:
            for place in places:
                overwrite(path, place.offset, place.length, now=now)
    for entry in removal.entries:
        for id_ in entry.ids:
            removal.state.remove(removal.source, id_, entry.reason, now=now)
    removal.state.commit()
    _drop_texts(removal)
    note_forgotten(data_dir, removal.entries)
    journal = journal_of(data_dir, removal.source)
    try:
        journal.unlink(missing_ok=True)
        sync_directory(journal.parent)
    except OSError as error:
        raise StorageError.of(error, journal, "remove") from error


def _remove_broken(data_dir: Path, source: str) -> None:
    """What broken files hold cannot be told, and may be the article."""
    for path in source_directory(data_dir, REJECTED, source).glob(f"*{DAMAGED}"):
        try:
            path.unlink(missing_ok=True)
            sync_directory(path.parent)
        except OSError as error:
            raise StorageError.of(error, path, "remove") from error
        logger.warning("%s was a broken file that may have held the article: it is removed whole", path)


def _drop_texts(removal: Removal) -> None:
    """What feeds told of the articles before their pages were read."""
    number = removal.state.source_number(removal.source)
    rows = feed_texts.delete().where(feed_texts.c.source_id == number)
    with removal.state.changing() as connection:
        connection.execute(rows.where(feed_texts.c.id.in_(map(id_number, removal.ids))))


def _is_kept(line: bytes, ids: Collection[str]) -> bool:
    return about(line, ids) is None


def under_way(data_dir: Path) -> frozenset[str]:
    """The ids and aliases of the articles that removals, of whatever source, are taking away. StorageError."""
    written = [found for path in (data_dir / JOURNALS).glob("*.json") if (found := _read(path)) is not None]
    return frozenset(id_ for entries, _, _ in written for entry in entries for id_ in entry.ids)


def _read(journal: Path) -> tuple[list[Forgotten], list[Place], frozenset[str]] | None:
    """What a journal says; None where there is none. StorageError."""
    try:
        text = journal.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError.of(error, journal, "read") from error
    try:
        content = json.loads(text)
        entries = [Forgotten.of(each) for each in content["entries"]]
        return entries, [Place(**each) for each in content["records"]], frozenset(content["urls"])
    except (TypeError, ValueError, KeyError) as error:
        raise StorageError(f"{journal} is no journal of a removal ({error}); remove it and forget again") from error


def take_up(state: State, data_dir: Path, source: str, told: Sequence[Told] = ()) -> None:
    """Finish a removal that was cut off, and make the state know what the ledger says of the source.

    For a caller that holds the source; the files are healed. StorageError.
    """
    if (written := _read(journal_of(data_dir, source))) is not None:
        logger.info("finishing the removal of %d articles of %s", len(written[0]), source)
        carry_out(Removal(data_dir, state, source, *written), told)
    for id_, reason in read_ledger(data_dir).of_source(source):
        row = state.get(source, id_)
        if row is None or row.status != "removed":
            state.remove(source, id_, reason, now=datetime.now(UTC))


def take_out(data_dir: Path, source: str) -> int:
    """Take lines out again that came back with a copy of old files; how many. For a caller as of `take_up`."""
    ids = {id_ for id_, _ in read_ledger(data_dir).of_source(source)}
    if not ids:
        return 0
    return sum(rewrite(path, partial(_is_kept, ids=ids)) for path in _line_files(data_dir, source))


def sources_with(data_dir: Path, sources: Iterable[str], ids: Collection[str]) -> dict[str, list[str]]:
    """Of ids that no state knows, the sources whose files have them; every line is looked at."""
    found: dict[str, list[str]] = defaultdict(list)
    for source in sources if ids else ():
        lines = (line for path in _line_files(data_dir, source) for line in read_lines(path))
        for id_ in {id_ for line in lines if (id_ := about(line, ids)) is not None}:
            found[id_].append(source)
    return found


def _line_files(data_dir: Path, source: str) -> Iterator[Path]:
    for kind in (ARTICLES, REJECTED):
        yield from sealed_files(data_dir, source, kind)
