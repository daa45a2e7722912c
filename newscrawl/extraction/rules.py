"""A publisher's rules: where on its pages the fields stand.

A selector is a CSS selector (with parsel's ::text and ::attr(name)), an XPath when it starts with "/", "./" or "(",
or an `Embedded` value of a script. Several selectors of a field are tried in order; the first that answers wins.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from newscrawl.extraction.fields import RULE


@dataclass(frozen=True, slots=True)
class Embedded:
    """A value inside a script: the member `key` of the first object that also has every member of `beside`.

    `script` names where to look: "json-ld", "__next_f" (React rows), "__NEXT_DATA__", or the text that stands before
    the JSON value in the script, such as "var article_info =" or "dataLayer.push(".
    """

    script: str
    key: str
    beside: tuple[str, ...] = ()


Selector = str | Embedded
Selectors = Selector | tuple[Selector, ...] | list[Selector] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One version of a publisher's rules; valid for pages fetched up to `valid_until` (None: until further notice).

    `since` is the month from which the rules are known to hold ("2026-08"): it is what provenance names.
    `drop` lists what inside the body is not the story. Besides, all text of the body's box is taken for the story's;
    with `sifts` boxes that names, forms or cards tell from a story are left out, as they are without rules.
    """

    since: str | None = None
    valid_until: date | None = None
    title: Selectors = None
    subtitle: Selectors = None
    body: Selectors = None
    drop: tuple[str, ...] | list[str] = ()
    sifts: bool = False
    authors: Selectors = None
    dateline: Selectors = None
    section: Selectors = None
    tags: Selectors = None
    image: Selectors = None
    caption: Selectors = None
    published: Selectors = None
    modified: Selectors = None

    @property
    def label(self) -> str:
        """How provenance names these rules: "rule" or "rule:2026-08"."""
        return f"{RULE}:{self.since}" if self.since else RULE

    def selectors(self, field: str) -> tuple[Selector, ...]:
        """The selectors of a field, in the order in which they are tried."""
        value: Selectors = getattr(self, field)
        if value is None:
            return ()
        return (value,) if isinstance(value, str | Embedded) else tuple(value)

    def all_selectors(self) -> list[Selector]:
        """Every selector of every field and of `drop`."""
        names = [f.name for f in fields(self) if f.name not in ("since", "valid_until", "drop", "sifts")]
        return [s for name in names for s in self.selectors(name)] + list(self.drop)
