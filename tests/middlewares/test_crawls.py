"""Politeness and the guard in real crawls of a server on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object

from newscrawl.middlewares import defaults
from newscrawl.middlewares.guard import GuardMiddleware
from newscrawl.middlewares.politeness import PolitenessMiddleware
from newscrawl.middlewares.robots import RobotsMiddleware
from newscrawl.spiders.news import NewsSpider
from tests.faults import behaviours
from tests.faults.running import RunningServer
from tests.faults.server import Exchange, fault
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
assert behaviours

# What a server sees of a second's wait, at least: it may be late to look where the machine has much to do. Without the
# wait it would see hundredths of a second, and .4 where AutoThrottle alone holds requests back.
_WAITED = 0.6


@fault("busy-for-a-second")
async def _(exchange: Exchange) -> None:
    await _busy(exchange, "1")


@fault("busy-for-a-day")
async def _(exchange: Exchange) -> None:
    await _busy(exchange, "86400")


async def _busy(exchange: Exchange, seconds: str) -> None:
    """The first answer takes so long that the next request is due when it comes."""
    if exchange.hit == 1:
        await asyncio.sleep(0.4)
        await exchange.reply("", "429 Too Many Requests", {"Retry-After": seconds})
    else:
        await exchange.reply("<p>ok</p>")


@fault("busy-once")
async def _(exchange: Exchange) -> None:
    if exchange.hit == 1 and exchange.path == "/first":
        await exchange.reply("", "503 Service Unavailable", {"Retry-After": "1"})
    else:
        await exchange.reply("<p>ok</p>")


@fault("always-failing")
async def _(exchange: Exchange) -> None:
    exchange.reset()


@fault("slow-answers")
async def _(exchange: Exchange) -> None:
    await asyncio.sleep(0.4)
    await exchange.reply("<p>ok</p>")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(autouse=True)
def forget(server: RunningServer) -> None:
    server.server.hits.clear()
    server.server.log.clear()


def crawl(
    urls: list[str],
    settings: dict[str, Any] | None = None,
    spider: dict[str, Any] | None = None,
    heartbeat: float | None = None,
) -> dict[str, Any]:
    plan = {"urls": urls, "settings": {"GUARD_ALLOW_LOOPBACK": True, **(settings or {})}, "spider": spider or {}}
    plan["heartbeat"] = heartbeat
    finished = subprocess.run(
        [sys.executable, "-m", "tests.middlewares.one_crawl"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "no_proxy": "*"} | (settings or {}).get("ENVIRONMENT", {}),
        timeout=PATIENCE,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
    return {**json.loads(finished.stdout.splitlines()[-1]), "log": finished.stderr}


def url(server: RunningServer, host: str, path: str = "/") -> str:
    return f"http://{host}.faults.test:{server.server.port}{path}"


def times(server: RunningServer, host: str, *, robots: bool = False) -> list[float]:
    return [
        moment
        for moment, path, _ in server.server.log
        if path.startswith(f"{host}/") and (robots or not path.endswith("robots.txt"))
    ]


def test_a_busy_host_waits_where_nothing_else_slows_requests_down(server: RunningServer) -> None:
    run = crawl([url(server, "busy-for-a-second", "/page")] * 2, {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False})
    first, *later = times(server, "busy-for-a-second")
    assert min(later) - first >= _WAITED
    assert set(run["outcomes"].values()) == {"200"}


def test_a_busy_host_waits_while_others_go_on(server: RunningServer) -> None:
    busy = [url(server, "busy-for-a-second", "/page")] * 2
    others = [url(server, "quick", f"/{number}.html") for number in range(20)]
    run = crawl([*busy, *others], {"CONCURRENT_REQUESTS": 4})
    assert set(run["outcomes"].values()) == {"200"}
    first, *later = times(server, "busy-for-a-second")
    assert min(later) - first >= _WAITED
    assert sum(first < moment < min(later) for moment in times(server, "quick")) >= 3
    assert "as it asks" in run["log"]


def test_a_host_that_asks_for_a_day_gets_no_request_more(server: RunningServer) -> None:
    run = crawl([url(server, "busy-for-a-day", "/page")] * 2)
    assert set(run["outcomes"].values()) == {"retry-after"}
    assert len(times(server, "busy-for-a-day")) == 1
    assert run["stats"]["newscrawl/postponed/retry-after"] == "2"


def test_an_answer_from_the_cache_says_nothing_of_the_host(server: RunningServer, tmp_path: Path) -> None:
    settings = {
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_DIR": str(tmp_path),
        "HTTPCACHE_IGNORE_HTTP_CODES": [],
        "RETRY_ENABLED": False,
    }
    asked = [url(server, "busy-once", "/first")]
    assert "as it asks" in crawl(asked, settings)["log"]
    again = crawl(asked, settings)
    assert len(times(server, "busy-once")) == 1
    assert set(again["outcomes"].values()) == {"http-503"}
    assert "as it asks" not in again["log"]


def test_the_end_of_a_pause_is_no_matter_of_the_heartbeat(server: RunningServer) -> None:
    """An engine whose heart beats once a day would wait so long for the host, and this test in vain for the engine."""
    run = crawl([url(server, "busy-once", "/first")], heartbeat=86_400)
    assert set(run["outcomes"].values()) == {"200"}


def test_crawl_delay_and_request_rate_are_kept(server: RunningServer) -> None:
    run = crawl(
        [url(server, "robots-crawl-delay", f"/news/{number}.html") for number in range(3)], {"DOWNLOAD_DELAY_JITTER": 0}
    )
    moments = times(server, "robots-crawl-delay")
    assert all(later - earlier >= _WAITED for earlier, later in pairwise(moments))
    assert "1 s between requests, as its robots.txt asks" in run["log"]


def test_an_unreasonable_crawl_delay_is_capped_and_said(server: RunningServer) -> None:
    run = crawl([url(server, "robots-crawl-delay-mad", "/news/1.html")], {"CRAWL_DELAY_MAX": 0.1})
    assert "CRAWL_DELAY_MAX allows 0.1 s" in run["log"]
    assert set(run["outcomes"].values()) == {"200"}


def test_a_slow_host_is_asked_more_slowly_and_none_faster_than_it_asked(server: RunningServer) -> None:
    hosts = ("slow-answers", "robots-crawl-delay")
    pages = [url(server, host, f"/news/{number}.html") for number in range(3) for host in hosts]
    log = crawl(pages, {"AUTOTHROTTLE_DEBUG": True, "DOWNLOAD_DELAY_JITTER": 0})["log"]
    delays = {host: [int(ms) for ms in re.findall(rf"slot: {host}\S* .*?delay: *(\d+) ms", log)] for host in hosts}
    assert delays["slow-answers"][-1] >= 390
    moments = times(server, "robots-crawl-delay")
    assert all(later - earlier >= _WAITED for earlier, later in pairwise(moments))


def test_robots_txt_is_fetched_once_a_host(server: RunningServer) -> None:
    crawl([url(server, host, f"/{number}.html") for number in range(6) for host in ("one", "two")])
    assert server.server.hits["one/robots.txt"] == server.server.hits["two/robots.txt"] == 1


def test_a_dead_host_is_left_alone(server: RunningServer) -> None:
    run = crawl([url(server, "always-failing", f"/{number}") for number in range(40)], {"HOST_MAX_FAILURES": 4})
    assert {"host-down"} <= set(run["outcomes"].values()) <= {"host-down", "reset"}
    assert len(run["outcomes"]) == 40
    assert len(times(server, "always-failing")) <= 6
    assert "left alone for this run" in run["log"]


def test_outside_its_hours_a_publisher_is_not_visited(server: RunningServer) -> None:
    now = datetime.now(ZoneInfo("Asia/Riyadh"))
    start, end = now + timedelta(hours=6), now + timedelta(hours=7)
    run = crawl([url(server, "one")], spider={"hours": f"{start:%H:%M}-{end:%H:%M}"})
    assert run["stats"]["finish_reason"] == "outside_hours"
    assert run["outcomes"] in ({}, {url(server, "one"): "outside-hours"})
    assert not server.server.log
    assert f"they begin at {start:%Y-%m-%dT%H:%M}" in run["log"]


def test_a_real_site_needs_a_contact(server: RunningServer) -> None:
    run = crawl(["https://news.example.net/1.html"], spider={"allowed_domains": ["example.net"]})
    assert run["stats"]["finish_reason"] == "contact_missing"
    assert "CONTACT is not set" in run["log"]


def test_a_replay_needs_neither_contact_nor_the_right_hour(server: RunningServer) -> None:
    page = "https://news.example.net/1.html"
    now = datetime.now(ZoneInfo("Asia/Riyadh"))
    closed = f"{now + timedelta(hours=6):%H:%M}-{now + timedelta(hours=7):%H:%M}"
    spider = {"allowed_domains": ["example.net"], "hours": closed}
    # There is no archive here, so the request goes as far as the name, which does not exist.
    assert crawl([page], {"ARCHIVE_REPLAY": "x.warc.gz"}, spider)["outcomes"] == {page: "dns"}


def test_requests_are_signed(server: RunningServer) -> None:
    crawl([url(server, "one")], {"CONTACT": "desk@university.edu"})
    agents = {headers["user-agent"] for _, _, headers in server.server.log}
    assert len(agents) == 1
    assert agents.pop().startswith("newscrawl/")
    assert server.server.log[-1][2]["user-agent"].endswith("(+desk@university.edu)")
    assert "cookie" not in server.server.log[-1][2]


@pytest.mark.parametrize("host", ["one.faults.test", "127.0.0.1", "127.1", "localhost", "2130706433", "[::1]"])
def test_loopback_is_closed_by_default(server: RunningServer, host: str) -> None:
    target = f"http://{host}:{server.server.port}/"
    run = crawl([target], {"GUARD_ALLOW_LOOPBACK": False, "CONTACT": "desk@university.edu"})
    assert run["outcomes"] == {target: "forbidden-address"}
    assert not server.server.log


def test_a_users_proxy_may_be_private_but_is_no_target(server: RunningServer) -> None:
    proxy = f"http://127.0.0.1:{server.server.port}"
    settings = {
        "GUARD_ALLOW_LOOPBACK": False,
        "CONTACT": "desk@university.edu",
        "ENVIRONMENT": {"http_proxy": proxy, "no_proxy": ""},
    }
    asked = ["http://one.faults.test/", f"{proxy}/", "http://10.0.0.1/", "http://router.internal/"]
    run = crawl(asked, settings)
    assert [run["outcomes"][target] for target in asked] == ["200", *["forbidden-address"] * 3]
    assert {headers["host"] for _, _, headers in server.server.log} == {"one.faults.test"}


def test_telnet_and_remote_control_are_off(server: RunningServer) -> None:
    log = crawl([url(server, "one")])["log"]
    assert "TelnetConsole" not in log
    assert "RemoteControl" not in log


def test_a_publisher_may_opt_out_of_certificates_in_its_declaration() -> None:
    class Careless(NewsSpider):
        name = "careless"
        verify_certificates = False

    class Careful(NewsSpider):
        name = "careful"

    chosen = {spider: Settings(defaults.SETTINGS, priority="addon") for spider in (Careless, Careful)}
    for spider, settings in chosen.items():
        spider.update_settings(settings)
    assert not chosen[Careless].getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert chosen[Careful].getbool("DOWNLOAD_VERIFY_CERTIFICATES")


def test_the_add_on_closes_what_nobody_needs() -> None:
    crawler = Crawler(NewsSpider, {"ADDONS": {"newscrawl.addon.NewscrawlAddon": 0}})
    crawler.addons.load_settings(crawler.settings)
    for name in ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "GUARD_ALLOW_LOOPBACK"):
        assert crawler.settings.getbool(name) is False, name
    for name in ("ROBOTSTXT_OBEY", "DOWNLOAD_VERIFY_CERTIFICATES", "AUTOTHROTTLE_ENABLED"):
        assert crawler.settings.getbool(name) is True, name
    assert crawler.settings.getint("DOWNLOAD_MAXSIZE") == 16 * 1024 * 1024
    handlers = crawler.settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    installed = build_component_list(crawler.settings.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES"))
    assert {RobotsMiddleware, GuardMiddleware, PolitenessMiddleware} <= set(map(load_object, installed))
    assert RobotsTxtMiddleware not in set(map(load_object, installed))


@pytest.mark.parametrize(
    ("switch", "setting", "component"),
    [
        (switch, setting, component)
        for setting, switches in defaults.SWITCHED.items()
        for component, switch in switches.items()
    ],
)
def test_what_is_switched_off_is_not_imported_and_what_is_on_is_there(
    switch: str, setting: str, component: str
) -> None:
    for is_on in (False, True):
        crawler = Crawler(NewsSpider, {"ADDONS": {"newscrawl.addon.NewscrawlAddon": 0}, switch: is_on})
        crawler.addons.load_settings(crawler.settings)
        assert (component in crawler.settings[setting]) is is_on
        assert (component in build_component_list(
            crawler.settings.get_component_priority_dict_with_base(setting.removesuffix("_BASE"))
        )) is is_on  # fmt: skip
