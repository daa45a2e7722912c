"""An ItemLoader whose fields are answered in layers: by the spider, then by what was offered, best first.

`<field>_in` and `<field>_out` are the processors of a field, as in any item loader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from itemadapter import ItemAdapter
from itemloaders import ItemLoader
from itemloaders.processors import TakeFirst
from itemloaders.utils import arg_to_iter, get_func_args
from parsel import Selector

from newscrawl.extraction.fields import SPIDER, Offer

_NOTHING: tuple[Any, ...] = (None, "", [])
_CONTEXT = "loader_context"


class LayeredLoader(ItemLoader):
    """What is added (add_value, add_css ...) comes before the offers, which are asked for one after the other.

    The first offer of which the processors leave something wins. While a processor runs, `context["layer"]` names the
    layer whose value it is, "spider" for what was added; `layers` says by field which won.
    """

    default_output_processor = TakeFirst()

    def __init__(
        self, item: Any = None, selector: Selector | None = None, parent: ItemLoader | None = None, **context: Any
    ) -> None:
        super().__init__(item, selector, parent, **{"layer": SPIDER, **context})
        self.layers: dict[str, str] = parent.layers if isinstance(parent, LayeredLoader) else {}

    def offers(self, field_name: str) -> Iterable[Offer]:
        """What the layers offer for a field, best first: by a method `<field>_offers`, where there is one."""
        own: Callable[[], Iterator[Offer]] | None = getattr(self, f"{field_name}_offers", None)
        return own() if own is not None else ()

    def get_output_value(self, field_name: str) -> Any:
        """What was added, else the first offer of which the processors leave something; None without one."""
        if collected := self._values.get(field_name):
            value = self._shape(field_name, collected)
            if value not in _NOTHING:
                self.layers[field_name] = SPIDER
                return value
        try:
            for offer in self.offers(field_name):
                self.context["layer"] = offer.layer
                taken = self._process_input_value(field_name, arg_to_iter(offer.value))
                value = self._shape(field_name, list(arg_to_iter(taken)))
                if value not in _NOTHING:
                    if offer.layer:
                        self.layers[field_name] = offer.layer
                    return value
        finally:
            self.context["layer"] = SPIDER
        return None

    def _get_item_field_attr(self, field_name: str, key: Any, default: Any = None) -> Any:
        item_class: type = type(self.item)
        return _field_meta(item_class, field_name).get(key, default)

    def _process_input_value(self, field_name: str, value: Any) -> Any:
        return self._process(self.get_input_processor(field_name), f"{field_name}_in", value)

    def _shape(self, field_name: str, values: list[Any]) -> Any:
        return self._process(self.get_output_processor(field_name), f"{field_name}_out", values)

    def _process(self, processor: Callable[..., Any], name: str, value: Any) -> Any:
        """What a processor makes of a value; ValueError, naming it, for what it raises."""
        if _takes_context(getattr(processor, "__func__", processor)):
            processor = partial(processor, **{_CONTEXT: self.context})
        try:
            return processor(value)
        except Exception as error:
            raise ValueError(f"{type(self).__name__}.{name} fails on {value!r}: {error!r}") from error


@cache
def _field_meta(item_class: type, field_name: str) -> Mapping[str, Any]:
    """Asked twice for every field of every page."""
    return ItemAdapter.get_field_meta_from_class(item_class, field_name)


@cache
def _takes_context(processor: Callable[..., Any]) -> bool:
    """Asked of functions and of processors that a class holds, never of a loader's method: that holds a page."""
    return _CONTEXT in get_func_args(processor)
