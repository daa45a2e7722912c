"""What the program answers before any command runs: its commands, its version, and names that no command has."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.cli.main import main
from newscrawl.program import extractor, lacks
from tests.patience import PATIENCE

Run = Callable[..., "tuple[object, str, str]"]


@pytest.fixture
def newscrawl(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the console script, for a terminal of 80 columns; its exit code and what it said."""
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["/usr/bin/newscrawl", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


@pytest.mark.parametrize("arguments", [(), ("-h",), ("--help",)])
def test_the_commands_fit_a_terminal_and_name_newscrawl(newscrawl: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = newscrawl(*arguments)
    assert (code, err) == (0, "")
    ours, scrapys = out.split("Scrapy's commands")
    assert out.startswith(extractor())
    assert {"crawl", "demo", "export", "version"} <= set(re.findall(r"^  (\S+)  ", ours, re.MULTILINE))
    assert {"fetch", "list", "shell"} <= set(re.findall(r"^  (\S+)  ", scrapys, re.MULTILINE))
    assert "  scrapy " not in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("arguments", [("version",), ("--version",)])
def test_the_version(newscrawl: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = newscrawl(*arguments)
    assert (code, err) == (0, "")
    assert re.fullmatch(rf"{re.escape(extractor())} \(Scrapy [\d.]+, Python [\d.]+\)\n", out)


def test_the_version_of_everything(newscrawl: Run) -> None:
    code, out, _ = newscrawl("version", "-v")
    rows = dict(re.split(r" +: ", line, maxsplit=1) for line in out.splitlines())
    assert code == 0
    assert next(iter(rows)) == "newscrawl"
    assert {"Scrapy", "Python", "SQLAlchemy", "fastwarc", "procrastinate"} <= rows.keys()
    assert "ruff" not in rows


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("crwal",), "there is no command 'crwal'; did you mean crawl?"),
        (("exprot", "--csv"), "there is no command 'exprot'; did you mean export?"),
        (("قراءة",), "there is no command 'قراءة'; newscrawl -h lists them"),
        (("--bogus",), "there is no option --bogus without a command"),
        (
            ("-s", "DATA_DIR=x", "crawl"),
            "options come after the command: newscrawl COMMAND -s DATA_DIR=x",
        ),
    ],
)
def test_what_there_is_not(newscrawl: Run, arguments: tuple[str, ...], sentence: str) -> None:
    assert newscrawl(*arguments) == (2, "", f"newscrawl: {sentence}\n")


@pytest.mark.parametrize("command", ["list", "fetch", "settings", "startproject"])
def test_help_on_scrapys_commands_names_newscrawl(newscrawl: Run, command: str) -> None:
    code, out, _ = newscrawl(command, "-h")
    assert code == 0
    assert f"  newscrawl {command}" in out
    assert "log level (default: INFO)" in out


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("browse", r"--port PORT +where to listen; 0: any free port \(default: 8642\)"),
        ("report", r"--days DAYS +how far back to count \(default: 7\)"),
        ("dedupe", r"--threshold J +least Jaccard of a duplicate \(default: 0\.7\)"),
        ("crawl", r"--loglevel LEVEL\s+log level \(default: INFO\)"),
    ],
)
def test_help_says_what_holds_when_nothing_is_said(newscrawl: Run, command: str, told: str) -> None:
    code, out, _ = newscrawl(command, "-h")
    assert code == 0
    assert re.search(told, out)
    assert "(default: )" not in out
    assert "(default: None)" not in out
    assert "(default: False)" not in out


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl", "crwal"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "newscrawl: there is no command 'crwal'; did you mean crawl?\n"


@pytest.mark.parametrize(
    ("extra", "packages"),
    [
        ("export", {"duckdb", "pandas", "pyarrow"}),
        # An extra may name another one.
        ("cluster", {"procrastinate", "psycopg[binary]"}),
        ("ray", {"ray"}),
        ("store", {"obstore"}),
        ("alerts", {"apprise", "prometheus_client"}),
    ],
)
def test_what_is_missing_is_named_by_packages_that_an_index_has(extra: str, packages: set[str]) -> None:
    sentence = lacks("this needs that", extra)
    assert sentence.startswith("this needs that: pip install '")
    named = re.findall(r"'([\w.-]+(?:\[\w+\])?)>=[\d.]+'", sentence)
    assert set(named) == packages
    assert len(named) == len(packages)


def test_where_nothing_is_installed_the_clone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.program.NAME", "no-such-distribution")
    assert lacks("this needs that", "export") == "this needs that: pip install -e '.[export]' in the clone"


def test_ctrl_c_while_the_program_is_loaded(tmp_path: Path) -> None:
    """Loading takes a second, and whoever sees a typing error presses Ctrl-C at once."""
    code = (
        "import sys\n"
        "class Impatient:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name.partition('.')[0] in ('scrapy', 'twisted', 'lxml', 'sqlalchemy'): raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Impatient())\n"
        "from newscrawl.cli.main import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "report"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
