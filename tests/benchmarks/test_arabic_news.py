"""The open benchmark: its manifest names today's pages, any program can be measured, and its intervals are right."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from arabic_news import report
from arabic_news.pages import MANIFEST, PAGES_A_CHANGE, changed, fixtures, pages, read_manifest
from arabic_news.scores import _mean, score, summary
from scoring.changes import CHANGES
from scoring.metrics import LOWER_IS_BETTER

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]


def test_every_page_of_the_manifest_is_what_it_was() -> None:
    """Pages that joined the tests since wait for the benchmark's next version; one that changed cannot."""
    today = {row["id"]: row for row in fixtures()}
    rows = [row for row in read_manifest() if row["set"] != "changes"]
    assert [row["id"] for row in rows if today.get(row["id"]) != row] == [], "see docs/benchmark.md"


def test_a_change_takes_the_pages_that_a_hash_names() -> None:
    rows = [row for row in read_manifest() if row["set"] != "changes"]
    made = list(changed(rows, [next(iter(CHANGES))]))
    assert len(made) == PAGES_A_CHANGE
    assert made == [row for row in read_manifest() if row.get("change") == made[0]["change"]]


def test_the_gold_is_perfect_by_its_own_scores() -> None:
    for page in pages([row for row in read_manifest() if row["set"] != "changes"]):
        truth = page.truth
        answer = {
            "title": truth.title,
            "text": "\n".join(text for text in truth.paragraphs if text not in truth.optional),
            "authors": truth.authors or [],
            "date": truth.published,
        }
        values = score(page, answer).values
        assert {name: value for name, value in values.items() if value != (name not in LOWER_IS_BETTER)} == {}, page.id


def test_a_case_without_a_body_judges_none() -> None:
    rows = [row for row in read_manifest() if row["set"] == "cases" and set(row["gold"]) == {"authors"}]
    (page, *_) = pages(rows)
    assert set(score(page, {"text": "شيء", "authors": page.truth.authors}).values) == {"authors"}


def test_changed_pages_differ_and_keep_their_story() -> None:
    rows = read_manifest()
    chosen = [row for row in rows if row["set"] == "changes"][::40]
    by_id = {row["id"]: row for row in rows}
    for page, row in zip(pages([by_id[row["of"]] for row in chosen] + chosen), [*chosen, *chosen], strict=True):
        original = (ROOT / by_id[row["of"]]["file"]).read_bytes()
        assert (page.html != original) == (page.set == "changes")
        assert page.story == by_id[row["of"]]["story"]


def test_the_interval_holds_the_mean_and_narrows_with_stories() -> None:
    chance = random.Random(1)
    few = _mean([(f"s{i}", float(chance.random() < 0.7)) for i in range(20)])
    many = _mean([(f"s{i}", float(chance.random() < 0.7)) for i in range(500)])
    assert few is not None
    assert many is not None
    for found in (few, many):
        assert found["low"] <= found["mean"] <= found["high"]
    assert many["high"] - many["low"] < few["high"] - few["low"]
    # 1.96 standard errors of a share of seven in ten among 500
    assert many["high"] - many["low"] == pytest.approx(2 * 1.96 * (0.7 * 0.3 / 500) ** 0.5, rel=0.15)
    # Pages of one story are drawn together: ten copies of each tell no more than one.
    copies = _mean([(f"s{i}", float(i % 3 > 0)) for i in range(60) for _ in range(10)])
    single = _mean([(f"s{i}", float(i % 3 > 0)) for i in range(60)])
    assert copies is not None
    assert single is not None
    assert copies["high"] - copies["low"] == pytest.approx(single["high"] - single["low"], abs=0.02)


def test_any_function_can_be_measured(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import re\n"
        "def read(page):\n"
        "    print('noise that is no answer')\n"
        "    text = page['html'].decode('utf-8')\n"
        "    if 'windows-1256' in text: raise ValueError('no')\n"
        "    return {'title': (re.findall('<h1[^>]*>([^<]+)', text) or [None])[0], 'text': None}\n"
    )
    command = [sys.executable, "-m", "benchmarks.arabic_news", "--extractor", "mine:read", "--set", "zoo"]
    answers = tmp_path / "answers.jsonl"
    done = subprocess.run(
        [*command, "--answers", str(answers)], cwd=ROOT, env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = {row.pop("id"): row for row in map(json.loads, answers.read_text("utf-8").splitlines())}
    asked = [page for page in pages(read_manifest()) if page.set == "zoo"]
    assert list(rows) == [page.id for page in asked]
    found = summary(asked, list(rows.values()))["all"]
    assert found["title"]["mean"] > 0.3
    assert found["f1"]["mean"] < 0.1
    assert not {"day", "authors"} & found.keys()  # it never gives them


def test_what_cannot_be_started_is_one_sentence() -> None:
    command = [sys.executable, "-m", "benchmarks.arabic_news", "--extractor", "nosuch"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("nosuch: ")
    assert "Traceback" not in done.stderr


def test_the_page_shows_the_kept_results() -> None:
    results = [json.loads(file.read_text("utf-8")) for file in sorted(MANIFEST.parent.glob("results/*.json"))]
    text = report.DOCS.read_text("utf-8")
    shown = text.split(report.BEGIN)[1].split(report.END)[0].strip()
    assert shown == report.tables(results).strip(), "python -m benchmarks.arabic_news --write"
    assert {result["manifest"] for result in results} == set(re.findall(r"Manifest `(\w+)`", text))
    rows = [json.loads(line) for line in MANIFEST.read_text("utf-8").splitlines()]
    for name, count in re.findall(r"^\| (publishers|zoo|cases|changes) \| (\d+) \|", text, re.MULTILINE):
        assert int(count) == sum(row["set"] == name for row in rows), name
