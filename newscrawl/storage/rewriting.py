"""Taking lines out of sealed files: a file is written anew beside the old one and takes its place, whole or not at all.

For a caller that holds the source's lock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from itertools import chain
from pathlib import Path
from typing import Any

from newscrawl.storage.append import sync_directory, write_blocks
from newscrawl.storage.errors import StorageError
from newscrawl.storage.jsonl import parse_line, read_lines

# A key "id", also within a string that holds a damaged line; no text of an article can hold the bare quotes.
_ID = re.compile(rb'\\?"id\\?":\s*\\?"([0-9a-f]{16})')


def rewrite(path: Path, keep: Callable[[bytes], bool]) -> int:
    """Write a file anew without the lines that `keep` refuses, and remove it when none is left; how many went.

    A file that keeps all its lines is left as it is. StorageError.
    """
    dropped = sum(not keep(line) for line in read_lines(path))
    if not dropped:
        return 0
    kept = (line for line in read_lines(path) if keep(line))
    try:
        if (first := next(kept, None)) is None:
            path.unlink()
        else:
            write_blocks(path, chain([first], kept))
        sync_directory(path.parent)
    except OSError as error:
        raise StorageError.of(error, path, "rewrite") from error
    return dropped


def about(line: bytes, ids: Collection[str]) -> str | None:
    """Which of some articles a line is of, be it stored, rejected or damaged; None: of none."""
    found: list[str] = [text for each in _ID.findall(line) if (text := each.decode()) in ids]
    if not found:
        return None
    record = parse_line(line)
    if record is None or "line" in record:  # damaged, or set aside as damaged
        return found[0]
    id_ = str(article_of(record).get("id"))
    return id_ if id_ in ids else None


def article_of(record: dict[str, Any]) -> dict[str, Any]:
    """The article of a line of either kind of file."""
    article = record.get("article", record)
    return article if isinstance(article, dict) else {}


def urls_of(article: dict[str, Any]) -> set[str]:
    """The URLs by which a stored or rejected article is known."""
    return {url for key in ("url", "canonical_url") if isinstance(url := article.get(key), str)}
