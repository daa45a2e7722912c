"""What of a listing is fetched, in which order, and what is counted of the rest; asked without a crawl."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from newscrawl.discovery.links import Link, Told
from newscrawl.extraction.source import Publisher, Source
from newscrawl.program import VERSION
from newscrawl.spiders.arguments import Arguments
from newscrawl.spiders.frontier import Frontier
from newscrawl.spiders.identifier import Identifier
from newscrawl.spiders.turnover import Turnover
from newscrawl.storage.feed_texts import FeedTexts
from newscrawl.storage.rows import id_number
from newscrawl.storage.schema import urls
from newscrawl.storage.state import State

HOUR = timedelta(hours=1)
FEED = "http://paper.test/feed"
SOURCE = Source(
    name="paper",
    publisher=Publisher("صحيفة", "Paper", "EG", "Africa/Cairo"),
    domains=("paper.test",),
    article_url=re.compile(r"/story/(?P<id>\d+)"),
)


class Run:
    """The frontier of one run over a state; `arguments` are a spider's."""

    def __init__(self, state: State, *, most_new: int | None = None, source: Source = SOURCE, **arguments: Any) -> None:
        self.now = datetime.now(UTC)
        crawler = get_crawler()
        assert crawler.stats is not None
        self.stats = crawler.stats
        self.state = state
        self.texts = FeedTexts(state, "paper")
        self.frontier = Frontier(
            source,
            state,
            self.texts,
            Arguments.read(arguments, now=self.now, timezone="Africa/Cairo"),
            self.stats,
            Turnover(self.stats, self.now),
            Identifier(source, state),
            most_new=most_new,
        )

    def add(self, number: int, **values: Any) -> bool:
        return self.frontier.add(Link(url(number), origin="feed", **values), FEED)

    def handed(self) -> list[str]:
        rows = []
        while (row := self.frontier.next()) is not None:
            rows.append(row.url)
        return rows

    def store(self, number: int, title: str = "عنوان") -> None:
        """As after a visit that was not in this second."""
        found = self.frontier.identifier.identify(url(number))
        assert found is not None
        before = self.now - 10 * HOUR
        # Old enough to be visited again for a reason only.
        published = before - timedelta(days=100)
        values = {"content_hash": None, "version": 1, "file": "x.jsonl", "first_seen": before, "published": published}
        self.state.done("paper", found[0], url=url(number), now=before, **values)

    def counted(self) -> dict[str, int]:
        start = "newscrawl/skipped/"
        return {name.removeprefix(start): n for name, n in self.stats.get_stats().items() if name.startswith(start)}


def url(number: int) -> str:
    return f"http://paper.test/story/{number}"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(f"sqlite:///{tmp_path / 'state.sqlite'}")


def test_the_newest_comes_first_and_each_once(state: State) -> None:
    run = Run(state)
    for number, hours in ((1, 5), (2, 1), (3, 3)):
        assert run.add(number, published=run.now - hours * HOUR)
        assert not run.add(number, published=run.now - hours * HOUR)
    assert run.handed() == [url(2), url(3), url(1)]
    assert run.handed() == []
    # One that turns up later is newer than what was left.
    assert run.add(4, published=run.now)
    assert run.handed() == [url(4)]
    assert Run(state).handed() == [url(4), url(2), url(3), url(1)]  # nobody has answered so far


def test_links_of_others_are_counted_and_not_followed(state: State) -> None:
    run = Run(state, exclude="/story/9")
    for address in ("http://other.test/story/1", "http://paper.test/about", url(9)):
        assert not run.frontier.add(Link(address, origin="section"), FEED)
    assert run.counted() == {"offsite": 1, "not-article": 1, "filtered": 1}
    assert run.handed() == []


def test_only_what_lies_within_since_and_until_is_taken(state: State) -> None:
    run = Run(state, since="2026-08-10", until="2026-08-20")
    days = {1: 9, 2: 10, 3: 15, 4: 20, 5: 21}
    taken = [
        number for number, day in days.items() if run.add(number, published=datetime(2026, 8, day, 12, tzinfo=UTC))
    ]
    assert taken == [2, 3, 4]
    assert run.counted() == {"older": 1, "newer": 1}
    assert run.handed() == [url(4), url(3), url(2)]
    old = [Link(url(1), published=datetime(2026, 8, 9, tzinfo=UTC)), Link(url(2))]
    assert run.frontier.all_too_old(old)
    assert not run.frontier.all_too_old([Link(url(2))])
    assert not run.frontier.all_too_old([*old, Link(url(3), published=datetime(2026, 8, 15, tzinfo=UTC))])


