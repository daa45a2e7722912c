"""scrapy state: does what is known of every URL agree with the stored articles, and make it anew from them."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from newscrawl.addon import ON_FORGET_BASE
from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, OK
from newscrawl.program import program
from newscrawl.storage.append import make_directory
from newscrawl.storage.errors import HeldError, StorageError
from newscrawl.storage.locations import data_directory, state_url
from newscrawl.storage.objects import Store
from newscrawl.storage.places import object_store

if TYPE_CHECKING:
    from newscrawl.storage.state import State

_ACTIONS = ("check", "rebuild", "heal", "reconcile")


class Command(OwnCommand):
    """Exit codes: 0 all agrees, 1 something disagrees or cannot be read, 2 the command is wrong."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "check|rebuild [SOURCE ...] | heal | reconcile [--lost HOST]"

    def short_desc(self) -> str:
        return "Check, mend or make anew what is known of every URL"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--lost", metavar="HOST", help="reconcile: the disk of this machine (by its HOST_NAME) is gone for good"
        )
        parser.epilog = "DATA_DIR and STATE_URL say where (-s DATA_DIR=...); without SOURCE, all sources."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints what was found to standard output."""
        assert self.settings is not None
        action, *named = args or [""]
        if action not in _ACTIONS:
            raise UsageError(f"{program()} state {', '.join(_ACTIONS)}?")
        if opts.lost and action != "reconcile":
            raise UsageError(f"--lost is for {program()} state reconcile", print_help=False)
        if named and action in ("heal", "reconcile"):
            raise UsageError(
                f"there is nothing to do with {' '.join(named)!r}: {action} looks at all sources", print_help=False
            )
        data_dir, url = data_directory(self.settings), state_url(self.settings)
        try:
            store = object_store(self.settings)
            # A new disk in the place of a lost one: the store has what was shipped, other machines the rest.
            if action == "reconcile" or (store is not None and action == "rebuild"):
                make_directory(data_dir)
            if not data_dir.is_dir():
                raise StorageError(f"there is no data directory {data_dir}")
            if action == "check":
                self.exitcode = _check(data_dir, url, named, store, self.settings.get("HOST_NAME"))
            elif action == "rebuild":
                _rebuild(data_dir, url, named, self.settings)
            elif action == "heal":
                self.exitcode = _heal(data_dir, url, self.settings)
            else:
                self.exitcode = _reconcile(data_dir, url, opts.lost, self.settings)
        except StorageError as error:
            self.fail(error, FAILED)


def _sources(state: State, data_dir: Path, named: list[str], store: Store | None) -> list[str]:
    """Those named, or all that the files, the store or the state know; UsageError for one that neither knows."""
    from newscrawl.storage.audit import known_sources

    found = known_sources(state, data_dir, store)
    for name in named:
        if name not in found:
            raise UsageError(f"nothing is known of a source {name!r} in {data_dir}", print_help=False)
    return named or sorted(found)


def _check(data_dir: Path, url: str, named: list[str], store: Store | None, host: str | None) -> int:
    from newscrawl.dedup.lineage import has_todays_hashes, record_hash
    from newscrawl.storage.audit import check_source
    from newscrawl.storage.findings import MEANINGS, Audit
    from newscrawl.storage.soundness import check_pages
    from newscrawl.storage.state import State

    state = State(url, host=host)
    audit = Audit()
    try:
        check_pages(state)
        for source in _sources(state, data_dir, named, store):
            made_anew = record_hash if has_todays_hashes(state, source) else None
            check_source(state, data_dir, source, audit, content_hash=made_anew, store=store)
    finally:
        state.close()
    print(f"{audit.articles} stored lines, {audit.rows} stored articles in the state")
    for name, count in sorted(audit.hosts.items()):
        print(f"{count} on host {name}: articles that lie on the disk of that machine; checked there")
    for kind, count in audit.counts.items():
        print(f"{count} {kind}: {MEANINGS[kind]}")
        for example in audit.examples[kind]:
            print(f"    {example}")
    if audit.clean:
        print("state and files agree")
        return 0
    print(f"`{program()} state rebuild` makes the state agree with the files")
    return 1


def _rebuild(data_dir: Path, url: str, named: list[str], settings: BaseSettings) -> None:
    """From the state as it is, or, where that is damaged on opening or further in, from an empty one."""
    from newscrawl.storage.audit import set_aside

    try:
        _rebuild_all(data_dir, url, named, settings)
    except StorageError as error:
        aside = set_aside(url) if "damaged" in str(error) else None
        if aside is None:
            raise
        print(
            f"the damaged state is kept as {aside.name}; lost with it is what the articles do not tell: URLs without "
            "an article, aliases, failures, listings"
        )
        _rebuild_all(data_dir, url, named, settings)


def _rebuild_all(data_dir: Path, url: str, named: list[str], settings: BaseSettings) -> None:
    from newscrawl.dedup.leftovers import index_stories
    from newscrawl.dedup.lineage import note_todays_hashes, record_hash
    from newscrawl.dedup.near import NearIndex
    from newscrawl.storage.audit import rebuild_source
    from newscrawl.storage.session import schedule, told
    from newscrawl.storage.soundness import check_pages
    from newscrawl.storage.state import State

    window_days = settings.getfloat("NEAR_DUPLICATE_WINDOW_DAYS", 30)
    store = object_store(settings)
    state = State(url, schedule=schedule(settings), host=settings.get("HOST_NAME"))
    try:
        check_pages(state)
        near = NearIndex(state.engine, window_days=window_days)
        try:
            state.within_commit(near.write, near.written)
            take_in = partial(index_stories, state, near, since=datetime.now(UTC) - timedelta(days=window_days))
            for source in _sources(state, data_dir, named, store):
                rebuild_source(
                    state,
                    data_dir,
                    source,
                    store=store,
                    content_hash=record_hash,
                    also=take_in,
                    on_forget=told(settings, ON_FORGET_BASE),
                )
                note_todays_hashes(state, source)
                counts = state.counts(source)
                print(
                    f"{source}: "
                    f"{', '.join(f'{count} {status}' for status, count in sorted(counts.items())) or 'nothing'}"
                )
        finally:
            near.close()
    finally:
        state.close()


def _heal(data_dir: Path, url: str, settings: BaseSettings) -> int:
    """What the next crawl of each source would do first; a source that a run has is left to that run."""
    from newscrawl.dedup.leftovers import heal_leftovers
    from newscrawl.storage.session import told

    held = 0
    for healed in heal_leftovers(
        data_dir,
        url,
        host=settings.get("HOST_NAME"),
        compress=bool(settings.get("COMPRESS")),
        window_days=settings.getfloat("NEAR_DUPLICATE_WINDOW_DAYS", 30),
        on_forget=told(settings, ON_FORGET_BASE),
    ):
        held += healed.held
        said = f"{healed.files} files read in"
        if healed.elsewhere:
            said += f", {healed.elsewhere} lines left out that another machine has"
        print(f"{healed.source}: {'a run has it now' if healed.held else said}")
    return FAILED if held else OK


def _reconcile(data_dir: Path, url: str, lost: str | None, settings: BaseSettings) -> int:
    from newscrawl.storage.audit import holding
    from newscrawl.storage.reconcile import hosts, lost_files, make_due
    from newscrawl.storage.state import State

    host = settings.get("HOST_NAME")
    state = State(url, host=host)
    try:
        known = hosts(state)
        if lost is not None and lost not in known:
            names = ", ".join(sorted(known)) or "none"
            raise UsageError(
                f"the state knows no files of a machine {lost!r}; it knows those of {names}", print_help=False
            )
        if lost == state.host:
            raise UsageError(
                f"{lost} is this machine: without --lost, its files that are gone are found", print_help=False
            )
        found = lost_files(state, data_dir, host=lost)
    finally:
        state.close()
    articles, held = 0, []
    for source, gone in found.items():
        state = State(url, host=host)
        try:
            with holding(state, data_dir, source):
                articles += make_due(state, source, gone, now=datetime.now(UTC))
        except HeldError:
            held.append(source)
        finally:
            state.close()
    print(f"{sum(map(len, found.values()))} files are lost; {articles} articles are due again")
    if held:
        print(f"a run has {', '.join(held)} now: not done")
    return FAILED if held else OK
