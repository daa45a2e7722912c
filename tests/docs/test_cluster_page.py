"""docs/cluster.md: its commands are taken, its files are what they are said to be."""

from __future__ import annotations

import configparser
import re
import shlex
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path

import pytest
from scrapy.settings import Settings

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "cluster.md").read_text("utf-8")
ACTIONS = ("init", "worker", "status", "enqueue", "pause", "resume", "retry")


def block(language: str) -> str:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return "\n".join(found)


def check(words: list[str]) -> None:
    """That a command line of the page could be given."""
    name, *rest = words
    command = import_module(f"newscrawl.commands.{name}").Command()
    command.settings = Settings()
    parser = ArgumentParser()
    command.add_options(parser)
    _, left = parser.parse_known_args(rest)
    assert not [word for word in left if word.startswith("-")], words
    assert left[0] in (ACTIONS if name == "cluster" else ("heal", "reconcile"))


def test_its_commands_are_taken() -> None:
    lines = [line for line in block("sh").splitlines() if line.strip()]
    assert len(lines) == 2
    for line in lines:
        program, *words = shlex.split(line)
        assert program == "newscrawl"
        check(words)
    for row in re.findall(r"^\| `(cluster|state) ([^`]+)`", PAGE, re.MULTILINE):
        check([row[0], *re.sub(r"[\[\].]", "", row[1]).split()])


def test_its_compose_file_starts_what_there_is() -> None:
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load(block("yaml"))["services"]
    assert services.keys() == {"db", "init", "one", "two"}
    for name in ("init", "one", "two"):
        program, *words = services[name]["command"]
        assert program == "newscrawl"
        check(words)
    assert services["one"]["hostname"] != services["two"]["hostname"]
    assert services["one"]["volumes"] != services["two"]["volumes"]


def test_its_unit_starts_a_worker() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(block("ini"))
    program, *words = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/newscrawl")
    check(words)


def test_the_tests_that_it_names_exist() -> None:
    source = (ROOT / "tests" / "cluster" / "test_kill.py").read_text("utf-8")
    names = re.findall(r"`tests/cluster/test_kill\.py::(\w+)`", PAGE)
    assert len(names) == 5
    assert all(f"def {name}(" in source for name in names)
