"""What of a stored record goes into the index: its day, its folded text, and one word for each thing to filter by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from newscrawl.arabic import fold
from newscrawl.arabic.search import searched
from newscrawl.browse.schema import DAY_BITS, MINUTE_BITS
from newscrawl.storage.rows import id_number

#: Fields that a filter and the tables of coverage ask about, in the order of the record.
FIELDS = (
    "subtitle", "authors", "agencies", "dateline", "section", "tags", "images", "published_at", "modified_at",
)  # fmt: skip
#: The kinds of names that have numbers: of a section, an agency and an author there are too many for words of ASCII.
SECTION, AGENCY, AUTHOR = "section", "agency", "author"

#: The number of a name of a kind.
Number = Callable[[str, str], int]


@dataclass(slots=True)
class Entry:
    """One record, ready for the index; `number` is the lowest that its row may have."""

    id: int
    source: str
    version: int
    number: int
    corrected_on: int | None
    title: str
    body: str
    record: dict[str, Any]

    @property
    def day(self) -> int:
        """The ordinal of its day."""
        return self.number >> DAY_BITS


def entry_of(record: dict[str, Any]) -> Entry | None:
    """The entry of a stored record; None when it has no id to be found by."""
    try:
        id_ = id_number(record["id"])
        version = int(record.get("version") or 1)
    except (KeyError, TypeError, ValueError):
        return None
    title, body = searched(record)
    return Entry(
        id=id_,
        source=str(record.get("source") or ""),
        version=version,
        number=_number(record),
        corrected_on=_ordinal(record.get("fetched_at")) if version > 1 else None,
        title=fold(title),
        body=fold(body),
        record=record,
    )


def shown_moment(record: dict[str, Any]) -> str:
    """When it was published, as its page says; else when it was first seen or fetched."""
    return next((value for name in ("published_at", "first_seen_at", "fetched_at") if (value := record.get(name))), "")


def instant_of(record: dict[str, Any]) -> datetime:
    """The shown moment as one that moments of other zones compare with; a day alone is its beginning in UTC."""
    try:
        moment = datetime.fromisoformat(shown_moment(record))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(record: dict[str, Any]) -> int:
    moment = shown_moment(record)
    clock = moment[11:16]
    minute = int(clock[:2]) * 60 + int(clock[3:]) if len(clock) == 5 and clock.replace(":", "").isdecimal() else 0
    return ((_ordinal(moment) or 0) << DAY_BITS) | (min(minute, 1439) << MINUTE_BITS)


def _ordinal(moment: Any) -> int | None:
    try:
        return date.fromisoformat(str(moment)[:10]).toordinal()
    except ValueError:
        return None


def is_filled(record: dict[str, Any], name: str) -> bool:
    """Whether a field says something."""
    return bool(record.get(name))


def meta_words(entry: Entry, number: Number) -> str:
    """The words to filter by; each begins with a letter for its kind (see query.py, which asks for them)."""
    record = entry.record
    words = ["all", f"s{number('source', entry.source)}"]
    if country := record.get("country"):
        words.append(f"c{country.lower()}")
    if section := record.get("section"):
        words.append(f"x{number(SECTION, section)}")
    words += [f"g{number(AGENCY, name)}" for name in record.get("agencies") or ()]
    words += [f"u{number(AUTHOR, fold(name))}" for name in record.get("authors") or ()]
    words.append("reprint" if record.get("duplicate_of") else "original")
    if entry.version > 1:
        words.append("corrected")
    if record.get("paywalled"):
        words.append("walled")
    if record.get("restrictions"):
        words.append("reserved")
    words += [f"no{name.replace('_', '')}" for name in FIELDS if not is_filled(record, name)]
    return " ".join(words)
