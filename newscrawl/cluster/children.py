"""Child processes that do not outlive their parent."""

from __future__ import annotations

import ctypes
import logging
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent() -> None:
    """To be called in a child: it is killed when the process that started it dies, where the system is Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def serve_quietly() -> None:
    """For the processes of a pool: Ctrl-C is their parent's affair, and so is their end. What goes wrong with a page
    is counted, and not logged as well a million times."""
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
