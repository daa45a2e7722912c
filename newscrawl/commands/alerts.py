"""scrapy alerts: does a message arrive, and what is there to be told of the sources."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, USAGE
from newscrawl.program import program
from newscrawl.storage import StorageError

_TEST = "newscrawl: a test"
_TEXT = "This is what an alert looks like. Where you read it, alerts arrive."


class Command(OwnCommand):
    """Exit codes: 0 all was sent, 1 something was not, 2 the command is wrong or nobody is to be told."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "test|send"

    def short_desc(self) -> str:
        return "Send a test message, or what is new about the sources, to ALERTS"

    def long_desc(self) -> str:
        return (
            "test sends a message to each address of ALERTS, and tells PING_URL of a success. send tells ALERTS of all "
            "sources that have turned unhealthy or silent, drift or are well again and of which that was not told yet; "
            "crawl does so itself for the sources that it crawls. An entry @FILE stands for a file of addresses, one a "
            "line."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = "ALERTS says who is told (-s ALERTS=ADDRESS,@FILE)."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Says what was not sent on standard error."""
        from newscrawl.monitoring.messages import tell_of_sources
        from newscrawl.monitoring.notify import addresses_of, ping, send

        assert self.settings is not None
        if args not in (["test"], ["send"]):
            raise UsageError(f"{program()} alerts test or {program()} alerts send?")
        entries, url = self.settings.getlist("ALERTS"), self.settings.get("PING_URL")
        if not entries and (args == ["send"] or not url):
            names = "ALERTS is not set" if args == ["send"] else "neither ALERTS nor PING_URL is set"
            self.fail(f"nobody is to be told: {names}", USAGE)
            return
        if args == ["send"]:
            self._report(tell_of_sources(self.settings))
            return
        try:
            addresses = addresses_of(entries)
        except StorageError as error:
            self.fail(error, FAILED)
            return
        failures = send(addresses, _TEST, _TEXT) if addresses else []
        self._report(failures)
        count = max(len(addresses) - len(failures), 0)
        if url:
            refused = ping(str(url), failed=False, text=_TEXT)
            self._report([refused] if refused else [])
            count += not refused
        print(f"{count} of {len(addresses) + bool(url)} told")

    def _report(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self.fail(sentence, FAILED)
