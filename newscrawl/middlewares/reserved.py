"""What a site reserves as a whole: robots.txt's groups for AI agents and content signals, and tdmrep.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

from protego import Protego

from newscrawl.tables import read_table

ROBOTS_AI, TDM = "robots-ai", "tdm-reservation"
# Uses that a content signal may close (contentsignals.org), and the word of the IETF draft "aipref" for the first.
_SIGNALS = ("ai-train", "ai-input", "search")
_USAGE = {"train-ai": "ai-train", "ai-train": "ai-train", "search": "search"}
_OUR_AGENT = "newscrawl"
# Rules of tdmrep.json that are looked at; a site has one or two.
_MOST_RULES = 200


@cache
def _ai_agents() -> frozenset[str]:
    return frozenset(row.strip().casefold() for row in read_table("newscrawl.middlewares", "ai_agents.txt"))


class RobotsRights:
    """What a robots.txt reserves; `text` is its beginning, decoded."""

    def __init__(self, text: str) -> None:
        text = text.removeprefix("\ufeff")
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
    """What /.well-known/tdmrep.json reserves (W3C TDM Reservation Protocol). A body that is none reserves nothing."""

    def __init__(self, body: bytes) -> None:
        self._rules: list[tuple[re.Pattern[str], bool]] = []
        try:
            rules = json.loads(body)
        except (ValueError, RecursionError):
            return
        for rule in rules[:_MOST_RULES] if isinstance(rules, list) else []:
            if isinstance(rule, dict) and isinstance(location := rule.get("location"), str):
                self._rules.append((_location(location), str(rule.get("tdm-reservation")) == "1"))

    def at(self, url: str) -> list[str]:
        """["tdm-reservation"] when the first rule for the page's path reserves it."""
        parts = urlsplit(url)
        path = unquote(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return [TDM] if next((reserved for pattern, reserved in self._rules if pattern.match(path)), False) else []


def _location(location: str) -> re.Pattern[str]:
    """A location's pattern: the beginning of a path, "*" for any letters, "$" for the end."""
    path = unquote(location if location.startswith("/") else f"/{location}")
    # Runs of stars mean one, and would make matching slow.
    body = re.sub(r"\*+", "*", path.removesuffix("$"))[:500]
    return re.compile(".*".join(map(re.escape, body.split("*"))) + ("$" if path.endswith("$") else ""), re.DOTALL)
