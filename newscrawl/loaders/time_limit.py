"""How much processor time one page may take.

Extraction takes time in proportion to a page's size; this is for what nobody thought of. While one page is read, all
else in its process waits: other publishers' pages, timeouts, Ctrl-C.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: Processor seconds a page, where no setting says another. The slowest of the real pages takes less than one.
EXTRACT_TIMEOUT = 10.0
# Where the exception is lost, as in a destructor, the clock rings again.
_AGAIN = 0.5


class TooSlowError(Exception):
    """A page took more processor time than it may."""


class _Rung(BaseException):
    """Raised where the page is being read; no Exception, so that nothing there takes it for an error of its own."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """TooSlowError when what is done inside takes more processor time of this process; 0 is no limit.

    Regular expressions and Python code stop at once, a call into C where it returns. There is no limit outside the main
    thread, where Python handles no signals, nor where something else uses the processor timer already.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not seconds or not is_main or signal.getitimer(signal.ITIMER_PROF)[0]:
        yield
        return
    is_on = True

    def ring(_number: int, _frame: FrameType | None) -> None:
        if is_on:
            raise _Rung

    before = signal.signal(signal.SIGPROF, ring)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
        try:
            yield
        finally:
            is_on = False
            signal.setitimer(signal.ITIMER_PROF, 0)
    except _Rung:
        raise TooSlowError(f"not read within {seconds:g} s of processor time") from None
    finally:
        signal.signal(signal.SIGPROF, before)
