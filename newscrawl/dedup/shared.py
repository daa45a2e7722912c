"""One near-duplicate index a process for each state: crawls that run side by side see each other's stories at once."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.dedup.near import NearIndex
from newscrawl.storage.database import open_engine


@dataclass(slots=True)
class _Shared:
    index: NearIndex
    holders: int = 0


_open: dict[tuple[str, float], _Shared] = {}


class SharedIndex:
    """One holder's hold on the index of a state (`url` as in STATE_URL) and window; the last to let go closes it.

    StorageError when the database cannot be used.
    """

    def __init__(self, url: str, *, window_days: float) -> None:
        self._key = (url, window_days)
        if self._key not in _open:
            engine = open_engine(url)
            try:
                _open[self._key] = _Shared(NearIndex(engine, window_days=window_days))
            except BaseException:
                engine.dispose()
                raise
        shared = _open[self._key]
        shared.holders += 1
        self.index = shared.index
        self._is_held = True

    def release(self) -> None:
        """Let go; safe to call twice."""
        if not self._is_held:
            return
        self._is_held = False
        shared = _open[self._key]
        shared.holders -= 1
        if not shared.holders:
            del _open[self._key]
            shared.index.close()
            shared.index.engine.dispose()
