"""The papers' web sites: which path answers with what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from newscrawl.demo import aldifaf, almarfa, alwaha, markup, syndication
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pieces import Piece, Section

HTML, XML = "text/html; charset=utf-8", "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response before it goes out; `etag` and `changed` make it conditional."""

    status: int
    body: bytes = b""
    content_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    changed: datetime | None = None


def _html(text: str | None) -> Answer:
    return Answer(200, text.encode("utf-8")) if text is not None else NOT_FOUND


def _xml(text: str) -> Answer:
    return Answer(200, text.encode("utf-8"), XML)


NOT_FOUND = Answer(404, "<html><head><title>404</title></head><body><h1>الصفحة غير موجودة</h1></body></html>".encode())
_ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /print.php\n"


class Site:
    """A paper's web site at one moment."""

    slug: ClassVar[str]
    sitemap: ClassVar[str | None] = None

    def __init__(self, newsroom: Newsroom, now: datetime) -> None:
        paper = newsroom.papers[self.slug]
        self.issue = markup.Issue(paper, tuple(reversed(newsroom.pieces[self.slug])), now)
        self.pieces = self.issue.pieces

    def answer(self, target: str) -> Answer:
        """The response to a path with its query."""
        parts = urlsplit(target)
        path, query = unquote(parts.path), parse_qs(parts.query)
        if path == "/robots.txt":
            sitemap = f"Sitemap: {self.issue.paper.url(self.sitemap)}\n" if self.sitemap else ""
            return Answer(200, (_ROBOTS + sitemap).encode(), "text/plain; charset=utf-8")
        if path == "/":
            front = Section("", "الصفحة الأولى", ())
            return _html(markup.listing(self.issue, front, 1, self.paths()))
        return self.route(path, query)

    def route(self, path: str, query: dict[str, list[str]]) -> Answer:
        """The response to any other path than the front page and robots.txt."""
        raise NotImplementedError

    def paths(self) -> dict[str, str]:
        """The URL patterns of the site's menu and pagers."""
        raise NotImplementedError

    def record(self, piece: Piece) -> dict[str, Any]:
        """What the piece's page says."""
        raise NotImplementedError

    def section(self, slug: str, page: str) -> Answer:
        """A page of a section."""
        found = next((section for section in self.issue.paper.sections if section.slug == slug), None)
        if found is None or not page.isdecimal():
            return NOT_FOUND
        return _html(markup.listing(self.issue, found, int(page), self.paths()))

    def article(self, piece: Piece | None, render: Callable[[Piece], bytes], content_type: str = HTML) -> Answer:
        """An article's page; its validators go by the edition, since clock and boxes change all the time."""
        if piece is None:
            return NOT_FOUND
        return Answer(
            200,
            render(piece),
            content_type,
            etag=f'"{piece.number}-{piece.edition}"',
            changed=syndication.last_change(piece),
        )

    def numbered(self, number: str) -> Piece | None:
        """The piece of that number."""
        return next((piece for piece in self.pieces if str(piece.number) == number), None)


class AldifafSite(Site):
    """الضفاف: articles by node number; RSS, a sitemap index with a news sitemap and a packed archive."""

    slug = "aldifaf"
    sitemap = "/sitemap.xml"
    removed = "/node/48001/محليات/خبر-حذف-بعد-نشره"
    _recent = 20

    def route(self, path: str, query: dict[str, list[str]]) -> Answer:
        paper = self.issue.paper
        if node := re.fullmatch(r"/node/(\d+)(/.*)?", path):
            piece = self.numbered(node[1])
            if piece and not node[2]:
                return Answer(301, headers={"Location": piece.url})
            return self.article(piece, lambda p: aldifaf.page(p, self.issue).encode("utf-8"))
        if section := re.fullmatch(r"/section/([\w-]+)", path):
            return self.section(section[1], query.get("page", ["1"])[0])
        if path == "/rss.xml":
            return _xml(syndication.rss(paper, self.pieces[:25], [("خبر حذف بعد نشره", paper.url(self.removed))]))
        if path == "/sitemap.xml":
            newest, older = self.pieces[: self._recent], self.pieces[self._recent :]
            return _xml(
                syndication.index(
                    [
                        (paper.url("/sitemap-news.xml"), max(map(syndication.last_change, newest))),
                        (paper.url("/sitemap-archive.xml.gz"), max(map(syndication.last_change, older))),
                    ]
                )
            )
        if path == "/sitemap-news.xml":
            return _xml(syndication.news(paper, self.pieces[: self._recent]))
        if path == "/sitemap-archive.xml.gz":
            archive = syndication.urlset(self.pieces[self._recent :])
            return Answer(200, syndication.packed(archive), "application/x-gzip")
        return NOT_FOUND

    def paths(self) -> dict[str, str]:
        return aldifaf.PATHS

    def record(self, piece: Piece) -> dict[str, Any]:
        return aldifaf.record(piece)


