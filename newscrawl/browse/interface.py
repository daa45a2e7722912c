"""What the pages say, in English and Arabic."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from markupsafe import Markup

from newscrawl.tables import read_table

Language = Literal["ar", "en"]

_LATIN = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9 .,_/-]*[A-Za-z0-9])?)")


@cache
def _words() -> dict[str, tuple[str, str]]:
    rows = (line.split("\t") for line in read_table("newscrawl.browse", "interface.tsv"))
    return {key: (english, arabic) for key, english, arabic in rows}


def said(key: str, language: Language) -> str:
    """The words for a key; KeyError for none."""
    english, arabic = _words()[key]
    return arabic if language == "ar" else english


def isolated(key: str, language: Language) -> str:
    """The words for a page: Latin letters and digits among Arabic stand in elements that keep their order."""
    text = said(key, language)
    if language == "en" or not _LATIN.search(text):
        return text
    return Markup("").join(
        Markup("<bdi>{}</bdi>").format(part) if _LATIN.match(part) else part for part in _LATIN.split(text)
    )


def counted(what: str, count: int, language: Language) -> Markup:
    """A number of things (articles, words) as the language says it: Arabic has words of its own for one and two, and
    another plural for three to ten (CLDR's forms of number for ar)."""
    few = 3 <= count % 100 <= 10
    form = {1: "one", 2: "two"}.get(count, "few" if few else "other")
    before, number, after = said(f"count.{what}.{form}", language).partition("#")
    shown = Markup('<bdi class="n">{:,}</bdi>').format(count) if number else Markup("")
    return Markup("{}{}{}").format(before, shown, after)


def keys() -> frozenset[str]:
    """All that there are words for."""
    return frozenset(_words())
