"""The report as one page that stands alone: sources, their runs, the data card; no script, nothing to load."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from newscrawl.browse import overview
from newscrawl.browse.app import prepare, words_for
from newscrawl.browse.index import update
from newscrawl.browse.interface import Language
from newscrawl.browse.reader import Reader
from newscrawl.cli.command import output_file
from newscrawl.monitoring.runs import Run
from newscrawl.storage import StorageError


def report_page(data_dir: Path, runs: Sequence[Run], *, now: datetime, language: Language = "ar") -> str:
    """The page; brings the index up to date first. StorageError."""
    update(data_dir)
    reader = Reader(data_dir)
    environment = Environment(
        loader=PackageLoader("newscrawl.browse"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    prepare(environment)
    sources = overview.source_views(reader, runs, now=now)
    return environment.get_template("report.html").render(
        **words_for(language),
        sources=sources,
        ill=[source for source in sources if source.complaints],
        card=overview.card(reader),
        now=now,
        # Of the project's own file: there is no text of anybody else in it.
        style=Markup(files("newscrawl.browse").joinpath("static", "reader.css").read_text("utf-8")),  # noqa: S704
    )


def write_report(data_dir: Path, runs: Sequence[Run], out: Path, *, now: datetime, language: Language = "ar") -> None:
    """Writes the page; StorageError. `out` is never half a file."""
    page = report_page(data_dir, runs, now=now, language=language)
    try:
        target = output_file(out)
        part = target.with_name(f".{target.name}.part")
        part.write_text(page, "utf-8")
        part.replace(target)
    except OSError as error:
        raise StorageError.of(error, out) from error
