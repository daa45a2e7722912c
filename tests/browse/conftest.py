"""Where the tests' articles lie."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE

WATCHES = '[olives]\nwords = "زيتون"\n[everything-of-alwaha]\nsources = ["alwaha"]\ncopies = true\n'


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data directory."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `newscrawl demo` leaves after two editions, with an archive and watches."""
    directory = tmp_path_factory.mktemp("demo")
    (directory / "watches.toml").write_text(WATCHES, "utf-8")
    env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    command = [str(Path(sys.executable).with_name("newscrawl")), "demo", "-s", "ARCHIVE=True"]
    for _ in range(2):
        subprocess.run(command, cwd=directory, env=env, check=True, capture_output=True, timeout=PATIENCE)
    return directory / "data" / "demo"
