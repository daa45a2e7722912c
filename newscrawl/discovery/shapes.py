"""What the addresses of a site's stories look like, learned from some of them.

The shape is a regular expression of the kind that a publisher declares as `article_url`: its named groups tell one
story from another. So what was learned can be read, written into a publisher's file, and kept for ever.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, count

from newscrawl.discovery.addresses import Address, take_apart, word_count
from newscrawl.discovery.identity import article_identity
from newscrawl.discovery.other_pages import article_pattern
from newscrawl.discovery.shape_keys import keys_of
from newscrawl.discovery.shape_patterns import alternatives, form_pattern, host_pattern, without_query
from newscrawl.discovery.shape_rows import QueryRow, Refused, Row, rows_of

# So many addresses of one look are read; more of them teach nothing, and a sitemap lists fifty thousand.
_ALIKE = 120
_FIGURES = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_GROUP = re.compile(r"\(\?P<(\w+)>")
_ANY_CASE = frozenset({"asp", "aspx"})
# The share of addresses from which on a domain is one of the site's.
_OWN = 0.2
# Rounds in which what wrongly fits is refused: words first, then lengths.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shape of a site's article addresses; `article_url` is "" where nothing could be learned."""

    article_url: str = ""
    _pattern: re.Pattern[str] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """re.error for what is no regular expression."""
        if self.article_url:
            object.__setattr__(self, "_pattern", article_pattern(self.article_url))

    def identity(self, url: str) -> str | None:
        """What makes a URL this story and no other; None when it has no story's shape, or is no http(s) URL."""
        if self._pattern is None:
            return None
        try:
            return article_identity(url, self._pattern)
        except ValueError:
            return None


def learn(articles: Iterable[str], others: Iterable[str] = ()) -> Shapes:
    """The shape that a site's article URLs have and its other URLs have not.

    Numbers, codes and dates are told by their place and length, desks by where they vary; a number that is one story's
    wherever it is filed is its identity, else date and title are. URLs that cannot be read teach nothing.
    """
    known = _of_the_site([address for _, address in _read(articles)])
    if not known:
        return Shapes()
    counter = list(_read(others))
    refused = Refused()
    shapes = Shapes()
    for _ in range(_ROUNDS):
        shapes = Shapes(_pattern_of(known, refused))
        wrong = [address for url, address in counter if shapes.identity(url) is not None]
        if not wrong or not _teach(refused, wrong, known):
            break
    return shapes


def _teach(refused: Refused, wrong: list[Address], stories: list[Address]) -> bool:
    """Takes in what tells addresses that fitted from stories; False when nothing new does."""
    before = refused.size
    usual = {part.text.lower() for address in stories for part in address.parts}
    for address in wrong:
        new = [part.text for part in address.parts[:-1] if part.kind == "W" and part.text.lower() not in usual]
        if new:
            refused.words.add(new[0])
            continue
        refused.pairs.update(address.query)
        refused.figures.update(len(number) for part in address.parts for number in _FIGURES.findall(part.text))
        if address.parts:
            refused.title_words = max(refused.title_words, word_count(address.parts[-1].text))
    return refused.size != before


def _of_the_site(addresses: list[Address]) -> list[Address]:
    """Without what a feed lists of others: advertisements, partners, films."""
    domains = Counter(address.domain for address in addresses)
    return [address for address in addresses if domains[address.domain] >= _OWN * len(addresses)]


def _read(urls: Iterable[str]) -> Iterable[tuple[str, Address]]:
    """Each URL once, with its parts; of those that look alike not more than _ALIKE. One that differs only in scheme,
    "www." or a mark for telephones from another is that one again."""
    alike: Counter[str] = Counter()
    met: set[Address] = set()
    for url in dict.fromkeys(urls):
        look = _LETTERS.sub("a", _FIGURES.sub("9", url[:300]))
        alike[look] += 1
        if alike[look] > _ALIKE:
            continue
        try:
            address = take_apart(url)
        except ValueError:
            continue
        if address not in met:
            met.add(address)
            yield url, address


def _pattern_of(stories: list[Address], refused: Refused) -> str:
    rows = rows_of(keys_of(stories), refused)
    if not rows:
        return ""
    found = alternatives(_numbered(rows))
    if not any(isinstance(row, QueryRow) for row in rows):
        found = without_query(found)
    whole = f"{host_pattern(address.host for address in stories)}/{form_pattern()}{found}"
    # Where ASP answers, letter case is nothing, and a site's own links mix it.
    extensions = {address.extension for address in stories}
    return f"//(?i:{whole})" if extensions & _ANY_CASE else f"//{whole}"


def _numbered(rows: list[Row]) -> Iterable[str]:
    """The expressions of the rows, each group with a name of its own: one may stand only once in an expression."""
    taken: set[str] = set()

    def free(group: re.Match[str]) -> str:
        names = chain([group[1]], (f"{group[1]}{number}" for number in count(2)))
        taken.add(name := next(name for name in names if name not in taken))
        return f"(?P<{name}>"

    for row in rows:
        yield _GROUP.sub(free, row.pattern())
