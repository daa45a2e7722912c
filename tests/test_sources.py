"""Every publisher: its declaration, its articles field by field, and what discovery finds on its section pages.

The pages under tests/sources/<country>/<source>/ have the structure of the publisher's real pages and stories of our
own. Beside each lies what a person read on it, and `reviewed`, the day on which that was done; never what code printed.
"""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from parsel import Selector

from newscrawl import extract, spiders
from newscrawl.discovery.hints import Clock
from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.links import Link
from newscrawl.discovery.sections import parse_section
from newscrawl.extraction.page.selectors import compiled
from newscrawl.extraction.rules import Embedded
from newscrawl.items import Article, json_schema
from newscrawl.spiders.registry import publishers, source_of

SOURCES = Path(__file__).parent / "sources"
ARTICLES = sorted(p for p in SOURCES.glob("*/*/article*.json"))
LISTINGS = sorted(SOURCES.glob("*/*/listing*.json"))
#: What a reader notes about the page that is not part of the record.
NOTES = {"reviewed", "optional", "must_not"}
#: What no page determines: the crawl and the code do.
NOT_OF_THE_PAGE = {
    "version", "first_seen_at", "content_hash", "duplicate_of", "cluster_id", "similarity", "provenance", "archive",
    "extractor", "markdown",
}  # fmt: skip
FIELDS = [name for name in json_schema()["properties"] if name not in NOT_OF_THE_PAGE]
INSTANTS = {"published_at", "modified_at", "fetched_at"}
LONGEST_FILE = 40
#: The publishers of the real world; those of the demo newspaper are tested with it.
PUBLISHERS = {
    name: cls for name, cls in publishers().items() if not cls.__module__.startswith("newscrawl.spiders.demo")
}


def page_id(path: Path) -> str:
    """How a test names a page: "masrawy-article"."""
    return f"{path.parent.name}-{path.stem}"


@cache
def expected(path: Path) -> dict[str, Any]:
    """What a person read on the page."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def extracted(path: Path, *, by_url: bool = False) -> Article:
    """What newscrawl makes of the page."""
    truth = expected(path)
    return extract(
        path.with_suffix(".html").read_bytes(),
        url=truth["url"],
        source=None if by_url else truth["source"],
        fetched_at=datetime.fromisoformat(truth["fetched_at"]),
    )


def comparable(field: str, value: Any) -> Any:
    """Dates as moment and offset, because fractions of a second have more than one spelling; the rest as it is."""
    if field in INSTANTS and isinstance(value, str) and "T" in value:
        moment = datetime.fromisoformat(value)
        return moment, moment.utcoffset()
    return value


def is_article(url: str, pattern: re.Pattern[str]) -> bool:
    """Whether a publisher's `article_url` finds an article in a URL, in the form in which NewsSpider searches it."""
    return pattern.search(unquote(normalise_url(url))) is not None


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("path", ARTICLES, ids=page_id)
def test_field(path: Path, field: str) -> None:
    found = extracted(path).to_dict()[field]
    assert comparable(field, found) == comparable(field, expected(path)[field])


@pytest.mark.parametrize("path", ARTICLES, ids=page_id)
def test_lead_image(path: Path) -> None:
    assert extracted(path).to_dict()["images"][:1] == expected(path)["images"][:1]


@pytest.mark.parametrize("path", ARTICLES, ids=page_id)
def test_record_is_valid_and_says_where_its_fields_came_from(path: Path) -> None:
    record = extracted(path).to_dict()
    jsonschema.validate(record, json_schema())
    assert set(record["provenance"]) <= set(record)
    for field in ("title", "body", "authors", "section", "tags", "images", "published_at", "modified_at"):
        assert bool(record[field]) == (field in record["provenance"]), field


@pytest.mark.parametrize("path", ARTICLES, ids=page_id)
def test_boilerplate_stays_out(path: Path) -> None:
    lines = {" ".join(line.split()) for line in (extracted(path).body or "").split("\n")}
    assert not lines & {" ".join(text.split()) for text in expected(path)["must_not"]}


@pytest.mark.parametrize("path", ARTICLES, ids=page_id)
def test_page_finds_its_publisher_by_its_url(path: Path) -> None:
    truth = expected(path)
    owner = source_of(truth["url"])
    assert owner is not None
    assert owner.name == truth["source"]
    assert extracted(path, by_url=True) == extracted(path)


@pytest.mark.parametrize("path", ARTICLES, ids=page_id)
def test_expected_record_is_complete_and_reviewed(path: Path) -> None:
    truth = expected(path)
    assert set(truth) == {*FIELDS, *NOTES}
    properties = json_schema()["properties"]
    for field in FIELDS:
        jsonschema.validate(truth[field], properties[field])
    assert date.fromisoformat(truth["reviewed"])
    assert (truth["country"].lower(), truth["source"]) == path.parts[-3:-1]
    assert set(truth["optional"]) <= set(truth["body"].split("\n"))


