"""scrapy demo: serves the demo newspaper on loopback and crawls it with the real spiders over real HTTP."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, OK, UNHEALTHY, error_of, judge
from newscrawl.items import Article
from newscrawl.monitoring.runs import RUNS, Run, read_run, read_runs
from newscrawl.monitoring.terminal import terminal_safe
from newscrawl.program import program
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.registry import publisher
from newscrawl.storage import StorageError, read_articles
from newscrawl.storage.locations import data_directory

if TYPE_CHECKING:
    from rich.console import Console

PAPERS = ("aldifaf", "almarfa", "alwaha")
# The papers are our own and on this machine: there is nobody to be polite to, and nothing but them is asked.
_SETTINGS = {
    "DATA_DIR": "data/demo",
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "BACKOFF_START": 0.5,
    "GUARD_ALLOW_LOOPBACK": True,
    "JUST_PRINTED": 0,
    # Only what the papers themselves say has changed is read again, so that two runs can be compared.
    "REVISIT_AFTER": [],
    # One table for all three at the end.
    "SUMMARY_PRINT": False,
}
_LOG = "crawl.log"
_REPORT = "report.html"


class Command(OwnCommand):
    """Exit codes as those of crawl."""

    requires_project = True
    takes_arguments = False

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Crawl a small Arabic newspaper that is served on this machine"

    def long_desc(self) -> str:
        return (
            "Serve the demo newspaper on loopback and crawl it. The articles go to data/demo (-s DATA_DIR=DIR for "
            "another place), the log to crawl.log beside them. Run it again: only what has changed is fetched."
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prepares the data directory, and leaves it with one sentence when that fails."""
        from newscrawl.demo.diary import Diary
        from newscrawl.monitoring.watching import watches_of

        super().process_options(args, opts)
        assert self.settings is not None
        below_the_user = SETTINGS_PRIORITIES["cmdline"] - 1
        for name, value in _SETTINGS.items():
            self.settings.set(name, value, priority=below_the_user)
        directory = data_directory(self.settings)
        try:
            watches_of(self.settings)
            self._diary = Diary.open(directory, datetime.now(UTC))
            self._newsroom = self._diary.next_edition(datetime.now(UTC))
            self._diary.save()
        except OSError as error:
            self._fail(str(StorageError.of(error, directory)))
        except (StorageError, ValueError) as error:
            self._fail(str(error))
        self._runs: list[tuple[Crawler, asyncio.Task[None]]] = []
        self.settings.set("LOG_FILE", str(directory / _LOG), priority=below_the_user)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serves, crawls, shows."""
        from rich.console import Console

        from newscrawl.demo.server import NewsServer
        from newscrawl.monitoring.messages import tell_of_run
        from newscrawl.monitoring.summary import print_summary

        assert self.settings is not None
        assert isinstance(self.crawler_process, AsyncCrawlerProcess)
        directory = data_directory(self.settings)
        before = _stored(directory)
        with NewsServer(self._newsroom) as server:
            _use_proxy(server.proxy)
            self._crawl(PAPERS)
            self.crawler_process.start()
            fetched = {hit.url for hit in server.hits if hit.status == 200}
        outcomes = [judge(crawler.spidercls.name, crawler, error_of(task)) for crawler, task in self._runs]
        self.exitcode = max(self.exitcode, *(outcome.code for outcome in outcomes))
        if self.exitcode == 0:
            self._diary.crawled = True
            try:
                self._diary.save()
            except OSError as error:
                self.fail(StorageError.of(error, self._diary.path), FAILED)
        console = Console(markup=False, highlight=False)
        print_summary(console, [run for crawler, _ in self._runs if (run := _run_of(crawler))])
        _show(console, directory, before, _stored(directory), fetched)
        self._write_report(console, directory)
        _use_no_proxy()
        failures = {
            paper: outcome.sentence for paper, outcome in zip(PAPERS, outcomes, strict=False) if outcome.sentence
        }
        failed = self.exitcode not in (OK, UNHEALTHY)
        untold = tell_of_run(self.settings, PAPERS, failures, failed=failed, said=failures.values())
        for sentence in [*failures.values(), *untold]:
            print(f"newscrawl: {sentence}", file=sys.stderr)

    def _crawl(self, papers: Sequence[str]) -> None:
        """One paper after the other: of two that run at once, neither sees at once what the other has just stored."""
        assert isinstance(self.crawler_process, AsyncCrawlerProcess)
        crawler = self.crawler_process.create_crawler(publisher(papers[0]))
        task = self.crawler_process.crawl(crawler)
        self._runs.append((crawler, task))

        def go_on(_: object) -> None:
            if len(papers) > 1 and crawler.stats.get_value("finish_reason") == "finished":
                try:
                    self._crawl(papers[1:])
                except OSError as error:  # the next crawl's log cannot be opened, or the last one's not be closed
                    assert self.settings is not None
                    self.fail(StorageError.of(error, self.settings["LOG_FILE"]), FAILED)

        # The process ends when no crawl is left; this runs before it looks.
        task.add_done_callback(go_on)

    def _write_report(self, console: Console, directory: Path) -> None:
        from newscrawl.browse.report_page import write_report

        report = directory / _REPORT
        try:
            write_report(directory, read_runs(directory), report, now=datetime.now(UTC))
        except StorageError as error:
            self.fail(error, FAILED)
        else:
            console.print(f"report: {_shown(report)}", soft_wrap=True)
            # On a line that can be copied, however narrow the terminal.
            console.print(f"to search and read: {program()} browse -s DATA_DIR={_shown(directory)}", soft_wrap=True)

    def _fail(self, sentence: str) -> None:
        print(f"newscrawl: {sentence}", file=sys.stderr)
        sys.exit(FAILED)


def _run_of(crawler: Crawler) -> Run | None:
    """What was kept of the crawl; None when it did not get as far as that."""
    crawl = crawler.spider.crawl if isinstance(crawler.spider, NewsSpider) else None
    path = crawl.session.data_dir / RUNS / f"{crawl.session.run_id}.json" if crawl else None
    return read_run(path) if path and path.exists() else None


def _use_proxy(address: str) -> None:
    """The papers' hosts exist only behind the server, so this process reaches everything through it."""
    os.environ["http_proxy"] = address
    os.environ.pop("NO_PROXY", None)
    # Who is told by an alert may well be on this machine.
    os.environ["no_proxy"] = "localhost,127.0.0.1"


