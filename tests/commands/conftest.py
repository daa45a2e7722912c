"""Commands are run as a user runs them: `scrapy ...` in a process of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from scrapy.cmdline import execute

from tests import forked

Scrapy = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def scrapy(tmp_path: Path) -> Scrapy:
    """Runs a command with DATA_DIR in the test's own directory."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings", "COLUMNS": "200"}
        command = ["scrapy", *arguments, "-s", f"DATA_DIR={tmp_path / 'data'}"]
        return forked.run(command, env=env, cwd=tmp_path)

    return run


@dataclass
class Said:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


class Here(Protocol):
    """Runs a command in this process."""

    def __call__(self, *arguments: str) -> Said: ...


@pytest.fixture
def here(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """Runs a command in this process, with DATA_DIR in the test's own directory: a new one takes a second to start."""
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Said:
        capfd.readouterr()
        with pytest.raises(SystemExit) as caught:
            execute(["newscrawl", *arguments, "-s", f"DATA_DIR={tmp_path / 'data'}"])
        said = capfd.readouterr()
        return Said(int(caught.value.code or 0), said.out, said.err)

    return run
