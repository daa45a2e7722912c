"""What a feed itself tells of a story beside its link: the whole text, writers, categories, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from newscrawl.discovery.hints import read_title
from newscrawl.discovery.links import URL_LIMIT, Link, Told, UnusableError

if TYPE_CHECKING:
    from newscrawl.discovery.entries import Entry

#: Bytes in UTF-8 of the longest text that is kept. A longer one is left out whole: half a story is no story.
TEXT_BYTES = 64 << 10
_MOST_AUTHORS, _MOST_TAGS, _MOST_IMAGES, _LONGEST = 10, 40, 5, 200
# So much shorter than what the feed's other items usually have, a text is the beginning of a longer one.
_FAR_SHORTER, _FEWEST_ITEMS = 0.25, 3
_TAG = re.compile(r"<[^<>]*+>")
_BLANKS = re.compile(r"\s+")
# RSS writes an e-mail address, and the name behind it: "desk@paper.test (ليلى حداد)".
_ADDRESS_AND_NAME = re.compile(r"\S+@\S+\s*\(([^()]{2,100})\)")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)(?:[?#].*)?$", re.IGNORECASE)


def told(text: str | None, authors: Iterable[str], tags: Iterable[str], images: Iterable[str]) -> Told | None:
    """What is told, cleaned and bounded; None where nothing is."""
    if text is not None and (not text.strip() or len(text.encode("utf-8", "replace")) > TEXT_BYTES):
        text = None
    found = Told(
        text,
        _named((_writer(author) for author in authors), _MOST_AUTHORS),
        _named(tags, _MOST_TAGS),
        tuple(dict.fromkeys(image for image in images if len(image) <= URL_LIMIT))[:_MOST_IMAGES],
    )
    return found if found != Told() else None


def told_by(entry: Entry) -> Told | None:
    """What an entry of a feed tells, in RSS with the modules content, dc and media, or in Atom."""
    fields, values = entry.fields, entry.values
    categories = [text for name, text in values if name in ("category", "dc:subject")]
    categories += [
        attributes.get("label") or attributes.get("term", "")
        for name, attributes in entry.elements
        if name == "category"
    ]
    return told(
        fields.get("content:encoded") or fields.get("content"),
        [text for name, text in values if name in ("dc:creator", "author", "name")],
        categories,
        _pictures(entry),
    )


def whole_texts(links: list[Link]) -> list[Link]:
    """The links of one feed, without the texts that are far shorter than the feed's others: those are excerpts."""
    lengths = [_length(link.told.text) for link in links if link.told is not None and link.told.text]
    if len(lengths) < _FEWEST_ITEMS:
        return links
    least = _FAR_SHORTER * median(lengths)
    return [_without_text(link) if _is_told_shorter(link, least) else link for link in links]


def _is_told_shorter(link: Link, least: float) -> bool:
    return link.told is not None and bool(link.told.text) and _length(link.told.text or "") < least


def _without_text(link: Link) -> Link:
    rest = replace(link.told, text=None) if link.told is not None else Told()
    return replace(link, told=rest if rest != Told() else None)


def _length(html: str) -> int:
    return len(_BLANKS.sub(" ", _TAG.sub(" ", html)))


def _named(texts: Iterable[str], most: int) -> tuple[str, ...]:
    names = (read_title(text[: 2 * _LONGEST]) for text in texts)
    return tuple(dict.fromkeys(name for name in names if name and len(name) <= _LONGEST))[:most]


def _writer(text: str) -> str:
    """A writer's name; nothing where there is only an address."""
    text = text[: 2 * _LONGEST]
    match = _ADDRESS_AND_NAME.search(text)
    return match[1] if match else "" if "@" in text else text


def _pictures(entry: Entry) -> list[str]:
    """The pictures that an entry names: what is said to be one, the thumbnails last."""
    found: list[tuple[bool, str]] = []
    for name, attributes in entry.elements:
        if name in ("enclosure", "media:content", "media:thumbnail", "link"):
            href = attributes.get("href") if name == "link" else attributes.get("url")
            if href and _is_picture(name, href, attributes):
                try:
                    found.append((name == "media:thumbnail", entry.resolve(href)))
                except (UnusableError, ValueError):
                    continue
    return [url for _, url in sorted(found, key=lambda one: one[0]) if url.startswith(("http://", "https://"))]


def _is_picture(name: str, href: str, attributes: Mapping[str, str]) -> bool:
    if name == "link" and attributes.get("rel", "").lower() != "enclosure":
        return False
    kind = attributes.get("type", "").lower()
    if name == "media:thumbnail" or attributes.get("medium", "").lower() == "image" or kind.startswith("image/"):
        return True
    return not kind and not attributes.get("medium") and _PICTURE_FILE.search(href) is not None
