"""sources.toml: publishers declared without a clone and without Python, one table each.

[almithal]
publisher = { name = "المثال", name_en = "The Example", country = "JO", timezone = "Asia/Amman" }
allowed_domains = ["almithal.jo"]
article_url = '/news/(?P<id>\\d+)'
feeds = ["https://www.almithal.jo/feed"]
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newscrawl.discovery.identity import normalise_url
from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.setting_values import SettingError
from newscrawl.spiders.news import NewsSpider

FILE = "sources.toml"
MAX_BYTES, MAX_SOURCES, _MOST = 5 << 20, 5000, 500
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,79}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?", re.IGNORECASE)


class SourcesError(SettingError):
    """A sources file that cannot be used; str() names file, table and key in one sentence."""


def read_sources(path: Path) -> dict[str, type[NewsSpider]]:
    """The spiders that a file declares, by slug; none where there is no file. SourcesError for what cannot be used."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SourcesError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    if len(body) > MAX_BYTES:
        raise SourcesError(f"{path}: it is larger than {MAX_BYTES >> 20} MiB")
    import tomllib

    try:
        tables = tomllib.loads(body.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path} is no TOML: {error}") from None
    if len(tables) > MAX_SOURCES:
        raise SourcesError(f"{path} declares more than {MAX_SOURCES} sources")
    return {slug: _spider(path, slug, table) for slug, table in tables.items()}


def _spider(path: Path, slug: str, table: Any) -> type[NewsSpider]:
    if not isinstance(table, dict):
        raise SourcesError(f"{path}: {slug} is no table: write [{slug}]")
    if not _SLUG.fullmatch(slug):
        raise SourcesError(f"{path} [{slug}]: a source's name is of a-z, 0-9 and _, and begins with a letter")
    attributes: dict[str, Any] = {}
    for key, value in table.items():
        read = _READ.get(key)
        if read is None:
            near = difflib.get_close_matches(key, _READ, 1)
            hint = f"; did you mean {near[0]}?" if near else f": the keys are {', '.join(_READ)}"
            raise SourcesError(f"{path} [{slug}] {key}: there is no such key{hint}")
        try:
            attributes[key] = read(value)
        except (ValueError, TypeError, KeyError) as error:
            raise SourcesError(f"{path} [{slug}] {key}: {error}") from None
    for key in ("publisher", "allowed_domains", "article_url"):
        if key not in attributes:
            raise SourcesError(f"{path} [{slug}] {key} is missing")
    name = "".join(part.title() for part in slug.split("_"))
    return type(name, (NewsSpider,), {**attributes, "name": slug, "__module__": __name__, "__doc__": f"From {path}."})


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no text")
    return value


def _texts(value: Any, each: Callable[[Any], str] = _text) -> list[str]:
    if not isinstance(value, list) or len(value) > _MOST:
        raise ValueError(f"{value!r} is no list of texts")
    return [each(one) for one in value]


def _address(value: Any) -> str:
    text = _text(value)
    try:
        normalise_url(text)
    except ValueError:
        raise ValueError(f"{text!r} is no http(s) address") from None
    return text


def _domain(value: Any) -> str:
    text = _text(value)
    if not _DOMAIN.fullmatch(text):
        raise ValueError(f"{text!r} is no domain: write example.org")
    return text.lower()


def _expression(value: Any) -> str:
    text = _text(value)
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"it is no regular expression ({error})") from None
    return text


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _day(value: Any) -> str:
    return date.fromisoformat(str(value)).isoformat()


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ValueError(f"{value!r} is no number of seconds")
    return float(value)


def _object(kind: type[Any], value: Any) -> Any:
    """A dataclass made of a table whose values are texts, numbers or lists of texts."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{value!r} is no table")
    known = {field.name: field for field in fields(kind)}
    for key, inner in value.items():
        if key not in known:
            raise ValueError(f"there is no {key!r}; it may have {', '.join(known)}")
        if isinstance(inner, list):
            _texts(inner)
        elif not isinstance(inner, str | int | date):
            raise ValueError(f"{key} = {inner!r} is no text and no list of texts")
    for name, field in known.items():
        if field.default is MISSING and field.default_factory is MISSING and name not in value:
            raise ValueError(f"{name} is missing")
    return kind(**value)


def _publisher(value: Any) -> Publisher:
    made: Publisher = _object(Publisher, value)
    if not _COUNTRY.fullmatch(made.country):
        raise ValueError(f"country {made.country!r} is no ISO 3166 code: write JO")
    try:
        ZoneInfo(made.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"timezone {made.timezone!r} is no IANA zone: write Asia/Amman") from None
    return made


def _rules(value: Any) -> list[Rules]:
    if not isinstance(value, list) or len(value) > _MOST:
        raise ValueError(f"{value!r} is no list of tables")
    return [_object(Rules, one) for one in value]


_READ: dict[str, Callable[[Any], Any]] = {
    "publisher": _publisher,
    "allowed_domains": lambda value: _texts(value, _domain),
    "article_url": _expression,
    "feeds": lambda value: _texts(value, _address),
    "sitemaps": lambda value: _texts(value, _address),
    "sections": lambda value: _texts(value, _address),
    "home": _address,
    "listing": lambda value: _object(Listing, value),
    "archives": _texts,
    "rules": _rules,
    "verified": _day,
    "false_utc": _truth,
    "month_first": _truth,
    "own_names": lambda value: frozenset(_texts(value)),
    "feed_seen": _day,
    "obstacles": _text,
    "every": _seconds,
    "formerly": _texts,
    "hours": _text,
    "verify_certificates": _truth,
    "zone_is_known": _truth,
}


def as_toml(slug: str, attributes: Mapping[str, Any]) -> str:
    """A table of sources.toml. Values are texts, truths, lists of texts and tables of texts."""
    lines = [f"[{slug}]"]
    for key, value in attributes.items():
        if isinstance(value, dict):
            inner = ", ".join(f"{name} = {_quoted(text)}" for name, text in value.items())
            lines.append(f"{key} = {{ {inner} }}")
        elif isinstance(value, list):
            lines.append(
                f"{key} = [" + "".join(f"\n    {_quoted(text)}," for text in value) + ("\n]" if value else "]")
            )
        else:
            lines.append(f"{key} = {str(value).lower() if isinstance(value, bool) else _quoted(value)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # An expression is easier to read without doubled backslashes.
    if "'" not in text and "\n" not in text and text.isprintable():
        return f"'{text}'" if "\\" in text else f'"{text}"' if '"' not in text else f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


def save_source(path: Path, table: str) -> None:
    """Put a table behind what a file holds, in one step. OSError when it cannot be written."""
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(f"{before.rstrip()}\n\n{table}".lstrip(), encoding="utf-8")
    partial.replace(path)
