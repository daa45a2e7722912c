"""The directory for HuggingFace: shards, a card that says what is in it, and splits that no story crosses.

That `datasets` opens it is shown by tests/exports/test_engines.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.commands.export import Command
from newscrawl.exports import huggingface
from newscrawl.exports.splits import Splits, shares_of
from newscrawl.items import Article
from tests.browse.stored import record, store
from tests.exports.test_cursor import export

pq = pytest.importorskip("pyarrow.parquet")


def article(number: int, **more: Any) -> Article:
    return Article.from_dict(record(number, **more))


def id_of(number: int) -> str:
    return f"{number:016x}"


def split_of(articles: Iterable[Article], shares: tuple[int, ...] = (1, 1, 1)) -> dict[str, str]:
    articles = list(articles)
    splits = Splits(shares, articles)
    return {each.id: splits.of(each) for each in articles}


def test_a_story_is_in_one_split() -> None:
    stories = []
    for first in range(0, 900, 9):
        chain = [article(first)]
        # A chain of reprints, each of the one before; of some of them only the cluster is known.
        chain += [article(first + n, duplicate_of=id_of(first + n - 1)) for n in (1, 2, 3)]
        chain += [article(first + n, cluster_id=id_of(first)) for n in (4, 5)]
        # Two that resemble one that is not here, which is in the cluster; and copies of the same text.
        chain += [article(first + 6, duplicate_of=id_of(5000 + first), content_hash=f"{first + 7:032x}")]
        chain += [article(first + 7, duplicate_of=id_of(5000 + first), cluster_id=id_of(first))]
        chain += [article(first + 8, content_hash=f"{first + 7:032x}")]
        stories.append(chain)
    for order in range(3):
        everything = [each for chain in stories for each in chain]
        Random(order).shuffle(everything)
        found = split_of(everything)
        assert all(len({found[each.id] for each in chain}) == 1 for chain in stories)
        assert set(found.values()) == {"train", "validation", "test"}
        assert found == split_of(sorted(everything, key=lambda each: each.id))


def test_shares_are_kept_and_what_stands_alone_stays() -> None:
    before = split_of((article(n * 7919) for n in range(2000)), (80, 10, 10))
    counts = [list(before.values()).count(name) for name in ("train", "validation", "test")]
    assert 1550 < counts[0] < 1650
    assert all(150 < count < 250 for count in counts[1:])
    after = split_of((article(n * 7919) for n in range(4000)), (80, 10, 10))
    assert {each: after[each] for each in before} == before


@settings(max_examples=60)
@given(
    st.lists(st.tuples(*[st.none() | st.integers(0, 12)] * 3), min_size=1, max_size=12),
    st.sampled_from([(80, 10, 10), (1, 1), (1, 98, 1)]),
)
def test_no_link_leads_from_one_split_to_another(
    links: list[tuple[int | None, int | None, int | None]], shares: tuple[int, ...]
) -> None:
    def made(number: int | None) -> str | None:
        return None if number is None else id_of(number)

    articles = [
        article(n, duplicate_of=made(of), cluster_id=made(cluster), content_hash=made(copy) and f"{copy:032x}")
        for n, (of, cluster, copy) in enumerate(links)
    ]
    found = split_of(articles, shares)
    for one in articles:
        for other in articles:
            linked = {one.id, one.duplicate_of, one.cluster_id} & {other.id, other.duplicate_of, other.cluster_id}
            if linked - {None} or (one.content_hash and one.content_hash == other.content_hash):
                assert found[one.id] == found[other.id]


@pytest.mark.parametrize("text", ["", "80", "80/20/0", "a/b", "50/25/15/10", "-1/2"])
def test_what_are_no_shares(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        shares_of(text)


def front_matter(directory: Path) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    return yaml.safe_load((directory / "README.md").read_text("utf-8").split("---\n")[1])


def test_the_card_says_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface, "ROWS_A_SHARD", 40)
    monkeypatch.setattr(huggingface, "ROWS_A_GROUP", 20)
    records = [record(n, word_count=100 + n, language="ar", agencies=["AFP"] if n % 2 else []) for n in range(100)]
    records += [record(100 + n, restrictions=["noai"], title="محجوز") for n in range(7)]
    records += [record(200, source="a|b", published_at="2025-01-05")]
    store(tmp_path, "first", records)
    out = tmp_path / "dataset"
    assert export("--hf", "--splits", "80/10/10", str(out), str(tmp_path)) == 0
    front = front_matter(out)
    assert front["language"] == ["ar"]
    assert (front["license"], front["size_categories"]) == ("other", ["n<1K"])
    rows = {each["name"]: each["num_examples"] for each in front["dataset_info"]["splits"]}
    names = [each["split"] for each in front["configs"][0]["data_files"]]
    assert list(rows) == names == ["train", "validation", "test"]
    for each in front["configs"][0]["data_files"]:
        shards = sorted(out.glob(each["path"]))
        assert sum(pq.read_metadata(path).num_rows for path in shards) == rows[each["split"]]
    assert [path.name for path in sorted((out / "data").glob("train-*"))] == [
        f"train-{n:05d}-of-00003.parquet" for n in range(3)
    ]
    assert sum(rows.values()) == 101
    ids = {each for path in out.rglob("*.parquet") for each in pq.read_table(path)["id"].to_pylist()}
    assert ids == {id_of(n) for n in (*range(100), 200)}
    card = (out / "README.md").read_text("utf-8")
    assert "The texts and pictures belong to their publishers" in card
    assert "reserve something are left out: 7 (noai 7)." in card
    assert "| aldifaf | 100 | 14,950 | 2026-11-01 | 2026-11-28 |" in card
    assert "| a\\|b | 1 | 0 | 2025-01-05 | 2025-01-05 |" in card
    assert "| 2026-11 | 100 |" in card
    assert "| AFP | 50 |" in card
    assert "\n\n\n\n" not in card


def test_reserved_articles_come_when_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(tmp_path, "first", [record(1), record(2, restrictions=["noai", "tdm-reservation"])])
    assert export("--hf", str(tmp_path / "a"), str(tmp_path)) == 0
    assert export("--hf", "--with-reserved", str(tmp_path / "b"), str(tmp_path)) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"1 articles in {tmp_path / 'a'}; 1 left out, whose publishers reserve something (--with-reserved takes them)",
        f"2 articles in {tmp_path / 'b'}",
    ]
    assert "are **included**: noai: 1, tdm-reservation: 1." in (tmp_path / "b" / "README.md").read_text("utf-8")


def test_a_corpus_without_articles_makes_a_dataset(tmp_path: Path) -> None:
    store(tmp_path, "none", [])
    assert export("--hf", "--splits", "90/10", str(tmp_path / "d"), str(tmp_path)) == 0
    assert len(list((tmp_path / "d" / "data").iterdir())) == 2
    assert front_matter(tmp_path / "d")["language"] == ["ar"]


def test_a_directory_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(tmp_path, "first", [record(1)])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").touch()
    assert export("--hf", str(tmp_path / "mine"), str(tmp_path)) == 1
    assert re.search(r"is there already; name a directory that is new or empty", capsys.readouterr().err)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["x"]


def test_the_command_is_the_one_that_users_have() -> None:
    assert "--hf" in Command().syntax()
