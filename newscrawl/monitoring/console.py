"""Standard error as a console, for a crawl that outlives its reader."""

from __future__ import annotations

from rich.console import Console


class ErrorConsole(Console):
    """Standard error. A reader that has gone away (`2>&1 | head`) ends no crawl: what would be printed is lost."""

    def __init__(self) -> None:
        super().__init__(stderr=True)

    def on_broken_pipe(self) -> None:
        """Says no more. Rich would leave by SystemExit: inside an event loop that leaves its threads waiting."""
        self.quiet = True
