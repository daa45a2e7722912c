"""What may stand on a command line, as data: for the completions of shells, and for docs/commands.md."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawl.cli.catalogue import commands, is_scrapys, parser_of

# What the value of an option is, by the name that its help has for it.
_FILES = frozenset({"FILE", "OUT", "PATH", "WARC"})
_DIRECTORIES = frozenset({"DIR"})
_SETTINGS = "NAME=VALUE"
_NAMES_A_SOURCE = frozenset({"source", "spider"})
# In a command's syntax, options and what is said to a person go; of the rest, what stands in small letters is typed.
_ASIDE = re.compile(r"--?[a-z][\w-]*(?:[ =][A-Z]\S*)?|\[options\]|\([^)]*\)")
_TYPED = re.compile(r"(?<![\w.:/-])[a-z][a-z-]*(?![\w.:/-])")
_TAKES_FILES = re.compile(r"\b(?:FILE|OUT|PATH|DIR)\b|\.\w")


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its names, what it does, and what its value may be.

    `kind` is "" for an option without a value, else "files", "directories", "sources", "settings", "arguments" (a
    spider's), "choices" or "text".
    """

    names: tuple[str, ...]
    told: str
    kind: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One command: its own options, those that every command has, and what else it takes.

    `typed` are words that stand in its syntax as they are typed: `all`, `check`.
    """

    name: str
    told: str
    described: str
    syntax: str
    options: tuple[Option, ...]
    every: tuple[Option, ...]
    typed: tuple[str, ...]
    takes_sources: bool
    takes_files: bool
    scrapys: bool


def all_words() -> Iterator[Words]:
    """Of every command, in alphabetical order."""
    for name, command in commands().items():
        parser = parser_of(name, command)
        own, every = _options(parser)
        syntax, scrapys = command.syntax(), is_scrapys(command)
        rest = _ASIDE.sub(" ", syntax)
        yield Words(
            name=name,
            told=command.short_desc(),
            described=" ".join(text.rstrip(".") + "." for text in (command.long_desc(), parser.epilog) if text),
            syntax=syntax,
            options=own,
            every=every,
            typed=() if scrapys else tuple(dict.fromkeys(_TYPED.findall(rest))),
            takes_sources="SOURCE" in rest or "<spider>" in rest,
            takes_files=bool(_TAKES_FILES.search(rest)) or "file" in rest,
            scrapys=scrapys,
        )


def _options(parser: argparse.ArgumentParser) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """A command's own options, and those that every command has."""
    every = {
        action for group in parser._action_groups if group.title == "Global Options" for action in group._group_actions
    }
    actions = [action for action in parser._actions if action.help != argparse.SUPPRESS and action.option_strings]
    own = tuple(_option(parser, action) for action in actions if action not in every and action.dest != "help")
    return own, tuple(_option(parser, action) for action in actions if action in every)


def _option(parser: argparse.ArgumentParser, action: argparse.Action) -> Option:
    takes = action.nargs != 0
    metavar = action.metavar if isinstance(action.metavar, str) else (action.dest.upper() if takes else "")
    choices = tuple(map(str, action.choices or ()))
    return Option(
        names=tuple(action.option_strings),
        told=parser._get_formatter()._expand_help(action) if action.help else "",
        kind=_kind(action, metavar, choices) if takes else "",
        metavar="" if choices else metavar,
        choices=choices,
        required=action.required,
    )


def _kind(action: argparse.Action, metavar: str, choices: tuple[str, ...]) -> str:
    if choices:
        return "choices"
    if action.dest in _NAMES_A_SOURCE:
        return "sources"
    if metavar == _SETTINGS:
        return "arguments" if "-a" in action.option_strings else "settings"
    parts = set(metavar.split("|"))
    if parts & _FILES:
        return "files"
    return "directories" if parts & _DIRECTORIES else "text"
