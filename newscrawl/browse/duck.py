"""A search as a DuckDB statement over the stored files, for whoever goes on in a notebook.

DuckDB knows neither folding nor proclitics: the statement says both, as a macro and as the words themselves. Its
folding is that of stored text, which is cleaned already; of other text, compatibility forms (NFKC) are not undone.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from newscrawl import schema
from newscrawl.arabic import fold
from newscrawl.arabic.folding import DROPPED, HONORIFICS, REPLACED
from newscrawl.arabic.search import Term
from newscrawl.browse.search import ORIGINAL, REPRINT, Search
from newscrawl.storage.jsonl import ARTICLES, SUFFIX

_MACRO = """CREATE OR REPLACE MACRO folded(text) AS trim(regexp_replace(lower(translate(
    regexp_replace(coalesce(text, ''), '[{dropped}]', '', 'g'), '{letters}', '{bases}')),
    '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'));"""
_STATEMENT = """SELECT *
FROM (
    FROM read_json({files}, format = 'newline_delimited', hive_partitioning = false, columns = {{
        {columns}}})
    QUALIFY row_number() OVER (PARTITION BY source, id ORDER BY version DESC) = 1
)
WHERE {conditions}
ORDER BY coalesce(published_at, first_seen_at, fetched_at) DESC;"""


def statement(search: Search, data_dir: Path) -> str:
    """What finds the same articles: a macro where there are words to fold, and a query."""
    conditions = [_has(term) for term in search.query.terms]
    conditions += [f"{name} IN ({', '.join(map(_text, values))})" for name, values in _named(search) if values]
    if search.agency:
        conditions.append(f"list_contains(agencies, {_text(search.agency)})")
    if search.author:
        conditions.append(f"list_contains([folded(a) FOR a IN authors], {_text(fold(search.author))})")
    day = "left(coalesce(published_at, first_seen_at, fetched_at), 10)"
    conditions += [
        f"{day} {sign} {_text(str(bound))}" for sign, bound in ((">=", search.since), ("<=", search.until)) if bound
    ]
    said = {ORIGINAL: "duplicate_of IS NULL", REPRINT: "duplicate_of IS NOT NULL"}
    conditions += [said[search.copies]] if search.copies else []
    conditions += ["version > 1"] if search.corrected else []
    conditions += ["paywalled"] if search.walled else []
    conditions += ["len(restrictions) > 0"] if search.reserved else []
    conditions += [_is_missing(search.missing)] if search.missing else []
    query = _STATEMENT.format(
        files=_files(data_dir),
        columns=",\n        ".join(f"{name}: {_text(kind)}" for name, kind in schema.duckdb().items()),
        conditions="\n  AND ".join(conditions) or "true",
    )
    return f"{_macro()}\n\n{query}" if "folded(" in query else query


def _named(search: Search) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("source", search.source), ("country", search.country), ("section", search.section)


def _macro() -> str:
    letters, bases = zip(*REPLACED, strict=True)
    return _MACRO.format(dropped=DROPPED + HONORIFICS, letters="".join(letters), bases="".join(bases))


def _has(term: Term) -> str:
    """The headline, or the standfirst with the body, has one of the phrases; a line break keeps the two apart."""
    words = "|".join(" ".join(phrase) for phrase in term.phrases)
    parts = r"concat(' ', folded(title), E' \n ', folded(concat_ws(E'\n', subtitle, body)), ' ')"
    return f"{'NOT ' if term.negated else ''}regexp_matches({parts}, ' ({words}) ')"


def _is_missing(name: str) -> str:
    return f"len({name}) = 0" if schema.duckdb()[name].endswith("[]") else f"coalesce({name}, '') = ''"


def _files(data_dir: Path) -> str:
    """Compressed files too, where there are any: DuckDB refuses a pattern that nothing matches."""
    root = data_dir / ARTICLES
    patterns = [f"*{SUFFIX}", f"*{SUFFIX}.zst"]
    found = [_text(str(root / "**" / each)) for each in patterns if next(root.rglob(each), None)]
    return f"[{', '.join(found)}]" if len(found) > 1 else (found or [_text(str(root / "**" / patterns[0]))])[0]


def _text(value: str | date) -> str:
    return "'" + str(value).replace("'", "''") + "'"
