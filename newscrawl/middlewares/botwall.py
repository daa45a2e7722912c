"""Walls and empty shells: answers that look like success and are no article. Recorded, never evaded."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import JsonResponse, Response, TextResponse, XmlResponse

from newscrawl.tables import read_table

from .outcomes import Blocked
from .skim import Skim, skim

logger = logging.getLogger(__name__)

_SCAN_LIMIT = 300_000
# With so many paragraphs a page is a story about missing pages, or about captchas: Cloudflare's has three.
_STORY_PARAGRAPHS = {"not-found": 3, "captcha": 4}
# Between braces, which in an expression otherwise hold numbers.
_NAME = re.compile(r"\{([a-z][a-z-]*)\}")
_FRONT_PAGE = re.compile(r"(/\w\w(-\w\w)?)?(/(index|home|default|main|portal)(\.\w+)?)?/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    statuses: frozenset[int]
    field: str
    words: int | None
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


def _named() -> dict[str, str]:
    """The expressions that patterns name: each may name those above it."""
    named: dict[str, str] = {}
    for line in read_table("newscrawl.middlewares", "walls_words.tsv"):
        name, pattern = line.split("\t")
        named[name] = _spelt_out(pattern, named)
    return named


def _spelt_out(pattern: str, named: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: named[found[1]], pattern)


@cache
def _rows() -> tuple[_Row, ...]:
    named = _named()
    rows = []
    for line in read_table("newscrawl.middlewares", "walls.tsv"):
        kind, statuses, field, words, pattern, unless, _ = line.split("\t")
        rows.append(
            _Row(
                kind,
                frozenset() if statuses == "*" else frozenset(map(int, statuses.split(","))),
                field,
                int(words) if words else None,
                re.compile(_spelt_out(pattern, named), re.IGNORECASE),
                re.compile(unless, re.IGNORECASE) if unless else None,
            )
        )
    return tuple(rows)


@cache
def _rows_of(status: int) -> tuple[_Row, ...]:
    return tuple(row for row in _rows() if not row.statuses or status in row.statuses)


@cache
def _most_words() -> int:
    return max(row.words or 0 for row in _rows())


def classify(
    status: int, headers: Mapping[str, str], text: str, url: str, *, requested: str | None = None
) -> str | None:
    """The kind of wall or shell that an answer is, or None for a page worth reading.

    `headers` has lower-case names; `text` is the decoded body ("" when it is no text); `requested` is the URL before
    any redirect. Kinds: challenge, captcha, consent, login, js-shell, not-found, error-page, parked, not-a-page,
    refused, partial.
    """
    # Beyond these no row has anything left to say: headings are asked for missing pages only, which no story is.
    page = skim(text, words_enough=_most_words(), paragraphs_enough=_STORY_PARAGRAPHS["not-found"])
    for row in _rows_of(status):
        if row.words is not None and page.words > row.words:
            continue
        if page.paragraphs >= _STORY_PARAGRAPHS.get(row.kind, math.inf):
            continue
        if not any(row.pattern.search(value) for value in _values(row.field, headers, page, text, url)):
            continue
        # Asked last, because it reads the whole page.
        if row.unless is None or not row.unless.search(text, 0, _SCAN_LIMIT):
            return row.kind
    if requested and _sent_home(requested, url):
        return "not-found"
    return None


def _values(field: str, headers: Mapping[str, str], page: Skim, text: str, url: str) -> tuple[str, ...]:
    if field.startswith("header:"):
        value = headers.get(field.removeprefix("header:"))
        return () if value is None else (value,)
    match field:
        case "heading":
            return page.headings
        case "title":
            return (page.title,)
        case "text":
            return (page.text,)
        case "html":
            return (text[:_SCAN_LIMIT],)
        case "start":
            return (text[:100],)
        case "url":
            return (url,)
    raise ValueError(f"walls.tsv has no field {field}")


def _sent_home(requested: str, url: str) -> bool:
    """Many sites send the reader of a deleted story to the front page; another name of the front page is none."""
    asked, got = urlsplit(requested), urlsplit(url)
    is_front = not asked.path.strip("/") or _FRONT_PAGE.fullmatch(asked.path)
    return not is_front and not got.path.strip("/") and not got.query


class BotWallMiddleware:
    """Raises Blocked for walls and shells, counted as newscrawl/blocked/<kind>; nothing is retried or disguised."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BotWallMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get("newscrawl_robots") or response.status in (404, 410):
            return response
        headers = {name.decode("latin-1").lower(): _first(values) for name, values in response.headers.items()}
        readable = isinstance(response, TextResponse) and not isinstance(response, JsonResponse | XmlResponse)
        text = response.text if readable and isinstance(response, TextResponse) else ""
        requested = request.meta.get("redirect_urls", [None])[0]
        kind = classify(response.status, headers, text, response.url, requested=requested)
        if response.status == 304 and not {b"If-None-Match", b"If-Modified-Since"} & set(request.headers):
            kind = "unasked-304"
        if kind is None:
            return response
        self._crawler.stats.inc_value(f"newscrawl/blocked/{kind}")
        logger.info("Blocked (%s): %s", kind, response.url)
        raise Blocked(kind, f"{response.url} answered {response.status} with a page of the kind {kind!r}", response)


def _first(values: list[bytes]) -> str:
    return values[0].decode("latin-1") if values else ""
