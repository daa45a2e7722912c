"""What the stats of a finished crawl say about it."""

from __future__ import annotations

import pytest

from newscrawl.monitoring.health import health


@pytest.mark.parametrize(
    ("stats", "begins"),
    [
        # One empty desk among others that are read is no redesign.
        ({"listings/empty": 3, "listings/read": 1}, None),
        # A record of an archive that is merely odd says nothing.
        ({"archive-damage/odd": 9, "stored": 1}, None),
        ({"archive-damage/damaged": 1, "archive-damage/odd": 9, "stored": 1}, "the archive is damaged in 1 places"),
        ({"archive-damage/cut-off": 1, "stored": 1}, "the archive is damaged in 1 places"),
        # Half and half is no majority.
        ({"rejected/no-body": 2, "stored": 2}, None),
        ({"rejected/no-body": 3, "stored": 2}, "3 of 5 pages gave no valid article"),
        ({"blocked/captcha": 2, "stored": 1, "unchanged": 1}, None),
        ({"blocked/captcha": 3, "stored": 1, "duplicates/near": 1}, "3 answers were walls, and 2 articles were got"),
        ({"blocked/not-found": 9, "stored": 1}, None),
        ({"listings/read": 1, "listings/raised/ValueError": 1, "stored": 9}, "listings could not be read to their end"),
        ({"listings/read": 1, "skipped/broken-off": 1, "stored": 9}, "listings could not be read to their end"),
        ({"listings/read": 1, "skipped/error-KeyError": 1}, "listings could not be read to their end (KeyError 1)"),
        ({"listings/read": 1, "skipped/offsite": 99, "skipped/known": 99}, None),
    ],
)
def test_one_sentence_or_none(stats: dict[str, int], begins: str | None) -> None:
    said = health({f"newscrawl/{name}": count for name, count in stats.items()})
    assert said is None if begins is None else (said or "").startswith(begins), said


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
