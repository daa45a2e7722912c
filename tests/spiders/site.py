"""A newspaper on loopback that tests write page by page, used as an HTTP proxy so that its hosts end in .test."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent, indent
from urllib.parse import unquote, urlsplit

from tests import forked


@dataclass
class Answer:
    """What one path answers with."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    path: str
    headers: dict[str, str]


_RIGHTS = ("/robots.txt", "/.well-known/tdmrep.json")


class Site:
    """Pages by path (decoded, with its query); a callable is asked at each request."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | Callable[[Seen], Answer]] = {"/robots.txt": Answer(b"User-agent: *\nAllow: /\n")}
        self.fallback: Callable[[str], Answer | None] = lambda path: None
        self.seen: list[Seen] = []
        self.url = ""

    def paths(self, prefix: str = "/") -> list[str]:
        """The paths asked for in order, but for those that say what is allowed."""
        return [s.path for s in self.seen if s.path.startswith(prefix) and s.path not in _RIGHTS]

    def page(self, path: str, html: str, **headers: str) -> None:
        """Serve an HTML page."""
        self.pages[path] = Answer(html.encode(), 200, {"Content-Type": "text/html; charset=utf-8", **headers})

    def xml(self, path: str, text: str | bytes, kind: str = "application/xml") -> None:
        """Serve a feed or sitemap."""
        self.pages[path] = Answer(text.encode() if isinstance(text, str) else text, 200, {"Content-Type": kind})

    def article(self, number: int, title: str | None = None, **headers: str) -> str:
        """Serve a story under /story/<number>; its URL."""
        self.page(f"/story/{number}", story(number, title), **headers)
        return f"http://paper.test/story/{number}"

    def feed(self, numbers: list[int], path: str = "/feed", date: Callable[[int], str] | None = None) -> None:
        """Serve a feed of stories."""
        dates = {n: f"<pubDate>{date(n)}</pubDate>" if date else "" for n in numbers}
        items = "".join(
            f"<item><title>خبر {n}</title><link>http://paper.test/story/{n}</link>{dates[n]}</item>" for n in numbers
        )
        self.xml(
            path, f'<?xml version="1.0"?><rss version="2.0"><channel><title>الصحيفة</title>{items}</channel></rss>'
        )

    @contextmanager
    def served(self) -> Iterator[Site]:
        """The site, answering on a port of its own."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                path = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
                seen = Seen(path, dict(self.headers))
                site.seen.append(seen)
                answer = site.pages.get(path) or site.fallback(path) or Answer(b"<html>404", 404)
                answer = answer(seen) if callable(answer) else answer
                self.send_response(answer.status)
                for name, value in {"Content-Type": "text/html", **answer.headers}.items():
                    self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if answer.status != 304:
                    self.wfile.write(answer.body)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


_WORDS = [
    "المدينة",
    "القديمة",
    "استيقظت",
    "هذا",
    "الصباح",
    "على",
    "أصوات",
    "الباعة",
    "في",
    "السوق",
    "وقد",
    "امتلأت",
    "الطرق",
    "بالزوار",
    "من",
    "القرى",
    "القريبة",
]


def story(number: int, title: str | None = None) -> str:
    """A small page whose text is unlike that of any other number."""
    paragraphs = "".join(
        "<p>" + " ".join(f"{word}{number * 7 + line}" for word in _WORDS) + f" في اليوم {number}.</p>"
        for line in range(4)
    )
    headline = title or f"عنوان الخبر رقم {number} في الصحيفة"
    head = f"<head><title>{headline}</title></head>"
    body = f"<body><article><h1>{headline}</h1><div class='text'>{paragraphs}</div></article></body>"
    return f'<html lang="ar">{head}{body}</html>'


PAPER = """
from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Paper(NewsSpider):
    name = "paper"
    publisher = Publisher("الصحيفة", "The Paper", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["paper.test"]
    article_url = r"/story/(?P<id>\\d+)"
    rules = [Rules(title="h1", body=".text")]
"""


