"""Lines that recur across a publisher's pages: what the crawl learns to be boilerplate, and forgets again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b

from newscrawl.arabic import FOLD_VERSION, fold

FEWEST_ARTICLES = 3
SMALLEST_SHARE = 0.05
MOST_WORDS = 20
# After so many articles all counts are halved: what recurred long ago counts less than what recurs now.
HALF_LIFE = 400


class RecurringLines:
    """Counts in how many recent articles a line occurred; `key in lines` once that makes it boilerplate.

    A line is boilerplate when at least three recent articles, and at least one in twenty, have it.
    """

    def __init__(self, articles: float = 0.0, counts: dict[int, float] | None = None) -> None:
        self._articles = articles
        self._counts = counts or {}

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str) or key.count(" ") >= MOST_WORDS:
            return False
        count = self._counts.get(_number(key), 0.0)
        return count >= FEWEST_ARTICLES and count >= SMALLEST_SHARE * self._articles

    def observe(self, lines: Iterable[str]) -> None:
        """Takes in the lines of one article that was not seen before; a line counts once an article."""
        self._articles += 1
        for key in {fold(line) for line in lines}:
            if key and key.count(" ") < MOST_WORDS:
                number = _number(key)
                self._counts[number] = self._counts.get(number, 0.0) + 1
        if self._articles >= HALF_LIFE:
            self._articles /= 2
            self._counts = {number: half for number, count in self._counts.items() if (half := count / 2) > 0.5}

    def dump(self) -> str:
        """The counts that still matter, as JSON."""
        counts = {f"{number:x}": count for number, count in self._counts.items() if count > 1}
        return json.dumps({"fold": FOLD_VERSION, "articles": self._articles, "counts": counts})

    @classmethod
    def load(cls, text: str | None) -> RecurringLines:
        """What `dump` wrote; empty for None and for what an older fold has counted."""
        stored = json.loads(text) if text else {}
        if stored.get("fold") != FOLD_VERSION:
            return cls()
        return cls(stored["articles"], {int(number, 16): count for number, count in stored["counts"].items()})


def _number(key: str) -> int:
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())
