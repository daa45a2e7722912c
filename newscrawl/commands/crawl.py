"""scrapy crawl: as Scrapy's own, for one source, several or all, with an exit code that means something."""

from __future__ import annotations

import argparse
import difflib
import logging
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.request import getproxies

from scrapy import Spider
from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.beforehand import check_disk, check_settings_of_a_crawl
from newscrawl.commands.outcome import FAILED, OK, UNHEALTHY, USAGE, Outcome, error_of, judge
from newscrawl.commands.turns import SOURCES_AT_ONCE, Turns
from newscrawl.middlewares.contact import complaint_of
from newscrawl.program import program
from newscrawl.spiders.arguments import ArgumentError, argument_names
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.planning import Planning, is_plannable
from newscrawl.spiders.registry import is_demo
from newscrawl.spiders.site import SiteSpider
from newscrawl.spiders.targets import is_target, spiders_of
from newscrawl.storage import StorageError

logger = logging.getLogger(__name__)
_DUE = "due"


class Command(OwnCommand, BaseRunSpiderCommand):
    """Exit codes: 0 all went well, 1 a crawl failed, 2 the command is wrong, 3 a source looks unhealthy."""

    requires_project = True

    def syntax(self) -> str:
        return "[options] SOURCE | URL | FEEDS.opml | LIST.txt ... | all | due [SOURCE ...]"

    def short_desc(self) -> str:
        return "Crawl sources, sites by their address, or all sources"

    def long_desc(self) -> str:
        return (
            "Crawl sources; sites by the address of their home page or a feed; every feed of an OPML file; every "
            "address of a text file; all sources; or those that are due, of all or of the named ones: each crawl plans "
            "the next of its source by how much of the listings was new. Spider arguments: -a since=DATE, "
            "-a until=DATE (Arabic or ISO), -a limit=N, -a urls=FILE, -a archive=WARC, -a include=REGEX, "
            "-a exclude=REGEX (on the decoded URL), -a words=FILE, -a language=ar; for sites -a timezone=ZONE. "
            "Exit codes: 0 all went well, 1 a crawl failed, 2 the command is wrong, 3 a source looks unhealthy."
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuses what cannot work in one sentence, before Scrapy starts up and logs."""
        from newscrawl.monitoring.watches import WatchError
        from newscrawl.monitoring.watching import watches_of

        super().process_options(args, opts)
        assert self.settings is not None
        self._said: list[str] = []
        self._loader = get_spider_loader(self.settings)
        try:
            self._spiders = self._load_all(self._names(args), opts.spargs)
            if args[0] == _DUE:
                self._spiders = self._due(self._spiders)
            check_settings_of_a_crawl(self.settings, self._spiders)
            for spider in self._spiders:
                self._check(spider, opts.spargs)
            if any(issubclass(spider, NewsSpider) for spider in self._spiders):
                check_disk(self.settings)
            watches_of(self.settings)
        except (UsageError, ArgumentError, WatchError) as error:
            self._say(Outcome(USAGE, str(error)))
        except StorageError as error:
            self._say(Outcome(FAILED, str(error)))
        # When nothing is due, there is nothing to log either.
        if self.exitcode or not self._spiders:
            sys.exit(self.exitcode)

    def unknown_option(self, option: str) -> str:
        name = option.lstrip("-").partition("=")[0]
        known = argument_names()
        hint = f"; it is a spider argument: -a {name}=..." if name in known else ""
        return super().unknown_option(option) + hint

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Runs the crawls side by side, SOURCES_AT_ONCE of them, and sets the exit code of the worst."""
        from newscrawl.monitoring.messages import tell_of_run

        assert self.crawler_process is not None
        assert self.settings is not None

        def begin(spider: type[Spider]) -> tuple[Crawler, Any]:
            assert self.crawler_process is not None
            crawler = self._create_crawler(spider)
            return crawler, self.crawler_process.crawl(crawler, **opts.spargs)

        def ended(name: str, crawler: Crawler, task: Any) -> None:
            outcomes[name] = outcome = judge(name, crawler, error_of(task))
            try:
                self._plan(planning, crawler, outcome)
            except StorageError as error:
                logger.error("%s: the next crawl cannot be planned: %s", name, error)

        outcomes: dict[str, Outcome] = {}
        at_once = self.settings.getint("SOURCES_AT_ONCE", SOURCES_AT_ONCE)
        turns = Turns(self._spiders, begin=begin, ended=ended, at_once=at_once)
        with Planning(self.settings) as planning:
            turns.start()
            self.crawler_process.start()
        for spider in self._spiders:
            if spider.name in outcomes:
                self._say(outcomes[spider.name])
        if left := turns.left:
            self._say(Outcome(FAILED, f"stopped before {len(left)} sources had begun ({', '.join(left[:3])} ...)"))
        elif self.settings.get("STORE_URL") and not turns.is_stopped:
            self._ship({spider.name for spider in self._spiders})
        failures = {name: outcome.sentence for name, outcome in outcomes.items() if outcome.sentence}
        failed = self.exitcode not in (OK, UNHEALTHY)
        for sentence in tell_of_run(self.settings, outcomes, failures, failed=failed, said=self._said):
            print(f"newscrawl: {sentence}", file=sys.stderr)

    def _ship(self, sources: set[str]) -> None:
        """What these crawls sealed, and what older ones of the same sources left."""
        from newscrawl.storage.ship import shipping

        assert self.settings is not None
        try:
            with shipping(self.settings) as files:
                done = files.ship(sources)
        except StorageError as error:
            self._say(Outcome(FAILED, f"{error}; it is safe here, and the next crawl or {program()} ship takes it up"))
            return
        for conflict in done.conflicts:
            self._say(Outcome(UNHEALTHY, conflict))

    def _names(self, args: list[str]) -> list[str]:
        if not args:
            raise UsageError(f"which source? {program()} sources lists them, and all crawls every one")
        if args == ["all"]:
            # The demo's papers exist only while `scrapy demo` serves them.
            names = self._loader.list()
            return [name for name in names if name != SiteSpider.name and not is_demo(self._loader.load(name))]
        if args[0] == _DUE:
            return self._names(args[1:] or ["all"])
        if "all" in args:
            raise UsageError("all means every source: give it alone")
        if _DUE in args:
            raise UsageError("due means those sources whose time has come: give it first")
        return list(dict.fromkeys(args))

    def _due(self, spiders: list[type[Spider]]) -> list[type[Spider]]:
        """Those whose time has come, the longest overdue first; a person is told when there are none."""
        by_name = {spider.name: spider for spider in spiders}
        assert self.settings is not None
        with Planning(self.settings) as planning:
            found = planning.due(by_name, now=datetime.now(UTC))
            # Cron would send a mail.
            if not found and sys.stdout.isatty() and (first := planning.next_due(by_name)):
                print(f"nothing is due before {first[0]:%Y-%m-%d %H:%M} UTC ({first[1]})")
        return [by_name[name] for name in found]

    def _plan(self, planning: Planning, crawler: Crawler, outcome: Outcome) -> None:
        """Whoever crawls a source, by its plan or not, has looked at its listings."""
        spider = crawler.spidercls
        if outcome.ending is None or not issubclass(spider, NewsSpider):
            return
        if not isinstance(crawler.spider, NewsSpider) or is_plannable(crawler.spider.arguments):
            planning.ended(spider, crawler, outcome.ending)

    def _load_all(self, names: list[str], given: dict[str, Any]) -> list[type[Spider]]:
        """The spiders of the sources, addresses and files that were named, each once."""
        known = set(self._loader.list()) - {SiteSpider.name}
        targets = [name for name in names if name not in known and is_target(name)]
        if SiteSpider.name in names:
            targets.append(str(given.get("url") or ""))
        sites = {
            # One that was saved by `discover --save` is a source like any other.
            spider.name: self._load(spider.name) if spider.name in known else spider
            for spider in spiders_of(targets, timezone=given.get("timezone"))
        }
        found = {name: self._load(name) for name in names if name not in targets and name != SiteSpider.name}
        return list({**found, **sites}.values())

    def _load(self, name: str) -> type[Spider]:
        try:
            return self._loader.load(name)
        except KeyError:
            close = difflib.get_close_matches(name, self._loader.list(), n=3)
            hint = f"did you mean {' or '.join(close)}?" if close else f"{program()} sources lists them"
            raise UsageError(f"there is no source {name!r}; {hint}") from None

    def _check(self, spider: type[Spider], given: dict[str, Any]) -> None:
        """Refuses before anything is opened what would be refused later, after a page of log."""
        if not issubclass(spider, NewsSpider):
            return
        arguments = spider.read_arguments(given, now=datetime.now(UTC))
        assert self.settings is not None
        if arguments.archive:
            from newscrawl.storage.warc import read_archive

            if next(read_archive(arguments.archive), None) is None:
                raise StorageError(f"{arguments.archive} holds no responses")
        elif is_demo(spider) and not getproxies().get("http"):
            raise UsageError(f"{spider.name} is a paper of the demo: {program()} demo serves and crawls it")
        elif why := complaint_of(spider.allowed_domains, self.settings.get("CONTACT")):
            raise UsageError(why)

    def _say(self, outcome: Outcome) -> None:
        if outcome.sentence:
            self._said.append(outcome.sentence)
            print(f"newscrawl: {outcome.sentence}", file=sys.stderr)
        # A failure says more than a suspicion.
        if self.exitcode in (0, 3) and outcome.code:
            self.exitcode = outcome.code
