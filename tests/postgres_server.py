"""A throwaway PostgreSQL server on loopback for the tests, from Debian's `postgresql` package.

python -m tests.postgres_server    # starts one, prints its URL, stops on Ctrl-C
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.patience import PATIENCE


class NotInstalledError(Exception):
    """There is no PostgreSQL server here."""


class PostgresServer:
    """Runs from start() to stop(), in a directory of its own, as a user that is not root."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        initdb = str(found[-1]) if found else shutil.which("initdb")
        if initdb is None:
            raise NotInstalledError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        self._bin = Path(initdb).parent
        # PostgreSQL refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = next((name for name in ("postgres", "nobody") if _exists(name)), None)
            if user is None:
                raise NotInstalledError("PostgreSQL needs a user other than root")
            self._as = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}

    def start(self) -> None:
        """A new cluster that trusts loopback; no fsync, for what is in it is lost at the end anyway."""
        self._directory = Path(tempfile.mkdtemp(prefix="newscrawl-postgres-"))
        if self._as:
            shutil.chown(self._directory, self._as["user"])
        data = self._directory / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        init = [
            self._bin / "initdb",
            "-D",
            data,
            "-U",
            "tester",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ]
        subprocess.run(init, check=True, capture_output=True, cwd=self._directory, **self._as)
        self._data = data
        self.resume()

    def resume(self) -> None:
        """Runs it, also after halt(), on the port that it had."""
        options = {"listen_addresses": "127.0.0.1", "port": self._port, "unix_socket_directories": self._directory}
        options |= {"fsync": "off", "synchronous_commit": "off", "shared_buffers": "64MB", "max_connections": 200}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [self._bin / "postgres", "-D", self._data, *settings]
        self._process = subprocess.Popen(
            command, cwd=self._directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._as
        )
        ready = [self._bin / "pg_isready", "-q", "-t", "1", "-h", "127.0.0.1", "-p", str(self._port)]
        for _ in range(200):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            if self._process.poll() is not None:
                break
            signal.sigtimedwait([], 0.05)
        self.stop()
        raise RuntimeError("PostgreSQL did not start")

    def halt(self, number: int = signal.SIGQUIT) -> None:
        """Stops it with all sessions and keeps what it holds: at once, as by a crash, or with SIGINT in order."""
        self._process.send_signal(number)
        self._process.wait(timeout=PATIENCE)

    @property
    def is_halted(self) -> bool:
        """Whether it was stopped and not resumed."""
        return self._process.poll() is not None

    def new_database(self) -> str:
        """The URL of a fresh, empty database."""
        name = f"t{uuid.uuid4().hex[:12]}"
        engine = sa.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self._url(name)

    def stop(self) -> None:
        """Ends the server and removes its files."""
        if self._process.poll() is None:
            self.halt(signal.SIGINT)
        shutil.rmtree(self._directory, ignore_errors=True)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://tester@127.0.0.1:{self._port}/{database}"


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


if __name__ == "__main__":
    server = PostgresServer()
    server.start()
    try:
        print(server.new_database(), flush=True)
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
