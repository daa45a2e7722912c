"""What the names that designers give to elements say of the lines around a story: date, byline, tags, breadcrumb."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from newscrawl.extraction.elements import furniture

_LEVELS = 5
_LABEL_ATTRIBUTES = furniture.LABEL_ATTRIBUTES | {"itemprop", "rel"}


class Role:
    """What a line near the headline may be: bits of an int (enum's flags are too slow for every element)."""

    NONE = 0
    SUBTITLE = 1
    AUTHOR = 2
    DATE = 4
    TAG = 8
    CRUMB = 16
    CATEGORY = 32
    CAPTION = 64
    STANDFIRST = 128


_PATTERNS = {
    Role.SUBTITLE: r"sub-?_?title|sub-?_?head|standfirst|stand-first|deck\b|kicker-sub|second-?title|alt-?title",
    Role.AUTHOR: r"author|contributor|columnist|writ(?:er|e-?by|ename)|byline|by-line|reporter|editor-?name|journalist"
    r"|user-?name|katib|kateb|redact"
    r"|(?<![a-z])(?:by|auth|au|credits?|sig|reporters?|(?<!text-)(?<!rich-)(?<!block-)editors?|wname)(?![a-z])",
    Role.DATE: r"date|time|publish|calendar|posted|tarikh|tareekh"
    r"|(?<![a-z])(?:when|dt|tm|stamp|since|clock)(?![a-z])",
    Role.TAG: r"\btags?\b|tags?[-_]|[-_]tags?\b|keyword|hashtag|tag-?cloud|wosom",
    Role.CRUMB: r"breadcrumb|breadcumb|bread-?crumb|crumbs",
    Role.CATEGORY: r"categor|section-?name|post-?cat|cat-?name|sectionof",
    # Names of the paragraph above the body; of near no other line.
    Role.STANDFIRST: r"chapo|sapo\b|teaser|announce|excerpt|summary|abstract"
    r"|(?<![a-z])(?:dek|strap-?line|strap)(?![a-z])",
    Role.CAPTION: r"caption|(?:img|image|photo|pic)-?credit|img-?cap|image-?desc|photo-?desc|pic-?desc",
}
_COMPILED = {role: re.compile(pattern, re.IGNORECASE) for role, pattern in _PATTERNS.items()}


def roles_of(names: str) -> int:
    """The roles that a blank-separated list of class names, ids, paths and the like names in its LONGEST_NAMES."""
    return _roles_of(names[: furniture.LONGEST_NAMES])


@lru_cache(maxsize=furniture.MOST_NAMES)
def _roles_of(names: str) -> int:
    found = Role.NONE
    for role, pattern in _COMPILED.items():
        if pattern.search(names):
            found |= role
    return found


def own_roles(element: etree._Element) -> int:
    """The roles that an element's own attributes name."""
    names = furniture.labels(element, _LABEL_ATTRIBUTES)
    if isinstance(element.tag, str) and "-" in element.tag:
        names = f"{names} {element.tag}"  # <app-author>
    return roles_of(names) if names else Role.NONE


class OwnRoles(dict["etree._Element", int]):
    """The roles that elements of one page name themselves, each asked once: neighbours share most of their boxes."""

    def __missing__(self, element: etree._Element) -> int:
        found = self[element] = own_roles(element)
        return found


def roles(element: etree._Element, own: OwnRoles) -> int:
    """The roles that an element and the boxes around it name, as far as the story's own container."""
    found = Role.NONE
    node: etree._Element | None = element
    for _ in range(_LEVELS):
        if node is None or node.tag in ("body", "article", "main"):
            break
        found |= own[node]
        node = node.getparent()
    return found
