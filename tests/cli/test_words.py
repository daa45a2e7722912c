"""docs/commands.md and the completions of shells, which are made from the commands' parsers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.cli.completion import SHELLS, Vocabulary, script
from newscrawl.cli.reference import page
from newscrawl.cli.words import Words, all_words
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def words() -> Iterator[tuple[Words, ...]]:
    """Those of newscrawl's own project, as the console script has them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
        patch.setattr(sys, "argv", ["newscrawl"])
        yield tuple(all_words())


@pytest.fixture
def vocabulary(words: tuple[Words, ...]) -> Vocabulary:
    return Vocabulary(words, ("aawsat", "youm7"), ("ARCHIVE", "DATA_DIR"), ("limit", "since"))


def test_the_page_of_the_commands_is_up_to_date(words: tuple[Words, ...]) -> None:
    written = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert written == page(words), "python -m newscrawl.cli.reference > docs/commands.md"


def test_what_stands_in_a_syntax_as_it_is_typed(words: tuple[Words, ...]) -> None:
    found = {command.name: command for command in words}
    assert {"check", "rebuild"} <= set(found["state"].typed)
    assert found["crawl"].typed == ("all", "due")
    assert found["completion"].typed == tuple(SHELLS)
    assert [name for name, command in found.items() if command.typed and name in ("export", "clean-text", "diff")] == []
    assert found["report"].takes_sources
    assert not found["diff"].takes_sources
    assert found["export"].takes_files
    assert {option.names: option.kind for option in found["diff"].options} == {
        ("--source",): "sources",
        ("--html",): "files",
    }


def completed(shell_script: str, *line: str) -> list[str]:
    """What bash offers for the last word of a line."""
    program = (
        f"{shell_script}\nCOMP_WORDS=({' '.join(map(repr, line))})\nCOMP_CWORD={len(line) - 1}\n"
        # Outside of a tab there are no options to set.
        'compopt() { :; }\n_newscrawl\nprintf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        (("newscrawl", "cr"), ["crawl"]),
        (("newscrawl", "crawl", "a"), ["all", "aawsat"]),
        (("newscrawl", "crawl", "du"), ["due"]),
        (("newscrawl", "crawl", "-s", "D"), ["DATA_DIR="]),
        (("newscrawl", "crawl", "-a", ""), ["limit=", "since="]),
        (("newscrawl", "crawl", "youm7", "-a", "limit", "=", ""), []),
        (("newscrawl", "state", "reb"), ["rebuild"]),
        (("newscrawl", "state", "check", "y"), ["youm7"]),
        (("newscrawl", "report", "--lang", ""), ["ar", "en"]),
        (("newscrawl", "reextract", "--eng"), ["--engine"]),
        (("newscrawl", "reextract", "--partition", "s"), ["source,date"]),
        (("newscrawl", "diff", "--source", "aa"), ["aawsat"]),
        (("newscrawl", "export", "--csv", "o"), []),
        (("newscrawl", "nosuch", ""), []),
    ],
)
def test_bash(vocabulary: Vocabulary, line: tuple[str, ...], offered: list[str]) -> None:
    assert completed(script("bash", vocabulary), *line) == offered


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed: its completion is not tried")
@pytest.mark.parametrize(
    ("line", "offered"),
    [("newscrawl cr", {"crawl"}), ("newscrawl state ", {"check", "rebuild"}), ("newscrawl crawl -s D", {"DATA_DIR="})],
)
def test_fish(vocabulary: Vocabulary, line: str, offered: set[str], tmp_path: Path) -> None:
    file = tmp_path / "newscrawl.fish"
    file.write_text(script("fish", vocabulary), "utf-8")
    command = ["fish", "--no-config", "-c", f"source {file}; complete -C '{line}'"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert offered <= {row.split("\t")[0].removeprefix("-s") for row in done.stdout.splitlines()}


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed: its completion is not tried")
def test_zsh_reads_its_script(vocabulary: Vocabulary, tmp_path: Path) -> None:
    file = tmp_path / "_newscrawl"
    file.write_text(script("zsh", vocabulary), "utf-8")
    program = f"autoload -Uz compinit; compinit -D; source {file}; print -r -- $_comps[newscrawl]"
    done = subprocess.run(["zsh", "-fc", program], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout == "_newscrawl\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_in_every_script(vocabulary: Vocabulary, words: tuple[Words, ...], shell: str) -> None:
    text = script(shell, vocabulary)
    assert [command.name for command in words if command.name not in text] == []
