"""The columns of a typed export: the fields of the record, and beside the text of every moment what it says.

`published_at` stays the text that is stored; `published_at_utc` is its moment in UTC, null where only the day is known,
`published_at_day` its day in the page's own offset. `provenance` is a list of {field, layer}. `unknown` holds, as JSON,
the keys of a stored record that are no fields of the Article: those of a subclass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from newscrawl.items import INSTANT, INSTANT_UTC, Article, json_line, json_schema
from newscrawl.schema import arrow_types
from newscrawl.storage import StorageError

if TYPE_CHECKING:
    import pyarrow as pa

UNKNOWN = "unknown"
T = TypeVar("T")
_MOMENT, _DAY = "_utc", "_day"


@cache
def _moments() -> tuple[tuple[str, bool], ...]:
    """The fields that are moments, and whether they may be a day alone."""
    patterns = {name: node.get("pattern") for name, node in json_schema()["properties"].items()}
    return tuple((name, kind == INSTANT) for name, kind in patterns.items() if kind in (INSTANT, INSTANT_UTC))


@cache
def arrow_schema() -> pa.Schema:
    """The columns with their Arrow types; ImportError without pyarrow."""
    import pyarrow as pa

    types = arrow_types(lambda text: pa.list_(pa.struct([("field", text), ("layer", text)])))
    moment, day = pa.timestamp("us", tz="UTC"), pa.date32()
    return pa.schema(list(derived_columns(types, moment=moment, day=day, text=pa.string()).items()))


def derived_columns(types: Mapping[str, T], *, moment: T, day: T, text: T) -> dict[str, T]:
    """The columns with an engine's types: those of the record, and after each what is derived from it."""
    moments, found = dict(_moments()), {}
    for name, kind in types.items():
        found[name] = kind
        if name in moments:
            found[name + _MOMENT] = moment
        if moments.get(name):
            found[name + _DAY] = day
    return {**found, UNKNOWN: text}


def row(article: Article) -> dict[str, Any]:
    """An article's values by column, as Python's own types."""
    values = article.to_dict()
    more = {name: values.pop(name) for name in [*values] if name not in Article.__dataclass_fields__}
    for name, may_be_day in _moments():
        text = values[name]
        values[name + _MOMENT] = _moment(text)
        if may_be_day:
            values[name + _DAY] = _day(text)
    answered = values["provenance"] or {}
    values["provenance"] = [{"field": name, "layer": layer} for name, layer in answered.items()]
    values[UNKNOWN] = json_line(more) if more else None
    return values


def table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as a table; StorageError for a value of a kind that its column does not take."""
    import pyarrow as pa

    try:
        return pa.Table.from_pylist(rows, schema=schema)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise StorageError(f"{_culprit(rows, schema)}: a value is of the wrong kind: {error}") from error


def _culprit(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> str:
    import pyarrow as pa

    for each in rows:
        try:
            pa.Table.from_pylist([each], schema=schema)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            return f"article {each.get('id')} of {each.get('source')}"
    return "an article"


def _moment(text: str | None) -> datetime | None:
    """None, too, for a day alone, and for what is no moment of the calendar."""
    try:
        found = datetime.fromisoformat(text or "")
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
