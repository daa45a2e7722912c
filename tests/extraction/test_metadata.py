"""What JSON-LD, meta elements and microdata say of a story, in the shapes that sites give them."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest

from newscrawl.extraction.elements.markup import plain_text
from newscrawl.extraction.layers.keywords import keywords
from tests.extraction.own_page import TITLE, URL, linked, page, read, story_object

MAHA = {"@type": "Person", "@id": "https://www.rabwa.test/#/person/7", "name": "مها الكيلاني"}
PICTURE = "https://www.rabwa.test/up/market.jpg"
AT = "2026-08-27T09:00:00+03:00"
OTHER_STORY = {"@type": "NewsArticle", "headline": "مباراة مؤجلة", "author": {"@type": "Person", "name": "سعيد بدران"}}


def graph(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@graph": list(nodes)}


@pytest.mark.parametrize(
    "values",
    [
        [graph(story_object(author={"@id": MAHA["@id"]}), MAHA)],
        [graph(MAHA, story_object(author=[{"@id": MAHA["@id"]}]))],
        [story_object(author={"@id": MAHA["@id"]}), MAHA],
        [story_object(author=MAHA["@id"]), MAHA],
        [graph(story_object(author={"@id": "#maha"}), {**MAHA, "@id": f"{URL}#maha"})],
        [graph(story_object(author={"@id": "_:b0"}), {**MAHA, "@id": "_:b0"})],
        [graph(story_object(author={"@id": "/#/person/7"}), MAHA)],
        [graph(story_object(author={"@id": MAHA["@id"], "@type": "Person"}), MAHA)],
        [graph(story_object(author={"@id": MAHA["@id"]}), {"@type": "WebPage", "author": MAHA})],
        [graph(story_object(author={"@list": [{"@id": MAHA["@id"]}]}), MAHA)],
        [graph(story_object(author={"@id": MAHA["@id"]}), {**MAHA, "@type": ["Person", "Organization"]})],
        [graph({"@type": ["WebPage", "ItemPage"], "url": URL, "author": {"@id": MAHA["@id"]}}, MAHA)],
    ],
)
def test_authors_by_reference(values: list[Any]) -> None:
    assert read(page(head=linked(*values))).authors == ["مها الكيلاني"]


@pytest.mark.parametrize(
    "values",
    [
        [graph(story_object(author={"@id": "https://www.rabwa.test/#org"}),
               {"@type": "Organization", "@id": "https://www.rabwa.test/#org", "name": "دار النخيل"})],
        [graph(story_object(author={"@id": "https://www.rabwa.test/#/person/404"}), MAHA)],
        [graph(story_object(author="https://www.rabwa.test/writers/maha"))],
        [graph(story_object(), MAHA)],
        [story_object(isPartOf=OTHER_STORY)],
        [{"@type": "Blog", "blogPost": [OTHER_STORY]}],
        [{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OTHER_STORY}]}],
        [{"@type": "WebPage", "hasPart": OTHER_STORY}],
        [story_object(comment={"@type": "Comment", "author": {"@type": "Person", "name": "سعيد بدران"}})],
        [graph(story_object(author={"@type": "NewsMediaOrganization", "name": "فريق سعيد بدران"}))],
    ],
)  # fmt: skip
def test_no_author_but_the_storys(values: list[Any]) -> None:
    assert read(page(head=linked(*values))).authors == []


@pytest.mark.parametrize(
    "values",
    [
        [graph(story_object(image={"@id": f"{URL}#primaryimage"}),
               {"@type": "ImageObject", "@id": f"{URL}#primaryimage", "url": PICTURE})],
        [graph(story_object(image=[{"@id": f"{URL}#primaryimage"}]),
               {"@type": "ImageObject", "@id": f"{URL}#primaryimage", "contentUrl": PICTURE})],
        [graph(story_object(), {"@type": "WebPage", "primaryImageOfPage": {"@id": "#lead"}},
               {"@type": "ImageObject", "@id": f"{URL}#lead", "url": PICTURE})],
        [story_object(image={"@id": PICTURE})],
        [story_object(image=f"{URL}#lead"), {"@type": "ImageObject", "@id": f"{URL}#lead", "url": PICTURE}],
        [story_object(image=["", None, PICTURE])],
        [story_object(image=[{"@type": "ImageObject", "url": ""}, {"@type": "ImageObject", "url": PICTURE}])],
        [story_object(image={"@type": "ImageObject", "url": {"@id": PICTURE}})],
        [story_object(image={"@list": [PICTURE]})],
        [story_object(image={"@id": f"{URL}#nowhere"}, thumbnailUrl=PICTURE)],
        [story_object(image={"url": ["", PICTURE]})],
        [story_object(image={"@type": "ImageObject", "image": {"url": PICTURE}})],
    ],
)  # fmt: skip
def test_pictures(values: list[Any]) -> None:
    assert [image.url for image in read(page(head=linked(*values))).images] == [PICTURE]


@pytest.mark.parametrize(
    "value",
    [
        {"@graph": story_object(author=MAHA, datePublished=AT)},
        {"@type": "WebPage", "mainEntity": story_object(author=MAHA, datePublished=AT)},
        {"@type": "WebPage", "mainEntity": [story_object(author=MAHA, datePublished=AT)]},
        {"@type": "WebPage", "mainEntityOfPage": story_object(author=MAHA, datePublished=AT)},
        story_object(author=MAHA, datePublished=AT) | {"@type": "https://schema.org/NewsArticle"},
        story_object(author=MAHA, datePublished=AT) | {"@type": ["schema:NewsArticle"]},
        {"type": "NewsArticle", "id": URL, "headline": TITLE, "author": MAHA, "datePublished": AT},
        {"@type": "schema:NewsArticle", "schema:headline": TITLE, "schema:datePublished": AT, "schema:author": MAHA},
        {"@type": "http://schema.org/Article", "http://schema.org/datePublished": AT,
         "http://schema.org/author": {"http://schema.org/name": "مها الكيلاني"}},
        [[story_object(author=[[MAHA]], datePublished={"@type": "Date", "@value": AT})]],
        {"@graph": {"@graph": [story_object(author=MAHA, datePublished=[AT])]}},
        {"@type": "WebSite", "@included": [story_object(author=MAHA, datePublished=AT)]},
        story_object(author=MAHA, datePublished=AT) | {"@type": "newsArticle"},
        {"@type": "WebPage", "hasPart": story_object(author=MAHA, datePublished=AT)},
        {"@type": "ItemList", "itemListElement": [
            {"item": OTHER_STORY}, {"item": story_object(author=MAHA, url=URL, datePublished=AT)}]},
    ],
)  # fmt: skip
def test_shapes(value: Any) -> None:
    found = read(page(head=linked(value)))
    assert (found.authors, found.published_at) == (["مها الكيلاني"], AT)


def test_a_lone_object_of_another_story_says_nothing() -> None:
    other = {"headline": "موسم الزيتون يبدأ باكرا في القرى الجبلية", "author": MAHA, "datePublished": AT}
    found = read(page(head=linked(story_object(**other, url="https://www.rabwa.test/local/11"))))
    assert (found.authors, found.published_at) == ([], None)
    for more in (
        {},
        {"url": URL},
        {"mainEntityOfPage": "https://www.rabwa.test/"},
        {"url": "https://example.com/article"},
    ):
        assert read(page(head=linked(story_object(**other, **more)))).published_at == AT


def test_items_of_other_stories_do_not_sign_this_one() -> None:
    item = (
        '<div itemscope itemtype="https://schema.org/{}"><b itemprop="headline">{}</b><i itemprop="author">{}</i></div>'
    )
    above = item.format("NewsArticle", TITLE, "مها الكيلاني")
    below = item.format("NewsArticle", "مباراة مؤجلة بسبب المطر", "سعيد بدران")
    assert read(page(above=above, below=below)).authors == ["مها الكيلاني"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Person", "givenName": "مها", "familyName": "الكيلاني"}, ["مها الكيلاني"]),
        ({"givenName": "مها", "additionalName": "سالم", "familyName": "الكيلاني"}, ["مها سالم الكيلاني"]),
        ({"@type": "Person", "name": "<a href='/w/7'>مها الكيلاني</a>"}, ["مها الكيلاني"]),
        ({"@type": "Person", "name": "&lt;b&gt;مها&lt;/b&gt; الكيلاني"}, ["مها الكيلاني"]),
        ({"@type": "Person", "name": {"@value": "مها الكيلاني", "@language": "ar"}}, ["مها الكيلاني"]),
        (
            {"name": [{"@value": "Maha", "@language": "en"}, {"@value": "مها الكيلاني", "@language": "ar"}]},
            ["مها الكيلاني"],
        ),
        ({"@type": "Person", "name": ["مها الكيلاني", "نزار بدران"]}, ["مها الكيلاني", "نزار بدران"]),
        ([{"name": "مها الكيلاني"}, {"name": "نزار بدران"}], ["مها الكيلاني", "نزار بدران"]),
        ("مها الكيلاني، نزار بدران", ["مها الكيلاني", "نزار بدران"]),
        (["مها الكيلاني", "نزار بدران"], ["مها الكيلاني", "نزار بدران"]),
    ],
)
def test_author_forms(author: Any, names: list[str]) -> None:
    assert read(page(head=linked(story_object(author=author)))).authors == names


def test_creator_answers_where_no_author_does() -> None:
    assert read(page(head=linked(story_object(creator="مها الكيلاني")))).authors == ["مها الكيلاني"]
    both = story_object(creator="نزار بدران", author="مها الكيلاني")
    assert read(page(head=linked(both))).authors == ["مها الكيلاني"]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ('<meta name="author" content="مها الكيلاني"><meta name="author" content="نزار بدران">', 2),
        ('<meta property="article:author" content="مها الكيلاني"><meta property="article:author" content="نزار بدران">',
         2),
        ('<meta property="og:author" content="مها الكيلاني">', 1),
        ('<meta name="DC.Creator" content="مها الكيلاني">', 1),
        ('<meta name="article:writer" value="مها الكيلاني">', 1),
        ('<meta property="article:author:first_name" content="مها"><meta property="article:author:last_name" '
         'content="الكيلاني">', 1),
        ('<meta name="dcterms.creator" content="مها الكيلاني">', 1),
        ('<meta name="citation_author" content="مها الكيلاني"><meta name="citation_author" content="نزار بدران">', 2),
        ('<meta name="author-name" content="مها الكيلاني">', 1),
        ('<meta name="byline" content="مها الكيلاني و نزار بدران">', 2),
        ('<meta name="author" content="&lt;span&gt;مها الكيلاني&lt;/span&gt;">', 1),
        ('<meta property="article:author" content="/w/maha"><meta name="writer" content="مها الكيلاني">', 1),
        ('<meta name="author" content="جريدة الربوة"><meta name="author" content="مها الكيلاني">', 1),
    ],
)  # fmt: skip
def test_meta_authors(head: str, names: int) -> None:
    assert read(page(head=head)).authors == ["مها الكيلاني", "نزار بدران"][:names]


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ('<p itemprop="author" itemscope><i itemprop="givenName">مها</i> <b itemprop="familyName">الكيلاني</b></p>', 1),
        ('<div itemprop="author" itemscope><meta itemprop="name" content="مها الكيلاني"></div>', 1),
        ('<span property="dc:creator">مها الكيلاني</span>', 1),
        ('<div property="schema:author" typeof="Person"><span property="name">مها الكيلاني</span></div>', 1),
        ('<div itemprop="comment" itemscope><span itemprop="author">مها الكيلاني</span><p>موفق</p></div>', 0),
    ],
)
def test_authors_in_attributes(above: str, names: int) -> None:
    assert read(page(above=above)).authors == ["مها الكيلاني"][:names]


@pytest.mark.parametrize(
    "name",
    "OriginalPublicationDate|rnews:datePublished|dcterms.issued|article_date_original|DC.date.created|DC.Date-Issued|"
    "cXenseParse:publishtime|publication_date|citation_publication_date|article-published-time|article.publishedDate|"
    "post_date|sailthru.date|iso-8601-publish-date|displaydate|posted_time|dcterms:created|publishing-date".split("|"),
)
def test_names_of_publication(name: str) -> None:
    for attribute in ("name", "property"):
        found = read(page(head=f'<meta {attribute}="{name}" content="{AT}">'))
        assert (found.published_at, found.provenance["published_at"]) == (AT, "meta")


@pytest.mark.parametrize(
    "name",
    "og:video:release_date|event:start_time|expires|article:expiration_time|copyright_date|last_publish_update_time|"
    "article:modified_time|dcterms.modified|unpublish_date|article:publisher|og:updated_time|revised".split("|"),
)
def test_names_of_other_dates(name: str) -> None:
    assert read(page(head=f'<meta name="{name}" content="{AT}">')).published_at is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("سوق; حرف; نحاس", ["سوق", "حرف", "نحاس"]),
        ("سوق|حرف|نحاس", ["سوق", "حرف", "نحاس"]),
        ("سوق ؛ حرف", ["سوق", "حرف"]),
        ("سوق، حرف,نحاس", ["سوق", "حرف", "نحاس"]),
        ("سوق &amp; حرف; نحاس", ["سوق & حرف", "نحاس"]),
        ("#سوق #سوق_الحرف #نحاس", ["سوق", "سوق الحرف", "نحاس"]),
        ("سوق - حرف - نحاس", ["سوق", "حرف", "نحاس"]),
        ("سوق / حرف / نحاس", ["سوق", "حرف", "نحاس"]),
        ("سوق • حرف", ["سوق", "حرف"]),
        ("سوق\nحرف", ["سوق", "حرف"]),
        ("الربوة - المدينة الجديدة", ["الربوة - المدينة الجديدة"]),
        ("<a href='/t/1'>سوق</a>, <a href='/t/2'>حرف</a>", ["سوق", "حرف"]),
        ("; سوق ;;", ["سوق"]),
        ("سوق，حرف، نحاس", ["سوق", "حرف", "نحاس"]),
        ("سوق + حرف + نحاس", ["سوق", "حرف", "نحاس"]),
        ('["سوق","حرف"]', ["سوق", "حرف"]),
        ("Tag:سوق, Tag:حرف", ["سوق", "حرف"]),
    ],
)
def test_keywords(value: str, words: list[str]) -> None:
    assert keywords([value]) == words
    assert read(page(head=linked(story_object(keywords=value)))).tags == words
    assert read(page(head=f'<meta name="news_keywords" content="{escape(value)}">')).tags == words


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<b>سوق</b> الحرفيين", "سوق الحرفيين"),
        ("سوق<br>الحرفيين", "سوق الحرفيين"),
        ("سوق<br/>الحرفيين", "سوق الحرفيين"),
        ("سوق&lt;br /&gt;الحرفيين", "سوق الحرفيين"),
        ("&amp;lt;strong&amp;gt;سوق&amp;lt;/strong&amp;gt; الحرفيين", "سوق الحرفيين"),
        ('<span style="color:red">عاجل:</span> سوق الحرفيين', "عاجل: سوق الحرفيين"),
        ("<p>سوق</p><p>الحرفيين</p>", "سوق الحرفيين"),
        ("سوق <!-- x -->الحرفيين", "سوق الحرفيين"),
        ("كتا<em>ب</em>", "كتاب"),
        ("الوسم <فلان> باق", "الوسم <فلان> باق"),
        ("5 < 7 و 9 > 3", "5 < 7 و 9 > 3"),
        ("سوق &amp; حرف", "سوق &amp; حرف"),
    ],
)
def test_plain_text(given: str, shown: str) -> None:
    assert plain_text(given) == shown


@pytest.mark.parametrize("markup", ["<b>سوق</b> الحرفيين يعود إلى الربوة", "سوق الحرفيين<br>يعود إلى الربوة"])
def test_titles_without_markup(markup: str) -> None:
    wanted = "سوق الحرفيين يعود إلى الربوة"
    for head in (
        linked(story_object(headline=markup)),
        f'<meta property="og:title" content="{escape(markup)}">',
        f'<meta name="twitter:title" content="{escape(escape(markup))}">',
    ):
        assert read(page(head=head, title=None)).title == wanted
