"""The fault server on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from tests.faults.certificates import make_contexts
from tests.faults.server import DOMAIN, FaultServer
from tests.patience import PATIENCE


class RunningServer:
    """Serves from entering to leaving; certificates are made in `directory`."""

    def __init__(self, directory: Path) -> None:
        contexts, self.root_certificate = make_contexts(directory, DOMAIN)
        self.server = FaultServer(contexts)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> RunningServer:
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self.server.start(), self.loop).result(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.server.stop(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()

    @property
    def ports(self) -> dict[str, int]:
        server = self.server
        return {
            "plain": server.port,
            "closed": server.closed_port,
            "tls": server.tls_port,
            "tls-to-plain": server.rude_port,
            "tls-to-silent": server.silent_port,
        }
