"""What a publisher reserves: the signals of robots directives and of text and data mining reservation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml.etree import _Element

_ROBOTS_META = frozenset({"robots", "googlebot", "googlebot-news", "newscrawl", "x-robots-tag"})
_KEPT = ("noarchive", "noindex", "nosnippet", "noai", "noimageai")
_ALIASES = {"none": ("noindex",), "nocache": ("noarchive",)}
_OUR_AGENT = re.compile(r"^(?:\*|newscrawl)$")
_AGENT_PREFIX = re.compile(r"^\s*([\w*-]+)\s*:\s*(?!\d)(.*)$", re.DOTALL)
_DATED = "unavailable_after"


def restrictions(headers: Mapping[str, str | Iterable[str]], tree: _Element | None = None) -> list[str]:
    """What the page reserves, sorted: "noarchive", "noindex", "nosnippet", "noai", "noimageai", "tdm-reservation".

    Reads X-Robots-Tag and TDM-Reservation among `headers` (any case; a value or several), and their meta elements in
    `tree`. Directives addressed to another crawler alone do not count; those to news indexers do, as the nearest kin.
    """
    found: set[str] = set()
    for name, value in headers.items():
        for line in [value] if isinstance(value, str) else value:
            if name.lower() == "x-robots-tag":
                found.update(_directives(_for_us(line)))
            elif name.lower() == "tdm-reservation" and line.strip() == "1":
                found.add("tdm-reservation")
    if tree is not None:
        for meta in tree.iter("meta"):
            name = (meta.get("name") or meta.get("http-equiv") or "").strip().lower()
            if name in _ROBOTS_META:
                found.update(_directives(meta.get("content") or ""))
            elif name == "tdm-reservation" and meta.get("content", "").strip() == "1":
                found.add("tdm-reservation")
    return sorted(found)


def _for_us(line: str) -> str:
    """The directives of an X-Robots-Tag line, "" when it names another crawler."""
    prefix = _AGENT_PREFIX.match(line)
    if not prefix or prefix[1].lower() == _DATED:
        return line
    return prefix[2] if _OUR_AGENT.match(prefix[1].lower()) else ""


def _directives(text: str) -> Iterable[str]:
    for word in re.split(r"[,;\s]+", text.lower()):
        yield from (name for name in _ALIASES.get(word, (word,)) if name in _KEPT)
