"""Patience with each host: Retry-After, backing off, giving up on a host that is down, and visiting hours."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from zoneinfo import ZoneInfo

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.asyncio import CallLaterResult, call_later
from scrapy.utils.defer import _schedule_coro
from twisted.python.failure import Failure

from .hours import Hours
from .outcomes import Postponed, reason_of

logger = logging.getLogger(__name__)

_AFTER = 0.01  # seconds: the loop's clock is coarse, and a look just before the end of the pause would find nothing
_SLOW_DOWN = frozenset({429, 503})
_HOST_FAULTS = frozenset({"dns", "connection-refused", "timeout", "unreachable", "reset", "tls"})


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, from seconds or an HTTP date; None when absent or unreadable."""
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


@dataclass(slots=True)
class _Host:
    failures: int = 0
    refusals: int = 0
    paused_until: float = 0.0
    alarm: CallLaterResult | None = None
    closed: str | None = None


class PolitenessMiddleware:
    """Sees every answer first; a paused host waits in its own downloader slot while the others go on.

    A host that asks for more than RETRY_AFTER_MAX seconds, or fails HOST_MAX_FAILURES times in a row, is left alone for
    the rest of the run: its URLs are postponed, not failed.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self._longest_wait = settings.getfloat("RETRY_AFTER_MAX", 600)
        self._first_wait = settings.getfloat("BACKOFF_START", 5)
        self._max_failures = settings.getint("HOST_MAX_FAILURES", 8)
        self._hosts: dict[str, _Host] = {}
        hours = None if settings.get("ARCHIVE_REPLAY") else getattr(crawler.spidercls, "hours", None)
        timezone = getattr(getattr(crawler.spidercls, "publisher", None), "timezone", None) or "UTC"
        self._hours = Hours.parse(hours, ZoneInfo(timezone)) if hours else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        """ValueError when the spider's `hours` cannot be read: a crawl at the wrong hour is worse than none."""
        politeness = cls(crawler)
        crawler.signals.connect(politeness.engine_stopped, signals.engine_stopped)
        # Before the slot sends its next request, which process_response would be too late for.
        crawler.signals.connect(politeness.response_downloaded, signals.response_downloaded)
        return politeness

    def engine_stopped(self) -> None:
        """Nobody is waiting any more."""
        for host in self._hosts.values():
            if host.alarm is not None:
                host.alarm.cancel()

    def process_request(self, request: Request) -> None:
        """Raises Postponed for a host that is left alone, and outside of the publisher's hours."""
        if self._hours and not self._hours.open_at(now := datetime.now(UTC)):
            self._close_for_the_day(self._hours.next_opening(now))
        host = self._host(request)
        if host.closed:
            raise self._postponed(self._key(request), host.closed)

    def response_downloaded(self, request: Request, response: Response) -> None:
        """For Scrapy's signal of this name, which answers from its cache do not give: what one says of its host."""
        host = self._host(request)
        if response.status in _SLOW_DOWN:
            self._back_off(request, response, host)
        else:
            host.refusals = 0
        if response.status >= 500:
            self._failed(request, host, f"http-{response.status}")
        else:
            host.failures = 0

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, IgnoreRequest):
            return
        reason = reason_of(exception)
        if reason in _HOST_FAULTS:
            self._failed(request, self._host(request), reason)

    def paused(self, key: str) -> bool:
        """Whether the host of this downloader slot is asked to be left alone at this moment."""
        host = self._hosts.get(key)
        return host is not None and host.paused_until > monotonic()

    def _back_off(self, request: Request, response: Response, host: _Host) -> None:
        self.crawler.stats.inc_value("newscrawl/slow-down")
        wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        asked = wait is not None
        if wait is None:
            wait = min(self._first_wait * 2**host.refusals, self._longest_wait)
        host.refusals += 1
        name = self._key(request)
        assert self.crawler.engine is not None
        slot = self.crawler.engine.downloader.slots.get(name)
        if wait > self._longest_wait:
            logger.warning("%s asks to wait %d s, more than RETRY_AFTER_MAX: left alone for this run", name, wait)
            host.closed = "retry-after"
            # What is already in its slot has passed `process_request`.
            while slot and slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(Failure(self._postponed(name, host.closed)))  # type: ignore[no-untyped-call]
            return
        until = monotonic() + wait
        if until <= host.paused_until:
            return
        logger.info("%s answered %d: waiting %.0f s%s", name, response.status, wait, " as it asks" if asked else "")
        host.paused_until = until
        if slot:
            # The slot sends its next request `delay` after `lastseen`; a moment in the future holds it until then, but
            # where there is no delay it does not look.
            slot.lastseen, slot.delay = until, slot.delay or _AFTER
        if host.alarm is not None:
            host.alarm.cancel()
        host.alarm = call_later(wait + _AFTER, self._wake)

    def _wake(self) -> None:
        """Let the engine look at the queue, which it would not do by itself before its next heartbeat, up to 5 s on."""
        engine = self.crawler.engine
        if engine is not None and engine._slot is not None:
            engine._slot.nextcall.schedule()

    def _failed(self, request: Request, host: _Host, reason: str) -> None:
        host.failures += 1
        if host.closed is None and host.failures >= self._max_failures:
            host.closed = "host-down"
            logger.warning(
                "%s failed %d times in a row (lately %s): left alone for this run",
                self._key(request),
                host.failures,
                reason,
            )

    def _close_for_the_day(self, opens: datetime) -> None:
        message = f"outside the publisher's hours; they begin at {opens.isoformat(timespec='minutes')}"
        engine = self.crawler.engine
        assert engine is not None
        if engine.spider is not None and not getattr(engine._slot, "closing", None):
            logger.info("Stopping: %s", message)
            _schedule_coro(engine.close_spider_async(reason="outside_hours"))
        self._count("outside-hours")
        raise Postponed("outside-hours", message)

    def _postponed(self, name: str, reason: str) -> Postponed:
        self._count(reason)
        return Postponed(reason, f"{name} is left alone for this run: {reason}")

    def _key(self, request: Request) -> str:
        assert self.crawler.engine is not None
        return self.crawler.engine.downloader.get_slot_key(request)

    def _host(self, request: Request) -> _Host:
        return self._hosts.setdefault(self._key(request), _Host())

    def _count(self, reason: str) -> None:
        self.crawler.stats.inc_value(f"newscrawl/postponed/{reason}")
