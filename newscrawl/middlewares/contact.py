"""Who we say we are: a name, a version and someone to write to."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.utils.defer import _schedule_coro
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.program import VERSION

from .addresses import literal
from .outcomes import Postponed

logger = logging.getLogger(__name__)

MISSING = (
    "CONTACT is not set: publishers must be able to reach you, so set CONTACT to an e-mail address or the address of a "
    'page about your crawl, in settings.py or with -s CONTACT="you@example.org"'
)


_HOW = "publishers must be able to reach you, so give the e-mail address or the page of your own"
_EXAMPLES = ("@example.org", "@example.com", "@example.net")


def complaint(contact: str | None) -> str | None:
    """What is wrong with a CONTACT, in one sentence; None when it can be used."""
    text = (contact or "").strip()
    if not text:
        return MISSING
    if text.endswith(_EXAMPLES):
        return f"CONTACT={text} is an example address: {_HOW}"
    return None if usable_contact(text) else f"CONTACT={text!r} is no e-mail address and no http(s) address: {_HOW}"


def complaint_of(domains: Iterable[str], contact: str | None) -> str | None:
    """What keeps these domains from being asked under a CONTACT, in one sentence; None when nothing does.

    Hosts in `.test` and loopback addresses need none.
    """
    return None if all(map(_is_test, domains)) else complaint(contact)


def usable_contact(contact: str | None) -> bool:
    """Whether this is an e-mail address or an http(s) URL, and not an example of one."""
    text = (contact or "").strip()
    if not text.isprintable() or any(mark in text for mark in "()<>\r\n"):
        return False
    user, at, host = text.partition("@")
    is_mail = bool(user and at and "." in host)
    return (is_mail or text.startswith(("http://", "https://"))) and not text.endswith(_EXAMPLES)


def user_agent(settings: BaseSettings) -> str:
    """The name that requests carry: "newscrawl/0.2.0 (+contact)", or USER_AGENT where the project sets one."""
    if (settings.getpriority("USER_AGENT") or 0) > SETTINGS_PRIORITIES["default"]:
        return str(settings["USER_AGENT"])
    contact = (settings.get("CONTACT") or "").strip()
    name = f"newscrawl/{VERSION}"
    return f"{name} (+{contact})" if usable_contact(contact) else name


class ContactMiddleware:
    """Signs every request, and ends a crawl of a real site that has no usable CONTACT.

    Hosts in `.test` and loopback addresses need none.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._user_agent = user_agent(crawler.settings)
        # A replay of an archive asks nobody for anything.
        replays = bool(crawler.settings.get("ARCHIVE_REPLAY"))
        self._complaint = None if replays else complaint(crawler.settings.get("CONTACT"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ContactMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises Postponed, and closes the spider with the reason "contact_missing", when nobody could be reached."""
        request.headers.setdefault("User-Agent", self._user_agent)
        if self._complaint is None:
            return
        if _is_test(urlparse_cached(request).hostname or ""):
            return
        engine = self._crawler.engine
        assert engine is not None
        # A stray link must not end the crawl of the demo.
        of_demo = all(map(_is_test, getattr(self._crawler.spider, "allowed_domains", None) or [""]))
        if not of_demo and not getattr(engine._slot, "closing", None):
            logger.error("%s", self._complaint)
            _schedule_coro(engine.close_spider_async(reason="contact_missing"))
        raise Postponed("contact-missing", self._complaint)


def _is_test(host: str) -> bool:
    address = literal(host)
    return host.endswith(".test") or host == "localhost" or (address is not None and address.is_loopback)
