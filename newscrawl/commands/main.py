"""The console script `newscrawl`: every Scrapy command with this project's settings, from any directory."""

from __future__ import annotations

import os
import sys

from scrapy.cmdline import execute
from scrapy.utils.project import ENVVAR


def main() -> None:
    """Runs the command line. A project of the user's own comes in by SCRAPY_SETTINGS_MODULE."""
    os.environ.setdefault(ENVVAR, "newscrawl.settings")
    try:
        execute()
    except KeyboardInterrupt:
        # Ctrl-C before or after a crawl; during one, Scrapy ends it in order and nothing arrives here.
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, a pager) has seen enough; Python would complain once more while closing the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
