"""How much processor time one page may take.

Extraction takes time in proportion to a page's size; this is for what nobody thought of. While one page is read, all
else in its process waits: other publishers' pages, timeouts, Ctrl-C.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

#: Processor seconds a page, where no setting says another. The slowest of the real pages takes less than one.
EXTRACT_TIMEOUT = 10.0
# Where the exception is lost, as in a destructor, the clock rings again.
_AGAIN = 0.5


class TooSlowError(Exception):
    """A page took more processor time than it may."""


class _Rung(BaseException):
    """Raised where the page is being read; no Exception, so that nothing there takes it for an error of its own."""


class time_limit:  # noqa: N801 - used as a statement, as those of contextlib are
    """TooSlowError when what is done inside takes more processor time of this process; 0 is no limit.

    Regular expressions and Python code stop at once, a call into C where it returns. There is no limit outside the main
    thread, where Python handles no signals, nor where something else uses the processor timer already.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_on = False

    def __enter__(self) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        if not self._seconds or not is_main or signal.getitimer(signal.ITIMER_PROF)[0]:
            return
        self._before = signal.signal(signal.SIGPROF, self._ring)
        self._is_on = True
        signal.setitimer(signal.ITIMER_PROF, self._seconds, _AGAIN)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_on:
            return
        self._is_on = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)
        if kind is not None and issubclass(kind, _Rung):
            raise TooSlowError(f"not read within {self._seconds:g} s of processor time") from None

    def _ring(self, _number: int, frame: FrameType | None) -> None:
        # A bell within these two would pass by the lines that put the clock back. The first one rings again.
        is_between = frame is not None and frame.f_code in (time_limit.__enter__.__code__, time_limit.__exit__.__code__)
        if self._is_on and not is_between:
            raise _Rung
