"""Files that the object store alone has, brought back to the disk: what is to be rewritten is rewritten here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from urllib.parse import quote

from newscrawl.storage.append import ZSTD, make_directory, sync_directory
from newscrawl.storage.archive import ARCHIVE
from newscrawl.storage.archive import SUFFIX as WARC
from newscrawl.storage.errors import StorageError
from newscrawl.storage.jsonl import ARTICLES, REJECTED, locate, parse_line, read_lines
from newscrawl.storage.objects import ObjectFile, Store
from newscrawl.storage.rewriting import about, article_of, urls_of
from newscrawl.storage.warc_members import members

_COPY = 1 << 20


def recall(
    store: Store, data_dir: Path, source: str, ids: Collection[str], is_url_of_one: Callable[[str], bool]
) -> list[Path]:
    """Brings back the files of a source that speak of some articles and lie in the store alone: lines, and archives
    that the lines name or that hold a response to a URL of one. Every such file is looked through.

    For a caller that holds the source. StorageError when the store or the disk refuses; what is back by then stays.
    """
    back = []
    archives: set[str] = set()
    urls: set[str] = set()
    for kind in (ARTICLES, REJECTED):
        for place in _only_there(store, data_dir, kind, source):
            speaks = False
            for line in read_lines(place):
                if about(line, ids) is None:
                    continue
                speaks = True
                article = article_of(parse_line(line) or {})
                urls |= urls_of(article)
                if isinstance(named := article.get("archive"), dict):
                    archives.add(str(named.get("file")))
            if speaks:
                back.append(_fetched(place, data_dir))
    for place in _only_there(store, data_dir, ARCHIVE, source):
        if not place.name.endswith(WARC):
            continue
        path = _fetched(place, data_dir)
        found = (member.url for member in members(path))
        if place.key in archives or any(url in urls or is_url_of_one(url) for url in found if url):
            back.append(path)
        else:
            path.unlink()
    return back


def _only_there(store: Store, data_dir: Path, kind: str, source: str) -> Iterator[ObjectFile]:
    for entry in list(store.entries(f"{kind}/source={quote(source, safe='')}")):
        if locate(entry.key.removesuffix(ZSTD), data_dir) is None:
            yield ObjectFile(store, entry.key, entry.size)


def _fetched(place: ObjectFile, data_dir: Path) -> Path:
    """The object under its own name on the disk, whole or not at all."""
    is_private = place.key.startswith(ARCHIVE)
    path = data_dir / place.key
    growing = path.with_name(f".{path.name}.recalled")
    make_directory(path.parent, private=is_private)
    with place.open() as there:
        try:
            growing.touch(0o600 if is_private else 0o644)
            with growing.open("wb") as here:
                shutil.copyfileobj(there, here, _COPY)
            growing.replace(path)
            sync_directory(path.parent)
        except OSError as error:
            growing.unlink(missing_ok=True)
            raise StorageError.of(error, path) from error
    return path
