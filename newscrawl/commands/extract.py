"""scrapy extract: pages from files, one Article a line on standard output."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED
from newscrawl.items import json_line
from newscrawl.storage import StorageError

if TYPE_CHECKING:
    from newscrawl.extraction.page.page import Page
    from newscrawl.loaders import Loaded


@dataclass(frozen=True, slots=True)
class Job:
    """One page to extract: where it lies, its URL, and what to copy into the answer."""

    path: Path
    url: str
    copied: dict[str, Any]


class Command(OwnCommand):
    """One Article a line, in input order; a page that fails gives a line with "error" and exit code 1."""

    requires_project = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--source S] [--url U] FILE... | --manifest FILE.jsonl"

    def short_desc(self) -> str:
        return "Extract articles from saved pages, as JSON Lines on standard output"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--manifest", metavar="FILE", help='JSON Lines of objects with "file" (relative to it) and "url"'
        )
        parser.add_argument("--source", help="publisher whose rules to use (default: found by the URL)")
        parser.add_argument("--url", help="URL that a FILE was fetched from")
        parser.add_argument("--generic", action="store_true", help="use no publisher's rules")
        parser.add_argument("--fetched-at", metavar="TIME", help="ISO 8601 time of the fetch (default: now)")
        parser.add_argument(
            "--explain", action="store_true", help="write an HTML page that shows the verdict on every block"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        fetched_at = _instant(opts.fetched_at)
        source = _slug(opts.source)
        if opts.url is not None and not _is_address(opts.url):
            raise UsageError(f"--url: {opts.url!r} is no address: write https://...")
        if opts.explain:
            jobs = list(_jobs(args, opts))
            if len(jobs) != 1:
                raise UsageError("--explain takes one FILE")
            self.exitcode = self._explain(jobs[0], source, opts.generic, fetched_at)
            return
        if bool(opts.manifest) == bool(args):
            raise UsageError("give FILEs or --manifest, one of the two")
        for job in _jobs(args, opts):
            try:
                loaded = _load(job, source, opts.generic, fetched_at)
                record = {**loaded.article.to_dict(), **job.copied}
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                record = {**job.copied, "file": str(job.path), "url": job.url or None, "error": reason}
                record.update(job.copied)
                self.exitcode = 1
            # Half a character, as of a file name that is no UTF-8, is written as JSON escapes it.
            sys.stdout.buffer.write(json_line(record).encode("utf-8", "backslashreplace") + b"\n")

    @staticmethod
    def _explain(job: Job, slug: str | None, generic: bool, fetched_at: datetime) -> int:
        from newscrawl.extraction.explain import render

        try:
            article, reading = _load(job, slug, generic, fetched_at)
        except OSError as error:
            print(f"newscrawl: {StorageError.of(error, job.path, 'read')}", file=sys.stderr)
            return FAILED
        except ValueError as error:
            print(f"newscrawl: {job.path}: {error}", file=sys.stderr)
            return FAILED
        sys.stdout.buffer.write(render(article, reading.blocks, reading.fields, reading.coverage).encode())
        return 0


def _load(job: Job, slug: str | None, generic: bool, fetched_at: datetime) -> Loaded:
    """Reads a file as its publisher's page. Raises OSError, and ValueError where it is none."""
    from newscrawl.extraction.page.page import Page
    from newscrawl.loaders import load
    from newscrawl.spiders import registry

    page = Page(job.path.read_bytes(), job.url or job.path.absolute().as_uri())
    if not job.url:
        page = page.at(_claimed_url(page))
    source = registry.source(slug) if slug else registry.source_of(page.url)
    return load(page, source, generic=generic, fetched_at=fetched_at)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (parts.scheme in ("http", "https") and bool(parts.hostname)) or parts.scheme == "file"


def _claimed_url(page: Page) -> str:
    """The URL that a saved page says it has, for a FILE without --url; the file's own where it says none."""
    from newscrawl.extraction.layers.addresses import claimed_by_file

    return claimed_by_file(page) or page.url


def _slug(slug: str | None) -> str | None:
    if slug is not None:
        from newscrawl.spiders import registry

        try:
            registry.source(slug)
        except LookupError as error:
            raise UsageError(str(error.args[0])) from None
    return slug


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--fetched-at: {text!r} is not an ISO 8601 time") from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _jobs(args: list[str], opts: argparse.Namespace) -> Iterator[Job]:
    for name in args:
        path = Path(name)
        yield Job(path, opts.url or "", {})
    if opts.manifest:
        manifest = Path(opts.manifest)
        try:
            text = manifest.read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(f"--manifest: {StorageError.of(error, manifest, 'read')}") from None
        except UnicodeDecodeError:
            raise UsageError(f"--manifest: {manifest} is not UTF-8") from None
        if not text.strip():
            raise UsageError(f"--manifest: {manifest} holds no lines")
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                job = Job(
                    manifest.parent / row["file"], str(row["url"]), {k: row[k] for k in ("file", "id") if k in row}
                )
            except (ValueError, KeyError, TypeError):
                raise UsageError(
                    f'--manifest: line {number} of {manifest} is no object with "file" and "url"'
                ) from None
            yield job
