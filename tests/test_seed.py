"""The page that started the project, and what must come out of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from newscrawl import extract
from newscrawl.arabic import clean
from newscrawl.extraction.body.phrases import clean_lines
from tests.arabic.arabic_samples import shared


def test_clean_text_leaves_the_story_alone() -> None:
    lines = clean_lines(clean(line) for line in _text("page.txt").splitlines())
    wanted = _text("expected.txt").splitlines()
    assert [_even(line) for line in lines if line] == [_even(line) for line in wanted if line]


def test_the_record_of_the_page() -> None:
    wanted: dict[str, Any] = json.loads(_text("expected.json"))
    body = shared("seed/article.html").read_bytes()
    found = extract(body, url=wanted["url"], fetched_at=datetime(2026, 11, 22, tzinfo=UTC))
    assert found.published_at is not None
    assert found.published_at[:10] == wanted.pop("published_at_day")
    for line in wanted.pop("must_not"):
        assert line not in (found.body or "")
    image = wanted.pop("images")[0]
    assert (found.images[0].caption, found.images[0].credit) == (image["caption"], image["credit"])
    for name, value in wanted.items():
        assert _even(getattr(found, name)) == _even(value), name


def _even(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _text(name: str) -> str:
    return shared(f"seed/{name}").read_text(encoding="utf-8")
