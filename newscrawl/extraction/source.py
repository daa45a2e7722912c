"""What extraction knows of a publisher: names, zone, domains, how its article URLs look, and its rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from newscrawl.extraction.rules import Rules
from newscrawl.urls import is_within


@dataclass(frozen=True, slots=True)
class Publisher:
    """A newspaper, agency or channel: its Arabic and English names, ISO 3166 country and IANA time zone."""

    name: str
    name_en: str
    country: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Former:
    """A name under which a publisher's articles were stored before, and the expression that made their ids."""

    name: str
    article_url: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher as extraction sees it.

    `rules` is in the order of their validity; `false_utc` says that the site's machine dates call local time "Z";
    `month_first` that its numeric dates are written MM/DD/YYYY; `zone_is_known` is False where the time zone is a
    guess, which makes no instant out of a bare clock; `takes_listed` that what feeds list is an article,
    whatever its URL; `former` holds the names whose ids hold; below `path` all its articles lie.
    """

    name: str
    publisher: Publisher
    domains: tuple[str, ...]
    article_url: re.Pattern[str] | None = None
    rules: tuple[Rules, ...] = ()
    false_utc: bool = False
    month_first: bool = False
    own_names: frozenset[str] = field(default_factory=frozenset)
    zone_is_known: bool = True
    takes_listed: bool = False
    path: str = "/"
    former: tuple[Former, ...] = ()

    def rules_on(self, day: date) -> Rules | None:
        """The rules that hold for a page fetched on `day`; None when there are none."""
        dated = sorted((r for r in self.rules if r.valid_until is not None), key=lambda r: r.valid_until or date.max)
        for rules in dated:
            if rules.valid_until is not None and day <= rules.valid_until:
                return rules
        return next((r for r in self.rules if r.valid_until is None), None)

    def owns(self, host: str) -> bool:
        """Whether a host name is one of the publisher's domains or below one."""
        return is_within(host, self.domains)
