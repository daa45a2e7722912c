"""metrics.prom holds what the runs say, and the example of a dashboard asks for nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from newscrawl.monitoring.metrics import FILE, NAMES, write_metrics
from tests.monitoring.test_report import NOW, a_run
from tests.spiders.site import Site, crawl

parser = pytest.importorskip("prometheus_client.parser")
ROOT = Path(__file__).parents[2]


def values(data_dir: Path) -> dict[tuple[str, ...], float]:
    """By name and the values of its labels."""
    text = (data_dir / FILE).read_text("utf-8")
    return {
        (
            sample.name,
            *(sample.labels[label] for label in ("source", "outcome") if label in sample.labels),
        ): sample.value
        for family in parser.text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_runs_add_up_to_and_how_the_last_one_went(tmp_path: Path) -> None:
    last = a_run(1, stored=3)
    last.health, last.rejected, last.bytes = (
        "none of 4 articles could be had (timeout 4)",
        {"no-title": 2, "no-body": 1},
        500,
    )
    runs = [a_run(3, stored=7), last, a_run(2, stored=1, source='quo"te\n')]
    assert write_metrics(tmp_path, runs, NOW)
    found = values(tmp_path)
    assert found["newscrawl_articles_total", "youm7", "stored"] == 10
    assert found["newscrawl_articles_total", "youm7", "rejected"] == 3
    assert found["newscrawl_runs_total", "youm7"] == 2
    assert found["newscrawl_last_run_stored", "youm7"] == 3
    assert found["newscrawl_healthy", "youm7"] == 0
    assert found["newscrawl_complaints", "youm7"] == 1
    assert found["newscrawl_healthy", 'quo"te\n'] == 1
    assert found["newscrawl_last_run_timestamp_seconds", "youm7"] == NOW.timestamp() - 3600 + 10
    assert {name for name, *_ in found} == NAMES
    assert list(tmp_path.iterdir()) == [tmp_path / FILE]


def test_every_run_leaves_them(tmp_path: Path) -> None:
    with Site().served() as site:
        site.article(1)
        site.feed([1])
        assert crawl(site, tmp_path, attributes='feeds = ["http://paper.test/feed"]').code == 0
    assert values(tmp_path / "data")["newscrawl_articles_total", "paper", "stored"] == 1


def queries(node: Any) -> list[str]:
    """The PromQL of a dashboard."""
    if isinstance(node, dict):
        return [value for key, value in node.items() if key == "expr"] + [q for v in node.values() for q in queries(v)]
    return [query for each in node for query in queries(each)] if isinstance(node, list) else []


def test_the_dashboard_asks_for_what_there_is() -> None:
    found = queries(json.loads((ROOT / "docs" / "dashboard.json").read_text("utf-8")))
    asked = {name for query in found for name in re.findall(r"newscrawl_\w+", query)}
    assert asked == NAMES - {"newscrawl_log_errors_total", "newscrawl_last_run_finished"}
    page = (ROOT / "docs" / "monitoring.md").read_text("utf-8")
    assert set(re.findall(r"`(newscrawl_\w+)`", page)) == NAMES
