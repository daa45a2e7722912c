"""Which names, schemes and answers the guard lets pass, one by one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from newscrawl.middlewares import guard as room
from newscrawl.middlewares.guard import GuardMiddleware
from newscrawl.middlewares.outcomes import Refused
from newscrawl.middlewares.redirect import GuardedMetaRefreshMiddleware, GuardedRedirectMiddleware


def refusal(url: str, *, allow_loopback: bool = False, **meta: object) -> str | None:
    """Why a request is refused; None when it is not."""
    middleware = GuardMiddleware.from_crawler(get_crawler(settings_dict={"GUARD_ALLOW_LOOPBACK": allow_loopback}))
    try:
        middleware.process_request(Request(url, meta=meta))
    except Refused as refused:
        return refused.reason
    return None


PRIVATE = ("localhost", "local", "internal", "intranet", "lan", "home", "home.arpa", "corp", "localdomain")


@pytest.mark.parametrize("zone", PRIVATE)
def test_names_of_private_zones_are_nobodys_in_public(zone: str) -> None:
    for host in (zone, f"router.{zone}", f"a.b.{zone}", f"ROUTER.{zone.upper()}", f"router.{zone}."):
        assert refusal(f"http://{host}/") == "forbidden-address", host
    for host in (f"{zone.partition('.')[0]}.example.com", f"my{zone}-news.com", f"x.not{zone}.com"):
        assert refusal(f"http://{host}/") is None, host


@pytest.mark.parametrize("host", ["paper", "printer", "metadata"])
def test_a_single_label_is_a_name_of_this_network(host: str) -> None:
    assert refusal(f"http://{host}/") == "forbidden-address"


def test_this_machine_is_let_through_by_its_setting_and_nothing_else_with_it() -> None:
    for host in ("localhost", "127.0.0.1", "[::1]", "127.1"):
        assert refusal(f"http://{host}:8000/") == "forbidden-address", host
        assert refusal(f"http://{host}:8000/", allow_loopback=True) is None, host
    for host in ("10.0.0.1", "192.168.0.1", "169.254.169.254", "router.local", "x.localhost", "[fe80::1]", "0.0.0.0"):
        assert refusal(f"http://{host}:8000/", allow_loopback=True) == "forbidden-address", host


@pytest.mark.parametrize("url", ["ftp://paper.example/", "gopher://paper.example/", "ws://paper.example/"])
def test_only_the_schemes_of_the_web_are_asked(url: str) -> None:
    assert refusal(url) == "scheme"


@pytest.mark.parametrize(
    ("address", "reason"), [("8.8.8.8", None), ("10.0.0.1", "forbidden-address"), ("::1", "forbidden-address")]
)
def test_an_answer_from_a_forbidden_address_is_not_read(address: str, reason: str | None) -> None:
    middleware = GuardMiddleware.from_crawler(get_crawler())
    response = Response("http://paper.example/", ip_address=address)  # type: ignore[arg-type]
    request = Request(response.url)
    if reason is None:
        assert middleware.process_response(request, response) is response
    else:
        with pytest.raises(Refused) as refused:
            middleware.process_response(request, response)
        assert refused.value.reason == reason
    # One from an archive has none.
    archived = Response("http://paper.example/")
    assert middleware.process_response(request, archived) is archived


def test_robots_txt_may_be_redirected_to_another_site_and_no_page() -> None:
    """RFC 9309, 2.3.1.2; the address is looked at all the same."""
    meta = {"redirect_times": 1, "redirect_urls": ["http://paper.example/robots.txt"]}
    assert refusal("http://other.example/robots.txt", **meta, newscrawl_robots=True) is None
    assert refusal("http://other.example/robots.txt", **meta) == "offsite-redirect"
    assert refusal("http://10.0.0.1/robots.txt", **meta, newscrawl_robots=True) == "forbidden-address"


def test_a_crawl_that_has_ended_lets_no_address_through_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = SimpleNamespace(policies=[])
    monkeypatch.setattr(room.GuardedResolver, "on_reactor", lambda: resolver)
    demo, strict = (
        GuardMiddleware.from_crawler(get_crawler(settings_dict={"GUARD_ALLOW_LOOPBACK": allowed}))
        for allowed in (True, False)
    )
    for middleware in (demo, strict):
        middleware.spider_opened()
    assert resolver.policies == [demo.policy, strict.policy]
    demo.spider_closed()
    assert resolver.policies == [strict.policy]


def test_a_name_that_the_resolver_refused_is_told_from_one_that_does_not_exist() -> None:
    middleware = GuardMiddleware.from_crawler(get_crawler())
    middleware.policy.refused["rebound.example"] = "10.0.0.1, private"
    with pytest.raises(Refused, match=r"rebound\.example resolves to 10\.0\.0\.1, private"):
        middleware.process_exception(Request("http://rebound.example/"), CannotResolveHostError())
    assert middleware.process_exception(Request("http://paper.example/"), CannotResolveHostError()) is None


@pytest.mark.parametrize("kind", [GuardedRedirectMiddleware, GuardedMetaRefreshMiddleware])
def test_a_redirect_is_looked_at_before_it_is_followed(
    kind: type[GuardedRedirectMiddleware | GuardedMetaRefreshMiddleware], monkeypatch: pytest.MonkeyPatch
) -> None:
    crawler = get_crawler()
    guard = GuardMiddleware.from_crawler(crawler)
    monkeypatch.setattr(type(crawler), "get_downloader_middleware", lambda crawler, middleware: guard)
    redirect = kind.from_crawler(crawler)

    def followed(target: str) -> Request:
        request = Request("http://paper.example/1")
        answer = redirect._redirect(request.replace(url=target), request, 302)
        assert isinstance(answer, Request)
        return answer

    assert followed("http://www.paper.example/2").url == "http://www.paper.example/2"
    # Another page may have led there already; the duplicate filter would drop it without a word.
    assert followed("http://paper.example/2").dont_filter
    for target in ("http://10.0.0.1/", "http://evilpaper.example/", "http://paper.example:22/"):
        with pytest.raises(Refused):
            followed(target)
