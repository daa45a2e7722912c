"""Lines that another machine has stored as well.

A run that is killed leaves lines of which the state does not know yet, up to a batch. Where machines share the state,
another goes on at once, knows nothing of them and stores these articles again. When the dead run's files are healed,
the lines that the state has in another machine's file are left out.
"""

from __future__ import annotations

import logging
from pathlib import Path

from newscrawl.storage.append import PART, ZSTD, part_of, sync_directory, whole_of, write_blocks
from newscrawl.storage.errors import StorageError
from newscrawl.storage.index import unread_files
from newscrawl.storage.jsonl import ARTICLES, SUFFIX, logical_name, parse_line, read_lines, source_directory
from newscrawl.storage.state import State

logger = logging.getLogger(__name__)


def left_files(state: State, data_dir: Path, source: str) -> list[Path]:
    """The source's files on this disk that a killed run left: growing ones, and sealed ones that the state has not
    read in."""
    growing = sorted(source_directory(data_dir, ARTICLES, source).rglob(f"*{SUFFIX}{PART}"))
    return [*growing, *unread_files(state, data_dir, source)]


def drop_lines_stored_elsewhere(state: State, data_dir: Path, source: str) -> int:
    """Leave out of the files that a killed run left what another machine has stored under the same id and version; how
    many lines. For a caller that holds the source, before healing. StorageError when a file cannot be rewritten."""
    dropped = 0
    for path in left_files(state, data_dir, source):
        doomed = _doomed(state, source, path, logical_name(path, data_dir))
        if doomed:
            try:
                _rewrite(path, doomed)
            except OSError as error:
                raise StorageError.of(error, path, "heal") from error
            logger.info("%s: left out %d lines that another machine has stored as well", path, len(doomed))
            dropped += len(doomed)
    return dropped


def _doomed(state: State, source: str, path: Path, name: str) -> set[int]:
    """The numbers of the lines that go, from 0."""
    found = set()
    for number, line in enumerate(read_lines(path)):
        record = parse_line(line)
        if record is None or not isinstance(record.get("id"), str):
            continue
        try:
            row = state.get(source, record["id"])
        except (ValueError, OverflowError):  # no id of ours; reading the file in will say so
            continue
        if row is None or row.version != record.get("version") or row.file in (None, name):
            continue
        # On this machine's own disk a run that held the source has looked before it wrote.
        if state.host_of(row.file) not in (None, state.host):
            found.add(number)
    return found


def _rewrite(path: Path, doomed: set[int]) -> None:
    """As a growing file without these lines, which healing seals; at every moment one whole file is there."""
    is_growing = path.suffix == PART
    whole = whole_of(path) if is_growing else path.with_name(path.name.removesuffix(ZSTD))
    growing = path if is_growing else part_of(whole)
    write_blocks(growing, (line for number, line in enumerate(read_lines(path)) if number not in doomed))
    if not is_growing:
        path.unlink()
    sync_directory(path.parent)
