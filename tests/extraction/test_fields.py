"""Offers for a field: their order, and searches that are put off."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

from lxml import etree

from newscrawl import extract
from newscrawl.extraction.fields import RawFields


def _values(fields: RawFields, name: str) -> list[object]:
    return [offer.value for offer in fields.of(name)]


def test_what_is_no_answer_is_not_offered() -> None:
    fields = RawFields()
    for value in (None, "", "  ", []):
        fields.offer("title", value, "meta")
    assert fields.of("title") == []


def test_a_search_that_was_put_off_is_not_made_while_earlier_offers_are_enough() -> None:
    fields = RawFields()
    asked: list[str] = []
    fields.offer("tags", ["غاز"], "json-ld")
    fields.defer(lambda _: asked.append("tags"), "tags")
    assert next(fields.each("tags")).value == ["غاز"]
    assert asked == []
    assert len(list(fields.each("tags"))) == 1
    assert asked == ["tags"]


def test_its_offers_stand_where_it_was_put_off_for_all_its_fields() -> None:
    fields = RawFields()

    def search(asking: RawFields) -> None:
        asking.offer("published", "2026-05-02", "generic")
        asking.offer("shown", "2 مايو", "generic")

    fields.offer("published", "2026-05-01", "json-ld")
    fields.defer(search, "published", "shown")
    fields.offer("published", "2026-05-03", "generic")
    fields.offer("shown", "3 مايو", "generic")
    assert _values(fields, "shown") == ["2 مايو", "3 مايو"]
    assert [offer.value for offer in fields.each("published")] == ["2026-05-01", "2026-05-02", "2026-05-03"]


def test_every_field_is_there_when_all_are_asked_for() -> None:
    fields = RawFields()
    fields.defer(lambda asking: asking.offer("author_box", ["منى حسن"], "generic"), "author_box", "other")
    assert list(fields.every()) == ["author_box"]


def test_a_page_is_freed_with_its_reading() -> None:
    """Without a circle of references: a crawl's memory must not wait for the collector."""
    prose = "<p>قالت البلدية في بيان إن أعمال صيانة الجسر القديم تبدأ مطلع الأسبوع المقبل وتستمر شهرا كاملا.</p>"
    page = f"<html><body><article><h1>صيانة الجسر القديم</h1>{prose * 4}</article></body></html>".encode()
    when = datetime(2026, 5, 3, tzinfo=UTC)
    extract(page, url="https://example.com/a/1", fetched_at=when)
    gc.collect()
    gc.disable()
    try:
        before = {id(found): found for found in gc.get_objects() if isinstance(found, etree._Element)}
        article = extract(page, url="https://example.com/a/1", fetched_at=when)
        left = [f for f in gc.get_objects() if isinstance(f, etree._Element) and id(f) not in before]
    finally:
        gc.enable()
    assert article.body
    assert left == []
