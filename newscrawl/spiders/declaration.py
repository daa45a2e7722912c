"""A publisher's file, written: what is known of a site as the Python of a NewsSpider."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from newscrawl.extraction.rules import Rules
from newscrawl.items import json_schema

# Longer lines are broken, as the repository's are.
_LONGEST_LINE = 120
_LISTS = ("allowed_domains", "feeds", "sitemaps", "sections", "formerly")
# What no page determines, and so nobody can read on it.
_NOT_OF_THE_PAGE = {
    "version", "first_seen_at", "content_hash", "duplicate_of", "cluster_id", "similarity", "provenance", "archive",
    "extractor", "markdown",
}  # fmt: skip
_OPTIONAL = ("sitemaps", "sections", "formerly")


def as_python(slug: str, attributes: Mapping[str, Any], *, told: str, rules: Rules | None = None) -> str:
    """The file of a publisher whose slug is `slug`.

    `attributes` are those of NewsSpider: `publisher` (a mapping with name, name_en, country, timezone), `article_url`,
    `allowed_domains`, `feeds`, `sitemaps`, `sections`, `formerly`, `zone_is_known`; what is
    missing is none or usual. `told` ends the docstring:
    "keyed by the number in the URL". Nobody has verified what is written.
    """
    publisher = attributes["publisher"]
    cls = "".join(part.title() for part in slug.split("_"))
    imports = ["from newscrawl.extraction.rules import Rules"] if rules is not None else []
    imports += [
        "from newscrawl.extraction.source import Publisher",
        "from newscrawl.spiders.news import NewsSpider",
    ]
    lines = [*imports, "", "", f"class {cls}(NewsSpider):"]
    lines += [f'    """{_plain(publisher["name"])}: {told}."""', ""]
    lines.append(f"    name = {quoted(slug)}")
    named = [quoted(publisher["name"]), quoted(publisher["name_en"])]
    named += [f"{key}={quoted(publisher[key])}" for key in ("country", "timezone")]
    lines += _call("publisher = Publisher", named, "    ")
    for name in ("allowed_domains",):
        lines += _list(name, attributes.get(name, []))
    lines += _expression("article_url", attributes["article_url"])
    for name in _LISTS[1:]:
        if attributes.get(name) or name not in _OPTIONAL:
            lines += _list(name, attributes.get(name, []))
    lines += _rules(rules)
    if not attributes.get("zone_is_known", True):
        lines.append("    zone_is_known = False")
    lines.append("    verified = None")
    return "\n".join(lines) + "\n"


def files_of(
    slug: str, text: str, publisher: Mapping[str, str], articles: Sequence[str], others: Sequence[str]
) -> dict[Path, str]:
    """What a publisher's files in a clone of newscrawl begin with: the package of its country, its own file (`text`),
    addresses for and against its `article_url`, and an expected record for a person to fill in.
    """
    country = publisher["country"]
    tests = Path("tests/sources", country.lower(), slug)
    return {
        Path("newscrawl/spiders", country.lower(), "__init__.py"): f'"""Publishers of {country}."""\n',
        Path("newscrawl/spiders", country.lower(), f"{slug}.py"): text,
        tests / "article.json": _skeleton(slug, publisher["name"], country),
        tests / "urls.json": _json({"articles": [[url] for url in articles], "others": [*others]}),
    }


def quoted(text: str) -> str:
    """A text as a literal in the quotes that need no backslash."""
    if not text.isprintable() or "\\" in text or ('"' in text and "'" in text):
        return ascii(text) if not text.isprintable() else repr(text)
    return f"'{text}'" if '"' in text else f'"{text}"'


def _plain(text: str) -> str:
    """A text as it can stand in a docstring."""
    return text.replace("\\", "/").replace('"', "'")


def _list(name: str, values: Sequence[str]) -> list[str]:
    line = f"    {name} = [{', '.join(map(quoted, values))}]"
    if len(line) <= _LONGEST_LINE:
        return [line]
    return [f"    {name} = [", *(f"        {quoted(value)}," for value in values), "    ]"]


def _expression(name: str, value: str) -> list[str]:
    literal = f'r"{value}"' if '"' not in value else repr(value)
    line = f"    {name} = {literal}"
    if len(line) <= _LONGEST_LINE:
        return [line]
    pieces = list(_pieces(value))
    literals = [repr(value)] if '"' in value else [f'r"{piece}"' for piece in pieces]
    return [f"    {name} = (", *(f"        {literal}" for literal in literals), "    )"]


def _pieces(expression: str) -> Iterator[str]:
    """A long expression in pieces that end before a slash where there is one."""
    size = _LONGEST_LINE - 20
    while len(expression) > size:
        at = expression.rfind("/", size // 2, size)
        at = at if at > 0 else size
        # A raw string cannot end with a backslash.
        while expression[at - 1] == "\\":
            at -= 1
        yield expression[:at]
        expression = expression[at:]
    yield expression


def _rules(rules: Rules | None) -> list[str]:
    if rules is None:
        return ["    rules = []"]
    written = []
    for field in fields(rules):
        value = getattr(rules, field.name)
        if value is None or value == () or value is False:
            continue
        if isinstance(value, tuple | list):
            shown = f"[{', '.join(quoted(str(one)) for one in value)}]"
        else:
            shown = repr(value) if isinstance(value, bool) else quoted(str(value))
        written.append(f"{field.name}={shown}")
    line = f"    rules = [Rules({', '.join(written)})]"
    return [line] if len(line) <= _LONGEST_LINE else ["    rules = [", *_call("Rules", written, " " * 8), "    ]"]


def _call(name: str, arguments: Sequence[str], indent: str) -> list[str]:
    """A call in one line, or in as few as its arguments fill."""
    line = f"{indent}{name}({', '.join(arguments)})"
    if len(line) <= _LONGEST_LINE:
        return [line]
    lines = [""]
    for argument in arguments:
        if lines[-1] and len(indent) + 6 + len(lines[-1]) + len(argument) > _LONGEST_LINE:
            lines.append("")
        lines[-1] += f"{' ' * bool(lines[-1])}{argument},"
    return [f"{indent}{name}(", *(f"{indent}    {line}" for line in lines), f"{indent})"]


def _skeleton(name: str, publisher: str, country: str) -> str:
    """An expected record in which nothing is expected yet; `reviewed` stays null until a person has read the page."""
    record: dict[str, Any] = {"reviewed": None}
    for field, schema in json_schema()["properties"].items():
        if field not in _NOT_OF_THE_PAGE:
            record[field] = [] if schema.get("type") == "array" else None
    record |= {"source": name, "publisher": publisher, "country": country, "optional": [], "must_not": []}
    return _json(record)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
