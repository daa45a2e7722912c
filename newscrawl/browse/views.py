"""The reader's pages, one function each."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, render_template, request

from newscrawl.browse import charts, exports, overview
from newscrawl.browse.archived import explained, response_of
from newscrawl.browse.duck import statement
from newscrawl.browse.entry import FIELDS
from newscrawl.browse.guard import EMBEDDED, WITH_PICTURES
from newscrawl.browse.interface import said
from newscrawl.browse.passages import headline, passage
from newscrawl.browse.reader import Reader
from newscrawl.browse.search import Fields, Search
from newscrawl.dedup.changes import changed_fields
from newscrawl.items import json_line
from newscrawl.monitoring.watches import toml_of
from newscrawl.storage.jsonl import REJECTED, parse_line, read_lines, sealed_files

_ID = re.compile(r"[0-9a-f]{16}")
_COMMA = re.compile("[,،؛;]")
_MOST_REJECTED = 200
# Best matches are counted through from the first; nobody reads on for ever.
_LAST_PAGE = 50
# Runs that a source's page tells of.
_RUNS = 20

_COUNTRIES = "SELECT DISTINCT country FROM source WHERE country IS NOT NULL ORDER BY 1"

pages = Blueprint("pages", __name__)


def _reader() -> Reader:
    reader: Reader = current_app.extensions["reader"]
    return reader


def _cached() -> overview.Cached:
    cached: overview.Cached = current_app.extensions["cached"]
    return cached


def _names(reader: Reader) -> dict[str, str]:
    """What the sources are called, by their slugs, in the order of the names."""
    return dict(map(tuple, reader.rows("SELECT name, coalesce(publisher, name) FROM source ORDER BY 2")))


@pages.get("/")
def home() -> str:
    """Search."""
    reader, search = _reader(), Search.read(request.args)
    page = min(_number("page"), _LAST_PAGE)
    found = reader.find(search, before=_number("before") or None, page=page)
    dated = {day: count for day, count in found.timeline if day}
    timeline = []
    if dated:
        first, last = date.fromordinal(min(dated)), date.fromordinal(max(dated))
        timeline = charts.bars(charts.buckets(dated, first, last))
    shown = [(hit.record, headline(hit.record, search.query), passage(hit.record, search.query)) for hit in found.hits]
    return render_template(
        "search.html",
        search=search,
        found=found,
        shown=shown,
        timeline=timeline,
        facets=reader.facets(search, found.total),
        names=_names(reader),
        countries=[(row[0], row[0]) for row in reader.rows(_COUNTRIES)],
        agencies=[(name, name) for name, _ in reader.tally("agency")],
        missing=[(name, said(f"field.{name}", g.language)) for name in FIELDS],
        paged="before" in request.args or page > 0,
        statement=statement(search, reader.data_dir),
        watch=toml_of(search.q, search.source, search.section, search.country),
        beyond_watch=bool(search.arguments(q=None, order=None, source=None, section=None, country=None)),
    )


@pages.get("/article/<id_>")
def article(id_: str) -> Response:
    """One article: its text, its versions, its cluster, and where all of it comes from."""
    versions = _versions(id_)
    wanted = _number("version") or versions[-1]["version"]
    at = next((place for place, each in enumerate(versions) if each["version"] == wanted), None)
    if at is None:
        abort(404, said("no_article", g.language))
    record = versions[at]
    pictures = "pictures" in request.args
    page = render_template(
        "article.html",
        record=record,
        versions=versions,
        changes=list(changed_fields(versions[at - 1], record)) if at else [],
        before=versions[at - 1] if at else None,
        cluster=_reader().cluster(versions[-1]),
        pictures=pictures,
        paragraphs=(record.get("body") or "").split("\n"),
        values=[(name, value) for name, value in record.items() if name not in ("body", "provenance", "markdown")],
    )
    response = Response(page)
    if pictures:
        response.headers["Content-Security-Policy"] = WITH_PICTURES
    return response


@pages.get("/article/<id_>/archived")
def archived(id_: str) -> Response:
    """The kept page read again, with the verdict on every block; ?raw=1 gives it as it came, for reading as text."""
    record = _versions(id_)[-1]
    kept = response_of(record, _reader().data_dir)
    if kept is None:
        abort(404, said("no_archive", g.language))
    if "raw" in request.args:
        response = Response(kept.body, mimetype="text/plain")
    else:
        response = Response(explained(record, kept))
    response.headers["Content-Security-Policy"] = EMBEDDED
    return response


@pages.get("/article/<id_>/record")
def record_(id_: str) -> Response:
    """Every stored line of an article."""
    lines = "".join(json_line(version) + "\n" for version in _versions(id_))
    return Response(lines, mimetype="application/x-ndjson")


@pages.get("/sources")
def sources() -> str:
    """Every source in a row."""
    return render_template("sources.html", sources=_cached().sources())


@pages.get("/source/<slug>")
def source(slug: str) -> str:
    """One source."""
    view = _view(slug)
    runs = [run for run in _cached().runs() if run.source == slug]
    layers: dict[str, list[tuple[str, int]]] = {}
    for run in runs[-_RUNS:]:
        for key, count in run.layers.items():
            name, _, layer = key.partition(" ")
            sums = dict(layers.get(name, ()))
            sums[layer] = sums.get(layer, 0) + count
            layers[name] = sorted(sums.items(), key=lambda pair: -pair[1])
    reader = _reader()
    daily = dict(
        map(
            tuple,
            reader.rows(
                "SELECT day, articles FROM daily JOIN source ON n = source WHERE name = ? AND day > 0 AND articles > 0",
                (slug,),
            ),
        )
    )
    drawn = []
    if daily:
        last = date.fromordinal(max(daily))
        first = max(date.fromordinal(min(daily)), last - timedelta(days=2 * 365))
        drawn = charts.bars(charts.buckets(daily, first, last))
    return render_template(
        "source.html", view=view, runs=runs[-_RUNS:][::-1], layers=layers, drawn=drawn, rejected=_rejected(slug)
    )


@pages.get("/trends")
def trends() -> str:
    """Words over time, agencies, reprints, corrections."""
    reader = _reader()
    typed = [word.strip() for q in request.args.getlist("q") for word in _COMMA.split(q) if word.strip()]
    words = list(dict.fromkeys(typed))[: overview.MOST_TRENDS]
    filters = request.args.to_dict(flat=False)
    searches = [(word, Search.read(Fields({**filters, "q": [word]}))) for word in words]
    return render_template(
        "trends.html",
        words=words,
        truncated=len(set(typed)) > overview.MOST_TRENDS,
        trends=overview.trends(reader, searches) if searches else None,
        agencies=reader.tally("agency", 20),
        matrix=_cached().reprints(),
        names=_names(reader),
        corrections=charts.bars(overview.corrections(reader)),
        arguments=request.args,
    )


@pages.get("/card")
def card() -> str:
    """The corpus in figures."""
    return render_template("card.html", card=overview.card(_reader()), now=datetime.now(UTC))


@pages.get("/export.<kind>")
def export(kind: str) -> Response:
    """All that a search finds, newest first."""
    if kind not in exports.KINDS:
        abort(404)
    return exports.KINDS[kind](_reader().lines(Search.read(request.args)))


def _versions(id_: str) -> list[dict[str, Any]]:
    found = _reader().versions(id_, request.args.get("source")) if _ID.fullmatch(id_) else []
    if not found:
        abort(404, said("no_article", g.language))
    return found


def _view(slug: str) -> overview.SourceView:
    found = next((view for view in _cached().sources() if view.name == slug), None)
    if found is None:
        abort(404, said("no_source", g.language))
    return found


def _rejected(slug: str) -> list[dict[str, Any]]:
    """The latest pages of a source that gave no valid article, newest first."""
    found: list[dict[str, Any]] = []
    for path in reversed(sealed_files(_reader().data_dir, slug, REJECTED)):
        records = [record for line in read_lines(path) if (record := parse_line(line)) is not None]
        found += [record for record in reversed(records) if isinstance(record.get("article"), dict)]
        if len(found) >= _MOST_REJECTED:
            break
    return found[:_MOST_REJECTED]


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
