"""The table of misbehaviours, read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_LISTINGS = {"feed": "/feed.xml", "sitemap": "/sitemap.xml", "section": "/section/"}
TABLE = Path(__file__).with_name("catalogue.tsv")


@dataclass(frozen=True)
class Fault:
    """One row: what the host does (`what`), how it is reached (`way`) and how its page must end (`outcome`).

    `good`: whether the good article on the same host must be stored all the same.
    """

    name: str
    group: str
    way: str
    outcome: str
    good: bool
    what: str

    def url(self, ports: dict[str, int], page: str) -> str:
        """Where the page `page` ("1", "good") of this host lies."""
        scheme = "https" if self.way.startswith("tls") else "http"
        return f"{scheme}://{self.name}.faults.test:{ports[self.way]}/news/{self.name}-{page}.html"

    @property
    def is_listing(self) -> bool:
        """Whether the fault lies in a feed, a sitemap or a section page; then `outcome` counts the articles found."""
        return self.way in _LISTINGS

    def listing_url(self, ports: dict[str, int]) -> str:
        """Where the broken listing lies."""
        return f"http://{self.name}.faults.test:{ports['plain']}{_LISTINGS[self.way]}"


def faults() -> list[Fault]:
    """Every row, in the order of the table."""
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return [Fault(name, group, way, outcome, good == "yes", what) for name, group, way, outcome, good, what in rows]
