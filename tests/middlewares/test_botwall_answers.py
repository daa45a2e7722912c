"""Which answers the middleware looks at, and what it makes of a wall."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse, XmlResponse
from scrapy.utils.test import get_crawler

from newscrawl.middlewares.botwall import BotWallMiddleware
from newscrawl.middlewares.outcomes import Blocked

URL = "https://paper.test/news/1"
WALL = "<html><head><title>Just a moment...</title></head><body><div id=cf-wrapper>...</div></body></html>"


def blocked(response: Response, headers: dict[str, str] | None = None, **meta: Any) -> str | None:
    """The kind of a wall that an answer is taken for; None when it is let through, as it is."""
    crawler = get_crawler()
    assert crawler.stats is not None
    middleware = BotWallMiddleware.from_crawler(crawler)
    request = Request(URL, headers=headers, meta=meta)
    wall = None
    try:
        assert middleware.process_response(request, response) is response
    except Blocked as found:
        wall = found
    counted = {name: n for name, n in crawler.stats.get_stats().items() if name.startswith("newscrawl/blocked")}
    assert counted == ({f"newscrawl/blocked/{wall.reason}": 1} if wall else {})
    assert wall is None or wall.response is response
    return wall.reason if wall else None


def html(text: str = WALL, status: int = 200, url: str = URL) -> HtmlResponse:
    return HtmlResponse(url, status=status, body=text.encode(), encoding="utf-8")


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_wall_is_told_and_counted_whatever_its_status(status: int) -> None:
    assert blocked(html(status=status)) == "challenge"


def test_a_robots_txt_is_not_looked_at() -> None:
    """What stands before it is the robots middleware's affair, which asks again later."""
    assert blocked(html(), newscrawl_robots=True) is None


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_gone_however_it_looks(status: int) -> None:
    assert blocked(html(status=status)) is None


def test_data_is_no_page() -> None:
    for kind in (XmlResponse, Response):
        answer = kind(URL, body=WALL.encode(), **({"encoding": "utf-8"} if issubclass(kind, TextResponse) else {}))
        assert blocked(answer) is None


@pytest.mark.parametrize("name", ["If-None-Match", "If-Modified-Since"])
def test_not_modified_is_an_answer_to_who_asked_for_it(name: str) -> None:
    assert blocked(Response(URL, status=304), {name: "x"}) is None
    assert blocked(Response(URL, status=304)) == "unasked-304"


def test_who_is_sent_to_the_front_page_has_found_nothing() -> None:
    story = "<html><body>" + "<p>خبر آخر من الموقع كما يظهر في الصفحة الأولى من الصحيفة</p>" * 30 + "</body></html>"
    front = html(story, url="https://paper.test/")
    assert blocked(front, redirect_urls=[URL]) == "not-found"
    assert blocked(front) is None
