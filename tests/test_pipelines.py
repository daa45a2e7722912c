"""Validate, deduplicate, store: every way that an article can go, and every reason counted."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from newscrawl import pipelines
from newscrawl.dedup import lineage
from newscrawl.dedup.exact import content_hash
from newscrawl.items import Article, StoryLine
from newscrawl.pipelines import DeduplicatePipeline, StorePipeline, ValidatePipeline, defect
from newscrawl.setting_values import SettingError
from newscrawl.storage import Session, State, append, read_articles
from newscrawl.storage.audit import check_source
from newscrawl.storage.findings import Audit
from newscrawl.storage.jsonl import read_records, sealed_files

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORDS = "قال الوزير المدينة الخطة مشروع طريق مدرسة ماء كهرباء ميناء سوق مصنع حقل مجلس لجنة قرار عقد مليون دينار".split()


def text(seed: int, length: int = 120) -> str:
    """Words in an order of their own, so that two seeds share next to no three in a row."""
    return " ".join(
        WORDS[(seed * 7919 + i * i * (seed + 3) + i // 3) % len(WORDS)] + str(seed * i % 9) for i in range(length)
    )


def article(number: int, **values: Any) -> Article:
    made = Article(
        id=f"{number:016x}",
        source="paper",
        url=f"https://paper.test/{number}",
        title=f"عنوان {number}",
        body=text(number),
        fetched_at=NOW.isoformat(),
        published_at="2026-11-22T09:00:00+03:00",
    )
    made = replace(made, **values)
    made.content_hash = content_hash(made.title, made.body)
    return made


class Run:
    """One run of the three pipelines in their order, as Scrapy's engine would run them."""

    def __init__(self, data: Path, source: str = "paper", **settings: Any) -> None:
        class Paper(Spider):
            name = source

        self.data, self.source = data, source
        self.crawler: Crawler = get_crawler(Paper, {"DATA_DIR": str(data), **settings})
        self.session = Session.of(self.crawler)
        self.stages = [
            stage.from_crawler(self.crawler) for stage in (ValidatePipeline, DeduplicatePipeline, StorePipeline)
        ]

    def take(self, item: Any) -> Any:
        for stage in self.stages:
            item = stage.process_item(item)
        return item

    def dropped(self, item: Article) -> str:
        with pytest.raises(DropItem) as caught:
            self.take(item)
        return str(caught.value)

    def stats(self) -> dict[str, int]:
        stats = self.crawler.stats.get_stats()
        return {key.removeprefix("newscrawl/"): value for key, value in stats.items() if key.startswith("newscrawl/")}

    def close(self) -> None:
        next(stage for stage in self.stages if isinstance(stage, DeduplicatePipeline)).close_spider()
        self.session.close()

    def later(self, **settings: Any) -> Run:
        """The next run; what it stores counts as fetched on a later day."""
        self.close()
        run = Run(self.data, self.source, **settings)
        run.session.started_at += timedelta(days=1)
        return run

    def stored(self) -> list[Article]:
        return sorted(read_articles(sealed_files(self.data, self.source)), key=lambda a: (a.version, a.id))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_stored_as_version_one(data: Path) -> None:
    run = Run(data)
    run.take(article(1))
    assert run.stats() == {"stored": 1}
    run.close()
    (stored,) = run.stored()
    assert (stored.version, stored.duplicate_of, stored.body) == (1, None, text(1))
    assert stored.first_seen_at is not None


def test_other_items_pass_untouched(data: Path) -> None:
    run = Run(data)
    item = {"any": "thing"}
    assert run.take(item) is item
    run.close()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": None}, "no-title"),
        ({"title": " \u00a0"}, "no-title"),
        ({"body": ""}, "no-body"),
        ({"url": ""}, "no-url"),
        ({"id": "xyz"}, "bad-id"),
        ({"published_at": "yesterday"}, "bad-published_at"),
        ({"country": "Egypt"}, "bad-country"),
    ],
)
def test_invalid_is_kept_with_its_reason_and_tried_again_later(data: Path, values: dict[str, Any], reason: str) -> None:
    run = Run(data)
    bad = article(1, **values)
    assert run.dropped(bad) == f"rejected: {reason}"
    assert run.stats() == {f"rejected/{reason}": 1}
    row = run.session.state.get("paper", article(1).id)
    if reason == "bad-id":
        assert row is None
    else:
        assert row is not None
        assert (row.status, row.reason) == ("failed", f"rejected: {reason}")
    run.close()
    (record,) = read_records(sealed_files(data, "paper", "rejected"))
    assert record["reason"] == reason
    assert record["article"]["url"] == bad.url


def test_a_valid_article_has_no_defect() -> None:
    assert defect(article(1, published_at="2026-11-22", country="EG")) is None


