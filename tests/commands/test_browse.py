"""newscrawl browse: what it refuses, what it prints, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.browse.stored import record, store
from tests.patience import PATIENCE

Scrapy = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("sesame\n")
    path.chmod(0o600)
    return path


def test_it_only_brings_the_index_up_to_date(scrapy: Scrapy, tmp_path: Path) -> None:
    store(tmp_path / "data", "one", [record(1), record(2)])
    done = scrapy("browse", "--index")
    assert (done.returncode, done.stdout) == (0, "")
    assert "the index is up to date: 2 new lines in 1 files" in done.stderr
    assert "made the index anew: 2 new lines" in scrapy("browse", "--index", "--anew").stderr


def test_wrong_commands_are_refused_in_a_sentence(scrapy: Scrapy, tmp_path: Path, password: Path) -> None:
    assert "there are no articles in" in scrapy("browse", "--index").stderr
    store(tmp_path / "data", "one", [record(1)])
    for words, code, sentence in (
        (("--host", "0.0.0.0"), 2, "--host 0.0.0.0 lets other machines in: give --password-file, too"),
        (("--host", "news.example"), 2, "lets other machines in"),
        (("--port", "70000"), 2, "--port 70000 is no port between 0 and 65535"),
        (("everything",), 2, "no argument is taken"),
        (("--host", "0.0.0.0", "--password-file", "missing"), 1, "cannot read missing"),
        (("--host", "203.0.113.7", "--port", "0", "--password-file", str(password)), 1, "cannot listen on 203.0.113.7"),
    ):
        done = scrapy("browse", *words)
        assert done.returncode == code, words
        assert sentence in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    password.chmod(0o644)
    done = scrapy("browse", "--host", "0.0.0.0", "--password-file", str(password))
    assert f"others may read {password}: chmod 600" in done.stderr
    password.chmod(0o600)
    password.write_text("\n")
    assert "holds no password" in scrapy("browse", "--host", "0.0.0.0", "--password-file", str(password)).stderr


def test_it_prints_its_address_and_ends_by_ctrl_c(tmp_path: Path) -> None:
    store(tmp_path / "data", "one", [record(1, title="زيتون")])
    command = [str(Path(sys.executable).with_name("newscrawl")), "browse", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = line.partition(" at ")[2].partition(" ")[0]
        assert address.startswith("http://127.0.0.1:")
        with build_opener(ProxyHandler({})).open(address) as answer:
            assert "زيتون" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Traceback" not in errors
