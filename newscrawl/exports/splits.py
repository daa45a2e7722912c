"""Splits of a dataset in which no story stands twice.

What belongs together: the versions of an article, the articles of a cluster, what they resemble, and copies whose
folded text is the same. Such a group is in one split, which follows from its smallest id alone: the same corpus is
always split the same, and an article that joins no group stays where it is as the corpus grows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b

from newscrawl.items import Article

_NAMES = {1: ("train",), 2: ("train", "test"), 3: ("train", "validation", "test")}
_PERSON = b"newscrawl-split"
_BYTES = 8


def shares_of(text: str) -> tuple[int, ...]:
    """Shares as "80/10/10" (train, validation, test) or "90/10" (train, test); ValueError for anything else."""
    shares = tuple(int(part) for part in text.split("/"))
    if len(shares) not in (2, 3) or min(shares) < 1:
        raise ValueError(text)
    return shares


class Splits:
    """By article the name of its split; memory holds the articles that have a group, the others on disk meanwhile."""

    def __init__(self, shares: tuple[int, ...], articles: Iterable[Article]) -> None:
        """`articles` are all that the splits are asked for, in any order."""
        self.names = _NAMES[len(shares)]
        self._shares = shares
        self._above: dict[str, str] = {}
        if len(shares) > 1:
            self._group(articles)

    def of(self, article: Article) -> str:
        """The split that an article is in."""
        digest = blake2b(self._root(article.id).encode(), digest_size=_BYTES, person=_PERSON).digest()
        place = int.from_bytes(digest) * sum(self._shares) >> (8 * _BYTES)
        for name, share in zip(self.names, self._shares, strict=True):
            if place < share:
                return name
            place -= share
        raise AssertionError(place)

    def _group(self, articles: Iterable[Article]) -> None:
        copies = sqlite3.connect("")  # a file that has no name and goes when it is closed
        try:
            copies.execute("CREATE TABLE copy (hash TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID")
            for article in articles:
                for other in (article.duplicate_of, article.cluster_id):
                    if other:
                        self._join(article.id, other)
                if not article.content_hash:
                    continue
                first = copies.execute("SELECT id FROM copy WHERE hash = ?", (article.content_hash,)).fetchone()
                if first is None:
                    copies.execute("INSERT INTO copy VALUES (?, ?)", (article.content_hash, article.id))
                else:
                    self._join(article.id, first[0])
        finally:
            copies.close()

    def _root(self, id_: str) -> str:
        root = id_
        while (above := self._above.get(root, root)) != root:
            root = above
        while (above := self._above.get(id_, id_)) != root:
            self._above[id_] = root
            id_ = above
        return root

    def _join(self, one: str, other: str) -> None:
        lower, higher = sorted((self._root(one), self._root(other)))
        if lower != higher:
            self._above[higher] = lower
