"""newscrawl forget: removes articles for good, whatever form they are kept in, and never stores them again."""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from newscrawl.addon import ON_FORGET_BASE
from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, USAGE
from newscrawl.program import program
from newscrawl.spiders import registry
from newscrawl.storage.errors import StorageError
from newscrawl.storage.forgotten import Forgotten, read_ledger
from newscrawl.storage.locations import data_directory, state_url
from newscrawl.storage.locks import SourceLock
from newscrawl.storage.places import object_store

if TYPE_CHECKING:
    from newscrawl.spiders.article_ids import ArticleIds
    from newscrawl.storage.removal import Removal
    from newscrawl.storage.state import State

_ID = re.compile("[0-9a-f]{16}")
_MOST_BYTES = 64 << 20


class Command(OwnCommand):
    """Exit codes: 0 removed, 1 it cannot be done now, 2 the command is wrong and nothing was touched."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "ID | URL ... [--file LIST] --reason TEXT [--dry-run]"

    def short_desc(self) -> str:
        return "Remove articles for good: lines, archived responses, indexes; they are never stored again"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--file", metavar="LIST", help="ids and URLs, one a line; # begins a comment")
        parser.add_argument("--reason", metavar="TEXT", help="why; kept with the proof in forgotten.jsonl")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
        parser.epilog = "DATA_DIR and STATE_URL say where (-s DATA_DIR=...)."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints a line for each article."""
        try:
            self._run(args, opts)
        except UsageError as error:
            self.fail(error, USAGE)
        except StorageError as error:
            self.fail(error, FAILED)

    def _run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newscrawl.storage.ship import Shipping
        from newscrawl.storage.state import State

        names = list(dict.fromkeys([*args, *(_listed(Path(opts.file)) if opts.file else [])]))
        if not names:
            raise UsageError(f"which article? {program()} forget ID or URL ... --reason TEXT")
        reason = " ".join((opts.reason or "").split())
        if not reason and not opts.dry_run:
            raise UsageError("why? --reason TEXT is kept with the proof that the article was removed")
        assert self.settings is not None
        data_dir = data_directory(self.settings)
        if not data_dir.is_dir():
            raise StorageError(f"there is no data directory {data_dir}")
        self._objects = object_store(self.settings)
        state = State(state_url(self.settings))
        try:
            sources = self._forget(state, data_dir, names, reason, dry_run=opts.dry_run)
            if self._objects is not None and not opts.dry_run:
                Shipping(data_dir, state, self._objects).ship(sources)
        finally:
            state.close()

    def _forget(self, state: State, data_dir: Path, names: list[str], reason: str, *, dry_run: bool) -> set[str]:
        """The sources that articles were removed from."""
        from newscrawl.storage.damage import heal_source
        from newscrawl.storage.removal import carry_out, find, journal_of, take_up, write_down
        from newscrawl.storage.session import told

        assert self.settings is not None
        targets = _Targets(state, data_dir, get_spider_loader(self.settings))
        targets.take(names)
        for entry in targets.forgotten:
            print(f"{entry.id} of {entry.source} was removed on {entry.at[:10]}: {entry.reason}")
        also = told(self.settings, ON_FORGET_BASE)
        removals = []
        with ExitStack() as holds:
            # What was noted as removed may have been killed before its journal went, which has the addresses.
            unfinished = {e.source for e in targets.forgotten if journal_of(data_dir, e.source).exists()}
            for source in sorted(unfinished.union(targets.ids)):
                lock = SourceLock(data_dir, source, f"{program()} forget")
                holds.callback(lock.release)
                state.claim(source)
                if not dry_run:
                    heal_source(data_dir, source)
                    take_up(state, data_dir, source, also)
                if source not in targets.ids:
                    continue
                if not dry_run:
                    self._recall(state, data_dir, source, targets)
                found = find(
                    state,
                    data_dir,
                    source,
                    targets.ids[source],
                    reason=reason,
                    now=datetime.now(UTC),
                    ids_of=targets.of_source(source).of,
                )
                removals.append(found)
            if not dry_run:
                for removal in removals:
                    write_down(removal)
                for removal in removals:
                    carry_out(removal, also)
        for removal in removals:
            _tell(removal)
        count = sum(len(removal.entries) for removal in removals)
        print(f"{count} {'articles' if count != 1 else 'article'} {'would be removed' if dry_run else 'removed'}")
        if dry_run and self._objects is not None:
            print("files that the object store alone has were not looked into")
        return set(targets.ids)

    def _recall(self, state: State, data_dir: Path, source: str, targets: _Targets) -> None:
        """What lies in the store alone is rewritten here, and shipped anew."""
        from newscrawl.storage.recall import recall
        from newscrawl.storage.scans import aliases

        if self._objects is None:
            return
        named = targets.ids[source]
        ids = named.union(*(aliases(state, source, id_) for id_ in named))
        urls = {row.url for id_ in ids if (row := state.get(source, id_)) is not None}
        ids_of = targets.of_source(source).of
        recall(self._objects, data_dir, source, ids, lambda url: url in urls or not ids.isdisjoint(ids_of(url)))


