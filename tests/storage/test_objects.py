"""Objects of a store: put, listed, read and taken away, and what is said when the store refuses."""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import GenericError, PermissionDeniedError

from newscrawl.storage.errors import StorageError
from newscrawl.storage.objects import ObjectFile, Store, _entry, fetch, is_remote, open_place, open_store, place_of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"file://{tmp_path / 'bucket'}/")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"text")
    return path


def content(store: Store, key: str) -> bytes:
    with store.open(key) as opened:
        return opened.read()


def test_what_is_there_is_put_aside_only_when_asked(store: Store, file: Path) -> None:
    assert store.create("a/b.jsonl", file)
    file.write_bytes(b"other")
    assert not store.create("a/b.jsonl", file)
    assert content(store, "a/b.jsonl") == b"text"
    store.replace("a/b.jsonl", file)
    assert content(store, "a/b.jsonl") == b"other"
    store.replace("a/c.jsonl", file)
    assert content(store, "a/c.jsonl") == b"other"


def test_an_empty_file_is_an_object_too(store: Store, file: Path) -> None:
    file.write_bytes(b"")
    assert store.create("empty", file)
    assert content(store, "empty") == b""
    assert store.head("empty") is not None


def test_what_is_not_there_is_none_and_is_taken_away_without_a_word(store: Store, file: Path) -> None:
    assert store.head("a") is None
    store.create("a", file)
    found = store.head("a")
    assert found is not None
    assert (found.key, found.size) == ("a", 4)
    store.delete("a")
    assert store.head("a") is None
    store.delete("a")
    with pytest.raises(StorageError, match=r"cannot read file://.*/bucket/a: there is no such bucket or object"):
        store.open("a")


def test_a_listing_is_of_whole_segments(store: Store, file: Path) -> None:
    for key in ("x/source=a/1", "x/source=a/d/2", "x/source=ab/3", "y/4"):
        store.create(key, file)
    assert sorted(entry.key for entry in store.entries("x/source=a")) == ["x/source=a/1", "x/source=a/d/2"]
    assert sorted(entry.key for entry in store.entries()) == ["x/source=a/1", "x/source=a/d/2", "x/source=ab/3", "y/4"]
    assert [entry.size for entry in store.entries("y")] == [4]
    assert sorted(store.directories("x")) == ["source=a", "source=ab"]
    assert list(store.entries("z")) == store.directories("z") == []


def test_an_object_is_read_in_pieces_as_a_file_is(store: Store, file: Path) -> None:
    whole = random.Random(1).randbytes(3_000_001)
    file.write_bytes(whole)
    store.create("a", file)
    for size in (700_001, 1 << 20, 1 << 22):
        with store.open("a") as opened:
            assert b"".join(iter(lambda: opened.read(size), b"")) == whole  # noqa: B023 (used at once)
    lines = b"".join(b"%d\n" % number for number in range(300_000))
    file.write_bytes(lines)
    store.create("b", file)
    with open_place(ObjectFile(store, "b")) as opened, open_place(file) as local:
        assert list(opened) == list(local) == lines.splitlines(keepends=True)


def test_an_object_has_the_parts_of_a_path(store: Store) -> None:
    there = ObjectFile(store, "articles/source=x/a.jsonl.zst")
    assert (there.name, there.suffix, there.parts) == ("a.jsonl.zst", ".zst", ("articles", "source=x", "a.jsonl.zst"))
    assert str(there) == f"{store.url}/articles/source=x/a.jsonl.zst"
    assert not store.url.endswith("/")


@pytest.mark.parametrize(
    ("tag", "md5"),
    [
        (f'"{hashlib.md5(b"x").hexdigest()}"', hashlib.md5(b"x").hexdigest()),
        (hashlib.md5(b"x").hexdigest(), hashlib.md5(b"x").hexdigest()),
        # Of an upload in parts, of another kind, none.
        (f'"{hashlib.md5(b"x").hexdigest()}-2"', None),
        ('"0x8DC"', None),
        (None, None),
    ],
)
def test_only_a_tag_that_looks_like_one_is_an_md5(tag: str | None, md5: str | None) -> None:
    assert _entry({"path": "a", "size": 1, "e_tag": tag}).md5 == md5


