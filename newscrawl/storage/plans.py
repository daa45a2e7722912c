"""When each source is to be crawled next, as last planned: the state's table `plans`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from newscrawl.storage.database import insert
from newscrawl.storage.schedule import seconds
from newscrawl.storage.schema import plans, sources
from newscrawl.storage.table import UrlTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a source is due (aware), the step from crawl to crawl, when the last ended (None: never), and how many in a
    row were not well. `held` says why it is not to be crawled until somebody resumes it; None: it is."""

    due: datetime
    step: timedelta
    ended: datetime | None = None
    failures: int = 0
    held: str | None = None


class PlanTable:
    """The plans of all sources. Every method may raise StorageError."""

    def __init__(self, state: UrlTable) -> None:
        self._state = state

    def get(self, source: str) -> Plan | None:
        """A source's plan; None when it was never planned."""
        return self._read(sources.c.name == source).get(source)

    def all(self) -> dict[str, Plan]:
        """Every source's plan by its name."""
        return self._read(sa.true())

    def put(self, source: str, plan: Plan) -> None:
        """Keep a plan; whether the source is held stays as it is, for that is somebody else's to say."""
        values = {
            "due": seconds(plan.due),
            "step": int(plan.step.total_seconds()),
            "ended": None if plan.ended is None else seconds(plan.ended),
            "failures": plan.failures,
        }
        self._change(source, values, values)

    def hold(self, source: str, why: str | None, *, now: datetime) -> None:
        """Hold a source, or with None let it go on; one that was never planned is due now."""
        new = {"due": seconds(now), "step": 0, "ended": None, "failures": 0, "held": why}
        self._change(source, new, {"held": why})

    def make_due(self, names: Iterable[str], *, now: datetime) -> None:
        """Have planned sources crawled as soon as somebody looks."""
        numbers = [self._state.given_number(name) for name in names]
        with self._state.changing() as connection:
            connection.execute(plans.update().where(plans.c.source_id.in_(numbers)).values(due=seconds(now)))

    def _read(self, which: sa.ColumnElement[bool]) -> dict[str, Plan]:
        query = sa.select(sources.c.name, plans).join(sources, sources.c.id == plans.c.source_id).where(which)
        with self._state.reading() as connection:
            rows = connection.execute(query).all()
        return {
            row.name: Plan(
                due=datetime.fromtimestamp(row.due, UTC),
                step=timedelta(seconds=row.step),
                ended=None if row.ended is None else datetime.fromtimestamp(row.ended, UTC),
                failures=row.failures,
                held=row.held,
            )
            for row in rows
        }

    def _change(self, source: str, new: Mapping[str, object], changed: Mapping[str, object]) -> None:
        key = {"source_id": self._state.given_number(source)}
        statement = insert(self._state.engine, plans).values(**key, **new)
        with self._state.changing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["source_id"], set_=changed))
