"""Feeds and sitemaps of the papers, each in the dialect of its kind of software."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from newscrawl.demo.pieces import Paper, Piece

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def last_change(piece: Piece) -> datetime:
    """When the article last changed."""
    return piece.modified or piece.published


def rss(paper: Paper, pieces: Sequence[Piece], extra: Sequence[tuple[str, str]] = ()) -> str:
    """RSS 2.0; `extra` are further (title, URL) items."""
    items = "".join(
        f"<item><title>{escape(p.story.title)}</title><link>{escape(p.url)}</link>"
        f'<guid isPermaLink="false">{p.number} at {paper.root}</guid>'
        f"<description>{escape(p.story.subtitle)}</description>"
        f"<pubDate>{format_datetime(p.published)}</pubDate></item>\n"
        for p in pieces
    )
    items += "".join(f"<item><title>{escape(title)}</title><link>{escape(url)}</link></item>\n" for title, url in extra)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{paper.name}</title><link>{paper.root}/</link><description>{paper.name}</description>"
        f"<language>ar</language>\n{items}</channel></rss>\n"
    )


def atom(paper: Paper, pieces: Sequence[Piece]) -> str:
    """Atom, with the moment of the last change of each entry."""
    entries = "".join(
        f'<entry><title type="html">{escape(p.story.title)}</title><link rel="alternate" href="{escape(p.url)}"/>'
        f"<id>{paper.root}/?p={p.number}</id><published>{p.published.astimezone(UTC).isoformat()}</published>"
        f"<updated>{last_change(p).astimezone(UTC).isoformat()}</updated>"
        f'<summary type="html">{escape(p.story.subtitle)}</summary></entry>\n'
        for p in pieces
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar">'
        f"<title>{paper.name}</title><id>{paper.root}/feed/atom/</id>\n{entries}</feed>\n"
    )


def rdf(paper: Paper, pieces: Sequence[Piece], charset: str) -> str:
    """RSS 1.0; the text still has to be encoded in `charset`."""
    items = "".join(
        f'<item rdf:about="{escape(p.url)}"><title>{escape(p.story.title)}</title><link>{escape(p.url)}</link>'
        f"<dc:date>{p.published.isoformat()}</dc:date></item>\n"
        for p in pieces
    )
    sequence = "".join(f'<rdf:li rdf:resource="{escape(p.url)}"/>' for p in pieces)
    return (
        f'<?xml version="1.0" encoding="{charset}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{paper.root}/rdf.xml"><title>{paper.name}</title><link>{paper.root}/</link>'
        f"<description>{paper.name}</description><items><rdf:Seq>{sequence}</rdf:Seq></items></channel>\n"
        f"{items}</rdf:RDF>\n"
    )


def urlset(pieces: Sequence[Piece], extra: Sequence[str] = ()) -> str:
    """A sitemap with lastmod; `extra` are further URLs."""
    urls = "".join(
        f"<url><loc>{escape(p.url)}</loc><lastmod>{last_change(p).isoformat()}</lastmod></url>\n" for p in pieces
    )
    urls += "".join(f"<url><loc>{escape(url)}</loc></url>\n" for url in extra)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_SITEMAP}">\n{urls}</urlset>\n'


def news(paper: Paper, pieces: Sequence[Piece]) -> str:
    """A Google News sitemap."""
    urls = "".join(
        f"<url><loc>{escape(p.url)}</loc><lastmod>{last_change(p).isoformat()}</lastmod><news:news>"
        f"<news:publication><news:name>{paper.name}</news:name><news:language>ar</news:language></news:publication>"
        f"<news:publication_date>{p.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(p.story.title)}</news:title></news:news></url>\n"
        for p in pieces
    )
    opening = f'<urlset xmlns="{_SITEMAP}" xmlns:news="{_NEWS}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}\n{urls}</urlset>\n'


def index(entries: Sequence[tuple[str, datetime]]) -> str:
    """A sitemap index of (URL, last change)."""
    maps = "".join(
        f"<sitemap><loc>{escape(url)}</loc><lastmod>{when.isoformat()}</lastmod></sitemap>\n" for url, when in entries
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{_SITEMAP}">\n{maps}</sitemapindex>\n'


def packed(text: str) -> bytes:
    """Gzip, the same bytes for the same text."""
    return gzip.compress(text.encode("utf-8"), mtime=0)
