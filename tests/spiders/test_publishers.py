"""Every publisher's file: a short declaration in which every part fits the others."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from newscrawl.discovery.identity import article_identity, normalise_url
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.registry import publishers

ALL = sorted(publishers().values(), key=lambda spider: spider.name)
REAL = [spider for spider in ALL if not spider.allowed_domains[0].endswith(".test")]


def lines(spider: type[NewsSpider]) -> str:
    return Path(inspect.getfile(spider)).read_text(encoding="utf-8")


@pytest.mark.parametrize("spider", ALL, ids=lambda spider: spider.name)
def test_a_file_is_short_and_only_declares(spider: type[NewsSpider]) -> None:
    text = lines(spider)
    assert len(text.splitlines()) <= 40
    module = ast.parse(text)
    assert all(isinstance(node, ast.Import | ast.ImportFrom | ast.ClassDef) for node in module.body)
    (declared,) = (node for node in module.body if isinstance(node, ast.ClassDef))
    assert ast.get_docstring(declared)
    assert all(isinstance(node, ast.Expr | ast.Assign) for node in declared.body)
    assert {t.id for n in declared.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)} <= {
        *inspect.get_annotations(NewsSpider),
        "name",
        "custom_settings",
    }


@pytest.mark.parametrize("spider", ALL, ids=lambda spider: spider.name)
def test_the_parts_fit(spider: type[NewsSpider]) -> None:
    source = spider.source()
    assert re.fullmatch(r"[a-z0-9_]+", spider.name)
    assert re.fullmatch(r"[A-Z]{2}", spider.publisher.country)
    assert ZoneInfo(spider.publisher.timezone)
    assert source.article_url is not None
    assert spider.verified is None or date.fromisoformat(spider.verified)
    assert spider.feed_seen is None or (date.fromisoformat(spider.feed_seen) and spider.feeds)
    assert spider.obstacles is None or spider.obstacles.isprintable()
    listings = [*spider.feeds, *spider.sitemaps, *spider.sections]
    assert len({normalise_url(url) for url in listings}) == len(listings)
    for url in listings:
        # A feed may be served from elsewhere (feeds.bbci.co.uk); a section's own links must be the publisher's.
        assert source.owns(urlsplit(url).hostname or "") or url in spider.feeds, url
        assert article_identity(url, source.article_url) is None, url
    for pattern in spider.archives:
        assert pattern.format(date=date(2026, 8, 27)) != pattern.format(date=date(2025, 7, 26))


@pytest.mark.parametrize("spider", REAL, ids=lambda spider: spider.name)
def test_a_real_publisher_lies_with_its_country_and_speaks_tls(spider: type[NewsSpider]) -> None:
    folder = Path(inspect.getfile(spider)).parent.name
    assert folder == spider.publisher.country.lower()
    assert all(url.startswith("https://") for url in (*spider.feeds, *spider.sitemaps, *spider.sections))
    assert re.search("[\u0621-\u064a]", spider.publisher.name)
