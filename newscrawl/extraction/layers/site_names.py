"""How a site calls itself on its own pages: names that are nobody's, and no part of a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from newscrawl.arabic import fold
from newscrawl.arabic.names import names_in
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.wording import LINE_PARTS, is_person
from newscrawl.extraction.page.linked_data import text, types
from newscrawl.extraction.page.outline import outermost
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.source import Source

_LONGEST, _FEWEST_BLANKS = 5, 3
_FIRST_LINKS = 30
_HOME = frozenset(map(fold, ("الرئيسية", "الصفحة الرئيسية", "رئيسية", "الرئيسيه", "Home", "البداية")))
_MOST_HEADINGS, _MOST_LESSER = 20, 200
_KINDS = frozenset({"Organization", "NewsMediaOrganization", "WebSite"})
_LAST_TEXTS, _LONGEST_NOTICE = 40, 120
_LOGO = re.compile(r"\b(?:logo|site-?title|site-?name)\b", re.IGNORECASE)
_RIGHTS = re.compile(r"©|حقوق\s|\bcopyright\b|all rights", re.IGNORECASE)
_NOTICE_PARTS = re.compile(r"\s*[|،,.–—:]\s*|\s*-\s+|\s+-\s*")
_NOTICE_WORD = re.compile(
    r"©|\(c\)|(?<!\w)(?:جميع|كافة|كل|حقوق|الحقوق|النشر|والنشر|الطبع|الملكية|الفكرية|محفوظة|محفوظه|محفوظ|لـ|لدى|لموقع|لصحيفة|لجريدة"
    r"|لوكالة|لشبكة|لقناة|لمجلة|لبوابة|ل|copyrights?|all|rights?|reserved|by|the|[\d٠-٩]+م?)(?!\w)",
    re.IGNORECASE,
)
_SITE_WORD = re.compile(r"\s*(?:وكالة|صحيفة|جريدة|موقع|قناة|شبكة|بوابة|إذاعة|مجلة|يومية|تلفزيون)\s")


def _is_person(node: dict[str, Any]) -> bool:
    """Whether an organisation is a person, too, as Yoast says of whom a site belongs to."""
    return "Person" in types(node)


def site_names(page: Page, node: dict[str, Any] | None, source: Source | None) -> frozenset[str]:
    """How the site calls itself, folded: og:site_name, the publisher's names, the JSON-LD publisher, the
    notice of its rights, the host."""
    names = [page.first_meta("og:site_name", "application-name", "apple-mobile-web-app-title") or ""]
    if node is not None:
        for key in ("publisher", "sourceOrganization"):
            holder = page.json_ld.resolve(node.get(key))
            names += [text(holder.get("name"))] if isinstance(holder, dict) else []
    names += [text(node.get("name")) for node in page.json_ld.nodes if types(node) & _KINDS and not _is_person(node)]
    if source is not None:
        names += [source.publisher.name, source.publisher.name_en, *source.own_names]
    plate = next(_home_links(page), "")
    names.append(plate)
    owners = list(_owners(page))
    others = [*_plates(page), *(name for name in owners if not is_person(name))]
    titled = _in_title(page, plate, frozenset(map(fold, others)))
    others += [name for name in titled if name in owners]  # a site may be called like a person
    is_known = any(names)
    # "headline | columnist | paper"
    is_last = [not is_known and at + 1 == len(titled) for at in range(len(titled))]
    names += [n for n, last in zip(titled, is_last, strict=True) if not names_in(n) or (last and not is_person(n))]
    names += others
    host = page.host.removeprefix("www.")
    names += [host, host.partition(".")[0]]
    return frozenset(folded for name in names if (folded := fold(name)))


def _home_links(page: Page) -> Iterator[str]:
    """The text of links to the home page that are no label: a site's name plate."""
    addresses = ("/", f"https://{page.host}/", f"http://{page.host}/")
    for link in page.tagged("a")[:_FIRST_LINKS]:
        if link.get("href") in addresses:
            text = text_of(link)
            if text and text.count(" ") < _LONGEST and fold(text) not in _HOME:
                yield text


def _plates(page: Page) -> Iterator[str]:
    """The texts of the headings that are named as the logo themselves."""
    for heading in page.tagged("h1")[:_MOST_HEADINGS]:
        if _LOGO.search(f"{heading.get('class', '')} {heading.get('id', '')}"):
            yield text_of(heading)


def _owners(page: Page) -> Iterator[str]:
    """Whose rights the notices at the end of the page reserve: "© 2026 جميع الحقوق محفوظة لموقع المشرق"."""
    for notice, _ in page.texts[-_LAST_TEXTS:]:
        if len(notice) <= _LONGEST_NOTICE and _may_reserve(notice) and _RIGHTS.search(notice):
            for part in _NOTICE_PARTS.split(notice):
                name = " ".join(_NOTICE_WORD.sub(" ", part).split())
                if name and name.count(" ") < _LONGEST:
                    yield name


def _may_reserve(notice: str) -> bool:
    """What all that _RIGHTS finds has in it, asked first: it is asked of the last lines of every page."""
    return "©" in notice or "حقوق" in notice or "right" in notice.lower()


def _in_title(page: Page, plate: str, known_names: frozenset[str]) -> list[str]:
    """What <title> adds to the headline of the page: the site's names, and sections; `plate` is its name plate,
    `known_names` (folded) are what its logo and its notices call it."""
    title = page.title.replace("::", "|")
    if plate and title.startswith(plate) and title[len(plate) :].lstrip().startswith((":", "|", "»", "-", "–")):
        return [plate]
    if _SITE_WORD.match(title):
        title = title.replace(" : ", " | ", 1)
    headlines = [text_of(heading) for heading in outermost(page.tagged("h1")[:_MOST_HEADINGS])]
    headlines += page.meta.get("og:title", ())
    if not headlines:
        lesser = map(text_of, islice(page.root.iter("h2", "h3"), _MOST_LESSER))
        headlines += islice((text for text in lesser if text.count(" ") >= _FEWEST_BLANKS and text in title), 1)
    known = max((" ".join(h.split()) for h in headlines if " ".join(h.split()) in title), key=len, default="")
    if known == title:
        return []
    if known:
        parts = LINE_PARTS.split(title.replace(known, " | "))
    else:
        parts = LINE_PARTS.split(title)
        headings = set(map(fold, headlines))
        others = [part for part in parts if fold(part) not in headings]
        first, colons, rest = page.title.partition("::")
        if colons and first.count(" ") < min(_LONGEST, rest.count(" ")):
            return [first]
        if len(others) == len(parts) and _SITE_WORD.match(parts[0]) and parts[0].count(" ") < _LONGEST:
            return parts[:1]
        named = [part for part in parts if fold(part) in known_names]
        parts = named or (others if len(others) < len(parts) else parts[1:])
    return [bare for part in parts if (bare := part.strip(" -–—|•·:")).count(" ") < _LONGEST]