@dataclass(frozen=True)
class Run:
    """A finished crawl."""

    code: int
    stderr: str
    stdout: str
    stats: dict[str, object]

    def stat(self, name: str) -> int:
        """One of newscrawl's own counts."""
        value = self.stats.get(f"newscrawl/{name}", 0)
        assert isinstance(value, int)
        return value

    @property
    def sentence(self) -> str:
        """The last line of stderr that newscrawl itself wrote."""
        lines = [line for line in self.stderr.splitlines() if line.startswith("newscrawl: ")]
        return lines[-1] if lines else ""


QUICK = (
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=0",
    "CONCURRENT_REQUESTS_PER_DOMAIN=8",
    "RETRY_TIMES=0",
    "BACKOFF_START=0.01",
    'EXTENSIONS={"paper_stats.Dump": 1}',
)

DUMP = '''
import json, re
from pathlib import Path
from scrapy import signals

STATUS = Path("/proc/self/status")
PEAK = re.compile(r"VmHWM:\\s+(\\d+)")

class Dump:
    """Writes the stats where the test finds them."""

    @classmethod
    def from_crawler(cls, crawler):
        crawler.signals.connect(lambda: Path("stats.json").write_text(json.dumps(
            # Not getrusage: that counts what the test's own process held before it started this one.
            {**crawler.stats.get_stats(), "peak": int(PEAK.search(STATUS.read_text())[1])}, default=str
        )), signals.engine_stopped, weak=False)
        return cls()
'''


def _begun(
    site: Site, directory: Path, arguments: Sequence[str], attributes: str, no_proxy: str
) -> tuple[list[str], dict[str, str]]:
    """The arguments and the environment of a crawl of the paper, whose spider is written into the directory."""
    (directory / "paper_spiders.py").write_text(PAPER + indent(dedent(attributes), "    "), encoding="utf-8")
    (directory / "paper_stats.py").write_text(DUMP, encoding="utf-8")
    (directory / "stats.json").unlink(missing_ok=True)
    settings = [part for value in (*QUICK, "SPIDER_MODULES=paper_spiders") for part in ("-s", value)]
    names = [] if arguments and re.match(r"[a-z_]+$|[a-z]+://|[\w/.-]+\.(opml|txt)$", arguments[0]) else ["paper"]
    env = {**os.environ, "http_proxy": site.url, "no_proxy": no_proxy, "PYTHONPATH": str(directory)}
    return [*names, *settings, *arguments], env


def start(
    site: Site, directory: Path, *arguments: str, attributes: str = "", command: str = "crawl", no_proxy: str = ""
) -> subprocess.Popen[str]:
    """Begin `newscrawl crawl paper` in a directory, with class attributes added to the spider.

    What `no_proxy` names is not asked through the site.
    """
    words, env = _begun(site, directory, arguments, attributes, no_proxy)
    program = "from newscrawl.commands.main import main; main()"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-c", program, command, *words], cwd=directory, env=env, text=True, **pipes
    )


def wait_a_second(directory: Path) -> None:
    """Until another second has begun than the one in which the directory's last crawl ended."""
    last = directory / "stats.json"
    while last.exists() and int(time.time()) <= int(last.stat().st_mtime):
        time.sleep(0.05)


def crawl(
    site: Site, directory: Path, *arguments: str, attributes: str = "", command: str = "crawl", no_proxy: str = ""
) -> Run:
    """A whole crawl, as `start` begins it, in another second than the one before ended: the state counts seconds."""
    wait_a_second(directory)
    words, env = _begun(site, directory, arguments, attributes, no_proxy)
    done = forked.run(["newscrawl", command, *words], cwd=directory, env=env)
    dumped = directory / "stats.json"
    stats = json.loads(dumped.read_text()) if dumped.exists() else {}
    return Run(done.returncode, done.stderr, done.stdout, stats)
