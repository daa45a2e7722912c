"""Commands are run as a user runs them: `scrapy ...` in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Scrapy = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def scrapy(tmp_path: Path) -> Scrapy:
    """Runs a command with DATA_DIR in the test's own directory."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings", "COLUMNS": "200"}
        command = [sys.executable, "-m", "scrapy", *arguments, "-s", f"DATA_DIR={tmp_path / 'data'}"]
        return subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    return run
