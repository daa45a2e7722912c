"""The next page of a list is found without a rule, and nothing else is taken for it."""

from __future__ import annotations

import pytest
from parsel import Selector

from newscrawl.discovery.paging import next_page
from newscrawl.discovery.sections import Listing

SECTION = "https://www.almithal.test/sport"


def _next(body: str, number: int = 1, *, base: str = "", listing: Listing | None = None) -> str | None:
    return next_page(Selector(f"<html>{body}"), base or SECTION, SECTION, number, listing or Listing())


@pytest.mark.parametrize(
    "body",
    [
        '<link rel="next" href="/sport?page=2">',
        '<a rel="nofollow next" href="/sport?page=2">2</a>',
        '<a href="?page=2">التالي</a>',
        '<a href="/sport?page=2">الصفحة التالية »</a>',
        '<a href="/sport?page=2">المزيد</a>',
        '<a href="/sport?page=2">عرض المزيد</a>',
        '<a href="/sport?page=2">»</a>',
        '<a href="/sport?page=2" aria-label="Next"><i></i></a>',
        '<a href="/sport?page=1">1</a><a href="/sport?page=2">2</a><a href="/sport?page=3">3</a>',
    ],
)
def test_a_page_says_where_it_goes_on(body: str) -> None:
    assert _next(body) == f"{SECTION}?page=2"


@pytest.mark.parametrize(
    ("href", "number"),
    [("/sport/page/4", 3), ("/sport/page/4/", 3), ("/sport/4", 3), ("/sport?p=4&x=1", 3), ("/sport/index.4.html", 3)],
)
def test_the_number_that_follows(href: str, number: int) -> None:
    assert _next(f'<a href="{href}">{number + 1}</a>', number) == f"https://www.almithal.test{href}"


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/culture?page=2">التالي</a>',
        '<a href="https://evil.test/sport?page=2">التالي</a>',
        '<a href="/sport">المزيد</a>',
        '<a href="/sport/812300-خبر-عن-المباراة">المزيد</a>',
        '<a href="/sport?page=1">1</a>',
        '<a href="#">التالي</a><a href="javascript:next()">التالي</a><a href="http://[x">التالي</a>',
    ],
)
def test_nothing_else_is_the_next_page(body: str) -> None:
    assert _next(body) is None


def test_a_publishers_own_rule_wins() -> None:
    body = '<a class=n href="/x/2">x</a><a href="/sport?page=2">التالي</a>'
    assert _next(body, listing=Listing(next=".n")) == "https://www.almithal.test/x/2"
    assert _next(body, listing=Listing(next=".none")) is None
    assert _next(body, listing=Listing(page="?seite={n}")) == f"{SECTION}?seite=2"
