"""Scrapy's own feeds of items (`-o articles.csv`, FEEDS): CSV as `export --csv` writes it, and XML without "None"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from scrapy.exporters import CsvItemExporter, XmlItemExporter

from newscrawl.cli.tabular import cell
from newscrawl.items import Article


def _plain(value: Any) -> Any:
    """A value with plain dictionaries in the place of records."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


class ArticlesAsCsv(CsvItemExporter):
    """Cells of articles as `newscrawl export --csv` has them: JSON where a value has parts. Other items as usual."""

    _has_articles = False

    def export_item(self, item: Any) -> None:
        self._has_articles = isinstance(item, Article)
        super().export_item(item)

    def serialize_field(self, field: Mapping[str, Any], name: str, value: Any) -> Any:
        if self._has_articles and "serializer" not in field:
            return cell(_plain(value))
        return super().serialize_field(field, name, value)


class ItemsAsXml(XmlItemExporter):
    """Nothing in the place of a null, elements in the place of a record."""

    def _export_xml_field(self, name: str, serialized_value: Any, depth: int) -> None:
        value = "" if serialized_value is None else _plain(serialized_value)
        super()._export_xml_field(name, value, depth)
