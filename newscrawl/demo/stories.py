"""Stories told from the frames, no two alike, and the small edits that a reprint makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from newscrawl.demo import grammar, lexicon

WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
# Less than the newspaper promises (0.3): a reprint, too, must stay apart from every other story.
MOST_ALIKE = 0.2
_TRIES = 100


@dataclass(frozen=True, slots=True)
class Story:
    """What a newsroom has written, before a paper gives it a page."""

    topic: str
    event: str
    title: str
    other_title: str
    subtitle: str
    paragraphs: tuple[str, ...]
    caption: str | None
    tags: tuple[str, ...]
    author: str


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The word 3-shingles of a text, punctuation aside."""
    words = [word.strip('«»"،.:؟!()') for word in text.split()]
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def likeness(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """The Jaccard similarity of two sets of shingles; 0 for two empty ones."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


class Desk:
    """Writes stories one after another; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)  # noqa: S311 - a newspaper, not a secret
        self._used: Counter[str] = Counter()
        self._written: list[frozenset[tuple[str, ...]]] = []
        self._titles: set[str] = set()

    def write(self, topic_name: str, towns: list[str], day: date) -> Story:
        """A story of the topic on that day in one of the towns, unlike all that the desk wrote before.

        Raises RuntimeError when the tables of the topic hold no more variety.
        """
        for _ in range(_TRIES):
            story, frames = self._attempt(topic_name, towns, day)
            found = shingles("\n".join(story.paragraphs))
            if story.title not in self._titles and all(likeness(found, other) < MOST_ALIKE for other in self._written):
                self._written.append(found)
                self._titles |= {story.title, story.other_title}
                self._used.update(frames)
                return story
        raise RuntimeError(f"the frames of {topic_name} are used up")

    def _attempt(self, topic_name: str, towns: list[str], day: date) -> tuple[Story, list[str]]:
        topic = grammar.topic(topic_name)
        event = topic.event(self._rarest([event.key for event in topic.events], 1)[0])
        given = {
            "town": grammar.Word(self._rng.choice(towns), "f"),
            "today": grammar.Word(WEEKDAYS[day.weekday()]),
            "yesterday": grammar.Word(WEEKDAYS[(day - timedelta(days=1)).weekday()]),
        }
        telling = grammar.Telling(topic, event, self._rng, given)
        lead = self._rarest(event.frames["L"], 1)[0]
        details = event.frames["P"]
        told = sorted(self._rarest(details, 2 if event.frames["C"] else 3), key=details.index)
        pool = self._rarest(topic.pool, 2 if topic.closed else 1)
        if not topic.closed:
            pool += self._rarest(lexicon.lines("pool_general.txt"), 1)
        titles = [telling.fill(frame) for frame in event.frames["T"]]
        self._rng.shuffle(titles)
        paragraphs = [telling.fill(frame) for frame in (lead, *told, *pool)]
        caption = telling.fill(event.frames["C"][0]) if event.frames["C"] else None
        tags = (*self._rng.sample(topic.tags, 2), given["town"].text)
        story = Story(
            topic=topic_name,
            event=event.key,
            title=titles[0],
            other_title=titles[1],
            subtitle=telling.fill(event.frames["S"][0]),
            paragraphs=tuple(paragraphs),
            caption=caption,
            tags=tags,
            author=grammar.person(self._rng).text,
        )
        return story, [event.key, lead, *told, *pool]

    def _rarest(self, names: Sequence[str], size: int) -> list[str]:
        """As many of the names as asked for: those that were used least so far."""
        shuffled = self._rng.sample(names, len(names))
        return sorted(shuffled, key=lambda name: self._used[name])[:size]


def reprint(story: Story) -> Story:
    """The story as another paper prints it: its own headline, other words here and there, the last clause cut off."""
    swaps = lexicon.rows("edits.tsv")

    def edited(paragraph: str) -> str:
        for before, after in swaps:
            paragraph = paragraph.replace(before, after)
        return paragraph

    *kept, last = (edited(paragraph) for paragraph in story.paragraphs)
    shorter = last.rpartition("،")[0]
    if shorter:
        paragraphs = (*kept, f"{shorter}.")
    else:
        paragraphs = (f"{kept[0].rstrip('.')}، بحسب ما نقلت الوكالة.", *kept[1:], last)
    return replace(story, title=story.other_title, other_title=story.title, paragraphs=paragraphs)
