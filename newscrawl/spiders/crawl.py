"""What one run of one source is made of: the parts that listings, articles and replays share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from scrapy.crawler import Crawler

from newscrawl.discovery.hints import Clock
from newscrawl.discovery.links import URL_LIMIT
from newscrawl.discovery.sections import Listing
from newscrawl.extraction.body.memory import RecurringLines
from newscrawl.extraction.source import Source
from newscrawl.spiders.arguments import Arguments
from newscrawl.spiders.frontier import Frontier
from newscrawl.spiders.identifier import Identifier
from newscrawl.spiders.turnover import Turnover
from newscrawl.storage.feed_texts import FeedTexts
from newscrawl.storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a publisher lists its articles; see NewsSpider's attributes of these names."""

    feeds: list[str]
    sitemaps: list[str]
    sections: list[str]
    listing: Listing
    archives: list[str]


class Crawl:
    """One run. StorageError when its stores cannot be opened."""

    def __init__(self, crawler: Crawler, source: Source, places: Places, arguments: Arguments, clock: Clock) -> None:
        assert crawler.stats is not None
        settings = crawler.settings
        self.crawler = crawler
        self.stats = crawler.stats
        self.source = source
        self.places = places
        self.arguments = arguments
        self.clock = clock
        self.session = Session.of(crawler)
        self.state = self.session.state
        if self.session.elsewhere:
            self.stats.inc_value("newscrawl/healed/elsewhere", self.session.elsewhere)
        if self.session.lost:
            self.stats.inc_value("newscrawl/healed/lost", self.session.lost)
        printed = timedelta(seconds=settings.getfloat("JUST_PRINTED", 60))
        self.turnover = Turnover(self.stats, self.session.started_at)
        self.feed_texts = FeedTexts(self.state, source.name)
        self.feed_texts.tidy()
        longest = settings.getint("URLLENGTH_LIMIT") or URL_LIMIT
        self.identifier = Identifier(source, self.state, longest, self.session.forgotten)
        most_new = settings.getint("NEW_URLS_MAX") or None
        self.frontier = Frontier(
            source,
            self.state,
            self.feed_texts,
            arguments,
            self.stats,
            self.turnover,
            self.identifier,
            printed,
            most_new=most_new,
        )
        # Under this key the state keeps what was learned of the publisher's boilerplate.
        self._memory_note = f"recurring-lines:{source.name}"
        learns = settings.getbool("LEARN_BOILERPLATE", False)
        # Also when nothing is to be learned now: what runs before this have dropped is known by it.
        self.memory = RecurringLines.load(self.state.note(self._memory_note), learns=learns)

    def count(self, what: str) -> None:
        """Adds one to the stat "newscrawl/<what>"."""
        self.stats.inc_value(f"newscrawl/{what}")

    def keep_memory(self) -> None:
        """Keeps what the run has learned; a run whose state failed has nothing to keep it in."""
        if self.session.error is None and self.memory.learns:
            self.state.set_note(self._memory_note, self.memory.dump())
