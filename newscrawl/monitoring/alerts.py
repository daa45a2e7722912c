"""What is worth a message about the sources: one turned unhealthy, one drifts, one has recovered.

A memory knows what was told: `alerts.json` in the data directory, or what a cluster's machines share. The same is told
once a day at most: it is noted before it is sent, so that a kill while sending may cost a message of that day and never
repeats one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from newscrawl.storage import StorageError
from newscrawl.storage.append import write_whole
from newscrawl.storage.locks import held

_FILE, _LOCK = "alerts.json", "locks/alerts"
_SAME = timedelta(days=1)
_RECOVERED = "recovered"
#: What a sentence says anew in every run: counts, shares, and how reasons are spread.
_VARIES = re.compile(r"\([^)]*\)|\d+(?:[.,]\d+)*%?")

#: Sends a title and a text; the sentences of those who did not take it, and to how many it was sent.
Send = Callable[[str, str], tuple[list[str], int]]


@dataclass(slots=True)
class _Source:
    """What is known to hold because it was told, and when each was told last; by what the sentence is about."""

    told: dict[str, str] = field(default_factory=dict)
    active: dict[str, str] = field(default_factory=dict)

    def is_recent(self, about: str, now: datetime) -> bool:
        return about in self.told and now - datetime.fromisoformat(self.told[about]) < _SAME


@dataclass(frozen=True, slots=True)
class _News:
    source: str
    about: str
    sentence: str


class Memory(Protocol):
    """Where what was told is remembered, as JSON. Every method may raise StorageError."""

    #: What it is called in a sentence.
    name: str

    def held(self) -> AbstractContextManager[None]:
        """Has it alone, and waits for whoever has it."""

    def read(self) -> bytes | None:
        """What was written last; None where nothing was."""

    def write(self, content: bytes) -> None:
        """Is kept, whole, when this returns."""


class FileMemory:
    """The memory of the runs of one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._path, self._lock = data_dir / _FILE, data_dir / _LOCK
        self.name = str(self._path)

    def held(self) -> AbstractContextManager[None]:
        """Runs that end at once take turns."""
        return held(self._lock)

    def read(self) -> bytes | None:
        """As above."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError.of(error, self._path, "read") from error

    def write(self, content: bytes) -> None:
        """As above."""
        write_whole(self._path, content)


def tell(kept: Memory, complaints: Mapping[str, Sequence[str]], now: datetime, send: Send) -> list[str]:
    """Sends one message, where there is news, and remembers it; the sentences of those who did not take it.

    `complaints` are by source, and empty for one that is well. StorageError.
    """
    with kept.held():
        memory = _read(kept)
        before = _written(memory)
        news = _news(memory, complaints, now)
        if news:
            for each in news:
                memory[each.source].told[each.about] = now.isoformat(timespec="seconds")
            kept.write(_written(memory))
            title, text = _message(news)
            failures, count = send(title, text)
            if len(failures) >= count:
                kept.write(before)
                return failures
        else:
            failures = []
        for each in news:
            if each.about == _RECOVERED:
                memory[each.source].active.clear()
            else:
                memory[each.source].active[each.about] = each.sentence
        _forget(memory, complaints, now)
        if (after := _written(memory)) != before:
            kept.write(after)
    return failures


def _news(memory: dict[str, _Source], complaints: Mapping[str, Sequence[str]], now: datetime) -> list[_News]:
    found = []
    for source, sentences in sorted(complaints.items()):
        known = memory.setdefault(source, _Source())
        if known.active and not sentences:
            if not known.is_recent(_RECOVERED, now):
                found.append(_News(source, _RECOVERED, f"is well again (it was: {'; '.join(known.active.values())})"))
            continue
        for about, sentence in {_VARIES.sub("#", each): each for each in sentences}.items():
            if about not in known.active and not known.is_recent(about, now):
                found.append(_News(source, about, sentence))
    return found


def _message(news: Sequence[_News]) -> tuple[str, str]:
    unwell = len({each.source for each in news if each.about != _RECOVERED})
    well = sum(each.about == _RECOVERED for each in news)
    counts = ((unwell, "unwell"), (well, "well again"))
    parts = [f"{count} {'source' if count == 1 else 'sources'} {how}" for count, how in counts if count]
    return f"newscrawl: {', '.join(parts)}", "\n".join(f"{each.source}: {each.sentence}" for each in news)


def _forget(memory: dict[str, _Source], complaints: Mapping[str, Sequence[str]], now: datetime) -> None:
    """What no longer holds beside something that does; and what was told more than a day ago and is over."""
    for source, sentences in complaints.items():
        known = memory[source]
        if sentences:
            holds = {_VARIES.sub("#", each) for each in sentences}
            known.active = {about: each for about, each in known.active.items() if about in holds}
        known.told = {about: at for about, at in known.told.items() if known.is_recent(about, now)}
        if not known.told and not known.active:
            del memory[source]


def _read(kept: Memory) -> dict[str, _Source]:
    try:
        return {name: _Source(**each) for name, each in json.loads(kept.read() or b"{}").items()}
    except (ValueError, TypeError, AttributeError):
        raise StorageError(
            f"{kept.name} is no memory of alerts; remove it, and all that is wrong is told again"
        ) from None


def _written(memory: Mapping[str, _Source]) -> bytes:
    plain = {name: {"told": each.told, "active": each.active} for name, each in sorted(memory.items())}
    return json.dumps(plain, ensure_ascii=False, indent=1).encode() + b"\n"
