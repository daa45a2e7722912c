"""What is kept of sites that no file declares: the rule that makes their ids, for ever, and what discovery found.

The rule stands in the state and, because the state can be lost, in the data directory as `sites/<source>.json`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from newscrawl.storage.append import write_whole
from newscrawl.storage.database import guarded, insert, writing
from newscrawl.storage.errors import StorageError
from newscrawl.storage.index import index_record
from newscrawl.storage.jsonl import logical_name, read_records, sealed_files
from newscrawl.storage.schedule import seconds
from newscrawl.storage.schema import discoveries, site_rules
from newscrawl.storage.state import State
from newscrawl.storage.table import UrlTable

SITES = "sites"
# What a home page offers is asked for again after so long.
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SiteRule:
    """What makes a site's ids: its slug, the domains that are its own, and the expression that finds its articles."""

    source: str
    article_url: str
    domains: list[str] = field(default_factory=list)
    home: str = ""

    @classmethod
    def of(cls, text: str) -> SiteRule:
        """The rule that a JSON object spells. ValueError for anything else."""
        data = json.loads(text)
        try:
            return cls(str(data["source"]), str(data["article_url"]), [*map(str, data["domains"])], str(data["home"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"no rule of a site: {error}") from error

    def to_json(self) -> str:
        """The rule as a JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def take_over(state: State, data_dir: Path, source: str, former: str) -> None:
    """Make the state know what a source stored under a former name; once, or again when the state was lost."""
    note = f"formerly {former} {source}"
    files = sealed_files(data_dir, former)
    if state.note(note) == str(len(files)):
        return
    for path in files:
        for record in read_records([path]):
            index_record(state, source, record, logical_name(path, data_dir))
    state.commit()
    state.set_note(note, str(len(files)))


class SiteRecords:
    """The rules and discoveries of one state and data directory. Every method may raise StorageError."""

    def __init__(self, state: UrlTable, data_dir: Path) -> None:
        self._state = state
        self._directory = data_dir / SITES

    def rule(self, source: str) -> SiteRule | None:
        """The frozen rule of a source; None when no article of it was stored."""
        number = self._state.source_number(source)
        text = None
        if number is not None:
            with guarded(self._state.name), self._state.engine.connect() as connection:
                text = connection.scalar(sa.select(site_rules.c.rule).where(site_rules.c.source_id == number))
        path = self._directory / f"{source}.json"
        try:
            text = text or path.read_text(encoding="utf-8")
            return SiteRule.of(text)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError.of(error, path, "read") from error
        except ValueError as error:
            raise StorageError(f"{path} holds no rule of a site ({error}); without it its ids would change") from error

    def freeze(self, rule: SiteRule) -> None:
        """Keep a rule in both places; one that is kept in either of them is never changed, and goes into the other."""
        rule = self.rule(rule.source) or rule
        path = self._directory / f"{rule.source}.json"
        if not path.exists():
            write_whole(path, rule.to_json().encode() + b"\n")
        number = self._state.given_number(rule.source)
        values = {"source_id": number, "rule": rule.to_json(), "frozen": seconds(datetime.now(UTC))}
        statement = insert(self._state.engine, site_rules).values(values).on_conflict_do_nothing()
        with guarded(self._state.name), writing(self._state.engine) as connection:
            connection.execute(statement)

    def discovery(self, home: str, now: datetime) -> dict[str, Any] | None:
        """What was found at a home page's address in the last 30 days."""
        query = sa.select(discoveries.c.found, discoveries.c.asked).where(discoveries.c.home == home)
        with guarded(self._state.name), self._state.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.asked < seconds(now - REMEMBERED):
            return None
        found: dict[str, Any] = json.loads(row.found)
        return found

    def remember(self, home: str, found: dict[str, Any], now: datetime) -> None:
        """Keep what was found at a home page's address."""
        values = {"found": json.dumps(found, ensure_ascii=False), "asked": seconds(now)}
        statement = insert(self._state.engine, discoveries).values(home=home, **values)
        with guarded(self._state.name), writing(self._state.engine) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["home"], set_=values))
