"""A date of the record is what the page says: no zone, no clock and no change that nobody named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl.extraction.source import Publisher, Source
from newscrawl.items import Article
from newscrawl.loaders import load_article

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOURCE = Source(
    name="jarida", publisher=Publisher("الجريدة", "Al Jarida", "JO", "Asia/Amman"), domains=("jarida.example",)
)
STORY = [
    "أعلنت وزارة الزراعة أن موسم الزيتون في المحافظات الشمالية بدأ قبل موعده بأسبوعين بسبب الأمطار المبكرة.",
    "وقال مزارعون في بلدة الزرقاء إن المحصول هذا العام أوفر من العام الماضي، وإن المعاصر تعمل ليلا ونهارا.",
]


def read(published: str = "", *, shown: str = "", modified: str = "", source: Source | None = SOURCE) -> Article:
    """The article of a page whose metadata and whose readers are told these dates."""
    metas = {"article:published_time": published, "article:modified_time": modified}
    head = "".join(f'<meta property="{name}" content="{text}">' for name, text in metas.items() if text)
    line = f'<div class="date">{shown}</div>' if shown else ""
    body = f"""<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>موسم الزيتون</title>{head}</head><body>
<article><h1>موسم الزيتون يبدأ مبكرا</h1>{line}{"".join(f"<p>{text}</p>" for text in STORY)}</article></body></html>"""
    return load_article(body.encode(), url="https://www.jarida.example/news/7", source=source, fetched_at=NOW)


@pytest.mark.parametrize("written", ["2026-11-21T10:30:00", "2026-11-21 10:30"])
def test_a_clock_without_a_zone_is_the_publishers_and_elsewhere_none(written: str) -> None:
    assert read(written).published_at == "2026-11-21T10:30:00+03:00"
    assert read(written, source=None).published_at == "2026-11-21"


def test_a_clock_that_readers_are_shown_is_one_as_well() -> None:
    assert read(shown="21/11/2026 10:30").published_at == "2026-11-21T10:30:00+03:00"
    assert read(shown="21/11/2026 10:30", source=None).published_at == "2026-11-21"


def test_another_date_of_the_page_may_tell_its_zone() -> None:
    page = read("2026-11-21T10:30:00", modified="2026-11-21T12:00:00+02:00", source=None)
    assert (page.published_at, page.modified_at) == ("2026-11-21T10:30:00+02:00", "2026-11-21T12:00:00+02:00")


def test_seconds_since_1970_are_the_publishers_clock() -> None:
    """1,795,246,200 is 21 November 2026, 07:30 in UTC."""
    assert read("1795246200").published_at == "2026-11-21T10:30:00+03:00"
    found = read("1795246200", source=None).published_at
    assert found is not None
    assert datetime.fromisoformat(found) == datetime(2026, 11, 21, 7, 30, tzinfo=UTC)


def test_midnight_is_a_day_unless_readers_are_shown_a_clock_of_that_day() -> None:
    assert read("2026-11-21T00:00:00+03:00").published_at == "2026-11-21"
    assert read("2026-11-21T00:00:00+03:00", shown="21/11/2026 00:00").published_at == "2026-11-21T00:00:00+03:00"
    # A clock of another day says nothing of this one.
    page = read("2026-11-21T00:00:00+03:00", shown="آخر تحديث: 22/11/2026 09:15")
    assert page.published_at == "2026-11-21"


def test_local_time_that_is_labelled_utc_is_local_where_readers_see_the_same_clock() -> None:
    assert read("2026-11-21T10:30:00Z", shown="21/11/2026 10:30").published_at == "2026-11-21T10:30:00+03:00"
    assert read("2026-11-21T10:30:00Z", shown="21/11/2026 13:30").published_at == "2026-11-21T10:30:00+00:00"
    assert read("2026-11-21T10:30:00Z").published_at == "2026-11-21T10:30:00+00:00"


def test_a_change_before_the_publication_is_none() -> None:
    shown = "نشر: 21/11/2026 10:30 - آخر تحديث: 20/11/2026 09:00"
    assert read(shown=shown).modified_at is None
    shown = "نشر: 21/11/2026 10:30 - آخر تحديث: 21/11/2026 12:00"
    assert read(shown=shown).modified_at == "2026-11-21T12:00:00+03:00"


def test_the_last_change_may_be_of_the_day_before_in_another_zone() -> None:
    page = read(shown="22/11/2026 01:20", modified="2026-11-21T22:30:00Z")
    assert page.published_at == "2026-11-22T01:20:00+03:00"
