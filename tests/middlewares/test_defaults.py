"""The figures that README.md and SECURITY.md promise, as a crawl has them."""

from __future__ import annotations

from typing import Any

import pytest

from newscrawl.middlewares import defaults, download, reserved, robots

PROMISED: dict[str, Any] = {
    # One request a second and host, with jitter, slower as latency rises.
    "DOWNLOAD_DELAY": 1.0,
    "DOWNLOAD_DELAY_JITTER": 0.5,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_MAX_DELAY": 60.0,
    "ROBOTSTXT_OBEY": True,
    "CRAWL_DELAY_MAX": 30.0,
    "RETRY_AFTER_MAX": 600.0,
    "HOST_MAX_FAILURES": 8,
    # Five redirects, two retries; 30 s and 16 MiB a response.
    "REDIRECT_MAX_TIMES": 5,
    "RETRY_TIMES": 2,
    "DOWNLOAD_TIMEOUT": 30,
    "DOWNLOAD_MAXSIZE": 16 * 1024 * 1024,
    "URLLENGTH_LIMIT": 2083,
    # A page that reloads itself every minute or so leads nowhere.
    "METAREFRESH_MAXDELAY": 3,
    # Nobody learns by which page we came from another site, and nothing is remembered for a server.
    "REFERRER_POLICY": "same-origin",
    "COOKIES_ENABLED": False,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "GUARD_ALLOW_LOOPBACK": False,
}


@pytest.mark.parametrize("name", PROMISED)
def test_a_crawl_has_what_is_promised(name: str) -> None:
    assert defaults.SETTINGS[name] == PROMISED[name]


def test_no_scheme_but_those_of_the_web_is_fetched() -> None:
    handlers = defaults.SETTINGS["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert {"file", "data", "ftp", "s3"} <= handlers.keys()


def test_a_request_is_signed_before_robots_txt_is_asked_and_looked_at_last_by_the_guard() -> None:
    order = {name.rpartition(".")[2]: place for name, place in defaults.DOWNLOADER_MIDDLEWARES.items() if place}
    assert order["ContactMiddleware"] < order["RobotsMiddleware"] < order["RightsMiddleware"]
    # Scrapy's: retries at 550, decompression at 590, proxies at 750.
    assert 550 < order["BotWallMiddleware"] < order["CharsetMiddleware"] < 590
    assert 750 < order["GuardMiddleware"] < order["PolitenessMiddleware"]


def test_the_bounds_of_robots_txt_and_of_headers() -> None:
    assert (robots.CACHE_SECONDS, reserved.PARSE_LIMIT) == (24 * 3600, 500 * 1024)
    assert download.MAX_HEADER_BYTES == 256 * 1024
