"""Raw fields: what each layer offers for each field of the record, in the order in which it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Offer:
    """One layer's answer for one field; the layer is what provenance will name."""

    value: Any
    layer: str


@dataclass(slots=True)
class RawFields:
    """Offers by field, best first. The loader takes the first that stands after cleaning."""

    offers: dict[str, list[Offer]] = field(default_factory=dict)

    def offer(self, name: str, value: Any, layer: str) -> None:
        """Adds an offer; empty strings, empty lists and None are no answer."""
        if isinstance(value, str):
            value = value.strip()
        if value is not None and value != "" and value != []:
            self.offers.setdefault(name, []).append(Offer(value, layer))

    def of(self, name: str) -> list[Offer]:
        """The offers for a field, best first."""
        return self.offers.get(name, [])
