"""Stored articles to search, made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from newscrawl.items import Article, json_line


def record(number: int, **more: Any) -> dict[str, Any]:
    """A stored record with a number for its id."""
    values: dict[str, Any] = {
        "id": f"{number:016x}",
        "source": "aldifaf",
        "publisher": "الضفاف",
        "country": "JO",
        "url": f"http://aldifaf.test/{number}",
        "title": f"عنوان {number}",
        "body": "نص المادة",
        "published_at": f"2026-11-{number % 28 + 1:02d}T10:00:00+03:00",
        "first_seen_at": "2026-11-29T00:00:00+00:00",
        "fetched_at": "2026-11-29T00:00:00+00:00",
    }
    return json.loads(Article.from_dict({**values, **more}).to_json())


def store(data_dir: Path, name: str, records: list[dict[str, Any]], day: str = "2026-11-29") -> Path:
    """A sealed file of a run."""
    source = records[0]["source"] if records else "aldifaf"
    path = data_dir / "articles" / f"source={source}" / f"date={day}" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json_line(each) + "\n" for each in records), "utf-8")
    return path
