"""Whether a page lists stories and tells none: a section, a tag, an author's page, an archive, a search."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice, takewhile

from lxml import etree

from newscrawl.arabic import fold
from newscrawl.arabic.sentences import is_cut
from newscrawl.extraction.elements.blocks import INLINE_TAGS, Block, text_of
from newscrawl.extraction.layers.headline import Headline
from newscrawl.extraction.page.page import Page
from newscrawl.urls import Site

_BOX_TAGS = frozenset({"div", "li", "tr", "article", "section", "dl", "dd", "td", "a", "figure"})
_LEVELS, _FEWEST_BOXES, _MOST_WORDS_OF_BOX = 4, 4, 90
_FEWEST_WORDS_OF_LINK, _FEWEST_WORDS_OF_PROSE = 3, 8
# A story is more than two sentences beside its cards; a section's name has three words, a headline more.
_MOST_PROSE, _FEWEST_LINKS, _MOST_WORDS_OF_LABEL = 60, 5, 3
_MOST_LINKS = 400
_FEWEST_VERSES, _MOST_WORDS_OF_VERSE = 4, 14
# What WordPress and others call the body of a page, and what such pages are headed.
_KINDS = frozenset({"archive", "category", "tag", "author", "search", "search-results", "home", "blog", "date"})
_STORY_KINDS = frozenset({"single", "single-post", "article", "post-template-default"})
_AGE = re.compile(r"(?:^|\s)(?:منذ|قبل)\s+(?:\d+\s+)?(?:ثا?ني|دق|ساع|يوم|[أا]يام|[أا]سبوع|شهر)|^\d{1,2}:\d\d$")
_CUT = re.compile(r"…|\.\.\.")
_LABEL = re.compile(
    r"^(?:(?:وسم|الوسم|وسوم|تصنيف|التصنيف|قسم|القسم|[أا]رشيف|الكاتب|كاتب|نتائج البحث|نتيجه البحث|كل الاخبار"
    r"|اخر الاخبار|احدث الاخبار|الاخبار العاجله|tag|category|archives?|author|search)(?:\s|$)"
    # What a headline may begin with, too.
    r"|(?:عاجل|مقالات|جميع|بحث|ملف|منتدي)(?:\s+\S+){0,3}$)"
)


def is_listing(page: Page, headline: Headline | None, blocks: Iterable[Block]) -> bool:
    """Whether what was kept of a page are the announcements of a listing.

    What says that it is an article is none. A listing says so itself, or all that was kept stands in boxes alike that
    each lead to another story, or the page has a label for a headline, little prose and many links to stories.
    """
    kept = [block for block in blocks if block.dropped is None]
    if kept and headline is not None and _LABEL.match(fold(headline.text)):
        ages = sum(_AGE.search(block.text) is not None for block in kept)
        if ages >= _FEWEST_BOXES and 3 * ages > len(kept):
            return True  # flashes, each with its age
    if not kept or _says_story(page) or _are_verses(kept):
        return False
    site = Site(page.host)
    prose = [block for block in kept if block.words >= _FEWEST_WORDS_OF_PROSE]
    if all(_announces(block, prose, page, site) for block in prose):
        return bool(prose) or _leads_on(page, site)
    words = sum(block.words for block in prose)
    if words > _MOST_PROSE or not _leads_on(page, site):
        return False
    return _says_listing(page) or headline is None or _is_label(headline, page, site)


def _are_verses(kept: list[Block]) -> bool:
    """Whether most lines are short, say no number, lead nowhere and stand in one box: a poem."""
    lines = [block for block in kept if block.kind in ("paragraph", "row") and not block.links]
    lines = [block for block in lines if block.words <= _MOST_WORDS_OF_VERSE and not any(map(str.isdigit, block.text))]
    texts: dict[etree._Element, str] = {}
    boxes = Counter(_holder(line, texts) for line in lines)
    return max(boxes.values(), default=0) >= max(_FEWEST_VERSES, len(kept) // 2)


def _holder(block: Block, texts: dict[etree._Element, str]) -> etree._Element | None:
    """The box in which a line stands beside others. `texts` keeps those of boxes, which many lines ask for."""
    if block.kind == "row":
        return next(block.element.iterancestors("table"), None)
    element: etree._Element | None = block.shown_by if block.shown_by is not None else block.element
    while element is not None:
        if element.tag not in INLINE_TAGS and element.tag != "br":
            if element not in texts:
                texts[element] = text_of(element)
            if texts[element] != block.text:
                break
        element = element.getparent()
    return element


def _says_story(page: Page) -> bool:
    if (page.first_meta("og:type") or "").lower() == "article" or page.first_meta("article:published_time"):
        return True
    body = page.root.find("body")
    kinds = set((body.get("class") or "").lower().split()) if body is not None else set()
    return bool(kinds & _STORY_KINDS)


def _says_listing(page: Page) -> bool:
    body = page.root.find("body")
    return body is not None and bool(set((body.get("class") or "").lower().split()) & _KINDS)


def _is_label(headline: Headline, page: Page, site: Site) -> bool:
    """Whether a headline is a section's name, or that of one of the stories that the page leads to."""
    element, text = headline.element, headline.text
    if text.count(" ") < _MOST_WORDS_OF_LABEL or _LABEL.match(fold(text)):
        return True
    links = [*element.iterancestors("a"), *(link for link in element.iter("a") if text_of(link) == text)]
    return any(_leads_away(link, page, site) for link in links)


