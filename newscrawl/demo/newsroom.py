"""The group's newsroom: which stories its papers carry on which days, and what changed since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import cycle
from random import Random

from newscrawl.demo import lexicon
from newscrawl.demo.pieces import Paper, Piece, Wire, papers
from newscrawl.demo.stories import Desk, Story, reprint

DAYS = 6
_SEED = 20260211
_FIRST_MINUTE, _LAST_MINUTE = 6 * 60, 22 * 60
# A column takes its turn at these articles of a paper; all other turns go round the other topics.
_COLUMNS = {"aldifaf": (10, 30), "almarfa": (20,), "alwaha": (15,)}
# Which articles of a paper are agency copy, and which paper prints them, too.
_WIRED = {"aldifaf": ((6, 17, 28, 39), "almarfa"), "almarfa": ((8, 18, 30, 38), "alwaha"), "alwaha": ((), "")}
_WIRE_TOPICS = ("sport", "weather", "culture", "economy", "technology", "agriculture", "education")
# The article that a later edition changes, counted from the newest: its paper and its place.
_CHANGES = ("aldifaf", 4), ("almarfa", 7)


@dataclass(frozen=True, slots=True)
class _Draft:
    story: Story
    published: datetime
    wire: Wire | None = None
    twin_of: tuple[str, int] | None = None


def _wires() -> list[Wire]:
    cities = [row[1] for row in lexicon.rows("towns.tsv") if row[0] == "city"]
    names = lexicon.rows("wires.tsv")
    return [Wire(agency, printed, city) for city, (agency, printed) in zip(cities, cycle(names), strict=False)]


class Newsroom:
    """All that the group's papers have published by `last_day` (in each paper's own zone), oldest first.

    `changed` holds the moments (aware) at which later editions changed a story: the first entry makes edition 2.
    The same arguments give the same newspaper.
    """

    def __init__(self, last_day: date, changed: Sequence[datetime] = ()) -> None:
        self.last_day = last_day
        self.changed = tuple(moment.astimezone(UTC).replace(microsecond=0) for moment in changed[: len(_CHANGES)])
        self.papers = {paper.slug: paper for paper in papers()}

    @property
    def edition(self) -> int:
        """How many times the newspaper came out in different wording."""
        return len(self.changed) + 1

    @cached_property
    def pieces(self) -> dict[str, tuple[Piece, ...]]:
        """Every paper's articles, oldest first."""
        drafts = self._drafts
        found = {
            slug: tuple(self._piece(self.papers[slug], index, draft) for index, draft in enumerate(of))
            for slug, of in drafts.items()
        }
        for place, moment in enumerate(self.changed):
            slug, back = _CHANGES[place]
            listed = list(found[slug])
            listed[-back] = _revised(listed[-back], moment, place)
            found[slug] = tuple(listed)
        return found

    def all(self) -> list[Piece]:
        """Every article of every paper."""
        return [piece for of in self.pieces.values() for piece in of]

    def changed_pieces(self) -> list[Piece]:
        """The articles that later editions changed, in the order of the editions."""
        return [self.pieces[slug][-back] for slug, back in _CHANGES[: len(self.changed)]]

    def reprints(self) -> list[tuple[Piece, Piece]]:
        """Pairs of agency copy: the article that came first, and the one that reprints it."""
        by_url = {piece.url: piece for piece in self.all()}
        return [(by_url[piece.twin], piece) for piece in self.all() if piece.twin]

    @cached_property
    def _drafts(self) -> dict[str, list[_Draft]]:
        desk, rng = Desk(_SEED), Random(_SEED)  # noqa: S311 - a newspaper, not a secret
        wires = iter(_wires())
        drafts: dict[str, list[_Draft]] = {slug: [] for slug in self.papers}
        twins: dict[str, list[_Draft]] = {slug: [] for slug in self.papers}
        for slug, paper in self.papers.items():
            wired, other = _WIRED[slug]
            topics = _turns(paper, wired)
            towns = [town for _, town, country in lexicon.rows("towns.tsv") if country == paper.country]
            for place, topic in enumerate(topics):
                published = self._instant(paper, place, len(topics), rng)
                wire = next(wires) if place in wired else None
                story = desk.write(topic, [wire.city] if wire else towns, published.date())
                drafts[slug].append(_Draft(story, published, wire))
                if wire:
                    later = published.astimezone(self.papers[other].zone) + timedelta(minutes=rng.randrange(70, 150))
                    twins[other].append(_Draft(reprint(story), later, wire, twin_of=(slug, place)))
        for slug, of in twins.items():
            drafts[slug] = sorted(drafts[slug] + of, key=lambda draft: draft.published)
        return self._point_at_twins(drafts)

    @staticmethod
    def _point_at_twins(drafts: dict[str, list[_Draft]]) -> dict[str, list[_Draft]]:
        """A paper's own articles move up when reprints come between them: the pointers must move along."""
        own = {slug: [i for i, d in enumerate(of) if d.twin_of is None] for slug, of in drafts.items()}
        return {
            slug: [replace(d, twin_of=(d.twin_of[0], own[d.twin_of[0]][d.twin_of[1]])) if d.twin_of else d for d in of]
            for slug, of in drafts.items()
        }

    def _instant(self, paper: Paper, place: int, of: int, rng: Random) -> datetime:
        day = self.last_day - timedelta(days=DAYS - 1 - place * DAYS // of)
        within = place * DAYS % of / of
        minute = _FIRST_MINUTE + int(within * (_LAST_MINUTE - _FIRST_MINUTE)) + rng.randrange(20)
        return datetime.combine(day, time(minute // 60, minute % 60), paper.zone)

    def _piece(self, paper: Paper, index: int, draft: _Draft) -> Piece:
        rng = Random(_SEED + index)  # noqa: S311
        later = timedelta(minutes=rng.randrange(25, 180))
        wires = _wires()
        return Piece(
            paper=paper,
            index=index,
            story=draft.story,
            published=draft.published,
            modified=draft.published + later if index % 3 == 0 else None,
            path=_path(paper, index, draft),
            wire=draft.wire,
            photo_agency=draft.wire or (wires[index % len(wires)] if index % 5 == 0 else None),
            twin=self._twin_url(draft),
        )

    def _twin_url(self, draft: _Draft) -> str | None:
        if draft.twin_of is None:
            return None
        slug, place = draft.twin_of
        paper = self.papers[slug]
        return paper.url(_path(paper, place, self._drafts[slug][place]))


def _turns(paper: Paper, wired: tuple[int, ...]) -> list[str]:
    """The topic of each of the paper's own articles."""
    round_robin = [name for name in lexicon.topics() if name != "opinion"]
    turns = []
    for place in range(paper.own_stories):
        if place in _COLUMNS[paper.slug]:
            turns.append("opinion")
        elif place in wired:
            turns.append(_WIRE_TOPICS[(place + len(paper.slug)) % len(_WIRE_TOPICS)])
        else:
            turns.append(round_robin[(place + paper.first_number) % len(round_robin)])
    return turns


def _path(paper: Paper, index: int, draft: _Draft) -> str:
    number = paper.first_number + 7 * index
    slug = "-".join(re.findall(r"\w+", draft.story.title))
    if paper.slug == "aldifaf":
        return f"/node/{number}/{paper.section_of(draft.story.topic).label.replace(' ', '-')}/{slug}"
    if paper.slug == "almarfa":
        return f"/{draft.published:%Y/%m/%d}/{slug}/"
    return f"/news.php?cat={paper.section_of(draft.story.topic).slug}&id={number}"


def _revised(piece: Piece, moment: datetime, place: int) -> Piece:
    """The article with a new headline and a paragraph more; its address stays."""
    story = piece.story
    more = lexicon.lines("updates.txt")[place]
    revised = replace(story, title=f"بعد المراجعة: {story.title}", paragraphs=(*story.paragraphs, more))
    return replace(piece, story=revised, modified=moment.astimezone(piece.paper.zone), edition=place + 2)
