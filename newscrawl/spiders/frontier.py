"""The frontier of one crawl: what was listed, what is known already, and which article comes next.

Listed links go into the state at once and come out of it page by page, newest first, so memory stays flat however
long the backlog is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scrapy.statscollectors import StatsCollector

from newscrawl.discovery.hints import moment
from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.links import Link, fetchable
from newscrawl.extraction.source import Source
from newscrawl.spiders.arguments import Arguments
from newscrawl.spiders.identifier import Identifier
from newscrawl.spiders.slow_pages import waits_for_release
from newscrawl.spiders.turnover import Turnover
from newscrawl.storage.feed_texts import FeedTexts
from newscrawl.storage.headlines import Headlines
from newscrawl.storage.rows import UrlRow
from newscrawl.storage.state import State
from newscrawl.urls import url_day

# Requests that may be postponed one after the other before the crawl believes it.
_PATIENCE = 20
LEFT_OUT = "left out by filter"


class Frontier:
    """Decides which URLs are fetched; every decision not to is counted in the stats under its reason."""

    def __init__(
        self,
        source: Source,
        state: State,
        feed_texts: FeedTexts,
        arguments: Arguments,
        stats: StatsCollector,
        turnover: Turnover,
        identifier: Identifier,
        just_printed: timedelta = timedelta(seconds=60),
        most_new: int | None = None,
    ) -> None:
        self.source = source
        self.identifier = identifier
        self._state = state
        self._feed_texts = feed_texts
        self._arguments = arguments
        self._stats = stats
        # A listing that dates everything to this very minute says when it was printed, not when a story changed.
        self._just_printed = just_printed
        self._most_new = most_new
        self._turnover = turnover
        self._new = 0
        #: Links that a listing of this run had and that the state does not speak of: their listing is to be read again.
        self.put_off = 0
        self._zone = ZoneInfo(source.publisher.timezone)
        self._changed: deque[int] = deque()
        self._handed: set[int] = set()
        #: Ids of the articles that were asked for and are not answered so far.
        self.under_way: set[str] = set()
        self._pass: Iterator[UrlRow] | None = None
        self._pass_is_stale = True
        self._without_article = 0
        self._postponed_in_a_row = 0

    @property
    def left_out(self) -> str:
        """The reason of articles that this run's filters leave out; what others left out is looked at again."""
        return f"{LEFT_OUT} {self._arguments.filters.name}"

    def now(self) -> datetime:
        """The clock of the crawl."""
        return datetime.now(UTC)

    def add(self, link: Link, listing: str = "") -> bool:
        """Take note of a link in a listing; whether it was never seen before and lies within since and until.

        Once a run has met `most_new` new articles, further ones are left for other runs, and counted.
        """
        # A sitemap lists desks and tags, too, unless it is one of news: only those give titles.
        listed = link.origin == "feed" or (link.origin == "sitemap" and link.title is not None)
        found = self.identifier.identify(link.url, self.skip, listed=listed)
        if found is None or self._is_left_out(link.url):
            return False
        self._stats.inc_value(f"newscrawl/links/{link.origin}")
        if self.out_of_range(link.published or url_day(link.url)):
            return False
        id_, identity = found
        now = self.now()
        if self._new == self._most_new and self._state.get(self.source.name, id_) is None:
            self.put_off += 1
            self.skip("too-many-new")
            return False
        row = self._state.discover(self.source.name, id_, link.url, identity, now=now, hint=link.to_hint())
        self._turnover.note(listing, row)
        if row.first_seen is now:  # the very object: the row was made by this call
            self._new += 1
            self._pass_is_stale = True
            self._name(row, link, listing)
            self._keep_text(row, link, now)
            return True
        if (row.reason or "").startswith(LEFT_OUT) and row.reason != self.left_out:
            self._state.again(self.source.name, id_, now=now)
            self._keep_text(row, link, now)
            self._pass_is_stale = True
            return False
        if row.status == "pending" and int(id_, 16) not in self._handed:
            # It may have become due by this very link.
            self._pass_is_stale = True
            self._name(row, link, listing)
            self._keep_text(row, link, now)
        elif self._has_changed(row, link, now) or self._is_renamed(row, link, listing, now):
            self._changed.append(int(id_, 16))
            self._keep_text(row, link, now)
        elif self._is_due(row, now):
            self._keep_text(row, link, now)
        elif int(id_, 16) not in self._handed:
            self.skip("known")
        return False

    def _keep_text(self, row: UrlRow, link: Link, now: datetime) -> None:
        """Of an article whose page is still to be read."""
        is_read = int(row.id, 16) in self._handed and row.id not in self.under_way
        if link.told is not None and not is_read:
            self._feed_texts.keep(row.id, link.told.to_json(), now=now)

    def _is_due(self, row: UrlRow, now: datetime) -> bool:
        return self._state.is_due(row, now) and not waits_for_release(row)

    def add_given(self, link: Link, *, again: bool) -> UrlRow | None:
        """Take an article that the user named; None, counted, when it is foreign, or known, not due and not `again`."""
        with suppress(ValueError):  # which is told below
            link = replace(link, url=fetchable(link.url))
        found = self.identifier.identify(link.url, self.skip)
        if found is None or self._is_left_out(link.url):
            return None
        self._stats.inc_value(f"newscrawl/links/{link.origin}")
        id_, identity = found
        now = self.now()
        row = self._state.discover(self.source.name, id_, link.url, identity, now=now, hint=link.to_hint())
        if not again and not self._state.is_due(row, now):
            self.skip("known")
            return None
        self._keep_text(row, link, now)
        # Of a stored article the state keeps only what the page did not say itself.
        return replace(row, hint=row.hint or link.to_hint()) if self.claim(id_) else None

    def arrive(self, id_: str, url: str) -> UrlRow | None:
        """The row of the article at which a request for `id_` ended, maybe redirected.

        None, counted, when that is no article, or one that needs no reading now: nothing is to be made of the page.
        """
        row = self._state.get(self.source.name, id_)
        assert row is not None
        self._postponed_in_a_row = 0
        is_listed = url == row.url or normalise_url(url) == normalise_url(row.url)
        found = self.identifier.identify(url, self.skip, listed=is_listed)
        now = self.now()
        if found is None:
            self._state.gone(self.source.name, id_, "redirected-away", now=now)
            self._stats.inc_value("newscrawl/gone/redirected-away")
            self.gave_none()
            return None
        if found[0] == id_:
            return row
        target = self._state.discover(self.source.name, found[0], url, found[1], now=now, hint=row.hint)
        self._state.alias(self.source.name, id_, found[0], now=now)
        self._stats.inc_value("newscrawl/aliases")
        self.gave_none()
        if self._is_due(target, now) and self.claim(target.id):
            return target
        self.skip("known")
        return None

    def _is_left_out(self, url: str) -> bool:
        """Whether `include` or `exclude` rules a URL out, which is counted."""
        if self._arguments.filters.wants_url(url):
            return False
        self.skip("filtered")
        return True

    def _has_changed(self, row: UrlRow, link: Link, now: datetime) -> bool:
        if row.status != "done" or row.fetched is None or link.modified is None:
            return False
        if moment(link.modified) > now - self._just_printed:
            self.put_off += 1
            return False
        # A time in the future is of a clock that was set back since, and tells nothing.
        return row.fetched < moment(link.modified) or row.fetched > now

    def _name(self, row: UrlRow, link: Link, listing: str) -> None:
        headlines = Headlines(row.headline)
        if link.title and headlines.note(listing, link.title):
            self._state.call(row, str(headlines))

    def _is_renamed(self, row: UrlRow, link: Link, listing: str, now: datetime) -> bool:
        """Whether a listing that says nothing of changes calls a stored article otherwise than before, and no such
        change has been followed up in this step of the schedule: papers try two headlines in turn."""
        if row.status != "done" or link.modified is not None or not link.title:
            self._name(row, link, listing)
            return False
        headlines = Headlines(row.headline)
        if headlines.differs(listing, link.title):
            step = self._state.schedule.step(first_seen=row.first_seen, now=now)
            if headlines.step == step:
                self.put_off += 1
                return False
            headlines.step = step
            headlines.note(listing, link.title)
            self._state.call(row, str(headlines))
            return True
        self._name(row, link, listing)
        return False

    def out_of_range(self, published: datetime | date | None) -> bool:
        """Whether since or until rules a date out, which is counted; nothing is ruled out without a date."""
        if published is None:
            return False
        if self._arguments.too_old(published, self._zone):
            self.skip("older")
            return True
        if self._arguments.too_new(published, self._zone):
            self.skip("newer")
            return True
        return False

    def all_too_old(self, links: list[Link]) -> bool:
        """Whether every dated link of a listing lies before `since`, so that its older pages hold nothing wanted."""
        days = [day for link in links if (day := link.published or url_day(link.url))]
        return bool(days) and all(self._arguments.too_old(day, self._zone) for day in days)

    def next(self) -> UrlRow | None:
        """The article to fetch next: changed ones first, then the newest that is due; None when there is none now."""
        if self.is_full:
            return None
        while self._changed:
            number = self._changed.popleft()
            row = self._state.get(self.source.name, f"{number:016x}")
            if row is not None and self.claim(row.id):
                return row
        while True:
            if self._pass is None or self._pass_is_stale:
                if not self._pass_is_stale:
                    return None
                # Newly listed stories are mostly newer than what the old pass still has to give.
                self._pass = self._state.due(self.source.name, now=self.now())
                self._pass_is_stale = False
            for row in self._pass:
                # The pass is in this order, so behind the first that is too old all are.
                if self._arguments.too_old(row.published or row.first_seen, self._zone):
                    break
                published = Link.from_hint(row.url, row.hint).published
                if published and self._arguments.too_new(published, self._zone):
                    continue
                if not waits_for_release(row) and self.claim(row.id):
                    return row
            self._pass = None

    def claim(self, id_: str) -> bool:
        """Take an article for this run; False when it was taken before: nothing is fetched twice in one run."""
        number = int(id_, 16)
        if number in self._handed:
            return False
        self._handed.add(number)
        return True

    def gave_none(self) -> None:
        """A claimed URL brought no article, so it does not count towards `limit`."""
        self._without_article += 1

    def was_postponed(self) -> None:
        """The server wants no visit now; when it says so again and again, the rest waits for another run."""
        self._postponed_in_a_row += 1
        self.gave_none()

    @property
    def is_full(self) -> bool:
        """Whether nothing more is to be taken: `limit` is reached, or the server wants no more visits for now."""
        if self._postponed_in_a_row >= _PATIENCE:
            return True
        limit = self._arguments.limit
        return limit is not None and len(self._handed) - self._without_article >= limit

    def skip(self, reason: str) -> None:
        """Count one link that is not followed."""
        self._stats.inc_value(f"newscrawl/skipped/{reason}")
