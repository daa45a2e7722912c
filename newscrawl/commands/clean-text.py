"""scrapy clean-text: a page's text that is already plain, without its boilerplate lines."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED
from newscrawl.program import program
from newscrawl.storage import StorageError

_MARKUP, _BEGINNING = ("<!doctype html", "<html"), 20


class Command(OwnCommand):
    """Boilerplate lines out, invisible damage mended, one blank line between blocks; spacing inside a line is kept."""

    requires_project = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "FILE (- for standard input)"

    def short_desc(self) -> str:
        return "Clean the plain text of a page: boilerplate lines out, text tidied"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give one FILE, or - for standard input")
        from newscrawl.arabic import decode
        from newscrawl.extraction.body.phrases import clean_lines

        try:
            data = sys.stdin.buffer.read() if args[0] == "-" else Path(args[0]).read_bytes()
        except OSError as error:
            self.fail(StorageError.of(error, args[0], "read"), FAILED)
            return
        text, _ = decode(data)
        if text.lstrip("\ufeff \t\r\n")[:_BEGINNING].lower().startswith(_MARKUP):
            self.fail(f"{args[0]} is HTML and no plain text: {program()} extract {args[0]} reads pages", FAILED)
            return
        if not any(map(str.isalnum, text)):
            self.fail(f"there is no text in {args[0]}", FAILED)
            return
        kept = clean_lines(_tidy(line) for line in text.splitlines())
        blocks = [line for line in kept if line]
        if blocks:
            sys.stdout.buffer.write(("\n\n".join(blocks) + "\n").encode())


def _tidy(line: str) -> str:
    """A line cleaned; where only its spacing would change, as it was typed."""
    from newscrawl.arabic import clean

    cleaned = clean(line).strip()
    return line.strip() if cleaned.split() == line.split() else cleaned