class _Targets:
    """The articles that the user names: ids by source, and those that were removed before."""

    def __init__(self, state: State, data_dir: Path, loader: object) -> None:
        from newscrawl.storage.audit import known_sources
        from newscrawl.storage.site_rules import SiteRecords

        self._state = state
        self._data_dir = data_dir
        self._loader = loader
        self._records = SiteRecords(state, data_dir)
        self._ledger = read_ledger(data_dir)
        self._known = sorted(known_sources(state, data_dir))
        self._by_source: dict[str, ArticleIds] = {}
        self.ids: dict[str, set[str]] = defaultdict(set)
        self.forgotten: list[Forgotten] = []

    def of_source(self, source: str) -> ArticleIds:
        """What ids a source's URLs have."""
        from newscrawl.spiders.article_ids import ArticleIds

        if source not in self._by_source:
            self._by_source[source] = ArticleIds(source, self._loader, self._records)  # type: ignore[arg-type]
        return self._by_source[source]

    def take(self, names: Iterable[str]) -> None:
        """UsageError for the first that is no article, before anything is touched."""
        from newscrawl.storage.removal import sources_with

        unplaced = [name for name in names if not self._place(name)]
        in_files = sources_with(self._data_dir, self._known, {name for name in unplaced if _ID.fullmatch(name)})
        for name in unplaced:
            if not in_files.get(name):
                raise UsageError(_complaint(name))
            for source in in_files[name]:
                self.ids[source].add(name)

    def _place(self, name: str) -> bool:
        """Whether the state, the ledger or a declaration tells which article it is."""
        from newscrawl.storage.scans import with_url

        if _ID.fullmatch(name):
            return self._place_id(name)
        if "://" not in name:
            raise UsageError(_complaint(name))
        owner = registry.source_of(name)
        sources = list(dict.fromkeys([*self._known, *([owner.name] if owner else [])]))
        found = False
        for source in sources:
            for id_ in self.of_source(source).of(name):
                found |= self._place_id(id_, [source])
        for source, id_ in with_url(self._state, name):
            found |= self._place_id(id_, [source])
        if not found:
            declared = ((source, self.of_source(source).declared(name)) for source in sources)
            # An article that was never met: so that it never will be.
            for source, declared_id in declared:
                if declared_id is not None:
                    self.ids[source].add(declared_id)
                    found = True
        return found

    def _place_id(self, id_: str, sources: Iterable[str] | None = None) -> bool:
        if (entry := self._ledger.entry(id_)) is not None:
            self.forgotten.append(entry)
            return True
        rows = [row for source in sources or self._known if (row := self._state.get(source, id_)) is not None]
        for row in rows:
            shown = row.alias_of
            # What a URL shows that only leads to an article is to go, not the URL alone.
            is_there = shown is not None and self._state.get(row.source, shown) is not None
            self.ids[row.source].add(shown if is_there and shown else id_)
        return bool(rows)


def _complaint(name: str) -> str:
    if _ID.fullmatch(name):
        return f"nothing is known of an article {name}"
    if "://" in name:
        return f"{name} is no article of a source that is known here"
    return f"{name!r} is neither an id (16 hex digits) nor a URL"


def _listed(path: Path) -> list[str]:
    """The names in a file. UsageError, in one sentence, for what is no such file."""
    try:
        with path.expanduser().open("rb") as file:
            body = file.read(_MOST_BYTES + 1)
        if len(body) > _MOST_BYTES:
            raise UsageError(f"{path}: it is larger than {_MOST_BYTES >> 20} MiB")
        lines = body.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(str(StorageError.of(error, path, "read"))) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8") from None
    return [text for line in lines if (text := re.sub(r"(?:^|\s)#.*", "", line).strip())]


def _tell(removal: Removal) -> None:
    for entry in removal.entries:
        what = (f"{entry.lines} lines", f"{entry.rejected} rejected", f"{entry.archived} archived records")
        print(f"{entry.id} of {entry.source}: {', '.join(what)}, in {len(entry.files)} files")
