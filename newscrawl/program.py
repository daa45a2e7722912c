"""How the program is called, which version of it this is, and how its extras are had: the one place that says so."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, requires, version
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


def lacks(what: str, extra: str) -> str:
    """The sentence for something that needs an extra which is not installed.

    It names the packages: newscrawl itself is in no index, and may come from a clone, a wheel or an sdist.
    """
    packages = " ".join(f"'{package}'" for package in _packages(extra))
    return f"{what}: pip install {packages}" if packages else f"{what}: pip install -e '.[{extra}]' in the clone"


def _packages(extra: str) -> list[str]:
    from packaging.requirements import Requirement  # which Scrapy stands on

    try:
        declared = [Requirement(line) for line in requires(NAME) or ()]
    except PackageNotFoundError:  # run from a directory that is not installed
        return []
    found = []
    for each in declared:
        if each.marker is None or each.marker.evaluate({"extra": ""}) or not each.marker.evaluate({"extra": extra}):
            continue
        if each.name == NAME:
            found += [package for other in sorted(each.extras) for package in _packages(other)]
        else:
            each.marker = None
            found.append(str(each))
    return found