class AlmarfaSite(Site):
    """المرفأ اليوم: articles by day and slug; RSS, Atom and WordPress sitemaps; an old slug that moved."""

    slug = "almarfa"
    sitemap = "/sitemap_index.xml"
    _moved = 3

    def _former_path(self, piece: Piece) -> str:
        return f"/{piece.published:%Y/%m/%d}/عنوان-أول-قبل-التعديل/"

    def route(self, path: str, query: dict[str, list[str]]) -> Answer:  # noqa: ARG002 - nothing here has a query
        paper = self.issue.paper
        moved = self.pieces[self._moved]
        if path == self._former_path(moved):
            return Answer(301, headers={"Location": moved.url})
        if re.fullmatch(r"/\d{4}/\d\d/\d\d/[^/]+/", path):
            piece = next((piece for piece in self.pieces if piece.path == path), None)
            return self.article(piece, lambda p: almarfa.page(p, self.issue).encode("utf-8"))
        if section := re.fullmatch(r"/category/([\w-]+)/(?:page/(\d+)/)?", path):
            return self.section(section[1], section[2] or "1")
        if path == "/feed/":
            former = (moved.story.title, paper.url(self._former_path(moved)))
            return _xml(syndication.rss(paper, self.pieces[: self._moved], [former]))
        if path == "/feed/atom/":
            return _xml(syndication.atom(paper, self.pieces[:20]))
        if path == "/sitemap_index.xml":
            newest = max(map(syndication.last_change, self.pieces))
            return _xml(syndication.index([(paper.url("/post-sitemap.xml"), newest)]))
        if path == "/post-sitemap.xml":
            gone = paper.url(f"/{self.pieces[-1].published:%Y/%m/%d}/مقال-لم-يعد-موجودا/")
            return _xml(syndication.urlset(self.pieces, [gone]))
        return NOT_FOUND

    def paths(self) -> dict[str, str]:
        return almarfa.PATHS

    def record(self, piece: Piece) -> dict[str, Any]:
        return almarfa.record(piece)


class AlwahaSite(Site):
    """جريدة الواحة: articles by query, an RDF feed, no sitemap; everything in windows-1256."""

    slug = "alwaha"
    _type = "text/html; charset=windows-1256"

    def route(self, path: str, query: dict[str, list[str]]) -> Answer:
        if path == "/news.php":
            # The header says nothing of the charset, as such servers do: only the page's own meta element knows.
            piece = self.numbered(query.get("id", [""])[0])
            return self.article(piece, lambda p: alwaha.encode(alwaha.page(p, self.issue)), "text/html")
        if path == "/list.php":
            page = self.section(query.get("cat", [""])[0], query.get("p", ["1"])[0])
            if page.status != 200:
                return page
            legacy = page.body.decode("utf-8").replace('<meta charset="utf-8">', '<meta charset="windows-1256">')
            return Answer(200, alwaha.encode(legacy), self._type)
        if path == "/rdf.xml":
            feed = syndication.rdf(self.issue.paper, self.pieces[:20], alwaha.CHARSET)
            return Answer(200, alwaha.encode(feed), "text/xml")
        if path == "/print.php":
            return _html("<html><body><h1>نسخة للطباعة</h1></body></html>")
        return NOT_FOUND

    def paths(self) -> dict[str, str]:
        return alwaha.PATHS

    def record(self, piece: Piece) -> dict[str, Any]:
        return alwaha.record(piece, self.issue)


SITES: tuple[type[Site], ...] = (AldifafSite, AlmarfaSite, AlwahaSite)


def records(newsroom: Newsroom, now: datetime) -> dict[str, dict[str, Any]]:
    """The right record of every article by its URL: the fields that its page determines, read at `now`."""
    found: dict[str, dict[str, Any]] = {}
    for kind in SITES:
        site = kind(newsroom, now)
        found |= {piece.url: site.record(piece) for piece in site.pieces}
    return found
