"""The commands that there are, and their parsers, built as Scrapy's command line builds them."""

from __future__ import annotations

import argparse

from scrapy.addons import AddonManager

# Scrapy has no public way to its commands, and a list of ours would miss those that other packages add.
from scrapy.cmdline import ScrapyArgumentParser, _get_commands_dict
from scrapy.commands import ScrapyCommand
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings, inside_project

from newscrawl.cli.command import Help
from newscrawl.program import program


def commands(settings: Settings | None = None) -> dict[str, ScrapyCommand]:
    """Every command by its name, in alphabetical order: newscrawl's, Scrapy's, and those of other packages."""
    settings = settings or get_project_settings()
    return dict(sorted(_get_commands_dict(settings, inside_project()).items()))


def is_scrapys(command: ScrapyCommand) -> bool:
    """Whether Scrapy brought it, newscrawl at most making it store nothing."""
    return any(base.__module__.startswith("scrapy.commands.") for base in type(command).__mro__)


def parser_of(name: str, command: ScrapyCommand, settings: Settings | None = None) -> argparse.ArgumentParser:
    """The parser of a command, which bears the name the program was called by, whoever brought the command."""
    command.settings = settings or get_project_settings()
    # The add-on has a log level of its own, which the help names.
    AddonManager.load_pre_crawler_settings(command.settings)
    command.settings.setdict(command.default_settings, priority="command")
    parser = ScrapyArgumentParser(
        formatter_class=Help,
        usage=f"{program()} {name} {command.syntax()}",
        conflict_handler="resolve",
        description=command.long_desc(),
        prog=program(),
    )
    command.add_options(parser)
    return parser
