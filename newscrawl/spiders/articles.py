"""The requests for a publisher's articles, and what becomes of the answers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from scrapy import Request, signals
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.asyncgen import as_async_generator
from twisted.python.failure import Failure

from newscrawl.discovery.links import Link, Told
from newscrawl.extraction.page.page import PageError
from newscrawl.items import ArchiveRef, Article
from newscrawl.loaders.time_limit import TooSlowError
from newscrawl.middlewares.outcomes import Postponed, Refused, Reserved, is_wall, reason_of
from newscrawl.monitoring.runs import TOO_SLOW_STAT
from newscrawl.spiders.crawl import Crawl
from newscrawl.spiders.slow_pages import TOO_SLOW, too_slow
from newscrawl.storage.rows import UrlRow

logger = logging.getLogger(__name__)

# Slow pages that a run's summary names.
_MOST_NAMED = 100
_GONE = frozenset({404, 410})


class Articles:
    """Visits articles; what is found out about each goes to the state.

    `read` makes items of a page, as a spider's callback does. Of an article of this crawl, the response's meta has
    `newscrawl_hint`, what listings said of it, and `newscrawl_learn`, whether its lines are new to the memory.
    """

    def __init__(self, crawl: Crawl, read: Callable[[TextResponse], Any]) -> None:
        self._crawl = crawl
        self._read = read
        self._name = crawl.source.name
        self._state = crawl.state
        self._frontier = crawl.frontier
        self._under_way = crawl.frontier.under_way
        self._skipped = frozenset(crawl.crawler.settings.getlist("SKIP_RESERVED"))
        crawl.crawler.signals.connect(self._parsing_failed, signals.spider_error)

    def given(self) -> Iterator[Request]:
        """The requests for the articles that the user named, or that the archive to replay holds."""
        replay = None
        if archive := self._crawl.arguments.archive:
            from newscrawl.spiders.replay import Replay

            replay = Replay(self._crawl, archive)
        links = replay.links() if replay else map(Link, self._crawl.arguments.given_urls())
        for link in links:
            row = self._frontier.add_given(link, again=replay is not None)
            if row is not None:
                request = self._request(row)
                if replay is not None:
                    request.meta["newscrawl_reserved"] = replay.reserved(row.url)
                yield request

    def next(self) -> Request | None:
        """The request for the article that comes next; None when there is none now."""
        row = self._frontier.next()
        return self._request(row) if row else None

    def _request(self, row: UrlRow) -> Request:
        self._under_way.add(row.id)
        headers = {}
        if row.status == "done":
            headers = {"If-None-Match": row.etag, "If-Modified-Since": row.last_modified}
        return Request(
            row.url,
            callback=self.parse,
            errback=self.failed,
            headers={name: value for name, value in headers.items() if value},
            cb_kwargs={"id_": row.id},
            meta={"newscrawl_id": row.id, "newscrawl_hint": row.hint, "handle_httpstatus_list": [304]},
            dont_filter=True,  # the frontier hands out every article once, and remembers less
        )

    async def parse(self, response: Response, id_: str) -> AsyncIterator[Any]:
        """The items of a page, unless the page has not changed or is not the article that was asked for."""
        self._under_way.discard(id_)
        now = self._frontier.now()
        if response.status == 304:
            self._state.unchanged(self._name, id_, now=now)
            self._crawl.count("unchanged")
            self._frontier.gave_none()
            return
        arrived = self._frontier.arrive(id_, response.url)
        if arrived is None:
            return
        if not isinstance(response, TextResponse):
            self._give_up(arrived.id, "not-a-page")
            return
        response.meta["newscrawl_hint"] = arrived.hint or response.meta["newscrawl_hint"]
        response.meta["newscrawl_learn"] = arrived.version == 0
        response.meta["newscrawl_told"] = told = self._told(arrived.id, id_)
        async for item in self._items(response, arrived):
            yield item
        if told is not None:
            self._forget_told(arrived.id, id_)

    async def _items(self, response: TextResponse, arrived: UrlRow, *, instead_of: str = "") -> AsyncIterator[Any]:
        """The items of a page that the spider's `read` makes; `instead_of` says why the feed's text stands for it."""
        found = False
        try:
            async for item in as_async_generator(self._read(response)):
                if isinstance(item, Article):
                    found = True
                    if self._crawl.source.former:
                        item.id = arrived.id
                    item.restrictions = sorted({*item.restrictions, *response.meta.get("newscrawl_reserved", ())})
                    if self._skipped.intersection(item.restrictions):
                        self._give_up(arrived.id, "reserved")
                        continue
                    if item.published_at and self._frontier.out_of_range(self._crawl.clock.read(item.published_at)):
                        self._frontier.gave_none()
                        continue
                    if not item.body and self._is_settled(arrived, instead_of):
                        continue
                    if (why := self._crawl.arguments.filters.refusal(item)) is not None:
                        self._leave_out(arrived, why)
                        continue
                    if not instead_of:
                        self._note(response, arrived.id, item)
                yield item
        except TooSlowError:
            self._was_too_slow(arrived)
        except PageError:
            self._give_up(arrived.id, "not-a-page")
        else:
            if not found and instead_of:
                self._fail(arrived.id, instead_of)
            elif not found:
                self._give_up(arrived.id, "not-article")

    def _told(self, *ids: str) -> Told | None:
        """What a feed told of an article under one of its ids, while its page was to be read."""
        lines = map(self._crawl.feed_texts.get, dict.fromkeys(ids))
        return Told.from_json(next(filter(None, lines), None))

    def _forget_told(self, *ids: str) -> None:
        for id_ in ids:
            self._crawl.feed_texts.drop(id_)

    def _is_settled(self, row: UrlRow, instead_of: str) -> bool:
        """Whether an article without a text is settled here: its page has none, and the feed none that is whole.

        A stored text that a feed had told stays the text of its article.
        """
        if row.version > 0 and (row.hint or {}).get("told"):
            self._state.unchanged(self._name, row.id, now=self._frontier.now())
            self._crawl.count("unchanged")
            self._frontier.gave_none()
            return True
        if instead_of:
            self._fail(row.id, instead_of)
        return bool(instead_of)

    def _leave_out(self, row: UrlRow, why: str) -> None:
        """Counts an article that the user's filters do not want; one that is stored stays as it is."""
        self._crawl.count(f"left-out/{why}")
        if row.version == 0:
            self._state.gone(self._name, row.id, self._frontier.left_out, now=self._frontier.now())
        self._frontier.gave_none()

    def _note(self, response: TextResponse, id_: str, article: Article) -> None:
        if archive := response.meta.get("archive"):
            article.archive = ArchiveRef(**archive)
        etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
        self._state.validators(self._name, id_, *(v.decode("latin-1") if v else None for v in (etag, modified)))

    async def _read_told(self, request: Request, row: UrlRow, reason: str) -> AsyncIterator[Any]:
        """The article as the feed tells it, where its page is behind a wall."""
        request.meta["newscrawl_told"] = told = self._told(row.id)
        request.meta["newscrawl_learn"] = False
        empty = HtmlResponse(row.url, body=b"<html></html>", encoding="utf-8", request=request)
        async for item in self._items(empty, row, instead_of=reason):
            self._crawl.count(f"told-by-feed/{reason}")
            yield item
        if told is not None:
            self._forget_told(row.id)

    def failed(self, failure: Failure) -> AsyncIterator[Any] | None:
        """Writes down in the state why a page could not be had; items of it where a feed has told the story."""
        request: Request = failure.request  # type: ignore[attr-defined]
        id_ = request.cb_kwargs["id_"]
        self._under_way.discard(id_)
        error = failure.value
        assert error is not None
        if isinstance(error, Reserved):
            self._frontier.gave_none()
        elif isinstance(error, Postponed):
            self._frontier.was_postponed()
        elif isinstance(error, Refused) and error.reason == "forgotten":
            self._give_up(id_, error.reason)
        elif isinstance(error, HttpError) and error.response.status in _GONE:
            self._give_up(id_, reason_of(error))
        else:
            row = self._state.get(self._name, id_)
            is_told = row is not None and (self._told(id_) is not None or (row.hint or {}).get("told"))
            if row is not None and is_told and is_wall(error):
                return self._read_told(request, row, reason_of(error))
            self._fail(id_, reason_of(error))
        return None

    def _parsing_failed(self, failure: Failure, response: Response | None) -> None:
        """An error of ours while a page was parsed: the page is tried again another day, not at once and for ever."""
        id_ = response.meta.get("newscrawl_id") if response else None
        if id_:
            self._fail(id_, f"error-{type(failure.value).__name__}")

    def end(self) -> None:
        """When nothing is under way any more, writes down which requests were dropped on their way, by Scrapy's checks
        or a middleware of the user's: they are tried again another day, not handed out first by every run."""
        for id_ in sorted(self._under_way):
            logger.warning("the request for %s was dropped before it was sent", id_)
            self._fail(id_, "dropped")
        self._under_way.clear()

    def _was_too_slow(self, row: UrlRow) -> None:
        """Waits for another release of the program: with this one the page would be as slow the next time."""
        self._state.wait(self._name, row.id, too_slow(), now=self._frontier.now())
        self._frontier.gave_none()
        self._crawl.count(f"failed/{TOO_SLOW}")
        slow = self._crawl.stats.get_value(TOO_SLOW_STAT, [])
        self._crawl.stats.set_value(TOO_SLOW_STAT, [*slow, row.url][:_MOST_NAMED])

    def _give_up(self, id_: str, reason: str) -> None:
        self._forget_told(id_)
        self._state.gone(self._name, id_, reason, now=self._frontier.now())
        self._crawl.count(f"gone/{reason}")
        self._frontier.gave_none()

    def _fail(self, id_: str, reason: str) -> None:
        self._state.fail(self._name, id_, reason, now=self._frontier.now())
        self._crawl.count(f"failed/{reason}")
        self._frontier.gave_none()
