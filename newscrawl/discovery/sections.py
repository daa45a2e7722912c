"""Section pages: the list of a desk's stories, and its older pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where a publisher's section pages carry links, dates and older pages (CSS selectors).

    `item` is one story's card (None: every link of the page is a card of its own), `date` the element inside it that
    says when. Older pages are found by `next` (the link to the next page) or by `page`, a URL reference with "{n}" that
    is resolved against the section's URL ("?page={n}"), counting from `second` for the second page.
    """

    item: str | None = None
    date: str = "time"
    next: str | None = None
    page: str | None = None
    second: int = 2
