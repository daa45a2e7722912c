"""Whatever carries a story's text, it is read, whole and under its headline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl import extract
from tests.extraction.shells import SHELLS, STORY, TITLE

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", SHELLS)
def test_story_is_read_whole(name: str) -> None:
    article = extract(SHELLS[name]().encode(), url="https://www.rabwa.test/local/8123", fetched_at=NOW)
    assert (article.body or "").split("\n") == list(STORY)


@pytest.mark.parametrize("name", SHELLS)
def test_headline_is_the_story_s(name: str) -> None:
    article = extract(SHELLS[name]().encode(), url="https://www.rabwa.test/local/8123", fetched_at=NOW)
    assert article.title == TITLE
