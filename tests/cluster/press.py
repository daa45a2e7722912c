"""Papers on loopback behind one HTTP proxy, p00.test and on, and a cluster of real processes that crawls them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import Settings

from tests.patience import PATIENCE, wait_for

_WORDS = (
    "البلدية السوق الجسر الميناء المدرسة الطريق المزارعون الموسم الزيتون القمح الماء السد المصنع العمال الأسعار "
    "اللجنة الخطة الميزانية المستشفى الأطباء الدواء المطار الرحلات الساحل الصيادون المركب الريح المطر الجبل القرية"
).split()
_SPIDERS = """
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider

for number in range({papers}):
    name = f"p{{number:02d}}"
    attributes = {{
        "__module__": __name__,
        "name": name,
        "publisher": Publisher(f"صحيفة {{number}}", f"Paper {{number}}", country="EG", timezone="Africa/Cairo"),
        "allowed_domains": [f"{{name}}.test"],
        "article_url": r"/news/(?P<id>\\d+)",
        "feeds": [f"http://{{name}}.test/feed"],
        "rules": [Rules(title="h1", body=".text")],
    }}
    globals()[name.upper()] = type(name.upper(), (NewsSpider,), attributes)
"""


@dataclass
class Press:
    """The papers' server: `stories` in each paper's feed, each answer after `delay` seconds."""

    papers: int
    stories: int
    delay: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)
    broken: set[str] = field(default_factory=set)
    url: str = ""

    @property
    def names(self) -> list[str]:
        return [f"p{number:02d}" for number in range(self.papers)]

    def answer(self, host: str, path: str) -> tuple[int, str, str]:
        """Status, type and text."""
        if path == "/feed" and host in self.broken:
            return 503, "text/plain", "later"
        if path == "/feed":
            now = datetime.now(UTC)
            items = "".join(
                f"<item><title>{self._words(host, n, 6)}</title><link>http://{host}/news/{1000 + n}</link>"
                f"<pubDate>{format_datetime(now - timedelta(minutes=n))}</pubDate></item>"
                for n in range(self.stories)
            )
            head = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{host}</title>'
            return 200, "application/rss+xml; charset=utf-8", f"{head}{items}</channel></rss>"
        if path.startswith("/news/"):
            number = int(path.removeprefix("/news/")) - 1000
            text = "".join(f"<p>{self._words(host, number * 10 + line, 30)}.</p>" for line in range(4))
            title = self._words(host, number, 6)
            page = f'<html lang="ar"><head><title>{title}</title></head><body><h1>{title}</h1>'
            return 200, "text/html; charset=utf-8", f'{page}<div class="text">{text}</div></body></html>'
        return 404, "text/plain", "none"

    @staticmethod
    def _words(host: str, number: int, count: int) -> str:
        return " ".join(random.Random(f"{host} {number}").choices(_WORDS, k=count))

    @contextmanager
    def served(self) -> Iterator[Press]:
        """The papers, answering on a port of their own."""
        press = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                host = parts.hostname or ""
                press.asked[f"{host}{parts.path}"] += 1
                time.sleep(press.delay)
                status, kind, text = press.answer(host, parts.path)
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle(self) -> None:
                with suppress(ConnectionError):  # of a crawl that was killed
                    super().handle()

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


class Cluster:
    """Workers of one state, each with a data directory and a process group of its own."""

    def __init__(self, directory: Path, state_url: str, press: Press, *settings: str) -> None:
        self.directory = directory
        self.state_url = state_url
        self.press = press
        (directory / "press_spiders.py").write_text(_SPIDERS.format(papers=press.papers), encoding="utf-8")
        self._settings = [
            "SPIDER_MODULES=press_spiders",
            f"STATE_URL={state_url}",
            "DOWNLOAD_DELAY=0",
            "AUTOTHROTTLE_ENABLED=False",
            "CLUSTER_HEARTBEAT=2",
            "CLUSTER_STALLED_AFTER=10",
            "RETRY_TIMES=0",
            *settings,
        ]
        self.workers: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def queue_url(self) -> str:
        return self.state_url.replace("+psycopg", "")

    @property
    def settings(self) -> Settings:
        """What the commands see."""
        return Settings({"STATE_URL": self.state_url, "DATA_DIR": str(self.directory / "desk")})

    def environment(self) -> dict[str, str]:
        return {**os.environ, "http_proxy": self.press.url, "no_proxy": "", "PYTHONPATH": str(self.directory)}

    def words(self, *arguments: str, host: str = "desk") -> list[str]:
        settings = [*self._settings, f"DATA_DIR={self.directory / host}", f"HOST_NAME={host}"]
        program = [sys.executable, "-c", "from newscrawl.cli.main import main; main()"]
        return [*program, *arguments, *(word for setting in settings for word in ("-s", setting))]

    def run(self, *arguments: str, host: str = "desk") -> subprocess.CompletedProcess[str]:
        """A command to its end."""
        return subprocess.run(
            self.words(*arguments, host=host),
            cwd=self.directory,
            env=self.environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )

    def status(self) -> dict[str, Any]:
        done = self.run("cluster", "status", "--json")
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def work(self, host: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        with (self.directory / f"{host}.log").open("ab") as log:
            self.workers[host] = subprocess.Popen(
                self.words("cluster", "worker", *arguments, host=host),
                cwd=self.directory,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.workers[host]

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """As wait_for, while every worker lives."""

        def holds() -> Any:
            dead = [host for host, worker in self.workers.items() if worker.poll() is not None]
            assert not dead, self.logs()
            return condition()

        return wait_for(holds, what, every=0.2)

    def kill(self, host: str) -> None:
        """kill -9 of a worker's process group."""
        worker = self.workers.pop(host)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def stop(self) -> dict[str, int]:
        """SIGTERM to all workers; their exit codes."""
        for worker in self.workers.values():
            worker.terminate()
        codes = {host: worker.wait(PATIENCE) for host, worker in self.workers.items()}
        self.workers.clear()
        return codes

    def end(self) -> None:
        """Whatever still runs is killed."""
        for host in list(self.workers):
            self.kill(host)

    def logs(self) -> str:
        return "\n".join(f"{path.name}:\n{path.read_text()}" for path in sorted(self.directory.glob("*.log")))

    def lines(self, *hosts: str) -> list[dict[str, Any]]:
        """The whole lines in the article files of these hosts, or of all, growing files among them."""
        roots = [self.directory / host for host in hosts] or [p for p in self.directory.iterdir() if p.is_dir()]
        return [
            json.loads(line)
            for root in roots
            for path in root.rglob("articles/**/*.jsonl*")
            for line in path.read_bytes().splitlines(keepends=True)
            if line.endswith(b"\n")
        ]

    def versions(self, *hosts: str) -> Counter[tuple[str, str, int]]:
        """How often each version of each article is stored."""
        return Counter((line["source"], line["id"], line["version"]) for line in self.lines(*hosts))
