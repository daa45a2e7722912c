"""JSON-LD as a graph: the objects of all scripts laid flat, their types, and what a reference names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import unquote, urljoin

from newscrawl.extraction.page import embedded

# "schema:headline" and "http://schema.org/headline" as keys are "headline".
_PREFIXED_KEY = re.compile(r'"(?:schema:|https?://(?:www\.)?schema\.org/)(\w+)"(?=\s*:)')
_NESTING = ("@graph", "@included", "mainEntity")
# What these hold is another thing than their holder: a list of other stories, a comment, a source.
_OF_OTHERS = frozenset(
    "itemListElement hasPart isPartOf isBasedOn citation mentions comment review relatedLink video associatedMedia "
    "publisher author creator blogPost liveBlogUpdate itemReviewed about subjectOf breadcrumb".split()
)
# Types as schema.org writes them, by how some templates do.
_WITH_CAPITALS = {
    name.lower(): name
    for name in "NewsArticle Article BlogPosting LiveBlogPosting WebPage Person Organization BreadcrumbList".split()
}
_MOST_LEVELS = 6
# Members of an object that several places tell of, and members of a list: what is beyond them is not read.
_MOST_KEYS, _MOST_MEMBERS = 500, 1000


def types(node: dict[str, Any]) -> set[str]:
    """The types of an object by their bare names: "http://schema.org/newsArticle" is "NewsArticle"."""
    kind = node.get("@type", node.get("type"))
    names = kind if isinstance(kind, list) else [kind]
    return {_bare_type(name) for name in names if isinstance(name, str)}


def _bare_type(name: str) -> str:
    bare = name if name.isalpha() else re.split("[/#:]", name.strip())[-1]
    return _WITH_CAPITALS.get(bare.lower(), bare)


def text(value: Any) -> str:
    """The text of a value: of a list the Arabic member, else the first; of an object its @value or its name."""
    if isinstance(value, list):
        value = next((v for v in value if isinstance(v, dict) and _is_arabic(v)), next(iter(value), None))
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _is_arabic(value: dict[str, Any]) -> bool:
    return "@value" in value and str(value.get("@language", "")).lower().startswith("ar")


def _with_bare_keys(text: str) -> str:
    may_have_prefixes = '"schema:' in text or "schema.org/" in text
    return _PREFIXED_KEY.sub(r'"\1"', text) if may_have_prefixes else text


class Graph:
    """The JSON-LD objects of one page; `base` is the address that relative identifiers are relative to."""

    def __init__(self, values: Iterable[Any], base: str = "") -> None:
        self.nodes: list[dict[str, Any]] = []
        self._base = base
        self._addresses: dict[str, str] = {}
        for value in values:
            self._lay_flat(value)

    @classmethod
    def of_scripts(cls, texts: Iterable[str], base: str = "") -> Graph:
        """The graph of the texts of a page's scripts; what is broken is repaired or left out."""
        return cls((value for text in texts for value in embedded.each(_with_bare_keys(text))), base)

    def _lay_flat(self, value: Any) -> None:
        stack = [value]
        while stack and len(self.nodes) < embedded.MAX_NODES:
            node = stack.pop()
            if isinstance(node, list):
                stack.extend(reversed(node))
            elif isinstance(node, dict):
                self.nodes.append(node)
                inside = (node[key] for key in _NESTING if key in node)
                stack.extend(reversed([held for held in inside if isinstance(held, (dict, list))]))

    @cached_property
    def _named(self) -> dict[str, dict[str, Any]]:
        """Every object by its identifier; what is said of one thing in several places is said of one object."""
        found: dict[str, dict[str, Any]] = {}
        for node in embedded.walk(self.nodes):
            name = self._identifier(node)
            if name and len(node) > 1:
                known = found.setdefault(name, {})
                for key in node if len(known) < _MOST_KEYS else ():
                    known.setdefault(key, node[key])
        return found

    def _identifier(self, node: dict[str, Any]) -> str:
        name = node.get("@id", node.get("id"))
        return self._absolute(name) if isinstance(name, str) else ""

    def _absolute(self, name: str) -> str:
        if name not in self._addresses:
            try:
                address = name if name.startswith("_:") else unquote(urljoin(self._base, name.strip()))
            except ValueError:
                address = name
            self._addresses[name] = address
        return self._addresses[name]

    def resolve(self, value: Any) -> Any:
        """The object that a reference ({"@id": ...}, or its address alone) names; any other value as it is."""
        if isinstance(value, dict):
            name = self._identifier(value)
            return {**self._named.get(name, {}), **value} if name else value
        if isinstance(value, str) and value.startswith(("http:", "https:", "_:", "#", "/")):
            return self._named.get(self._absolute(value), value)
        return value

    def members(self, value: Any) -> Iterator[Any]:
        """The strings and objects of a value, each once: lists, @list and @set laid flat, references resolved."""
        seen: set[str] = set()
        for member in islice(self._flat(value, _MOST_LEVELS), _MOST_MEMBERS):
            name = member if isinstance(member, str) else self._identifier(member)
            if name not in seen:
                seen.update([name] if name else ())
                yield self.resolve(member)

    def _flat(self, value: Any, levels: int) -> Iterator[str | dict[str, Any]]:
        if levels == 0:
            return
        if isinstance(value, list):
            for member in value:
                yield from self._flat(member, levels - 1)
        elif isinstance(value, dict) and ("@list" in value or "@set" in value):
            yield from self._flat(value.get("@list", value.get("@set")), levels - 1)
        elif isinstance(value, (str, dict)):
            yield value

    def own(self, wanted: frozenset[str]) -> list[dict[str, Any]]:
        """The objects of one of the types; where none stands by itself, those inside others, but for what those hold
        of others."""
        found = [node for node in self.nodes if types(node) & wanted]
        return found or [node for node in self._inside() if types(node) & wanted]

    def held(self, wanted: frozenset[str]) -> list[dict[str, Any]]:
        """The objects of one of the types wherever they stand; they may be another story's."""
        return [node for node in embedded.walk(self.nodes) if types(node) & wanted]

    def _inside(self) -> Iterator[dict[str, Any]]:
        stack = [(node, 0) for node in reversed(self.nodes)]
        seen = 0
        while stack and seen < embedded.MAX_NODES:
            node, depth = stack.pop()
            seen += 1
            yield node
            held = [value for key, value in node.items() if key not in _OF_OTHERS and isinstance(value, (dict, list))]
            if depth < _MOST_LEVELS:
                objects = (o for value in held for o in (value if isinstance(value, list) else [value]))
                stack.extend((o, depth + 1) for o in objects if isinstance(o, dict))
