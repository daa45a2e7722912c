"""What the data of a page's framework say of its story: when it was published, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from newscrawl.extraction.fields import EMBEDDED, Field, RawFields
from newscrawl.extraction.page import embedded
from newscrawl.extraction.page.page import Page

_NO_LETTER = re.compile("[^a-z]+")
_KEYS: dict[str, Field] = {
    **dict.fromkeys(
        "published publishedat publisheddate publishdate publishedon publishtime datepublished firstpublished "
        "firstpublishdate firstpublishedat publicationdate pubdate displaydate date".split(), "published"
    ),
    **dict.fromkeys("createdat created creationdate datecreated".split(), "created"),
    **dict.fromkeys("updatedat modifiedat modified updated lastupdateddate datemodified".split(), "modified"),
    **dict.fromkeys("author authors byline writer writers authorname".split(), "authors"),
}  # fmt: skip
_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d|1[0-9]{9}(?:\d{3})?$")
_MOST_AUTHORS, _LONGEST_NAME = 12, 60


def read(page: Page, title: str | None, fields: RawFields) -> None:
    """Offers what the objects that have the headline for a value say beside it, where no metadata name a date."""
    if not title or fields.of("published"):
        return
    for state in page.states:
        for holder in embedded.walk(state):
            if any(isinstance(value, str) and value.strip() == title for value in holder.values()):
                _offer(holder, fields)


def _offer(holder: dict[str, Any], fields: RawFields) -> None:
    for key, value in holder.items():
        field = _KEYS.get(_NO_LETTER.sub("", key.lower()))
        if field == "authors":
            fields.offer(field, list(_names(value))[:_MOST_AUTHORS], EMBEDDED)
        elif field is not None:
            text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
            if _DATE.match(text):
                fields.offer(field, text, EMBEDDED)


def _names(value: Any) -> Iterator[str]:
    for member in value if isinstance(value, list) else [value]:
        name = member.get("name") if isinstance(member, dict) else member
        if isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME:
            yield name
