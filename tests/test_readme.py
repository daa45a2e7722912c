"""README.md: its examples are run on the demo's corpus, its tables compared with the code; CONTRIBUTING.md likewise."""

from __future__ import annotations

import configparser
import importlib
import json
import os
import pkgutil
import re
import shlex
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings

from newscrawl import commands
from newscrawl.addon import _SETTINGS
from newscrawl.commands.turns import SOURCES_AT_ONCE
from newscrawl.items import Article, json_schema
from newscrawl.middlewares.defaults import SETTINGS
from newscrawl.spiders.arguments import Arguments, argument_names
from newscrawl.spiders.registry import publishers
from newscrawl.storage.schedule import Schedule
from tests.loaders.story_pages import story_page
from tests.patience import PATIENCE
from tests.spiders.site import Site, story

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
#: Python of a project of the reader's own, which test_own_project puts together.
PROJECT_FILES = {
    "settings.py": "BOT_NAME",
    "spiders/almithal.py": "(NewsSpider)",
    "loaders.py": "(ArticleLoader)",
    "spiders/rated.py": "(Almithal)",
    "stores.py": "class Store:",
}
PROJECT = {
    name: text for name, mark in PROJECT_FILES.items() for kind, text in BLOCKS if kind == "python" and mark in text
}
TYPES = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "object": "object"}
#: Scrapy's own commands, which are ours only so that they store nothing.
LOOKING = {"parse", "shell", "fetch"}


def blocks(kind: str) -> list[str]:
    """The fenced blocks in a language."""
    return [text for language, text in BLOCKS if language == kind and text not in PROJECT.values()]