def test_a_limit_counts_the_articles_that_came(state: State) -> None:
    run = Run(state, limit=2)
    for number in range(5):
        run.add(number, published=run.now - number * HOUR)
    assert run.handed() == [url(0), url(1)]
    assert run.frontier.is_full
    run.frontier.gave_none()  # one of them was gone
    assert not run.frontier.is_full
    assert run.handed() == [url(2)]


def test_a_run_takes_in_so_many_new_articles_and_puts_the_others_off(state: State) -> None:
    run = Run(state, most_new=2)
    assert [run.add(number) for number in range(4)] == [True, True, False, False]
    assert not run.add(0)  # which it knows
    assert run.frontier.put_off == 2
    assert run.counted()["too-many-new"] == 2
    assert len(run.handed()) == 2


def test_a_server_that_wants_no_more_visits_is_believed_at_the_twentieth_time(state: State) -> None:
    run = Run(state)
    for number in range(30):
        run.add(number)
    for _ in range(19):
        run.frontier.was_postponed()
    assert not run.frontier.is_full
    row = run.frontier.next()
    assert row is not None
    assert run.frontier.arrive(row.id, row.url) is not None  # an answer after all: counting begins anew
    for _ in range(20):
        assert not run.frontier.is_full
        run.frontier.was_postponed()
    assert run.frontier.is_full
    assert run.handed() == []


def test_a_stored_article_is_visited_again_when_its_listing_dates_a_change(state: State) -> None:
    run = Run(state)
    for number in range(4):
        run.add(number)
        run.store(number)
    again = Run(state)
    assert not again.add(0, modified=again.now - 11 * HOUR)  # before it was fetched
    assert not again.add(1, modified=again.now - HOUR)
    assert not again.add(2, modified=again.now)  # when the listing was printed
    assert not again.add(3)
    assert again.frontier.put_off == 1
    changed = again.frontier.next()
    assert changed is not None
    assert changed.url == url(1)
    assert not again.frontier._changed
    # Two listings of one run date the same change.
    third = Run(state)
    for _ in range(2):
        third.add(1, modified=third.now - HOUR)
    assert third.handed() == [url(1)]


def test_what_feeds_and_news_sitemaps_list_needs_no_shape(state: State) -> None:
    """Of a site whose addresses taught none; a sitemap without titles lists desks and tags, too."""
    run = Run(state, source=replace(SOURCE, takes_listed=True))
    page = "http://paper.test/a-story"
    assert not run.frontier.add(Link(page, origin="section", title="خبر"), FEED)
    assert not run.frontier.add(Link(page, origin="sitemap"), FEED)
    assert run.frontier.add(Link(page, origin="sitemap", title="خبر"), FEED)
    assert run.frontier.add(Link(f"{page}-2", origin="feed"), FEED)
    assert run.frontier.add(Link(url(3), origin="section"), FEED)


def _id(run: Run, number: int) -> str:
    found = run.frontier.identifier.identify(url(number))
    assert found is not None
    return found[0]


def test_a_redirect_leads_to_the_article_that_is_there(state: State) -> None:
    run = Run(state)
    run.add(1)
    run.add(2)
    first = run.frontier.next()
    assert first is not None
    other = 3
    target = run.frontier.arrive(first.id, url(other))
    assert target is not None
    assert (target.id, target.url) == (_id(run, other), url(other))
    row = state.get("paper", first.id)
    assert row is not None
    assert (row.status, row.alias_of) == ("alias", target.id)
    assert run.stats.get_value("newscrawl/aliases") == 1
    second = run.frontier.next()
    assert second is not None
    assert run.frontier.arrive(second.id, url(other)) is None  # it was read just now
    assert run.counted() == {"known": 1}


def test_a_redirect_to_no_article_is_the_end_of_one(state: State) -> None:
    run = Run(state)
    run.add(1)
    row = run.frontier.next()
    assert row is not None
    assert run.frontier.arrive(row.id, "http://paper.test/") is None
    gone = state.get("paper", row.id)
    assert gone is not None
    assert (gone.status, gone.reason) == ("gone", "redirected-away")
    assert run.stats.get_value("newscrawl/gone/redirected-away") == 1


