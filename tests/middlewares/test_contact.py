"""Who may be asked without saying who asks, and what is no way to reach anybody."""

from __future__ import annotations

import asyncio

import pytest
from scrapy import Request

from newscrawl.middlewares import contact as contact_room
from newscrawl.middlewares.contact import MISSING, ContactMiddleware, complaint, complaint_of
from newscrawl.middlewares.outcomes import Postponed
from tests.middlewares.crawled import Engine, crawler_with


def refused(url: str, contact: str | None, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said of a request that is refused, and ends the crawl."""
    monkeypatch.setattr(contact_room, "_schedule_coro", asyncio.run)
    engine = Engine()
    with pytest.raises(Postponed) as postponed:
        ContactMiddleware(crawler_with(engine, CONTACT=contact)).process_request(Request(url))
    assert engine.closed == ["contact_missing"]
    return str(postponed.value)


@pytest.mark.parametrize(
    "host",
    ["paper.example", "latest", "news.latest", "paper.test.example", "localhost.example", "10.0.0.1", "128.0.0.1"],
)
def test_a_real_site_needs_a_contact(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert complaint_of([host], None) == MISSING
    assert complaint_of(["paper.test", host], None) == MISSING
    assert refused(f"https://{host}/", None, monkeypatch) == MISSING


@pytest.mark.parametrize("host", ["paper.test", "www.paper.test", "localhost", "127.0.0.1", "127.1", "::1"])
def test_what_is_only_a_test_needs_none(host: str) -> None:
    assert complaint_of([host], None) is None
    shown = f"[{host}]" if ":" in host else host
    request = Request(f"http://{shown}/")
    ContactMiddleware(crawler_with(Engine())).process_request(request)
    assert request.headers["User-Agent"].startswith(b"newscrawl/")


@pytest.mark.parametrize("contact", ["you@example.org", "you@example.com", "you@example.net", " you@example.org "])
def test_the_address_of_an_example_is_nobodys(contact: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = complaint(contact)
    assert said is not None
    assert "is an example address" in said
    assert refused("https://paper.example/", contact, monkeypatch) == said


@pytest.mark.parametrize("contact", ["desk", "desk@", "@university.edu", "desk@university", "a@b.c (x)", "a@b.c\nX: y"])
def test_what_is_no_address_is_named(contact: str) -> None:
    said = complaint(contact)
    assert said is not None
    assert "is no e-mail address and no http(s) address" in said


def test_a_contact_is_in_every_request_and_a_name_of_the_users_own_stays() -> None:
    contact = ContactMiddleware(crawler_with(Engine(), CONTACT="desk@university.edu"))
    request = Request("https://paper.example/")
    contact.process_request(request)
    assert request.headers["User-Agent"].endswith(b"(+desk@university.edu)")
    own = Request("https://paper.example/", headers={"User-Agent": "mine"})
    contact.process_request(own)
    assert own.headers["User-Agent"] == b"mine"
