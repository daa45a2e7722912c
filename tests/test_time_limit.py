"""A page that takes too long is given up; the clock is nobody else's business."""

from __future__ import annotations

import re
import signal
import threading
import time
from contextlib import suppress

import pytest

from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT, TooSlowError, time_limit

_SHORT = 0.05


def _for_ever() -> None:
    while True:
        with suppress(Exception):  # what swallows all errors does not swallow the clock
            sum(range(1000))


def _is_as_before() -> bool:
    return signal.getsignal(signal.SIGPROF) == signal.SIG_DFL and signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_page_has_ten_seconds_where_nothing_else_is_said() -> None:
    assert EXTRACT_TIMEOUT == 10


def test_code_and_expressions_are_ended() -> None:
    with pytest.raises(TooSlowError, match=r"0\.05 s of processor time"), time_limit(_SHORT):
        _for_ever()
    with pytest.raises(TooSlowError), time_limit(_SHORT):
        re.match(r"(?:a|aa)+$", "a" * 100 + "b")
    assert _is_as_before()


def test_what_ends_in_time_goes_on() -> None:
    with time_limit(5):
        value = 1
    assert value == 1
    with pytest.raises(KeyError), time_limit(5):
        raise KeyError
    assert _is_as_before()


def test_a_bell_at_the_very_end_is_in_time_or_too_late() -> None:
    """Wherever the clock rings, beginning and end of the limit included, nothing but TooSlowError comes out."""
    ended: list[str] = []
    for round_ in range(400):
        try:
            with time_limit(0.001):
                sum(range(round_ * 1000))
        except TooSlowError:
            ended.append("late")
        else:
            ended.append("in time")
        assert _is_as_before()
    assert set(ended) == {"late", "in time"}


def test_waiting_costs_nothing() -> None:
    with time_limit(_SHORT):
        time.sleep(4 * _SHORT)
    assert _is_as_before()


def test_where_there_is_no_limit() -> None:
    """In another thread, without seconds, and inside another limit, which stays the one that holds."""
    ended = []

    def work() -> None:
        with time_limit(_SHORT):
            until = time.process_time() + 3 * _SHORT
            while time.process_time() < until:
                pass
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    with time_limit(0):
        pass
    with pytest.raises(TooSlowError), time_limit(_SHORT), time_limit(50):
        _for_ever()
    assert ended == [True]
    assert _is_as_before()


class _Loses:
    def __del__(self) -> None:
        _for_ever()


def _lose_and_go_on() -> None:
    _Loses()
    _for_ever()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_exception_that_is_lost_comes_again() -> None:
    with pytest.raises(TooSlowError), time_limit(_SHORT):
        _lose_and_go_on()
