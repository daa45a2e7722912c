"""Addresses that are no article's on any site: lists of stories, persons, files, the site's own affairs."""

from __future__ import annotations

import re
from functools import cache

from newscrawl.discovery.identity import article_identity
from newscrawl.tables import read_table

# What stands in a regular expression without being searched for: the names of groups, classes of characters.
_NO_WORD = re.compile(r"\(\?P<\w+>|\\[a-zA-Z]")
_WORD = re.compile(r"[\w-]+\??")


def article_pattern(article_url: str) -> re.Pattern[str]:
    """What finds a publisher's articles in decoded normal forms: `article_url`, but never behind a word of
    tables/other_pages.txt that it does not write itself. One that begins with a slash begins before the query: a story
    is not to be found in a link that hands its address on. re.error for what is no regular expression.
    """
    written = _written(article_url)
    rows = [row.strip() for row in read_table("newscrawl.discovery", "other_pages.txt")]
    rows = [row for row in rows if row.removeprefix("/") not in written]
    ends = [re.escape(row[1:]) for row in rows if row.startswith("*")]
    first = _any_of([row[1:] for row in rows if row.startswith("/")])
    anywhere = _any_of([row for row in rows if row[0] not in "/*"])
    others = (
        rf"(?:(?:/[^/?]*)*?/(?:{anywhere})|(?:/[a-z]{{2}})?/(?:{first}))(?![^/?])|[^?]+(?i:{'|'.join(ends)})(?![^?])"
    )
    before = "[^?]*?" if article_url.startswith("/") else "(?s:.*?)"
    return re.compile(rf"^(?!https?://[^/?]+(?:{others})){before}(?:{article_url})")


def is_other_page(url: str) -> bool:
    """Whether a word of tables/other_pages.txt says that a URL is no article's. ValueError for no http(s) URL."""
    return article_identity(url, _any_article()) is None


@cache
def _any_article() -> re.Pattern[str]:
    return article_pattern("")


def _written(pattern: str) -> set[str]:
    """The words of a regular expression; of "tags?" both forms."""
    words = _WORD.findall(_NO_WORD.sub(" ", pattern))
    return {form for word in words for form in (word.rstrip("?"), word[:-2] if word.endswith("?") else word)}


def _any_of(rows: list[str]) -> str:
    """An expression for any of the rows in any letter case; grouped by first letter it is several times as fast."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row[0], []).append(re.escape(row[1:]).replace(r"\*", "[^/?]*"))
    return "|".join(f"[{first}{first.upper()}](?i:{'|'.join(ends)})" for first, ends in groups.items())
