"""The way of an item: validate, deduplicate, store. Items that are no Article pass untouched.

Every drop has a reason, counted in the stats; what fails validation is kept in `rejected/`.
"""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, Self

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem

from newscrawl.dedup.exact import content_hash
from newscrawl.dedup.lineage import Kind, judge, keep_up_with_folding
from newscrawl.dedup.near import NearIndex
from newscrawl.dedup.reserved import Reservations
from newscrawl.dedup.shared import SharedIndex
from newscrawl.dedup.story import Story
from newscrawl.items import Article
from newscrawl.storage import Session, StorageError, UrlRow
from newscrawl.storage.damage import sound_records
from newscrawl.storage.rows import lasting_hint
from newscrawl.storage.schedule import instant

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_BATCH = 200
_REQUIRED = ("url", "title", "body")
_PATTERNS = {f.name: re.compile(f.metadata["pattern"]) for f in fields(Article) if "pattern" in f.metadata}


class _Pipeline:
    """What the three stages share: the crawler's session and stats."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = Session.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """StorageError when the data directory or the state cannot be used."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """The article, changed or not; DropItem with the reason."""
        if not isinstance(item, Article):
            return item
        if self.session.error is not None:
            raise DropItem("storage", log_level="DEBUG")
        try:
            return self.process_article(item)
        except StorageError as error:
            self.session.halt(error)
            raise DropItem("storage", log_level="ERROR") from error

    def process_article(self, article: Article) -> Article:
        """One stage's work; StorageError ends the crawl."""
        raise NotImplementedError

    def forget(self) -> NoReturn:
        """Drop an article that was removed on request, without a trace of it."""
        self.count("skipped/forgotten")
        # Without the article, of which Scrapy writes all into a log of that level.
        raise DropItem("forgotten", log_level="DEBUG")

    def count(self, key: str) -> None:
        """Count in the crawl's stats."""
        self.crawler.stats.inc_value(f"newscrawl/{key}")

    def known(self, article: Article, now: datetime) -> UrlRow:
        """The article's row, which also an article that no discovery announced gets."""
        return self.session.state.discover(self.session.source, article.id, article.url, article.url, now=now)


def defect(article: Article) -> str | None:
    """Why an article is not fit for the corpus ("no-title", "bad-published_at"); None when it is."""
    values = ItemAdapter(article)
    for name in _REQUIRED:
        value = values[name]
        if not (value and value.strip()):
            return f"no-{name}"
    for name, pattern in _PATTERNS.items():
        value = values[name]
        if value is not None and not pattern.search(value):
            return f"bad-{name}"
    return None


class ValidatePipeline(_Pipeline):
    """Articles that are none go to `rejected/`; their URLs are tried again in later runs, as after a failed fetch."""

    def process_article(self, article: Article) -> Article:
        """Refuses with the defect as the reason."""
        if article.id in self.session.forgotten:
            self.forget()
        reason = defect(article)
        if reason is None:
            return article
        now = datetime.now(UTC)
        self.session.rejected.write(article, reason, now=now)
        if reason != "bad-id":
            self.known(article, now)
            self.session.state.fail(self.session.source, article.id, f"rejected: {reason}", now=now)
        self.count(f"rejected/{reason}")
        raise DropItem(f"rejected: {reason}", log_level="WARNING")


