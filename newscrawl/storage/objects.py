"""Objects that lie in a bucket or on a web server: s3://, gs://, az://, https:// (the extra `store`).

Credentials come from the environment, as the services' own programs read them, and are never written anywhere.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.storage.errors import StorageError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_CHUNK = 8 << 20


def is_remote(path: str) -> bool:
    """Whether a path is the address of an object and no file's name."""
    return "://" in path


def open_store(url: str) -> tuple[ObjectStore, str]:
    """The store of an address and the key in it. StorageError when the extra is missing or the address is none."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError:
        raise StorageError(f"{url} needs object storage: pip install 'newscrawl[store]'") from None
    parts = urlsplit(url)
    try:
        return from_url(f"{parts.scheme}://{parts.netloc}"), parts.path.lstrip("/")
    except (BaseError, ValueError) as error:
        raise StorageError(f"cannot open {url}: {_sentence(error)}") from error


def fetch(url: str, directory: Path) -> Path:
    """A copy of an object in a directory; StorageError when it cannot be had."""
    import obstore
    from obstore.exceptions import BaseError

    store, key = open_store(url)
    path = directory / PurePosixPath(key).name
    try:
        with path.open("wb") as file:
            for chunk in obstore.get(store, key).stream(min_chunk_size=_CHUNK):
                file.write(chunk)
    except BaseError as error:
        raise StorageError(f"cannot read {url}: {_sentence(error)}") from error
    except OSError as error:
        raise StorageError.of(error, path) from error
    return path


def listed(url: str) -> list[str]:
    """The addresses of the objects below an address that ends in a slash, sorted; StorageError when it cannot be
    listed."""
    import obstore
    from obstore.exceptions import BaseError

    store, prefix = open_store(url)
    parts = urlsplit(url)
    try:
        pages = obstore.list(store, prefix)
        return sorted(f"{parts.scheme}://{parts.netloc}/{each['path']}" for page in pages for each in page)
    except BaseError as error:
        raise StorageError(f"cannot list {url}: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    """The first line: what follows are the client's own internals."""
    return str(error).strip().partition("\n")[0]
