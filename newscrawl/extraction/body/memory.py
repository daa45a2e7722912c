"""Lines that recur across a publisher's pages: what the crawl learns to be furniture, and forgets again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b

from newscrawl.arabic import FOLD_VERSION, fold

# Newspapers repeat sentences of background, in up to one story of six; furniture stands on most pages. A sentence that
# one story of six has by chance is in ten of the first sixteen with a probability of 5 in 100,000.
FEWEST_ARTICLES = 10
SMALLEST_SHARE = 0.6
MOST_WORDS = 20
# After so many articles all counts are halved: what recurred long ago counts less than what recurs now.
HALF_LIFE = 400
# An older newscrawl dropped what three articles had.
_FEWEST_BEFORE = 3


class RecurringLines:
    """Counts in how many recent articles a line occurred; `key in lines` once that makes it furniture.

    A line is furniture when at least ten recent articles, and six in ten of all, have it where furniture may stand.
    What was furniture once is remembered for good, as stored texts may lack it. Without `learns` nothing is furniture,
    and nothing is counted.
    """

    def __init__(
        self,
        articles: float = 0.0,
        counts: dict[int, float] | None = None,
        dropped: dict[int, str] | None = None,
        *,
        learns: bool = True,
    ) -> None:
        self._articles = articles
        self._counts = counts or {}
        self._dropped = dropped or {}
        self.learns = learns

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.learns and self._is_furniture(_number(key))

    def _is_furniture(self, number: int) -> bool:
        count = self._counts.get(number, 0.0)
        return count >= FEWEST_ARTICLES and count >= SMALLEST_SHARE * self._articles

    @property
    def has_dropped(self) -> bool:
        """Whether anything is or was furniture."""
        return bool(self._dropped)

    def may_have_dropped(self, key: str) -> bool:
        """Whether a folded line is or was furniture: whether a stored text has it depends on when it was read."""
        return _number(key) in self._dropped

    def observe(self, lines: Iterable[str]) -> None:
        """Takes in the lines of one article that was not seen before, as far as they stand where furniture may; a line
        counts once an article."""
        if not self.learns:
            return
        self._articles += 1
        for key, line in {fold(line): line for line in lines}.items():
            if key and key.count(" ") < MOST_WORDS:
                number = _number(key)
                self._counts[number] = self._counts.get(number, 0.0) + 1
                if self._is_furniture(number):
                    self._dropped[number] = line
        if self._articles >= HALF_LIFE:
            self._articles /= 2
            self._counts = {number: half for number, count in self._counts.items() if (half := count / 2) > 0.5}

    def dump(self) -> str:
        """The counts that still matter, and what was furniture, as JSON."""
        counts = {f"{number:x}": count for number, count in self._counts.items() if count > 1}
        dropped = {f"{number:x}": line for number, line in self._dropped.items()}
        return json.dumps({"fold": FOLD_VERSION, "articles": self._articles, "counts": counts, "dropped": dropped})

    @classmethod
    def load(cls, text: str | None, *, learns: bool = True) -> RecurringLines:
        """What `dump` wrote; empty for None. Of what an older fold has counted only the furniture is kept, of what
        newscrawl 0.1.0 counted, which learned otherwise, only what it may have dropped."""
        stored = json.loads(text) if text else {}
        is_of_this_fold = stored.get("fold") == FOLD_VERSION
        counts = {int(number, 16): count for number, count in stored.get("counts", {}).items()}
        if "dropped" not in stored:
            before = (number for number, count in counts.items() if is_of_this_fold and count >= _FEWEST_BEFORE)
            return cls(dropped=dict.fromkeys(before, ""), learns=learns)
        if is_of_this_fold:
            dropped = {int(number, 16): line for number, line in stored["dropped"].items()}
            return cls(stored["articles"], counts, dropped, learns=learns)
        return cls(dropped={_number(fold(line)): line for line in stored["dropped"].values() if line}, learns=learns)


def _number(key: str) -> int:
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())
