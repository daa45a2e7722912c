"""Pages of markup families that newscrawl has no rules for: generic extraction against an editor's reading.

Each page of zoo/ was written for one trap; gold.json says what a careful editor takes from it. A page where the code
still falls short stands in KNOWN_GAPS with the reason: its gold is not weakened.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newscrawl import extract
from newscrawl.arabic import decode
from newscrawl.extraction.explain import render
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import read_page
from newscrawl.items import Article

ZOO = Path(__file__).parent / "zoo"
PAGES = sorted(folder.name for folder in ZOO.iterdir() if (folder / "gold.json").exists())
ASPECTS = ("body", "title", "published", "authors", "must_not")

# (page, aspect): what the code does not do yet
KNOWN_GAPS: dict[tuple[str, str], str] = {}

_MARKS = re.compile(r"[\u0640\u064b-\u0652\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@cache
def gold(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ZOO / name / "gold.json").read_text(encoding="utf-8"))
    return found


@cache
def article(name: str) -> Article:
    wanted = gold(name)
    return extract(
        (ZOO / name / "page.html").read_bytes(),
        url=wanted["url"],
        headers=wanted.get("headers"),
        generic=True,
        fetched_at=datetime.fromisoformat(wanted["fetched_at"]),
    )


def words(text: str | None) -> list[str]:
    """The words of a text; marks, punctuation and the forms of blanks do not count."""
    return re.findall(r"\w+", _MARKS.sub("", unicodedata.normalize("NFKC", text or "")))


def readings(wanted: dict[str, Any]) -> list[list[str]]:
    """The bodies that an editor may give: with and without the optional paragraphs."""
    whole = wanted["paragraphs"]
    shorter = [p for p in whole if p not in wanted["optional"]]
    return [words("\n".join(reading)) for reading in (whole, shorter)]


def check_body(name: str) -> None:
    found = words(article(name).body)
    assert found in readings(gold(name)), "\n" + (article(name).body or "no body")


def check_title(name: str) -> None:
    assert words(article(name).title) == words(gold(name)["title"])


def check_published(name: str) -> None:
    wanted, found = gold(name)["published"], article(name).published_at
    if wanted is None or found is None or "T" not in wanted or "T" not in found:
        assert found == wanted
    else:
        # One that knows the clock reads the same minute; seconds are not shown to readers.
        apart = datetime.fromisoformat(found) - datetime.fromisoformat(wanted)
        assert abs(apart.total_seconds()) < 60, f"{found} instead of {wanted}"


def check_authors(name: str) -> None:
    wanted = gold(name)["authors"]
    if wanted is None:
        pytest.skip("an editor could not say who wrote it")
    assert sorted(map(words, article(name).authors)) == sorted(map(words, wanted))


def check_must_not(name: str) -> None:
    body = f" {' '.join(words(article(name).body))} "
    leaked = [line for line in gold(name)["must_not"] if f" {' '.join(words(line))} " in body]
    assert not leaked


CHECKS = {
    "body": check_body,
    "title": check_title,
    "published": check_published,
    "authors": check_authors,
    "must_not": check_must_not,
}


def cases() -> list[Any]:
    found = []
    for name in PAGES:
        for aspect in ASPECTS:
            reason = KNOWN_GAPS.get((name, aspect))
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param(name, aspect, marks=marks, id=f"{name}-{aspect}"))
    return found


@pytest.mark.parametrize(("name", "aspect"), cases())
def test_page(name: str, aspect: str) -> None:
    CHECKS[aspect](name)


def test_known_gaps_name_pages() -> None:
    assert {name for name, _ in KNOWN_GAPS} <= set(PAGES)
    assert {aspect for _, aspect in KNOWN_GAPS} <= set(ASPECTS)


@pytest.mark.parametrize("name", PAGES)
def test_gold_is_on_the_page(name: str) -> None:
    """Gold is read from the page: every paragraph's words stand in its source."""
    wanted = gold(name)
    source, _ = decode((ZOO / name / "page.html").read_bytes())
    here = set(words(source)) | set(words(re.sub(r"<[^>]+>", "", source.encode().decode("utf-8"))))
    missing = {word for paragraph in wanted["paragraphs"] for word in words(paragraph)} - here
    assert len(missing) <= len(words(" ".join(wanted["paragraphs"]))) // 20, missing


@pytest.mark.parametrize("name", PAGES)
def test_every_verdict_is_explained(name: str) -> None:
    wanted = gold(name)
    page = Page((ZOO / name / "page.html").read_bytes(), wanted["url"])
    reading = read_page(page, now=datetime.fromisoformat(wanted["fetched_at"]), generic=True)
    assert "<html" in render(article(name), reading.blocks, reading.fields)
