"""How near two fingerprints are: Jaccard for stories, containment for short urgent items."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Protocol

from newscrawl.dedup.shingles import SKETCH, Fingerprint, turning_hashes
from newscrawl.dedup.triples import triples

_SHORTEST = 4  # words; below, an item says too little to be told apart
_SHARED_SHINGLES = 0.8  # of the short item's word triples, in the other's lead
_LONGER = 1.25  # how much longer than the earlier item a short copy of it may be


class Compared(Protocol):
    """What is known of an indexed story."""

    @property
    def size(self) -> int: ...
    @property
    def sketch(self) -> bytes: ...
    @property
    def lead(self) -> bytes: ...


def jaccard(a: Compared, b: Compared) -> float:
    """Jaccard of the two sets of shingles: exact up to SKETCH shingles, estimated from the smallest hashes beyond."""
    first, second = set(array("I", a.sketch)), set(array("I", b.sketch))
    if a.size <= SKETCH and b.size <= SKETCH:
        shared = len(first & second)
        return shared / (len(first) + len(second) - shared)
    smallest = sorted(first | second)[:SKETCH]
    return sum(value in first and value in second for value in smallest) / len(smallest)


def contained(item: Fingerprint, earlier: Compared) -> bool:
    """Whether a short item says nothing that an earlier story did not say in its first words.

    Urgent items are alike where their news is not ("... in Baghdad", "... in Damascus"; 5 killed, 7 killed), so every
    word of one must be in the other, four fifths of the triples too; nothing more than a few words, no number and no
    word that turns the meaning may come on top.
    """
    mine, theirs = array("I", item.lead), array("I", earlier.lead)
    short, long = sorted((mine, theirs), key=len)
    if len(short) < _SHORTEST or len(mine) > len(theirs) * _LONGER:
        return False
    missing = Counter(short)
    missing.subtract(long)
    if any(count > 0 for count in missing.values()):
        return False
    shared = set(triples(item.lead)) & set(triples(earlier.lead))
    if len(shared) < _SHARED_SHINGLES * len(set(triples(short.tobytes()))):
        return False
    extra = Counter(long[: _last(short, long) + 1])
    extra.subtract(short)
    added = {value for value, count in extra.items() if count > 0}
    if added & turning_hashes() or (long is mine and added & item.numbers):
        return False
    return _anchored(item, shared)


def _anchored(item: Fingerprint, shared: set[int]) -> bool:
    """Whether each number and each turning word of the item has the same neighbours in the other: 5 killed and 7 hurt
    are not 7 killed and 5 hurt."""
    decisive = item.numbers | turning_hashes()
    own = triples(item.lead)
    return all(
        any(triple in shared for triple in own[max(0, position - 2) : position + 1])
        for position, value in enumerate(array("I", item.lead))
        if value in decisive
    )


def _last(short: array[int], long: array[int]) -> int:
    """Where in the longer text the shorter one has ended: the first place by which all of its words have come."""
    left = Counter(short)
    for position, value in enumerate(long):
        if left[value] > 0:
            left[value] -= 1
            if not any(left.values()):
                return position
    return len(long) - 1