class DeduplicatePipeline(_Pipeline):
    """Gives an article its version, finds exact copies in the source and near copies in all sources."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._policy = crawler.settings.get("NEAR_DUPLICATES") or "flag"
        self._near: NearIndex | None = None
        keep_up_with_folding(self.session.state, self.session.data_dir, self.session.source, store=self.session.objects)
        if self._policy != "off":
            self._open_index(crawler.settings.getfloat("NEAR_DUPLICATE_WINDOW_DAYS", 30))
        self.session.healed_are_known()

    def _open_index(self, window_days: float) -> None:
        """Takes in what a killed run has left."""
        state = self.session.state
        self._shared = SharedIndex(state.url, window_days=window_days)
        self._near = self._shared.index
        self._reservations = Reservations(self._near, state, self.session.source)
        try:
            state.within_commit(self._near.write, self._near.written)
            for number, article in enumerate(map(Article.from_dict, sound_records(self.session.healed))):
                self._find_near(article)
                if number % _BATCH == 0:
                    state.commit()
            state.commit()
            self._reservations.undo_left()
            state.within_commit(self._reservations.write, self._reservations.written)
        except StorageError:
            self._shared.release()
            raise

    def process_article(self, article: Article) -> Article:
        """Drops what is stored already; otherwise sets version, first_seen_at and the near-duplicate fields."""
        now = datetime.now(UTC)
        state, source = self.session.state, self.session.source
        # A spider that makes its own articles, or a pipeline before this one, may have set the text after the hash.
        article.content_hash = content_hash(article.title, article.body)
        row = state.get(source, article.id)
        if (row is None or not row.version) and self.session.forgotten.has_text(source, article.content_hash):
            state.remove(source, article.id, "the same text as a removed article", now=now)
            self.forget()
        verdict = judge(state, source, article, run_started=self.session.started_at)
        match verdict.kind:
            case Kind.UNCHANGED:
                state.unchanged(source, article.id, now=now)
                self.count("unchanged")
                raise DropItem("unchanged", log_level="DEBUG")
            case Kind.SAME_IDENTITY:
                self._drop(verdict.kind.value)
            case Kind.SAME_CONTENT:
                self.known(article, now)
                state.alias(source, article.id, verdict.of or "", now=now)
                self._drop(verdict.kind.value)
        article.version = verdict.version
        row = state.get(source, article.id)
        # A replay meets today what was fetched long ago.
        fetched = instant(article.fetched_at) or now
        first_seen = min(row.first_seen, fetched) if row is not None else fetched
        article.first_seen_at = first_seen.isoformat(timespec="seconds")
        if self._near is not None:
            drops = self._policy == "drop" and article.version == 1
            self._find_near(article, drops=drops)
            if article.duplicate_of is not None and drops:
                self.known(article, now)
                state.alias(source, article.id, article.duplicate_of, now=now)
                self._drop("near")
        return article

    def close_spider(self) -> None:
        """Write what the near-duplicate index has staged, and let go of it."""
        if self._near is None:
            return
        try:
            self.session.state.commit()
        except StorageError as error:
            self.session.halt(error)
        finally:
            self._shared.release()

    def _drop(self, reason: str) -> NoReturn:
        self.count(f"duplicates/{reason}")
        raise DropItem(f"duplicate: {reason}", log_level="DEBUG")

    def _find_near(self, article: Article, *, drops: bool = False) -> None:
        """Sets the near-duplicate fields; a copy that is not going to be stored must not be found by later ones."""
        assert self._near is not None
        assert article.first_seen_at is not None
        story = Story.of(
            article.id, article.title, article.body, seen=article.first_seen_at, published=article.published_at
        )
        if story is None:
            return
        if drops:
            match = self._reservations.match_or_reserve(story)
        else:
            match = self._near.match(story)
            self._near.add(story, match)
        if match is not None:
            article.duplicate_of, article.similarity, article.cluster_id = match.id, match.similarity, match.cluster


class StorePipeline(_Pipeline):
    """Hands the article to the run's ArticleStore, then tells the state where it lies."""

    def process_article(self, article: Article) -> Article:
        """The stored article."""
        session, now = self.session, datetime.now(UTC)
        # A pipeline of the user's own between the stages may have changed the text, or let a copy overtake this one.
        article.content_hash = content_hash(article.title, article.body)
        verdict = judge(session.state, session.source, article, run_started=session.started_at)
        if verdict.kind not in (Kind.NEW, Kind.VERSION) or verdict.version != article.version:
            self.count(f"duplicates/{verdict.kind.value}")
            raise DropItem(f"duplicate: {verdict.kind.value}", log_level="DEBUG")
        file = session.articles.write(article)
        session.state.done(
            session.source,
            article.id,
            url=article.url,
            now=now,
            content_hash=article.content_hash,
            version=article.version,
            file=file,
            first_seen=datetime.fromisoformat(article.first_seen_at) if article.first_seen_at else now,
            published=article.published_at,
            hint=lasting_hint(article.title, article.published_at, article.provenance),
        )
        self.count("stored")
        if article.version > 1:
            self.count("versions")
        return article
