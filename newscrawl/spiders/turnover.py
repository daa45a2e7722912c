"""How much of each listing was new to a run: by that its source is planned."""

from __future__ import annotations

from datetime import datetime

from scrapy.statscollectors import StatsCollector

from newscrawl.storage.rows import UrlRow

#: The stat that holds the largest share of a listing that was new, 0 to 1; there is none when no listing was read.
TURNOVER_STAT = "newscrawl_turnover"
# A desk with three stories is no third new for one of them.
_FEWEST = 10


class Turnover:
    """Counts the links of each listing; one that two listings have is new in both."""

    def __init__(self, stats: StatsCollector, started: datetime) -> None:
        self._stats = stats
        # The state keeps whole seconds.
        self._started = started.replace(microsecond=0)
        self._counts: dict[str, tuple[int, int]] = {}

    def note(self, listing: str, row: UrlRow) -> None:
        """A listing has this article."""
        links, new = self._counts.get(listing, (0, 0))
        links, new = links + 1, new + (row.first_seen >= self._started)
        self._counts[listing] = links, new

    def read(self, listing: str) -> None:
        """A listing was read, or had not changed."""
        links, new = self._counts.get(listing, (0, 0))
        self._stats.max_value(TURNOVER_STAT, round(new / max(links, _FEWEST), 3))