def _use_no_proxy() -> None:
    """What is asked after the crawl is no paper."""
    del os.environ["http_proxy"]


def _files(directory: Path) -> list[Path]:
    return sorted((directory / "articles").rglob("*.jsonl*"))


def _stored(directory: Path) -> list[Article]:
    """Every stored line, oldest run first."""
    return sorted(read_articles(_files(directory)), key=lambda article: article.fetched_at or "")


def _show(console: Console, directory: Path, before: list[Article], after: list[Article], fetched: set[str]) -> None:
    from rich.rule import Rule

    newest = {article.id: article for article in after}
    known = {article.url for article in before}
    new = [article for article in after[len(before) :] if article.version == 1]
    changed = [article for article in after[len(before) :] if article.version > 1]
    copies = [article for article in newest.values() if article.duplicate_of]
    console.print(Rule("newscrawl demo"))
    console.print(f"{len(newest)} articles in {len(after)} lines under {_shown(directory / 'articles')}")
    console.print(f"this run: {len(new)} new, {len(changed)} changed")
    if before:
        again = len(known & fetched)
        why = _why(again, len(changed))
        console.print(f"{len(known)} were known; {again} of them fetched again: {why}")
    for article in changed:
        console.print(f"version {article.version} of {article.source} {article.id}:")
        _print_arabic(console, article.title)
    console.print(f"{len(copies)} resemble an earlier article (agency copy that two papers print)")
    for article in _one_of_each_paper(newest.values()):
        console.print(Rule(style="dim"))
        _print_article(console, article)
    console.print(Rule(style="dim"))
    console.print(f"runs: {_shown(directory / 'runs')}   log: {_shown(directory / _LOG)}")


def _why(again: int, changed: int) -> str:
    if again == 0:
        return "nothing had changed"
    return "what their paper says has changed" if again == changed else "see the log"


def _shown(path: Path) -> str:
    """A path as the user would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _one_of_each_paper(articles: Iterable[Article]) -> list[Article]:
    """The latest article of each source."""
    latest: dict[str, Article] = {}
    for article in sorted(articles, key=lambda article: article.published_at or ""):
        latest[article.source or ""] = article
    return [latest[source] for source in sorted(latest)]


def _print_article(console: Console, article: Article) -> None:
    _print_arabic(console, article.title, style="bold")
    by = [*article.authors, *article.agencies]
    _print_arabic(console, " · ".join(text for text in (article.publisher, article.section, *by) if text))
    console.print(f"  {article.published_at}  {article.word_count} words  {article.id}", style="dim")
    for paragraph in (article.body or "").split("\n")[:2]:
        _print_arabic(console, paragraph)


def _print_arabic(console: Console, text: str | None, style: str = "") -> None:
    """A line of Arabic alone: beside Latin text, a terminal would put the parts in the wrong order."""
    from rich.padding import Padding

    console.print(Padding(terminal_safe(text or ""), (0, 0, 0, 2)), style=style)
