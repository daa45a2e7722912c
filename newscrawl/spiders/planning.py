"""The plans of sources in the state: which are due, and what a crawl that has ended makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from newscrawl.spiders.arguments import Arguments
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.plan import Ending, Rhythm, due, next_plan
from newscrawl.spiders.turnover import TURNOVER_STAT
from newscrawl.storage.locations import state_url

if TYPE_CHECKING:
    from newscrawl.storage.plans import Plan, PlanTable
    from newscrawl.storage.state import State


class Planning:
    """Opens the state when it is first asked, closes it at the end. Every method may raise StorageError."""

    def __init__(self, settings: BaseSettings) -> None:
        self._url = state_url(settings)
        self._state: State | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._state is not None:
            self._state.close()
            self._state = None

    @property
    def table(self) -> PlanTable:
        """The plans as they are kept."""
        from newscrawl.storage.plans import PlanTable

        if self._state is None:
            from newscrawl.storage.state import State

            self._state = State(self._url)
        return PlanTable(self._state)

    def due(self, names: Iterable[str], *, now: datetime) -> list[str]:
        """Those of the sources that are to be crawled now, the longest overdue first."""
        return due(names, self.table.all(), now=now)

    def next_due(self, names: Iterable[str]) -> tuple[datetime, str] | None:
        """Which of the sources is due first, and when; None when none is planned."""
        plans = self.table.all()
        times = [(plan.due, name) for name in names if (plan := plans.get(name)) is not None and plan.held is None]
        return min(times, default=None)

    def ended(self, spider: type[NewsSpider], crawler: Crawler, ending: Ending) -> None:
        """A crawl has ended: plan the source's next."""
        turnover = None if crawler._stats is None else crawler.stats.get_value(TURNOVER_STAT)
        table = self.table
        before = table.get(spider.name)
        try:
            rhythm = Rhythm.of(spider)
        except ValueError:  # for which the crawl was refused, too
            rhythm, ending = Rhythm(), Ending.REFUSED
        plan = next_plan(before, ending, now=datetime.now(UTC), turnover=turnover, rhythm=rhythm)
        table.put(spider.name, plan)

    def failed(self, source: str, *, since: datetime) -> Plan:
        """The plan after a failed crawl: its own, or one made now when it died before it could plan."""
        plan = self.table.get(source)
        if plan is None or plan.ended is None or plan.ended < since.replace(microsecond=0):
            plan = next_plan(plan, Ending.FAILED, now=datetime.now(UTC))
            self.table.put(source, plan)
        return plan


def is_plannable(arguments: Arguments) -> bool:
    """Whether a crawl with these arguments looks at the listings as they stand now, and so says when to come again."""
    return arguments.archive is None and arguments.since is None and arguments.until is None and not arguments.urls
