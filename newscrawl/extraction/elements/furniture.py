"""What class names, ids, roles and tags say of an element: story, furniture, or nothing."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import Any

from lxml import etree

from newscrawl.arabic.sentences import asks, ends_sentence
from newscrawl.tables import read_table

# Characters of an element's names, or of an address, that are looked at, and how many of them are remembered over the
# pages of a crawl: so the memory of it ends at some ten megabytes each, whatever sites write there. The longest list of
# classes on the real pages has 506.
LONGEST_NAMES, MOST_NAMES = 2000, 8192
_SPLIT = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SKIPPED_TAGS = frozenset(
    "script style noscript template iframe svg canvas form button select input textarea audio video object embed nav "
    "footer aside figure figcaption picture map head link meta dialog label progress menu option datalist math".split()
)
_HEADING_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
TITLE_TAGS = _HEADING_TAGS | {"h1"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FIRST_OF_FIGURE, _FEWEST_BLANKS_OF_ANSWER = 50, 1
_SHOWN_FROM_WIDTH = re.compile(r"d-(?:sm|md|lg|xl|xxl|print)-\w+(?:-\w+)?")
_FEWEST_PARAGRAPHS, _SHORTEST_PARAGRAPH = 2, 60
# What an embedded post links to: itself.
_POST = re.compile(r"//(?:\w+\.)?(?:twitter|x)\.com/\w+/status/|instagram\.com/(?:p|reel)/|tiktok\.com/@[\w.]+/video/")
_MOST_LINKS_OF_POST = 12
_CALL_BLANKS = 3
LABEL_ATTRIBUTES = frozenset(
    {"class", "id", "data-testid", "data-hook", "data-component", "data-e2e", "aria-labelledby"}
)
_FURNITURE_ROLES = frozenset(
    {
        "navigation",
        "banner",
        "contentinfo",
        "complementary",
        "search",
        "dialog",
        "alert",
        "menu",
        "menubar",
        "toolbar",
        "tablist",
        "form",
    }
)


@cache
def _table(name: str) -> frozenset[str]:
    return frozenset(line.strip() for line in read_table("newscrawl.extraction", name))


@lru_cache(maxsize=MOST_NAMES)
def _words(name: str) -> tuple[str, ...]:
    return tuple(w for w in _SPLIT.split(_CAMEL.sub("-", name).lower()) if w)


@lru_cache(maxsize=MOST_NAMES)
def _is_furniture_name(name: str) -> bool:
    words = _words(name)
    table = _table("furniture_names.txt")
    if any(w in table for w in words):
        return True
    return any(f"{a}-{b}" in table for a, b in pairwise(words))


@lru_cache(maxsize=MOST_NAMES)
def _is_body_name(name: str) -> bool:
    """Whether a name is one of the table's, or ends in one of two or three words: prefixes are a framework's."""
    table = _table("body_names.txt")
    words = [word for word in _words(name) if not word.isdigit()]
    if "-".join(words) in table:
        return True
    ends = ("-".join(words[-length:]) for length in (2, 3) if len(words) > length)
    return any(end in table for end in ends) and not _is_furniture_name(name)


@lru_cache(maxsize=MOST_NAMES)
def names_furniture(attributes: str) -> bool:
    """Whether any class or id in a blank-separated list names what surrounds a story (related, share, tags ...)."""
    return any(_is_furniture_name(name) for name in attributes.split())


@lru_cache(maxsize=MOST_NAMES)
def names_body(attributes: str) -> bool:
    """Whether any class or id in a blank-separated list names the body of a story."""
    return any(_is_body_name(name) for name in attributes.split())


def labels(element: etree._Element, wanted: frozenset[str] = LABEL_ATTRIBUTES) -> str:
    """What the `wanted` attributes of an element say, as one blank-separated string of LONGEST_NAMES at most."""
    attributes: Any = element.items()
    return " ".join([value for key, value in attributes if key in wanted])[:LONGEST_NAMES]


def is_hidden(element: etree._Element) -> bool:
    """Whether the element's own style hides it; the `hidden` attribute does not count (streamed pages use it)."""
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None and not _is_collapsed(element)


