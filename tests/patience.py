"""How long tests wait for what must come, and how they look for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

_Found = TypeVar("_Found")

PATIENCE = 1800.0
"""Seconds. Beside eight busy loops on two cores a start of Python takes ten; what takes half an hour there hangs."""


def wait_for(condition: Callable[[], _Found], what: str = "what was waited for", *, every: float = 0.01) -> _Found:
    """What the condition gives when it first holds; it is looked at every so many seconds."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, f"{what} has not come about in {PATIENCE:g} s"
        time.sleep(every)
    return found
