"""How much of a listing was new: what the plan of its source goes by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.utils.test import get_crawler

from newscrawl.spiders.turnover import TURNOVER_STAT, Turnover
from newscrawl.storage.rows import UrlRow

STARTED = datetime(2026, 11, 30, 12, 0, 0, 700_000, tzinfo=UTC)
FEED, DESK = "http://paper.test/feed", "http://paper.test/desk"


def row(seen: datetime) -> UrlRow:
    return UrlRow("paper", "0" * 16, "http://paper.test/1", "id=1", "pending", seen)


def turnover(listings: dict[str, tuple[int, int]]) -> float | None:
    """Of a run that read these listings, each with so many known links and so many new ones."""
    crawler = get_crawler()
    assert crawler.stats is not None
    counting = Turnover(crawler.stats, STARTED)
    for listing, (known, new) in listings.items():
        for seen, count in ((STARTED - timedelta(hours=1), known), (STARTED, new)):
            for _ in range(count):
                counting.note(listing, row(seen))
        counting.read(listing)
    found: float | None = crawler.stats.get_value(TURNOVER_STAT)
    return found


@pytest.mark.parametrize(
    ("listings", "share"),
    [
        ({}, None),
        ({FEED: (0, 0)}, 0),
        ({FEED: (20, 0)}, 0),
        ({FEED: (15, 5)}, 0.25),
        ({FEED: (0, 20)}, 1),
        # Of a desk with three stories one is no third, but a tenth.
        ({DESK: (2, 1)}, 0.1),
        ({DESK: (0, 3)}, 0.3),
        # The busiest counts.
        ({FEED: (15, 5), DESK: (20, 1)}, 0.25),
        ({DESK: (20, 1), FEED: (15, 5)}, 0.25),
    ],
)
def test_the_largest_share_that_was_new(listings: dict[str, tuple[int, int]], share: float | None) -> None:
    assert turnover(listings) == share


def test_what_the_state_first_saw_in_the_second_of_the_start_is_new() -> None:
    """The state keeps whole seconds: such a row comes back from it as seen before the run began."""
    crawler = get_crawler()
    assert crawler.stats is not None
    counting = Turnover(crawler.stats, STARTED)
    for seen in (STARTED.replace(microsecond=0), STARTED.replace(microsecond=0) - timedelta(seconds=1)):
        counting.note(FEED, row(seen))
    counting.read(FEED)
    assert crawler.stats.get_value(TURNOVER_STAT) == 0.1
