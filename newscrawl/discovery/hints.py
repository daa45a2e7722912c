"""The titles and languages that feeds, sitemaps and listings write, as hints."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree
from lxml import html as lxml_html

from newscrawl.arabic import clean
from newscrawl.discovery.characters import unescaped, whole
from newscrawl.discovery.dates import Clock, moment
from newscrawl.discovery.links import Link

__all__ = ["Clock", "moment", "newest_first", "read_language", "read_title"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_TITLE_LIMIT, _TITLE_READ = 1000, 10_000
#: Tags that stand inside of words; all others part them.
INSIDE_WORDS = frozenset({"b", "i", "em", "strong", "mark", "u", "s", "font", "small", "big", "sub", "sup", "wbr"})
# In a title that was sent for itself nothing is shown as a box, so these are inside of words, too.
_SHOWN_INSIDE = INSIDE_WORDS | {"a", "abbr", "bdi", "bdo", "cite", "code", "del", "ins", "q", "span", "tt"}
_PARTS_WORDS = re.compile(rf"</?(?!(?:{'|'.join(sorted(_SHOWN_INSIDE))})\b)[a-z]", re.IGNORECASE)


def newest_first(links: Iterable[Link]) -> list[Link]:
    """Links by their last date; those without one keep their place after the dated ones."""
    return sorted(links, key=lambda link: (link.latest is None, -moment(link.latest).timestamp() if link.latest else 0))


def read_title(text: str | None) -> str | None:
    """A headline without entities that were escaped twice, without tags, cleaned; None when nothing is left."""
    text = (text or "")[:_TITLE_READ]
    for _ in range(2):
        text = unescaped(text)
    text = whole(text)
    if "<" in text and ">" in text:
        title = lxml_html.fragment_fromstring(_PARTS_WORDS.sub(r" \g<0>", text), create_parent="div")
        etree.strip_elements(title, "script", "style", etree.Comment, etree.ProcessingInstruction, with_tail=False)
        text = title.text_content()
    return " ".join(clean(text).split())[:_TITLE_LIMIT] or None


def read_language(text: str | None) -> str | None:
    """A language tag, or None for what cannot be one."""
    text = (text or "").strip()
    return text if _LANGUAGE.fullmatch(text) else None
