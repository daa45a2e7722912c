"""Raw fields: what each layer offers for each field of the record, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Offer(NamedTuple):
    """One layer's answer for one field; the layer is what provenance will name."""

    value: Any
    layer: str


@dataclass(slots=True)
class RawFields:
    """Offers by field, best first. The loader takes the first that stands after cleaning."""

    offers: dict[str, list[Offer]] = field(default_factory=dict)
    deferred: dict[str, tuple[Callable[[], Any], str]] = field(default_factory=dict)

    def offer(self, name: str, value: Any, layer: str) -> None:
        """Adds an offer; empty strings, empty lists and None are no answer."""
        if isinstance(value, str):
            value = value.strip()
        if value is not None and value != "" and value != []:
            self.offers.setdefault(name, []).append(Offer(value, layer))

    def defer(self, name: str, find: Callable[[], Any], layer: str) -> None:
        """Sets who is asked for the last offer, when none of the others stands."""
        self.deferred[name] = (find, layer)

    def each(self, name: str) -> Iterator[Offer]:
        """The offers for a field, best first; the deferred one is looked for only when it is reached."""
        yield from self.of(name)
        if name in self.deferred:
            known = len(self.of(name))
            find, layer = self.deferred.pop(name)
            self.offer(name, find(), layer)
            yield from self.of(name)[known:]

    def of(self, name: str) -> list[Offer]:
        """The offers for a field that have been made, best first."""
        return self.offers.get(name, [])
