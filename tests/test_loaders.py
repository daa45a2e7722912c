"""ArticleLoader as Scrapy users know item loaders: processors by field, values of their own before the layers' ones."""

from __future__ import annotations

import gc
import weakref
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from itemloaders.processors import Compose, Identity, MapCompose, TakeFirst

import newscrawl
from newscrawl.extraction.page.page import Page
from newscrawl.items import Article, Image
from newscrawl.loaders import ArticleLoader, begin

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://www.jarida.example/news/2026/11/21/12345"
STORY = [
    "أعلنت وزارة الزراعة اليوم أن موسم الزيتون في المحافظات الشمالية بدأ قبل موعده بأسبوعين بسبب الأمطار المبكرة.",
    "وقال مزارعون في بلدة الزرقاء إن المحصول هذا العام أوفر من العام الماضي، وإن المعاصر تعمل ليلا ونهارا.",
    "وتتوقع الوزارة أن تبلغ الكميات المعصورة نحو ثلاثين ألف طن، يذهب ثلثها إلى الأسواق المجاورة.",
]
PAGE = f"""<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>موسم الزيتون يبدأ مبكرا - الجريدة</title>
<meta property="og:site_name" content="الجريدة"><meta property="og:title" content="موسم الزيتون يبدأ مبكرا">
<meta property="article:published_time" content="2026-11-21T09:30:00+03:00">
<meta property="article:section" content="اقتصاد"></head><body><article>
<p class="kicker"> زراعة </p><h1>موسم الزيتون يبدأ مبكرا</h1>
<div class="desk"><span class="who">سلمى الخطيب</span></div>
<div class="story">{"".join(f"<p>{text}</p>" for text in STORY)}</div>
<span class="rated">4</span></article></body></html>""".encode()


@dataclass(kw_only=True)
class Rated(Article):
    kicker: str | None = None
    rating: int | None = None
    letters: list[str] | None = None


class Shouting(ArticleLoader):
    title_out = Compose(TakeFirst(), lambda title: f"{title}!")
    section_in = MapCompose(lambda text, loader_context: f"{loader_context['layer']}: {text}")
    rating_in = MapCompose(int)
    letters_out = Identity()

    def tags_in(self, values: Any) -> list[str]:
        return [tag.upper() for tag in super().tags_in(values)]


def loader(kind: type[ArticleLoader] = ArticleLoader, item: type[Article] = Article) -> ArticleLoader:
    return begin(Page(PAGE, URL), fetched_at=NOW, loader=kind, item=item)


def test_the_layers_answer_when_nothing_is_added() -> None:
    article = loader().load_item()
    assert (article.title, article.section, article.body) == ("موسم الزيتون يبدأ مبكرا", "اقتصاد", "\n".join(STORY))
    assert article.published_at == "2026-11-21T09:30:00+03:00"
    assert (article.published_raw, article.provenance["section"]) == ("2026-11-21T09:30:00+03:00", "meta")
    assert article == newscrawl.extract(PAGE, url=URL, fetched_at=NOW)


def test_processors_of_a_subclass_replace_ours() -> None:
    made = loader(Shouting, Rated)
    made.add_value("tags", ["a, b", "c"])
    made.add_value("rating", "3")
    made.add_value("letters", ["x", "y"])
    article = made.load_item()
    assert isinstance(article, Rated)
    assert article.title == "موسم الزيتون يبدأ مبكرا!"
    assert (article.section, article.tags) == ("meta: اقتصاد", ["A", "B", "C"])
    assert (article.rating, article.letters) == (3, ["x", "y"])
    assert article.provenance["title"] != "spider"


