"""A crawl in a child process, as an iterator of articles: for scripts and notebooks, which have loops of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from newscrawl.items import Article

# The child as a user would start it; unbuffered, so that articles come when they are read.
PROGRAM = [sys.executable, "-u", "-c", "from newscrawl.cli.main import main; main()"]
# So long has a child to end in order before it is killed; its articles are safe either way.
_PATIENCE = 15.0
_UNHEALTHY = 3
_QUIET = {"PROGRESS": False, "SUMMARY_PRINT": False, "LOG_LEVEL": "ERROR", "LOG_FILE": ""}


class CrawlError(RuntimeError):
    """A crawl that failed or was refused; str() is one sentence."""


def crawl_in_child(
    sources: tuple[str, ...],
    arguments: Mapping[str, object],
    settings: Mapping[str, object],
    data: str | os.PathLike[str] | None,
) -> Iterator[Article]:
    """The articles of a crawl as they are read; the child ends when the iterator is closed. CrawlError as it says."""
    with tempfile.TemporaryDirectory(prefix="newscrawl-") as scratch:
        directory = Path(scratch, "data") if data is None else Path(data)
        options = {**_QUIET, **settings, "DATA_DIR": directory}
        command = [*PROGRAM, "crawl", *sources, "-o", "-:jsonlines"]
        for name, value in arguments.items():
            command += ["-a", f"{name}={value}"]
        for name, value in options.items():
            command += ["-s", f"{name}={value}"]
        with Path(scratch, "stderr").open("w+b") as complaints:
            child = subprocess.Popen(  # noqa: S603 (our own program)
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
            )
            try:
                assert child.stdout is not None
                for line in child.stdout:
                    yield _article(line)
                code = child.wait()
            finally:
                _end(child)
            if code not in (0, _UNHEALTHY):
                raise CrawlError(_sentence(complaints) or f"the crawl ended with exit code {code}")


def _article(line: bytes) -> Article:
    record: dict[str, Any] = json.loads(line)
    return Article.from_dict(record)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdout is not None:
        child.stdout.close()
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _sentence(complaints: IO[bytes]) -> str:
    """The last thing that the child said to its user."""
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").splitlines()
    said = [line.removeprefix("newscrawl: ") for line in lines if line.startswith("newscrawl: ")]
    return said[-1] if said else (lines[-1] if lines else "")
