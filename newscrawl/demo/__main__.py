"""`python -m newscrawl.demo [PORT]`: the newspaper alone, until Ctrl-C."""

from __future__ import annotations

import sys
import threading
from datetime import date

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer


def main() -> int:
    """Serves the newspaper; 2 when the port is no number."""
    words = sys.argv[1:]
    if len(words) > 1 or (words and not words[0].isdecimal()):
        sys.stderr.write("usage: python -m newscrawl.demo [PORT]\n")
        return 2
    with NewsServer(Newsroom(date.today()), port=int(words[0]) if words else 0) as server:
        hosts = " ".join(paper.root + "/" for paper in Newsroom(date.today()).papers.values())
        sys.stdout.write(f"proxy {server.proxy} serves {hosts}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
