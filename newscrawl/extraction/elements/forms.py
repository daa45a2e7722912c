"""The boxes of a page that ask something of its readers: forms, fields, buttons, calls, suggested questions."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from newscrawl.arabic.sentences import asks, ends_sentence
from newscrawl.extraction.elements import furniture
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.verdicts import Verdict

_MOST_BOX_WORDS = 60
# Live entries and short items have buttons to copy or to hear them.
_MOST_BUTTON_WORDS = 12
_CALL = re.compile(r"\s*(?:اشترك|إشترك|سج[ّ]?ل|ادعم|تبر[ّ]?ع|انضم|حم[ّ]?ل التطبيق)")
_FIELDS = frozenset({"text", "email", "tel", "search", "url"})
_CONTROLS = frozenset({"button", "textarea", "input", "select"})
_SENTENCE = 8


class _Words(dict["etree._Element", int]):
    """The words of boxes, counted once: many controls stand in one box."""

    def __missing__(self, box: etree._Element) -> int:
        return self.setdefault(box, len(text_of(box).split()))


class _Leads(dict["etree._Element", bool]):
    """Whether boxes hold a paragraph or a heading."""

    def __missing__(self, box: etree._Element) -> bool:
        return self.setdefault(box, any(box.find(tag) is not None for tag in ("p", "h2", "h3", "h4")))


class _Talks(dict["etree._Element", bool]):
    """Whether little stands in boxes but controls."""

    def __missing__(self, box: etree._Element) -> bool:
        return self.setdefault(box, _is_talk(box))


def form_boxes(container: etree._Element) -> dict[etree._Element, Verdict]:
    """The small boxes inside a container that ask for something: those around forms, fields, buttons and calls."""
    words = _Words()
    leads = _Leads()
    found = {box for link in container.iter("a") if (box := _box_of_call(link, container, words)) is not None}
    for control in container.iter("form", "button", "input"):
        if control.tag == "input" and control.get("type", "text").lower() not in _FIELDS:
            continue
        most_words = _MOST_BUTTON_WORDS if control.tag == "button" else _MOST_BOX_WORDS
        for box in control.iterancestors():
            if box is container:
                break
            if box.tag in ("div", "section", "form", "table"):
                # A piece of the story has a button, too: a paragraph, a heading, a question to unfold.
                is_prose = control.tag == "button" and (leads[box] or asks(text_of(control)))
                if not is_prose and words[box] < most_words:
                    found.add(box)
                break
    return dict.fromkeys(found | _dialogs(container), Verdict.FORM)


def _dialogs(container: etree._Element) -> set[etree._Element]:
    """The boxes that talk with a reader: suggested questions in buttons, a field for one's own, and what is said of
    them. Prose above the first control belongs to the story."""
    found = set()
    talks = _Talks()
    for control in container.iter("button", "textarea", "input"):
        if control.tag == "input" and control.get("type", "text").lower() not in _FIELDS:
            continue
        if control.tag == "button" and (not asks(text_of(control)) or furniture.unfolds(control)):
            continue
        dialog = None
        for box in control.iterancestors():
            if box is container or box.tag in ("p", "article", "main") or not talks[box]:
                break
            dialog = box
        if dialog is not None:
            found.add(dialog)
    return found


def _is_talk(box: etree._Element) -> bool:
    """Whether little stands in a box but controls, and no sentence above the first of them."""
    words, is_above = 0, True
    inside: etree._Element | None = None
    for event, element in etree.iterwalk(box, events=("start", "end")):
        if event == "start" and element.tag in _CONTROLS and inside is None:
            inside, is_above = element, False
        if event == "end" and element is inside:
            inside = None
        if inside is None:
            text = (element.text if event == "start" else element.tail if element is not box else None) or ""
            words += len(text.split())
            if words > _MOST_BOX_WORDS or (is_above and ends_sentence(text) and len(text.split()) >= _SENTENCE):
                return False
    return True


def _box_of_call(link: etree._Element, container: etree._Element, words: _Words) -> etree._Element | None:
    """The small box around a link that calls to subscribe or to donate, between the paragraphs of a story."""
    box = link.getparent()
    if not _CALL.match(link.text or "") or box is None or box is container or box.tag not in ("div", "section"):
        return None
    holder = box.getparent()
    is_between = holder is not None and sum(1 for _ in islice(holder.iterchildren("p"), 2)) == 2
    return box if is_between and words[box] < _MOST_BOX_WORDS else None
