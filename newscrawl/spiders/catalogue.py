"""The publishers as rows, for programs, for a page of the documentation and for feed readers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from newscrawl.monitoring.runs import read_runs
from newscrawl.spiders.news import NewsSpider
from newscrawl.spiders.registry import is_demo
from newscrawl.spiders.site import site_class
from newscrawl.storage import StorageError
from newscrawl.storage.site_rules import SITES, SiteRule

Row = dict[str, Any]


def row(spider: type[NewsSpider]) -> Row:
    """What one publisher's file declares, as JSON values; `reserves` and `declared` are for `with_crawls` to say."""
    return {
        "source": spider.name,
        "declared": True,
        "demo": is_demo(spider),
        "publisher": spider.publisher.name,
        "publisher_en": spider.publisher.name_en,
        "country": spider.publisher.country,
        "timezone": spider.publisher.timezone,
        "zone_is_known": spider.zone_is_known,
        "domains": spider.allowed_domains,
        "article_url": spider.article_url,
        "feeds": spider.feeds,
        "sitemaps": spider.sitemaps,
        "sections": spider.sections,
        "archives": spider.archives,
        "rules": len(spider.rules),
        "verified": spider.verified,
        "feed_seen": spider.feed_seen,
        "obstacles": spider.obstacles,
        "every": spider.every,
        "formerly": spider.formerly,
        "hours": spider.hours,
        "verify_certificates": spider.verify_certificates,
        "reserves": [],
    }


def with_crawls(rows: Iterable[Row], data_dir: Path) -> list[Row]:
    """The publishers with what their sites reserved when they were last crawled into a data directory, and after them
    the sites that were crawled there by their address and that nobody has declared. StorageError for what cannot be
    read.
    """
    rows = list(rows)
    declared = {name for each in rows for name in (each["source"], *each["formerly"])}
    met = (_site(path) for path in sorted((data_dir / SITES).glob("*.json")) if path.stem not in declared)
    # Oldest first, so that the last one stays.
    reserved = {run.source: sorted(run.reserved) for run in read_runs(data_dir)}
    return [{**each, "reserves": reserved.get(each["source"], [])} for each in (*rows, *met)]


def _site(path: Path) -> Row:
    try:
        rule = SiteRule.of(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    except ValueError as error:
        raise StorageError(f"{path} holds no rule of a site ({error})") from error
    spider = site_class(rule.home)
    return {
        **row(spider),
        "source": rule.source,
        "declared": False,
        "domains": rule.domains,
        "article_url": rule.article_url,
    }


def feeds_of(row: Row) -> int:
    """How many feeds and sitemaps a publisher has."""
    return len(row["feeds"]) + len(row["sitemaps"])


def sections_of(row: Row) -> int:
    """How many section pages and kinds of archive pages a publisher has."""
    return len(row["sections"]) + len(row["archives"])


def reading(row: Row) -> str:
    """How a publisher's pages are read: by rules of its own, and of which day, or by what is common to all pages."""
    if not row["rules"]:
        return "generic"
    return "rules, the demo's" if row["demo"] else f"rules, {row['verified'] or 'unverified'}"


def remarks(row: Row) -> str:
    """What stands in the way of a crawl, what is only guessed and what is reserved, as far as it is known."""
    unchecked = None if row["verify_certificates"] else "certificates unchecked"
    told = (
        None if row["declared"] else "crawled by its address",
        None if row["zone_is_known"] else f"its zone is a guess: {row['timezone']}",
        row["obstacles"],
        unchecked,
        f"reserves {', '.join(row['reserves'])}" if row["reserves"] else None,
    )
    return "; ".join(filter(None, told))


def markdown(rows: Iterable[Row]) -> str:
    """docs/publishers.md: one table for each country."""
    rows = sorted((row for row in rows if not row["demo"]), key=lambda row: (row["country"], row["source"]))
    ruled = sum(bool(row["rules"]) for row in rows)
    lines = [
        "# Publishers",
        "",
        f"{len(rows)} publishers of {len({row['country'] for row in rows})} countries.",
        f"{ruled} have rules of their own, verified on a page of the day that the table names. The others are read by",
        "what is common to all pages, and nobody has verified them: `newscrawl check` does. *Feed seen* is the day of",
        "the newest public list in which a feed of the publisher answered. A publisher without feeds and sections is",
        "explored from its home page.",
        "",
        "Made by `newscrawl sources --markdown > docs/publishers.md`.",
    ]
    for country, group in groupby(rows, key=lambda row: row["country"]):
        lines += ["", f"## {country}", ""]
        lines += ["| source | publisher | domain | feeds | sections | read by | feed seen | obstacles |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        for row in group:
            cells = (
                row["source"],
                f"{row['publisher']} ({row['publisher_en']})",
                row["domains"][0],
                feeds_of(row) or "",
                sections_of(row) or "",
                reading(row),
                row["feed_seen"] or "",
                remarks(row),
            )
            lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def opml(rows: Iterable[Row]) -> str:
    """The publishers' feeds in OPML 2.0 (opml.org/spec2), for feed readers and for `newscrawl crawl FILE.opml`."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["  <head><title>Arabic newspapers, agencies and channels</title></head>", "  <body>"]
    fed = sorted((row for row in rows if row["feeds"]), key=lambda row: (row["country"], row["source"]))
    for country, group in groupby(fed, key=lambda row: row["country"]):
        lines.append(f"    <outline text={quoteattr(country)}>")
        for row in group:
            for feed in row["feeds"]:
                attributes = {
                    "type": "rss",
                    "text": row["publisher"],
                    "title": row["publisher_en"],
                    "xmlUrl": feed,
                    "htmlUrl": f"https://{row['domains'][0]}/",
                    "language": "ar",
                }
                written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
                lines.append(f"      <outline {written}/>")
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>"]) + "\n"


def further_feeds() -> str:
    """sources/arabic.opml: feeds of sites that no file declares, from public lists, with the day of the list."""
    return (files("newscrawl") / "sources" / "arabic.opml").read_text(encoding="utf-8")
