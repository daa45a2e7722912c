"""The paper that benchmarks/crawl.py crawls: pages of 110 KB in the demo newspaper's mark-up, each with a story."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from newscrawl.demo import aldifaf, lexicon
from newscrawl.demo.markup import Issue
from newscrawl.demo.pieces import Paper, Piece, papers
from newscrawl.demo.stories import Story

HOST = "http://www.aldifaf.test"
PAGE_BYTES = 110_000
_TYPES = {"xml": "application/xml", "txt": "text/plain"}
_FIRST_DAY = datetime(2026, 11, 1, 6, tzinfo=UTC)


def pages(count: int) -> dict[str, bytes]:
    """The paper, by path: robots.txt, the sitemap, and the articles; the same for the same count."""
    chance = random.Random(20_261_130)
    frames = " ".join(lexicon.text(f"topic_{name}.txt") for name in lexicon.topics())
    stripped = {word.strip("«»،.:") for word in frames.split()}
    words = sorted(word for word in stripped if word.isalpha() and not word.isascii())
    paper = next(paper for paper in papers() if paper.slug == "aldifaf")
    pieces = tuple(_piece(paper, index, words, chance) for index in range(max(count, 30)))
    issue = Issue(paper, pieces, _FIRST_DAY + timedelta(days=28))
    found = {}
    for piece in pieces[:count]:
        page = aldifaf.page(piece, issue).encode()
        found[piece.path] = page.replace(b"</head>", _padding(PAGE_BYTES - len(page)) + b"</head>", 1)
    locations = "".join(f"<url><loc>{HOST}{path}</loc></url>" for path in found)
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    found["/sitemap.xml"] = f'<?xml version="1.0" encoding="UTF-8"?><urlset {names}>{locations}</urlset>'.encode()
    found["/robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {HOST}/sitemap.xml\n".encode()
    return found


def _piece(paper: Paper, index: int, words: list[str], chance: random.Random) -> Piece:
    def sentence(least: int, most: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(least, most)))

    paragraphs = tuple(sentence(25, 60) + "." for _ in range(chance.randint(6, 14)))
    topic = lexicon.topics()[index % len(lexicon.topics())]
    title = sentence(6, 11)
    standfirst, caption, tags = sentence(10, 18), sentence(5, 9), ("اقتصاد", "بلدية")
    story = Story(topic, topic, title, title, standfirst, paragraphs, caption, tags, "سامر الحلو")
    published = _FIRST_DAY + timedelta(minutes=17 * index)
    path = f"/node/{paper.first_number + 7 * index}"
    return Piece(paper=paper, index=index, story=story, published=published, modified=None, path=path)


def _padding(missing: int) -> bytes:
    """Scripts, which are most of what a real page weighs: blocks of some 4 KB."""
    line = b"window.module_%05d = function (a, b) { return a.map(x => x + b[%05d] * 2) };\n"
    block = b"<script>\n%s</script>\n" % b"".join(line % (number, number) for number in range(50))
    return block * (max(missing, 0) // len(block))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    paper: dict[str, bytes]

    def do_GET(self) -> None:
        body = self.paper.get(self.path.removeprefix(HOST))
        kind = _TYPES.get(self.path.rpartition(".")[2], "text/html")
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing on stderr."""


def serve(count: int) -> None:
    """Serves the paper until the process is ended; prints the port."""
    _Handler.paper = pages(count)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
