"""newscrawl version: what runs, for a report of a fault."""

from __future__ import annotations

import argparse
import importlib.metadata
import re

from scrapy.utils.versions import get_versions

from newscrawl.cli.command import OwnCommand
from newscrawl.program import NAME, VERSION, versions


class Command(OwnCommand):
    """One line; with -v one for each package that newscrawl stands on."""

    requires_project = False
    requires_crawler_process = False
    takes_arguments = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[-v]"

    def short_desc(self) -> str:
        return "Print the version of newscrawl, and of what it stands on"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-v", "--verbose", action="store_true", help="every package, for a report of a fault")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output."""
        if not opts.verbose:
            print(versions())
            return
        told = {NAME: VERSION, **dict(get_versions())}
        known = {name.casefold() for name in told}
        told |= {name: version for name, version in _packages().items() if name.casefold() not in known}
        width = max(map(len, told))
        for name, version in told.items():
            print(f"{name:<{width}} : {version}")


def _packages() -> dict[str, str]:
    """The versions of what newscrawl requires, extras included but for those of its developers."""
    found: dict[str, str] = {}
    for requirement in importlib.metadata.requires(NAME) or ():
        if 'extra == "dev"' in requirement:
            continue
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    found.pop(NAME, None)
    return found
