"""Articles, a data directory and a store as the writers' tests need them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.dedup.exact import content_hash
from newscrawl.items import Article
from newscrawl.storage.objects import Store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"file://{tmp_path / 'bucket'}")


@pytest.fixture
def make_article() -> Callable[..., Article]:
    """An article by its number; its text is its own unless given."""

    def make(number: int, **values: object) -> Article:
        fields: dict[str, object] = {
            "id": f"{number:016x}",
            "url": f"https://paper.test/{number}",
            "source": "paper",
            "title": f"عنوان الخبر رقم {number}",
            "body": f"متن الخبر رقم {number}\nالفقرة الثانية",
            "first_seen_at": NOW.isoformat(),
            "fetched_at": NOW.isoformat(),
        }
        fields |= values
        article = Article(**fields)  # type: ignore[arg-type]
        article.content_hash = content_hash(article.title, article.body)
        return article

    return make
