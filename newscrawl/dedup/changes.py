"""What changed between two versions of a text, by paragraph and within a paragraph by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

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
    """The paragraphs of both texts (lines of their bodies) in reading order."""
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[Paragraph] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_whole("same", text) for text in before[i1:i2]]
        else:
            found += _align(before[i1:i2], after[j1:j2])
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


def compare_words(old: str, new: str) -> tuple[Words, ...]:
    """Runs of words, the removed before the added where both stand in one place."""
    before, after = old.split(), new.split()
    runs: list[Words] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
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


def _align(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Pair the paragraphs that are most alike, in order; the rest was removed or added."""
    kinship = [[_likeness(old, new) for new in after] for old in before]
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
            yield Paragraph("changed", compare_words(before[i], after[j]))
            i, j = i + 1, j + 1
        elif i < len(before) and (j == len(after) or best[i][j] == best[i + 1][j]):
            yield _whole("removed", before[i])
            i += 1
        else:
            yield _whole("added", after[j])
            j += 1


def _likeness(old: str, new: str) -> float:
    """Dice's coefficient of the words, 0 to 1."""
    before, after = Counter(old.split()), Counter(new.split())
    return 2 * (before & after).total() / max(1, before.total() + after.total())
