"""Rules proposed from a site's own pages: selectors that find what the generic reading finds, on every one of them.

A selector is taken only when the record that it leads to is, on all pages, the one without it. What disagrees is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from newscrawl.extraction.elements.naming import Name
from newscrawl.extraction.fields import JSON_LD, META, MICRODATA, OPEN_GRAPH
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Source
from newscrawl.items import Article
from newscrawl.loaders import Loaded, load
from newscrawl.loaders.proposed_body import BodyFinder
from newscrawl.loaders.proposed_fields import Sample, candidates, is_single, values

#: Fewer pages do not tell what a site's pages have in common.
FEWEST_PAGES = 3
# A field that fewer pages show is left to the generic reading.
_FEWEST_SHOWN = 2
# Selectors that are tried for a field, the most lasting first.
_MOST_TRIED = 6
_METADATA = frozenset({JSON_LD, OPEN_GRAPH, META, MICRODATA})
# What metadata say exactly, and a page only to a reader's need.
_LEFT_TO_METADATA = frozenset({"published", "modified", "image"})
# The fields of Rules that stand for themselves, each with that of the record which names its layer.
FIELDS = {
    "title": "title", "subtitle": "subtitle", "authors": "authors", "dateline": "dateline", "section": "section",
    "tags": "tags", "image": "images", "caption": "images", "published": "published_at", "modified": "modified_at",
}  # fmt: skip
# What the rules themselves change in a record.
_NOT_COMPARED = ("provenance",)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one field: its selectors (none: nothing is written) and on how many of the pages the record that
    they lead to is the one without them; `why` says what kept it from being written.
    """

    field: str
    selectors: tuple[str, ...]
    agrees: int
    of: int
    why: str = ""


@dataclass(slots=True)
class Proposal:
    """Rules that agree with the generic reading on all pages, or None; what became of each field, and where the generic
    reading itself differs between the pages, a sentence each.
    """

    rules: Rules | None
    told: list[Told] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def propose(pages: Sequence[Page], source: Source, *, fetched_at: datetime) -> Proposal:
    """Rules for the pages of one site. ValueError for fewer than FEWEST_PAGES."""
    if len(pages) < FEWEST_PAGES:
        raise ValueError(f"rules are proposed from {FEWEST_PAGES} pages or more")
    return _Proposer([sample(page, source, fetched_at) for page in pages], source, fetched_at).propose()


def sample(page: Page, source: Source, fetched_at: datetime) -> Sample:
    """A page as it reads without rules."""
    loaded = load(page, source, generic=True, fetched_at=fetched_at)
    return Sample(page, loaded.article, loaded.reading)


def is_same(one: Article, other: Article) -> bool:
    """Whether two records of a page are the same in all that rules are not bound to change."""
    return _compared(one) == _compared(other)


def _compared(article: Article) -> dict[str, Any]:
    return {name: value for name, value in article.to_dict().items() if name not in _NOT_COMPARED}


class _Proposer:
    def __init__(self, samples: list[Sample], source: Source, fetched_at: datetime) -> None:
        self._samples = samples
        self._source = source
        self._fetched_at = fetched_at
        self._told: list[Told] = []

    def propose(self) -> Proposal:
        """Each field by itself, then all together."""
        chosen: dict[str, Any] = {}
        for name, shown_as in FIELDS.items():
            if selector := self._field(name, shown_as):
                chosen[name] = selector
        chosen |= self._body()
        # Selectors that agree by themselves may not together: those that were chosen last give way.
        while chosen and (agrees := self._agreeing(_rules(chosen))) < len(self._samples):
            name = list(chosen)[-1] if list(chosen)[-1] != "drop" else "body"
            chosen.pop(name)
            if name == "body":
                chosen.pop("drop", None)
            self._told = [one for one in self._told if one.field != name]
            self._tell(name, (), agrees, "it changes the record together with the other selectors")
        return Proposal(_rules(chosen) if chosen else None, self._told, list(_differences(self._samples)))

    def _field(self, name: str, shown_as: str) -> str | None:
        """The most lasting selector that leads to the same record on every page."""
        shown = [one for one in self._samples if values(one, name)]
        if not shown:
            return None
        if name in _LEFT_TO_METADATA and all(one.layer(shown_as) in _METADATA for one in shown):
            why: tuple[int, str] = (0, "the metadata say it")
        elif len(shown) < _FEWEST_SHOWN:
            why = (0, f"only {len(shown)} of {len(self._samples)} pages shows it")
        else:
            found = _common([candidates(one, name) for one in shown])
            single = [one.selector for one in found if is_single(one.selector, name, self._samples)]
            why = (0, "no name marks it alone on every page" if found else "no name marks it on every page")
            for selector in single[:_MOST_TRIED]:
                differing = self._differing(_rules({name: selector}))
                if not differing:
                    self._tell(name, (selector,), len(self._samples))
                    return selector
                agrees = len(self._samples) - len(differing)
                if selector == single[0] or agrees > why[0]:
                    why = (agrees, self._disagreement(selector, differing))
        self._tell(name, (), *why)
        return None

    def _body(self) -> dict[str, Any]:
        finder = BodyFinder(self._samples, self._load)
        best: tuple[int, str] | None = None
        for selector in finder.selectors()[:_MOST_TRIED]:
            drop = finder.drops(selector)
            body = {"body": selector, "sifts": True, **({"drop": drop} if drop else {})}
            differing = self._differing(_rules(body))
            agrees = len(self._samples) - len(differing)
            if not differing:
                self._tell("body", (selector,), agrees)
                return body
            if best is None or agrees > best[0]:
                best = (agrees, self._disagreement(selector, differing))
        self._tell("body", (), *(best or (0, "its text stands in no box that a name marks alone on every page")))
        return {}

    def _tell(self, name: str, selectors: tuple[str, ...], agrees: int, why: str = "") -> None:
        self._told.append(Told(name, selectors, agrees, len(self._samples), why))

    def _load(self, one: Sample, rules: Rules) -> Loaded:
        """A page as it reads by rules."""
        return load(one.page, replace(self._source, rules=(rules,)), fetched_at=self._fetched_at)

    def _differing(self, rules: Rules) -> list[Sample]:
        return [one for one in self._samples if not is_same(self._load(one, rules).article, one.article)]

    def _agreeing(self, rules: Rules) -> int:
        return len(self._samples) - len(self._differing(rules))

    def _disagreement(self, selector: str, differing: Sequence[Sample]) -> str:
        """On how many pages a selector leads to another record, and on which, for instance."""
        pages = f"{len(differing)} of {len(self._samples)} pages"
        return f"{selector} leads to another record on {pages}, as {differing[0].page.url}"


def _rules(chosen: dict[str, Any]) -> Rules:
    return Rules(**chosen)


def _common(found: Sequence[Iterable[Name]]) -> list[Name]:
    """The names that stand on every page, the most lasting first."""
    counted = Counter(name for names in found for name in set(names))
    return sorted(name for name, count in counted.items() if count == len(found))


def _differences(samples: Sequence[Sample]) -> Iterable[str]:
    """Where a field is answered by one layer on some pages and by another, or by none, on others."""
    for name in dict.fromkeys(("body", *FIELDS.values())):
        layers = Counter(one.layer(name) for one in samples)
        if len(layers) > 1:
            each = (f"{layer or 'nothing'} on {count}" for layer, count in layers.most_common())
            yield f"{name}: {', '.join(each)} of {len(samples)} pages"
