"""Objects that lie in a bucket or on a web server: s3://, gs://, az://, https:// (the extra `store`).

Credentials come from the environment, as the services' own programs read them, and are never written anywhere.
"""

from __future__ import annotations

import io
import mmap
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

from newscrawl.program import lacks
from newscrawl.storage.errors import StorageError

if TYPE_CHECKING:
    from obstore.store import ObjectStore, RetryConfig

_CHUNK = 1 << 20
#: Of one request: an archive of 1 GiB at 10 Mbit/s.
_TIMEOUT = timedelta(minutes=15)
_RETRIES: RetryConfig = {"max_retries": 5, "retry_timeout": timedelta(minutes=2)}
#: Options of the HTTP client; obstore crashes when it meets them among those of the service.
_CLIENT = frozenset(
    "allow_invalid_certificates connect_timeout http1_only http2_only pool_idle_timeout pool_max_idle_per_host "
    "timeout user_agent".split()
)
# What follows a question mark may be a signature, and a name before the host a password.
_SECRET = re.compile(r"\?[^\s\"']*|(?<=://)[^/\s@]+@")
_ASKED_FOR_CREDENTIALS = re.compile(r"169\.254\.169\.254|/latest/|metadata\.google|/metadata/identity")
_TAIL = re.compile(r" - (?!.* - )(.+)")
_MD5 = re.compile(r"[0-9a-f]{32}")


def is_remote(path: str) -> bool:
    """Whether a path is the address of an object and no file's name."""
    return "://" in path


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as a store lists it: `size` in bytes, `md5` where the store's tag looks like one."""

    key: str
    size: int
    md5: str | None


class Store:
    """What lies below an address. Every method raises StorageError, in one sentence, when the store refuses."""

    def __init__(self, url: str, options: Mapping[str, str] | None = None) -> None:
        """`options` are obstore's for the service ("endpoint", "region") and its HTTP client ("timeout"). A directory
        (file://) is made where it is missing."""
        self.url = url.removesuffix("/")
        given = dict(options or {})
        # Plain HTTP is spoken only with an endpoint that the user names so.
        client: dict[str, Any] = {"allow_http": True, "timeout": _TIMEOUT}
        client |= {name: given.pop(name) for name in _CLIENT & given.keys()}
        try:
            from obstore.exceptions import BaseError
            from obstore.store import from_url
        except ImportError:
            raise StorageError(lacks(f"{self.url} needs obstore", "store")) from None
        self._errors = (BaseError, OSError)
        try:
            self._store: ObjectStore = (
                from_url(url, mkdir=True)
                if url.startswith("file:")
                else from_url(url, config=cast(Any, given), client_options=cast(Any, client), retry_config=_RETRIES)
            )
        except (BaseError, OSError, ValueError, TypeError) as error:
            raise StorageError(f"cannot open {self.url}: {_sentence(error)}") from error

    def address(self, key: str) -> str:
        """An object's address, for people and for programs."""
        return f"{self.url}/{key}"

    def create(self, key: str, path: Path) -> bool:
        """Puts a file where there is nothing, in one request, so that a kill leaves nothing half; False when there is
        something."""
        from obstore.exceptions import AlreadyExistsError

        try:
            self._put(key, path, "create")
        except AlreadyExistsError:
            return False
        return True

    def replace(self, key: str, path: Path) -> None:
        """Puts a file in the place of whatever is there."""
        self._put(key, path, "overwrite")

    def _put(self, key: str, path: Path, mode: Any) -> None:
        import obstore
        from obstore.exceptions import AlreadyExistsError

        with _mapped(path) as content:
            try:
                obstore.put(self._store, key, content, mode=mode, use_multipart=False)
            except AlreadyExistsError:
                raise
            except self._errors as error:
                raise StorageError(f"cannot write {self.address(key)}: {_sentence(error)}") from error

    def delete(self, key: str) -> None:
        """Takes an object away, where there is one."""
        import obstore

        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return
        except self._errors as error:
            raise StorageError(f"cannot remove {self.address(key)}: {_sentence(error)}") from error

    def head(self, key: str) -> Entry | None:
        """What is known of an object; None when there is none."""
        import obstore

        try:
            return _entry(obstore.head(self._store, key))
        except FileNotFoundError:
            return None
        except self._errors as error:
            raise StorageError(f"cannot read {self.address(key)}: {_sentence(error)}") from error

    def entries(self, prefix: str = "") -> Iterator[Entry]:
        """The objects below a prefix of whole path segments, in the store's own order."""
        import obstore

        try:
            for page in obstore.list(self._store, prefix or None):
                yield from map(_entry, page)
        except self._errors as error:
            raise StorageError(f"cannot list {self.address(prefix)}: {_sentence(error)}") from error

    def directories(self, prefix: str) -> list[str]:
        """The names of what stands for directories right below a prefix."""
        import obstore

        try:
            found = obstore.list_with_delimiter(self._store, prefix)
        except self._errors as error:
            raise StorageError(f"cannot list {self.address(prefix)}: {_sentence(error)}") from error
        return [PurePosixPath(each).name for each in found["common_prefixes"]]

    def open(self, key: str) -> BinaryIO:
        """An object's bytes as they come, a megabyte at a time."""
        import obstore

        try:
            chunks = iter(obstore.get(self._store, key).stream(min_chunk_size=_CHUNK))
        except self._errors as error:
            raise StorageError(f"cannot read {self.address(key)}: {_sentence(error)}") from error
        return io.BufferedReader(_Stream(chunks, self.address(key), self._errors), _CHUNK)


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """An object that is read as files are; str() is its address. `size` in bytes, where it was listed."""

    store: Store
    key: str
    size: int | None = None

    @property
    def name(self) -> str:
        return PurePosixPath(self.key).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.key).suffix

    @property
    def parts(self) -> tuple[str, ...]:
        return PurePosixPath(self.key).parts

    def open(self) -> BinaryIO:
        """Its bytes; StorageError when it cannot be read."""
        return self.store.open(self.key)

    def __str__(self) -> str:
        return self.store.address(self.key)


