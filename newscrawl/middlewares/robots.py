"""robots.txt as RFC 9309 asks, with the delays that Scrapy reads but does not apply."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from .contact import user_agent
from .outcomes import Postponed, Refused, reason_of
from .reserved import PARSE_LIMIT, ROBOTS_PATH, RobotsRights

logger = logging.getLogger(__name__)

CACHE_SECONDS = 24 * 3600
UNREACHABLE_SECONDS = 600


@dataclass(slots=True)
class _Rules:
    """What is known of one origin's robots.txt; `parser` None allows everything, `error` set allows nothing."""

    expires: float
    parser: ProtegoRobotParser | None = None
    rights: RobotsRights | None = None
    error: Refused | None = None


class RobotsMiddleware(RobotsTxtMiddleware):
    """In the place of Scrapy's: 4xx allows, 5xx and no answer disallow for now, 500 KiB are read, kept for 24 hours.

    Crawl-delay and Request-rate become the least delay of the host, up to CRAWL_DELAY_MAX seconds.
    """

    def __init__(self, crawler: Crawler) -> None:
        if crawler.settings.get("ARCHIVE_REPLAY"):
            raise NotConfigured("an archive is replayed, nobody is asked for pages")
        super().__init__(crawler)
        self._rules: dict[tuple[str, str], _Rules] = {}
        self._waiting: dict[tuple[str, str], list[Deferred[None]]] = {}
        self._longest_delay = crawler.settings.getfloat("CRAWL_DELAY_MAX", 30)
        # Groups in robots.txt name the product token alone (RFC 9309, 2.2.1).
        self._agent = self._robotstxt_useragent or user_agent(crawler.settings).partition("/")[0].strip()

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Raises Refused for a path that robots.txt closes, Postponed while robots.txt cannot be had."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules_for(request)
        if rules.error:
            if isinstance(rules.error, Postponed):
                self._stats.inc_value(f"newscrawl/postponed/{rules.error.reason}")
            raise type(rules.error)(rules.error.reason, str(rules.error))
        if rules.parser and not rules.parser.allowed(request.url, self._agent):
            self._count("forbidden")
            raise Refused("robots", f"robots.txt of {urlparse_cached(request).netloc} closes {request.url}")
        request.meta["newscrawl_robots_rights"] = rules.rights

    async def _rules_for(self, request: Request) -> _Rules:
        url = urlparse_cached(request)
        origin = (url.scheme, url.netloc)
        while (rules := self._rules.get(origin)) is None or rules.expires <= monotonic():
            if origin in self._waiting:
                turn: Deferred[None] = Deferred()
                self._waiting[origin].append(turn)
                await maybe_deferred_to_future(turn)
                continue
            self._waiting[origin] = []
            try:
                self._rules[origin] = await self._fetch(origin, request)
            finally:
                for turn in self._waiting.pop(origin):
                    turn.callback(None)
        return rules

    async def _fetch(self, origin: tuple[str, str], request: Request) -> _Rules:
        self._count("requests")
        robots = Request(
            f"{origin[0]}://{origin[1]}{ROBOTS_PATH}",
            priority=self.DOWNLOAD_PRIORITY,
            callback=NO_CALLBACK,
            meta={"dont_obey_robotstxt": True, "newscrawl_robots": True, "allow_offsite": True},
        )
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(robots)
        except Exception as error:  # noqa: BLE001 (whatever went wrong, the answer is the same: not now)
            return self._unreachable(origin, error)
        if response.status == 429 or response.status >= 500:
            return self._unreachable(origin, Refused(f"http-{response.status}", f"status {response.status}"))
        if response.status >= 300:
            self._count("absent")
            return _Rules(monotonic() + CACHE_SECONDS)
        self._count("read")
        return _Rules(monotonic() + CACHE_SECONDS, self._parse(response, request), RobotsRights(response.body))

    def _parse(self, response: Response, request: Request) -> ProtegoRobotParser:
        if len(response.body) > PARSE_LIMIT:
            logger.warning(
                "robots.txt of %s is %d bytes; the first %d count", response.url, len(response.body), PARSE_LIMIT
            )
        parser = ProtegoRobotParser.from_crawler(self.crawler, response.body[:PARSE_LIMIT])
        self._apply_delay(parser, request)
        return parser

    def _unreachable(self, origin: tuple[str, str], error: Exception) -> _Rules:
        if isinstance(error, IgnoreRequest) and str(error) == "max redirections reached":
            # RFC 9309, 2.3.1.2: after five redirects it may be taken as absent.
            self._count("absent")
            return _Rules(monotonic() + CACHE_SECONDS)
        if isinstance(error, Refused) and not error.reason.startswith("http-"):
            # The host itself is refused, so its pages are refused for the same reason.
            return _Rules(monotonic() + UNREACHABLE_SECONDS, error=error)
        self._count("unreachable")
        reason = reason_of(error)
        message = f"robots.txt of {origin[1]} cannot be had ({reason}), so nothing is fetched from there for now"
        logger.warning("%s", message)
        # A host that does not answer at all has the fault, not its robots.txt.
        name = f"robots-{reason}" if reason.startswith("http-") else reason
        return _Rules(monotonic() + UNREACHABLE_SECONDS, error=Postponed(name, message))

    def _apply_delay(self, parser: ProtegoRobotParser, request: Request) -> None:
        rate = parser.rp.request_rate(self._agent)
        asked = max(parser.crawl_delay(self._agent) or 0.0, rate.seconds / rate.requests if rate else 0.0)
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        host = downloader.get_slot_key(request)
        if asked > self._longest_delay:
            logger.warning(
                "%s asks for %g s between requests; CRAWL_DELAY_MAX allows %g s", host, asked, self._longest_delay
            )
            asked = self._longest_delay
        slot_settings = downloader.per_slot_settings.setdefault(host, {})
        usual = slot_settings.get("delay", self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        if asked <= usual:
            return
        logger.info("%s: %g s between requests, as its robots.txt asks", host, asked)
        # The slot settings outlive the slot, which Scrapy discards after a minute without requests.
        slot_settings["delay"] = asked
        if slot := downloader.slots.get(host):
            slot.delay = max(slot.delay, asked)

    def _count(self, what: str) -> None:
        self._stats.inc_value(f"newscrawl/robots/{what}")
