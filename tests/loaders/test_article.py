"""Which layer answers for each field, and what provenance says of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from newscrawl.arabic import fold
from newscrawl.discovery.links import Link, Told
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher, Source
from newscrawl.items import Article
from newscrawl.loaders import load_article
from newscrawl.loaders.titles import bare_title

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://www.jarida.example/news/12345"
STORY = [
    "أعلنت وزارة الزراعة اليوم أن موسم الزيتون في المحافظات الشمالية بدأ قبل موعده بأسبوعين بسبب الأمطار المبكرة.",
    "وقال مزارعون في بلدة الزرقاء إن المحصول هذا العام أوفر من العام الماضي، وإن المعاصر تعمل ليلا ونهارا.",
    "وتتوقع الوزارة أن تبلغ الكميات المعصورة نحو ثلاثين ألف طن، يذهب ثلثها إلى الأسواق المجاورة.",
]
RULES = Rules(
    since="2026-08",
    title=".ruled-title",
    body=".story",
    authors=".ruled-author",
    section=".ruled-section",
    published=".ruled-date",
)
SOURCE = Source(
    name="jarida",
    publisher=Publisher("الجريدة", "Al Jarida", "JO", "Asia/Amman"),
    domains=("jarida.example",),
    rules=(RULES,),
)


def page(*, ruled: bool = True, head: str = "", title: str = "عنوان كما يراه القارئ") -> bytes:
    """A page whose rules, metadata and layout each say something of their own."""
    own = (
        '<p class="ruled-title">عنوان القاعدة</p><span class="ruled-author">سلمى الخطيب</span>'
        '<span class="ruled-section">زراعة</span><span class="ruled-date">21/11/2026 10:00</span>'
    )
    return f"""<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{title} - الجريدة</title>
