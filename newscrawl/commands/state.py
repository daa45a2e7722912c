"""scrapy state: does what is known of every URL agree with the stored articles, and make it anew from them."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from newscrawl.addon import ON_FORGET_BASE
from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED
from newscrawl.dedup.lineage import has_todays_hashes, note_todays_hashes, record_hash
from newscrawl.dedup.near import NearIndex
from newscrawl.dedup.story import Story
from newscrawl.program import program
from newscrawl.storage import State, StorageError
from newscrawl.storage.append import make_directory
from newscrawl.storage.audit import (
    MEANINGS,
    Audit,
    check_pages,
    check_source,
    known_sources,
    rebuild_source,
    set_aside,
)
from newscrawl.storage.jsonl import read_records
from newscrawl.storage.objects import Place, Store
from newscrawl.storage.places import object_store
from newscrawl.storage.session import data_directory, schedule, state_url, told

_BATCH = 200


class Command(OwnCommand):
    """Exit codes: 0 all agrees, 1 something disagrees or cannot be read, 2 the command is wrong."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "check|rebuild [SOURCE ...]"

    def short_desc(self) -> str:
        return "Check what is known of every URL against the stored articles, or make it anew from them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = "DATA_DIR and STATE_URL say where (-s DATA_DIR=...); without SOURCE, all sources."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints what was found to standard output."""
        assert self.settings is not None
        if not args or args[0] not in ("check", "rebuild"):
            raise UsageError(f"{program()} state check or {program()} state rebuild?")
        data_dir, url = data_directory(self.settings), state_url(self.settings)
        try:
            store = object_store(self.settings)
            # A new disk in the place of a lost one: the store has what was shipped.
            if store is not None and args[0] == "rebuild":
                make_directory(data_dir)
            if not data_dir.is_dir():
                raise StorageError(f"there is no data directory {data_dir}")
            if args[0] == "check":
                self.exitcode = _check(data_dir, url, args[1:], store)
            else:
                _rebuild(data_dir, url, args[1:], self.settings)
        except StorageError as error:
            self.fail(error, FAILED)


def _sources(state: State, data_dir: Path, named: list[str], store: Store | None) -> list[str]:
    """Those named, or all that the files, the store or the state know; UsageError for one that neither knows."""
    found = known_sources(state, data_dir, store)
    for name in named:
        if name not in found:
            raise UsageError(f"nothing is known of a source {name!r} in {data_dir}", print_help=False)
    return named or sorted(found)


def _check(data_dir: Path, url: str, named: list[str], store: Store | None) -> int:
    state = State(url)
    audit = Audit()
    try:
        check_pages(state)
        for source in _sources(state, data_dir, named, store):
            made_anew = record_hash if has_todays_hashes(state, source) else None
            check_source(state, data_dir, source, audit, content_hash=made_anew, store=store)
    finally:
        state.close()
    print(f"{audit.articles} stored lines, {audit.rows} stored articles in the state")
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
    try:
        _rebuild_all(data_dir, url, named, settings)
    except StorageError as error:
        aside = set_aside(url) if "damaged" in str(error) else None
        if aside is None:
            raise
        print(f"the damaged state is kept as {aside.name}; what it knew of URLs without an article is lost")
        _rebuild_all(data_dir, url, named, settings)


def _rebuild_all(data_dir: Path, url: str, named: list[str], settings: BaseSettings) -> None:
    window_days = settings.getfloat("NEAR_DUPLICATE_WINDOW_DAYS", 30)
    store = object_store(settings)
    state = State(url, schedule=schedule(settings), host=settings.get("HOST_NAME"))
    try:
        check_pages(state)
        near = NearIndex(state.engine, window_days=window_days)
        try:
            state.within_commit(near.write, near.written)
            take_in = partial(_index_near, state, near, since=datetime.now(UTC) - timedelta(days=window_days))
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


def _index_near(state: State, near: NearIndex, files: list[Place], *, since: datetime) -> None:
    """The stories of the window, which is all that the index keeps."""
    for number, record in enumerate(read_records(files)):
        seen = record.get("first_seen_at") or record.get("fetched_at")
        if seen is None or datetime.fromisoformat(seen) < since:
            continue
        story = Story.of(
            record["id"], record.get("title"), record.get("body"), seen=seen, published=record.get("published_at")
        )
        if story is not None:
            near.add(story, near.match(story))
        if number % _BATCH == 0:
            state.commit()
    state.commit()
