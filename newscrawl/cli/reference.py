"""docs/commands.md, out of the commands' own parsers: `python -m newscrawl.cli.reference > docs/commands.md`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from newscrawl.cli.words import Option, Words, all_words
from newscrawl.program import NAME

_HEAD = f"""\
# The commands

<!-- Made by `python -m newscrawl.cli.reference > docs/commands.md`; a test compares the two. -->

`{NAME} COMMAND [options] [arguments]`. `{NAME} -h` lists the commands, `{NAME} COMMAND -h` says what is on this page.
What each one is for, and the exit codes, stand in the [README](../README.md#the-commands).

`{NAME} completion bash` (or `zsh`, `fish`) writes what a shell needs to complete these lines; its section says where it
goes.

"""


def page(words: Iterable[Words]) -> str:
    """The page, in Markdown: newscrawl's commands, then what all of them take, then Scrapy's own."""
    commands = list(words)
    ours = [command for command in commands if not command.scrapys]
    parts = [_HEAD, *(f"* [`{command.name}`](#{command.name}): {command.told}\n" for command in ours), "\n"]
    for command in ours:
        parts += _section(command)
    parts += ["## What every command takes\n\n", *_table(ours[0].every), "\n"]
    parts += ["## Scrapy's commands\n\n", "They come with Scrapy; `fetch`, `parse` and `shell` store nothing here.\n\n"]
    parts += ["| command | does |\n|---|---|\n"]
    parts += [
        f"| {_code(f'{command.name} {command.syntax}'.strip())} | {_cell(command.told)} |\n"
        for command in commands
        if command.scrapys
    ]
    return "".join(parts)


def _section(command: Words) -> Iterator[str]:
    yield f"## {command.name}\n\n"
    yield f"    {NAME} {command.name} {command.syntax}".rstrip() + "\n\n"
    yield f"{_text(command.described)}\n\n"
    if command.options:
        yield from _table(command.options)
        yield "\n"


def _table(options: Iterable[Option]) -> Iterator[str]:
    yield "| option | meaning |\n|---|---|\n"
    for option in options:
        value = "{" + ",".join(option.choices) + "}" if option.choices else option.metavar
        names = ", ".join(_code(f"{name} {value}".strip()) for name in option.names)
        yield f"| {names} | {_cell(option.told)}{' (required)' if option.required else ''} |\n"


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*")


if __name__ == "__main__":
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page(all_words()))
