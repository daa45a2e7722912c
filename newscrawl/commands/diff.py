"""scrapy diff: what a publisher changed in a story from version to version, by paragraph and word."""

from __future__ import annotations

import argparse
import html
import re
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from newscrawl.cli.command import OwnCommand
from newscrawl.commands.outcome import FAILED
from newscrawl.monitoring.terminal import terminal_safe
from newscrawl.storage import StorageError
from newscrawl.storage.jsonl import parse_line, read_lines, sealed_files, sources
from newscrawl.storage.locations import data_directory

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from newscrawl.dedup.changes import Paragraph

_ID = re.compile(r"[0-9a-f]{16}")
# An isolate keeps its own direction to itself, whatever stands around it (Unicode Bidirectional Algorithm, 2.7).
_ISOLATE, _POP = "\u2068", "\u2069"
_STYLES = {"same": "", "added": "green underline", "removed": "red strike", "changed": ""}
# Signs for eyes and files that have no colour, as wdiff writes them.
_SIGNS = {"same": ("", ""), "added": ("{+", "+}"), "removed": ("[-", "-]"), "changed": ("", "")}
_TAGS = {"same": "span", "added": "ins", "removed": "del"}


class Command(OwnCommand):
    """Exit codes: 0 shown, 1 no such article or only one version, 2 the command is wrong."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--source SOURCE] [--html FILE] ID"

    def short_desc(self) -> str:
        return "Show what changed in an article from version to version"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", help="look only into this source's files")
        parser.add_argument("--html", metavar="FILE", type=Path, help="write a page that stands alone instead")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output, or writes the page."""
        from rich.console import Console

        assert self.settings is not None
        if len(args) != 1 or not _ID.fullmatch(args[0]):
            raise UsageError("give one article ID: the 16 hex digits in its field `id`")
        data_dir = data_directory(self.settings)
        try:
            versions = find_versions(data_dir, args[0], [opts.source] if opts.source else sources(data_dir))
            if not versions:
                raise StorageError(f"no stored article in {data_dir} has the id {args[0]}")
            if opts.html:
                _write(opts.html, page(versions))
            else:
                show(versions, Console(highlight=False, soft_wrap=True))
            if len(versions) == 1:
                raise StorageError(f"{args[0]} has one version: nothing has changed")
        except StorageError as error:
            self.fail(error, FAILED)


def find_versions(data_dir: Path, id_: str, among: list[str]) -> list[dict[str, Any]]:
    """The stored versions of an article, oldest first; StorageError when a file cannot be read."""
    wanted = f'"id":"{id_}"'.encode()
    found: dict[int, dict[str, Any]] = {}
    for source in among:
        for path in sealed_files(data_dir, source):
            for line in read_lines(path):
                # The bytes tell at once that most lines are of other articles; parsing tells for sure.
                if wanted in line and (record := parse_line(line)) is not None and record.get("id") == id_:
                    found.setdefault(record["version"], record)
    return [found[version] for version in sorted(found)]


def _heading(record: dict[str, Any]) -> str:
    return f"version {record['version']}, fetched {record.get('fetched_at') or 'at an unknown time'}"


def show(versions: list[dict[str, Any]], console: Console) -> None:
    """In the terminal: each piece of text isolated, so that Arabic and Latin do not reorder one another."""
    from rich.text import Text

    from newscrawl.dedup.changes import changed_fields

    first = versions[0]
    console.print(_isolated(first.get("title") or "", "bold"))
    console.print(_isolated(f"{first.get('source')} {first.get('url')}", "dim"))
    console.print(_isolated(_heading(first), "dim"))
    for old, new in pairwise(versions):
        console.print()
        console.print(_isolated(_heading(new), "bold"))
        for name, paragraphs in changed_fields(old, new):
            console.print(Text(f"{name}:", style="cyan"))
            for paragraph in paragraphs:
                if paragraph.kind == "same":
                    console.print(Text("  …", style="dim"))
                else:
                    console.print(_line(paragraph))


def _isolated(text: str, style: str) -> Text:
    from rich.text import Text

    return Text(f"{_ISOLATE}{terminal_safe(text)}{_POP}", style=style)


def _line(paragraph: Paragraph) -> Text:
    from rich.text import Text

    sign = {"added": "+ ", "removed": "- "}.get(paragraph.kind, "~ ")
    line = Text(f"{sign}{_ISOLATE}")
    for number, words in enumerate(paragraph.words):
        opening, closing = _SIGNS[words.kind] if paragraph.kind == "changed" else ("", "")
        line.append(" " if number else "")
        line.append(f"{opening}{terminal_safe(words.text)}{closing}", style=_STYLES[words.kind])
    line.append(_POP)
    return line


def page(versions: list[dict[str, Any]]) -> str:
    """A right-to-left page that stands alone: no script, nothing to load."""
    from newscrawl.dedup.changes import changed_fields

    first = versions[0]
    sections = []
    for old, new in pairwise(versions):
        parts = [f'<h2 dir="ltr">{html.escape(_heading(new))}</h2>']
        for name, paragraphs in changed_fields(old, new):
            parts.append(f'<h3 dir="ltr">{html.escape(name)}</h3>')
            parts += [_html_paragraph(paragraph) for paragraph in paragraphs]
        sections.append("<section>\n" + "\n".join(parts) + "\n</section>")
    template = Template((Path(__file__).parent / "diff.html").read_text("utf-8"))
    return template.substitute(
        title=html.escape(first.get("title") or first["id"]),
        source=html.escape(str(first.get("publisher") or first.get("source") or "")),
        url=html.escape(str(first.get("url") or "")),
        heading=html.escape(_heading(first)),
        sections="\n".join(sections),
    )


def _html_paragraph(paragraph: Paragraph) -> str:
    words = " ".join(f"<{_TAGS[run.kind]}>{html.escape(run.text)}</{_TAGS[run.kind]}>" for run in paragraph.words)
    return f'<p class="{paragraph.kind}" dir="auto">{words}</p>'


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise StorageError.of(error, path) from error
