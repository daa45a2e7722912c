"""Which hosts get another request, and how slowly a host is asked once its answers are quick."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.middlewares.throttle import HostThrottle, _ReadyHosts
from tests.middlewares.crawled import Engine, crawler_with

HOSTS = ("paper.test", "paused.test")


def ready(monkeypatch: pytest.MonkeyPatch, active: int, *, concurrency: int = 1) -> list[tuple[int, str]]:
    """What the queue is shown of two hosts, of which one has requests under way and the other is paused."""
    engine = Engine()
    downloader = engine.downloader
    downloader.domain_concurrency = concurrency
    downloader.active = {Request(f"http://paper.test/{number}") for number in range(active)}
    polite = SimpleNamespace(paused=lambda host: host == "paused.test")
    monkeypatch.setattr(Crawler, "get_downloader_middleware", lambda crawler, kind: polite)
    return _ReadyHosts(crawler_with(engine)).stats(HOSTS)


@pytest.mark.parametrize(
    ("active", "concurrency", "is_ready"), [(0, 1, True), (1, 1, True), (2, 1, False), (7, 4, True), (8, 4, False)]
)
def test_a_host_has_one_request_behind_each_on_the_wire_and_a_paused_one_none(
    monkeypatch: pytest.MonkeyPatch, active: int, concurrency: int, is_ready: bool
) -> None:
    expected = [(active, "paper.test")] if is_ready else []
    assert ready(monkeypatch, active, concurrency=concurrency) == expected


@pytest.mark.parametrize(("asked", "latency", "delay"), [(12.0, 0.1, 12.0), (12.0, 40.0, 40.0), (None, 0.1, 1.0)])
def test_quick_answers_make_no_host_be_asked_more_often_than_it_wants(
    asked: float | None, latency: float, delay: float
) -> None:
    engine = Engine()
    slot: Any = SimpleNamespace(delay=1.0, transferring=set())
    engine.downloader.slots["paper.test"] = slot
    if asked is not None:
        engine.downloader.per_slot_settings["paper.test"] = {"delay": asked}
    throttle = HostThrottle(crawler_with(engine))
    throttle.mindelay, throttle.maxdelay = 1.0, 60.0
    meta = {"download_slot": "paper.test", "download_latency": latency}
    request = Request("http://paper.test/", meta=meta)
    throttle._response_downloaded(Response(request.url), request, None)  # type: ignore[arg-type]
    assert slot.delay == pytest.approx(delay)
