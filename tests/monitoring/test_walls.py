"""A run that met mostly walls is unhealthy; stories that are gone are no walls."""

from __future__ import annotations

import pytest

from newscrawl.monitoring.health import health

READ = {"newscrawl/listings/read": 3}


@pytest.mark.parametrize(
    ("stats", "healthy"),
    [
        ({"newscrawl/stored": 5, "newscrawl/blocked/challenge": 4, "newscrawl/failed/challenge": 4}, True),
        ({"newscrawl/stored": 4, "newscrawl/blocked/challenge": 3, "newscrawl/blocked/login": 2}, False),
        ({"newscrawl/stored": 1, "newscrawl/blocked/not-found": 9, "newscrawl/failed/not-found": 9}, True),
        ({"newscrawl/unchanged": 9, "newscrawl/blocked/refused": 2}, True),
    ],
)
def test_mostly_walls(stats: dict[str, int], healthy: bool) -> None:
    complaint = health(READ | stats)
    assert (complaint is None) is healthy
    if complaint:
        assert complaint == "5 answers were walls, and 4 articles were got (challenge 3, login 2)"
