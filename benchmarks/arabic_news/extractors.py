"""The programs that the benchmark knows, each as its manual says it is used; all get the same bytes.

An extractor takes a mapping with `html` (bytes), `url`, `headers` and `fetched_at`, and returns one with `title`,
`text` (paragraphs parted by newlines), `authors` (a list) and `date` (ISO 8601), None or absent where it says nothing.
This module imports nothing of newscrawl's unless asked, so that it runs in any environment.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Page = Mapping[str, Any]
Found = dict[str, Any]
Extractor = Callable[[Page], Found]

#: What is installed for each, for the report of versions.
DISTRIBUTIONS = {
    "newscrawl": "newscrawl",
    "trafilatura": "trafilatura",
    "newspaper4k": "newspaper4k",
    "goose3": "goose3",
    "readability": "readability-lxml",
    "resiliparse": "resiliparse",
    "news_please": "news-please",
}
_BLOCKS = re.compile(r"</?(?:p|div|li|ul|ol|h[1-6]|section|article|blockquote|tr|table|figure|br|hr)\b[^>]*>", re.I)


def newscrawl() -> Extractor:
    """Without any publisher's rules, as on a site that it does not know."""
    from newscrawl import extract
    from newscrawl.extraction.page import PageError

    def read(page: Page) -> Found:
        try:
            article = extract(
                page["html"], url=page["url"], headers=page["headers"], generic=True,
                fetched_at=datetime.fromisoformat(page["fetched_at"]),
            )  # fmt: skip
        except PageError:
            return {}
        return {
            "title": article.title, "text": article.body, "authors": article.authors, "date": article.published_at,
        }  # fmt: skip

    return read


def trafilatura() -> Extractor:
    """bare_extraction with metadata."""
    from trafilatura import bare_extraction

    def read(page: Page) -> Found:
        found = bare_extraction(_text(page["html"]), url=page["url"], with_metadata=True)
        if found is None:
            return {}
        authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
        return {"title": found.title, "text": found.text, "authors": authors, "date": found.date}

    return read


def newspaper4k() -> Extractor:
    """Article in Arabic, its page given."""
    from newspaper import Article, Config

    def read(page: Page) -> Found:
        config = Config()
        config.fetch_images = False
        article = Article(page["url"], language="ar", config=config)
        article.download(input_html=_text(page["html"]))
        article.parse()
        day = article.publish_date
        return {
            "title": article.title, "text": article.text, "authors": article.authors,
            "date": day.isoformat() if day else None,
        }  # fmt: skip

    return read


def goose3() -> Extractor:
    """With its Arabic stop words."""
    from goose3 import Goose
    from goose3.text import StopWordsArabic

    goose = Goose(
        {
            "use_meta_language": False,
            "target_language": "ar",
            "stopwords_class": StopWordsArabic,
            "enable_image_fetching": False,
        }
    )

    def read(page: Page) -> Found:
        article = goose.extract(raw_html=_text(page["html"]))
        day = article.publish_datetime_utc or article.publish_date
        return {
            "title": article.title, "text": article.cleaned_text, "authors": article.authors,
            "date": day.isoformat() if isinstance(day, datetime) else day,
        }  # fmt: skip

    return read


def readability() -> Extractor:
    """readability-lxml, its summary as text."""
    from readability import Document

    def read(page: Page) -> Found:
        document = Document(_text(page["html"]), url=page["url"])
        return {"title": document.short_title(), "text": _plain(document.summary(html_partial=True))}

    return read


def resiliparse() -> Extractor:
    """extract_plain_text with main_content."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(page: Page) -> Found:
        tree = HTMLTree.parse(_text(page["html"]))
        return {"title": tree.title, "text": extract_plain_text(tree, main_content=True, alt_texts=False, links=False)}

    return read


def news_please() -> Extractor:
    """NewsPlease.from_html, without pictures."""
    from newsplease import NewsPlease

    logging.disable(logging.CRITICAL)

    def read(page: Page) -> Found:
        article = NewsPlease.from_html(_text(page["html"]), url=page["url"], fetch_images=False)
        day = article.date_publish
        return {
            "title": article.title, "text": article.maintext, "authors": article.authors,
            "date": day.isoformat() if day else None,
        }  # fmt: skip

    return read


def _text(html: bytes) -> str:
    """For programs that take text: UTF-8 where it is, else what the page declares, else windows-1256."""
    try:
        return html.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = re.search(rb"charset=[\"']?\s*([\w-]+)", html[:4096], re.I)
    name = named[1].decode().lower() if named else "windows-1256"
    if name in ("utf-8", "utf8", "iso-8859-6", "arabic"):
        name = "windows-1256"
    try:
        return html.decode(name, "replace")
    except LookupError:
        return html.decode("windows-1256", "replace")


def _plain(html: str) -> str:
    """The text of a fragment, a line for each block."""
    import lxml.html

    if not html.strip():
        return ""
    root = lxml.html.fragment_fromstring(_BLOCKS.sub(lambda tag: f"\n{tag[0]}\n", html), create_parent="div")
    return "\n".join(line for line in map(str.strip, root.text_content().split("\n")) if line)
