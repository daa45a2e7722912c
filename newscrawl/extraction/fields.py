"""Raw fields: what each layer offers for each field of the record, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, NamedTuple

#: What provenance calls the layers; a publisher's rules go by Rules.label ("rule:2026-08").
JSON_LD, OPEN_GRAPH, META, MICRODATA = "json-ld", "open-graph", "meta", "microdata"
RULE, GENERIC, EMBEDDED, FEED, URL = "rule", "generic", "embedded", "feed", "url"
#: What provenance says of a field that is left out because reading it raised.
ERROR = "error"
#: What a user's own spider adds to its loader; no layer of the page, and before all of them.
SPIDER = "spider"

#: What layers offer: fields of the record, and what tells them (a "byline" authors and agencies, a "credit_line" ...).
Field = Literal[
    "any_caption", "author_box", "authors", "breadcrumb", "byline", "canonical", "caption", "changed", "created",
    "credit_line", "date_below", "dateline", "free", "header_date", "headline", "image", "keywords", "loose_date",
    "modified", "opening", "pictures", "published", "section", "signed", "subtitle", "tags", "title", "town_and_name",
    "updated", "visible_date",
]  # fmt: skip


def is_rule(layer: str) -> bool:
    """Whether a layer is a publisher's rules, of whichever month."""
    return layer == RULE or layer.startswith(f"{RULE}:")


class Offer(NamedTuple):
    """One layer's answer for one field; the layer is what provenance will name."""

    value: Any
    layer: str


class _Search(NamedTuple):
    """A search that was put off: what makes its offers, and before which later offers they stand, by field."""

    run: Callable[[RawFields], None]
    places: dict[Field, int]


@dataclass(slots=True)
class RawFields:
    """Offers by field, best first. The loader takes the first that stands after cleaning."""

    _offers: dict[Field, list[Offer]] = field(default_factory=dict)
    _searches: dict[Field, _Search] = field(default_factory=dict)
    #: What raised, by the part of the reading that it was making offers for: its offers are left out.
    failures: dict[str, Exception] = field(default_factory=dict)
    _is_closed: bool = False

    @contextmanager
    def spared(self, part: str) -> Iterator[None]:
        """Keeps the rest of a reading from what raises inside: noted in `failures` under the name of the part."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the page is worth more
            self.failures[part] = error

    def offer(self, name: Field, value: Any, layer: str) -> None:
        """Adds an offer; empty strings, empty lists and None are no answer. Raises RuntimeError once closed."""
        if self._is_closed:
            raise RuntimeError(f"{layer} offers {name} after the reading of the page")
        if isinstance(value, str):
            value = value.strip()
        if value is not None and value != "" and value != []:
            self._offers.setdefault(name, []).append(Offer(value, layer))

    def defer(self, run: Callable[[RawFields], None], *names: Field) -> None:
        """Puts a search off that offers values for `names`, until one of them is asked for and those before have not
        been enough. Its offers stand where they would if it had been made at once; a name has one search at most.

        `run` is given these fields: to hold them itself would close a circle around the page's tree.
        """
        search = _Search(run, {name: len(self._offers.get(name, ())) for name in names})
        self._searches.update(dict.fromkeys(names, search))

    def close(self) -> None:
        """Takes no more offers, but those of searches that were put off."""
        self._is_closed = True

    def each(self, name: Field) -> Iterator[Offer]:
        """The offers for a field, best first; a search that was put off is made only when it is reached."""
        place = 0
        if name in self._searches:
            place = self._searches[name].places[name]
            yield from self._offers.get(name, [])[:place]
        yield from islice(self.of(name), place, None)

    def of(self, name: Field) -> list[Offer]:
        """All offers for a field, best first."""
        if name in self._searches:
            self._make(self._searches[name])
        return self._offers.get(name, [])

    def every(self) -> dict[Field, list[Offer]]:
        """All offers by field."""
        while self._searches:
            self._make(next(iter(self._searches.values())))
        return self._offers

    def _make(self, search: _Search) -> None:
        later = {}
        for name, place in search.places.items():
            del self._searches[name]
            later[name] = self._offers.get(name, [])[place:]
            del self._offers.get(name, [])[place:]
        is_closed, self._is_closed = self._is_closed, False
        with self.spared(next(iter(search.places))):
            search.run(self)
        self._is_closed = is_closed
        for name, offers in later.items():
            if offers:
                self._offers.setdefault(name, []).extend(offers)
