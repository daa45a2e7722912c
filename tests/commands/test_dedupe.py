"""scrapy dedupe: corpora of any make in, clusters out, mistakes in one sentence."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dedup.batch import Batch
from newscrawl.dedup.corpus import Columns, CorpusError, Damage, find_files, read_corpus
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def text(seed: int, words: int = 80) -> str:
    rng = Random(seed)
    return " ".join("".join(rng.choices("بتثجحخدذرزسشصضطظعغفقكلمن", k=5)) for _ in range(words))


def lines(*records: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def record(name: str, body: str, day: str | None, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": f"عنوان {name}", "body": body, "published_at": day, **more}


def dedupe(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "dedupe", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=PATIENCE,
        env={**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings", "PYTHONPATH": str(ROOT)},
    )


def clusters_of(files: list[Path], tmp_path: Path, **options: Any) -> tuple[list[dict[str, Any]], Batch]:
    batch = Batch(tmp_path, **options)
    return list(batch.clusters(files, now=NOW)), batch


def ids(cluster: dict[str, Any]) -> list[str]:
    return [member["id"] for member in cluster["members"]]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two groups, one of three stories in three kinds of file, out of order; two stories alone; damage."""
    where = tmp_path / "corpus"
    (where / "source=x").mkdir(parents=True)
    (where / "source=x" / "a.jsonl").write_bytes(
        lines(
            record("late", "القاهرة (رويترز) - " + text(1), "2026-11-03T08:00:00+02:00"),
            record("alone", text(2), "2026-11-01"),
            record("pair", text(3), "2026-11-02"),
        )
        + b'{"id": "torn", "body": "\xd9\x85\n[1, 2]\n\n'
    )
    with gzip.open(where / "b.jsonl.gz", "wb") as packed:
        packed.write(lines(record("first", text(1) + "\nالمصدر: رويترز", "2026-11-01T23:00:00+03:00")))
    with zstd.open(where / "c.ndjson.zst", "wb") as packed:
        middle = record("middle", text(1) + " " + text(9, 4), "2026-11-02")
        packed.write(lines(middle, record("twin", text(3), "2026-11-04")))
    (where / "notes.txt").write_text("not of the corpus")
    return where


def test_the_command_writes_clusters_led_by_the_earliest(corpus: Path, tmp_path: Path) -> None:
    done = dedupe(corpus, "--out", tmp_path / "out.jsonl")
    assert done.returncode == 0
    assert done.stdout == ""
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(c["cluster_id"], c["size"], ids(c)) for c in found] == [
        ("first", 3, ["first", "middle", "late"]),
        ("pair", 2, ["pair", "twin"]),
    ]
    first, middle, late = found[0]["members"]
    assert first == {
        "id": "first",
        "duplicate_of": None,
        "similarity": None,
        "date": "2026-11-01T23:00:00+03:00",
        "title": "عنوان first",
        "file": str(corpus / "b.jsonl.gz"),
        "line": 1,
    }
    assert (middle["duplicate_of"], middle["similarity"]) == ("first", round(78 / 82, 4))
    assert (late["duplicate_of"], late["similarity"], late["line"]) == ("first", 1.0, 1)
    named = done.stderr.splitlines()
    assert named[0].startswith(f"{corpus}/source=x/a.jsonl:4: not")
    assert named[1] == f"{corpus}/source=x/a.jsonl:5: not a JSON object"
    assert named[2] == (f"6 stories in 3 files; 2 clusters, 3 duplicates; 2 damaged lines -> {tmp_path / 'out.jsonl'}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "out.jsonl"]


def test_standard_output_directories_and_packed_files(corpus: Path, tmp_path: Path) -> None:
    printed = dedupe(corpus / "*.jsonl.gz", corpus / "**" / "*.jsonl", corpus / "c.ndjson.zst").stdout
    assert len(printed.splitlines()) == 2
    assert "عنوان" in printed
    for out, opened in (("made/new", None), ("x.jsonl.gz", gzip.open), ("x.jsonl.zst", zstd.open)):
        assert dedupe(corpus, "--out", tmp_path / out).returncode == 0
        if opened is None:
            assert len((tmp_path / out / "clusters.jsonl").read_text().splitlines()) == 2
        else:
            with opened(tmp_path / out, "rt") as packed:  # type: ignore[operator]
                assert len(packed.read().splitlines()) == 2


def test_a_second_run_does_not_read_the_first_ones_clusters(corpus: Path) -> None:
    first, second = (dedupe(corpus, "--out", corpus) for _ in range(2))
    assert first.returncode == second.returncode == 0
    assert first.stderr == second.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([], 2, "give at least one PATH"),
        (["{corpus}", "--threshold", "7"], 2, "--threshold 7 is not between 0 and 1"),
        (["{corpus}", "--window", "-1"], 2, "--window -1 is not a number of days"),
        (["{corpus}/none.jsonl"], 1, "there is no {corpus}/none.jsonl"),
        (["{corpus}/*.csv"], 1, "nothing matches {corpus}/*.csv"),
        (["{corpus}/empty"], 1, "no files with the suffix"),
        (["{corpus}/void.jsonl"], 1, "the files hold no lines"),
        (["{corpus}", "--text", "content"], 1, "no key 'content', only id, title, body, published_at"),
        (["{corpus}", "--out", "{corpus}/b.jsonl.gz/x"], 1, "b.jsonl.gz"),
    ],
)
def test_mistakes_are_one_sentence_and_a_code(corpus: Path, arguments: list[str], code: int, sentence: str) -> None:
    (corpus / "empty").mkdir()
    (corpus / "void.jsonl").touch()
    done = dedupe(*(argument.format(corpus=corpus) for argument in arguments))
    assert done.returncode == code
    last = done.stderr.splitlines()[-1]
    assert last.startswith("newscrawl: ")
    assert sentence.format(corpus=corpus) in last
    assert "Traceback" not in done.stderr


