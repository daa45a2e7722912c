"""A directory of Markdown, a file an article: `<source>/<month>/<id>.md`, the facts in front matter (YAML)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from newscrawl.exports.selection import day_of
from newscrawl.extraction.markdown.inline import address, escaped, escaped_line
from newscrawl.items import Article, Image

_FRONT = (
    "id", "version", "source", "publisher", "country", "url", "canonical_url", "language", "title", "subtitle",
    "authors", "agencies", "dateline", "section", "tags", "published_at", "modified_at", "first_seen_at", "word_count",
    "duplicate_of", "cluster_id", "similarity", "paywalled", "restrictions",
)  # fmt: skip
_NONE: tuple[Any, ...] = (None, [], "")
# What YAML takes for the end of a line, or does not let stand, and JSON leaves as it is.
_ESCAPED = {ord(each): f"\\u{ord(each):04x}" for each in "\x7f\x85\u2028\u2029\ufeff\ufffe\uffff"} | {
    code: f"\\u{code:04x}" for code in range(0x80, 0xA0)
}
_UNDATED, _NAMELESS = "undated", "_"


def write_markdown(articles: Iterable[Article], directory: Path, *, all_versions: bool) -> int:
    """Writes the files, those of all versions as `<id>-v<version>.md`; how many."""
    count = 0
    directory.mkdir(parents=True, exist_ok=True)
    for article in articles:
        version = f"-v{article.version}" if all_versions else ""
        path = (
            directory
            / _safe(article.source)
            / _safe(day_of(article)[:7] or _UNDATED)
            / f"{_safe(article.id)}{version}.md"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(markdown(article), "utf-8", errors="replace")
        count += 1
    return count


def _safe(name: str | None) -> str:
    """A name of a file that leads nowhere else."""
    found = quote(name or "", safe="")
    return found if found.strip(".") else _NAMELESS + found.replace(".", "%2E")


def markdown(article: Article) -> str:
    """The story: its `markdown` where it was asked for when it was read, else its paragraphs as they are."""
    return "\n".join([*_front(article), *_story(article)])


def _front(article: Article) -> Iterator[str]:
    yield "---"
    for name in _FRONT:
        value = getattr(article, name)
        if value not in _NONE:
            # JSON is YAML.
            yield f"{name}: {json.dumps(value, ensure_ascii=False).translate(_ESCAPED)}"
    yield "---\n"


def _story(article: Article) -> Iterator[str]:
    if article.title:
        yield f"# {escaped(' '.join(article.title.split()))}\n"
    if article.subtitle:
        yield f"> {escaped(' '.join(article.subtitle.split()))}\n"
    if article.markdown:
        yield article.markdown.rstrip("\n") + "\n"
        return
    if article.images and article.images[0].url:
        yield _picture(article.images[0]) + "\n"
    for line in (article.body or "").split("\n"):
        if line.strip():
            yield escaped_line(escaped(line.strip())) + "\n"


def _picture(image: Image) -> str:
    said = " · ".join(filter(None, (image.caption, image.credit)))
    return f"![{escaped(' '.join(said.split()))}]({address(image.url or '')})"
