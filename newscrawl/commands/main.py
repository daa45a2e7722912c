"""Where the console script began before `newscrawl.cli`; scripts that start it from Python go on working."""

from newscrawl.cli.main import main

__all__ = ["main"]
