"""Titles without the site's names."""

from __future__ import annotations

import re
from collections.abc import Container

from newscrawl.arabic import clean, fold

#: Folded, what a bread crumb calls the site's front page.
HOME = frozenset(fold(name) for name in ("الرئيسية", "الصفحة الرئيسية", "رئيسية", "Home", "الرئيسيه", "أخبار الآن"))
_SUFFIX = re.compile(r"\s+[|\-–—:»«·•]{1,2}\s+|\s*\|\s*|\s+::\s+")
_DAY_AT_END = re.compile(r"\s+\d{1,2}[/-]\d{1,2}[/-]\d{4}$")


def bare_title(text: str, names: Container[str], *, is_shown: bool) -> str | None:
    """A title without the site's `names` (folded) around it; None where nothing is left. Of one that `is_shown` to
    readers the bars and the day are its own."""
    title = " ".join(clean(text).split())
    if not is_shown:
        title = _DAY_AT_END.sub("", title)
    for _ in range(2):
        parts = _SUFFIX.split(title)
        if len(parts) < 2:
            break
        if len(parts) > 2 and "|" in title and not is_shown:
            return max(parts, key=len)
        if fold(parts[-1]) in names:
            title = title[: title.rindex(parts[-1])].rstrip(" |-–—:»«·•")
        elif fold(parts[0]) in names:
            title = title[title.index(parts[0]) + len(parts[0]) :].lstrip(" |-–—:»«·•")
        else:
            break
    return title if title and fold(title) not in names else None