def table(heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    rows = README.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def environment(**more: str) -> dict[str, str]:
    """An environment in which `newscrawl` and `python` are those of the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy") and k != "SCRAPY_SETTINGS_MODULE"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    return {**kept, "PATH": path, "PYTHONUTF8": "1", **more}


def run(command: list[str], cwd: Path, **more: str) -> str:
    """What a command printed; it must exit with 0."""
    done = subprocess.run(
        command, cwd=cwd, env=environment(**more), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that looks like a clone in which `make crawl` was run twice."""
    directory = tmp_path_factory.mktemp("clone")
    (directory / "tests").symlink_to(ROOT / "tests")
    run(["newscrawl", "demo"], directory)
    second = run(["newscrawl", "demo"], directory)
    assert "this run: 0 new, 1 changed" in second
    assert "1 of them fetched again" in second
    return directory


@pytest.mark.parametrize("text", blocks("sh"))
def test_shell_examples(text: str, clone: Path) -> None:
    run(["bash", "-euc", text], clone)
    named = {path for path in re.findall(r"data/[\w.]+", text) if path != "data/demo"}
    assert named
    for path in (clone / name for name in named):
        assert path.stat().st_size
        assert path.is_file() or list(path.rglob("articles/**/*.jsonl")) or list(path.rglob("*.parquet"))


@pytest.mark.parametrize("text", blocks("sql"))
def test_duckdb_examples(text: str, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(clone)
    connection = duckdb.connect()
    view, *queries = (statement for statement in text.split(";") if statement.strip())
    connection.execute(view)
    answers = [connection.execute(query).fetchall() for query in queries]
    assert all(answers)
    own = sum(row[2] for row in answers[0])
    copies = connection.execute("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL").fetchone()
    files = (clone / "data" / "demo" / "articles").rglob("*.jsonl")
    ids = {json.loads(line)["id"] for file in files for line in file.open("rb")}
    assert own + copies[0] == len(ids)


@pytest.mark.parametrize("text", blocks("python"))
def test_python_examples(text: str, clone: Path) -> None:
    if "pandas" in text:
        pytest.importorskip("pandas")
    printed = run([sys.executable, "-W", "error", "-c", text], clone)
    assert printed.strip()
    assert "None" not in printed.splitlines()


@pytest.mark.parametrize("text", blocks("py"))
def test_examples_that_need_a_network_can_be_compiled(text: str) -> None:
    compile(text, "README.md", "exec")


def test_arabic_example_gives_what_it_seems_to(clone: Path) -> None:
    (text,) = (block for block in blocks("python") if "newscrawl.arabic" in block)
    found, byline, cleaned = run([sys.executable, "-c", text], clone).splitlines()
    assert found == "2026-08-27T21:30:00+03:00"
    assert "'ليلى حداد'" in byline
    assert "'AFP'" in byline
    assert cleaned == 'True خبرٌ "عاجل"'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of the reader's own, with all the files that the page shows."""
    package = tmp_path / "myproject"
    (package / "spiders").mkdir(parents=True)
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = myproject.settings\n")
    for directory in (package, package / "spiders"):
        (directory / "__init__.py").touch()
    for name, text in PROJECT.items():
        (package / name).write_text(text.replace("https://", "http://"), "utf-8")
    with (package / "settings.py").open("a") as settings:
        settings.write("DOWNLOAD_DELAY = 0\nAUTOTHROTTLE_ENABLED = False\nGUARD_ALLOW_LOOPBACK = True\n")
    return tmp_path


@pytest.fixture
def almithal() -> Site:
    """Its publisher, with two stories."""
    site = Site()
    for number in (1, 2):
        page = story(number, f"العنوان {number}").replace("<h1>", '<p class="kicker"> زراعة </p><h1>')
        site.page(f"/story/{number}", page)
    links = "".join(f"<item><link>http://www.almithal.test/story/{n}</link></item>" for n in (1, 2))
    site.xml("/feed", f'<rss version="2.0"><channel><title>المثال</title>{links}</channel></rss>')
    return site


def lines(directory: Path) -> list[dict[str, Any]]:
    """The stored records of a project."""
    files = directory.glob("data/articles/*/*/*.jsonl")
    return [json.loads(line) for file in files for line in file.open("rb")]


def test_own_project(project: Path, almithal: Site) -> None:
    body = PROJECT["spiders/almithal.py"].split("class ", 1)[1].split('"""', 2)[2].strip().splitlines()
    assert len(body) <= 10
    assert "almithal" in run(["scrapy", "sources"], project)
    with almithal.served():
        run(["scrapy", "crawl", "almithal", "-O", "out.jsonl"], project, http_proxy=almithal.url)
    assert sorted(record["title"] for record in lines(project)) == ["العنوان 1", "العنوان 2"]
    assert {record["publisher"] for record in lines(project)} == {"المثال"}
    assert [json.loads(line)["title"] for line in (project / "out.jsonl").open("rb")]


def test_own_fields_are_stored(project: Path, almithal: Site) -> None:
    with almithal.served():
        run(["scrapy", "crawl", "rated"], project, http_proxy=almithal.url)
    assert [(record["kicker"], record["provenance"]["kicker"]) for record in lines(project)] == [
        ("زراعة", "spider")
    ] * 2
    assert "state and files agree" in run(["scrapy", "state", "check"], project)


def test_own_store(project: Path, almithal: Site) -> None:
    words = ["scrapy", "crawl", "almithal", "-s", "ARTICLE_STORE=myproject.stores.Store"]
    with almithal.served():
        run(words, project, http_proxy=almithal.url)
        first = almithal.paths("/story")
        run(words, project, http_proxy=almithal.url)
    assert (sorted(first), almithal.paths("/story")) == (["/story/1", "/story/2"], first)
    stored = [json.loads(line) for file in project.glob("almithal-*.txt") for line in file.open("rb")]
    assert sorted(record["title"] for record in stored) == ["العنوان 1", "العنوان 2"]
    assert lines(project) == []
    checked = run(["newscrawl", "state", "check"], project)
    assert "2 elsewhere: articles that an ARTICLE_STORE of your own keeps" in checked
    assert "missing" not in checked


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["parse", "http://www.almithal.test/story/1", "--spider=rated", "--nocolour"], "'kicker': 'زراعة'"),
        (["fetch", "http://www.almithal.test/story/1", "--nolog"], "العنوان 1"),
        (["shell", "http://www.almithal.test/story/1", "-c", "response.css('h1::text').get()"], "العنوان 1"),
    ],
)
def test_looking_at_a_page_stores_nothing(words: list[str], shown: str, project: Path, almithal: Site) -> None:
    with almithal.served():
        seen = run(["scrapy", *words, "-s", "ARCHIVE=True"], project, http_proxy=almithal.url)
    assert shown in seen
    assert not (project / "data").exists()


def shown_commands() -> list[str]:
    """Every newscrawl command line on the page that is not run above."""
    lines = [line.strip() for line in README.splitlines() if re.match(r"    newscrawl \w", line)]
    lines += re.findall(r'bin/newscrawl"? (crawl .*)', README)
    return [line.removeprefix("newscrawl ") for line in lines]


