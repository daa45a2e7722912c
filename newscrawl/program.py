"""How the program is called, and which version of it this is."""

from __future__ import annotations

import platform
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

NAME = "newscrawl"


def program() -> str:
    """The name to put before a command that the user is told to run: `scrapy` in a project of their own."""
    called = Path(sys.argv[0])
    return "scrapy" if "scrapy" in (called.stem, called.parent.name) else NAME


@cache
def extractor() -> str:
    """The program and version that reads pages, as records name it."""
    return f"{NAME} {version(NAME)}"


def versions() -> str:
    """One line on what runs: newscrawl, and what it stands on."""
    return f"{extractor()} (Scrapy {version('scrapy')}, Python {platform.python_version()})"
