"""newscrawl discover on saved pages: JSON for programs, a list for people, one sentence for what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE

HOME = """<html><head><link rel=alternate type="application/rss+xml" href="/feed"></head><body>
<nav><a href="/sport">رياضة</a></nav>
<h2><a href="/sport/812300">البلدية تعيد فتح السوق القديم</a></h2>
<h2><a href="/sport/812307">مطر غزير على الساحل ليلة أمس</a></h2>
<h2><a href="/sport/812314">الفريق يعود من رحلته بلا هدف</a></h2>
"""


def _run(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from newscrawl.cli.main import main; main()", "discover", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("discover") / "home.html"
    path.write_text(HOME, encoding="utf-8")
    return path


def test_json(page: Path) -> None:
    robots = page.with_name("robots.txt")
    robots.write_text("Sitemap: /map.xml\n")
    header = 'Link: </atom>; rel="alternate"; type="application/atom+xml"'
    done = _run("--page", str(page), "--url", "https://almithal.test/", "--robots", str(robots), "--header", header,
                "--json")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "feeds": ["https://almithal.test/atom", "https://almithal.test/feed"],
        "sitemaps": ["https://almithal.test/map.xml"],
        "sections": ["https://almithal.test/sport"],
        "articles": [f"https://almithal.test/sport/{n}" for n in (812300, 812307, 812314)],
    }


def test_a_list_for_people(page: Path) -> None:
    done = _run("--page", str(page), "--url", "https://almithal.test/")
    assert done.returncode == 0, done.stderr
    assert "articles 3" in done.stdout
    assert "(?P<id>" in done.stdout


def test_no_file_above_the_page_is_read(page: Path) -> None:
    below = page.parent / "saved" / "deep"
    below.mkdir(parents=True)
    (below / "home.html").write_text('<frameset><frame src="/../../home.html"><frame src="/home.html"></frameset>')
    done = _run("--page", str(below / "home.html"), "--url", "https://almithal.test/a/b/", "--json")
    assert json.loads(done.stdout)["articles"] == []


def test_frames_beside_the_page_are_read(page: Path) -> None:
    frames = page.with_name("frames.html")
    frames.write_text('<frameset><frame src="home.html"></frameset>')
    done = _run("--page", str(frames), "--url", "https://almithal.test/", "--json")
    assert len(json.loads(done.stdout)["articles"]) == 3


@pytest.mark.parametrize(
    ("args", "code", "sentence"),
    [
        ([], 2, "--page FILE --url URL"),
        (["--page", "{page}", "--url", "almithal.test"], 2, "no address of a site"),
        (["--page", "{page}.none", "--url", "https://almithal.test"], 1, "{page}.none"),
        (["--page", "{page}", "--url", "https://almithal.test", "--header", "x"], 2, "no header"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(page: Path, args: list[str], code: int, sentence: str) -> None:
    done = _run(*(arg.format(page=page) for arg in args))
    assert done.returncode == code, done.stderr
    assert sentence.format(page=page) in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
