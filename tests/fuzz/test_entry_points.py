"""Whatever the web sends, every entry point answers and none fails, in time and memory that its size allows.

FUZZ_EXAMPLES sets how many inputs each gets. What once broke an entry point is kept in corpus/<kind>/ and tried first.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

import newscrawl
from newscrawl.arabic import (
    canonical_agency,
    clean,
    clean_person,
    decode,
    detect_language,
    fold,
    parse_byline,
    parse_date,
    parse_dates,
    repair_mojibake,
    split_dateline,
)
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.hints import Clock
from newscrawl.discovery.identity import article_id, normalise_url, url_identity
from newscrawl.discovery.sitemaps import parse_sitemap
from newscrawl.extraction.facts.rights import restrictions
from newscrawl.extraction.page.page import PageError
from newscrawl.middlewares.botwall import classify
from newscrawl.middlewares.politeness import retry_after
from newscrawl.monitoring.terminal import terminal_safe
from tests.fuzz.clock import bounded
from tests.fuzz.mutations import CORPUS, mutated

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLOCK = Clock(NOW, "Asia/Riyadh")
URL = "https://paper.test/news/1.html"
PATTERN = re.compile(r"/news/(?P<id>[\w-]+)\.html")
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))


def feed(data: bytes) -> None:
    for link in parse_feed(data, URL, clock=CLOCK):
        assert link.url


def sitemap(data: bytes) -> None:
    for entry in parse_sitemap(data, URL, clock=CLOCK):
        assert entry.url


def page(data: bytes) -> None:
    try:
        article = newscrawl.extract(data, url=URL, generic=True, fetched_at=NOW, markdown=True)
    except PageError:
        return
    record = json.loads(article.to_json())
    assert record["id"] == article.id
    assert len(article.to_json().splitlines()) == 1
    assert article.to_json().encode()


def json_ld(data: bytes) -> None:
    body = b"<html><head><title>x</title><script type='application/ld+json'>" + data + b"</script></head><body><p>y</p>"
    page(body)


def dates(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for parsed in [*parse_dates(text, now=NOW, timezone="Asia/Riyadh"), parse_date(text, now=NOW, timezone=None)]:
        if parsed is not None:
            assert isinstance(parsed.value, date)
            start, end = parsed.span
            assert 0 <= start < end <= len(text)


def charset(data: bytes) -> None:
    for declared in (
        None,
        "utf-8",
        "windows-1256",
        "klingon",
        "utf-7",
        "x\0y",
        "idna",
        "rot13",
        "base64",
        "punycode",
        "unicode_escape",
    ):
        text, codec = decode(data, declared)
        assert isinstance(text, str)
        assert isinstance(b"".decode(codec), str)


def url(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    try:
        once = normalise_url(text)
        identity = url_identity(text, PATTERN)
    except ValueError:
        return
    assert normalise_url(once) == once
    assert re.fullmatch(r"[0-9a-f]{16}", article_id("paper", identity))


def text(data: bytes) -> None:
    given_text = data.decode("utf-8", "replace")
    cleaned = clean(given_text)
    assert clean(cleaned) == cleaned
    assert fold(fold(given_text)) == fold(given_text)
    repair_mojibake(given_text)
    detect_language(given_text)
    canonical_agency(given_text)
    clean_person(given_text)
    split_dateline(given_text)
    parse_byline(given_text)
    terminal_safe(given_text)


def headers(data: bytes) -> None:
    wait = retry_after(data, NOW)
    assert wait is None or wait >= 0
    line = data.decode("latin-1")
    assert restrictions({"X-Robots-Tag": line}) == sorted(set(restrictions({"X-Robots-Tag": line})))
    classify(200, {"cf-mitigated": line}, line, URL)


def rights(data: bytes) -> None:
    try:
        tree = lxml_html.document_fromstring(data)
    except (lxml_html.etree.ParserError, ValueError):
        return
    restrictions({}, tree)


ENTRY_POINTS: dict[str, tuple[str, Callable[[bytes], None]]] = {
    "feed": ("feed", feed),
    "sitemap": ("sitemap", sitemap),
    "page": ("page", page),
    "json-ld": ("json-ld", json_ld),
    "date": ("date", dates),
    "charset": ("page", charset),
    "url": ("url", url),
    "text": ("text", text),
    "headers": ("headers", headers),
    "rights": ("page", rights),
}


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_any_bytes_are_answered(name: str) -> None:
    kind, entry_point = ENTRY_POINTS[name]

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES <= 40)
    @given(mutated(kind))
    def attempt(data: bytes) -> None:
        bounded(entry_point, data)

    attempt()


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_kept_corpus_is_answered(path: object) -> None:
    from pathlib import Path

    assert isinstance(path, Path)
    for kind, entry_point in ENTRY_POINTS.values():
        if kind == path.parent.name:
            bounded(entry_point, path.read_bytes())


@given(st.text(max_size=100))
def test_names_from_the_web_never_become_paths(name: str) -> None:
    assert "/" not in article_id("paper", name)
