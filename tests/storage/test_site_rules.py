"""What makes a site's ids is kept for ever, in the state and beside the articles; what it offers, for thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.storage import State, StorageError
from newscrawl.storage.site_rules import SiteRecords, SiteRule

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULE = SiteRule("almithal_jo", r"//almithal\.jo/(?P<id>\d+)", ["almithal.jo"], "https://almithal.jo/")


@pytest.fixture
def state(state_url: str) -> Iterator[State]:
    opened = State(state_url)
    yield opened
    opened.close()


def test_a_rule_is_kept_in_both_places_and_never_changed(state: State, tmp_path: Path) -> None:
    records = SiteRecords(state, tmp_path)
    assert records.rule(RULE.source) is None
    records.freeze(RULE)
    records.freeze(replace(RULE, article_url=r"//almithal\.jo/other"))
    assert records.rule(RULE.source) == RULE
    assert SiteRule.of((tmp_path / "sites" / "almithal_jo.json").read_text("utf-8")) == RULE


def test_a_rule_outlives_the_loss_of_either_place(state: State, tmp_path: Path) -> None:
    SiteRecords(state, tmp_path).freeze(RULE)
    assert SiteRecords(state, tmp_path / "elsewhere").rule(RULE.source) == RULE
    other = State(f"sqlite:///{tmp_path / 'new.sqlite'}")
    try:
        records = SiteRecords(other, tmp_path)
        assert records.rule(RULE.source) == RULE
        # Of a rule that only the file has, the state takes the file's.
        records.freeze(replace(RULE, article_url="other"))
        assert records.rule(RULE.source) == RULE
    finally:
        other.close()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"source": "x"}', '{"source": 1, "article_url": 2, "domains": 3}'])
def test_a_broken_file_is_an_error_and_no_new_rule(text: str, state: State, tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "almithal_jo.json").write_text(text, "utf-8")
    with pytest.raises(StorageError, match="its ids would change"):
        SiteRecords(state, tmp_path).rule(RULE.source)


def test_what_a_site_offers_is_known_for_thirty_days(state: State, tmp_path: Path) -> None:
    records = SiteRecords(state, tmp_path)
    assert records.discovery(RULE.home, NOW) is None
    records.remember(RULE.home, {"feeds": ["https://almithal.jo/خلاصة"]}, NOW)
    assert records.discovery(RULE.home, NOW + timedelta(days=30)) == {"feeds": ["https://almithal.jo/خلاصة"]}
    assert records.discovery(RULE.home, NOW + timedelta(days=31)) is None
    records.remember(RULE.home, {"feeds": []}, NOW + timedelta(days=31))
    assert records.discovery(RULE.home, NOW + timedelta(days=32)) == {"feeds": []}
