"""newscrawl prune: what goes, what stays, and in which words."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawl.browse.archived import response_of
from newscrawl.storage import Session, StorageError, pruning
from newscrawl.storage.pruning import KINDS, prune
from tests.commands.conftest import Here
from tests.commands.test_state import store
from tests.test_pipelines import article

NOW = datetime.now(UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files of today and of forty days ago; a third file's name tells nothing, only its last change."""
    data = tmp_path / "data"
    store(data, "paper", 1)
    for days in (0, 40):
        run = f"{NOW - timedelta(days=days):%Y%m%dT%H%M%SZ}-ab12"
        for name, content in (
            (f"runs/{run}.json", b"{}"),
            (f"archive/source=paper/{run}-00000.warc.gz", b"x" * 1_500_000),
            (f"rejected/source=paper/{run}.jsonl", b"{}\n"),
            (f"rejected/source=other/.{run}.jsonl.part", b"{}\n"),
        ):
            path = data / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    strange = data / "archive" / "source=other" / "theirs.warc.gz"
    strange.parent.mkdir()
    strange.write_bytes(b"x")
    os.utime(strange, (0, 0))
    return data


def names(data: Path, kind: str) -> list[str]:
    return sorted(path.name for path in (data / kind).rglob("*") if path.is_file())


def test_each_kind_goes_alone_and_articles_never(data: Path, here: Here) -> None:
    before = {kind: names(data, kind) for kind in ("articles", "runs", "archive", "rejected")}
    told = here("prune", "--keep-archive", "30", "--dry-run")
    assert (told.returncode, told.stdout) == (0, "archived responses: 2 files (1.5 MB) would go\n")
    assert {kind: names(data, kind) for kind in before} == before
    told = here("prune", "--keep-archive", "30", "--keep-rejected", "50")
    assert told.stdout == "archived responses: 2 files (1.5 MB) removed\nrejected articles: nothing is that old\n"
    assert len(names(data, "archive")) == 1
    assert [names(data, kind) for kind in ("articles", "runs", "rejected")] == [
        before[kind] for kind in ("articles", "runs", "rejected")
    ]
    told = here("prune", "--keep-runs", "0.5", "--keep-rejected", "0", "--keep-archive", "36500")
    assert "summaries of runs: 1 file (0.0 MB) removed" in told.stdout
    assert len(names(data, "runs")) == 1
    # A live or dead run's own.
    assert [name[-11:] for name in names(data, "rejected")] == [".jsonl.part"] * 2
    assert names(data, "articles") == before["articles"]
    check = here("state", "check")
    assert check.returncode == 0, check.stdout


def test_a_file_is_as_old_as_its_last_change_where_its_name_says_less(data: Path, here: Here) -> None:
    """As after a run whose clock went ahead."""
    ahead = data / "archive" / "source=paper" / f"{NOW + timedelta(days=400):%Y%m%dT%H%M%SZ}-ab12-00000.warc.gz"
    ahead.write_bytes(b"x")
    old = (NOW - timedelta(days=31)).timestamp()
    os.utime(ahead, (old, old))
    here("prune", "--keep-archive", "30")
    assert not ahead.exists()


def test_a_source_that_is_being_crawled_is_left_alone(data: Path, here: Here) -> None:
    live = Session("paper", data)
    told = here("prune", "--keep-archive", "30")
    live.close()
    assert told.returncode == 1
    assert told.stderr == "newscrawl: of paper nothing was removed: a run is writing there now\n"
    assert told.stdout == "archived responses: 1 file (0.0 MB) removed\n"
    assert len(names(data, "archive")) == 2


def test_a_source_that_is_being_crawled_holds_up_no_other(data: Path, here: Here) -> None:
    live = Session("other", data)
    told = here("prune", "--keep-archive", "30")
    live.close()
    assert told.stderr == "newscrawl: of other nothing was removed: a run is writing there now\n"
    assert told.stdout == "archived responses: 1 file (1.5 MB) removed\n"


