"""scrapy export: whole, typed, the newest version alone, and no formula for a spreadsheet."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.cli.main import main
from newscrawl.cli.tabular import defused, write_csv
from newscrawl.items import Article, Image
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
STORIES = [
    Article(id="0" * 16, source="paper", url="http://paper.test/1", title="خبر", body="نص قديم", version=1),
    Article(
        id="0" * 16,
        source="paper",
        url="http://paper.test/1",
        title='=HYPERLINK("http://evil.test")',
        body='سطر "أول"\nسطر ثان, وفاصلة',
        version=2,
        authors=["منى سالم", "علي"],
        images=[Image(url="http://paper.test/1.jpg", caption="+صورة")],
        provenance={"title": "rule"},
        similarity=0.5,
        paywalled=False,
    ),
    Article(id="1" * 16, source="paper", url="http://paper.test/2", title="ثان", body="@نص", tags=["-أ"]),
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    directory = tmp_path / "articles" / "source=paper" / "date=2026-11-22"
    directory.mkdir(parents=True)
    (directory / "run.jsonl").write_text("".join(story.to_json() + "\n" for story in STORIES), encoding="utf-8")
    (directory / "other.jsonl.part").write_text('{"torn', encoding="utf-8")
    return tmp_path / "articles"


def export(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", "export", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE, check=False)


def test_csv_holds_the_newest_versions_and_no_formula(corpus: Path, tmp_path: Path) -> None:
    run = export("--csv", str(tmp_path / "out.csv"), str(corpus))
    assert (run.returncode, run.stdout) == (0, f"2 articles in {tmp_path / 'out.csv'}\n"), run.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["title"] == '\'=HYPERLINK("http://evil.test")'
    assert first["body"] == STORIES[1].body
    assert (first["authors"], first["version"], first["similarity"], first["paywalled"]) == (
        "منى سالم; علي",
        "2",
        "0.5",
        "False",
    )
    assert (second["body"], second["tags"], second["authors"]) == ("'@نص", "'-أ", "")
    assert list(tmp_path.glob(".export-*")) == []


def test_parquet_keeps_types_and_every_version(corpus: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "out.parquet"
    run = export("--parquet", "--all-versions", str(out), str(corpus))
    assert run.returncode == 0, run.stderr
    rows = parquet.read_table(out).to_pylist()
    assert [row["version"] for row in rows] == [1, 2, 1]
    assert rows[1]["images"] == [{"url": "http://paper.test/1.jpg", "caption": "+صورة", "credit": None}]
    assert rows[1]["title"] == STORIES[1].title
    assert rows[1]["provenance"] == [{"field": "title", "layer": "rule"}]


def test_a_missing_path_is_said_in_one_sentence(tmp_path: Path) -> None:
    run = export("--csv", str(tmp_path / "out.csv"), str(tmp_path / "nothing.jsonl"))
    assert run.returncode == 1
    assert run.stderr.startswith("newscrawl: ")
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_data_directory_is_read_without_what_was_rejected(corpus: Path, tmp_path: Path) -> None:
    rejected = tmp_path / "rejected" / "source=paper"
    rejected.mkdir(parents=True)
    record = {"reason": "no-title", "at": "2026-11-22T20:45:00+00:00", "article": STORIES[0].to_dict()}
    (rejected / "run.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    run = export("--csv", str(tmp_path / "out.csv"), str(tmp_path))
    assert (run.returncode, run.stdout) == (0, f"2 articles in {tmp_path / 'out.csv'}\n"), run.stderr
    run = export("--csv", str(tmp_path / "none.csv"), str(rejected))
    where = f"newscrawl: {rejected / 'run.jsonl'}, line 1 is no article"
    assert (run.returncode, run.stderr) == (1, f"{where}: it has no id, or a value of the wrong kind\n")
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"url": "http://paper.test/1"}, "it has no id, or a value of the wrong kind"),
        ({"id": "0" * 16, "images": ["x.jpg"]}, "it has no id, or a value of the wrong kind"),
    ],
)
def test_a_line_that_is_no_article_is_named(record: dict[str, object], why: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(STORIES[2].to_json() + "\n" + json.dumps(record) + "\n", encoding="utf-8")
    run = export("--csv", str(tmp_path / "out.csv"), str(path))
    assert (run.returncode, run.stderr) == (1, f"newscrawl: {path}, line 2 is no article: {why}\n")


@pytest.mark.parametrize(
    ("out", "path", "sentence"),
    [
        ("out.csv", "nothing.jsonl", "cannot read nothing.jsonl: no such file or directory"),
        ("none/out.csv", "articles", "cannot write none/out.csv: no such file or directory"),
        ("articles", "articles", "cannot write articles: it is a directory"),
    ],
)
def test_what_the_system_refuses_is_said_in_words(
    out: str,
    path: str,
    sentence: str,
    corpus: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(corpus.parent)
    monkeypatch.setattr(sys, "argv", ["newscrawl", "export", "--csv", out, path])
    with pytest.raises(SystemExit) as left:
        main()
    assert (left.value.code, capsys.readouterr().err) == (1, f"newscrawl: {sentence}\n")


@given(st.text(max_size=50))
def test_no_cell_begins_a_formula(text: str) -> None:
    assert not defused(text).lstrip(" \u00a0").startswith(tuple("=+-@\t\r＝＋－＠"))
    assert defused(text).removeprefix("'") in (text, text.removeprefix("'"))


def test_a_cell_is_what_it_was_for_a_csv_reader(tmp_path: Path) -> None:
    strange = Article(id="2" * 16, url="http://x.test", title='a"b\r\nc', body="x\u2028y;z")
    write_csv([strange], tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["title"], row["body"]) == (strange.title, strange.body)
