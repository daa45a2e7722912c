"""newscrawl new-source: from pages or an address to a publisher's files that load at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.discovery.shapes import Shapes
from newscrawl.spiders.declaration import as_python, quoted
from newscrawl.spiders.news import NewsSpider
from tests.loaders.story_pages import address, story_page
from tests.patience import PATIENCE
from tests.spiders.almithal import HOME, almithal, path
from tests.spiders.site import crawl
from tests.test_sources import FIELDS, LONGEST_FILE, NOTES


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A directory that has what a clone is recognised by, and four saved stories."""
    news = tmp_path / "newscrawl" / "spiders" / "news.py"
    news.parent.mkdir(parents=True)
    news.touch()
    for number in range(4):
        (tmp_path / f"story-{number}.html").write_bytes(story_page(number))
    return tmp_path


STORIES = tuple(f"story-{number}.html" for number in range(4))


def new_source(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings", "PYTHONUTF8": "1", "COLUMNS": "100"}
    # From a file of its own, so that the clone's package does not stand before the real one.
    command = [str(Path(sys.executable).parent / "newscrawl"), "new-source", *words]
    return subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def declared(text: str) -> type[NewsSpider]:
    namespace: dict[str, type[NewsSpider]] = {}
    exec(text, namespace)
    (spider,) = [
        value
        for value in namespace.values()
        if isinstance(value, type) and issubclass(value, NewsSpider) and value is not NewsSpider
    ]
    return spider


def checked(file: Path) -> None:
    """ruff and mypy, as the repository uses them."""
    root = Path(__file__).resolve().parents[2]
    for command in (["ruff", "check", "--config", str(root / "pyproject.toml")], ["mypy", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", *command, str(file)], cwd=root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_saved_stories_become_a_publisher(clone: Path) -> None:
    done = new_source(clone, *STORIES, "--country", "JO")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "newscrawl/spiders/jo/__init__.py",
        "newscrawl/spiders/jo/almithal.py",
        "tests/sources/jo/almithal/article.json",
        "tests/sources/jo/almithal/urls.json",
    ]
    text = (clone / "newscrawl/spiders/jo/almithal.py").read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    spider = declared(text)
    source = spider.source()
    assert (spider.name, spider.allowed_domains, spider.verified) == ("almithal", ["almithal.example"], None)
    assert (source.publisher.name, source.publisher.timezone) == ("المثال", "Asia/Amman")
    assert spider.feeds == ["https://www.almithal.example/feed"]
    assert spider.rules[0].body == ".entry-content"
    shapes = Shapes(spider.article_url)
    assert all(shapes.identity(address(n)) for n in range(9))
    record = json.loads((clone / "tests/sources/jo/almithal/article.json").read_text("utf-8"))
    assert set(record) == {*FIELDS, *NOTES}
    assert record["reviewed"] is None
    urls = json.loads((clone / "tests/sources/jo/almithal/urls.json").read_text("utf-8"))
    assert urls["articles"] == [[address(n)] for n in range(4)]
    assert not any(shapes.identity(url) for url in urls["others"])
    assert ".entry-content" in done.stderr
    assert "4 of 4" in done.stderr


@pytest.mark.slow
def test_what_is_written_passes_ruff_and_mypy(clone: Path) -> None:
    assert new_source(clone, *STORIES, "--country", "JO").returncode == 0
    checked(clone / "newscrawl/spiders/jo/almithal.py")


def test_overwrites_nothing(clone: Path) -> None:
    assert new_source(clone, *STORIES, "--country", "JO").returncode == 0
    file = clone / "newscrawl/spiders/jo/almithal.py"
    file.write_text("mine")
    again = new_source(clone, *STORIES, "--country", "JO")
    assert again.returncode == 1
    assert again.stderr.splitlines()[-1] == "newscrawl: newscrawl/spiders/jo/almithal.py is there already"
    assert file.read_text() == "mine"


def test_outside_a_clone_the_file_is_printed(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.html").write_bytes(story_page(number))
    done = new_source(tmp_path, "0.html", "1.html", "2.html")
    assert done.returncode == 0
    assert declared(done.stdout).name == "almithal"
    assert not (tmp_path / "newscrawl").exists()


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((), 2, "give the address of a site"),
        ((*STORIES, "noise.html"), 1, "noise.html: "),
        ((*STORIES, "nameless.html"), 1, "nameless.html does not say its address"),
        ((*STORIES, "https://www.almithal.example/"), 2, "one of the two"),
        (STORIES, 1, "give --country CC"),
        ((*STORIES, "--country", "JO", "--name", "youm7"), 1, "there is a publisher 'youm7' already"),
        ((*STORIES, "--country", "JO", "--publisher", "Mithal"), 2, "--publisher 'Mithal'"),
        (("https://www.almithal.example/1", "https://other.example/2", "https://other.example/3"), 1, "two sites"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_sentence(
    words: tuple[str, ...], code: int, sentence: str, clone: Path
) -> None:
    (clone / "noise.html").write_bytes(bytes(range(256)) * 40)
    (clone / "nameless.html").write_bytes(b"<html><body><h1>x</h1></body></html>")
    done = new_source(clone, *words)
    assert done.returncode == code, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("newscrawl: ")
    assert sentence in last
    assert "Traceback" not in done.stderr
    assert [file.name for file in clone.rglob("*.py")] == ["news.py"]


def test_an_unwritable_directory_is_one_sentence(clone: Path) -> None:
    (clone / "tests").touch()
    done = new_source(clone, *STORIES, "--country", "JO")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("newscrawl: cannot write tests")


def test_a_site_is_asked_by_its_address(tmp_path: Path) -> None:
    with almithal(20, "feed").served() as site:
        done = crawl(site, tmp_path, HOME, "--country", "JO", command="new-source")
        asked = [seen.path for seen in site.seen]
    assert done.code == 0, done.stderr
    spider = declared(done.stdout)
    assert spider.feeds == [f"{HOME}khulasa"]
    assert spider.source().article_url is not None
    assert spider.rules[0].title == "h1"
    assert sum(one in {path(n) for n in range(1, 21)} for one in asked) == 8
    assert not (tmp_path / "data" / "articles").exists()


def test_a_site_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    with almithal(0, "nothing").served() as site:
        site.pages.clear()
        done = crawl(site, tmp_path, HOME, command="new-source")
    assert done.code == 1
    assert done.sentence == f"newscrawl: no story was found at {HOME}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["a", 'a"b', "a'b", "a'\"b", "a\\b", "a\nb", "المثال", "\u202eevil", "{x}"])
def test_texts_are_quoted(text: str) -> None:
    assert eval(quoted(text)) == text
    attributes = {
        "publisher": {"name": text, "name_en": text, "country": "JO", "timezone": "Asia/Amman"},
        "article_url": r"//almithal\.example/(?P<id>\d+)" + "/[^/]+" * 30,
        "allowed_domains": ["almithal.example"],
        "feeds": [f"https://almithal.example/{n}/{'x' * 40}" for n in range(5)],
    }
    spider = declared(as_python("almithal", attributes, told="found"))
    assert spider.publisher.name == text
    assert spider.article_url == attributes["article_url"]
    assert spider.feeds == attributes["feeds"]
