"""What is answered before any command runs: the list of commands, a version, a command that there is not."""

from __future__ import annotations

import difflib
import shutil
import sys
import textwrap
from collections.abc import Iterator

from newscrawl.cli.catalogue import commands, is_scrapys, parser_of
from newscrawl.program import program, versions

_HELP = {"-h", "--help"}
_USAGE = 2
_WIDEST = 100


def answer(arguments: list[str]) -> None:
    """Leaves (SystemExit) where the arguments of the program ask for no command that there is; else does nothing.

    Help on Scrapy's own commands is given here, too: theirs would name the program scrapy.
    """
    name = next((word for word in arguments if not word.startswith("-")), None)
    if name is None:
        if "--version" in arguments:
            print(versions())
        elif wrong := [word for word in arguments if word not in _HELP]:
            _refuse(f"there is no option {wrong[0]} without a command")
        else:
            print("\n".join(_overview()))
        sys.exit(0)
    known = commands()
    if name not in known:
        if arguments[0].startswith("-"):
            _refuse(f"options come after the command: {program()} COMMAND {' '.join(arguments[:2])}")
        close = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else f"{program()} -h lists them"
        _refuse(f"there is no command {name!r}; {hint}")
    if is_scrapys(known[name]) and _HELP & set(arguments):
        parser_of(name, known[name]).print_help()
        sys.exit(0)


def _refuse(sentence: str) -> None:
    print(f"newscrawl: {sentence}", file=sys.stderr)
    sys.exit(_USAGE)


def _overview() -> Iterator[str]:
    known = commands()
    ours = {name: command.short_desc() for name, command in known.items() if not is_scrapys(command)}
    scrapys = {name: command.short_desc() for name, command in known.items() if is_scrapys(command)}
    yield versions()
    yield "Arabic news sites into a clean, deduplicated, versioned corpus"
    yield ""
    yield f"  {program()} COMMAND [options] [arguments]"
    yield f"  {program()} COMMAND -h    what it takes, and its defaults"
    for heading, told in (("Commands", ours), ("Scrapy's commands", scrapys)):
        yield f"\n{heading}\n"
        yield from _table(told)
    yield f"\n{program()} demo crawls a small newspaper on this machine: begin there."


def _table(told: dict[str, str]) -> Iterator[str]:
    width = max(map(len, told)) + 4
    columns = min(shutil.get_terminal_size().columns, _WIDEST)
    for name, text in told.items():
        yield textwrap.fill(text, columns, initial_indent=f"  {name:<{width - 2}}", subsequent_indent=" " * width)
