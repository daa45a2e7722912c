"""One crawl of a worker: `newscrawl crawl SOURCE` in a child process that tells how far it is."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl.cluster.children import die_with_parent
from newscrawl.spiders.child import PROGRAM
from newscrawl.storage.errors import HELD, UNREACHABLE

_KEPT = 16 << 10  # bytes of complaints, the last ones


@dataclass(frozen=True, slots=True)
class Result:
    """How a crawl ended: its exit code (minus the signal that killed it), and the sentence that it said to its user."""

    code: int
    sentence: str

    @property
    def is_done(self) -> bool:
        """Whether the source was crawled, healthy or not."""
        return self.code in (0, 3)

    @property
    def is_held(self) -> bool:
        """Whether another run has the source."""
        return self.code == 1 and HELD in self.sentence

    @property
    def is_cut(self) -> bool:
        """Whether the state's server was gone."""
        return self.code == 1 and UNREACHABLE in self.sentence


class Crawl:
    """The child of one crawl."""

    def __init__(self, source: str, settings: Mapping[str, Any]) -> None:
        self.source = source
        self._settings = settings
        self._child: asyncio.subprocess.Process | None = None
        self._complaints = b""

    async def run(self, tell: Callable[[int, int], Awaitable[None]]) -> Result:
        """Crawls to the end. `tell` is called every few seconds with the pages that came and the articles stored."""
        command = [*PROGRAM, "crawl", self.source]
        for name, value in self._settings.items():
            command += ["-s", f"{name}={value}"]
        self._child = child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            # Ctrl-C in the worker's terminal is the worker's affair, which lets its crawls end.
            start_new_session=True,
            # An orphan would go on writing, and keep the source from whoever takes over.
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )
        try:
            await asyncio.gather(self._listen(child, tell), self._hear_complaints(child))
            code = await child.wait()
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return Result(code, self._sentence(code))

    def stop(self) -> None:
        """Asks the crawl to end in order."""
        if self._child is not None and self._child.returncode is None:
            with suppress(ProcessLookupError):
                self._child.send_signal(signal.SIGTERM)

    async def _listen(self, child: asyncio.subprocess.Process, tell: Callable[[int, int], Awaitable[None]]) -> None:
        assert child.stdout is not None
        while True:
            try:
                line = await child.stdout.readline()
            except ValueError:  # longer than any report
                continue
            if not line:
                return
            with suppress(ValueError, KeyError, TypeError):  # what a spider prints is no report
                report = json.loads(line)
                await tell(int(report["pages"]), int(report["stored"]))

    async def _hear_complaints(self, child: asyncio.subprocess.Process) -> None:
        assert child.stderr is not None
        while block := await child.stderr.read(_KEPT):
            self._complaints = (self._complaints + block)[-_KEPT:]

    def _sentence(self, code: int) -> str:
        lines = self._complaints.decode("utf-8", "replace").splitlines()
        said = [line.removeprefix("newscrawl: ") for line in lines if line.startswith("newscrawl: ")]
        if said:
            return said[-1]
        if code < 0:
            return f"{self.source}: its process was killed ({signal.Signals(-code).name})"
        return lines[-1] if lines and code else ""


def settings_of(given: Mapping[str, Any], *, data_dir: Path, source: str) -> dict[str, Any]:
    """The settings of a worker's crawl: those given to the worker, and what makes the child quiet and talkative."""
    return {
        **given,
        # The worker tells of all crawls, once an hour.
        "ALERTS": "",
        "PING_URL": "",
        "DATA_DIR": data_dir,
        "PROGRESS": "json",
        "SUMMARY_PRINT": False,
        "LOG_FILE": data_dir / "logs" / f"{source}.log",
        "LOG_FILE_APPEND": False,
    }