def _announces(block: Block, prose: list[Block], page: Page, site: Site) -> bool:
    """Whether a block stands alone in one of several boxes alike of few words that lead to another story each."""
    element = block.shown_by if block.shown_by is not None else block.element
    for box in (element, *islice(element.iterancestors(), _LEVELS)):
        if box.tag not in _BOX_TAGS:
            continue
        holder = box.getparent()
        if holder is None or box.tag == "body":
            return False
        name = box.get("class")
        alike = [other for other in holder.iterchildren(str(box.tag)) if other.get("class") == name]
        if len(alike) >= _FEWEST_BOXES and len(text_of(box).split()) <= _MOST_WORDS_OF_BOX:
            inside = set(box.iter())
            is_alone = sum(other.element in inside or other.shown_by in inside for other in prose) < 2
            leading = sum(_leads_or_is_cut(other, page, site) for other in alike)
            return is_alone and 2 * leading > len(alike) and _leads_or_is_cut(box, page, site)
    return False


def _leads_or_is_cut(box: etree._Element, page: Page, site: Site) -> bool:
    """Whether a box links a headline to its story, or an excerpt that is cut to what goes on."""
    links = [box] if box.tag == "a" else [*box.iterdescendants("a"), *islice(box.iterancestors("a"), 1)]
    away = [link for link in links if _leads_away(link, page, site) and not _is_in_furniture(link, box)]
    if any(len(text_of(link).split()) >= _FEWEST_WORDS_OF_LINK for link in away):
        return True
    text = text_of(box)
    return is_cut(text) if not away else _CUT.search(text) is not None


def _is_in_furniture(link: etree._Element, box: etree._Element) -> bool:
    around = takewhile(lambda holder: holder is not box, link.iterancestors())
    return any(holder.tag in ("aside", "nav", "footer") for holder in around)


def _leads_away(link: etree._Element, page: Page, site: Site) -> bool:
    """Whether a link leads to another page of the site: not to a part of this one, nor to a sharer or a file."""
    href = (link.get("href") or "").strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")) or site.is_left_by(href):
        return False
    target = page.absolute(href)
    return target is not None and target.partition("#")[0] != page.url.partition("#")[0]


def _leads_on(page: Page, site: Site) -> bool:
    """Whether a page has many links of a headline's length to other pages of its site."""
    found = set()
    for link in page.tagged("a")[:_MOST_LINKS]:
        if len(text_of(link).split()) >= _FEWEST_WORDS_OF_LINK and _leads_away(link, page, site):
            found.add(link.get("href"))
    return len(found) >= _FEWEST_LINKS