<meta property="og:site_name" content="الجريدة"><meta property="og:title" content="عنوان لمحركات البحث">
<meta property="article:published_time" content="2026-11-20T09:30:00+03:00">
<meta property="article:section" content="اقتصاد"><meta name="author" content="سعيد منصور">{head}</head><body><article>
<h1>{title}</h1>{own if ruled else ""}<div class="story">{"".join(f"<p>{text}</p>" for text in STORY)}</div>
</article></body></html>""".encode()


def read(body: bytes, source: Source | None = SOURCE, **more: Any) -> Article:
    return load_article(body, url=URL, source=source, fetched_at=NOW, **more)


def test_the_publishers_rules_come_first_and_say_since_when_they_hold() -> None:
    article = read(page())
    assert (article.title, article.section, article.authors) == ("عنوان القاعدة", "زراعة", ["سلمى الخطيب"])
    assert (article.published_at, article.published_raw) == ("2026-11-21T10:00:00+03:00", "21/11/2026 10:00")
    ruled = {"title", "body", "section", "authors", "published_at"}
    assert {article.provenance[name] for name in ruled} == {"rule:2026-08"}


@pytest.mark.parametrize("source", [SOURCE, None])
def test_where_no_rule_answers_readers_headline_and_metadata_do(source: Source | None) -> None:
    article = read(page(ruled=False), source)
    assert (article.title, article.provenance["title"]) == ("عنوان كما يراه القارئ", "generic")
    assert (article.section, article.provenance["section"]) == ("اقتصاد", "meta")
    assert (article.authors, article.published_at) == (["سعيد منصور"], "2026-11-20T09:30:00+03:00")
    assert article.published_raw == "2026-11-20T09:30:00+03:00"


def test_what_several_layers_tell_together_is_said_of_none() -> None:
    body = page().decode().replace(STORY[0], f"عمان (رويترز) - {STORY[0]}")
    article = read(body.encode())
    assert article.agencies == ["Reuters"]
    assert "" not in article.provenance.values()


def test_rules_that_are_not_asked_for_or_no_longer_hold_answer_nothing() -> None:
    over = Source(
        name="jarida", publisher=SOURCE.publisher, domains=SOURCE.domains,
        rules=(Rules(since="2026-01", valid_until=date(2026, 11, 21), title=".ruled-title"),),
    )  # fmt: skip
    for article in (read(page(), generic=True), read(page(), over)):
        assert not any(layer.startswith("rule") for layer in article.provenance.values())
        assert article.title == "عنوان كما يراه القارئ"
    still = Source(
        name="jarida", publisher=SOURCE.publisher, domains=SOURCE.domains,
        rules=(RULES, Rules(since="2026-01", valid_until=date(2026, 11, 22), title="h1")),
    )  # fmt: skip
    assert read(page(), still).provenance["title"] == "rule:2026-01"


def test_a_listing_is_asked_last() -> None:
    hint = Link(URL, title="عنوان القائمة", published=datetime(2026, 11, 19, 8, tzinfo=UTC), origin="feed")
    article = read(page(), hint=hint)
    assert (article.title, article.published_at) == ("عنوان القاعدة", "2026-11-21T10:00:00+03:00")
    bare = f"<html><body><div class=x><p>{'</p><p>'.join(STORY)}</p></div></body></html>".encode()
    article = read(bare, None, hint=hint)
    assert (article.title, article.provenance["title"]) == ("عنوان القائمة", "feed")
    assert (article.published_at, article.provenance["published_at"]) == ("2026-11-19T08:00:00+00:00", "feed")
    # A date that no page was read for has no text that it was read from.
    assert article.published_raw is None


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/news/1", "https://www.jarida.example/news/1"),
        ("https://amp.jarida.example/news/1", "https://amp.jarida.example/news/1"),
        ("https://eviljarida.example/news/1", None),
        ("https://jarida.example.evil.test/news/1", None),
        ("https://other.example/news/1", None),
        ("javascript:x", None),
    ],
)
@pytest.mark.parametrize("source", [SOURCE, None])
def test_a_canonical_url_is_the_sites_own_or_none(source: Source | None, href: str, canonical: str | None) -> None:
    assert read(page(head=f'<link rel="canonical" href="{href}">'), source).canonical_url == canonical


@pytest.mark.parametrize(
    ("written", "subtitle"),
    [
        ("موسم قصير بعد أمطار كثيرة", "موسم قصير بعد أمطار كثيرة"),
        ("  موسم&nbsp;قصير\n بعد أمطار كثيرة ", "موسم قصير بعد أمطار كثيرة"),
        # Who wrote it, the headline or the first paragraph again, in whatever spelling.
        ("عمان - رويترز", None),
        ("(أ ف ب)", None),
        ("عُنوان القاعده", None),
        (STORY[0], None),
        ("", None),
    ],
)
def test_a_standfirst_says_something_of_its_own(written: str, subtitle: str | None) -> None:
    rules = Rules(title=".ruled-title", body=".story", subtitle=".standfirst")
    source = Source(name="jarida", publisher=SOURCE.publisher, domains=SOURCE.domains, rules=(rules,))
    body = page().decode().replace('<div class="story">', f'<p class="standfirst">{written}</p><div class="story">')
    article = read(body.encode(), source)
    assert article.subtitle == subtitle
    assert article.body == "\n".join(STORY)


def test_forty_tags_at_the_most_and_none_that_is_the_paper_itself() -> None:
    head = "".join(f'<meta property="article:tag" content="وسم {number}">' for number in range(60))
    article = read(page(head=f'<meta property="article:tag" content="الجريدة">{head}'))
    assert article.tags == [f"وسم {number}" for number in range(40)]


def test_a_paywall_is_told_only_where_the_page_says_so() -> None:
    said = '<script type="application/ld+json">{{"@type": "NewsArticle", "isAccessibleForFree": {}}}</script>'
    assert read(page()).paywalled is None
    assert read(page(head=said.format("false"))).paywalled is True
    assert read(page(head=said.format("true"))).paywalled is False


def teaser(words: int, told: str, **more: Any) -> Article:
    """A page that shows so many words of a story that its feed tells whole."""
    shown = " ".join(" ".join(STORY).split()[:words])
    body = f"<html><head><title>عنوان</title></head><body><article><h1>عنوان</h1><p>{shown}</p></article></body></html>"
    return read(body.encode(), None, hint=Link(URL, title="عنوان", origin="feed", told=Told(told)), **more)


WHOLE = "".join(f"<p>{text}</p>" for text in [" ".join(STORY), *STORY[1:], *STORY[1:]])


def test_a_feed_that_has_the_whole_of_a_teaser_gives_the_body() -> None:
    article = teaser(30, WHOLE)
    assert article.provenance["body"] == "feed"
    assert article.body is not None
    assert article.body.startswith(" ".join(STORY))


def test_a_feed_that_begins_otherwise_or_has_little_more_does_not() -> None:
    for told in (
        "".join(f"<p>{text}</p>" for text in STORY[1:] * 3),
        f"<p>{' '.join(' '.join(STORY).split()[:40])}</p>",
    ):
        assert teaser(30, told).provenance["body"] != "feed"


@pytest.mark.parametrize(("words", "layer"), [(40, "feed"), (100, "feed"), (101, "generic"), (140, "generic")])
def test_what_is_longer_than_a_teaser_is_the_story(words: int, layer: str) -> None:
    """Unless the page says that the rest is to be paid for."""
    told = " ".join(f"وقالت الجهة رقم {number} إنها تدرس الخطة." for number in range(60)).split()
    shown = " ".join(told[:words])
    whole = "".join(f"<p>{' '.join(told[at : at + 60])}</p>" for at in range(0, 3 * words, 60))
    wall = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    for head, expected in (("", layer), (wall, "feed")):
        body = (
            f"<html><head><title>عنوان</title>{head}</head><body><article><h1>عنوان</h1><p>{shown}</p></article></body>"
        )
        hint = Link(URL, title="عنوان", origin="feed", told=Told(f"<p>{shown}</p>{whole}"))
        assert read(body.encode(), None, hint=hint).provenance["body"] == expected


@pytest.mark.parametrize(
    ("written", "is_shown", "title"),
    [
        ("افتتاح سوق - الجريدة", False, "افتتاح سوق"),
        ("الجريدة | افتتاح سوق", False, "افتتاح سوق"),
        ("افتتاح سوق 21/11/2026", False, "افتتاح سوق"),
        ("افتتاح سوق 21/11/2026", True, "افتتاح سوق 21/11/2026"),
        ("محليات | افتتاح سوق الحرفيين | صور", False, "افتتاح سوق الحرفيين"),
        ("محليات | افتتاح سوق الحرفيين | صور", True, "محليات | افتتاح سوق الحرفيين | صور"),
        ("سوق - مدينة", False, "سوق - مدينة"),
        ("الجريدة", False, None),
        ("الجريدة", True, None),
        ("  ", False, None),
    ],
)
def test_a_title_stands_without_the_papers_name(written: str, is_shown: bool, title: str | None) -> None:
    assert bare_title(written, {fold("الجريدة")}, is_shown=is_shown) == title
