"""Pages that took longer than EXTRACT_TIMEOUT: this release of the program would be as slow again, another may not."""

from __future__ import annotations

from newscrawl.program import VERSION
from newscrawl.storage.rows import UrlRow

#: What is counted of such a page; the state adds the release.
TOO_SLOW = "too-slow"


def too_slow() -> str:
    """The reason that the state keeps."""
    return f"{TOO_SLOW} {VERSION}"


def waits_for_release(row: UrlRow) -> bool:
    """Whether this release has found the page too slow."""
    return row.reason is not None and row.reason.startswith(TOO_SLOW) and row.reason == too_slow()
