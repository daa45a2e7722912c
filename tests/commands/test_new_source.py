"""scrapy new-source: what it writes loads at once, and the tests refuse it until a person has read a page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.spiders.news import NewsSpider
from tests.test_sources import FIELDS, NOTES

GIVEN = {
    "--publisher": "المثال", "--english": "Al-Mithal", "--country": "JO", "--domain": "almithal.example",
}  # fmt: skip


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A directory that has what a clone is recognised by."""
    news = tmp_path / "newscrawl" / "spiders" / "news.py"
    news.parent.mkdir(parents=True)
    news.touch()
    return tmp_path


def new_source(where: Path, name: str, **changes: str) -> subprocess.CompletedProcess[str]:
    given = {**GIVEN, **{f"--{option}": value for option, value in changes.items()}}
    words = [word for pair in given.items() for word in pair]
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings", "PYTHONUTF8": "1"}
    # From a file of its own, so that the clone's package does not stand before the real one.
    command = [str(Path(sys.executable).parent / "newscrawl"), "new-source", name, *words]
    return subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_writes_a_declaration_and_a_record_to_fill_in(clone: Path) -> None:
    done = new_source(clone, "al_mithal")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "newscrawl/spiders/jo/__init__.py",
        "newscrawl/spiders/jo/al_mithal.py",
        "tests/sources/jo/al_mithal/article.json",
    ]
    text = (clone / "newscrawl/spiders/jo/al_mithal.py").read_text("utf-8")
    namespace: dict[str, type[NewsSpider]] = {}
    exec(text, namespace)
    spider = namespace["AlMithal"]
    source = spider.source()
    assert (spider.name, spider.allowed_domains, spider.verified) == ("al_mithal", ["almithal.example"], None)
    assert source.publisher.timezone == "Asia/Amman"
    assert source.publisher.name == "المثال"
    assert source.article_url is not None
    assert source.article_url.search("https://almithal.example/news/123456")
    assert not source.article_url.search("https://almithal.example/news")
    record = json.loads((clone / "tests/sources/jo/al_mithal/article.json").read_text("utf-8"))
    assert set(record) == {*FIELDS, *NOTES}
    assert record["reviewed"] is None
    assert (record["source"], record["publisher"], record["country"]) == ("al_mithal", "المثال", "JO")


def test_overwrites_nothing(clone: Path) -> None:
    assert new_source(clone, "almithal").returncode == 0
    file = clone / "newscrawl/spiders/jo/almithal.py"
    file.write_text("mine")
    again = new_source(clone, "almithal")
    assert again.returncode == 1
    assert again.stderr == "newscrawl: newscrawl/spiders/jo/almithal.py is there already\n"
    assert file.read_text() == "mine"


def test_a_slug_is_used_once(clone: Path) -> None:
    done = new_source(clone, "youm7")
    assert done.returncode == 1
    assert done.stderr == "newscrawl: there is a publisher 'youm7' already: اليوم السابع\n"


def test_an_unwritable_directory_is_one_sentence(clone: Path) -> None:
    (clone / "tests").touch()
    done = new_source(clone, "almithal")
    assert done.returncode == 1
    assert done.stderr.startswith("newscrawl: cannot write tests")
    assert done.stderr.count("\n") == 1


def test_outside_a_clone(tmp_path: Path) -> None:
    done = new_source(tmp_path, "almithal")
    assert done.returncode == 1
    assert done.stderr.startswith("newscrawl: this is no clone of newscrawl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("Al-Mithal", {}),
        ("../x", {}),
        ("class", {}),
        ("almithal", {"country": "Jordan"}),
        ("almithal", {"country": "XX"}),
        ("almithal", {"domain": "https://almithal.example/"}),
        ("almithal", {"domain": "www.almithal.example"}),
        ("almithal", {"publisher": "Mithal"}),
        ("almithal", {"publisher": 'المثال"'}),
        ("almithal", {"english": "المثال"}),
        ("almithal", {"timezone": "Asia/Nowhere"}),
    ],
)
def test_mistakes_are_told_in_one_sentence(name: str, changes: dict[str, str], clone: Path) -> None:
    done = new_source(clone, name, **changes)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("newscrawl: error: ")
    assert "Traceback" not in done.stderr
    assert [path.name for path in clone.rglob("*.*")] == ["news.py"]
