"""Files that the store alone has come back when they speak of an article, and no others do."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import Request, Response

from newscrawl.items import Article
from newscrawl.storage import Session, StorageError, recall
from newscrawl.storage.archive import WarcArchive
from newscrawl.storage.objects import Store

Make = Callable[..., Article]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IDS = {f"{1:016x}"}


def archive(data: Path, run: str, *urls: str) -> list[dict[str, object]]:
    """A sealed archive; where its responses lie, as lines tell it."""
    made = WarcArchive(data, "paper", run)
    places = [made.write(Request(url), Response(url, body=b"<p>" * 50), now=NOW) for url in urls]
    made.seal()
    return places


def articles(data: Path, *made: Article, rejected: bool = False, compress: bool = False) -> None:
    """A sealed file of its own for each."""
    for article in made:
        session = Session("paper", data, compress=compress)
        if rejected:
            session.rejected.write(article, "no-body", now=NOW)
        else:
            session.articles.write(article)
        session.close()


def shipped(data: Path, bucket: Path) -> None:
    """All that is sealed lies in the store alone."""
    for kind in ("articles", "rejected", "archive"):
        if (data / kind).exists():
            shutil.move(data / kind, bucket / kind)


def names(root: Path) -> list[str]:
    kinds = ("articles", "rejected", "archive")
    return sorted(path.relative_to(root).as_posix() for kind in kinds for path in (root / kind).rglob("*.*"))


def brought(
    store: Store, data: Path, is_url_of_one: Callable[[str], bool] = lambda _url: False, ids: set[str] = IDS
) -> list[str]:
    back = recall.recall(store, data, "paper", ids, is_url_of_one)
    assert sorted(path.relative_to(data).as_posix() for path in back) == names(data)
    return names(data)


@pytest.mark.parametrize("compress", [False, True])
def test_lines_that_speak_of_it_come_back(
    data: Path, store: Store, tmp_path: Path, make_article: Make, *, compress: bool
) -> None:
    articles(data, make_article(1), compress=compress)
    articles(data, make_article(1, body=""), rejected=True)
    wanted = names(data)
    articles(data, make_article(2), compress=compress)
    articles(data, make_article(2, body=""), rejected=True)
    shipped(data, tmp_path / "bucket")
    before = {name: (tmp_path / "bucket" / name).read_bytes() for name in wanted}
    assert len(wanted) == 2
    assert brought(store, data) == wanted
    assert {name: (data / name).read_bytes() for name in wanted} == before
    assert all((data / name).stat().st_mode & 0o777 == 0o644 for name in wanted)
    assert len(names(tmp_path / "bucket")) == 4


def test_each_line_of_a_file_is_looked_at(data: Path, store: Store, tmp_path: Path, make_article: Make) -> None:
    session = Session("paper", data)
    for number in (2, 1, 3):
        session.articles.write(make_article(number))
    session.close()
    wanted = names(data)
    shipped(data, tmp_path / "bucket")
    assert brought(store, data) == wanted


def test_what_the_disk_has_is_not_fetched(data: Path, store: Store, tmp_path: Path, make_article: Make) -> None:
    articles(data, make_article(1))
    archive(data, "run", "https://paper.test/1")
    shutil.copytree(data, tmp_path / "bucket", dirs_exist_ok=True)
    assert recall.recall(store, data, "paper", IDS, lambda _url: True) == []


def test_archives_come_back_by_name_by_address_and_by_what_addresses_tell(
    data: Path, store: Store, tmp_path: Path, make_article: Make
) -> None:
    (named, _) = archive(data, "named", "https://paper.test/feed", "https://paper.test/x")
    archive(data, "its-url", "https://paper.test/1")
    archive(data, "told", "https://paper.test/print/1")
    archive(data, "other", "https://paper.test/2")
    articles(data, make_article(1, archive=named))
    shipped(data, tmp_path / "bucket")
    back = brought(store, data, lambda url: url == "https://paper.test/print/1")
    assert [name.rpartition("/")[2] for name in back if name.startswith("archive/")] == [
        f"{run}-00000.warc.gz" for run in ("its-url", "named", "told")
    ]
    own = data / "archive" / "source=paper"
    assert own.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in own.iterdir()} == {0o600}


def test_an_archive_without_it_is_looked_through_and_goes(data: Path, store: Store, tmp_path: Path) -> None:
    archive(data, "other", "https://paper.test/2")
    shipped(data, tmp_path / "bucket")
    (tmp_path / "bucket" / "archive" / "source=paper" / "index.cdx").write_text("https://paper.test/1")
    assert brought(store, data, lambda url: url.endswith("/1")) == []


def test_what_is_no_archive_beside_them_holds_up_none(data: Path, store: Store, tmp_path: Path) -> None:
    archive(data, "run", "https://paper.test/1")
    wanted = names(data)
    shipped(data, tmp_path / "bucket")
    for letter in "abcdefghijklmnopqrstuvwxyz":  # which a store lists in any order
        (tmp_path / "bucket" / "archive" / "source=paper" / f"{letter}.cdx").write_text("https://paper.test/1")
    assert brought(store, data, lambda url: url.endswith("/1")) == wanted


def test_a_full_disk_leaves_no_half_file(
    data: Path, store: Store, tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles(data, make_article(1))
    shipped(data, tmp_path / "bucket")

    def fill(_there: object, here: object, _size: int) -> None:
        here.write(b"half")  # type: ignore[attr-defined]
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", fill)
    with pytest.raises(StorageError, match=r"cannot write .*\.jsonl: the disk is full"):
        brought(store, data)
    assert names(data) == []
