"""The queue of crawls: Procrastinate's tables in a schema of their own, on the PostgreSQL that holds the state.

Each source has a queue, so a worker takes the jobs of the sources that it knows and no others. Its lock lets one job of
a source run at a time, its queueing lock lets one wait.
"""

from __future__ import annotations

from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from procrastinate import App, PsycopgConnector
from procrastinate.schema import SchemaManager
from scrapy.settings import BaseSettings

from newscrawl.storage.database import KEEPALIVES, shown
from newscrawl.storage.errors import StorageError, UnreachableError
from newscrawl.storage.locations import state_url

SCHEMA = "newscrawl_jobs"
CRAWL, OPS, ALERTS = "crawl", "ops", "alerts"
# PostgreSQL tells of new jobs on a channel named by Procrastinate's 23 letters and the queue; names end at 63 bytes.
_LONGEST = 40
_CONNECT_SECONDS = 5
_POOL_SECONDS = 10.0  # until a server that does not answer is called gone
_LOCK = 6114  # newscrawl's own space of advisory locks
_ENGINE = "procrastinate"
# What newscrawl keeps beside the engine's tables: its log of crawls, who is at work, the summaries of the runs of all
# machines, and what was told of them.
_OWN_TABLES = """
CREATE TABLE IF NOT EXISTS newscrawl_workers (
    name text PRIMARY KEY, host text NOT NULL, pid integer NOT NULL, slots integer NOT NULL,
    began timestamptz NOT NULL, seen timestamptz NOT NULL, data_dir text NOT NULL
);
CREATE TABLE IF NOT EXISTS newscrawl_crawls (
    id bigserial PRIMARY KEY, job_id bigint NOT NULL, source text NOT NULL, worker text NOT NULL,
    began timestamptz NOT NULL DEFAULT now(), ended timestamptz,
    pages bigint NOT NULL DEFAULT 0, stored bigint NOT NULL DEFAULT 0, code integer, sentence text
);
CREATE INDEX IF NOT EXISTS newscrawl_crawls_source ON newscrawl_crawls (source, id DESC);
CREATE INDEX IF NOT EXISTS newscrawl_crawls_open ON newscrawl_crawls (job_id) WHERE ended IS NULL;
CREATE TABLE IF NOT EXISTS newscrawl_runs (
    source text NOT NULL, run text NOT NULL, began timestamptz NOT NULL, stored integer NOT NULL,
    was_fruitless boolean NOT NULL, summary json NOT NULL, PRIMARY KEY (source, run)
);
CREATE TABLE IF NOT EXISTS newscrawl_alerts (only_one boolean PRIMARY KEY CHECK (only_one), told bytea NOT NULL);
"""


class SettingsError(StorageError):
    """The settings name no PostgreSQL; str() is one sentence."""


def cluster_url(settings: BaseSettings) -> str:
    """The queue's database as libpq takes it: CLUSTER_URL, else STATE_URL. SettingsError unless both are
    PostgreSQL."""
    if not str(settings.get("STATE_URL") or "").startswith("postgresql"):
        raise SettingsError(
            f"machines share a state in PostgreSQL, and STATE_URL is {shown(state_url(settings))}; "
            "set it to postgresql://..."
        )
    url = settings.get("CLUSTER_URL") or settings["STATE_URL"]
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise SettingsError("CLUSTER_URL is not a database URL such as postgresql://news@db/news") from error
    if parsed.get_backend_name() != "postgresql":
        raise SettingsError(f"CLUSTER_URL {shown(url)} is no PostgreSQL")
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)


def queue_of(source: str) -> str:
    """The name of a source's queue."""
    name = f"{CRAWL}:{source}"
    if len(name) <= _LONGEST:
        return name
    digest = blake2b(source.encode(), digest_size=8).hexdigest()
    return f"{name[: _LONGEST - len(digest) - 1]}-{digest}"


def new_app(url: str, *, most_connections: int = 4) -> App:
    """Procrastinate on the queue's database, not yet opened."""
    connector = PsycopgConnector(
        conninfo=url,
        kwargs=KEEPALIVES,
        min_size=1,
        max_size=most_connections,
        timeout=_POOL_SECONDS,
        # Longer, the pool would wait longer and longer between two tries.
        reconnect_timeout=_POOL_SECONDS,
        configure=_use_schema,
    )
    return App(connector=connector)


def is_gone(error: BaseException) -> bool:
    """Whether an error of the queue or the state says that the server is not there now."""
    return isinstance(error, UnreachableError) or isinstance(
        error.__cause__, psycopg.OperationalError | psycopg.InterfaceError
    )


async def _use_schema(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute(f"SET search_path TO {SCHEMA}")
    await connection.commit()


def connect(url: str) -> psycopg.Connection[dict[str, Any]]:
    """A connection for a look at the queue; StorageError when the server cannot be reached."""
    try:
        connection = psycopg.connect(
            url, autocommit=True, connect_timeout=_CONNECT_SECONDS, row_factory=psycopg.rows.dict_row
        )
        connection.execute(f"SET search_path TO {SCHEMA}")
    except psycopg.Error as error:
        cause = str(error).strip().splitlines()[0]
        raise StorageError(f"cannot reach the queue {shown(url)}: {cause}") from error
    return connection


def check_schema(url: str) -> None:
    """StorageError when the queue has not been made, or by another release of Procrastinate."""
    with connect(url) as connection:
        found = _made_by(connection)
    here = version(_ENGINE)
    if found is None:
        raise StorageError(f"there is no queue in {shown(url)}: run newscrawl cluster init first")
    if _numbers(found) > _numbers(here):
        raise StorageError(f"the queue {shown(url)} is of Procrastinate {found}, and {here} is installed: update it")
    if _steps(found):
        raise StorageError(f"the queue {shown(url)} is of Procrastinate {found}: run newscrawl cluster init")


def make_schema(url: str) -> str:
    """Make the queue where there is none, bring it up to date where there is; what was done, in a word."""
    with connect(url) as connection:
        # Two machines may be set up at once.
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        found, here = _made_by(connection), version(_ENGINE)
        if found is None:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.execute(SchemaManager.get_schema())
            done = "made"
        elif _numbers(found) > _numbers(here):
            raise StorageError(f"the queue {shown(url)} is of Procrastinate {found}, and {here} is installed")
        else:
            steps = _steps(found)
            for step in steps:
                connection.execute(step.read_bytes())
            done = "brought up to date" if steps else "up to date"
        connection.execute(_OWN_TABLES)
        connection.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{_ENGINE} {here}'".encode())
    return done


def _made_by(connection: psycopg.Connection[dict[str, Any]]) -> str | None:
    """The release of Procrastinate whose tables are there; the schema's comment says it."""
    row = connection.execute(
        "SELECT to_regclass('procrastinate_jobs') AS jobs, "
        "obj_description(to_regnamespace(%s), 'pg_namespace') AS made",
        (SCHEMA,),
    ).fetchone()
    if row is None or row["jobs"] is None:
        return None
    return str(row["made"] or "").removeprefix(f"{_ENGINE} ") or "0"


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".")[:3] if part.isdecimal())


def _steps(release: str) -> list[Path]:
    """Procrastinate's migrations that came after a release: 03.04.00_01_pre_....sql belongs to 3.4.0."""
    paths = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [path for path in paths if _numbers(path.name.partition("_")[0]) > _numbers(release)]
