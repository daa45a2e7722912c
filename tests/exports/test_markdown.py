"""A file an article: front matter that YAML reads, a text that means itself, and no name that leads elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.exports.markdown import markdown, write_markdown
from newscrawl.items import Article
from tests.browse.stored import record

yaml = pytest.importorskip("yaml")


def test_a_story(tmp_path: Path) -> None:
    stored = Article.from_dict(
        record(
            1,
            title="عنوان *مهم*",
            subtitle="تمهيد",
            body="1. فقرة أولى\n# فقرة ثانية",
            authors=["ليلى"],
            images=[{"url": "http://a.test/(1).jpg", "caption": "صورة", "credit": "AFP"}],
        )
    )
    assert write_markdown([stored], tmp_path, all_versions=False) == 1
    text = (tmp_path / "aldifaf" / "2026-11" / f"{1:016x}.md").read_text("utf-8")
    _, front, story = text.split("---\n")
    values = yaml.safe_load(front)
    assert (values["title"], values["authors"]) == ("عنوان *مهم*", ["ليلى"])
    assert "dateline" not in values
    picture = "![صورة · AFP](http://a.test/%281%29.jpg)"
    assert story == f"\n# عنوان \\*مهم\\*\n\n> تمهيد\n\n{picture}\n\n1\\. فقرة أولى\n\n\\# فقرة ثانية\n"


def test_what_was_read_as_markdown_is_kept() -> None:
    stored = Article.from_dict(record(1, markdown="## فصل\n\n* بند", body="فصل\nبند"))
    assert markdown(stored).endswith("# عنوان 1\n\n## فصل\n\n* بند\n")


@pytest.mark.parametrize("name", ["..", ".", "", "a/../../b", "x\0y", None])
def test_no_name_leads_elsewhere(name: str | None, tmp_path: Path) -> None:
    stored = Article.from_dict(record(1, source=name) | {"id": name or "", "published_at": "../..", "version": 3})
    write_markdown([stored], tmp_path / "out", all_versions=True)
    (path,) = tmp_path.rglob("*.md")
    assert path.resolve().is_relative_to(tmp_path / "out")
    assert len(path.relative_to(tmp_path / "out").parts) == 3


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_front_matter_says_what_was_stored(text: str) -> None:
    front = markdown(Article.from_dict(record(1, title=text, tags=[text]))).split("\n---\n")[0].removeprefix("---\n")
    values = yaml.safe_load(front)
    assert values.get("title", "") == text
    assert values["tags"] == [text]
