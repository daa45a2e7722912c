"""When a source is crawled next: pure arithmetic on what the last crawl came to, no clock and no database.

Where new links come evenly, the share of a listing that is new grows with the time since it was last read. So one crawl
tells how long it takes until a quarter of the busiest listing is new: often enough that nothing falls out of a listing
between two crawls, seldom enough that most requests bring something.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newscrawl.middlewares.hours import Hours

if TYPE_CHECKING:
    from newscrawl.spiders.news import NewsSpider
    from newscrawl.storage.plans import Plan

SOONEST, LATEST = timedelta(minutes=10), timedelta(hours=24)
FIRST = timedelta(hours=1)  # the step after a first crawl, which finds everything new
WANTED = 0.25  # of the busiest listing, new at each crawl
# One crawl's share is a small sample: it moves the step by these factors at most.
_SHORTER, _LONGER = 4, 2
_SMALLEST = 0.001  # share: no listing is long enough to show a smaller one
#: After the first failure; doubled by each further one. Most are over in minutes: a restart, a network.
RETRY = timedelta(minutes=2)


class Ending(Enum):
    """What a crawl came to, as far as the next one's time goes."""

    WELL = "well"
    FAILED = "failed"  # it could not be done: no network, no state, a full disk
    WALLED = "walled"  # the site answers, with walls or with nothing to read
    REFUSED = "refused"  # the declaration or a setting is wrong; time does not heal that
    CLOSED = "closed"  # outside the publisher's hours


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a publisher's file says of the time between two crawls."""

    every: timedelta | None = None
    hours: Hours | None = None

    @classmethod
    def of(cls, spider: type[NewsSpider]) -> Rhythm:
        """The publisher's; ValueError for hours that cannot be read."""
        every = timedelta(seconds=spider.every) if spider.every else None
        return cls(every, Hours.parse(spider.hours, ZoneInfo(spider.publisher.timezone)) if spider.hours else None)

    def opening(self, moment: datetime) -> datetime:
        """The first moment from this one on at which the publisher may be visited."""
        if self.hours is None or self.hours.open_at(moment):
            return moment
        return self.hours.next_opening(moment)


def next_plan(
    before: Plan | None, ending: Ending, *, now: datetime, turnover: float | None = None, rhythm: Rhythm = Rhythm()
) -> Plan:
    """The plan after a crawl that ended `now` (aware).

    `turnover` is the new share (0 to 1) of the listing that had the largest; None: none could be read.
    """
    from newscrawl.storage.plans import Plan

    before = before or Plan(due=now, step=timedelta(0))
    step = rhythm.every or before.step or FIRST
    failures = before.failures + 1
    match ending:
        case Ending.WELL:
            step, failures = rhythm.every or _step(before, now, turnover), 0
            wait = step
        case Ending.CLOSED:
            wait, failures = timedelta(0), before.failures
        case Ending.FAILED:
            wait = _doubled(RETRY, failures - 1)
        case Ending.WALLED:
            wait = max(step, _doubled(max(step, SOONEST), failures))
        case Ending.REFUSED:
            wait = LATEST
    return replace(before, due=rhythm.opening(now + wait), step=step, ended=now, failures=failures)


def due(names: Iterable[str], plans: Mapping[str, Plan], *, now: datetime) -> list[str]:
    """Those of the sources that are to be crawled now: the longest overdue first, behind them the never crawled."""
    waiting = {name: plans.get(name) for name in names}
    ready = {name: plan for name, plan in waiting.items() if plan is None or (plan.held is None and plan.due <= now)}
    return sorted(ready, key=lambda name: plan.due if (plan := ready[name]) is not None else now)


def _step(before: Plan, now: datetime, turnover: float | None) -> timedelta:
    """So long that WANTED of the busiest listing is new at the next crawl, as far as one crawl can tell."""
    if before.ended is None or not before.step:
        return FIRST
    passed = max(now - before.ended, timedelta(seconds=1))
    if not turnover:
        step = max(before.step, passed * _LONGER)
    else:
        step = passed * (WANTED / max(turnover, _SMALLEST))
        if turnover >= WANTED:
            # A listing that is new from end to end says only that it was read too late.
            step = min(step, before.step)
    step = min(max(step, before.step / _SHORTER), before.step * _LONGER)
    return min(max(step, SOONEST), LATEST)


def _doubled(wait: timedelta, times: int) -> timedelta:
    # Ten doublings take the shortest wait beyond a day.
    return min(LATEST, wait * (1 << min(times, 10)))
