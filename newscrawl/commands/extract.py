"""scrapy extract: pages from files, one Article a line on standard output."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scrapy.exceptions import UsageError
from scrapy.http import Response

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED, USAGE, error_of
from newscrawl.extraction.facts.zones import country_of
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.source import Publisher, Source
from newscrawl.items import json_line
from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT, TooSlowError, time_limit
from newscrawl.middlewares.charset import header_texts
from newscrawl.middlewares.contact import complaint_of
from newscrawl.storage import StorageError

if TYPE_CHECKING:
    from newscrawl.loaders import Loaded


@dataclass(frozen=True, slots=True)
class Job:
    """One page to extract: where it lies, its URL, and what to copy into the answer."""

    path: Path
    url: str
    copied: dict[str, Any]

    def read(self) -> bytes:
        """The page's bytes; of "-", what comes by standard input. OSError when they cannot be had."""
        return sys.stdin.buffer.read() if str(self.path) == "-" else self.path.read_bytes()


class Command(OwnCommand):
    """One Article a line, in input order; a page that fails gives a line with "error" and exit code 1."""

    requires_project = False
    default_settings = {"LOG_ENABLED": False}
    _failed = 0

    def syntax(self) -> str:
        return "[--source S] [--url U] FILE | - | URL ... | --manifest FILE.jsonl"

    def short_desc(self) -> str:
        return "Extract articles from pages, as JSON Lines on standard output"

    def long_desc(self) -> str:
        return (
            "Extract articles from saved pages, from standard input (-), or from the network: a URL is asked for as in "
            "a crawl, with CONTACT and robots.txt, and nothing is stored."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--manifest", metavar="FILE", help='JSON Lines of objects with "file" (relative to it) and "url"'
        )
        parser.add_argument("--source", help="publisher whose rules to use (default: found by the URL)")
        parser.add_argument("--url", help="URL that a FILE was fetched from")
        parser.add_argument("--timezone", metavar="ZONE", help="IANA zone in which the pages write clock times")
        parser.add_argument("--generic", action="store_true", help="use no publisher's rules")
        parser.add_argument("--markdown", action="store_true", help="fill the field markdown: the story's structure")
        parser.add_argument("--fetched-at", metavar="TIME", help="ISO 8601 time of the fetch (default: now)")
        parser.add_argument(
            "--explain", action="store_true", help="write an HTML page that shows the verdict on every block"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        fetched_at = _instant(opts.fetched_at)
        source = _slug(opts.source)
        zone = _zone(opts.timezone)
        if opts.url is not None and not _is_address(opts.url):
            raise UsageError(f"--url: {opts.url!r} is no address: write https://...")
        if opts.explain:
            jobs = list(_jobs(args, opts))
            if len(jobs) != 1:
                raise UsageError("--explain takes one FILE")
            self.exitcode = self._explain(jobs[0], Manner(source, opts.generic, fetched_at, zone, opts.markdown))
            return
        if bool(opts.manifest) == bool(args):
            raise UsageError("give FILEs or --manifest, one of the two")
        manner = Manner(source, opts.generic, fetched_at, zone, opts.markdown)
        urls = [name for name in args if name.startswith(("http://", "https://"))]
        for job in _jobs([name for name in args if name not in urls], opts):
            try:
                with time_limit(self._seconds):
                    loaded = _load(job, manner)
                record = {**loaded.article.to_dict(), **job.copied}
            except (OSError, ValueError, TooSlowError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                record = {**job.copied, "file": str(job.path), "url": job.url or None, "error": reason}
                record.update(job.copied)
                self._failed += 1
            _write(record)
        if urls:
            self._fetch(urls, manner)
        if self._failed:
            count = f"{self._failed} pages" if self._failed > 1 else "a page"
            self.fail(f'{count} could not be read: the lines with "error" say why', FAILED)

    def _fetch(self, urls: list[str], manner: Manner) -> None:
        """Asks for pages and writes their records as they come."""
        from newscrawl.spiders.reading import ReadPages

        assert self.settings is not None
        assert self.crawler_process is not None
        hosts = [urlsplit(url).hostname or "" for url in urls if _is_address(url)]
        if len(hosts) < len(urls):
            raise UsageError("a URL cannot be read: write https://...", print_help=False)
        if why := complaint_of(hosts, self.settings.get("CONTACT")):
            self.fail(why, USAGE)
            return

        def got(asked: str, response: Response | None, reason: str) -> None:
            record: dict[str, Any] = {"url": asked, "error": reason}
            if response is not None:
                headers = header_texts(response.headers)
                try:
                    with time_limit(self._seconds):
                        page = Page(response.body, response.url, headers)
                        record = manner.read(page).article.to_dict()
                except (ValueError, TooSlowError) as error:
                    record["error"] = str(error)
            self._failed += "error" in record
            _write(record)

        task = self.crawler_process.crawl(ReadPages, urls=urls, got=got)
        self.crawler_process.start()
        if (failure := error_of(task)) is not None:
            self.fail(failure, FAILED)

    @property
    def _seconds(self) -> float:
        """What EXTRACT_TIMEOUT says."""
        assert self.settings is not None
        return self.settings.getfloat("EXTRACT_TIMEOUT", EXTRACT_TIMEOUT)

    def _explain(self, job: Job, manner: Manner) -> int:
        from newscrawl.extraction.explain import render

        try:
            with time_limit(self._seconds):
                loaded = _load(job, manner)
        except OSError as error:
            print(f"newscrawl: {StorageError.of(error, job.path, 'read')}", file=sys.stderr)
            return FAILED
        except (ValueError, TooSlowError) as error:
            print(f"newscrawl: {job.path}: {error}", file=sys.stderr)
            return FAILED
        reading = loaded.reading
        sys.stdout.buffer.write(render(loaded.article, reading.blocks, reading.fields, reading.coverage).encode())
        return 0


@dataclass(frozen=True, slots=True)
class Manner:
    """How pages are read: by whose rules, in which zone, as of when."""

    slug: str | None
    generic: bool
    fetched_at: datetime
    zone: str | None = None
    markdown: bool = False

    def read(self, page: Page) -> Loaded:
        """The article of a page."""
        from newscrawl.loaders import load

        return load(page, self._source(page), generic=self.generic, fetched_at=self.fetched_at, markdown=self.markdown)

    def _source(self, page: Page) -> Source | None:
        from newscrawl.spiders import registry

        source = registry.source(self.slug) if self.slug else registry.source_of(page.url)
        if self.zone is None:
            return source
        if source is not None:
            return replace(source, publisher=replace(source.publisher, timezone=self.zone), zone_is_known=True)
        host = page.host.removeprefix("www.")
        return Source(name=host, publisher=Publisher("", "", country_of(host) or "", self.zone), domains=(host,))


def _load(job: Job, manner: Manner) -> Loaded:
    """Reads a file. Raises OSError, and ValueError where it is no page."""
    page = Page(job.read(), job.url or job.path.absolute().as_uri())
    if not job.url:
        page = page.at(_claimed_url(page))
    return manner.read(page)


def _write(record: dict[str, Any]) -> None:
    # Half a character, as of a file name that is no UTF-8, is written as JSON escapes it.
    sys.stdout.buffer.write(json_line(record).encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _zone(name: str | None) -> str | None:
    if name is not None:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(f"--timezone: {name!r} is no IANA zone: write Asia/Amman") from None
    return name


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
