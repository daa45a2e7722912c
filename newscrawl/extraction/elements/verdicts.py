"""Why a block is not the story: the verdicts of the nets, each with the sentence that explains it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Verdict(StrEnum):
    """What a net found a block to be; `why` is the sentence for those who read the page with us."""

    why: str

    def __new__(cls, name: str, why: str) -> Self:
        verdict = str.__new__(cls, name)
        verdict._value_ = name
        verdict.why = why
        return verdict

    # Boxes that are left out before anything in them is read.
    RULE = "rule", "a drop rule of the publisher"
    STRUCTURE = "structure", "its tag, role, class or id names what surrounds a story"
    CARD_BOX = "card box", "one of several boxes alike that announce other stories"
    COMMENTS = "comments", "readers' comments"
    FORM = "form", "a small box that asks for something: a form, a field, a button, a call to subscribe"
    # Lines of the story's own box.
    PHRASE = "phrase", "a phrase of tables/boilerplate.tsv"
    LINK = "link", "a line that is a link to something else"
    CARD = "card", "the excerpt in a card of another story"
    BOX = "box", "stands in one small box with a phrase, or above nothing but links"
    #: Names the agencies of a story, or its writer: they count though the line does not.
    CREDIT = "credit", "names the agencies or the writer of the story at its end"
    REPEATS = "repeats", "the headline or a caption again"
    #: Whether a line is taken depends on when the page was read: dedup.lineage sees to it that this makes no version.
    LEARNED = "learned", "recurs on this publisher's pages"
    COPY = "copy", "says again what stands elsewhere in the body"
    ORNAMENT = "ornament", "no letter, no digit"
    EMPTY_HEADING = "heading of nothing", "a sub-heading with no text below it"
    AFTER_THE_END = "after the end", "stands after what ends a story"
    NOTICE = "notice", "a disclaimer or a rule for comments, at the end"
    COUNTER = "counter", "counts readers, or tells the temperature"
    CONTACT = "contact", "an address, initials, a number, or who the author is, at the end"
    LISTING = "listing", "announces a story: the page lists stories and tells none"
    # Lines around the story.
    BEFORE_THE_HEADLINE = "before the headline", "stands before the headline"
    PREAMBLE = "preamble", "stands before the first sentence"
    STANDFIRST = "standfirst", "the standfirst, shown apart"
    BYLINE = "byline", "a byline"
    DATE = "date", "a line that says the date"
    CAPTION = "caption", "stands right below a picture"
