"""The box of the story on a page, and what stands anywhere in it: tags, captions, the box of its writer."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice

from lxml import etree

from newscrawl.arabic import fold, parse_byline
from newscrawl.arabic.names import names_in
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.cards.teasers import Teasers
from newscrawl.extraction.elements.roles import OwnRoles, Role
from newscrawl.extraction.elements.wording import WRITERS_ROLE
from newscrawl.extraction.layers.keywords import bare_tag
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.page.selectors import owners

# Boxes that a page names after tags; the largest pages have a hundredth of them.
_MOST_NAMED = 1000
_TAG_IDS = owners("descendant::*/@id[contains(.,'tag') or contains(.,'eyword')]", most=_MOST_NAMED)
_AUTHOR_PATH = re.compile(r"/(?:author/|writer|contributor|columnist|journalist|reporter)")
_ABOUT_WRITER = frozenset(
    map(fold, ("عن الكاتب", "عن الكاتبة", "نبذة عن الكاتب", "نبذة عن الكاتبة", "حول الكاتب", "عن المؤلف"))
)
_ALL_BY = re.compile(
    r"(?:عرض |شاهد )?(?:جميع|كل|كافة|المزيد من)\s+(?:ال)?(?:مقالات|مواضيع|موضوعات|تدوينات|مشاركات|منشورات)"
)
_LONGEST_LABEL, _NEXT_TEXTS, _TEXTS_OF_CARD = 20, 3, 4
_LEVELS = 5
_MOST_CAPTIONS, _MOST_TAGS = 16, 40


def _is_tag_link(link: etree._Element) -> bool:
    rel = link.get("rel", "")
    return "tag" in rel and "category" not in rel


def _leads_to_author(link: etree._Element) -> bool:
    return "author" in link.get("rel", "") or _AUTHOR_PATH.search(link.get("href", "")) is not None


def _says_what_he_is(text: str) -> bool:
    line = " ".join(text.split())
    return WRITERS_ROLE.match(line) is not None or _ALL_BY.match(line) is not None


class StoryBox:
    """What the box around a headline holds; nothing where there is no headline."""

    def __init__(self, page: Page, headline: etree._Element | None, teasers: Teasers, own_roles: OwnRoles) -> None:
        self._page = page
        self._headline = headline
        self._teasers = teasers
        self._own_roles = own_roles

    @cached_property
    def element(self) -> etree._Element:
        """The box that holds headline and story: the article or main around the headline, or a few boxes up."""
        node = self._page.root
        if self._headline is not None:
            for level, node in enumerate(self._headline.iterancestors()):
                if node.tag in ("article", "main", "body") or level >= _LEVELS:
                    break
        return node

    def tags(self) -> list[str]:
        """The links of the first box near the story that is named after tags, or links that say rel=tag."""
        if self._headline is None:
            return []
        named = [e for e, names in self._page.outline.classed if "tag" in names or "Tag" in names or "eyword" in names]
        others = [*_TAG_IDS(self._page.root), *filter(_is_tag_link, self._page.tagged("a"))]
        if others:
            chosen = {*named, *others}
            named = [element for element in self._page.outline.parents if element in chosen]
        inside = set(self.element.iterdescendants()) if named else set()
        boxes = [element for element in named if element in inside] or named
        for box in sorted(boxes, key=lambda box: box.tag == "a"):  # one tag by itself may stand anywhere
            if not self._own_roles[box] & Role.TAG or box.tag in ("article", "main"):
                continue
            links = [box] if box.tag == "a" else list(box.iterdescendants("a"))
            if 0 < len(links) <= _MOST_TAGS:
                if box.tag == "a":
                    links = [a for a in boxes if a.tag == "a"]
                tags = [text for a in links if (text := bare_tag(text_of(a))) and text.count(" ") < 8]
                return list(dict.fromkeys(tags))
        return []

    def writer(self) -> list[str]:
        """The one writer whom the page shows in a box below or beside the story."""
        return self._linked() or self._announced() or self._carded()

    def _linked(self) -> list[str]:
        """The one writer whose page the story's own box links to, wherever: most often below the story."""
        if self._headline is None:
            return []
        linked = filter(_leads_to_author, self.element.iterdescendants("a"))
        shown = {text: link for link in linked if 1 <= (text := text_of(link)).count(" ") <= 4}
        links = {text: link for text, link in shown.items() if parse_byline(text).persons}  # "كل مقالات الكاتبة"
        return list(links) if len(links) == 1 and not any(map(self._teasers.hold, links.values())) else []

    def _announced(self) -> list[str]:
        """Whom the page's only line "عن الكاتب" announces."""
        texts = self._page.texts
        labels = [
            at for at, (text, _) in enumerate(texts) if len(text) < _LONGEST_LABEL and fold(text) in _ABOUT_WRITER
        ]
        for text, _ in texts[labels[0] + 1 : labels[0] + 1 + _NEXT_TEXTS] if len(labels) == 1 else ():
            name = " ".join(text.split())
            if names_in(name) == [name]:
                return [name]
        return []

    def _carded(self) -> list[str]:
        """Whom the page's only card of a writer names: a box that is called so, with a name, and below it what he is or
        the link to all that he wrote."""
        if not any(map(_says_what_he_is, (text for text, _ in self._page.texts))):
            return []
        found: dict[str, None] = {}
        for box, names in self._page.outline.classed:
            if "omment" in names or not self._own_roles[box] & Role.AUTHOR:
                continue
            shown = (line for text in box.itertext() if (line := " ".join(str(text).split())))
            texts = list(islice(shown, _TEXTS_OF_CARD))
            name, *rest = texts or [""]
            if any(map(_says_what_he_is, rest)) and names_in(name) == [name]:
                found[name] = None
        return list(found) if len(found) == 1 else []

    def captions(self) -> list[str]:
        """The captions of pictures, by tag or name."""
        if self._headline is None:
            return []
        named = {e for e, names in self._page.outline.classed if "aption" in names or "-cap" in names}
        named.update(self._page.tagged("figcaption"))
        inside = self.element.iterdescendants() if named else ()
        found = islice((e for e in inside if e in named), _MOST_CAPTIONS)
        captions = (e for e in found if e.tag == "figcaption" or self._own_roles[e] & Role.CAPTION)
        return [text for e in captions if 3 < len(text := text_of(e)) < 400]
