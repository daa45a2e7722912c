"""newscrawl extract and clean-text: UTF-8 whatever the terminal takes, mistakes in one sentence."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.spiders.site import Answer, Site, story

MAIN = [sys.executable, "-c", "from newscrawl.commands.main import main; main()"]


def run(*arguments: str, cwd: Path, encoding: str = "ascii") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [*MAIN, *arguments], cwd=cwd, env=environment, capture_output=True, timeout=PATIENCE, check=False
    )


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
    assert done.stderr == b'newscrawl: a page could not be read: the lines with "error" say why\n'


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
        (["clean-text", "/dev/null"], 1, "newscrawl: there is no text in /dev/null"),
        (["clean-text", "page.html"], 1, "newscrawl: page.html is HTML and no plain text: newscrawl extract page.html"),
    ],
)
def test_mistakes_are_told_in_one_sentence(arguments: list[str], code: int, sentence: str, page: Path) -> None:
    done = run(*arguments, cwd=page.parent)
    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (code, b""), told
    assert sentence in told.splitlines()[-1]
    assert "Errno" not in told
    assert "Traceback" not in told


def test_standard_input_and_a_zone(page: Path) -> None:
    html = page.read_text(encoding="utf-8").replace("<h1>", "<time>27 أغسطس 2026 - 10:15</time><h1>")
    arguments = ["extract", "-", "--url", "https://www.almithal.test/story/1"]
    done = subprocess.run([*MAIN, *arguments], input=html.encode(), capture_output=True, timeout=PATIENCE, check=False)
    assert json.loads(done.stdout)["published_at"] == "2026-08-27"  # a bare clock says nothing where no zone is known
    zoned = [*MAIN, *arguments, "--timezone", "Asia/Amman"]
    done = subprocess.run(zoned, input=html.encode(), capture_output=True, timeout=PATIENCE, check=False)
    assert json.loads(done.stdout)["published_at"] == "2026-08-27T10:15:00+03:00"
    wrong = run("extract", page.name, "--timezone", "Mars/Base", cwd=page.parent)
    assert (wrong.returncode, b"no IANA zone" in wrong.stderr + wrong.stdout) == (2, True)


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_an_error_and_no_record(seed: int, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(random.Random(seed).randbytes(20_000))
    done = run("extract", "noise", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == "the bytes are no text"


def test_a_url_is_asked_for_politely(tmp_path: Path) -> None:
    site = Site()
    site.article(1)
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /closed\n")
    site.page("/closed", story(2))
    with site.served():
        environment = {**os.environ, "http_proxy": site.url, "no_proxy": ""}
        urls = ["http://paper.test/story/1", "http://paper.test/closed", "http://paper.test/none"]
        done = subprocess.run(
            [*MAIN, "extract", *urls], cwd=tmp_path, env=environment, capture_output=True, timeout=PATIENCE, check=False
        )
    records = {record["url"]: record for record in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert records[urls[0]]["title"] == "عنوان الخبر رقم 1 في الصحيفة"
    assert (records[urls[1]]["error"], records[urls[2]]["error"]) == ("robots", "http-404")
    assert "/closed" not in site.paths()
    assert list(tmp_path.iterdir()) == []
    real = run("extract", "https://www.almithal.jo/1", cwd=tmp_path)
    assert (real.returncode, b"CONTACT" in real.stderr) == (2, True)


def test_a_page_that_takes_too_long_is_named(tmp_path: Path) -> None:
    (tmp_path / "long.html").write_text(f"<title>خبر</title><p>{'نص طويل جدا. ' * 200_000}", encoding="utf-8")
    done = run("extract", "-s", "EXTRACT_TIMEOUT=0.01", "long.html", cwd=tmp_path)
    record = json.loads(done.stdout)
    assert done.returncode == 1, done.stderr
    assert (record["file"], record["error"]) == ("long.html", "not read within 0.01 s of processor time")
