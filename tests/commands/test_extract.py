"""newscrawl extract and clean-text: UTF-8 whatever the terminal takes, mistakes in one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.spiders.site import story

MAIN = [sys.executable, "-c", "from newscrawl.commands.main import main; main()"]


def run(*arguments: str, cwd: Path, encoding: str = "ascii") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run([*MAIN, *arguments], cwd=cwd, env=environment, capture_output=True, timeout=60, check=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(story(1, "خبر"), encoding="utf-8")
    return path


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1256", "utf-16"])
def test_articles_are_written_in_utf_8(encoding: str, page: Path) -> None:
    done = run("extract", page.name, cwd=page.parent, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    record = json.loads(done.stdout.decode("utf-8"))
    assert (record["title"], record["url"]) == ("خبر", page.as_uri())
    assert "خبر".encode() in done.stdout


def test_an_explanation_is_written_in_utf_8(page: Path) -> None:
    done = run("extract", "--explain", page.name, cwd=page.parent)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "<h1>خبر</h1>" in done.stdout.decode("utf-8")


def test_clean_text_is_written_in_utf_8(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("قال الوزير إن العمل مستمر.\n", encoding="utf-8")
    done = run("clean-text", "page.txt", cwd=tmp_path)
    assert (done.returncode, done.stdout.decode("utf-8")) == (0, "قال الوزير إن العمل مستمر.\n"), done.stderr


def test_a_file_whose_name_is_no_utf_8(tmp_path: Path) -> None:
    done = run("extract", os.fsdecode(b"\xff.html"), cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    record = json.loads(done.stdout)
    assert (record["file"], record["error"]) == ("\udcff.html", "No such file or directory")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["extract", "--url", "notaurl", "page.html"], 2, "--url: 'notaurl' is no address: write https://..."),
        (["extract", "--explain", "--url", "notaurl", "page.html"], 2, "--url: 'notaurl' is no address"),
        (["extract", "--url", "http://[", "page.html"], 2, "--url: 'http://[' is no address"),
        (["extract", "--explain", "none.html"], 1, "newscrawl: cannot read none.html: no such file or directory"),
        (["extract", "--manifest", "none.jsonl"], 2, "--manifest: cannot read none.jsonl: no such file or directory"),
        (["clean-text", "none.txt"], 1, "newscrawl: cannot read none.txt: no such file or directory"),
        (["clean-text", "."], 1, "newscrawl: cannot read .: it is a directory"),
    ],
)
def test_mistakes_are_told_in_one_sentence(arguments: list[str], code: int, sentence: str, page: Path) -> None:
    done = run(*arguments, cwd=page.parent)
    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (code, b""), told
    assert sentence in told.splitlines()[-1]
    assert "Errno" not in told
    assert "Traceback" not in told
