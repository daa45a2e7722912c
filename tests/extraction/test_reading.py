"""A reading is final when extraction hands it over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl.extraction.body.memory import RecurringLines
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import Reading, read_page
from newscrawl.loaders import begin, load
from newscrawl.spiders import registry
from tests.extraction import own_page

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


def _fail(*_: object, **__: object) -> None:
    raise OverflowError("date value out of range")


@pytest.mark.parametrize(
    ("part", "broken"),
    [
        ("json_ld", "newscrawl.extraction.layers.json_ld.story_node"),
        ("metadata", "newscrawl.extraction.layers.metadata.read"),
        ("site_names", "newscrawl.extraction.reading.site_names"),
        ("headline", "newscrawl.extraction.layers.headline.HeadlineFinder.find"),
        ("surroundings", "newscrawl.extraction.layers.visible.Surroundings.read"),
        ("published", "newscrawl.extraction.layers.visible.Surroundings._offer_dates"),
        ("images", "newscrawl.extraction.layers.pictures.lead"),
        ("coverage", "newscrawl.extraction.body.story.coverage"),
        ("body", "newscrawl.extraction.body.story.ContentFinder"),
        ("body", "newscrawl.extraction.body.finder.ContentFinder.containers"),
        ("body", "newscrawl.extraction.body.beside.Beside.leads"),
        ("body", "newscrawl.extraction.body.beside.Beside.rest"),
        ("body", "newscrawl.extraction.body.opening.read_last_lines"),
        ("body", "newscrawl.extraction.body.boilerplate.sift"),
        ("body", "newscrawl.extraction.body.opening.drop_preamble"),
        ("body", "newscrawl.extraction.body.opening.read_lines"),
        ("body", "newscrawl.extraction.body.hidden.read_instead"),
        ("body", "newscrawl.extraction.body.story.is_listing"),
        ("body", "newscrawl.extraction.body.opening.trim"),
    ],
)
def test_a_part_that_raises_loses_no_story(part: str, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken, _fail)
    loader = begin(Page(own_page.page(), own_page.URL), fetched_at=NOW)
    article = loader.load_item()
    assert set(loader.failures) == {part}
    assert (article.title, article.body) == (own_page.TITLE, "\n".join(own_page.STORY))


@pytest.mark.parametrize(
    ("part", "broken"),
    [
        ("rules", "newscrawl.extraction.layers.by_rules.read_fields"),
        ("body", "newscrawl.extraction.layers.by_rules.read_body"),
    ],
)
def test_a_rule_that_raises_loses_no_story(part: str, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = registry.source("independentarabia")
    monkeypatch.setattr(broken, _fail)
    loader = begin(Page(own_page.page(), own_page.URL), source, fetched_at=NOW)
    article = loader.load_item()
    assert set(loader.failures) == {part}
    assert (article.title, article.body) == (own_page.TITLE, "\n".join(own_page.STORY))


def test_a_body_that_every_way_raises_on_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.extraction.body.story.read", _fail)
    loader = begin(Page(own_page.page(), own_page.URL), fetched_at=NOW)
    article = loader.load_item()
    assert (article.title, article.body, set(loader.failures)) == (own_page.TITLE, None, {"body"})
