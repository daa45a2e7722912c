"""What all of newscrawl's commands do that Scrapy's own do not."""

from __future__ import annotations

import argparse
import errno
import io
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from scrapy.addons import AddonManager
from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.exceptions import UsageError

from newscrawl.program import program
from newscrawl.setting_values import SettingError, check_settings

_USAGE = 2


def print_json(value: Any) -> None:
    """Writes a value for programs, in UTF-8 whatever the terminal takes."""
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n")


def output_file(path: Path) -> Path:
    """The ordinary file that a path names, links followed, whether it is there or not.

    OSError for anything else: what is written beside a device or a pipe and then renamed would take its place.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a directory", str(path))
    if path.name == "-" or (path.exists() and not path.is_file()):
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
    return path.resolve()


class Help(ScrapyHelpFormatter):
    """Says of each option what it is when it is not given, unless that is nothing or its help says it already."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        told = action.help or ""
        if action.default in (None, False, "", [], argparse.SUPPRESS) or "default" in told:
            return action.help
        return f"{told} (default: %(default)s)"


def _refuse(parser: argparse.ArgumentParser, message: str) -> NoReturn:
    usage = (parser.usage or "").split()
    named = " ".join(usage[:2]) or program()
    parser.exit(_USAGE, f"newscrawl: {message} ({named} -h says what it takes)\n")


class OwnCommand(ScrapyCommand):
    """A command that bears the name it was called by, and refuses options that it does not have.

    It stands outside newscrawl.commands because Scrapy takes every class in there for a command.
    """

    takes_arguments: ClassVar[bool] = True

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        assert self.settings is not None
        # The add-on has a log level of its own, which the help names.
        AddonManager.load_pre_crawler_settings(self.settings)
        super().add_options(parser)
        parser.formatter_class = Help
        parser.prog = program()
        # One sentence, instead of a page of usage around it.
        parser.error = partial(_refuse, parser)  # type: ignore[method-assign]
        parser.usage = (parser.usage or "").replace("scrapy", program(), 1) or None

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raises UsageError for an unknown option, which Scrapy hands on among the arguments.

        Leaves with exit code 2, before anything is opened, when a setting cannot be used.
        """
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            check_settings(self.settings)
        except SettingError as error:
            self.fail(error, _USAGE)
            sys.exit(_USAGE)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal or pipe without Arabic gets question marks, not a traceback.
            sys.stdout.reconfigure(errors="replace")
        if option := next((arg for arg in args if arg.startswith("-") and arg != "-"), None):
            raise UsageError(self.unknown_option(option), print_help=False)
        if args and not self.takes_arguments:
            raise UsageError(f"there is nothing to do with {' '.join(args)!r}: no argument is taken", print_help=False)

    def unknown_option(self, option: str) -> str:
        """The sentence with which an option is refused."""
        return f"there is no option {option}"

    def fail(self, sentence: object, code: int) -> None:
        """Says in one sentence what went wrong, and sets the exit code."""
        print(f"newscrawl: {sentence}", file=sys.stderr)
        self.exitcode = code
