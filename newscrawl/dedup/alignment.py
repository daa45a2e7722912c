"""Which pieces of two sequences are the same, in time that their length bounds."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

#: The steps of one comparison, about a second: two versions of a story take a thousandth of them. difflib alone takes
#: the cube of the length where pieces recur.
MOST_STEPS = 10_000_000

# Whether the pieces are the same, and where they stand in both sequences: from, to, from, to.
Run = tuple[bool, int, int, int, int]


class Effort:
    """What is left of the steps of one comparison."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self._left = steps

    def allows(self, steps: int) -> bool:
        """Takes so many steps, if there are as many left."""
        if steps > self._left:
            return False
        self._left -= steps
        return True


def align(before: Sequence[str], after: Sequence[str], effort: Effort) -> Iterator[Run]:
    """Runs that are the same and runs that differ, in order, each piece in one of them.

    difflib's where there is effort for it; of longer sequences that for the stretches between pieces that both have
    once, and where there is none left, what stands between such pieces differs.
    """
    if effort.allows(_steps(before, after)):
        yield from _matched(before, after)
        return
    i = j = 0
    for next_i, next_j in [*_anchors(before, after), (len(before), len(after))]:
        between, opposite = before[i:next_i], after[j:next_j]
        if effort.allows(_steps(between, opposite)):
            yield from ((same, i + i1, i + i2, j + j1, j + j2) for same, i1, i2, j1, j2 in _matched(between, opposite))
        else:
            yield False, i, next_i, j, next_j
        if next_i < len(before):
            yield True, next_i, next_i + 1, next_j, next_j + 1
        i, j = next_i + 1, next_j + 1


def _matched(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return ((tag == "equal", *ends) for tag, *ends in matcher.get_opcodes())  # type: ignore[misc]


def _steps(before: Sequence[str], after: Sequence[str]) -> int:
    """What difflib takes at most: for each run, all pairs of pieces that are the same."""
    counts = Counter(after)
    return (len(before) + len(after) + sum(counts[piece] for piece in before)) * min(len(before), len(after))


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The places of pieces that both have once, as many as stand in the same order in both (patience sorting)."""
    places = {piece: at for at, piece in enumerate(after)}
    once, opposite = Counter(before), Counter(after)
    pairs = [(i, places[piece]) for i, piece in enumerate(before) if once[piece] == 1 and opposite[piece] == 1]
    ends: list[int] = []
    tops: list[int] = []
    below: list[int] = []
    for at, (_, j) in enumerate(pairs):
        pile = bisect_left(ends, j)
        below.append(tops[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [j]
        tops[pile : pile + 1] = [at]
    chain = []
    at = tops[-1] if tops else -1
    while at >= 0:
        chain.append(pairs[at])
        at = below[at]
    return chain[::-1]