#: Where lines may be read from.
Place = Path | ObjectFile


def open_place(place: Place) -> BinaryIO:
    """The bytes of a file or an object; OSError or StorageError."""
    return place.open("rb") if isinstance(place, Path) else place.open()


def place_of(path: str | Place, options: Mapping[str, str] | None = None) -> Place:
    """The object that an address names, else the file of that name. StorageError when the address is none."""
    if not isinstance(path, str):
        return path
    if not is_remote(path):
        return Path(path)
    base, key = _split(path)
    return ObjectFile(open_store(base, options), key)


def places_below(url: str, options: Mapping[str, str] | None = None) -> list[ObjectFile]:
    """The objects below an address that ends in a slash, sorted; StorageError when they cannot be listed."""
    base, prefix = _split(url)
    store = open_store(base, options)
    return [ObjectFile(store, key) for key in sorted(entry.key for entry in store.entries(prefix.rstrip("/")))]


def fetch(url: str, directory: Path, options: Mapping[str, str] | None = None) -> Path:
    """A copy of an object in a directory; StorageError when it cannot be had."""
    place = cast(ObjectFile, place_of(url, options))
    path = directory / place.name
    with place.open() as source:
        try:
            with path.open("wb") as file:
                shutil.copyfileobj(source, file, _CHUNK)
        except OSError as error:
            raise StorageError.of(error, path) from error
    return path


def open_store(url: str, options: Mapping[str, str] | None = None) -> Store:
    """The store of an address: one for all that ask, and so one client with its connections."""
    return _opened(url, tuple(sorted((options or {}).items())))


@cache
def _opened(base: str, options: tuple[tuple[str, str], ...]) -> Store:
    return Store(base, dict(options))


def _split(url: str) -> tuple[str, str]:
    """The address of a bucket or a server, and the key in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}", parts.path.lstrip("/")


@contextmanager
def _mapped(path: Path) -> Iterator[Any]:
    """A file's bytes without a copy of them in memory; sealed files are replaced, never cut."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                yield b""
                return
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    # Closed with its last reference: the client may hold the bytes a moment longer than the call.
    yield content


def _entry(found: Any) -> Entry:
    tag = (found.get("e_tag") or "").strip('"')
    return Entry(found["path"], found["size"], tag if _MD5.fullmatch(tag) else None)


class _Stream(io.RawIOBase):
    """Chunks as a file that can be read but not sought."""

    def __init__(self, chunks: Iterator[Any], address: str, errors: tuple[type[Exception], ...]) -> None:
        self._chunks = chunks
        self._address = address
        self._errors = errors
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            try:
                self._rest = memoryview(next(self._chunks, b""))
            except self._errors as error:
                raise StorageError(f"cannot read {self._address}: {_sentence(error)}") from error
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _sentence(error: Exception) -> str:
    """What went wrong, without the client's own internals and without what may be secret."""
    text = _SECRET.sub("", str(error).strip().partition("\n")[0])
    if _ASKED_FOR_CREDENTIALS.search(text):
        return "there are no credentials in the environment"
    if isinstance(error, FileNotFoundError):
        return "there is no such bucket or object"
    if type(error).__name__ in ("PermissionDeniedError", "UnauthenticatedError"):
        return "the store refuses these credentials"
    if "error sending request" in text:
        return "the store cannot be reached"
    tail = _TAIL.search(text)
    return tail[1].strip(" :") if tail else text
