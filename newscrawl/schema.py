"""The schema of the JSON Lines as engines want it, so that a column that is null in all of a file still has its type.

All of them are made from the Article's JSON Schema; `newscrawl.items.json_schema()` is that one itself. The engine is
imported when its function is called, and need not be there otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from newscrawl.items import json_schema

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Types(Generic[T]):
    """An engine's types: those of JSON's simple ones by name, and what makes lists, objects and maps of text."""

    simple: Mapping[str, T]
    list_of: Callable[[T], T]
    object_of: Callable[[Mapping[str, T]], T]
    map_of: Callable[[T], T]

    def columns(self) -> dict[str, T]:
        """The fields of a record in their order, with their types."""
        return {name: self._of(node) for name, node in json_schema()["properties"].items()}

    def _of(self, node: Mapping[str, Any]) -> T:
        if "anyOf" in node:
            return self._of(next(each for each in node["anyOf"] if each["type"] != "null"))
        kind = next(each for each in _names(node["type"]) if each != "null")
        if kind == "array":
            return self.list_of(self._of(node["items"]))
        if kind != "object":
            return self.simple[kind]
        if "properties" in node:
            return self.object_of({name: self._of(each) for name, each in node["properties"].items()})
        return self.map_of(self._of(node["additionalProperties"]))


def pyarrow() -> pa.Schema:
    """For pyarrow.json, and for `datasets` by Features.from_arrow_schema; ImportError without pyarrow.

    Both read an object by the names of its members only: `provenance` has one for each field of the record.
    """
    import pyarrow as pa

    return pa.schema(list(arrow_types(lambda text: pa.struct([(name, text) for name in _field_names()])).items()))


def arrow_types(map_of: Callable[[pa.DataType], pa.DataType]) -> dict[str, pa.DataType]:
    """The fields and their Arrow types, maps being what `map_of` makes of the type of their values."""
    import pyarrow as pa

    return Types(
        {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()},
        list_of=pa.list_,
        object_of=lambda members: pa.struct(list(members.items())),
        map_of=map_of,
    ).columns()


def polars() -> pl.Schema:
    """For polars.scan_ndjson and read_ndjson; ImportError without polars.

    polars has no maps: `provenance` is a structure with a member for each field of the record.
    """
    import polars as pl

    types: Types[Any] = Types(
        {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean},
        list_of=pl.List,
        object_of=pl.Struct,
        map_of=lambda text: pl.Struct(dict.fromkeys(_field_names(), text)),
    )
    return pl.Schema(types.columns())


def duckdb() -> dict[str, str]:
    """For DuckDB's read_json, as `columns`: the dictionary in Python, and its str() in a statement."""
    return Types(
        {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"},
        list_of=lambda item: f"{item}[]",
        object_of=lambda members: "STRUCT({})".format(", ".join(f'"{name}" {kind}' for name, kind in members.items())),
        map_of=lambda text: f"MAP(VARCHAR, {text})",
    ).columns()


def _names(kind: str | list[str]) -> list[str]:
    return [kind] if isinstance(kind, str) else kind


def _field_names() -> list[str]:
    return list(json_schema()["properties"])
