"""The record: what a subclass adds is stored, what a newer program wrote is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.items import Article, Image
from newscrawl.storage.jsonl import read_articles

json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v, max_size=3))
keys = st.text(min_size=1).filter(lambda key: key not in Article.__dataclass_fields__)


@dataclass(kw_only=True)
class Rated(Article):
    rating: int | None = None
    places: tuple[str, ...] = ()


def test_a_subclass_keeps_its_fields_in_the_stored_line() -> None:
    rated = Rated(id="0" * 16, url="https://a.test/1", rating=4, images=[Image(url="https://a.test/p.jpg")])
    stored = json.loads(rated.to_json())
    assert stored == json.loads(json.dumps(rated.to_dict()))
    assert (stored["rating"], stored["images"][0]["url"]) == (4, "https://a.test/p.jpg")
    assert list(stored)[-2:] == ["rating", "places"]
    again = Rated.from_dict(stored)
    assert (again.rating, again.images, again.unknown) == (4, rated.images, {})


def test_the_plain_class_passes_a_subclass_on() -> None:
    stored = json.loads(Rated(id="0" * 16, rating=4).to_json())
    plain = Article.from_dict(stored)
    assert plain.unknown == {"rating": 4, "places": []}
    assert json.loads(plain.to_json()) == stored


@given(st.dictionaries(keys, json_values, max_size=4))
def test_unknown_keys_are_kept(more: dict[str, object]) -> None:
    record = json.loads(Article(id="0" * 16, title="عنوان").to_json()) | more
    article = Article.from_dict(record)
    assert article.to_dict() == record
    assert json.loads(article.to_json()) == record


def test_a_corpus_of_a_newer_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(json.dumps({"id": "0" * 16, "title": "عنوان", "mood": "glad"}) + "\n", encoding="utf-8")
    (article,) = read_articles([path])
    assert (article.title, article.unknown) == ("عنوان", {"mood": "glad"})