def test_unchanged_revisit(data: Path) -> None:
    run = Run(data)
    run.take(article(1))
    run = run.later()
    assert run.dropped(article(1)) == "unchanged"
    assert run.stats() == {"unchanged": 1}
    run.close()
    assert len(run.stored()) == 1


@pytest.mark.parametrize("changes", [{"body": text(1) + " وأضاف المصدر"}, {"title": "عنوان آخر"}])
def test_changed_text_or_title_is_the_next_version(data: Path, changes: dict[str, str]) -> None:
    run = Run(data)
    run.take(article(1))
    run = run.later()
    run.take(article(1, **changes))
    assert run.stats() == {"stored": 1, "versions": 1}
    run.close()
    old, new = run.stored()
    assert (old.version, new.version, old.id, new.id) == (1, 2, new.id, old.id)
    assert old.first_seen_at == new.first_seen_at
    assert new.duplicate_of is None


def test_marks_and_letter_variants_are_no_change(data: Path) -> None:
    run = Run(data)
    run.take(article(1, title="إعلان الحكومة"))
    run = run.later()
    assert run.dropped(article(1, title="اعلانُ  الحكومه")) == "unchanged"
    run.close()


def test_same_identity_reached_by_two_urls_in_one_run(data: Path) -> None:
    run = Run(data)
    run.take(article(1))
    assert run.dropped(article(1, url="https://paper.test/1?page=amp", body=text(2))) == "duplicate: same-identity"
    assert run.stats() == {"stored": 1, "duplicates/same-identity": 1}
    run.close()


def test_a_copy_that_overtook_between_the_stages_is_not_stored_twice(data: Path) -> None:
    run = Run(data)
    validate, deduplicate, store = run.stages
    first, second = (deduplicate.process_item(validate.process_item(article(1))) for _ in range(2))
    store.process_item(first)
    with pytest.raises(DropItem, match="same-identity"):
        store.process_item(second)
    run.close()
    assert len(run.stored()) == 1


def test_same_text_under_another_url_is_an_alias(data: Path) -> None:
    run = Run(data)
    run.take(article(1))
    copy = article(2, title=article(1).title, body=article(1).body)
    assert run.dropped(copy) == "duplicate: same-content"
    assert run.stats() == {"stored": 1, "duplicates/same-content": 1}
    row = run.session.state.get("paper", copy.id)
    assert row is not None
    assert (row.status, row.alias_of, row.next_visit) == ("alias", article(1).id, None)
    run = run.later()
    row = run.session.state.get("paper", copy.id)
    assert row is not None
    assert row.alias_of == article(1).id
    run.close()


def test_an_article_with_versions_keeps_its_line_when_its_text_becomes_anothers(data: Path) -> None:
    run = Run(data)
    run.take(article(1))
    run.take(article(2))
    run = run.later()
    run.take(article(2, title=article(1).title, body=article(1).body))
    assert run.stats()["versions"] == 1
    run.close()


def test_near_copy_of_another_source_is_flagged(data: Path) -> None:
    first = Run(data, "first")
    first.take(article(1, source="first"))
    first.close()
    second = Run(data, "second")
    taken = second.take(article(2, source="second", body=text(1) + " وقال شاهد إن الأمر غريب", title="عنوان الصحيفة"))
    assert taken.duplicate_of == taken.cluster_id == article(1).id
    assert 0.8 < taken.similarity < 1
    second.close()
    assert len(second.stored()) == 1


def test_policy_drop_remembers_an_alias(data: Path) -> None:
    first = Run(data, "first")
    first.take(article(1, source="first"))
    first.close()
    second = Run(data, "second", NEAR_DUPLICATES="drop")
    assert second.dropped(article(2, source="second", body=text(1) + " وقال شاهد")) == "duplicate: near"
    assert second.stats() == {"duplicates/near": 1}
    row = second.session.state.get("second", article(2).id)
    assert row is not None
    assert (row.status, row.alias_of) == ("alias", article(1).id)
    second.close()


def test_policy_off_compares_nothing(data: Path) -> None:
    run = Run(data, NEAR_DUPLICATES="off")
    run.take(article(1))
    assert run.take(article(2, body=text(1) + " ذيل")).duplicate_of is None
    run.close()


def test_near_copies_survive_a_kill(data: Path) -> None:
    killed = Run(data)
    killed.take(article(1))
    killed.session.state._reader.close()
    killed.session.state.engine.dispose()
    killed.session.articles._file.close()  # type: ignore[union-attr]
    killed.session._lock.release()
    run = Run(data)
    assert len(run.session.healed) == 1
    assert run.take(article(2, body=text(1) + " ذيل")).duplicate_of == article(1).id
    run.close()


