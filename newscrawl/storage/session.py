"""One crawl run's stores, opened together, healed first, and closed together."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, ref

from scrapy import signals
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import load_object

from newscrawl.setting_values import check_settings
from newscrawl.storage.archive import WarcArchive
from newscrawl.storage.damage import heal_source, salvage, sift
from newscrawl.storage.elsewhere import drop_lines_stored_elsewhere
from newscrawl.storage.errors import StorageError
from newscrawl.storage.forgotten import read_ledger
from newscrawl.storage.index import index_source, unread_files
from newscrawl.storage.jsonl import (
    SEAL_AFTER,
    PartitionWriter,
    RejectedWriter,
    logical_name,
)
from newscrawl.storage.locations import data_directory, state_url
from newscrawl.storage.locks import SourceLock
from newscrawl.storage.objects import Store
from newscrawl.storage.places import object_store
from newscrawl.storage.removal import Told, take_up
from newscrawl.storage.schedule import Schedule
from newscrawl.storage.state import State
from newscrawl.storage.store import ArticleStore, ArticleStoreFactory

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

_sessions: WeakKeyDictionary[Crawler, Session] = WeakKeyDictionary()


def told(settings: BaseSettings, usual: Iterable[str] = ()) -> list[Told]:
    """Whom ON_FORGET and its base name; `usual` is the base for commands, whose settings no add-on has filled in."""
    paths = [*settings.getlist("ON_FORGET_BASE", list(usual)), *settings.getlist("ON_FORGET")]
    return [load_object(path) for path in paths]


def schedule(settings: BaseSettings) -> Schedule:
    """When URLs are visited again, as the settings say."""
    usual = Schedule()
    return Schedule(
        revisit_after=[int(seconds) for seconds in settings.getlist("REVISIT_AFTER", list(usual.revisit_after))],
        retry_after=settings.getint("FAILED_RETRY_AFTER", usual.retry_after),
        give_up_after=settings.getint("FAILED_GIVE_UP_AFTER", usual.give_up_after),
    )


class Session:
    """The stores of one run of one source.

    `healed` lists the article files that this start read into the state: they were left by a killed run, or the state
    was new. Whoever keeps an index of its own in the state takes them in, commits, and calls healed_are_known().
    `elsewhere` counts the lines that were left out of them, because another machine has them; `lost` the articles
    that a broken compressed file among them has lost, which are due again.
    """

    def __init__(
        self,
        source: str,
        data_dir: Path,
        *,
        state_url: str | None = None,
        schedule: Schedule | None = None,
        compress: bool = False,
        archive: bool = False,
        seal_after: float = 0,
        store: Callable[[str, str], ArticleStore] | None = None,
        host: str | None = None,
        objects: Store | None = None,
        on_forget: Sequence[Told] = (),
    ) -> None:
        """`store` makes what keeps the articles, given source and run; None: JSON Lines in the data directory.
        `host` names this machine in a state that several share; None: as it names itself. `objects` is where sealed
        files are shipped to: a state that knows none of the source's files reads these, too. `on_forget` is told of
        articles whose removal was cut off and is finished here.

        StorageError, in one sentence, when the data directory or the state cannot be used."""
        self.source = source
        self.data_dir = data_dir
        self.objects = objects
        self.started_at = datetime.now(UTC)
        self.run_id = f"{self.started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self.error: StorageError | None = None
        self._closed = False
        self._stop_crawl: Callable[[], object] = lambda: None
        self._lock = SourceLock(data_dir, source, f"run {self.run_id}")
        try:
            self.state = State(state_url or f"sqlite:///{data_dir / 'state.sqlite'}", schedule=schedule, host=host)
        except StorageError:
            self._lock.release()
            raise
        try:
            self.state.claim(source)
            self.lost = salvage(self.state, data_dir, source, unread_files(self.state, data_dir, source))
            self.elsewhere = drop_lines_stored_elsewhere(self.state, data_dir, source)
            heal_source(data_dir, source, compress=compress)
            take_up(self.state, data_dir, source, on_forget)
            #: What was removed from the data directory, and is not to be stored again.
            self.forgotten = read_ledger(data_dir)
            sift(data_dir, source, unread_files(self.state, data_dir, source), self.forgotten)
            # A state that was lost must not fetch again what lies in the store alone.
            ask = objects if not self.state.indexed_files(source) else None
            healed = index_source(self.state, data_dir, source, store=ask, mark=False)
        except StorageError:
            self.state.close()
            self._lock.release()
            raise
        self.healed = list(healed.values())
        self._unmarked = list(healed)
        self._marked = 0
        self.articles: ArticleStore = (
            PartitionWriter(data_dir, source, self.run_id, compress=compress, seal_after=seal_after)
            if store is None
            else store(source, self.run_id)
        )
        self.rejected = RejectedWriter(data_dir, source, self.run_id, seal_after=seal_after)
        self.archive = WarcArchive(data_dir, source, self.run_id, seal_after=seal_after) if archive else None
        # In the order of what speaks of what: a row of a line, a line of an archived response.
        if self.archive is not None:
            self.state.before_commit(self.archive.sync)
        self.state.before_commit(self.articles.sync)
        self.state.after_commit(self._mark_sealed)
        self.state.on_error(self.halt)

    @classmethod
    def of(cls, crawler: Crawler) -> Session:
        """The crawler's session, opened on first use from its settings, closed when its engine stops."""
        session = _sessions.get(crawler)
        if session is None:
            settings = crawler.settings
            # Again, for a project that takes single parts without the add-on.
            check_settings(settings)
            store: ArticleStoreFactory | None = None
            if named := settings.get("ARTICLE_STORE"):
                store = load_object(named)
            session = cls(
                crawler.spider.name if crawler.spider else crawler.spidercls.name,
                data_directory(settings),
                state_url=state_url(settings),
                schedule=schedule(settings),
                compress=bool(settings.get("COMPRESS")),
                archive=settings.getbool("ARCHIVE"),
                seal_after=settings.getfloat("SEAL_AFTER", SEAL_AFTER),
                objects=object_store(settings),
                store=partial(store, settings) if store is not None else None,
                host=settings.get("HOST_NAME"),
                on_forget=told(settings),
            )
            # Weakly, or the session would keep the crawler that is its key, and with it the whole crawl, for ever.
            session._stop_crawl = partial(_close_spider, ref(crawler))
            _sessions[crawler] = session
            crawler.signals.connect(session._end, signal=signals.engine_stopped)
        return session

    def halt(self, error: StorageError) -> None:
        """Nothing more can be stored: note why and let the crawl close with the reason "storage"."""
        if self.error is None:
            self.error = error
            logger.critical("%s; the crawl stops, what was stored stays valid", error)
            self._stop_crawl()

    def healed_are_known(self) -> None:
        """Every index has taken the healed files in: no later start needs to read them. Until then each one does."""
        names, self._unmarked = self._unmarked, []
        for name in names:
            self.state.mark_indexed(self.source, name)

    def close(self) -> None:
        """Seal the files, commit the state, let the next run in; safe to call twice.

        Each step is tried even when one before it failed; the first failure is raised at the end and kept in `error`.
        """
        if self._closed:
            return
        self._closed = True
        steps = [self.state.commit, self.articles.seal, self._mark_all, self.rejected.seal]
        if self.archive is not None:
            steps.append(self.archive.seal)
        first: StorageError | None = None
        for step in (*steps, self.state.close):
            try:
                step()
            except StorageError as error:
                first = first or error
        self._lock.release()
        if first is not None:
            self.error = self.error or first
            raise first

    def _mark_all(self) -> None:
        if self.error is None:
            self.healed_are_known()
        self._mark_sealed()

    def _end(self) -> None:
        """As close(), for a signal, whose sender could only log what is raised: `error` tells the outcome."""
        try:
            self.close()
        except StorageError as error:
            logger.error("%s; the next run heals what could not be sealed", error)

    def _mark_sealed(self) -> None:
        """Only when every line's row is committed: otherwise the next start reads the files in again."""
        new = self.articles.sealed[self._marked :]
        # Before the marks, each of which commits, and so comes here again.
        self._marked += len(new)
        for path in new:
            self.state.mark_indexed(self.source, logical_name(path, self.data_dir))


def _close_spider(reference: ref[Crawler]) -> None:
    """Close from inside a callback or pipeline, whose end the closing waits for: hence later, not now."""
    crawler = reference()
    # Before the engine is there, whoever met the error fails to start, and nothing needs closing.
    if crawler is None or crawler._engine is None or crawler.engine.spider is None:
        return
    close_spider(crawler, "storage")


def close_spider(crawler: Crawler, reason: str) -> None:
    """Begin to close a running crawl in order; what is under way still comes to its end."""
    closing = deferred_from_coro(crawler.engine.close_spider_async(reason=reason))
    closing.addErrback(lambda failure: logger.error("cannot close the spider: %s", failure.getErrorMessage()))
