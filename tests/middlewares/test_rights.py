"""What publishers reserve is read from headers and page alike."""

from __future__ import annotations

import pytest
from lxml import html

from newscrawl.extraction.facts.rights import restrictions


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, []),
        ({"X-Robots-Tag": "noarchive"}, ["noarchive"]),
        ({"x-robots-tag": "NOINDEX, NoArchive"}, ["noarchive", "noindex"]),
        ({"X-Robots-Tag": "none"}, ["noindex"]),
        ({"X-Robots-Tag": "otherbot: noarchive"}, []),
        ({"X-Robots-Tag": "newscrawl: noarchive"}, ["noarchive"]),
        ({"X-Robots-Tag": ["otherbot: noindex", "nosnippet"]}, ["nosnippet"]),
        ({"X-Robots-Tag": "unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive"}, ["noarchive"]),
        ({"TDM-Reservation": "1"}, ["tdm-reservation"]),
        ({"tdm-reservation": "0"}, []),
        ({"X-Robots-Tag": "all, follow, max-snippet:50"}, []),
    ],
)
def test_headers(headers: dict[str, str], expected: list[str]) -> None:
    assert restrictions(headers) == expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ('<meta name="robots" content="index, follow, noarchive">', ["noarchive"]),
        ('<META NAME="ROBOTS" CONTENT="NOARCHIVE">', ["noarchive"]),
        ('<meta name="googlebot" content="noai, noimageai">', ["noai", "noimageai"]),
        ('<meta name="tdm-reservation" content="1">', ["tdm-reservation"]),
        ('<meta name="tdm-reservation" content="0">', []),
        ('<meta name="description" content="noarchive">', []),
        ("<meta name=robots>", []),
    ],
)
def test_meta_elements(meta: str, expected: list[str]) -> None:
    assert restrictions({}, html.document_fromstring(f"<html><head>{meta}</head><body>x</body></html>")) == expected
