"""How listings call an article: a change of it is the only sign of a new version that many of them give.

A row keeps "<step> <listing>:<headline> ...": the step of the schedule in which a change was last followed up, -1 for
none, then hashes of the address and of the folded headline for each of a few listings that name the article.
"""

from __future__ import annotations

from hashlib import blake2b

from newscrawl.arabic import fold

_MOST_LISTINGS = 4


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


class Headlines:
    """The headlines of one article, read from what its row keeps."""

    def __init__(self, kept: str | None) -> None:
        step, *pairs = (kept or "-1").split(" ")
        #: The step of the schedule in which a change was last followed up.
        self.step = int(step)
        self._by_listing = dict(pair.split(":", 1) for pair in pairs)

    def differs(self, listing: str, title: str) -> bool:
        """Whether a listing calls the article otherwise than it did; one that never named it does not differ."""
        before = self._by_listing.get(_hash(listing))
        return before is not None and before != _hash(fold(title))

    def note(self, listing: str, title: str) -> bool:
        """Take in how a listing calls the article; whether that was new. Of more than a few the first are kept."""
        key, value = _hash(listing), _hash(fold(title))
        if self._by_listing.get(key) == value or (key not in self._by_listing and len(self) == _MOST_LISTINGS):
            return False
        self._by_listing[key] = value
        return True

    def __len__(self) -> int:
        return len(self._by_listing)

    def __str__(self) -> str:
        return " ".join([str(self.step), *(f"{key}:{value}" for key, value in self._by_listing.items())])