def test_what_a_spider_adds_comes_first_and_is_cleaned() -> None:
    made = loader(item=Rated)
    made.add_css("kicker", ".kicker::text", MapCompose(str.strip))
    made.add_xpath("authors", "//span[@class='who']/text()")
    made.add_value("title", "  عنوان آخر | الجريدة ")
    made.add_value("published_at", "٢٠ نوفمبر ٢٠٢٦ 10:00")
    made.add_value("images", "/p/1.jpg")
    article = made.load_item()
    assert isinstance(article, Rated)
    assert (article.kicker, article.authors, article.title) == ("زراعة", ["سلمى الخطيب"], "عنوان آخر")
    assert article.published_at is not None
    assert article.published_at.startswith("2026-11-20")
    assert article.published_raw == "٢٠ نوفمبر ٢٠٢٦ 10:00"
    assert article.images == [Image(url="https://www.jarida.example/p/1.jpg")]
    own = {name for name, layer in article.provenance.items() if layer == "spider"}
    assert own == {"kicker", "authors", "title", "published_at", "images"}


@pytest.mark.parametrize(
    ("name", "value"), [("title", "  "), ("published_at", "غدا أو بعده"), ("canonical_url", "x:y")]
)
def test_what_cleaning_leaves_nothing_of_gives_way_to_the_layers(name: str, value: str) -> None:
    made, plain = loader(), loader().load_item()
    made.add_value(name, value)
    article = made.load_item()
    assert getattr(article, name) == getattr(plain, name)
    assert article.provenance.get(name) == plain.provenance.get(name)


def test_a_body_of_the_spider_is_counted_and_hashed() -> None:
    made, plain = loader(), loader().load_item()
    made.add_css("body", ".story p:first-child::text")
    article = made.load_item()
    assert article.body == STORY[0]
    assert article.word_count == len(STORY[0].split())
    assert article.content_hash != plain.content_hash


def test_nested_loaders_add_to_the_same_article() -> None:
    made = loader(item=Rated)
    made.nested_css(".desk").add_css("authors", ".who::text")
    article = made.load_item()
    assert (article.authors, article.provenance["authors"]) == (["سلمى الخطيب"], "spider")
    assert "id" not in article.provenance


def test_offers_are_asked_for_only_until_one_stands() -> None:
    asked = []

    class Asking(ArticleLoader):
        def published_at_offers(self) -> Any:
            asked.append("published_at")
            yield from super().published_at_offers()

    made = loader(Asking)
    made.add_value("published_at", "2026-11-20")
    made.load_item()
    assert asked == []
    loader(Asking).load_item()
    assert asked == ["published_at"]


def test_a_processor_that_fails_is_named() -> None:
    class Failing(ArticleLoader):
        section_in = MapCompose(int)

    with pytest.raises(ValueError, match=r"Failing\.section_in fails on"):
        loader(Failing).get_output_value("section")


@pytest.mark.parametrize("name", ["title", "body", "authors", "section", "published_at"])
def test_a_field_that_raises_is_left_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = loader().load_item()

    def fail(*_: Any) -> Any:
        raise IndexError("list index out of range")

    monkeypatch.setattr(ArticleLoader, f"{name}_in", fail, raising=False)
    made = loader()
    article = made.load_item()
    assert (getattr(article, name) in (None, []), list(made.failures)) == (True, [name])
    assert article.provenance[name] == ("empty" if name == "body" else "error")
    kept = {"title", "body", "section"} - {name}
    assert {field: getattr(article, field) for field in kept} == {field: getattr(whole, field) for field in kept}


def test_a_field_that_the_item_lacks_is_named() -> None:
    with pytest.raises(KeyError, match="kicker"):
        loader().add_value("kicker", "زراعة")


def test_a_loader_lets_go_of_its_page_at_once() -> None:
    gc.collect()
    gc.disable()
    try:
        made = loader(Shouting)
        page = weakref.ref(made.reading.dates)
        made.load_item()
        del made
        assert page() is None
    finally:
        gc.enable()


def test_extract_takes_both() -> None:
    article = newscrawl.extract(PAGE, url=URL, fetched_at=NOW, loader=Shouting, item=Rated)
    assert isinstance(article, Rated)
    assert article.title == "موسم الزيتون يبدأ مبكرا!"
