"""Where a corpus lies: here, in the store, or in both."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl.storage.objects import ObjectFile, Store
from newscrawl.storage.places import all_sources, article_files, object_store, options_for

DAY = "articles/source=%D8%AE%D8%A8%D8%B1/date=2026-11-22"


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"{}\n")


def test_what_only_the_store_has_is_read_there(data: Path, store: Store, tmp_path: Path) -> None:
    put(data, f"{DAY}/b.jsonl", f"{DAY}/d.jsonl.zst", f"{DAY}/.e.jsonl.part")
    put(tmp_path / "bucket", f"{DAY}/a.jsonl.zst", f"{DAY}/b.jsonl", f"{DAY}/c.jsonl", f"{DAY}/d.jsonl.zst")
    put(tmp_path / "bucket", f"{DAY}/note.txt", "articles/source=other/date=2026-11-22/x.jsonl")
    found = article_files(data, "خبر", store)
    assert list(found) == [f"{DAY}/{name}.jsonl" for name in "abcd"]
    there = [place for place in found.values() if isinstance(place, ObjectFile)]
    assert [(place.key, place.size) for place in there] == [(f"{DAY}/a.jsonl.zst", 3), (f"{DAY}/c.jsonl", 3)]
    here = [place for place in found.values() if isinstance(place, Path)]
    assert here == [data / DAY / "b.jsonl", data / DAY / "d.jsonl.zst"]
    assert list(article_files(data, "خبر", None).values()) == here
    assert article_files(data, "none", store) == {}


def test_the_sources_of_both(data: Path, store: Store, tmp_path: Path) -> None:
    put(data, "articles/source=paper/date=2026-11-22/x.jsonl", "articles/source=b/date=2026-11-22/x.jsonl")
    put(tmp_path / "bucket", f"{DAY}/a.jsonl", "articles/source=b/date=2026-11-22/x.jsonl", "articles/else/x.jsonl")
    assert all_sources(data, store) == ["b", "paper", "خبر"]
    assert all_sources(data, None) == ["b", "paper"]
    assert all_sources(tmp_path / "none", None) == []


def test_the_settings_name_the_store(tmp_path: Path) -> None:
    assert object_store(Settings()) is None
    store = object_store(Settings({"STORE_URL": f"file://{tmp_path / 'bucket'}"}))
    assert store is not None
    assert store.address("x") == f"file://{tmp_path}/bucket/x"


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("s3://bucket/articles/x.jsonl", True),
        ("s3://other/articles/x.jsonl", False),
        ("gs://bucket/articles/x.jsonl", False),
        ("https://bucket/x", False),
    ],
)
def test_options_are_for_the_users_own_bucket_alone(address: str, *, ours: bool) -> None:
    """They may hold the name of a server that another bucket does not lie on."""
    options = {"endpoint": "http://127.0.0.1:9"}
    settings = Settings({"STORE_URL": "s3://bucket/corpus", "STORE_OPTIONS": options})
    assert options_for(address, settings) == (options if ours else {})
    assert options_for(address, Settings({"STORE_OPTIONS": options})) == {}
