"""The gate: what passes it, what does not, and what only an editor can do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import quality
from quality import FLOORS, MODES, Result, Row, accepted, faults, raised, read_floors
from scoring import pages
from scoring.metrics import METRICS, Scores
from scoring.pages import PageSet, repository_sets


def result(fingerprint: str | None = "f", **values: float) -> Result:
    """A set of one page on which newscrawl scored this, both with rules and without."""
    scores = dict.fromkeys(METRICS, 1.0) | {"leak": 0.0, "wrong_day": 0.0} | values
    return Result(PageSet("set", "pages", [], fingerprint), [Row(mode, [Scores(scores)]) for mode in MODES])


@pytest.fixture
def floors() -> dict[str, Any]:
    """The floors of a perfect day."""
    perfect = result()
    return accepted([perfect], raised([perfect], {"pages": {}, "floors": {}}))


def test_same_scores_pass(floors: dict[str, Any]) -> None:
    assert list(faults([result()], floors)) == []


@pytest.mark.parametrize(("metric", "value"), [("f1", 0.999), ("leak", 0.01), ("wrong_day", 0.1), ("instant", 0.0)])
def test_worse_scores_fail(floors: dict[str, Any], metric: str, value: float) -> None:
    found = list(faults([result(**{metric: value})], floors))
    assert len(found) == len(MODES)
    assert all(metric in fault for fault in found)


@pytest.mark.parametrize("change", ["other bytes", "gone", "new"])
def test_other_pages_fail(floors: dict[str, Any], change: str) -> None:
    if change == "other bytes":
        found = faults([result("g")], floors)
    elif change == "gone":
        found = faults([], floors)
    else:
        found = faults([result()], floors | {"pages": {}})
    assert any("--accept" in fault for fault in found)


def test_scores_without_a_floor_fail(floors: dict[str, Any]) -> None:
    assert any("no floors" in fault for fault in faults([result()], floors | {"floors": {}}))


def test_pages_beside_the_repository_may_be_absent(floors: dict[str, Any]) -> None:
    away = Result(PageSet("real", "beside", []), result().rows)
    both = raised([result(), away], floors)
    assert list(faults([result(), away], both)) == list(faults([result()], both)) == []


def test_raising_never_lowers(floors: dict[str, Any]) -> None:
    assert raised([result(f1=0.5, leak=0.5)], floors) == floors


def test_raised_floors_are_passed_by_the_scores_that_raised_them() -> None:
    low = accepted([result()], raised([result(f1=0.5, leak=0.5)], {"pages": {}, "floors": {}}))
    better = result(f1=0.98765, leak=0.12345)
    high = raised([better], low)
    assert high["floors"]["set"]["rules"]["f1"] == 0.987
    assert high["floors"]["set"]["rules"]["leak"] == 0.124
    assert list(faults([better], high)) == []


def test_floors_of_the_repository_are_for_its_pages() -> None:
    floors = read_floors()
    assert FLOORS.is_file()
    assert {"publishers", "zoo"} <= set(floors["pages"]) <= set(floors["floors"])
    for modes in floors["floors"].values():
        assert set(modes) == set(MODES)
        assert all(set(values) == set(METRICS) for values in modes.values())


def test_fingerprint_follows_pages_and_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "extraction" / "zoo" / "one"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text("<p>نص</p>")
    (folder / "gold.json").write_text('{"url": "https://a.test/1", "paragraphs": ["نص"]}')
    monkeypatch.setattr(pages, "TESTS", tmp_path)
    prints = [repository_sets()[1].fingerprint]
    (folder / "page.html").write_text("<p>نص آخر</p>")
    prints.append(repository_sets()[1].fingerprint)
    (folder / "gold.json").write_text('{"url": "https://a.test/1", "paragraphs": []}')
    prints.append(repository_sets()[1].fingerprint)
    folder.rename(folder.with_name("two"))
    prints.append(repository_sets()[1].fingerprint)
    assert len(set(prints)) == len(prints)


def test_what_no_page_can_be_made_of_is_an_empty_answer(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"")
    page = pages.Page("empty", tmp_path / "page.html", "https://a.test/1", pages.Truth())
    assert quality.newscrawl_answer(page, generic=True) == quality.Answer()
