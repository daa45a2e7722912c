"""The stories: many, unlike each other, and in grammatical Arabic as far as a program can tell."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations

import pytest

from newscrawl.demo import grammar, lexicon
from newscrawl.demo.counting import Noun, count
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.stories import Desk, likeness, reprint, shingles

DAY = date(2026, 2, 11)
PIECES = Newsroom(DAY).all()
SCHOOL = Noun("مدرسة", "f", "مدرسة", "مدارس")
DAYS = Noun("يوم", "m", "يوماً", "أيام")


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (3, SCHOOL, "ثلاث مدارس"),
        (3, DAYS, "ثلاثة أيام"),
        (8, SCHOOL, "ثماني مدارس"),
        (10, DAYS, "عشرة أيام"),
        (11, DAYS, "11 يوماً"),
        (99, SCHOOL, "99 مدرسة"),
        (100, DAYS, "100 يوم"),
        (103, DAYS, "103 أيام"),
        (115, DAYS, "115 يوماً"),
        (4000, SCHOOL, "4000 مدرسة"),
    ],
)
def test_a_number_and_its_noun_agree(number: int, noun: Noun, words: str) -> None:
    assert count(number, noun) == words


@pytest.mark.parametrize("number", [0, 1, 2, 101, 202])
def test_forms_that_depend_on_the_case_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no counted form"):
        count(number, DAYS)


def test_two_different_stories_never_look_alike() -> None:
    own = [piece for piece in PIECES if piece.twin is None]
    found = {piece.url: shingles("\n".join(piece.story.paragraphs)) for piece in own}
    alike = max(likeness(found[one.url], found[other.url]) for one, other in combinations(own, 2))
    assert alike < 0.3


def test_a_reprint_is_edited_and_still_the_same_story() -> None:
    pairs = Newsroom(DAY).reprints()
    assert len(pairs) == 8
    for original, copy in pairs:
        texts = ["\n".join(piece.story.paragraphs) for piece in (original, copy)]
        assert 0.7 < likeness(shingles(texts[0]), shingles(texts[1])) < 1
        assert original.story.title != copy.story.title
        assert original.published < copy.published
        assert original.wire == copy.wire is not None


def test_there_is_enough_to_read() -> None:
    assert len(PIECES) >= 120
    assert len({piece.url for piece in PIECES}) == len(PIECES)
    assert len({piece.story.title for piece in PIECES}) == len(PIECES)
    assert len({piece.published.date() for piece in PIECES}) == 6
    assert {piece.story.topic for piece in PIECES} == set(lexicon.topics())
    assert len(lexicon.topics()) == 12
    assert all(len(" ".join(piece.story.paragraphs).split()) >= 70 for piece in PIECES)


def test_the_same_day_gives_the_same_newspaper() -> None:
    assert Newsroom(DAY).all() == PIECES


def test_no_frame_is_left_unfilled_and_no_article_is_torn() -> None:
    for piece in PIECES:
        story = piece.story
        text = "\n".join((story.title, story.other_title, story.subtitle, story.caption or "", *story.paragraphs))
        assert not re.search(r"[{}@|#_]", text), text
        assert not re.search(r"[A-Za-z]", text), text
        assert "  " not in text
        assert not re.search(r"(?<!\w)[وف]?لال(?!تهاب)", text), text


def test_every_event_can_be_told_with_every_word_of_its_topic() -> None:
    """Each frame of each topic is filled many times: an unknown slot or noun would raise."""
    for name in lexicon.topics():
        topic = grammar.topic(name)
        desk = Desk(5)
        for _ in range(60):
            story, _frames = desk._attempt(name, ["رأس الغار"], DAY)
            assert story.topic == name
        assert topic.tags
        assert len(topic.events) >= 4


def test_verbs_agree_with_who_speaks() -> None:
    for piece in PIECES:
        for paragraph in piece.story.paragraphs:
            if opening := re.match(r"و(قال|قالت|أعلن|أعلنت|أكد|أكدت|أوضح|أوضحت) (\S+)", paragraph):
                verb, subject = opening.groups()
                if subject in ("رئيس", "مدير", "وزير", "مدرب", "قائد", "نقيب", "أمين"):
                    assert not verb.endswith("ت"), paragraph
                if subject in ("رئيسة", "مديرة", "وزيرة", "مدربة", "قائدة", "نقيبة", "أمينة"):
                    assert verb.endswith("ت"), paragraph


def test_an_unreadable_table_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "lines", lambda name: ("== event", "X what is this"))
    grammar.topic.cache_clear()
    with pytest.raises(ValueError, match="what is this"):
        grammar.topic("broken")


def test_reprinting_keeps_the_caption() -> None:
    story = PIECES[0].story
    assert reprint(story).caption == story.caption
