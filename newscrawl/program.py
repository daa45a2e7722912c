"""How the user called us: as `newscrawl`, or as `scrapy` in a project of their own."""

from __future__ import annotations

import sys
from pathlib import Path


def program() -> str:
    """The name to put before a command that the user is told to run."""
    called = Path(sys.argv[0])
    return "scrapy" if "scrapy" in (called.stem, called.parent.name) else "newscrawl"
