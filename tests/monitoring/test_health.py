"""What the stats of a finished crawl say about it."""

from __future__ import annotations

import pytest

from newscrawl.monitoring.health import health


@pytest.mark.parametrize(
    ("stats", "complaint"),
    [
        ({}, None),
        ({"postponed/dns": 2}, "none of 2 articles could be had (dns 2)"),
        ({"postponed/dns": 2, "stored": 1}, None),
        ({"postponed/http-503": 2, "listings/read": 1}, None),
        ({"postponed/dns": 2, "failed/timeout": 1}, "none of 1 articles could be had (timeout 1)"),
        ({"postponed/dns": 2, "listings/failed/dns": 1}, "none of its 1 listings could be had (dns 1)"),
    ],
)
def test_what_was_postponed(stats: dict[str, int], complaint: str | None) -> None:
    assert health({f"newscrawl/{name}": count for name, count in stats.items()}) == complaint
