"""`python -m newscrawl.demo [PORT]`: the newspaper alone, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
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
    newsroom = Newsroom(date.today())
    with NewsServer(newsroom, port=int(words[0]) if words else 0) as server:
        hosts = " ".join(paper.root + "/" for paper in newsroom.papers.values())
        stop = threading.Event()
        # Set by hand: a shell starts what it puts in the background with SIGINT ignored. Before the line is written, at
        # which others may end this process.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        sys.stdout.write(f"proxy {server.proxy} serves {hosts}\n")
        sys.stdout.flush()
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