def test_sources_that_are_being_crawled_are_named_in_order(data: Path) -> None:
    (data / "archive" / "source=other" / "theirs.warc.gz").unlink()
    old = f"{NOW - timedelta(days=40):%Y%m%dT%H%M%SZ}-ab12"
    (data / "rejected" / "source=other" / f"{old}.jsonl").write_bytes(b"{}\n")
    live = [Session(source, data) for source in ("paper", "other")]
    # Of paper an archive is that old, of other rejected articles, which come behind archives.
    done = prune(data, dict.fromkeys(KINDS, NOW - timedelta(days=30)), holder="test", dry_run=False)
    for session in live:
        session.close()
    assert done.busy == ["other", "paper"]


def test_a_file_whose_age_cannot_be_told_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot read .*/none\.json: no such file"):
        pruning._age(tmp_path / "none.json")


def test_what_cannot_be_removed_is_one_sentence(data: Path, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    told = here("prune", "--keep-archive", "30")
    assert told.returncode == 1
    assert told.stderr.startswith("newscrawl: cannot remove ")
    assert told.stderr.endswith(".warc.gz: permission denied\n")
    assert len(told.stderr.splitlines()) == 1


def test_what_another_one_removes_meanwhile_is_not_counted(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (gone,) = {path for path in data.rglob("*.warc.gz") if path.name.startswith("theirs")}
    found = pruning._old_files

    def last_look(*asked: Any) -> list[Path]:
        paths = list(found(*asked))
        gone.unlink(missing_ok=True)
        return paths

    monkeypatch.setattr(pruning, "_old_files", last_look)
    before = {"archive": NOW - timedelta(days=30)}
    done = prune(data, before, holder="test", dry_run=False, shipped={gone.relative_to(data).as_posix()})
    assert (done.files["archive"], done.shipped["archive"]) == (1, 0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "what is to go?"),
        (("--dry-run",), "what is to go?"),
        (("--keep-runs", "month"), "--keep-runs is 'month'; expected: a number of days, 0 or more"),
        (("--keep-archive", "-1"), "--keep-archive is '-1'"),
        (("--keep-rejected", "nan"), "--keep-rejected is 'nan'"),
        (("--keep-rejected", "1e99"), "--keep-rejected is '1e99'"),
    ],
)
def test_what_is_wrong_is_one_sentence(data: Path, here: Here, arguments: tuple[str, ...], sentence: str) -> None:
    before = names(data, ".")
    told = here("prune", *arguments)
    assert told.returncode == 2
    assert sentence in told.stderr
    assert told.stderr.count("\n") == 1
    assert names(data, ".") == before


def test_no_data_directory_is_one_sentence(tmp_path: Path, here: Here) -> None:
    told = here("prune", "--keep-runs", "1")
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert f"there is no data directory {tmp_path / 'data'}" in told.stderr


def test_a_pruned_response_is_spoken_of_in_a_sentence(data: Path) -> None:
    record = article(1).to_dict() | {"archive": {"file": "archive/source=paper/gone-00000.warc.gz", "offset": 7}}
    with pytest.raises(StorageError, match="which is no longer there"):
        response_of(record, data)


def test_what_the_store_has_is_told_and_stays_there(data: Path, here: Here, tmp_path: Path) -> None:
    store_url = f"STORE_URL=file://{tmp_path / 'bucket'}"
    unshipped = data / "archive" / "source=paper" / f"{NOW - timedelta(days=50):%Y%m%dT%H%M%SZ}-cd34-00000.warc.gz"
    assert here("ship", "-s", store_url).returncode == 0
    unshipped.write_bytes(b"x")
    shipped = sorted((tmp_path / "bucket").rglob("*.warc.gz"))
    told = here("prune", "--keep-archive", "30", "--dry-run")
    assert told.stdout == (
        "archived responses: 3 files (1.5 MB) would go; 2 of them in the object store, where nothing goes\n"
    )
    told = here("prune", "--keep-archive", "30")
    assert told.stdout.startswith("archived responses: 3 files (1.5 MB) removed; 2 of them in the object store")
    assert sorted((tmp_path / "bucket").rglob("*.warc.gz")) == shipped
    unshipped.write_bytes(b"x")
    told = here("prune", "--keep-archive", "30", "-s", store_url)
    assert told.stdout.endswith("1 file (0.0 MB) removed; none of them in the object store, where nothing goes\n")