@cache
def listed(path: Path) -> list[Link]:
    """The links that discovery finds on a section page."""
    truth = expected(path)
    spider = PUBLISHERS[path.parent.name]
    publisher = spider.source()
    assert publisher.article_url is not None
    return parse_section(
        Selector(path.with_suffix(".html").read_text(encoding="utf-8")),
        truth["url"],
        listing=spider.listing,
        article_url=publisher.article_url,
        owns=publisher.owns,
        clock=Clock(datetime.fromisoformat(truth["fetched_at"]), publisher.publisher.timezone),
    )


@pytest.mark.parametrize("path", LISTINGS, ids=page_id)
def test_listing_links(path: Path) -> None:
    truth = expected(path)
    assert date.fromisoformat(truth["reviewed"])
    assert [(unquote(link.url), link.title) for link in listed(path)] == [
        (link["url"], link["title"]) for link in truth["links"]
    ]


@pytest.mark.parametrize("path", LISTINGS, ids=page_id)
def test_listing_dates(path: Path) -> None:
    written = [link["published"] for link in expected(path)["links"]]
    assert [link.published for link in listed(path)] == [text and datetime.fromisoformat(text) for text in written]


def test_a_publisher_with_a_page_has_rules_that_were_verified_on_it() -> None:
    assert {path.parent.name for path in ARTICLES} == {name for name, cls in PUBLISHERS.items() if cls.verified}
    assert all(bool(cls.rules) == bool(cls.verified) for cls in PUBLISHERS.values())


def test_every_file_is_one_publisher_and_no_slug_is_used_twice() -> None:
    folder = Path(inspect.getfile(spiders)).parent
    stems = [file.stem for file in folder.glob("[a-z][a-z]/*.py") if file.stem != "__init__"]
    assert sorted(stems) == sorted(PUBLISHERS)
    assert not {name for name in publishers() if name not in PUBLISHERS} & set(stems)


def test_names_are_unique() -> None:
    for attribute in ("name", "name_en"):
        names = Counter(getattr(cls.publisher, attribute) for cls in PUBLISHERS.values())
        assert max(names.values()) == 1, names.most_common(1)
    assert all(cls.__name__ == "".join(part.title() for part in name.split("_")) for name, cls in PUBLISHERS.items())


@pytest.mark.parametrize("name", sorted(PUBLISHERS))
class TestDeclaration:
    """A publisher is a declaration of at most forty lines."""

    def test_is_short(self, name: str) -> None:
        lines = Path(inspect.getfile(PUBLISHERS[name])).read_text(encoding="utf-8").splitlines()
        assert len(lines) <= LONGEST_FILE
        assert all(len(line) <= 120 for line in lines)

    def test_lies_where_its_name_and_country_say(self, name: str) -> None:
        file = Path(inspect.getfile(PUBLISHERS[name]))
        assert file.stem == name
        assert file.parent.name == PUBLISHERS[name].publisher.country.lower()
        assert (SOURCES / file.parent.name / name).is_dir()

    def test_declares_what_it_must(self, name: str) -> None:
        cls = PUBLISHERS[name]
        own = vars(cls)
        assert {"name", "publisher", "allowed_domains", "article_url", "rules", "verified"} <= set(own)
        assert re.search(r"[\u0621-\u064a]", cls.__doc__ or "")
        assert re.search(r"[\u0621-\u064a]", cls.publisher.name)
        assert cls.publisher.name_en.isascii()
        assert re.fullmatch("[A-Z]{2}", cls.publisher.country)
        ZoneInfo(cls.publisher.timezone)

    def test_declares_no_code(self, name: str) -> None:
        own = vars(PUBLISHERS[name])
        assert [key for key, value in own.items() if inspect.isroutine(value) or isinstance(value, property)] == []

    def test_listing_urls_are_its_own_and_no_articles(self, name: str) -> None:
        cls = PUBLISHERS[name]
        pattern = re.compile(cls.article_url)
        for url in (*cls.feeds, *cls.sitemaps, *cls.sections):
            assert url.startswith("https://")
            assert not is_article(url, pattern)
        assert all(cls.source().owns(url.split("/")[2]) for url in cls.sections)

    def test_selectors_compile(self, name: str) -> None:
        for rules in PUBLISHERS[name].rules:
            selectors = rules.all_selectors()
            assert selectors
            for selector in selectors:
                if not isinstance(selector, Embedded):
                    compiled(selector)
            assert rules.title
            assert rules.body

    def test_listing_selectors_compile(self, name: str) -> None:
        listing = PUBLISHERS[name].listing
        for selector in (listing.item, listing.date, listing.next):
            if selector:
                compiled(selector)
        assert listing.page is None or "{n}" in listing.page

    def test_rules_are_dated(self, name: str) -> None:
        cls = PUBLISHERS[name]
        assert cls.verified is None or date.fromisoformat(cls.verified).isoformat() == cls.verified
        assert all(rules.since is None or re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", rules.since) for rules in cls.rules)
        assert [rules.valid_until for rules in cls.rules].count(None) == (1 if cls.rules else 0)

    def test_article_urls_name_the_article(self, name: str) -> None:
        pattern = re.compile(PUBLISHERS[name].article_url)
        truths = [truth for truth in map(expected, ARTICLES) if truth["source"] == name]
        assert truths or not PUBLISHERS[name].rules, "rules, and no page that they were read from"
        for truth in truths:
            assert is_article(truth["url"], pattern)
            assert is_article(truth["canonical_url"], pattern)
