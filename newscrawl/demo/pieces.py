"""A story on a paper's page, and the record that a reader of the page must arrive at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from newscrawl.demo import lexicon
from newscrawl.demo.stories import Story


@dataclass(frozen=True, slots=True)
class Section:
    """A desk of a paper."""

    slug: str
    label: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One of the group's papers."""

    slug: str
    name: str
    name_en: str
    country: str
    timezone: str
    host: str
    first_number: int
    own_stories: int

    @property
    def zone(self) -> ZoneInfo:
        """The paper's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def root(self) -> str:
        """The paper's front page without the closing slash."""
        return f"http://{self.host}"

    def url(self, path: str) -> str:
        """The absolute URL of a path, percent-encoded."""
        return self.root + quote(path, safe="/?&=")

    @property
    def sections(self) -> tuple[Section, ...]:
        """The paper's desks, in the order of its menu."""
        found = (row[1:] for row in lexicon.rows("sections.tsv") if row[0] == self.slug)
        return tuple(Section(slug, label, tuple(topics.split())) for slug, label, topics in found)

    def section_of(self, topic: str) -> Section:
        """The desk that handles a topic; StopIteration when none does."""
        return next(section for section in self.sections if topic in section.topics)


def papers() -> tuple[Paper, ...]:
    """The group's papers."""
    return tuple(
        Paper(slug, name, name_en, country, timezone, host, int(first), int(own))
        for slug, name, name_en, country, timezone, host, first, own in lexicon.rows("papers.tsv")
    )


@dataclass(frozen=True, slots=True)
class Wire:
    """The agency behind a story: its canonical name, the name that datelines print, the city."""

    agency: str
    printed: str
    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article of one paper, as its editors entered it; `index` counts the paper's articles from the oldest."""

    paper: Paper
    index: int
    story: Story
    published: datetime
    modified: datetime | None
    path: str
    wire: Wire | None = None
    photo_agency: Wire | None = None
    twin: str | None = None
    edition: int = 1

    @property
    def number(self) -> int:
        """The article's number in the paper's system."""
        return self.paper.first_number + 7 * self.index

    @property
    def url(self) -> str:
        """The article's address."""
        return self.paper.url(self.path)

    @property
    def section(self) -> Section:
        """The desk under which the paper files it."""
        return self.paper.section_of(self.story.topic)

    @property
    def image(self) -> str | None:
        """The lead picture's address; a column has none."""
        if self.story.caption is None:
            return None
        return self.paper.url(f"/media/{self.published:%Y/%m}/{self.number}.jpg")

    @property
    def author(self) -> str | None:
        """The reporter; None for agency copy."""
        return None if self.wire else self.story.author


def iso(when: datetime | date | None) -> str | None:
    """ISO 8601, or None."""
    return when.isoformat() if when else None


def base_record(piece: Piece, title: str, subtitle: str | None, paragraphs: list[str]) -> dict[str, Any]:
    """The fields of the record that do not depend on a paper's markup; the paper adds the rest."""
    body = "\n".join(paragraphs)
    return {
        "source": piece.paper.slug,
        "publisher": piece.paper.name,
        "country": piece.paper.country,
        "url": piece.url,
        "language": "ar",
        "title": title,
        "subtitle": subtitle,
        "body": body,
        "authors": [piece.author] if piece.author else [],
        "agencies": [piece.wire.agency] if piece.wire else [],
        "dateline": piece.wire.city if piece.wire else None,
        "section": piece.section.label,
        "word_count": sum(1 for word in body.split() if any(letter.isalnum() for letter in word)),
        "restrictions": [],
    }
