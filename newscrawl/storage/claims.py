"""Which run may write a source, where machines share a PostgreSQL state: advisory locks of a session, which the server
takes back when the session ends, however that comes about."""

from __future__ import annotations

import time
from datetime import datetime

import sqlalchemy as sa

from newscrawl.storage.direct import Direct
from newscrawl.storage.errors import HELD, UNREACHABLE, HeldError, UnreachableError

_SPACE = 6113  # newscrawl's own among advisory locks
# A server that was started anew may give another session the number of an old one.
_session = "SELECT pg_backend_pid(), pg_postmaster_start_time()"
_held = f"""
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = {_SPACE} AND objid = hashtext(?)::oid
AND pid = ? AND pg_postmaster_start_time() = ?
"""  # noqa: S608
_WAITS = 20  # tenths of a second: the server takes a moment to notice that the run before was killed


class Claims:
    """Those of one session. SQLite serves one machine, where the lock of the data directory does it: nothing is done.

    Database errors leave as they are.
    """

    def __init__(self, session: sa.Connection, name: str) -> None:
        """`name` is that of the state, for messages."""
        self._session = session
        self._name = name
        self._is_shared = session.dialect.name == "postgresql"
        self._held: dict[str, tuple[int, datetime]] = {}

    def take(self, source: str) -> None:
        """Be the only run of a source among all machines; HeldError when another one is."""
        if not self._is_shared:
            return
        query = sa.select(sa.func.pg_try_advisory_lock(_SPACE, sa.func.hashtext(source)))
        for _ in range(_WAITS):
            if self._session.scalar(query):
                number, began = Direct(self._session).row(_session)
                self._held[source] = (number, began)
                return
            time.sleep(0.1)
        raise HeldError(f"{source} {HELD} that shares the state {self._name}")

    def release(self, source: str) -> None:
        """Let others have the source."""
        if self._held.pop(source, None):
            self._session.scalar(sa.select(sa.func.pg_advisory_unlock(_SPACE, sa.func.hashtext(source))))

    def check(self, connection: sa.Connection) -> None:
        """UnreachableError when the session was cut, in a transaction that is to write: another run may have begun by
        now, over whose rows none are to be put. What is stored in files is read in by the next run."""
        for source, session in self._held.items():
            if not Direct(connection).row(_held, (source, *session))[0]:
                raise UnreachableError(f"{UNREACHABLE} {self._name}: the connection that held {source} was cut")
