"""A reading is final when extraction hands it over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl.extraction.body.memory import RecurringLines
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import Reading, read_page
from newscrawl.loaders import begin, load

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
URL = "https://paper.example/news/41"
STAMP = "نشر يوم الثلاثاء الموافق 3 نوفمبر 2026 عند الساعة 10:15 صباحا"
CAPTION = "الجسر الجديد كما بدا صباح اليوم"
PROSE = "".join(
    f"<p>قالت البلدية في بيانها رقم {number} إن أعمال صيانة الجسر تبدأ مطلع الأسبوع المقبل وتستمر شهرا كاملا.</p>"
    for number in range(5)
)
HTML = (
    "<html><head><title>صيانة الجسر تبدأ قريبا</title></head><body><article><h1>صيانة الجسر تبدأ قريبا</h1>"
    f"<div class='entry-content'><p>{STAMP}</p>{PROSE}<p><img src='/a.jpg' width='600'></p><p>{CAPTION}</p>{PROSE}"
    "<p>وختمت البلدية بيانها بشكر الأهالي على صبرهم.</p></div></article></body></html>"
)


def page() -> Page:
    return Page(HTML.encode(), URL)


def verdicts(reading: Reading) -> list[tuple[str, str | None]]:
    return [(block.text, block.dropped) for block in reading.blocks]


def test_loading_changes_no_reading() -> None:
    reading = load(page(), fetched_at=NOW).reading
    assert verdicts(reading) == verdicts(read_page(page(), now=NOW))


def test_dates_and_captions_are_judged_by_then() -> None:
    judged = dict(verdicts(read_page(page(), now=NOW)))
    assert (judged[STAMP], judged[CAPTION]) == ("date", "caption")


def test_what_is_trimmed_teaches_nothing() -> None:
    seen: list[str] = []

    class Noting(RecurringLines):
        def observe(self, lines: object) -> None:
            seen.extend(lines)  # type: ignore[call-overload]

    article = load(page(), fetched_at=NOW, memory=Noting(), learn=True).article
    assert "\n".join(seen) == article.body
    assert STAMP not in seen


def test_a_reading_takes_no_more_offers() -> None:
    reading = read_page(page(), now=NOW)
    with pytest.raises(RuntimeError, match="offers title"):
        reading.fields.offer("title", "عنوان آخر", "generic")
    with pytest.raises(AttributeError):
        reading.blocks = ()  # type: ignore[misc]
    assert [offer.value for offer in reading.fields.of("tags")] == []  # a search that was put off still runs
    with pytest.raises(RuntimeError):
        reading.fields.offer("tags", ["وسم"], "generic")


def test_a_page_at_another_address_has_the_same_tree() -> None:
    first = page()
    assert first.absolute("/a") == "https://paper.example/a"
    other = first.at("https://www.other.example/x/y")
    assert other.root is first.root
    assert (other.host, other.absolute("z")) == ("www.other.example", "https://www.other.example/x/z")
    assert first.host == "paper.example"


@pytest.mark.parametrize(
    ("part", "broken"),
    [
        ("metadata", "newscrawl.extraction.layers.metadata.read"),
        ("surroundings", "newscrawl.extraction.layers.visible.Surroundings.read"),
        ("images", "newscrawl.extraction.layers.pictures.lead"),
    ],
)
def test_a_part_that_raises_loses_no_story(part: str, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load(page(), fetched_at=NOW).article

    def fail(*_: object, **__: object) -> None:
        raise OverflowError("date value out of range")

    monkeypatch.setattr(broken, fail)
    loader = begin(page(), fetched_at=NOW)
    article = loader.load_item()
    assert list(loader.failures) == [part]
    assert (article.title, article.body) == (whole.title, whole.body)