def test_new_folding_makes_no_new_versions(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(data)
    run.take(article(1))

    def other(title: str | None, body: str | None) -> str:
        return content_hash(f"{title} other", body)

    with monkeypatch.context() as patch:
        patch.setattr(lineage, "FOLD_VERSION", 999)
        patch.setattr(lineage, "content_hash", other)
        patch.setattr(pipelines, "content_hash", other)
        run = run.later()
        assert run.dropped(article(1)) == "unchanged"
        run.close()


THREE = "\n".join(text(number) for number in (1, 2, 3))


@pytest.mark.parametrize("recurring", [(), (2,), (0, 2)])
def test_what_was_learned_between_two_visits_is_no_version(data: Path, recurring: tuple[int, ...]) -> None:
    lines = THREE.split("\n")

    def read(dropped: tuple[int, ...]) -> Article:
        made = article(1, body="\n".join(line for at, line in enumerate(lines) if at not in dropped))
        made.lines = tuple(StoryLine(line, at in (0, 2)) for at, line in enumerate(lines))
        return made

    run = Run(data)
    run.take(read(recurring))
    for later in ((2,), (), (0, 2), (0,)):
        run = run.later()
        assert run.dropped(read(later)) == "unchanged"
    run = run.later()
    lines[1] += " وهذا جديد."
    assert run.take(read((0, 2))).version == 2
    run.close()


def test_a_stored_hash_is_that_of_the_stored_text(data: Path) -> None:
    run = Run(data)
    late = article(1)
    late.content_hash = "0" * 32
    run.take(late)
    run.close()
    (stored,) = run.stored()
    assert stored.content_hash == content_hash(stored.title, stored.body)


def test_a_new_hash_is_made_of_stored_lines_once_and_checked(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = "f" * 32
    with monkeypatch.context() as patch:
        patch.setattr(pipelines, "content_hash", lambda *_: old)
        patch.setattr(lineage, "HASH_VERSION", 1)
        run = Run(data)
        run.take(article(1))
        run.close()
    state = State(f"sqlite:///{data / 'state.sqlite'}")
    assert not lineage.has_todays_hashes(state, "paper")
    check_source(state, data, "paper", before := Audit())
    state.close()
    assert before.clean, before
    run = run.later()
    assert run.dropped(article(1)) == "unchanged"
    run.close()
    state = State(f"sqlite:///{data / 'state.sqlite'}")
    assert lineage.has_todays_hashes(state, "paper")
    check_source(state, data, "paper", after := Audit(), content_hash=lineage.record_hash)
    state.close()
    assert after.clean, after
    assert [stored.content_hash for stored in run.stored()] == [old]


def test_disk_full_stops_the_session_and_keeps_what_was_stored(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(data)
    run.take(article(1))

    def full(fd: int, line: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(append.os, "write", full)
        assert run.dropped(article(2)) == "storage"
    assert str(run.session.error).endswith("the disk is full")
    # Also when there is room again: the crawl is ending, and half a run is easier to understand than a run with a hole.
    assert run.dropped(article(3)) == "storage"
    run.close()
    assert [a.id for a in run.stored()] == [article(1).id]
    again = Run(data)
    assert again.session.state.get("paper", article(2).id) is None or again.session.state.counts("paper") == {"done": 1}
    again.take(article(2))
    again.close()
    assert len(again.stored()) == 2


def test_lines_read_back_as_they_were_taken(data: Path) -> None:
    run = Run(data)
    taken = run.take(article(1, authors=["ليلى"], provenance={"title": "rule:2026-08"}))
    run.close()
    assert run.stored() == [taken]
    (path,) = sealed_files(data, "paper")
    assert list(json.loads(path.read_text("utf-8"))) == list(Article.__dataclass_fields__)


def test_what_was_fetched_long_ago_was_first_seen_then(data: Path) -> None:
    run = Run(data)
    taken = run.take(article(1, fetched_at="2020-05-01T10:00:00+00:00"))
    assert taken.first_seen_at == "2020-05-01T10:00:00+00:00"
    row = run.session.state.get("paper", taken.id)
    assert row is not None
    assert row.next_visit is None
    run.close()


@pytest.mark.parametrize(("name", "value"), [("NEAR_DUPLICATES", "maybe"), ("COMPRESS", "gzip")])
def test_wrong_settings_are_named(data: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"{name} is '{value}'"):
        Run(data, **{name: value})


def test_a_story_that_changed_after_the_clock_was_set_back_is_stored(data: Path) -> None:
    """Its row was fetched in the future, which is no sign that this run has stored it."""
    run = Run(data)
    run.take(article(1))
    row = run.session.state.get("paper", article(1).id)
    assert row is not None
    run.session.state._stage(replace(row, fetched=datetime.now(UTC) + timedelta(days=1)))
    run.close()
    run = Run(data)
    assert run.take(article(1, body=text(77))).version == 2
    assert run.stats() == {"stored": 1, "versions": 1}
    run.close()
