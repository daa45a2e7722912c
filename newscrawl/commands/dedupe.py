"""scrapy dedupe: the near duplicates of existing JSON Lines, as clusters."""

from __future__ import annotations

import argparse
import gzip
import math
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, ClassVar, cast

from backports import zstd

from newscrawl.cli.command import OwnCommand, output_file
from newscrawl.commands.outcome import FAILED, USAGE
from newscrawl.storage.errors import StorageError
from newscrawl.storage.objects import Place
from newscrawl.storage.places import options_for

if TYPE_CHECKING:
    from newscrawl.dedup.batch import Counts
    from newscrawl.dedup.corpus import Damage

_SUFFIXES = (".jsonl", ".ndjson", ".json", ".gz", ".zst")
_NAME = "clusters.jsonl"
_INTERRUPTED = 130
_FIRST = 5  # damaged lines that are named one by one


class Command(OwnCommand):
    """Writes one cluster a line; damaged lines are named on standard error and left out."""

    requires_project = False
    default_settings: ClassVar = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[options] PATH..."

    def short_desc(self) -> str:
        return "Find the near duplicates in JSON Lines (files, directories, globs, s3://...; .gz and .zst too)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        from newscrawl.dedup.corpus import Columns

        super().add_options(parser)
        columns = Columns()
        parser.add_argument("--text", default=columns.text, metavar="KEY", help="key of the text")
        parser.add_argument("--title", default=columns.title, metavar="KEY", help="key of the headline")
        parser.add_argument("--id", default=columns.id, metavar="KEY", help="key of the id")
        parser.add_argument("--date", default=columns.date, metavar="KEY", help="key of the date")
        parser.add_argument(
            "--out", metavar="DIR|FILE", help=f"a file, or a directory for {_NAME} (default: standard output)"
        )
        parser.add_argument(
            "--window", type=float, default=30, metavar="DAYS", help="compare stories so near in time; 0: all"
        )
        parser.add_argument("--threshold", type=float, default=0.7, metavar="J", help="least Jaccard of a duplicate")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.dedup.corpus import CorpusError

        try:
            self._run(args, opts)
        except _MistakeError as mistake:
            self.fail(mistake, USAGE)
        except (CorpusError, StorageError) as error:
            self.fail(error, FAILED)
        except sqlite3.Error as error:
            self.fail(f"the temporary files cannot be written: {error}", FAILED)
        except BrokenPipeError:
            # Whoever read standard output has seen enough; nothing more may be written there, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = FAILED
        except OSError as error:
            self.fail(f"{error.filename or 'the clusters cannot be written'}: {error.strerror or error}", FAILED)
        except KeyboardInterrupt:
            self.fail("interrupted; nothing was written", _INTERRUPTED)

    def _run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.dedup.batch import Batch, as_json
        from newscrawl.dedup.corpus import Columns, find_files

        if not args:
            raise _MistakeError("give at least one PATH of JSON Lines")
        if not 0 < opts.threshold <= 1:
            raise _MistakeError(f"--threshold {opts.threshold:g} is not between 0 and 1")
        if not opts.window >= 0:
            raise _MistakeError(f"--window {opts.window:g} is not a number of days")
        out = _destination(opts.out)
        assert self.settings is not None
        files = find_files(args, but=out, options_for=partial(options_for, settings=self.settings))
        if out is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
        damage = _Named()
        batch = Batch(
            out.parent if out else Path(tempfile.gettempdir()),
            columns=Columns(text=opts.text, title=opts.title, id=opts.id, date=opts.date),
            window_days=opts.window or math.inf,
            threshold=opts.threshold,
            on_damage=damage,
            on_progress=_show if sys.stderr.isatty() else lambda _step, _count: None,
        )
        with _opened(out) as target:
            for cluster in batch.clusters(files, now=datetime.now(UTC)):
                target.write(as_json(cluster).encode())
        damage.close()
        sys.stderr.write(_summary(batch.counts, len(files), out))


class _MistakeError(Exception):
    """A mistake in the command line, in one sentence."""


def _destination(out: str | None) -> Path | None:
    if out is None or out == "-":
        return None
    path = Path(out)
    is_directory = path.is_dir() or out.endswith(os.sep) or not path.name.endswith(_SUFFIXES)
    return output_file(path / _NAME if is_directory else path)


@contextmanager
def _opened(out: Path | None) -> Iterator[IO[bytes]]:
    """Where the clusters go; a file bears its name only when it is whole."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = out.with_name(out.name + ".part")
    try:
        with _packing(part, out.suffix) as target:
            yield target
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _packing(path: Path, suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, "wb"))
    if suffix == ".zst":
        return cast(IO[bytes], zstd.open(path, "wb"))
    return path.open("wb")


class _Named:
    """Names the first damaged lines; of the others, which may be millions, one count for all."""

    def __init__(self) -> None:
        self._files: set[Place] = set()
        self._count = 0

    def __call__(self, damage: Damage) -> None:
        self._count += 1
        if self._count <= _FIRST:
            sys.stderr.write(f"{damage.file}:{damage.number}: {damage.reason}\n")
        else:
            self._files.add(damage.file)

    def close(self) -> None:
        """Says how many were not named."""
        if self._files:
            where = f"{len(self._files):,} files" if len(self._files) > 1 else str(self._files.pop())
            sys.stderr.write(f"and {self._count - _FIRST:,} more damaged lines in {where}\n")


def _show(step: str, count: int) -> None:
    sys.stderr.write(f"\r{step} {count:,}\033[K")


def _summary(counts: Counts, files: int, out: Path | None) -> str:
    parts = [
        f"{counts.stories:,} stories in {files:,} files",
        f"{counts.clusters:,} clusters, {counts.duplicates:,} duplicates",
    ]
    noted = {
        "damaged lines": counts.damaged,
        "other versions of a story": counts.versions,
        "too short to compare": counts.too_short,
        "without an id": counts.without_id,
        "without a date": counts.undated,
    }
    parts += [f"{count:,} {what}" for what, count in noted.items() if count]
    end = "\r\033[K" if sys.stderr.isatty() else ""
    return f"{end}{'; '.join(parts)}{f' -> {out}' if out else ''}\n"
