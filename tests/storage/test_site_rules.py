"""What makes a site's ids is kept for ever, in the state and beside the articles; what it offers, for thirty days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.items import Article
from newscrawl.storage import Session, State, StorageError
from newscrawl.storage.site_rules import SiteRecords, SiteRule, take_over

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


def test_what_was_stored_under_a_former_name_is_known_from_then_on(
    state: State, state_url: str, tmp_path: Path, make_article: Callable[..., Article]
) -> None:
    def stored(number: int) -> None:
        session = Session("former", tmp_path)
        session.articles.write(make_article(number, source="former"))
        session.close()

    def versions(known: State) -> list[int | None]:
        rows = [known.get("paper", f"{number:016x}") for number in (1, 2, 3)]
        return [row and row.version for row in rows]

    stored(1)
    stored(2)
    take_over(state, tmp_path, "paper", "former")
    # It is on the disk before the note that says so.
    other = State(state_url)
    assert versions(other) == [1, 1, None]
    other.close()
    for path in (tmp_path / "articles").rglob("*.jsonl"):
        path.write_bytes(path.read_bytes().replace(b'"version":1', b'"version":2'))
    take_over(state, tmp_path, "paper", "former")
    assert versions(state) == [1, 1, None], "read again"
    stored(3)
    take_over(state, tmp_path, "paper", "former")
    assert versions(state) == [2, 2, 1]
