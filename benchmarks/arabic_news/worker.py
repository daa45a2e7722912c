"""Runs one extractor in an environment of its own: pages as JSON on standard input, answers on standard output.

Started as a file, `python worker.py NAME`, so that nothing but the extractor has to be installed there.
"""

from __future__ import annotations

import base64
import importlib
import importlib.metadata
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

#: Seconds that a page may take; what takes longer counts as nothing.
TIMEOUT = 60


class TooLongError(Exception):
    """A page took longer than TIMEOUT."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TooLongError(f"longer than {TIMEOUT} s")


def _load(name: str) -> tuple[Any, str]:
    """The extractor and its version."""
    if ":" in name:
        module, function = name.split(":", 1)
        return getattr(importlib.import_module(module), function), ""
    extractors = importlib.import_module("extractors")  # beside this file, wherever that is run
    if name not in extractors.DISTRIBUTIONS:
        raise LookupError(f"there is no extractor {name!r}: {', '.join(extractors.DISTRIBUTIONS)}, or MODULE:FUNCTION")
    return getattr(extractors, name)(), importlib.metadata.version(extractors.DISTRIBUTIONS[name])


def main() -> None:
    """First a line with the version, then one for each page, in their order."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what an extractor prints is no answer
    sys.path[:0] = [str(Path(__file__).parent), str(Path.cwd())]
    try:
        extractor, version = _load(sys.argv[1])
    except (ImportError, LookupError, AttributeError) as error:
        print(f"{sys.argv[1]}: {error}", file=sys.stderr)
        sys.exit(2)
    print(json.dumps({"version": version}), file=out, flush=True)
    signal.signal(signal.SIGALRM, _stop)
    for line in sys.stdin:
        page = json.loads(line)
        page["html"] = base64.b64decode(page["html"])
        signal.setitimer(signal.ITIMER_REAL, TIMEOUT)
        try:
            answer = dict(extractor(page) or {})
        except Exception as error:  # noqa: BLE001  # whatever a program raises is its answer to this page
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps(answer, ensure_ascii=False, default=str), file=out, flush=True)


if __name__ == "__main__":
    main()