def test_what_a_feed_tells_waits_for_an_article_that_is_still_to_be_read(state: State) -> None:
    run = Run(state)
    told = Told("<p>نص الخبر</p>")
    run.add(1, told=told)
    assert run.texts.get(_id(run, 1)) == told.to_json()
    run.add(2)
    assert run.texts.get(_id(run, 2)) is None
    run.add(3)
    run.store(3)
    run.frontier.claim(_id(run, 3))
    run.add(3, told=told)  # it has been read
    assert run.texts.get(_id(run, 3)) is None


def test_what_a_feed_tells_is_kept_for_every_visit_to_come(state: State) -> None:
    told = Told("<p>نص الخبر</p>")
    first = Run(state)
    first.add(1)
    first.add(1, told=told)  # another listing of the same run
    assert first.texts.get(_id(first, 1)) == told.to_json()
    for number in (2, 3, 4):
        first.add(number)
        first.store(number)
    state.commit()
    with state.changing() as connection:
        connection.execute(urls.update().where(urls.c.id == id_number(_id(first, 3))).values(next_visit=1))
    state.forget_recent()
    again = Run(state)
    again.add(2, modified=again.now - HOUR, told=told)  # changed
    again.add(3, told=told)  # due
    again.add(4, told=told)  # known, and not visited again
    assert [again.texts.get(_id(again, number)) for number in (2, 3, 4)] == [told.to_json(), told.to_json(), None]
    named = again.frontier.add_given(Link(url(4), told=told), again=True)
    assert named is not None
    assert again.texts.get(_id(again, 4)) == told.to_json()


def test_what_was_left_out_and_is_wanted_now_brings_its_text(state: State, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("الزيتون\n", encoding="utf-8")
    told = Told("<p>نص الخبر</p>")
    strict = Run(state, words=str(words))
    assert strict.add(1)
    while (row := state.get("paper", _id(strict, 1))) is not None and row.status != "gone":
        state.gone("paper", row.id, strict.frontier.left_out, now=strict.now)
    run = Run(state)
    run.add(1, told=told)
    assert run.texts.get(_id(run, 1)) == told.to_json()
    assert run.handed() == [url(1)]


def test_a_page_that_was_too_slow_waits_for_another_release(state: State) -> None:
    run = Run(state)
    run.add(1)
    run.add(2)
    state.wait("paper", _id(run, 1), f"too-slow {VERSION}", now=run.now)
    state.wait("paper", _id(run, 2), "too-slow 0.0.1", now=run.now)
    assert Run(state).handed() == [url(2)]


def test_named_articles_are_read_once_unless_they_are_due(state: State) -> None:
    run = Run(state)
    link = Link(url(1))
    row = run.frontier.add_given(link, again=False)
    assert row is not None
    assert row.url == url(1)
    assert run.frontier.add_given(link, again=False) is None
    run.store(1)
    again = Run(state)
    row = again.frontier.add_given(Link("http://user:secret@paper.test./story/1"), again=True)
    assert row is not None
    assert again.frontier.add_given(Link("http://other.test/1"), again=True) is None
    assert again.counted() == {"offsite": 1}


def test_a_stored_article_is_visited_again_when_a_listing_calls_it_otherwise(state: State) -> None:
    """Once in each step of the schedule: papers try two headlines in turn."""
    run = Run(state)
    run.add(1, title="افتتاح المكتبة")
    run.store(1)
    same = Run(state)
    assert not same.add(1, title="افتتاح المكتبة")
    assert same.counted() == {"known": 1}
    renamed = Run(state)
    renamed.add(1, title="إغلاق المكتبة")
    changed = renamed.frontier.next()
    assert changed is not None
    assert changed.url == url(1)
    back = Run(state)
    back.add(1, title="افتتاح المكتبة")
    assert back.frontier.next() is None
    assert back.frontier.put_off == 1
    # A listing that never named it says nothing by naming it now.
    other = Run(state)
    other.frontier.add(Link(url(1), title="مكتبة", origin="section"), "http://paper.test/")
    assert other.frontier.next() is None


def test_a_listing_that_names_a_stored_article_for_the_first_time_can_rename_it_later(state: State) -> None:
    def listed(run: Run, title: str) -> str | None:
        run.frontier.add(Link(url(1), title=title, origin="section"), "http://paper.test/")
        row = run.frontier.next()
        return row and row.url

    run = Run(state)
    run.add(1, title="افتتاح المكتبة")
    run.store(1)
    assert listed(Run(state), "مكتبة") is None
    assert listed(Run(state), "مكتبة") is None
    assert listed(Run(state), "المكتبة مغلقة") == url(1)