@pytest.mark.parametrize("line", shown_commands())
def test_shown_commands_are_accepted(line: str) -> None:
    name, *words = shlex.split(line)
    command = command_classes()[name]()
    command.settings = Settings()
    parser = ArgumentParser()
    command.add_options(parser)
    options, rest = parser.parse_known_args(words)
    assert not [word for word in rest if word.startswith("-")]
    if name == "crawl":
        sites = {word for word in rest if "://" in word or word.endswith((".opml", ".txt"))}
        assert set(rest) - sites <= {*publishers(), "all", "due"}
        given = dict(pair.split("=", 1) for pair in options.spargs)
        Arguments.read(given, now=datetime.now(UTC), timezone="Asia/Riyadh")


def test_make_is_shown_as_it_is() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in re.findall(r"^    make (\w+)(.*)$", README, re.MULTILINE):
        assert f"\n{line[0]}:" in makefile
        for variable, value in (word.split("=") for word in line[1].split()):
            assert f"\n{variable} ?=" in makefile
            assert variable != "SOURCE" or value in publishers()


def test_cron_line() -> None:
    (text,) = blocks("cron")
    entry = text.splitlines()[-1].split(maxsplit=5)
    assert all(re.fullmatch(r"\*(/\d+)?|\d+", field) for field in entry[:5])
    # Cron takes a percent sign for the end of the line.
    assert "%" not in entry[5]


def test_systemd_units() -> None:
    sections = []
    for text in blocks("ini"):
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str  # type: ignore[method-assign,assignment]
        unit.read_string(text)
        sections.append(set(unit.sections()))
    assert sections == [{"Unit", "Service"}, {"Unit", "Timer", "Install"}]


def test_table_of_the_record_is_the_record() -> None:
    rows = table("field")
    assert [row[0].strip("`") for row in rows] == [field.name for field in fields(Article)]
    properties = json_schema()["properties"]
    for name, kind, _ in rows:
        assert kind == _kind(properties[name.strip("`")]), name


def _kind(schema: dict[str, Any]) -> str:
    schema = next((s for s in schema.get("anyOf", []) if s.get("type") != "null"), schema)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = next(kind for kind in kinds if kind != "null")
    return f"{schema['items']['type']}s" if kind == "array" else TYPES[kind]


def command_classes() -> dict[str, type[ScrapyCommand]]:
    """newscrawl's own commands by name."""
    modules = {
        module.name: importlib.import_module(f"newscrawl.commands.{module.name}")
        for module in pkgutil.iter_modules(commands.__path__)
    }
    return {name: module.Command for name, module in modules.items() if hasattr(module, "Command")}


def test_table_of_the_commands_is_complete() -> None:
    named = {word for row in table("command") for word in re.findall(r"`([a-z-]+)", row[0])}
    assert named == set(command_classes()) - LOOKING


def test_table_of_the_arguments_is_complete() -> None:
    named = [name for row in table("argument") for name in re.findall(r"-a (\w+)=", row[0])]
    assert named == [*argument_names(), "timezone"]  # the last one is of undeclared sites


def test_defaults_of_the_settings() -> None:
    known = {**SETTINGS, **_SETTINGS, "REVISIT_AFTER": list(Schedule().revisit_after)}
    known["SOURCES_AT_ONCE"] = SOURCES_AT_ONCE  # the command's own
    for name, default, _ in table("setting"):
        assert default.strip("`") == str(known[name.strip("`")]), name


def test_a_publisher_is_begun_as_contributing_says(tmp_path: Path) -> None:
    (tmp_path / "newscrawl" / "spiders").mkdir(parents=True)
    (tmp_path / "newscrawl" / "spiders" / "news.py").touch()
    (line,) = re.findall(r"^ +(newscrawl new-source .*html.*)$", CONTRIBUTING, re.MULTILINE)
    for number, name in enumerate(word for word in shlex.split(line) if word.endswith(".html")):
        (tmp_path / name).write_bytes(story_page(number))
    written = run(shlex.split(line), tmp_path).splitlines()
    assert all(f"`{path}`" in CONTRIBUTING for path in written if not path.endswith("__init__.py"))


def test_every_file_that_contributing_names_exists() -> None:
    named = re.findall(r"`((?:tests|newscrawl|benchmarks)/[\w./]+\w)`", CONTRIBUTING)
    named += [f"newscrawl/{path}" for path in re.findall(r"`(\w+/tables/[\w.]+)`", CONTRIBUTING)]
    assert len(named) > 15
    assert [path for path in named if "almithal" not in path and not (ROOT / path).exists()] == []


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", README)
    assert named
    for file, test in named:
        text = (ROOT / file).read_text("utf-8")
        assert not test or f"def {test}(" in text, test


def test_every_page_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README + CONTRIBUTING):
        assert (ROOT / target).exists(), target
