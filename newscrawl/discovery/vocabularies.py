"""What the vocabularies of feeds and sitemaps are called here, however a document names them."""

from __future__ import annotations

import re

# A part of the namespace's address, without scheme, "www." and what stands at its end -> the prefix that is used here;
# "" for what needs none. Publishers write these addresses from memory, so the part that tells them apart is enough.
_VOCABULARIES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), prefix)
    for pattern, prefix in (
        (r"schemas/sitemap-news", "news"),
        (r"schemas/sitemap-\w+", "extra"),
        (r"schemas/sitemap|sitemaps?\.org", ""),
        (r"w3\.org/2005/atom|purl\.org/atom", ""),
        (r"purl\.org/rss/1\.0/modules/content", "content"),
        (r"purl\.org/rss/1\.0/modules/dcterms|purl\.org/dc/terms", "dcterms"),
        (r"purl\.org/(rss/1\.0/modules/dc|dc/elements)", "dc"),
        (r"purl\.org/rss/1\.0/modules/", "extra"),
        (r"purl\.org/rss/|netscape\.com/rdf|backend\.userland\.com|law\.harvard\.edu/(tech/)?rss|rssboard\.org", ""),
        (r"(feedburner\.org|rssnamespace\.org/feedburner)", "feedburner"),
        (r"1999/02/22-rdf-syntax", "rdf"),
        (r"(search\.)?yahoo\.com/mrss", "media"),
        (r"prismstandard\.org", "prism"),
    )
)
# Prefixes that are used for nothing else: where the address beside one is another vocabulary's, it was copied in error.
_OWN_NAMES = {
    **{name: name for name in ("news", "dc", "dcterms", "content", "media", "prism", "feedburner")},
    **dict.fromkeys(("image", "video", "xhtml"), "extra"),
    **dict.fromkeys(("rss", "rss1", "rss10", "rss2", "rss20", "atom", "atom03", "atom10", "sitemap", "sm"), ""),
}


def prefix_of(address: str) -> str | None:
    """The prefix that a namespace has here; None for one that is not known."""
    address = address.strip().lower()
    return next((prefix for pattern, prefix in _VOCABULARIES if pattern.search(address)), None)


class Names:
    """The names of a document's elements and attributes with the usual prefix of their vocabulary ("dc:date").

    Elements without a prefix are what they are called, whatever their default namespace: RSS has none, and publishers
    give it several.
    """

    # Nobody declares more; a document that declares a prefix with every element must not fill the memory.
    _MOST = 100

    def __init__(self) -> None:
        self._prefixes: dict[str, str | None] = {}
        self._known: dict[str, str] = {}
        self._root: str | None = None

    def declare(self, attributes: dict[str, str]) -> None:
        """Take note of the prefixes that a start tag declares."""
        for name, value in attributes.items():
            if name.startswith("xmlns:") and len(self._prefixes) < self._MOST:
                prefix = name.removeprefix("xmlns:")
                self._prefixes[prefix] = _OWN_NAMES.get(prefix, prefix_of(value))
                self._known.clear()

    def of(self, name: str) -> str:
        """The name of an element that is called `name` in the document."""
        if self._root is None:
            self._root = name.partition(":")[0] if ":" in name else ""
        if ":" not in name:
            return name
        found = self._known.get(name)
        if found is None:
            prefix, _, local = name.partition(":")
            usual = self._prefixes.get(prefix)
            if usual is None:
                # Not declared, or declared as something unknown: the document's own vocabulary, or what it says it is.
                usual = "" if prefix == self._root else _OWN_NAMES.get(prefix, prefix)
            found = f"{usual}:{local}" if usual else local
            if len(self._known) < self._MOST:
                self._known[name] = found
        return found