def _is_collapsed(element: etree._Element) -> bool:
    """Whether a hidden element is the rest of a story, which a button shows: whole paragraphs without a link."""
    if len(element) and element[0].tag in TITLE_TAGS:
        return False  # a dialog, or another story
    prose = 0
    for paragraph in element.iterchildren("p"):
        text = "".join(map(str, paragraph.itertext())).strip()
        is_prose = len(text) >= _SHORTEST_PARAGRAPH and ends_sentence(text)
        prose += is_prose and paragraph.find(".//a") is None
    return prose >= _FEWEST_PARAGRAPHS


def is_skipped(element: etree._Element) -> bool:
    """Whether an element's tag never holds prose; a figure with a table does, and a button that is a question."""
    tag = element.tag
    if not isinstance(tag, str) or tag.startswith("amp-"):
        return True
    if tag == "summary":  # a question that unfolds is the story's, a call to go on reading is none
        return (
            not asks(text := " ".join("".join(map(str, element.itertext())).split())) and text.count(" ") < _CALL_BLANKS
        )
    if tag == "blockquote":
        return any(_POST.search(link.get("href", "")) for link in islice(element.iter("a"), _MOST_LINKS_OF_POST))
    if tag not in SKIPPED_TAGS:
        return False
    if tag == "figure":
        return all(inner.tag != "td" for inner in islice(element.iterdescendants(), _FIRST_OF_FIGURE))
    return tag != "button" or not unfolds(element)


def unfolds(button: etree._Element) -> bool:
    """Whether a button unfolds an answer: it is the text of a heading, or asks a question and its answer follows."""
    parent = button.getparent()
    if parent is not None and parent.tag in _HEADING_TAGS:
        return True
    if not asks("".join(map(str, islice(button.itertext(), _FIRST_OF_FIGURE)))):
        return False
    answer = button.getnext()
    if answer is None and parent is not None:
        answer = parent.getnext()
    if (
        answer is None
        or answer.tag in SKIPPED_TAGS
        or next(answer.iter("button", "input", "textarea"), None) is not None
    ):
        return False
    return "".join(map(str, answer.itertext())).count(" ") >= _FEWEST_BLANKS_OF_ANSWER


def judged(element: etree._Element) -> tuple[bool, bool]:
    """(whether an element is not part of the story, whether it holds its body), by tag, role, class, id, itemprop."""
    labelled = []
    is_furniture = is_skipped(element)
    is_body = False
    attributes: Any = element.items()
    for key, value in attributes:
        if key in LABEL_ATTRIBUTES:
            labelled.append(value)
        elif key == "itemprop":
            is_body = "articlebody" in value.lower()
        elif not is_furniture:
            is_furniture = (key == "role" and value in _FURNITURE_ROLES) or (key == "style" and is_hidden(element))
    if not labelled:
        return is_furniture, is_body
    names = " ".join(labelled)[:LONGEST_NAMES]
    names_a_body = names_body(names)
    if not is_furniture:
        is_furniture = names_furniture(names) and not names_a_body
        if "d-none" in names and _hides(names) and not _is_collapsed(element):
            is_furniture = True
    return is_furniture, is_body or names_a_body


class Judgements(dict["etree._Element", tuple[bool, bool]]):
    """What `judged` says of the elements of one page, each of which is judged once."""

    def __missing__(self, element: etree._Element) -> tuple[bool, bool]:
        found = self[element] = judged(element)
        return found


def is_furniture(element: etree._Element) -> bool:
    """Whether an element's tag, role, class or id says that it is not part of the story."""
    return judged(element)[0]


def _hides(names: str) -> bool:
    """Whether Bootstrap's class hides an element on screens of every width."""
    words = names.split()
    return "d-none" in words and not any(map(_SHOWN_FROM_WIDTH.fullmatch, words))
