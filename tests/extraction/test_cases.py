"""Kinds of faults that users of other programs reported, each rebuilt in pages of our own: what is right on them.

`expected.json` of a folder says what the kind is, where it was reported and, variant by variant, what a reader sees.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl import extract
from newscrawl.arabic import clean, fold, parse_date
from newscrawl.extraction.layers.addresses import claimed_by_file
from newscrawl.extraction.page import Page
from newscrawl.items import Article

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def variants() -> list[Any]:
    folders = sorted(CASES.iterdir())
    cases = [(f, json.loads((f / "expected.json").read_text(encoding="utf-8"))) for f in folders]
    return [pytest.param(f, v, id=f"{f.name}-{v['name']}") for f, case in cases for v in case["variants"]]


def said(article: Article, key: str, wanted: Any) -> Any:
    """What the article says of one key of an expectation, in its form."""
    lines = (article.body or "").split("\n")
    if key == "image_urls":
        return [image.url for image in article.images]
    if key == "image0":
        return {name: getattr(article.images[0], name) for name in wanted} if article.images else None
    if key == "body_lines":
        return lines
    if key == "body_has":
        return [line for line in wanted if line in lines]
    if key == "told":  # in the body or as the standfirst: not lost
        return [line for line in wanted if line in (*lines, article.subtitle)]
    return getattr(article, key)


def moment(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value and value[:4].isdigit() else value


def check_address(folder: Path, variant: dict[str, Any]) -> None:
    page = Page((folder / variant["file"]).read_bytes(), "file:///tmp/saved.html")
    assert claimed_by_file(page) == variant["expect"]["url"]


def check_date(_folder: Path, variant: dict[str, Any]) -> None:
    found = parse_date(variant["text"], now=NOW, timezone=variant.get("timezone", "Asia/Riyadh"))
    assert moment(found.value.isoformat() if found else None) == moment(variant["expect"])


def check_clean(_folder: Path, variant: dict[str, Any]) -> None:
    assert {text: clean(text) for text in variant["expect"]} == variant["expect"]


def check_fold(_folder: Path, variant: dict[str, Any]) -> None:
    assert [(one, two) for one, two in variant["expect"] if fold(one) != fold(two)] == []


OTHERS = {"cli-extract": check_address, "date": check_date, "clean": check_clean, "same-fold": check_fold}


@pytest.mark.parametrize(("folder", "variant"), variants())
def test_variant(folder: Path, variant: dict[str, Any]) -> None:
    if variant["how"] in OTHERS:
        OTHERS[variant["how"]](folder, variant)
        return
    source = (folder / variant["file"]).read_bytes()
    article = extract(source, url=variant["url"], headers=variant.get("headers"), fetched_at=NOW)
    for key, wanted in variant["expect"].items():
        if key == "body_lacks":
            assert not [part for part in wanted if part in (article.body or "")]
        else:
            assert moment(said(article, key, wanted)) == moment(wanted), key