def test_other_keys_nested_keys_and_lists_of_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(
        lines(
            {"uid": 7, "doc": {"text": [text(1), text(2)]}, "h": "أ", "when": 1767225600},
            {"uid": 8, "doc": {"text": f"{text(1)}\n{text(2)}"}, "h": "ب", "when": 1767225600000 - 1},
            {"uid": 9, "doc": {"text": f"{text(1)}\n{text(2)}"}, "h": "ب", "when": "٣١ ديسمبر ٢٠٢٥"},
        )
    )
    found, batch = clusters_of([path], tmp_path, columns=Columns("doc.text", "h", "uid", "when"))
    assert [ids(cluster) for cluster in found] == [["9", "8", "7"]]
    assert batch.counts.undated == 0


def test_versions_of_a_story_are_one(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(
        lines(
            record("a", text(1), "2026-11-01", version=2),
            record("a", text(5), "2026-11-01", version=1),
            record("b", text(1), "2026-11-02", version=1),
            record("c", text(5), "2026-11-02", version=1),
        )
    )
    found, batch = clusters_of([path], tmp_path)
    assert [ids(cluster) for cluster in found] == [["a", "b"]]
    assert (batch.counts.stories, batch.counts.versions) == (3, 1)


def test_the_window_and_its_absence(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(lines(*(record(day, text(1), day) for day in ("2026-05-01", "2026-01-01", "2026-01-20"))))
    found, _ = clusters_of([path], tmp_path)
    assert [ids(cluster) for cluster in found] == [["2026-01-01", "2026-01-20"]]
    found, _ = clusters_of([path], tmp_path, window_days=float("inf"))
    assert [ids(cluster) for cluster in found] == [["2026-01-01", "2026-01-20", "2026-05-01"]]


def test_without_dates_and_ids_the_order_of_the_lines_counts(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    bodies = {"أ": text(1), "ب": text(2), "ج": text(1)}
    path.write_bytes(lines(*({"title": title, "body": body} for title, body in bodies.items())))
    found, batch = clusters_of([path], tmp_path)
    assert [ids(cluster) for cluster in found] == [[f"{path}:1", f"{path}:3"]]
    assert (batch.counts.without_id, batch.counts.undated) == (3, 3)


def test_an_undated_story_is_compared_with_all_times(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(
        lines(
            record("undated", text(1), None), record("old", text(1), "2020-01-01"), record("new", text(2), "2026-01-01")
        )
    )
    found, _ = clusters_of([path], tmp_path)
    assert [ids(cluster) for cluster in found] == [["old", "undated"]]


def test_the_order_of_lines_and_files_changes_nothing(tmp_path: Path) -> None:
    records = [record(f"{n}", text(n % 7) + " " + text(100 + n, n % 3), f"2026-11-{n % 28 + 1:02d}") for n in range(60)]
    seen = []
    for seed in range(4):
        Random(seed).shuffle(records)
        files = []
        for part in range(3):
            files.append(tmp_path / f"{seed} {part}.jsonl")
            files[-1].write_bytes(lines(*records[part::3]))
        found, _ = clusters_of(files, tmp_path)
        seen.append([(c["cluster_id"].rjust(2), c["size"]) for c in found])
    assert sum(size for _, size in seen[0]) == 60
    # Stories of one day come in the order of the lines; the groups and their sizes stay.
    assert all([size for _, size in other] == [size for _, size in seen[0]] for other in seen)


@pytest.mark.parametrize("cut", [30, 60, 90])
@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_torn_packed_file_is_named_and_the_rest_goes_on(tmp_path: Path, suffix: str, cut: int) -> None:
    whole = b"".join(lines(record(str(n), text(n), "2026-11-01")) for n in range(50))
    packed = gzip.compress(whole) if suffix == ".gz" else zstd.compress(whole)
    torn, good = tmp_path / f"torn.jsonl{suffix}", tmp_path / "good.jsonl"
    torn.write_bytes(packed[: len(packed) * cut // 100])
    good.write_bytes(lines(record("x", text(900), "2026-11-01"), record("y", text(900), "2026-11-02")))
    damage: list[Damage] = []
    found, batch = clusters_of([torn, good], tmp_path, on_damage=damage.append)
    assert [ids(cluster) for cluster in found] == [["x", "y"]]
    assert damage[-1].file == torn
    assert "ends here" in damage[-1].reason or "not" in damage[-1].reason
    assert batch.counts.damaged == len(damage) >= 1


def test_of_many_damaged_lines_the_first_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    good = lines(record("x", text(900), "2026-11-01"), record("y", text(900), "2026-11-02"))
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.jsonl").write_bytes(b"[]\n" * 4 + good)
    done = dedupe(tmp_path, "--out", tmp_path / "out" / "found.jsonl")
    assert done.returncode == 0
    named = done.stderr.splitlines()
    assert named[:5] == [
        f"{tmp_path}/{place}: not a JSON object"
        for place in ("a.jsonl:1", "a.jsonl:2", "a.jsonl:3", "a.jsonl:4", "b.jsonl:1")
    ]
    assert named[5] == "and 7 more damaged lines in 2 files"
    assert "12 damaged lines" in named[6]
    assert len(named) == 7


def test_no_file_is_read_twice_and_output_is_no_input(corpus: Path) -> None:
    twice = find_files([str(corpus), str(corpus / "b.jsonl.gz"), str(corpus / "*.gz")])
    assert len(twice) == 3
    with pytest.raises(CorpusError, match="where the clusters are to be written"):
        find_files([str(corpus / "b.jsonl.gz")], but=corpus / "b.jsonl.gz")


@pytest.mark.parametrize(("stories", "megabytes"), [(1000, 0.1), (5100, 3.4)])
def test_a_full_disk_is_one_sentence(tmp_path: Path, stories: int, megabytes: float) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(lines(*(record(str(n), text(n, 30), "2026-11-01") for n in range(stories))))
    code = (
        "import resource, signal, sys\n"
        "from scrapy.cmdline import execute\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({int(megabytes * 1e6)},) * 2)\n"
        "execute(['scrapy', 'dedupe', *sys.argv[1:]])"
    )
    out = tmp_path / "out" / "clusters.jsonl"
    arguments = [sys.executable, "-c", code, str(path), "--out", str(out)]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE)
    assert done.returncode == 1
    assert done.stderr.startswith("newscrawl: ")
    assert len(done.stderr.splitlines()) == 1
    assert list(out.parent.iterdir()) == []


VALUES = st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text()))
RECORDS = st.fixed_dictionaries(dict.fromkeys(("id", "title", "body", "published_at", "version"), VALUES))
NO_RECORDS = st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps).map(str.encode)


@settings(max_examples=60)
@given(st.lists(st.binary() | NO_RECORDS))
def test_any_bytes_are_lines_or_damage(tmp_path: Path, parts: list[bytes]) -> None:
    path = tmp_path / "any.jsonl"
    path.write_bytes(b"\n".join(parts))
    for found in read_corpus([path], Columns(), now=NOW):
        assert isinstance(found, Damage)
        assert found.reason


@settings(max_examples=60)
@given(st.lists(RECORDS, min_size=1))
def test_any_values_give_clusters_or_damage(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    path = tmp_path / "any.jsonl"
    sound = {"title": "", "body": text(1), "id": "sound"}
    path.write_bytes(b"".join(json.dumps(each).encode() + b"\n" for each in [sound, *records]))
    found, batch = clusters_of([path], tmp_path)
    assert batch.counts.lines == len(records) + 1
    assert batch.counts.clusters == len(found)
    assert all(cluster["size"] == len(cluster["members"]) >= 2 for cluster in found)
