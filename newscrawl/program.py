"""How the user called us: as `newscrawl`, or as `scrapy` in a project of their own."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path


def program() -> str:
    """The name to put before a command that the user is told to run."""
    called = Path(sys.argv[0])
    return "scrapy" if "scrapy" in (called.stem, called.parent.name) else "newscrawl"


@cache
def extractor() -> str:
    """The program and version that reads pages, as records name it."""
    return f"newscrawl {version('newscrawl')}"
