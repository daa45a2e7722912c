"""The record that analysts get: one Article is one line of JSON Lines.

The order of the fields is the order of the keys in the files. Absent values are null or []; every value that
came from a page has been cleaned, dated and checked before it gets here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, Self


@dataclass(slots=True, kw_only=True)
class Image:
    """A picture of the story; the caption without its credit, the credit as a canonical name ("AFP")."""

    url: str | None = None
    caption: str | None = None
    credit: str | None = None


@dataclass(slots=True, kw_only=True)
class ArchiveRef:
    """Where the raw response lies: a WARC file and the byte offset of the response record's gzip member."""

    file: str
    offset: int


def _about(description: str, **extra: Any) -> Any:
    """A field's default and its entry in the JSON Schema."""
    default = extra.pop("default", None)
    metadata = {"description": description, **extra}
    if default is list or default is dict:
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


#: Version of the record: the first number rises with a field that goes or means something else, the second with a new
#: field (docs/stability.md).
RECORD_VERSION = "1.1"
#: Patterns of the fields that are moments: of those that may be a day alone, and of those that are always UTC.
INSTANT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{2}:\d{2}))?$"
INSTANT_UTC = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?\+00:00$"


class StoryLine(NamedTuple):
    """A line of a story as its page gives it, and whether it is one that the crawl found to recur."""

    text: str
    recurs: bool


class _Open:
    """Keeps what a stored record has and its class has no field for: a newer newscrawl or a subclass wrote it.

    `lines` are those of the page that the article was read from, where one of them recurs on the publisher's pages;
    never stored.
    """

    __slots__ = ("lines", "unknown")

    lines: tuple[StoryLine, ...]
    unknown: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Article(_Open):
    """One version of one story.

    A subclass that is a dataclass, too, adds fields of its own, which are stored with the others. `unknown` holds the
    keys of a stored record that are no fields, and is stored again with it.
    """

    id: str = field(
        metadata={
            "description": "hash of the URL identity: the same story page, always the same id",
            "pattern": "^[0-9a-f]{16}$",
        }
    )
    version: int = _about("1, then +1 each time the text or title really changed", default=1, minimum=1)
    source: str | None = _about("slug of the publisher: the spider's name")
    publisher: str | None = _about("the publisher's Arabic name")
    country: str | None = _about("ISO 3166-1 alpha-2", pattern="^[A-Z]{2}$")
    url: str = field(default="", metadata={"description": "as fetched, after redirects", "minLength": 1})
    canonical_url: str | None = _about("as the page claims, only when on the source's own domains")
    language: str | None = _about("BCP 47, from the letters of the text")
    title: str | None = _about("headline")
    subtitle: str | None = _about("standfirst, shown apart from the body")
    body: str | None = _about('paragraphs joined by "\\n"; nothing that is not the story')
    authors: list[str] = _about("persons, without academic titles", default=list)
    agencies: list[str] = _about('canonical agency names ("AFP")', default=list)
    dateline: str | None = _about("city of the dateline")
    section: str | None = _about("as the site shows it")
    tags: list[str] = _about("as the site shows them", default=list)
    images: list[Image] = _about("lead image first", default=list)
    published_at: str | None = _about(
        "ISO 8601 with offset; the date alone when only the day is known", pattern=INSTANT
    )
    modified_at: str | None = _about("ISO 8601 with offset; the date alone when only the day is known", pattern=INSTANT)
    published_raw: str | None = _about("the string that published_at was read from")
    first_seen_at: str | None = _about("ISO 8601 UTC", pattern=INSTANT_UTC)
    fetched_at: str | None = _about("ISO 8601 UTC", pattern=INSTANT_UTC)
    word_count: int = _about("words of the body", default=0, minimum=0)
    content_hash: str | None = _about("hash of the folded title and body", pattern="^[0-9a-f]{32}$")
    duplicate_of: str | None = _about("id of the nearest earlier story within the window", pattern="^[0-9a-f]{16}$")
    cluster_id: str | None = _about("id of the earliest story of the group", pattern="^[0-9a-f]{16}$")
    similarity: float | None = _about("Jaccard of word 3-shingles with duplicate_of", minimum=0, maximum=1)
    paywalled: bool | None = _about("isAccessibleForFree and visible markers; null when the page does not say")
    provenance: dict[str, str] = _about("field: the layer that answered", default=dict)
    archive: ArchiveRef | None = _about("where the raw response lies, when archived")
    restrictions: list[str] = _about(
        'what the publisher reserves: "noarchive", "robots-ai", "ai-train=no", "tdm-reservation"', default=list
    )
    extractor: str | None = _about("program and version that read the page")
    markdown: str | None = _about(
        "the story with its headings, lists, quotes, tables, links, pictures and embeds, when MARKDOWN is True"
    )

    def __post_init__(self) -> None:
        self.lines, self.unknown = (), {}  # type: ignore[misc]  # slots of the class above

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON values, keys in the order of the fields."""
        return asdict(self) | self.unknown

    def to_json(self) -> str:
        """The record as json_line writes it."""
        names, values = _reader(type(self))  # type: ignore[arg-type]
        record = dict(zip(names, values(self), strict=True))
        return json_line(record | self.unknown if self.unknown else record)

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Self:
        """The Article of a stored record; TypeError where it has no id, or a value of the wrong kind."""
        unknown = record.keys() - _names(cls)  # type: ignore[arg-type]
        values = {name: value for name, value in record.items() if name not in unknown} if unknown else dict(record)
        values["images"] = [Image(**image) for image in values.get("images") or []]
        if values.get("archive"):
            values["archive"] = ArchiveRef(**values["archive"])
        article = cls(**values)
        if unknown:
            article.unknown.update((name, record[name]) for name in record if name in unknown)
        return article


@cache
def _names(kind: type[Article]) -> frozenset[str]:
    return frozenset(each.name for each in fields(kind))


@cache
def _reader(kind: type[Article]) -> tuple[tuple[str, ...], Callable[[Article], tuple[Any, ...]]]:
    """The names of a class's fields, and what reads them all.

    Images and the like go to the encoder as they are: a copy of the whole record costs more than its line.
    """
    names = tuple(each.name for each in fields(kind))
    return names, attrgetter(*names)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=asdict).encode


def json_line(record: dict[str, Any]) -> str:
    """One line of JSON, Arabic unescaped, without the newline; U+0085, U+2028 and U+2029 escaped for line readers."""
    line = _encode(record)
    return line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


_JSON_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}


def _type_schema(annotation: str) -> dict[str, Any]:
    if annotation.endswith(" | None"):
        inner = _type_schema(annotation.removesuffix(" | None"))
        if "type" in inner and isinstance(inner["type"], str):
            return {**inner, "type": [inner["type"], "null"]}
        return {"anyOf": [inner, {"type": "null"}]}
    if annotation.startswith("list["):
        return {"type": "array", "items": _type_schema(annotation[5:-1])}
    if annotation.startswith("dict["):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if annotation in _JSON_TYPES:
        return {"type": _JSON_TYPES[annotation]}
    return _object_schema({"Image": Image, "ArchiveRef": ArchiveRef}[annotation])


def _object_schema(record: type) -> dict[str, Any]:
    members = {f.name: {**_type_schema(str(f.type)), **f.metadata} for f in fields(record)}
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line of the corpus."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:newscrawl:article:{RECORD_VERSION}",
        "title": "newscrawl Article",
        **_object_schema(Article),
    }
