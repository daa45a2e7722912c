"""Serving the reader on this machine, and keeping its index up to date meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waitress.server import create_server

from newscrawl.browse.app import create_app
from newscrawl.browse.index import update
from newscrawl.storage import StorageError

logger = logging.getLogger(__name__)

# Seconds between two looks for new files.
_REFRESH = 60.0
_THREADS = 4
# A search is some hundred bytes; nothing of a body is read.
_MOST_HEADER, _MOST_BODY = 16_384, 1024


class Server:
    """A listening socket; run() serves until Ctrl-C or close()."""

    def __init__(self, data_dir: Path, *, host: str, port: int, password: str | None = None) -> None:
        """StorageError when the address cannot be had. `port` 0 takes any that is free."""
        self._data_dir = data_dir
        self._channels: dict[int, object] = {}
        app = create_app(data_dir, host=host, password=password)
        try:
            self._server = create_server(
                app,
                map=self._channels,
                host=host,
                port=port,
                threads=_THREADS,
                ident="newscrawl",
                max_request_header_size=_MOST_HEADER,
                max_request_body_size=_MOST_BODY,
            )
        except (OSError, ValueError) as error:
            raise StorageError(f"cannot listen on {host}, port {port}: {_why(error)}") from error
        self.port: int = self._server.effective_port
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self.port}/"

    def run(self) -> None:
        """Serves; returns on Ctrl-C."""
        try:
            with _refreshing(self._data_dir):
                self._server.run()
        finally:
            self._server.task_dispatcher.shutdown()
            self._server.close()

    def close(self) -> None:
        """Ends run() from another thread, within a second: its loop goes on while there are channels."""
        self._channels.clear()


def _why(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)


@contextmanager
def _refreshing(data_dir: Path) -> Iterator[None]:
    """New files are taken in while the server runs."""
    stop = threading.Event()

    def refresh() -> None:
        while not stop.wait(_REFRESH):
            try:
                update(data_dir)
            except StorageError as error:
                logger.error("The index could not be brought up to date: %s", error)

    thread = threading.Thread(target=refresh, name="index", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
