"""What the pages of all three papers share: filled templates, links, comments, section pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from string import Template

from newscrawl.demo import house_dates, lexicon
from newscrawl.demo.pieces import Paper, Piece, Section

PER_PAGE = 8


@dataclass(frozen=True, slots=True)
class Issue:
    """A paper as it stands at one moment: its articles, newest first, and the server's clock."""

    paper: Paper
    pieces: tuple[Piece, ...]
    now: datetime

    def others(self, piece: Piece, count: int, start: int) -> list[Piece]:
        """Other articles for the boxes of an article's page, always the same ones."""
        rest = [other for other in self.pieces if other.number != piece.number]
        return [rest[(piece.index * 5 + start + step) % len(rest)] for step in range(count)]


def fill(template: str, **values: object) -> str:
    """An HTML template of the tables, filled; KeyError names a value that is missing."""
    return Template(lexicon.text(template)).substitute({name: str(value) for name, value in values.items()})


def links(pieces: Sequence[Piece], wrap: str = "<li>{}</li>") -> str:
    """Headlines that link to their articles."""
    return "\n".join(wrap.format(f'<a href="{escape(p.url)}">{escape(p.story.title)}</a>') for p in pieces)


def comments(piece: Piece, wrap: str) -> str:
    """Two readers' comments."""
    lines = lexicon.lines("comments.txt")
    return "\n".join(wrap.format(escape(lines[(piece.index * 3 + step) % len(lines)])) for step in range(2))


def pages_of(issue: Issue, section: Section) -> list[list[Piece]]:
    """A section's articles (of one without topics: all), newest first, page by page; never empty."""
    found = [piece for piece in issue.pieces if piece.section == section or not section.topics]
    return [found[start : start + PER_PAGE] for start in range(0, len(found), PER_PAGE)] or [[]]


def listing(issue: Issue, section: Section, page: int, paths: dict[str, str]) -> str | None:
    """A section page, counted from 1; None beyond the last. `paths` are the "menu" and "page" URL patterns."""
    pages = pages_of(issue, section)
    if not 1 <= page <= len(pages):
        return None
    cards = "\n".join(
        f'<div class="card"><h2><a href="{escape(piece.url)}">{escape(piece.story.title)}</a></h2>'
        f'<span class="date">{house_dates.relative(piece.published, issue.now)}</span>'
        f"<p>{escape(piece.story.subtitle)}</p></div>"
        for piece in pages[page - 1]
    )
    pager = " ".join(
        f'<a class="{"next" if number == page + 1 else "page"}" '
        f'href="{paths["page"].format(slug=section.slug, n=number)}">{number}</a>'
        for number in range(1, len(pages) + 1)
        if number != page
    )
    return fill(
        "listing.html",
        paper=issue.paper.name,
        section=section.label,
        clock=house_dates.dual(issue.now.astimezone(issue.paper.zone)),
        menu=menu(issue.paper, paths["menu"]),
        cards=cards,
        pager=pager,
    )


def menu(paper: Paper, path: str, wrap: str = "<li>{}</li>") -> str:
    """Links to the paper's sections."""
    return " ".join(
        wrap.format(f'<a href="{path.format(slug=section.slug)}">{section.label}</a>') for section in paper.sections
    )
