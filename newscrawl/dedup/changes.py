"""What changed between two versions of a text, by paragraph and within a paragraph by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from newscrawl.dedup.alignment import Effort, align

Kind = Literal["same", "added", "removed", "changed"]

# Two paragraphs that share less of their words than this are another's removal and addition, not a change.
_KINSHIP = 0.4
# What a reader of the story sees; of the other fields a change is no news.
_TEXTS = ("title", "subtitle", "body")
_VALUES = ("authors", "agencies", "section", "tags", "published_at", "modified_at")


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words with one fate: same, added or removed."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's fate; a changed one has words of several kinds."""

    kind: Kind
    words: tuple[Words, ...]


def compare(old: str | None, new: str | None) -> list[Paragraph]:
    """The paragraphs of both texts (lines of their bodies) in reading order.

    Where they are too long and too unlike to be held against each other in a second or two, what changed is told as
    removed and added.
    """
    before, after = _paragraphs(old), _paragraphs(new)
    effort = Effort()
    found: list[Paragraph] = []
    for is_same, i1, i2, j1, j2 in align(before, after, effort):
        if is_same:
            found += [_whole("same", text) for text in before[i1:i2]]
        else:
            found += _align(before[i1:i2], after[j1:j2], effort)
    return found


def changed_fields(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, list[Paragraph]]]:
    """The fields of two records of one story that differ, each with its paragraphs."""
    for name in _TEXTS:
        if old.get(name) != new.get(name):
            yield name, compare(old.get(name), new.get(name))
    for name in _VALUES:
        if old.get(name) != new.get(name):
            yield name, compare(_value(old.get(name)), _value(new.get(name)))


def _value(value: Any) -> str:
    return "، ".join(value) if isinstance(value, list) else str(value or "")


def _compare_words(old: str, new: str, effort: Effort) -> tuple[Words, ...]:
    """Runs of words, the removed before the added where both stand in one place."""
    before, after = old.split(), new.split()
    runs: list[Words] = []
    for is_same, i1, i2, j1, j2 in align(before, after, effort):
        if is_same:
            runs.append(Words("same", " ".join(before[i1:i2])))
            continue
        if i1 < i2:
            runs.append(Words("removed", " ".join(before[i1:i2])))
        if j1 < j2:
            runs.append(Words("added", " ".join(after[j1:j2])))
    return tuple(runs)


def _paragraphs(text: str | None) -> list[str]:
    return [line for line in (text or "").split("\n") if line.strip()]


def _whole(kind: Kind, text: str) -> Paragraph:
    return Paragraph(kind, (Words(kind, text),))


def _align(before: Sequence[str], after: Sequence[str], effort: Effort) -> Iterator[Paragraph]:
    """Pair the paragraphs that are most alike, in order; the rest was removed or added."""
    words = [[Counter(text.split()) for text in texts] for texts in (before, after)]
    if not effort.allows(len(after) * sum(map(len, words[0])) + len(before) * sum(map(len, words[1]))):
        yield from (_whole("removed", text) for text in before)
        yield from (_whole("added", text) for text in after)
        return
    kinship = [[_likeness(old, new) for new in words[1]] for old in words[0]]
    # best[i][j]: the most likeness that the paragraphs from i and from j on can reach together.
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            pair = kinship[i][j] + best[i + 1][j + 1] if kinship[i][j] >= _KINSHIP else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(before) or j < len(after):
        both = i < len(before) and j < len(after) and kinship[i][j] >= _KINSHIP
        if both and best[i][j] == kinship[i][j] + best[i + 1][j + 1]:
            yield Paragraph("changed", _compare_words(before[i], after[j], effort))
            i, j = i + 1, j + 1
        elif i < len(before) and (j == len(after) or best[i][j] == best[i + 1][j]):
            yield _whole("removed", before[i])
            i += 1
        else:
            yield _whole("added", after[j])
            j += 1


def _likeness(before: Counter[str], after: Counter[str]) -> float:
    """Dice's coefficient of the words, 0 to 1."""
    return 2 * (before & after).total() / max(1, before.total() + after.total())