def test_paths_and_addresses_are_told_apart() -> None:
    assert [is_remote(path) for path in ("s3://bucket/x", "https://host/x", "/data/x", "data/x", "C:/x")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert place_of("data/x") == Path("data/x")
    assert place_of(Path("data/x")) == Path("data/x")


def test_all_that_ask_for_a_store_share_it() -> None:
    here = {"region": "x", "endpoint": "http://127.0.0.1:9"}
    assert open_store("s3://bucket", here) is open_store("s3://bucket", dict(reversed(here.items())))
    assert open_store("s3://bucket", here) is not open_store("s3://other", here)
    assert open_store("s3://bucket", here) is not open_store("s3://bucket", here | {"region": "y"})


def _broken(error: Exception) -> Callable[..., object]:
    def refuse(*_: object, **__: object) -> object:
        raise error

    return refuse


@pytest.mark.parametrize(
    ("called", "what", "use"),
    [
        ("put", "write", lambda store, file: store.create("a", file)),
        ("put", "write", lambda store, file: store.replace("a", file)),
        ("delete", "remove", lambda store, _: store.delete("a")),
        ("head", "read", lambda store, _: store.head("a")),
        ("list", "list", lambda store, _: list(store.entries("a"))),
        ("list_with_delimiter", "list", lambda store, _: store.directories("a")),
        ("get", "read", lambda store, _: store.open("a")),
    ],
)
@pytest.mark.parametrize(
    ("error", "why"),
    [
        (
            GenericError("Generic S3 error: Error performing GET https://k:p@h/a?sig=s - HTTP error: odd\nmore"),
            "HTTP error: odd",
        ),
        (GenericError("error sending request for url (http://h/a)"), "the store cannot be reached"),
        (
            GenericError("failed: http://169.254.169.254/latest/meta-data"),
            "there are no credentials in the environment",
        ),
        (PermissionDeniedError("x"), "the store refuses these credentials"),
        (OSError("text"), "text"),
    ],
)
def test_what_a_store_refuses_is_one_sentence(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch,
    called: str, what: str, use: Callable[[Store, Path], object], error: Exception, why: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(obstore, called, _broken(error))
    with pytest.raises(StorageError) as found:
        use(store, file)
    # No signature, no password and no second line.
    assert str(found.value) == f"cannot {what} {store.url}/a: {why}"


def test_what_breaks_off_is_one_sentence(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stream() -> Iterator[bytes]:
        yield b"begin"
        raise GenericError("error sending request")

    store.create("a", file)
    opened = store.open("a")
    monkeypatch.setattr(opened.raw, "_chunks", stream())  # type: ignore[attr-defined]
    with pytest.raises(StorageError, match=r"cannot read .*/a: the store cannot be reached"):
        opened.read()


def test_a_local_file_that_cannot_be_read_is_no_trouble_of_the_store(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=f"cannot read {tmp_path}/none: no such file or directory"):
        store.create("a", tmp_path / "none")
    assert store.head("a") is None


@pytest.mark.parametrize("url", ["nothing://x", "s3://"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(StorageError, match=f"cannot open {url.rstrip('/')}"):
        Store(url)


def test_a_store_without_its_package_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(StorageError, match=r"^file://\S+ needs obstore: pip install "):
        Store(f"file://{tmp_path}/")


def test_an_object_is_fetched_whole_or_the_disk_is_to_blame(store: Store, tmp_path: Path) -> None:
    content = random.Random(0).randbytes(3_000_000)
    (tmp_path / "file").write_bytes(content)
    store.replace("a/b.warc.gz", tmp_path / "file")
    address = f"file://{tmp_path / 'bucket'}/a/b.warc.gz"
    (tmp_path / "here").mkdir()
    assert fetch(address, tmp_path / "here") == tmp_path / "here" / "b.warc.gz"
    assert (tmp_path / "here" / "b.warc.gz").read_bytes() == content
    with pytest.raises(StorageError, match=r"cannot write .*/missing/b\.warc\.gz: no such file or directory"):
        fetch(address, tmp_path / "missing")
