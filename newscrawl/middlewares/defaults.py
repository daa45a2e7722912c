"""What the add-on installs from this room: hardened settings, and the middlewares in their order."""

from __future__ import annotations

from typing import Any

SETTINGS: dict[str, Any] = {
    # Politeness
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 1.0,
    "DOWNLOAD_DELAY_JITTER": 0.5,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_START_DELAY": 1.0,
    "AUTOTHROTTLE_MAX_DELAY": 60.0,
    "SCHEDULER_PRIORITY_QUEUE": "newscrawl.middlewares.throttle.PatientQueue",
    "CRAWL_DELAY_MAX": 30.0,
    "RETRY_AFTER_MAX": 600.0,
    "BACKOFF_START": 5.0,
    "HOST_MAX_FAILURES": 8,
    "RETRY_TIMES": 2,
    "REFERRER_POLICY": "same-origin",
    "COOKIES_ENABLED": False,
    # Limits
    "DOWNLOAD_MAXSIZE": 16 * 1024 * 1024,
    "DOWNLOAD_WARNSIZE": 4 * 1024 * 1024,
    "DOWNLOAD_TIMEOUT": 30,
    "DNS_TIMEOUT": 15,
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_MAXDELAY": 3,  # above it, news pages reload themselves every minute or so
    "URLLENGTH_LIMIT": 2083,
    # Doors that nobody needs
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "DOWNLOAD_HANDLERS": {
        "http": "newscrawl.middlewares.download.GuardedDownloadHandler",
        "https": "newscrawl.middlewares.download.GuardedDownloadHandler",
        "file": None,
        "data": None,
        "ftp": None,
        "s3": None,
    },
    "GUARD_ALLOW_LOOPBACK": False,
    "CONTACT": None,
    # Restrictions (see items.Article) of which pages are not fetched, or not stored.
    "SKIP_RESERVED": [],
}

DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newscrawl.middlewares.contact.ContactMiddleware": 90,
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    "newscrawl.middlewares.rights.RightsMiddleware": 110,
    # Between Retry (550) and decompression (590): a wall is read, and not knocked at again.
    "newscrawl.middlewares.botwall.BotWallMiddleware": 565,
    "newscrawl.middlewares.charset.CharsetMiddleware": 570,
    "newscrawl.middlewares.redirect.GuardedMetaRefreshMiddleware": 580,
    "newscrawl.middlewares.redirect.GuardedRedirectMiddleware": 600,
    # After HttpProxy (750), so that the guard sees the request as it leaves.
    "newscrawl.middlewares.guard.GuardMiddleware": 760,
    "newscrawl.middlewares.politeness.PolitenessMiddleware": 800,
}

SPIDER_MIDDLEWARES: dict[str, int | None] = {"newscrawl.middlewares.stores.StoresMiddleware": 950}

EXTENSIONS: dict[str, int | None] = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "newscrawl.middlewares.throttle.HostThrottle": 0,
}

#: Components of Scrapy that do nothing unless a setting is on. What they stand on takes long to import: that of the
#: remote control a twelfth, that of the cookies a thirtieth of the time in which a crawl starts.
SWITCHED: dict[str, dict[str, str]] = {
    "EXTENSIONS_BASE": {
        "scrapy.extensions.remote_control.RemoteControl": "REMOTE_CONTROL_ENABLED",
        "scrapy.extensions.telnet.TelnetConsole": "TELNETCONSOLE_ENABLED",
    },
    "DOWNLOADER_MIDDLEWARES_BASE": {
        "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": "COOKIES_ENABLED",
    },
}
