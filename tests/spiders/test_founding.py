"""A draft of a publisher's file: what it is made of, and which pages it is refused for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl.discovery.shapes import Shapes
from newscrawl.extraction.page.page import Page
from newscrawl.spiders.founding import Draft, FoundingError, Gathered, draft
from tests.loaders.story_pages import address, story_page

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def gathered(number: int, url: str | None = None, body: bytes | None = None) -> Gathered:
    body = body or story_page(number)
    return Gathered(Page(body, url or address(number)), body)


def drafted(*pages: Gathered) -> Draft:
    return draft(pages, now=NOW)


STORIES = [gathered(number) for number in range(4)]


def test_a_draft_says_what_its_pages_say() -> None:
    made = drafted(*STORIES)
    assert made.name == "almithal"
    assert made.attributes["publisher"] == {
        "name": "المثال", "name_en": "Almithal", "country": "XX", "timezone": "UTC",
    }  # fmt: skip
    assert made.attributes["feeds"] == ["https://www.almithal.example/feed"]
    shapes = Shapes(made.attributes["article_url"])
    assert all(shapes.identity(address(number)) for number in range(20))
    assert made.others
    assert not any(shapes.identity(url) for url in made.others)
    assert made.proposal.rules is not None


@pytest.mark.parametrize(
    ("lang", "locale", "country"),
    [("ar-EG", "", "EG"), ("ar", "ar_MA", "MA"), ("ar", "ar_AR", "XX"), ("ar", "", "XX"), ("ar_jo", "", "JO")],
)
def test_a_country_is_what_the_pages_say_of_their_language(lang: str, locale: str, country: str) -> None:
    head = f'<meta property="og:locale" content="{locale}">' if locale else ""
    pages = [
        gathered(n, body=story_page(n, head=head).replace(b'lang="ar"', f'lang="{lang}"'.encode())) for n in range(3)
    ]
    assert drafted(*pages).attributes["publisher"]["country"] == country


def test_a_name_is_what_all_titles_share() -> None:
    pages = [gathered(n, body=story_page(n).replace(b'property="og:site_name"', b'property="x"')) for n in range(3)]
    assert drafted(*pages).attributes["publisher"]["name"] == "المثال"


_LINKS = "".join(f'<li><a href="{address(n)}">عنوان طويل لخبر من أخبار اليوم رقم {n}</a></li>' for n in range(30))


@pytest.mark.parametrize(
    ("pages", "sentence"),
    [
        ([], "0 pages do not tell"),
        (STORIES[:1], "1 page does not tell"),
        (STORIES[:2], "2 pages do not tell"),
        ([*STORIES, gathered(9, "https://other.example/news/7")], "two sites: www.almithal.example and other.example"),
        ([*STORIES, STORIES[1]], "one page stands there 2 times"),
        ([*STORIES, gathered(8, "https://www.almithal.example/")], "is a front page"),
        ([*STORIES, gathered(8, "https://www.almithal.example/about-us")], "no shape in common"),
        (
            [*STORIES, gathered(8, "https://www.almithal.example/section/1", f"<ul>{_LINKS}</ul>".encode())],
            "give the pages of stories",
        ),
        ([*STORIES, gathered(8, None, b"<p>x</p>")], "give the pages of stories"),
    ],
)
def test_what_no_file_can_be_made_of_is_one_sentence(pages: list[Gathered], sentence: str) -> None:
    with pytest.raises(FoundingError, match=sentence) as caught:
        drafted(*pages)
    assert "\n" not in str(caught.value)
