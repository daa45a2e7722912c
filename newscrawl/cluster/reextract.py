"""One archive in, one file of articles and one ledger out: all that an engine needs to call.

Calling it again does what is missing and nothing twice, so any engine may retry, and a killed process loses only its
own archive's work.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from newscrawl.cluster.counts import Counts
from newscrawl.cluster.output import Output
from newscrawl.extraction.page.page import Page, PageError
from newscrawl.extraction.sift import may_be_arabic
from newscrawl.items import ArchiveRef, Article
from newscrawl.loaders import begin
from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT, TooSlowError, time_limit
from newscrawl.middlewares.charset import header_texts
from newscrawl.pipelines import defect
from newscrawl.program import VERSION
from newscrawl.spiders import registry
from newscrawl.storage.objects import fetch, is_remote
from newscrawl.storage.warc import Archived, is_web_address
from newscrawl.storage.warc_records import ArchivedResponse, Trouble, responses

DONE = "done"
_PAGES = (200, 203)
#: A page that is larger unpacked is refused, as a crawl refuses it (DOWNLOAD_MAXSIZE).
MAX_PAGE = 16 << 20


@dataclass(frozen=True, slots=True)
class Options:
    """How archives are read; all archives of one output directory with the same ones.

    `since` and `until` are days of publication, until inclusive; a page without a day goes by that of its archiving.
    """

    arabic_only: bool = False
    since: date | None = None
    until: date | None = None
    partition: str = "none"
    compress: bool = False
    markdown: bool = False

    def to_dict(self) -> dict[str, str]:
        """As the output directory keeps them."""
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Job:
    """An archive to read: `name` is that of its output and ledger, `reference` what its articles call it, `timeout`
    the processor seconds that a page may take, `store` the options of the store that an address leads to."""

    path: str
    out: str
    name: str
    reference: str
    options: Options
    timeout: float = EXTRACT_TIMEOUT
    store: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def ledger(self) -> Path:
        """Where its counts will lie once it is done."""
        return Path(self.out) / DONE / f"{self.name}.json"


def one_file(job: Job) -> Counts:
    """Reads an archive unless its ledger says that it was read. StorageError or OSError for what cannot be read or
    written; a page that fails is counted and the next one read."""
    if job.ledger.exists():
        return Counts.read(job.ledger)
    if is_remote(job.path):
        with tempfile.TemporaryDirectory(prefix="newscrawl-") as directory:
            return _read(fetch(job.path, Path(directory), job.store), job)
    return _read(Path(job.path), job)


def _read(path: Path, job: Job) -> Counts:
    began = time.process_time()
    counts = Counts(archive=job.reference, size=path.stat().st_size, versions={"newscrawl": VERSION})
    output = Output(Path(job.out), job.name, partition=job.options.partition, compress=job.options.compress)
    try:
        for article in _articles(path, job, counts):
            output.write(article)
            counts.extracted += 1
        output.finish()
    finally:
        output.close()
    counts.seconds = round(time.process_time() - began, 3)
    job.ledger.parent.mkdir(parents=True, exist_ok=True)
    counts.write(job.ledger)
    return counts


def _articles(path: Path, job: Job, counts: Counts) -> Iterator[Article]:
    def passed_over(trouble: Trouble) -> None:
        counts.passed_over[trouble.reason] += 1
        if trouble.is_damage:
            counts.damage.append(f"{trouble.reason} at {trouble.offset}")

    for found in responses(path, passed_over):
        counts.responses += 1
        result = _article(found, job, counts)
        if isinstance(result, str):
            if result != "sifted":
                counts.rejected[result] += 1
            continue
        result.archive = ArchiveRef(file=job.reference, offset=found.offset)
        yield result


def _article(found: ArchivedResponse, job: Job, counts: Counts) -> Article | str:
    """The article of a response, or why there is none."""
    options = job.options
    if found.status not in _PAGES:
        return f"status-{found.status}"
    if found.is_truncated:
        return "truncated"
    if not is_web_address(found.url):
        return "no-web-address"
    kind = _header(found, b"content-type")
    if "html" not in kind.lower() and (kind or not _looks_like_html(found.body)):
        return "not-html"
    counts.html += 1
    if options.since and found.archived_at.date() < options.since:
        return "before-since"
    body = _unpacked(found)
    if body is None:
        return "too-large-or-damaged"
    if options.arabic_only and not may_be_arabic(body, kind):
        counts.sifted += 1
        return "sifted"
    return _extracted(found, body, job, counts)


def _extracted(found: ArchivedResponse, body: bytes, job: Job, counts: Counts) -> Article | str:
    options = job.options
    headers = header_texts(Archived.of(found).headers)
    try:
        with time_limit(job.timeout):
            loader = begin(
                Page(body, found.url, headers),
                registry.source_of(found.url),
                fetched_at=found.archived_at,
                markdown=options.markdown,
            )
            article = loader.load_item()
        counts.field_errors.update(loader.failures.keys())
    except TooSlowError:
        return "too-slow"
    except PageError:
        return "not-a-page"
    except Exception as error:  # noqa: BLE001 (one page of millions; its kind of error is counted)
        return f"error-{type(error).__name__}"
    if (reason := defect(article)) is not None:
        return reason
    if options.arabic_only and article.language != "ar":
        return f"language-{article.language or 'unknown'}"
    return article if (reason := _out_of_range(article, found.archived_at, options)) is None else reason


def _out_of_range(article: Article, archived_at: datetime, options: Options) -> str | None:
    day = date.fromisoformat(article.published_at[:10]) if article.published_at else archived_at.date()
    if options.since and day < options.since:
        return "before-since"
    return "after-until" if options.until and day > options.until else None


def _header(found: ArchivedResponse, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in found.headers if key.lower() == name), "")


def _looks_like_html(body: bytes) -> bool:
    return b"<html" in body[:1024].lower() or b"<!doctype html" in body[:1024].lower()


def _unpacked(found: ArchivedResponse) -> bytes | None:
    """The body without its content coding; None when it cannot be undone within MAX_PAGE bytes."""
    body = found.body
    if _header(found, b"content-encoding"):
        try:
            plain = _compression().process_response(Request("http://archive.invalid"), Archived.of(found).response())
        except (IgnoreRequest, OSError, EOFError, ValueError):
            return None
        if not isinstance(plain, Response):
            return None
        body = plain.body
    return body if len(body) <= MAX_PAGE else None


@cache
def _compression() -> HttpCompressionMiddleware:
    settings = Settings({"DOWNLOAD_MAXSIZE": MAX_PAGE, "DOWNLOAD_WARNSIZE": 0})
    crawler = Crawler(Spider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    return HttpCompressionMiddleware(crawler=crawler)


def name_of(path: str) -> str:
    """What an archive's output and ledger are called: its own name without endings, behind that of its source."""
    parts = [part for part in urlsplit(path).path.split("/") if part]
    stem = parts[-1] if parts else path
    for ending in (".gz", ".zst", ".warc"):
        stem = stem.removesuffix(ending)
    source = next((part.removeprefix("source=") for part in parts if part.startswith("source=")), None)
    return f"{source}-{stem}" if source else stem


def reference_of(path: str) -> str:
    """What articles call their archive: its place in a data directory, or its own name."""
    parts = path.split("/")
    for at, part in enumerate(parts[:-1]):
        if part == "archive" and parts[at + 1].startswith("source="):
            return "/".join(parts[at:])
    return parts[-1]
