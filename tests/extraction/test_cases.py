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


@pytest.mark.parametrize(("folder", "variant"), variants())
def test_variant(folder: Path, variant: dict[str, Any]) -> None:
    article = extract((folder / variant["file"]).read_bytes(), url=variant["url"], fetched_at=NOW)
    for key, wanted in variant["expect"].items():
        if key == "body_lacks":
            assert not [part for part in wanted if part in (article.body or "")]
        else:
            assert moment(said(article, key, wanted)) == moment(wanted), key
