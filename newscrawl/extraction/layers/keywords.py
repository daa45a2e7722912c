"""Keywords as metadata write them: a list, or one string with whatever sign between them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newscrawl.arabic.references import unescape
from newscrawl.extraction.elements.markup import plain_text

_SIGNS = re.compile(r"\s*[,،，、;؛|•·\n\t]+\s*")
_QUOTED = re.compile(r'"([^"]+)"')
# What some sites write before each keyword for their own search.
_KIND = re.compile(r"(?:tag|keyword|topic|subject)s?:\s*", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n\t]{2,}")
_HASHES = re.compile(r"\s*#")
# Between two words these may as well be part of one keyword; three words parted by one of them are three.
_LOOSE_SIGNS = (re.compile(r"\s+[-–—]\s+"), re.compile(r"\s*/\s*"), re.compile(r"\s+\+\s+"))
_FEWEST = 3


def keywords(values: Iterable[str]) -> list[str]:
    """The keywords in `values`, each of which may be one or many."""
    return [word for value in values for word in _parted(_BLANKS.sub(" ", unescape(plain_text(value))))]


def _parted(value: str) -> list[str]:
    is_list = value.startswith("[") and value.endswith("]") and '"' in value
    parts = _QUOTED.findall(value) if is_list else _SIGNS.split(value)
    if len(parts) == 1 and value.count("#") > 1:
        parts = _HASHES.split(value)
    for sign in _LOOSE_SIGNS:
        if len(parts) == 1 and len(found := sign.split(value)) >= _FEWEST:
            parts = found
    return [word for part in parts if (word := _KIND.sub("", part.strip(), count=1))]
