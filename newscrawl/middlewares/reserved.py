"""What a site reserves as a whole: robots.txt's groups for AI agents and content signals, and tdmrep.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

from protego import Protego
from scrapy.http import Response

from newscrawl.tables import read_table

ROBOTS_AI, TDM = "robots-ai", "tdm-reservation"
# Uses that a content signal may close (contentsignals.org), and the word of the IETF draft "aipref" for the first.
_SIGNALS = ("ai-train", "ai-input", "search")
_USAGE = {"train-ai": "ai-train", "ai-train": "ai-train", "search": "search"}
_OUR_AGENT = "newscrawl"
ROBOTS_PATH, TDM_PATH = "/robots.txt", "/.well-known/tdmrep.json"
# What is read of a robots.txt, in bytes (RFC 9309, 2.5).
PARSE_LIMIT = 500 * 1024
# Rules of tdmrep.json that are looked at, and bytes of the largest; a site has one rule or two.
_MOST_RULES, _MOST_BYTES = 200, 256 * 1024
# Characters of a location; a path has as many at most.
_LONGEST_LOCATION = 2000
# RFC 9309, 2.3.1.2: so many redirects are followed.
_REDIRECTS = 5


@cache
def _ai_agents() -> frozenset[str]:
    return frozenset(row.strip().casefold() for row in read_table("newscrawl.middlewares", "ai_agents.txt"))


class RobotsRights:
    """What a robots.txt reserves, by its first PARSE_LIMIT bytes."""

    def __init__(self, body: bytes) -> None:
        text = body[:PARSE_LIMIT].decode("utf-8", "replace").removeprefix("\ufeff")
        self._parser: Protego | None = None
        self._agents: list[str] = []
        self._signals: list[str] = []
        ours: list[str] = []
        everyones: list[str] = []
        for names, field, value in _lines(text):
            if field == "user-agent":
                self._agents += [value] if value.casefold() in _ai_agents() else []
            elif field in ("content-signal", "content-usage"):
                closed = _closed(value)
                ours += closed if _OUR_AGENT in names else []
                everyones += closed if "*" in names or not names else []
        self._signals = list(dict.fromkeys(ours or everyones))
        if self._agents:
            self._parser = Protego.parse(text)

    def at(self, url: str) -> list[str]:
        """What is reserved of a page: "robots-ai" when a group for an AI agent closes it, "ai-train=no" and such."""
        parser = self._parser
        is_closed = parser is not None and any(not parser.can_fetch(url, agent) for agent in self._agents)
        return [*([ROBOTS_AI] if is_closed else []), *self._signals]


def _lines(text: str) -> Iterator[tuple[set[str], str, str]]:
    """Each line's group (names of agents, folded), field name and value; user-agent lines that follow one another share
    a group (RFC 9309, 2.1).
    """
    names: set[str] = set()
    is_head = False
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().casefold(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            names = {*(names if is_head else ()), value.casefold()}
        is_head = field == "user-agent"
        yield names, field, value


def _closed(value: str) -> list[str]:
    found = []
    for part in re.split(r"[,\s]+", value.casefold().replace(" =", "=").replace("= ", "=")):
        name, equals, answer = part.partition("=")
        name = _USAGE.get(name, name)
        if equals and name in _SIGNALS and answer in ("no", "n"):
            found.append(f"{name}=no")
    return found


class TdmRights:
    """What /.well-known/tdmrep.json reserves (W3C TDM Reservation Protocol). A body that is none, or larger than any,
    reserves nothing.
    """

    def __init__(self, body: bytes) -> None:
        self._rules: list[tuple[_Location, bool]] = []
        if len(body) > _MOST_BYTES:
            return
        try:
            rules = json.loads(body)
        except (ValueError, RecursionError):
            return
        for rule in rules[:_MOST_RULES] if isinstance(rules, list) else []:
            if isinstance(rule, dict) and isinstance(location := rule.get("location"), str):
                self._rules.append((_Location(location), str(rule.get("tdm-reservation")) == "1"))

    def at(self, url: str) -> list[str]:
        """["tdm-reservation"] when the first rule for the page's path reserves it."""
        parts = urlsplit(url)
        path = unquote(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return [TDM] if next((reserved for location, reserved in self._rules if location.holds(path)), False) else []


class _Location:
    """A location of tdmrep.json: the beginning of a path, "*" for any letters, "$" for the end.

    Asked without an expression: with many stars it would be tried in more ways than there is time for.
    """

    def __init__(self, location: str) -> None:
        path = unquote(location if location.startswith("/") else f"/{location}")
        self._is_whole = path.endswith("$")
        self._first, *self._parts = path.removesuffix("$")[:_LONGEST_LOCATION].split("*")

    def holds(self, path: str) -> bool:
        """Whether a path is one of those that are meant."""
        if not self._parts:
            return path == self._first if self._is_whole else path.startswith(self._first)
        if not path.startswith(self._first):
            return False
        at = len(self._first)
        for part in self._parts[:-1]:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        last = self._parts[-1]
        if self._is_whole:
            return path.endswith(last) and len(path) - len(last) >= at
        return path.find(last, at) >= 0


_KINDS: dict[str, type[RobotsRights | TdmRights]] = {ROBOTS_PATH: RobotsRights, TDM_PATH: TdmRights}


class ArchivedRights:
    """What sites reserved while they were crawled, by the answers in an archive, taken in their order: the last answer
    before a page is the one that its crawl went by.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, type[RobotsRights | TdmRights]] = {}
        # By address; that of a redirect is where it leads.
        self._found: dict[str, RobotsRights | TdmRights | str | None] = {}

    def is_about(self, url: str) -> bool:
        """Whether a URL is that of a robots.txt or tdmrep.json, or one that such a one led to."""
        return self._kind(url) is not None

    def take(self, response: Response) -> None:
        """Takes an answer from such a URL, decompressed."""
        url, kind = response.url, self._kind(response.url)
        assert kind is not None
        self._found[url] = None
        if 300 <= response.status < 400 and (location := response.headers.get("Location")):
            target = urljoin(url, location.decode("utf-8", "replace"))
            self._kinds[target], self._found[url] = kind, target
        elif response.status == 200:
            self._found[url] = kind(response.body)

    def at(self, url: str) -> list[str]:
        """What is reserved of a page, as far as was taken by now."""
        reserved: list[str] = []
        for path in (ROBOTS_PATH, TDM_PATH):
            found: RobotsRights | TdmRights | str | None = urljoin(url, path)
            for _ in range(_REDIRECTS + 1):
                if isinstance(found, str):
                    found = self._found.get(found)
            if isinstance(found, RobotsRights | TdmRights):
                reserved += found.at(url)
        return reserved

    def _kind(self, url: str) -> type[RobotsRights | TdmRights] | None:
        return _KINDS.get(urlsplit(url).path) or self._kinds.get(url)
