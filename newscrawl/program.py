"""How the program is called, and which version of it this is: the one place that says so."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from pathlib import Path

NAME = "newscrawl"
VERSION = "0.2.0"


def program() -> str:
    """The name to put before a command that the user is told to run: `scrapy` in a project of their own."""
    called = Path(sys.argv[0])
    return "scrapy" if "scrapy" in (called.stem, called.parent.name) else NAME


def extractor() -> str:
    """The program and version that reads pages, as records name it."""
    return f"{NAME} {VERSION}"


def versions() -> str:
    """One line on what runs: newscrawl, and what it stands on."""
    return f"{extractor()} (Scrapy {version('scrapy')}, Python {platform.python_version()})"
