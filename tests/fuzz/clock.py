"""What one input may cost: processor time and memory a kilobyte."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

# Ten times what the slowest shape costs that grows with its size, and what tables and first uses cost.
_SECONDS, _SECONDS_OF_KB = 4.0, 0.03
_BYTES, _BYTES_OF_KB = 96 * 2**20, 200 * 2**10
_SHOWN = 60


class TooSlow(BaseException):
    """The processor time is used up. No Exception: code under test must not take it for its own."""


@contextmanager
def seconds(limit: float) -> Iterator[None]:
    """Raises TooSlow where what is done inside takes more processor time."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024


def bounded(entry_point: Callable[[bytes], None], data: bytes) -> None:
    """Runs an entry point on an input; fails with the input's name where it takes more than its size allows."""
    size = len(data) / 1000
    name = f"{len(data)} bytes, {data[:_SHOWN]!r} … {data[-_SHOWN:]!r}"
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _status("VmRSS")
    try:
        with seconds(_SECONDS + _SECONDS_OF_KB * size):
            entry_point(data)
    except TooSlow as slow:
        raise AssertionError(f"too slow: {name}") from slow
    grown = _status("VmHWM") - before
    assert grown <= _BYTES + _BYTES_OF_KB * size, f"{grown / 2**20:.0f} MiB: {name}"
