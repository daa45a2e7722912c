"""A row as the rest of newscrawl sees it, and as the database keeps it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.storage.rows import UrlRow, from_database, id_number, id_text, lasting_hint, to_database
from newscrawl.storage.schedule import seconds
from newscrawl.storage.schema import urls

_moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC))
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
_ids = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")


@given(_ids)
def test_an_id_is_the_64_bits_that_its_digits_spell(id_: str) -> None:
    number = id_number(id_)
    assert -(2**63) <= number < 2**63
    assert id_text(number) == id_


def test_the_ends_of_the_ids() -> None:
    known = {"0" * 16: 0, "7" + "f" * 15: 2**63 - 1, "8" + "0" * 15: -(2**63), "f" * 16: -1}
    assert {id_: id_number(id_) for id_ in known} == known


@given(
    id_=_ids,
    url=_texts,
    identity=_texts,
    moments=st.tuples(_moments, *[st.none() | _moments] * 3),
    content_hash=st.none() | st.binary(min_size=16, max_size=16).map(bytes.hex),
    alias_of=st.none() | _ids,
    hint=st.none() | st.dictionaries(_texts, _texts, max_size=2),
    others=st.fixed_dictionaries(
        {"attempts": st.integers(0, 9), "version": st.integers(0, 99), "headline": st.none() | _texts}
    ),
)
def test_a_row_comes_back_as_it_went(
    id_: str,
    url: str,
    identity: str,
    moments: tuple[Any, ...],
    content_hash: str | None,
    alias_of: str | None,
    hint: dict[str, str] | None,
    others: dict[str, Any],
) -> None:
    first_seen, fetched, next_visit, published = moments
    row = UrlRow(
        "paper",
        id_,
        url,
        # Kept as null where it is the URL.
        identity or url,
        "done",
        first_seen,
        fetched,
        next_visit,
        published,
        etag='"e"',
        last_modified="Sun",
        content_hash=content_hash,
        file="articles/x.jsonl",
        reason="http-500",
        alias_of=alias_of,
        hint=hint,
        **others,
    )
    kept = to_database(row, 7, 8)
    assert from_database([*kept, "articles/x.jsonl"], "paper") == row
    columns = dict(zip(urls.c.keys(), kept, strict=True))
    assert (columns["source_id"], columns["file_id"]) == (7, 8)
    # What due URLs are ordered by.
    assert columns["newest"] == seconds(published or first_seen)


@pytest.mark.parametrize(
    ("provenance", "kept"),
    [
        (
            {"title": "feed", "published_at": "feed", "body": "feed"},
            {"title": "خبر", "published": "2026", "told": True},
        ),
        ({"title": "feed", "published_at": "json-ld", "body": "generic"}, {"title": "خبر"}),
        ({"title": "rule:2026-08"}, None),
        ({}, None),
    ],
)
def test_only_what_a_listing_alone_said_is_kept(provenance: dict[str, str], kept: dict[str, Any] | None) -> None:
    assert lasting_hint("خبر", "2026", provenance) == kept
