"""newscrawl completion: what a shell needs to complete its command lines."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from newscrawl.cli.command import OwnCommand
from newscrawl.setting_values import setting_names
from newscrawl.spiders.arguments import argument_names
from newscrawl.spiders.registry import is_demo
from newscrawl.spiders.site import SiteSpider


class Command(OwnCommand):
    """Writes the script; where it goes is said by its help."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        from newscrawl.cli.completion import SHELLS

        return "|".join(SHELLS)

    def short_desc(self) -> str:
        return "Write what a shell needs to complete newscrawl's command lines"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = (
            "bash: newscrawl completion bash > ~/.local/share/bash-completion/completions/newscrawl; "
            "zsh: newscrawl completion zsh > a file _newscrawl in a directory of $fpath; "
            "fish: newscrawl completion fish > ~/.config/fish/completions/newscrawl.fish. Write it again when there "
            "are new sources or a new release."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output. UsageError without one shell that is known."""
        from newscrawl.cli.completion import SHELLS, Vocabulary, script
        from newscrawl.cli.words import all_words

        if len(args) != 1 or args[0] not in SHELLS:
            raise UsageError(f"for which shell? {', '.join(SHELLS)}", print_help=False)
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        names = (name for name in loader.list() if name != SiteSpider.name and not is_demo(loader.load(name)))
        vocabulary = Vocabulary(
            commands=tuple(all_words()),
            sources=tuple(sorted(names)),
            settings=tuple(setting_names()),
            arguments=(*argument_names(), "timezone"),
        )
        print(script(args[0], vocabulary), end="")
