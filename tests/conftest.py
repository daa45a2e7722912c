"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

from postgres_server import NotInstalledError, PostgresServer

# How long an example takes says nothing where other processes want the machine; what examples share is a test's choice.
UNASKED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("newscrawl", deadline=None, suppress_health_check=UNASKED)
settings.load_profile("newscrawl")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real server on loopback; the test is skipped where none is installed."""
    try:
        server = PostgresServer()
    except NotInstalledError as error:
        pytest.skip(str(error))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty state, once in SQLite and once in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'state.sqlite'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database()
