"""Exact copies: one hash for texts that differ only in marks, spaces and letter variants."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress, product

from newscrawl.arabic import fold
from newscrawl.items import StoryLine

# Raised with any change of content_hash that is not one of folding: what is stored is hashed anew, once a source.
# 1 was of the body with the lines that the crawl had learned to drop, 2 is of the body as it is stored.
HASH_VERSION = 2
# Each doubles the texts to compare, and a page has one or two: with more, all or none.
_MOST_RECURRING = 7


# Asked of a page by its loader, and by the pipelines on both sides of those that a user may put between them.
@lru_cache(maxsize=8)
def content_hash(title: str | None, body: str | None) -> str:
    """32 hex digits of the folded title and body; the paragraphs' borders do not count."""
    folded = (fold(text or "") for text in (title, body))
    return hashlib.blake2b("\n".join(folded).encode(), digest_size=16).hexdigest()


def possible_hashes(title: str | None, lines: Sequence[StoryLine]) -> Iterator[str]:
    """The hashes that a page's text may have been stored under: with all lines that recur on the publisher's pages,
    with none, with any choice of them. Nothing for a text without such lines.

    Which of them a stored body has depends on what the crawl had learned by then, and on nothing else.
    """
    recurring = [at for at, line in enumerate(lines) if line.recurs]
    if not recurring:
        return
    count = len(recurring)
    choices: Iterable[tuple[bool, ...]] = ((True,) * count, (False,) * count)
    if count <= _MOST_RECURRING:
        choices = product((True, False), repeat=count)
    is_kept = [True] * len(lines)
    for choice in choices:
        for at, kept in zip(recurring, choice, strict=True):
            is_kept[at] = kept
        yield content_hash(title, "\n".join(line.text for line in compress(lines, is_kept)))
